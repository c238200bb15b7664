//! Brings an opened index up to date, as far as this user may.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::citation::FoldersInReach;
use super::held_files::HeldFiles;
use super::index::morphology_of;
use super::registry::IndexRecord;
use super::{Access, Error, Index, RefreshState};
use crate::engine::{EngineError, Origin, SourceFilter};
use crate::refresh::{
    IndexError, IndexReport, Kept, NoProgress, OtherFiles, Progress, RefreshRequest, Settings,
    count_stale, other_files, refresh,
};
use crate::source::StoredPath;
use crate::source::trust::NamedRoot;

/// How often a refresh is begun where other processes change the index meanwhile.
const REFRESH_TRIES: u32 = 10;

/// How a refresh went.
#[derive(Debug)]
pub enum Refreshed {
    /// The index is up to date.
    Done(IndexReport),
    /// Another process is at it, which is named where it can be.
    Busy(String),
    /// The index cannot be written.
    ReadOnly,
}

impl Index {
    /// Brings the index up to date with its files. What the request adds is what the user names: it may lie outside of the
    /// base, and is recorded.
    ///
    /// # Errors
    /// Where files cannot be looked for or the index cannot be kept; it is then as it was.
    pub fn refresh(
        &mut self,
        request: &RefreshRequest,
        progress: &dyn Progress,
    ) -> Result<Refreshed, Error> {
        match self.access() {
            Access::Own => {}
            Access::Unrecorded if self.location.is_remote() => self.takes_over(request)?,
            Access::Unrecorded if !request.add.is_empty() => {}
            Access::Unrecorded | Access::OtherUser => {
                self.state = RefreshState::ReadOnly;
                self.stale = None;
                return Ok(Refreshed::ReadOnly);
            }
        }
        let named: Vec<PathBuf> = (request.add.iter())
            .map(|path| path.below(&self.location.base))
            .collect();
        let links = request.walk.as_ref().is_some_and(|walk| walk.follow);
        let adopted = self.standing.adopt(&named, links);
        self.folders = FoldersInReach::default();
        self.held = HeldFiles::default();
        let asked = request;
        let mut request = request.clone();
        request.reach = Some(self.standing.reach.clone());
        if let Some(rebuild) = &self.rebuild {
            request.add.extend(rebuild.named.iter().cloned());
            self.loses_nothing(request.force)?;
        }
        let own = self.snapshot.own();
        let own = own.as_deref().unwrap_or(self.snapshot.as_ref());
        let is_made = self.rebuild.is_some() || own.id().is_none();
        let refreshed = self.refresh_until_done(&request, progress)?;
        match refreshed {
            Ok(report) => {
                self.record_standing(&adopted, is_made, asked);
                Ok(Refreshed::Done(report))
            }
            Err(state) => {
                self.state = match state {
                    Refreshed::ReadOnly => RefreshState::ReadOnly,
                    _ => RefreshState::Busy,
                };
                self.stale = self.count_changed(&request)?;
                Ok(state)
            }
        }
    }

