//! Opens the index that is asked, brought up to date.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{read_input, stored_paths};
use crate::cli::args::WordArgs;
use crate::cli::config::Config;
use crate::cli::error::say;
use crate::cli::progress::Bar;
use crate::engine::EngineError;
use crate::index::RefreshRequest;
use crate::query::Aliases;
use crate::search::{Coverage, Error, Index, Location, RefreshState};
use crate::source::FileError;

/// Opens the index, brought up to date; one is made where there is none.
pub(super) fn open(
    location: Location,
    config: &Config,
    current: &Path,
    paths: &[PathBuf],
    wants_refresh: bool,
) -> anyhow::Result<Index> {
    let ranking = config.settings.ranking();
    let (covered, walk) = (config.covered(&location.base), config.walk());
    if !wants_refresh {
        return Ok(open_as_it_is(location, current, paths)?.with_ranking(ranking));
    }
    let location = if location.exists() {
        location
    } else {
        new_location(location, current, paths)?
    };
    let mut index = Index::open_or_create(location)?
        .with_rules(config.rules.clone())
        .with_ranking(ranking);
    say_rebuild(&index);
    let mut add = stored_paths(index.location(), current, paths)?;
    add.retain(|path| !index.covers(path));
    if index.is_blank() && add.is_empty() {
        add = stored_paths(index.location(), current, &covered)?;
    }
    if add.is_empty() {
        covers_something(&index)?;
    }
    for path in &add {
        let name = if path.as_bytes().is_empty() {
            ".".into()
        } else {
            path.to_text()
        };
        say(&format!("indexing `{name}`"));
    }
    let request = RefreshRequest {
        is_brief: true,
        walk: walk.filter(|_| !add.is_empty()),
        add,
        ..RefreshRequest::default()
    };
    index.refresh(&request, &Bar::default())?;
    Ok(index)
}

/// The index, with the languages and aliases that the arguments say.
pub(super) fn with_words(index: Index, words: &WordArgs) -> anyhow::Result<Index> {
    let mut index = index;
    if let Some(languages) = words.languages() {
        index = index.with_languages(languages);
    }
    if let Some(file) = &words.aliases {
        let name = file.display().to_string();
        let bytes = read_input(file)?;
        let aliases = Aliases::read(&name, FileError::text_of(&name, &bytes)?)?;
        index = index.with_aliases(aliases);
    }
    Ok(index)
}

/// Says why the index is built anew, where it is.
pub(super) fn say_rebuild(index: &Index) {
    if let Some(rebuild) = index.rebuild() {
        say(&format!("{}; it is built anew", rebuild.cause));
        let lost = [
            (rebuild.unknown, "files that were named one by one"),
            (rebuild.texts, "texts from standard input"),
        ];
        for (count, what) in lost.into_iter().filter(|(count, _)| *count > 0) {
            say(&format!("{count} {what} are lost; index them again"));
        }
    }
}

/// An error where nothing tells what the index that is built anew is to cover.
pub(super) fn covers_something(index: &Index) -> anyhow::Result<()> {
    if index.rebuild().is_some_and(|rebuild| rebuild.is_lost) {
        bail!("what the index covered is lost; name it: `excerpt index PATH…`");
    }
    Ok(())
}

/// Says where the last state of the index answers, not one that was brought up to date.
pub(super) fn say_state(coverage: &Coverage) {
    match coverage.refresh {
        RefreshState::Busy => {
            say("another process is refreshing the index; this answers from its last state");
        }
        RefreshState::ReadOnly if coverage.stale != Some(0) => {
            say("the index cannot be written; this answers from its last state");
        }
        _ => {}
    }
}

fn open_as_it_is(location: Location, current: &Path, paths: &[PathBuf]) -> anyhow::Result<Index> {
    let index = Index::open(location)?;
    if index.is_blank() {
        let folder = index.location().folder.display().to_string();
        return Err(Error::Engine(EngineError::Missing(folder)).into());
    }
    for path in stored_paths(index.location(), current, paths)? {
        if !index.covers(&path) && !path.as_bytes().is_empty() {
            bail!("`{path}` is not in the index, and no look for files was wanted");
        }
    }
    Ok(index)
}

/// Where an index is made. Nobody wants one of a whole disk or home by a query alone.
fn new_location(location: Location, current: &Path, paths: &[PathBuf]) -> anyhow::Result<Location> {
    let is_home = |folder: &Path| std::env::home_dir().is_some_and(|home| home == folder);
    let is_much = |folder: &Path| folder.parent().is_none() || is_home(folder);
    let named: Vec<PathBuf> = paths.iter().map(|path| current.join(path)).collect();
    let covers_much = if named.is_empty() {
        is_much(current)
    } else {
        named.iter().any(|path| is_much(path))
    };
    if covers_much {
        bail!(
            "there is no index here, and this is the root or home folder; name a PATH, or make one with `excerpt index .`"
        );
    }
    Ok(location)
}
