//! An opened index: refresh it, search it, look sections up.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::access::IndexStanding;
use super::citation::{FoldersInReach, Sources};
use super::held_files::HeldFiles;
use super::rebuild::Rebuild;
use super::registry::IndexRecord;
use super::{Access, Coverage, Error, IndexOptions, Location, LocationError, RefreshState};
use crate::analysis::{Language, Morphology};
use crate::engine::ranking::Ranking;
use crate::engine::{
    ArticleKey, Engine, EngineError, EngineTraffic, IndexTotals, IndexVersion, QueryLimits, Record,
    Snapshot, SourceCounts,
};
use crate::query::{Aliases, Mode, Query, QueryError, parse};
use crate::refresh::{Kept, Rules, Settings};
use crate::source::StoredPath;

/// An index, opened in its last state.
///
/// ```
/// use excerpt::refresh::{NoProgress, RefreshRequest};
/// use excerpt::search::{Index, Location, SearchRequest};
/// use excerpt::source::StoredPath;
///
/// # let folder = std::env::temp_dir().join(format!("excerpt-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let folder = folder.as_path();
/// std::fs::write(folder.join("talks.md"), "# Talks\n\nThe Minsk agreements failed.\n")?;
///
/// let mut index = Index::open_or_create(Location::nearest(folder))?;
/// let everything = RefreshRequest { add: vec![StoredPath::default()], ..RefreshRequest::default() };
/// index.refresh(&everything, &NoProgress)?;
/// let results = index.search("\"Minsk agreements\"", &SearchRequest::default())?;
///
/// let hit = &results.hits[0];
/// assert_eq!(hit.id, "talks.md#top");
/// assert_eq!(hit.passages[0].highlights[0].text, "Minsk agreements");
/// assert_eq!((hit.passages[0].highlights[0].start.line, hit.verified), (3, Some(true)));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Index {
    pub(super) location: Location,
    pub(super) engine: Arc<dyn Engine>,
    pub(super) snapshot: Arc<dyn Snapshot>,
    /// What the snapshot holds in all.
    pub(super) totals: IndexTotals,
    pub(super) settings: Settings,
    pub(super) rules: Rules,
    pub(super) ranking: Ranking,
    pub(super) limits: QueryLimits,
    /// In place of the index's own.
    pub(super) languages: Option<Vec<Language>>,
    pub(super) aliases: Aliases,
    /// The folder that `./` in a query means: from the base, or absolute with `/./` where the base ends.
    pub(super) folder: String,
    pub(super) morphology: Morphology,
    pub(super) state: RefreshState,
    pub(super) stale: Option<u64>,
    /// What the last refresh did not look at.
    pub(super) kept: Vec<Kept>,
    pub(super) options: IndexOptions,
    pub(super) standing: IndexStanding,
    /// Asked of the standing's reach so far.
    pub(super) folders: FoldersInReach,
    /// What was read of sources to show them.
    pub(super) held: HeldFiles,
    /// Why what was named outside of the base could not be recorded.
    pub(super) unrecorded: Option<String>,
    pub(super) rebuild: Option<Rebuild>,
    /// The counts of all sources, once they were asked for.
    pub(super) counted: OnceLock<SourceCounts>,
    /// How many answers had a ranking that was not made over all that matches.
    pub(super) inexact: AtomicU64,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

impl Index {
    pub(super) fn opened(
        options: &IndexOptions,
        location: Location,
        engine: Arc<dyn Engine>,
        snapshot: Arc<dyn Snapshot>,
        settings: Settings,
    ) -> Result<Index, EngineError> {
        let id = snapshot.id().map(str::to_string);
        Index::opened_as(
            options,
            location,
            (engine, snapshot),
            settings,
            id.as_deref(),
        )
    }