    /// Refreshes, anew where other processes change the index meanwhile; or says why the last state has to do.
    fn refresh_until_done(
        &mut self,
        request: &RefreshRequest,
        progress: &dyn Progress,
    ) -> Result<Result<IndexReport, Refreshed>, Error> {
        let mut tries = 1;
        loop {
            let base = self.location.base.clone();
            let settings = self.settings.clone();
            let own = self.snapshot.own();
            let snapshot = own.as_deref().unwrap_or(self.snapshot.as_ref());
            let refreshed = refresh(snapshot, &base, settings, &self.rules, request, progress);
            match refreshed {
                Ok(report) => {
                    if report.committed {
                        self.reopen()?;
                    } else {
                        self.snapshot.tidy();
                    }
                    self.state = match report.kept.is_empty() {
                        true => RefreshState::Done,
                        false => RefreshState::Partial,
                    };
                    self.kept.clone_from(&report.kept);
                    self.stale = Some(0);
                    return Ok(Ok(report));
                }
                // What changed is looked for again, in the state that the other left.
                Err(IndexError::Engine(EngineError::Outdated)) if tries < REFRESH_TRIES => {
                    tries += 1;
                    self.reopen()?;
                }
                // There is no last state to answer from.
                Err(error) if self.is_blank() || self.rebuild.is_some() => {
                    return Err(error.into());
                }
                Err(IndexError::Engine(EngineError::Busy(holder))) => {
                    return Ok(Err(Refreshed::Busy(holder)));
                }
                Err(IndexError::Engine(EngineError::ReadOnly(_))) => {
                    return Ok(Err(Refreshed::ReadOnly));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// An error where a request that names what an owner on a cluster covers, of which this machine has no record, names
    /// anything else: it would be another owner, and what that one has would go.
    fn takes_over(&self, request: &RefreshRequest) -> Result<(), Error> {
        let roots = &self.settings.roots;
        let rebuilt = self.rebuild.iter().flat_map(|rebuild| &rebuild.named);
        let mut covered: BTreeSet<StoredPath> = rebuilt.cloned().collect();
        covered.extend(roots.iter().map(|root| root.path.clone()));
        if let Some(own) = self.snapshot.own() {
            for row in own.sources(SourceFilter::default())? {
                let row = row?;
                if row.record.origin == Origin::Named {
                    covered.insert(row.path());
                }
            }
        }
        let added: BTreeSet<StoredPath> = request.add.iter().cloned().collect();
        let names_any = !added.is_empty() || !request.texts.is_empty();
        match names_any && added == covered && roots.iter().all(|root| root.is_named_by(request)) {
            true => Ok(()),
            false => Err(Error::OtherOwner {
                base: self.location.base.display().to_string(),
                roots: roots.iter().map(|root| root.path.clone()).collect(),
            }),
        }
    }

    /// An error where an index that is built anew would lose a root: one that may not be read, or is not there.
    fn loses_nothing(&self, force: bool) -> Result<(), Error> {
        for root in &self.settings.roots {
            let path = root.path.below(&self.location.base);
            let is_there = path.exists();
            let is_lost = !self.standing.reach.allows(&path) || (!is_there && !force);
            if is_lost {
                return Err(Error::RebuildLoses {
                    path: root.path.clone(),
                    folder: self.location.folder.display().to_string(),
                    is_there,
                });
            }
        }
        Ok(())
    }

    /// What the last refresh did not look at.
    #[must_use]
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// Why what was named outside of the base holds for this run alone, where it does.
    #[must_use]
    pub fn unrecorded(&self) -> Option<&str> {
        self.unrecorded.as_deref()
    }

    /// How many files changed since they were indexed; `None` where they may not be looked at.
    ///
    /// # Errors
    /// Where files cannot be looked for.
    pub fn count_stale(&self) -> Result<Option<u64>, Error> {
        if self.access() != Access::Own {
            return Ok(None);
        }
        let request = RefreshRequest {
            exact: true,
            reach: Some(self.standing.reach.clone()),
            ..RefreshRequest::default()
        };
        self.count_changed(&request)
    }

    /// Counts the files of other formats in the folders that the index covers; only those below `within`, where that
    /// names any.
    ///
    /// # Errors
    /// Where folders cannot be walked.
    pub fn other_files(&self, within: &[StoredPath]) -> Result<OtherFiles, Error> {
        if self.access() == Access::OtherUser {
            return Ok(OtherFiles::default());
        }
        let reach = Some(&self.standing.reach);
        let base = &self.location.base;
        Ok(other_files(
            base,
            &self.settings,
            &self.rules,
            (reach, within),
        )?)
    }

    fn count_changed(&self, request: &RefreshRequest) -> Result<Option<u64>, Error> {
        let own = self.snapshot.own();
        Ok(count_stale(
            own.as_deref().unwrap_or(self.snapshot.as_ref()),
            &self.location.base,
            self.settings.clone(),
            &self.rules,
            request,
        )?)
    }

    /// Reads files again, whatever their times say: what was shown of them is not what they hold. Tells whether that
    /// changed the index.
    ///
    /// # Errors
    /// As [`Index::refresh`].
    pub fn reread(&mut self, files: &[StoredPath]) -> Result<bool, Error> {
        let own = files.iter().filter_map(|path| self.snapshot.own_path(path));
        let request = RefreshRequest {
            reread: own.collect(),
            is_brief: true,
            ..RefreshRequest::default()
        };
        let refreshed = self.refresh(&request, &NoProgress)?;
        Ok(matches!(refreshed, Refreshed::Done(report) if report.has_changes()))
    }

    fn reopen(&mut self) -> Result<(), Error> {
        let snapshot = self.engine.snapshot()?;
        self.settings = Settings::read(snapshot.settings());
        self.totals = snapshot.totals()?;
        if self.languages.is_none() {
            self.morphology = morphology_of(&self.totals);
        }
        self.snapshot = snapshot;
        self.rebuild = None;
        self.counted = OnceLock::new();
        Ok(())
    }

    /// Notes in the user's folder of states what the user made, or named. Where that cannot be done, what was named holds
    /// for this run alone.
    pub(super) fn record_standing(
        &mut self,
        roots: &[NamedRoot],
        is_made: bool,
        request: &RefreshRequest,
    ) {
        let Some(id) = self.snapshot().id() else {
            return;
        };
        let had = self.standing.record.as_ref();
        let folder = self.location.record_folder();
        let known = had.filter(|record| record.id == id).cloned();
        let mut record = known.unwrap_or_else(|| IndexRecord::new(id, &folder));
        if is_made {
            record.made = true;
            let base = self.standing.reach.base.as_deref();
            record.base = base.map(StoredPath::from_path);
            record.add(&had.map(IndexRecord::roots).unwrap_or_default());
        }
        record.add(roots);
        if self.location.is_remote() {
            record.cover(&self.settings.roots, |root| root.is_named_by(request));
        }
        let is_asked = is_made || !roots.is_empty();
        if !is_asked || had == Some(&record) {
            return;
        }
        match self.options.registry().write(&record) {
            Ok(()) => self.standing.record = Some(record),
            Err(error) if !roots.is_empty() => self.unrecorded = Some(error.to_string()),
            Err(_) => {}
        }
    }
}
