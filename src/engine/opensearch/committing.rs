//! The end of a change: what is known of its sources, the deletion of what they replace, and the swap of a rebuild.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};

use serde_json::json;

use super::bulk::OnConflict;
use super::cleaning;
use super::names::{article_id, section_id, source_id};
use super::owned::encode_source;
use super::transport::{Method, encoded};
use super::writer::ClusterWriter;
use crate::catalog::{Catalog, CatalogError};
use crate::engine::{EngineError, SourceKey};
use crate::source::StoredPath;

impl ClusterWriter {
    /// Writes what is known of the changed sources. Those whose sections were not written anew keep the generation of
    /// these.
    pub(super) fn put_sources(
        &self,
        catalog: &Catalog,
        changed: &BTreeSet<u32>,
        rewritten: &BTreeSet<u32>,
    ) -> Result<(), EngineError> {
        let owner = &self.shared.options.owner;
        for &source in changed {
            let is_there = catalog.source(source).is_some();
            let path = self.path(SourceKey(source));
            let what: Arc<str> = path.to_text().into();
            let id = source_id(owner, &path);
            let place = (self.sources.as_str(), id.as_str(), Some(self.generation));
            if is_there {
                let record = encode_source(catalog, source).ok_or(CatalogError)?;
                let generation = match rewritten.contains(&source) {
                    true => self.generation,
                    false => self.base.generation(source),
                };
                let document = json!({"generation": generation, "record": {"catalog": record}});
                self.put(
                    "index",
                    place,
                    Some(&document.to_string()),
                    (&what, OnConflict::IsLost),
                )?;
            } else if self.base.catalog.source(source).is_some() {
                self.put("delete", place, None, (&what, OnConflict::IsLost))?;
            }
        }
        Ok(())
    }

    /// Deletes the sections that are replaced, and those that this run wrote and took back; how many there are.
    pub(super) fn delete_older(
        &self,
        catalog: &Catalog,
        rewritten: &BTreeSet<u32>,
    ) -> Result<u64, EngineError> {
        let mut deleted = 0;
        let owner = &self.shared.options.owner;
        let written = self.take_written();
        for &source in rewritten {
            let path = self.path(SourceKey(source));
            let what: Arc<str> = path.to_text().into();
            let mut gone: BTreeSet<String> = BTreeSet::new();
            let older = self.base.generation(source);
            for (article, sections) in articles_of(&self.base.catalog, source, owner, &path) {
                gone.extend((0..sections).map(|order| section_id(&article, older, order)));
            }
            let own = written.get(&source).into_iter().flatten();
            for (article, &sections) in own {
                gone.extend((0..sections).map(|order| section_id(article, self.generation, order)));
            }
            for (article, sections) in articles_of(catalog, source, owner, &path) {
                (0..sections).for_each(|order| {
                    gone.remove(&section_id(&article, self.generation, order));
                });
            }
            for id in gone {
                let place = (self.sections.as_str(), id.as_str(), None);
                self.put("delete", place, None, (&what, OnConflict::IsDone))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// An error where another run took the owner over; what this one wrote is taken back then, since that one does not know
    /// of it.
    pub(super) fn hold(&self, held: Result<(), EngineError>) -> Result<(), EngineError> {
        if matches!(held, Err(EngineError::Outdated)) {
            // Where it fails, `verify` finds it.
            let _ = self.take_back();
        }
        held
    }

    /// What this run wrote, which is dealt with from here on.
    fn take_written(&self) -> HashMap<u32, BTreeMap<String, u32>> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *written)
    }

    fn take_back(&self) -> Result<(), EngineError> {
        self.bulk.flush()?;
        if self.is_rebuild {
            for index in [&self.sections, &self.sources] {
                let path = format!("/{}", encoded(index));
                self.shared.cluster.change(Method::Delete, &path, None)?;
            }
            return Ok(());
        }
        let written = self.take_written();
        for (source, articles) in written {
            let what: Arc<str> = self.path(SourceKey(source)).to_text().into();
            for (article, sections) in articles {
                for order in 0..sections {
                    let id = section_id(&article, self.generation, order);
                    let place = (self.sections.as_str(), id.as_str(), None);
                    self.put("delete", place, None, (&what, OnConflict::IsDone))?;
                }
            }
        }
        self.bulk.flush()?;
        self.refresh(&self.sections)
    }

    /// Makes what was written seen by searches, on all shards.
    pub(super) fn refresh(&self, index: &str) -> Result<(), EngineError> {
        self.shared.cluster.refresh(index)
    }

    /// Makes what was built take the place of what was there, once it is all there.
    pub(super) fn swap(&self, sections: u64) -> Result<(), EngineError> {
        let count = self.shared.cluster.count(&self.sections)?;
        if count != sections {
            return Err(EngineError::Storage(format!(
                "{count} sections were written and {sections} are to be there; the old ones stay"
            )));
        }
        let owner = &self.shared.options.owner;
        let names = &self.shared.names;
        let pairs = [
            (names.sections(owner), &self.sections),
            (names.sources(owner), &self.sources),
        ];
        cleaning::swap_aliases(&self.shared, &pairs)
    }
}

/// The articles of a source: what the ids of each one's sections begin with, and how many there are.
fn articles_of<'a>(
    catalog: &'a Catalog,
    source: u32,
    owner: &'a str,
    path: &'a StoredPath,
) -> impl Iterator<Item = (String, u32)> + 'a {
    let records = catalog
        .articles_of(source)
        .filter_map(|article| catalog.article(article));
    records.map(move |record| (article_id(owner, path, &record.part), record.sections))
}
