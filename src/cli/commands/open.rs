//! Opens the index that is asked, brought up to date.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;

use super::paths::{Holds, check_paths, name_of, stored_paths, within};
use super::{Workspace, read_input};
use crate::cli::args::{FreshnessArgs, WordArgs};
use crate::cli::error::{say, shell};
use crate::cli::progress::Bar;
use crate::config::Config;
use crate::engine::{EngineError, Wait};
use crate::printer::counted;
use crate::query::Aliases;
use crate::refresh::{Kept, KeptCause, RefreshRequest};
use crate::search::{Access, Coverage, Error, Index, IndexOptions, Location, RefreshState};
use crate::source::trust::MAX_NAMED_BYTES;
use crate::source::{FileError, StoredPath};

/// What an index is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To answer, from the last state where it cannot be brought up to date.
    Answer,
    /// To say whether something holds, which no other than the present state can.
    Verdict,
}

/// Opens the index, brought up to date; one is made where there is none. Files and folders in `paths` that it does not
/// cover yet are indexed first.
pub(super) fn open(
    workspace: &Workspace,
    paths: &[PathBuf],
    freshness: &FreshnessArgs,
    purpose: Purpose,
) -> anyhow::Result<Index> {
    let (current, location) = workspace.locate()?;
    let config = workspace.read_config(&location)?;
    if let Some(file) = config
        .left_out
        .as_ref()
        .filter(|_| purpose == Purpose::Verdict)
    {
        bail!(
            "`{file}` belongs to another user; name it with --config, or leave it out with another --index"
        );
    }
    let options = IndexOptions {
        for_verdict: purpose == Purpose::Verdict && freshness.wants_refresh(),
        ..workspace.options.clone()
    };
    let ranking = config.settings.ranking();
    // On a cluster a query builds nothing, and looks at no files but those it shows.
    if !freshness.wants_refresh() || location.is_remote() {
        let index = match purpose {
            Purpose::Verdict => {
                open_settled(&options, &location, &wait(freshness.waiting.at_most()))?
            }
            Purpose::Answer => options.open(location)?,
        };
        return Ok(as_it_is(index, &current, paths)?.with_ranking(ranking));
    }
    check_paths(&location, &current, paths)?;
    if !location.exists() {
        check_new(&location, &current, paths)?;
    }
    let index = options.open_or_create(location)?;
    let mut index = index.with_rules(config.rules.clone()).with_ranking(ranking);
    say_rebuild(&index);
    refresh(&mut index, config, (&current, paths), freshness, purpose)?;
    if purpose == Purpose::Verdict {
        require_present(&index)?;
    }
    Ok(index)
}

/// Brings the index up to date, and adds what of `paths` it does not cover.
fn refresh(
    index: &mut Index,
    config: &Config,
    (current, paths): (&Path, &[PathBuf]),
    freshness: &FreshnessArgs,
    purpose: Purpose,
) -> anyhow::Result<()> {
    let base = index.location().base.clone();
    let mut add = stored_paths(index.location(), current, paths)?;
    for path in std::mem::take(&mut add) {
        let path = index.as_stored(path)?;
        if !index.covers(&path)? && path.below(&base).exists() {
            add.push(path);
        }
    }
    check_access(index, !add.is_empty())?;
    if index.access() != Access::Own {
        // What is covered and not held would be "no hit", though nobody looked.
        within(index, current, paths, Holds::Indexed)?;
    }
    if index.is_blank() && add.is_empty() {
        add = stored_paths(index.location(), current, &config.covered(&base))?;
    }
    if add.is_empty() {
        covers_something(index)?;
    }
    let folder = StoredPath::from_path(&index.location().folder);
    let folder = folder.seen_from(Path::new("/"), current);
    for path in &add {
        say(&format!("indexing `{}` into `{folder}`", name_of(path)));
    }
    let has_no_state = index.is_blank() || index.rebuild().is_some();
    let request = RefreshRequest {
        is_brief: true,
        add,
        exact: purpose == Purpose::Verdict,
        wait: match has_no_state || purpose == Purpose::Verdict {
            true => wait(freshness.waiting.at_most()),
            false => Wait::default(),
        },
        ..RefreshRequest::default()
    };
    index.refresh(&request, &Bar::default())?;
    say_kept(index);
    Ok(())
}