    /// The index with this id; `location` has the base that one made now would have.
    pub(super) fn opened_as(
        options: &IndexOptions,
        mut location: Location,
        (engine, snapshot): (Arc<dyn Engine>, Arc<dyn Snapshot>),
        settings: Settings,
        id: Option<&str>,
    ) -> Result<Index, EngineError> {
        let said = settings.base.as_ref().map(PathBuf::from);
        let said = said.filter(|_| !location.tells_base());
        let standing = IndexStanding::of(options, &location, id, said.as_deref());
        let standing = match location.is_remote() {
            true => standing.where_covering(&settings.roots),
            false => standing,
        };
        if let Some(base) = said {
            location.base = base;
        }
        let totals = snapshot.totals()?;
        Ok(Index {
            location,
            engine,
            snapshot,
            settings,
            rules: Rules::default(),
            ranking: Ranking::default(),
            limits: QueryLimits::default(),
            languages: None,
            aliases: Aliases::default(),
            folder: String::new(),
            morphology: morphology_of(&totals),
            totals,
            state: RefreshState::Off,
            stale: None,
            kept: Vec::new(),
            options: options.clone(),
            standing,
            folders: FoldersInReach::default(),
            held: HeldFiles::default(),
            unrecorded: None,
            rebuild: None,
            counted: OnceLock::new(),
            inexact: AtomicU64::new(0),
        })
    }

    /// The index, its files read by these rules. Such as were read by others are read again with the next refresh.
    #[must_use]
    pub fn with_rules(self, rules: Rules) -> Index {
        Index { rules, ..self }
    }

    /// The index, its scores made with these values.
    #[must_use]
    pub fn with_ranking(self, ranking: Ranking) -> Index {
        Index { ranking, ..self }
    }

    /// The index, its queries kept within these limits.
    #[must_use]
    pub fn with_limits(self, limits: QueryLimits) -> Index {
        Index { limits, ..self }
    }

    /// The index, words matching their forms in these languages instead of those of its articles.
    #[must_use]
    pub fn with_languages(self, languages: Vec<Language>) -> Index {
        Index {
            morphology: Morphology::of(languages.iter().copied()),
            languages: Some(languages),
            ..self
        }
    }

    /// The index, bare words standing for their aliases too.
    #[must_use]
    pub fn with_aliases(self, aliases: Aliases) -> Index {
        Index { aliases, ..self }
    }

    /// The index, `./x` and `../x` in `path:` meant from the folder `current` instead of from the base.
    #[must_use]
    pub fn seen_from(self, current: &Path) -> Index {
        let base = &self.location.base;
        let folder = match self.location.stored(current, Path::new("")) {
            Ok(folder) => folder.below(base),
            Err(_) => current.to_path_buf(),
        };
        let folder = match folder.strip_prefix(base) {
            Ok(inside) => {
                let own = StoredPath::from_path(inside);
                self.snapshot.path_of_own(&own).to_string()
            }
            // From the base up to the root, and down again.
            Err(_) => {
                "../".repeat(base.components().count()) + &StoredPath::from_path(&folder).to_text()
            }
        };
        let base = StoredPath::from_path(base);
        Index {
            folder: format!("{base}/./{folder}"),
            ..self
        }
    }

    /// Reads a query, with the aliases of its words.
    pub(super) fn parse(&self, text: &str, mode: Mode) -> Result<Query, QueryError> {
        let query = parse(text, mode, &self.morphology)?.seen_from(&self.folder);
        Ok(self.aliases.apply(query, &self.morphology))
    }

