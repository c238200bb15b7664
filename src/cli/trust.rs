//! What the environment says of whose indexes are trusted, and where this user's records of them lie.

use std::env;
use std::path::{Path, PathBuf};

use crate::search::IndexOptions;
use crate::source::trust::{Trusted, Users, owner};

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

/// Whether a configuration that was found may say something: it is the user's, root's, or of the owner of a trusted
/// folder.
pub(super) fn accepts_config(options: &IndexOptions, file: &Path) -> bool {
    let Ok(metadata) = std::fs::metadata(file) else {
        return true;
    };
    let is_trusted = || {
        let folder = file.parent().unwrap_or(file);
        let of_folder = std::fs::metadata(folder)
            .ok()
            .and_then(|folder| owner(&folder));
        options.trusted.covers(folder) && of_folder == owner(&metadata)
    };
    options.users.own(&metadata) || owner(&metadata) == Some(0) || is_trusted()
}
