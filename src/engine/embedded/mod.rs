//! The embedded engine: Tantivy's segments, dictionaries and postings, matched and ranked by our own rules.

mod backlog;
mod document;
mod expand;
mod limited;
mod matcher;
mod maxscore;
mod merge_policy;
mod plan;
mod postings;
mod schema;
mod scorer;
mod search;
mod segment;
mod snapshot;
mod stem_table;
pub mod storage;
mod tokenizer;
mod top_k;
mod verify;
mod writer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::expand::{expand, largest};
use self::segment::OpenSegment;
use self::snapshot::{State, is_foreign, open_state};
use self::storage::disk::{Disk, Folder};
use self::storage::faults::{seen, storage_error};
use self::storage::names::{MANIFEST, OLD_MANIFEST};
use super::limits::Budget;
use super::{
    Engine, EngineError, Form, Hits, IndexVersion, QueryLimits, SearchOptions, SectionKey,
    SectionWriter, StoredSection, Verification, WriterOptions,
};
use crate::catalog::Catalog;
use crate::query::{Query, Term};
use crate::source::trust::Users;

/// An opened state of an index. It stays as it is while others commit.
pub struct EmbeddedEngine {
    disk: Arc<dyn Disk>,
    state: State,
}

impl std::fmt::Debug for EmbeddedEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedEngine")
            .field("disk", &self.disk)
            .finish_non_exhaustive()
    }
}

impl EmbeddedEngine {
    /// Whether there is an index in `folder`, of whatever version and however sound. A link to a folder counts only where
    /// `follow` is set.
    #[must_use]
    pub fn is_in(folder: &Path, follow: bool) -> bool {
        let is_there = |name| fs::symlink_metadata(folder.join(name)).is_ok();
        let is_folder = || fs::symlink_metadata(folder).is_ok_and(|m| follow || m.is_dir());
        (is_there(MANIFEST) || is_there(OLD_MANIFEST)) && is_folder()
    }

    /// Where the manifest of an index in `folder` lies.
    #[must_use]
    pub fn manifest_in(folder: &Path) -> PathBuf {
        folder.join(MANIFEST)
    }

    /// Opens the last committed state. Nothing is written, so that a read-only folder will do.
    ///
    /// # Errors
    /// [`EngineError::Missing`] where there is none, [`EngineError::Foreign`] where the folder is something else's,
    /// those of other versions, and where it cannot be read.
    pub fn open(folder: &Path) -> Result<EmbeddedEngine, EngineError> {
        EmbeddedEngine::open_for(folder, Users::of_process(None))
    }

    /// As [`EmbeddedEngine::open`], for these users.
    ///
    /// # Errors
    /// The same.
    pub fn open_for(folder: &Path, users: Users) -> Result<EmbeddedEngine, EngineError> {
        EmbeddedEngine::open_on(on_folder(folder, users)?)
    }

    /// As [`EmbeddedEngine::open`], on any disk.
    ///
    /// # Errors
    /// The same.
    pub fn open_on(disk: Arc<dyn Disk>) -> Result<EmbeddedEngine, EngineError> {
        let state = open_state(&disk)?;
        Ok(EmbeddedEngine::with(disk, state))
    }

    /// An empty state, whose first commit makes the index in `folder`, or replaces the one that is there: that stays as
    /// it is until then. The folder is created where it is not there.
    ///
    /// # Errors
    /// Where the folder cannot be made, and [`EngineError::Foreign`] where it is something else's.
    pub fn blank(folder: &Path) -> Result<EmbeddedEngine, EngineError> {
        EmbeddedEngine::blank_for(folder, Users::of_process(None))
    }

    /// As [`EmbeddedEngine::blank`], for these users.
    ///
    /// # Errors
    /// The same.
    pub fn blank_for(folder: &Path, users: Users) -> Result<EmbeddedEngine, EngineError> {
        EmbeddedEngine::blank_on(on_folder(folder, users)?)
    }

    /// The state, whose first commit gives the index an id of its own: whoever knows the id of the one that is replaced
    /// cannot bring that back under it.
    #[must_use]
    pub fn renamed(mut self) -> EmbeddedEngine {
        self.state.is_renamed = true;
        self
    }

    /// As [`EmbeddedEngine::blank`], on any disk.
    ///
    /// # Errors
    /// Where the disk cannot be read.
    pub fn blank_on(disk: Arc<dyn Disk>) -> Result<EmbeddedEngine, EngineError> {
        if is_foreign(disk.as_ref()) {
            return Err(EngineError::Foreign(format!("{disk:?}")));
        }
        let state = State::blank(seen(disk.as_ref(), MANIFEST)?);
        Ok(EmbeddedEngine::with(disk, state))
    }

    /// The settings that the index in `folder` kept, also where it is damaged or of another version; `None` where they
    /// are lost.
    #[must_use]
    pub fn kept_settings(folder: &Path) -> Option<String> {
        self::snapshot::kept_settings(on_folder(folder, Users::of_process(None)).ok()?.as_ref())
    }

    /// The id of the index in `folder`, also where other files are damaged or of another version; `None` where it has none
    /// or it is lost.
    #[must_use]
    pub fn kept_id(folder: &Path) -> Option<String> {
        let disk = on_folder(folder, Users::of_process(None)).ok()?;
        self::storage::manifest::id_of(&disk.read(MANIFEST).ok()?)
    }

    /// The catalog of the index in `folder`, also where other files are damaged or of another version; `None` where it is
    /// lost.
    #[must_use]
    pub fn kept_catalog(folder: &Path) -> Option<Catalog> {
        self::snapshot::kept_catalog(on_folder(folder, Users::of_process(None)).ok()?.as_ref())
    }