    /// How files are read.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(super) fn ranking(&self) -> Ranking {
        self.ranking
    }

    pub(super) fn limits(&self) -> QueryLimits {
        self.limits
    }

    /// What is known of an article and its source.
    pub(super) fn record(&self, article: ArticleKey) -> Result<Record, EngineError> {
        let missing = || EngineError::Damaged("a section belongs to no article".into());
        self.snapshot
            .articles(&[article])?
            .pop()
            .ok_or_else(missing)
    }

    pub(super) fn snapshot(&self) -> &dyn Snapshot {
        self.snapshot.as_ref()
    }

    pub(super) fn morphology(&self) -> &Morphology {
        &self.morphology
    }

    /// Where the index lies.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// What the index covers.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether nothing was ever indexed, as after a first run that was interrupted.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.settings.roots.is_empty() && self.totals.sources == 0 && self.rebuild.is_none()
    }

    /// Whether nothing was ever indexed from this machine, whatever others did.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn is_blank_here(&self) -> Result<bool, Error> {
        match self.snapshot.own() {
            Some(own) => Ok(self.settings.roots.is_empty() && own.totals()?.sources == 0),
            None => Ok(self.is_blank()),
        }
    }

    /// Why the index is built anew by its next refresh, where it is.
    #[must_use]
    pub fn rebuild(&self) -> Option<&Rebuild> {
        self.rebuild.as_ref()
    }

    /// The version of the index, and of the program that made it.
    #[must_use]
    pub fn version(&self) -> IndexVersion {
        self.snapshot.version()
    }

    /// The bytes that the index takes on disk.
    ///
    /// # Errors
    /// Where its folder cannot be read.
    pub fn size_bytes(&self) -> Result<u64, Error> {
        Ok(self.engine.size_bytes()?)
    }

    /// Whether no change of the index is under way that is partly visible.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.snapshot.is_settled()
    }

    /// How many answers so far had a ranking that was not made over all that matches.
    #[must_use]
    pub fn inexact_rankings(&self) -> u64 {
        self.inexact.load(Ordering::Relaxed)
    }

    /// What was sent to other machines and received so far; `None` where the index lies on this one.
    #[must_use]
    pub fn traffic(&self) -> Option<EngineTraffic> {
        self.engine.traffic()
    }

    /// Whether this file or folder is covered already.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn covers(&self, path: &StoredPath) -> Result<bool, Error> {
        let own = self.snapshot.own_path(path);
        Ok(own.is_some_and(|own| self.settings.covers(&own)) || self.knows(path)?)
    }

    /// Where the index has, or would have, what lies at `path`, which is relative to `current`.
    ///
    /// # Errors
    /// As [`Location::stored`].
    pub fn placed(&self, current: &Path, path: &Path) -> Result<StoredPath, LocationError> {
        let own = self.location.stored(current, path)?;
        Ok(self.snapshot.path_of_own(&own))
    }

    /// The file of a source of the index; `None` where other machines read it.
    #[must_use]
    pub fn file_of(&self, path: &StoredPath) -> Option<PathBuf> {
        let own = self.snapshot.own_path(path)?;
        Some(own.below(&self.location.base))
    }

    /// The sources, to be read again.
    pub(super) fn sources(&self) -> Sources<'_> {
        let place = (self.location.base.as_path(), self.snapshot.as_ref());
        Sources::new(place, &self.standing.reach, (&self.folders, &self.held))
    }

    /// What answers over these paths rest on; over the whole index where there are none.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn coverage(&self, within: &[StoredPath]) -> Result<Coverage, Error> {
        let counts = match (within.is_empty(), self.counted.get()) {
            (true, Some(counted)) => *counted,
            (true, None) => {
                let counts = self.snapshot.counts(within)?;
                *self.counted.get_or_init(|| counts)
            }
            (false, _) => self.snapshot.counts(within)?,
        };
        Ok(Coverage {
            files: counts.files,
            articles: counts.articles,
            sections: counts.sections,
            parts_passed_over: counts.parts_passed_over,
            skipped: counts.skipped,
            unreadable: counts.unreadable,
            stale: self.stale,
            refresh: match self.snapshot.is_settled() {
                true => self.state,
                false => RefreshState::Busy,
            },
        })
    }

    /// What may be done with the index.
    #[must_use]
    pub fn access(&self) -> Access {
        self.standing.access
    }

    /// Whether a verdict has to read the sources of an index anew: it was found, not named, and nothing says that this
    /// user made it.
    pub(super) fn is_hearsay(&self) -> bool {
        let is_made = |record: &IndexRecord| record.made;
        let is_trusted = || self.options.trusted.covers(&self.location.folder);
        !self.location.is_named
            && !self.is_blank()
            && !self.standing.record.as_ref().is_some_and(is_made)
            && !is_trusted()
    }
}

/// The languages whose forms words stand for where nothing else is asked: those of the articles.
pub(super) fn morphology_of(totals: &IndexTotals) -> Morphology {
    Morphology::of_counted(totals.languages.iter().copied())
}