/// How often it is looked whether others are done.
const LOOKED_EVERY: Duration = Duration::from_millis(500);

/// Opens an index once no change of it is partly visible; an error where that takes too long.
fn open_settled(options: &IndexOptions, location: &Location, wait: &Wait) -> anyhow::Result<Index> {
    let began = Instant::now();
    let mut is_told = false;
    loop {
        let index = options.open(location.clone())?;
        if index.is_settled() {
            return Ok(index);
        }
        if began.elapsed() >= wait.at_most {
            bail!(
                "no verdict: a run of an owner is under way, or did not end (`excerpt status` names the owner, and its next `excerpt index` mends it)"
            );
        }
        if !is_told {
            is_told = true;
            wait.tell.iter().for_each(|tell| tell("a run of an owner"));
        }
        std::thread::sleep(LOOKED_EVERY);
    }
}

/// A wait that is told of.
pub(super) fn wait(at_most: Duration) -> Wait {
    let tell = |holder: &str| say(&format!("waiting: {holder} is refreshing the index"));
    Wait {
        at_most,
        tell: Some(Arc::new(tell)),
    }
}

/// Says where an index is only read; an error where something is to be added to it, or there is nothing in it.
fn check_access(index: &Index, adds: bool) -> anyhow::Result<()> {
    let why = match index.access() {
        Access::Own => return Ok(()),
        access => only_read(index, access),
    };
    if adds || index.is_blank() {
        bail!("{why}");
    }
    say(&why);
    Ok(())
}

/// Why an index is only read, and what to do about it.
pub(super) fn only_read(index: &Index, access: Access) -> String {
    let folder = index.location().folder.display();
    match access {
        Access::Own => String::new(),
        Access::OtherUser => format!(
            "the index in `{folder}` belongs to another user and is only read; `--index .excerpt` makes your own here, and EXCERPT_TRUST={} trusts it",
            shell(&folder.to_string())
        ),
        Access::Unrecorded => format!(
            "the index in `{folder}` says that it is of `{}`, and you have no record of that; it is only read until `excerpt index --index {} PATH` names what it may read (where the folder moved, remove the index and make it again)",
            index.location().base.display(),
            shell(&folder.to_string())
        ),
    }
}

/// An error where the answers do not rest on the files as they are.
fn require_present(index: &Index) -> anyhow::Result<()> {
    let coverage = index.coverage(&[])?;
    match coverage.refresh {
        RefreshState::Done | RefreshState::Off => Ok(()),
        RefreshState::ReadOnly if coverage.stale == Some(0) => Ok(()),
        RefreshState::Partial => bail!(
            "no verdict: not all that the index covers was looked at; --no-refresh takes the index as it is"
        ),
        RefreshState::ReadOnly => bail!(
            "no verdict: the index cannot be refreshed, and files changed or were not looked at; --no-refresh takes it as it is"
        ),
        RefreshState::Busy => {
            Err(Error::Engine(EngineError::Busy("another process".into())).into())
        }
    }
}

/// Says what was not looked at.
pub(super) fn say_kept(index: &Index) {
    let base = &index.location().base;
    for Kept { path, cause } in index.kept() {
        let name = name_of(path);
        say(&match cause {
            KeptCause::Missing => format!(
                "`{name}` is not there; what is indexed of it stays (`excerpt index --force` accepts that it is gone)"
            ),
            KeptCause::Empty { files: 1 } => format!(
                "`{name}` is empty; the file that is indexed of it stays (`excerpt index --force` accepts that it is gone)"
            ),
            KeptCause::Empty { files } => format!(
                "`{name}` is empty; the {files} files that are indexed of it stay (`excerpt index --force` accepts that they are gone)"
            ),
            KeptCause::Beyond => format!(
                "`{name}` leads out of `{}`, and you did not name it: it is not looked at, and what is indexed of it stays (`excerpt index --index {} {}` names it)",
                base.display(),
                shell(&index.location().folder.display().to_string()),
                shell(&path.below(base).display().to_string())
            ),
        });
    }
    if let Some(why) = index.unrecorded() {
        say(&format!(
            "what you named outside of the index's base holds for this run alone: {why}"
        ));
    }
}