    fn with(disk: Arc<dyn Disk>, state: State) -> EmbeddedEngine {
        EmbeddedEngine { disk, state }
    }

    /// What was found of the files, unless they went because there is a newer state.
    fn unless_outdated<T>(&self, found: Result<T, EngineError>) -> Result<T, EngineError> {
        if seen(self.disk.as_ref(), MANIFEST)? == self.state.seen {
            found
        } else {
            Err(EngineError::Outdated)
        }
    }

    fn segment(&self, key: SectionKey) -> Result<&OpenSegment, EngineError> {
        self.state
            .segments
            .get(key.segment as usize)
            .ok_or_else(|| EngineError::Damaged("no such section".into()))
    }
}

fn on_folder(folder: &Path, users: Users) -> Result<Arc<dyn Disk>, EngineError> {
    match Folder::open(folder, users) {
        Ok(disk) => Ok(Arc::new(disk)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(EngineError::Missing(folder.display().to_string()))
        }
        Err(error) => Err(storage_error(&error)),
    }
}

impl Engine for EmbeddedEngine {
    fn catalog(&self) -> &Arc<Catalog> {
        &self.state.catalog
    }

    fn settings(&self) -> &str {
        self.state.settings()
    }

    fn id(&self) -> Option<&str> {
        self.state.id()
    }

    fn version(&self) -> IndexVersion {
        self.state.version()
    }

    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError> {
        let search =
            || self::search::search(&self.state.segments, &self.state.catalog, query, options);
        self.state.guard_limited(search)
    }

    fn forms(&self, term: &Term, limits: QueryLimits) -> Result<Vec<Vec<Form>>, EngineError> {
        let mut budget = Budget::new(limits);
        budget.begin(term.to_string());
        let mut forms_of = |word| {
            let (_, forms) = expand(&self.state.segments, term, word, &mut budget)?;
            let forms = forms.into_iter().map(|(form, dfs)| Form {
                text: String::from_utf8_lossy(&form).into_owned(),
                df: largest(&dfs),
            });
            Ok(forms.collect())
        };
        self.state
            .guard_limited(|| term.words.iter().map(&mut forms_of).collect())
    }

    fn section(&self, key: SectionKey) -> Result<StoredSection, EngineError> {
        let segment = self.segment(key)?;
        let stored = self.state.guard(|| segment.stored(key.doc))?;
        stored.ok_or_else(|| EngineError::Damaged("a stored section cannot be read".into()))
    }

    fn sections_of(&self, source: u32) -> Result<Vec<SectionKey>, EngineError> {
        let mut found = Vec::new();
        for (i, segment) in self.state.segments.iter().enumerate() {
            for (order, doc) in self.state.guard(|| segment.sections_of(source))? {
                let segment = i as u32;
                found.push((order, SectionKey { segment, doc }));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }

    fn size_bytes(&self) -> Result<u64, EngineError> {
        let files = self.disk.list().map_err(|e| storage_error(&e))?;
        Ok(files
            .into_iter()
            .filter(|entry| entry.is_file)
            .map(|entry| entry.bytes)
            .sum())
    }

    fn writer(&self, options: &WriterOptions) -> Result<Box<dyn SectionWriter>, EngineError> {
        Ok(Box::new(writer::Writer::open(
            &self.disk,
            &self.state,
            options,
        )?))
    }

    fn tidy(&self) {
        // What cannot be removed now is so the next time.
        if let Some(manifest) = &self.state.manifest {
            let _ = self::storage::commit::tidy(self.disk.as_ref(), manifest);
        }
    }

    fn check_sums(&self) -> Result<(), EngineError> {
        self.unless_outdated(verify::check_sums(&self.disk, &self.state))
    }

    fn verify(&self) -> Result<Verification, EngineError> {
        self.unless_outdated(verify::verify(&self.disk, &self.state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Metadata;
    use crate::catalog::{Origin, Record};
    use crate::source::{Encoding, StatKey, StoredPath};

    /// Lengths are counted when a section is cut; they have to be the tokens that Tantivy indexed.
    #[test]
    fn counted_lengths_are_the_tokens_indexed() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedEngine::blank(folder.path()).expect("an index");
        let text = "# The Title\n\nSome *wo\u{ad}rds*, l'\u{c9}tat; 北京 U.S. 3.14\n\n## A heading\n\n| a | b |\n|---|---|\n| c | |\n\n### Deeper, ـ \n\n- x\n";
        let article = crate::format::read_str("markdown", text);
        let writer = engine.writer(&WriterOptions::default()).expect("a writer");
        let words = writer.add(0, article).expect("added");
        let mut draft = engine.catalog().draft();
        let record = Record {
            path: StoredPath::from_bytes(b"a.md"),
            stat: StatKey::default(),
            reader: 0,
            hash: 0,
            origin: Origin::Walked,
            outcome: crate::catalog::Outcome::Indexed,
            format: 0,
            encoding: Encoding::UTF_8,
            reading: 0,
            invalid_sequences: 0,
            sections: 3,
            words,
            metadata: Metadata::default(),
        };
        draft.add(record, 0);
        writer.commit(&draft, "").expect("committed");
        let engine = EmbeddedEngine::open(folder.path()).expect("the index");
        let tokens = |field: usize| {
            engine
                .state
                .segments
                .iter()
                .map(|s| s.inverted[field].total_num_tokens())
                .sum::<u64>()
        };
        assert_eq!([0, 1, 2].map(tokens), words);
        assert_eq!(engine.catalog().words(), words);
    }
}
