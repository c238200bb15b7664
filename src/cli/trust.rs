//! What the environment says of whose indexes are trusted, and where this user's records of them lie.

use std::env;
use std::path::PathBuf;

use crate::search::IndexOptions;
use crate::source::trust::{Trusted, Users};

/// The name of our folder in the user's folder of states.
const STATE_FOLDER: &str = "excerpt";

/// For whom indexes are opened.
pub(super) fn index_options() -> IndexOptions {
    let caller = env::var("SUDO_UID").ok().and_then(|uid| uid.parse().ok());
    let trusted = env::var_os("EXCERPT_TRUST").unwrap_or_default();
    IndexOptions {
        state_dir: states().map(|folder| folder.join(STATE_FOLDER)),
        trusted: Trusted::read(&trusted),
        users: Users::of_process(caller),
        home: env::home_dir().filter(|home| home.is_absolute()),
        for_verdict: false,
    }
}

/// The folder of states.
///
/// Source: XDG Base Directory Specification 0.8, `XDG_STATE_HOME`, of which a relative one does not count.
fn states() -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    if cfg!(windows) {
        return env::var_os("LOCALAPPDATA")
            .map(PathBuf::from)
            .and_then(absolute);
    }
    let given = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    given.and_then(absolute).or_else(|| {
        let home = env::home_dir().and_then(absolute)?;
        Some(home.join(".local/state"))
    })
}