/// The index, with the languages and aliases that the arguments say.
pub(super) fn with_words(index: Index, words: &WordArgs) -> anyhow::Result<Index> {
    let mut index = index;
    if let Some(languages) = words.languages() {
        index = index.with_languages(languages);
    }
    if let Some(file) = &words.aliases {
        let name = file.display().to_string();
        let bytes = read_input(file, MAX_NAMED_BYTES)?;
        let aliases = Aliases::read(&name, FileError::text_of(&name, &bytes)?)?;
        index = index.with_aliases(aliases);
    }
    Ok(index)
}

/// Says why the index is rebuilt, where it is.
pub(super) fn say_rebuild(index: &Index) {
    if let Some(rebuild) = index.rebuild() {
        say(&format!("{}; it is built anew", rebuild.cause));
        let lost = [
            (
                rebuild.unknown,
                "file that was named by itself is",
                "files that were named one by one are",
            ),
            (
                rebuild.texts,
                "text from standard input is",
                "texts from standard input are",
            ),
        ];
        for (count, one, several) in lost.into_iter().filter(|(count, ..)| *count > 0) {
            let again = if count == 1 { "it" } else { "them" };
            let lost = counted(count, one, several);
            say(&format!("{lost} lost; index {again} again"));
        }
    }
}

/// An error where nothing tells what the index that is built anew is to cover.
pub(super) fn covers_something(index: &Index) -> anyhow::Result<()> {
    if index.rebuild().is_some_and(|rebuild| rebuild.is_lost) {
        bail!("the list of indexed folders was lost; name them again: `excerpt index PATH…`");
    }
    Ok(())
}

/// Says where the last state of the index answers, not one that was brought up to date.
pub(super) fn say_state(index: &Index, coverage: &Coverage) {
    match coverage.refresh {
        RefreshState::Busy if index.location().is_remote() => say(
            "a run of an owner is under way, or did not end; this answers from the state before it (`excerpt status` names the owner, and its next `excerpt index` mends it)",
        ),
        RefreshState::Busy => {
            say("another process is refreshing the index; this answers from its last state");
        }
        RefreshState::ReadOnly if coverage.stale != Some(0) && index.access() == Access::Own => {
            say("the index cannot be written; this answers from its last state");
        }
        _ => {}
    }
}

fn as_it_is(index: Index, current: &Path, paths: &[PathBuf]) -> anyhow::Result<Index> {
    if index.is_blank() {
        let folder = index.location().folder.display().to_string();
        return Err(Error::Engine(EngineError::Missing(folder)).into());
    }
    for typed in paths {
        let path = index.placed(current, typed).map_err(Error::from)?;
        let path = index.as_stored(path)?;
        if !index.covers(&path)? && !path.as_bytes().is_empty() {
            let url = index.location().folder.display().to_string();
            match index.location().is_remote() {
                true => bail!(
                    "`{path}` is not in the index; `excerpt index --index {} {}`, as the owner that has it, adds it",
                    shell(&url),
                    shell(&typed.display().to_string())
                ),
                false => bail!("`{path}` is not in the index, and `--no-refresh` is set"),
            }
        }
    }
    Ok(index)
}

/// An error where an index would be made of a whole disk or home: nobody wants that by a query alone.
fn check_new(location: &Location, current: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    let is_home = |folder: &Path| std::env::home_dir().is_some_and(|home| home == folder);
    let is_much = |folder: &Path| folder.parent().is_none() || is_home(folder);
    let named: Vec<PathBuf> = paths.iter().map(|path| current.join(path)).collect();
    let covers_much = if named.is_empty() {
        is_much(&location.base)
    } else {
        named.iter().any(|path| is_much(path))
    };
    if covers_much {
        bail!(
            "there is no index here, and this is the root or home folder; name a PATH, or make one with `excerpt index .`"
        );
    }
    Ok(())
}
