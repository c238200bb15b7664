//! Writes a change to a cluster: new forms and sections as they come, what is known of sources at the end, and then the
//! deletion of what they replace.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use twox_hash::XxHash3_64;

use super::bulk::{BulkItem, BulkWriter, OnConflict};
use super::cleaning;
use super::expanded::tag_of;
use super::forms::form_document;
use super::lease::HeldLease;
use super::mappings;
use super::names::{article_id, behind, form_id, prefix_of, source_id};
use super::owned::{self, AllSources, OwnedSources, prefixed};
use super::owners::{self, OwnerCounts, OwnerRecord, SeenOwner};
use super::section_document::{ClusterArticle, section_document};
use super::shared::Shared;
use crate::article::Article;
use crate::catalog::{Catalog, CatalogDraft};
use crate::engine::state::new_id;
use crate::engine::{
    ArticlePart, CatalogChange, EngineError, Origin, SectionWriter, SourceKey, WriterOptions,
};
use crate::query::Field;
use crate::source::StoredPath;

/// So many forms are held before they are written.
const MOST_HELD: usize = 1_000_000;

/// The state that is changed.
pub(super) struct WriteBase {
    pub(super) shared: Arc<Shared>,
    /// The owner's document, as it was when the state was opened.
    pub(super) seen: Option<SeenOwner>,
    /// What the owner has.
    pub(super) own: OwnedSources,
    /// What all owners have, where that is more.
    pub(super) whole: Option<AllSources>,
    /// Whether the change replaces what is there, under a new id where that is set.
    pub(super) replaces: Option<bool>,
}

impl WriteBase {
    /// Whether the change makes indices of its own: what a run made that did not end is never in the way of the next one.
    fn is_rebuilt(&self) -> bool {
        let seen = self.seen.as_ref();
        self.replaces.is_some() || seen.is_none_or(|seen| seen.record.changes == 0)
    }
}

/// A change in the making.
pub(super) struct ClusterWriter {
    pub(super) shared: Arc<Shared>,
    /// What the owner had.
    pub(super) base: OwnedSources,
    /// What all owners had.
    whole: Option<AllSources>,
    draft: Mutex<CatalogDraft>,
    /// The paths of sources that are new.
    begun: Mutex<HashMap<u32, StoredPath>>,
    /// The sources whose sections are written anew, or go.
    changed: Mutex<BTreeSet<u32>>,
    /// Of each article that this run wrote, by what its ids begin with, how many sections.
    pub(super) written: Mutex<HashMap<u32, BTreeMap<String, u32>>>,
    /// The forms that this run found and did not write yet, with how many sections hold each.
    forms: Mutex<HashMap<String, u32>>,
    /// Where sections and sources are written: the aliases, or what takes their place at the end.
    pub(super) sections: String,
    pub(super) sources: String,
    pub(super) is_rebuild: bool,
    id: String,
    pub(super) generation: u64,
    pub(super) bulk: BulkWriter,
    lease: HeldLease,
}

impl ClusterWriter {
    /// Begins a change to a state.
    pub(super) fn open(
        state: &WriteBase,
        options: &WriterOptions,
    ) -> Result<ClusterWriter, EngineError> {
        let shared = &state.shared;
        let division = shared.options.division;
        owners::create(&shared.cluster, &shared.names, division)?;
        let id = match state.replaces {
            Some(true) => new_id(),
            _ => shared.index_id()?.unwrap_or_else(new_id),
        };
        let changes = match state.replaces {
            Some(_) => state.seen.as_ref().map(|seen| seen.record.changes),
            None => Some(state.seen.as_ref().map_or(0, |seen| seen.record.changes)),
        };
        let lease = HeldLease::take(shared, options, &id, changes)?;
        let generation = lease.generation();
        let owner = &shared.options.owner;
        let aliases = (shared.names.sections(owner), shared.names.sources(owner));
        owners::create_index(&shared.cluster, &shared.forms, &mappings::forms(division))?;
        let is_rebuild = state.is_rebuilt();
        let (sections, sources) = match is_rebuild {
            true => (
                behind(&aliases.0, generation),
                behind(&aliases.1, generation),
            ),
            false => aliases.clone(),
        };
        if is_rebuild {
            lease.note_written();
        }
        if lease.was_open || is_rebuild {
            cleaning::remove_unnamed(shared, &[&aliases.0, &aliases.1])?;
        }
        if is_rebuild {
            owners::create_index(&shared.cluster, &sections, &mappings::sections(division))?;
            owners::create_index(&shared.cluster, &sources, &mappings::sources(division))?;
        } else if lease.was_open {
            cleaning::remove_unowned(shared, &state.own)?;
        }
        Ok(ClusterWriter {
            bulk: BulkWriter::start(shared),
            shared: Arc::clone(shared),
            draft: Mutex::new(state.own.catalog.draft()),
            base: state.own.clone(),
            whole: state.whole.clone(),
            begun: Mutex::default(),
            changed: Mutex::default(),
            written: Mutex::default(),
            forms: Mutex::default(),
            sections,
            sources,
            is_rebuild,
            id,
            generation,
            lease,
        })
    }

    fn draft(&self) -> MutexGuard<'_, CatalogDraft> {
        self.draft.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_changed(&self, source: SourceKey) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.insert(source.0);
    }

    /// The path of a source, old or new.
    pub(super) fn path(&self, source: SourceKey) -> StoredPath {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let new = begun.get(&source.0).cloned();
        new.unwrap_or_else(|| self.base.catalog.path(source.0))
    }

    /// An error where another owner has the path that this one would have in the index.
    fn check_unique(&self, path: &StoredPath) -> Result<(), EngineError> {
        let own = &self.shared.options.owner;
        let stored = prefixed(&prefix_of(own), path);
        let whole = self.whole.as_ref();
        let other = whole.and_then(|whole| Some(whole.owned(whole.catalog.find(&stored)?).0));
        match other.filter(|other| other != own) {
            Some(other) => Err(EngineError::Unsupported(format!(
                "`{stored}` would be of two owners, `{other}` and `{own}`; leave it out, or give another --owner"
            ))),
            None => Ok(()),
        }
    }

    /// Adds a change of a document to those that are written.
    pub(super) fn put(
        &self,
        action: &str,
        (index, id, version): (&str, &str, Option<u64>),
        document: Option<&str>,
        (what, conflict): (&Arc<str>, OnConflict),
    ) -> Result<(), EngineError> {
        self.lease.note_written();
        let mut facts = json!({"_index": index, "_id": id});
        let is_alias = !self.is_rebuild && index != self.shared.forms;
        if let (true, Some(facts)) = (is_alias, facts.as_object_mut()) {
            // Where the index is gone, none is made in its place by itself.
            facts.insert("require_alias".into(), true.into());
        }
        if let (Some(version), Some(facts)) = (version, facts.as_object_mut()) {
            facts.insert("version".into(), version.into());
            // Said again, since an answer was lost, it is no conflict.
            facts.insert("version_type".into(), "external_gte".into());
        }
        let mut lines = json!({action: facts}).to_string().into_bytes();
        lines.push(b'\n');
        if let Some(document) = document {
            lines.extend_from_slice(document.as_bytes());
            lines.push(b'\n');
        }
        self.bulk.add(BulkItem {
            lines,
            what: Arc::clone(what),
            conflict,
        })
    }

    /// Notes the forms of some sections; many are written at once.
    fn note_forms(&self, found: HashMap<String, u32>) -> Result<(), EngineError> {
        let many = {
            let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
            for (form, sections) in found {
                *forms.entry(form).or_default() += sections;
            }
            (forms.len() > MOST_HELD).then(|| std::mem::take(&mut *forms))
        };
        many.map_or(Ok(()), |many| self.put_forms(many))
    }

    /// Writes forms; those that are there stay as they are.
    fn put_forms(&self, forms: HashMap<String, u32>) -> Result<(), EngineError> {
        let what: Arc<str> = "the forms of words".into();
        for (form, sections) in forms {
            let document = form_document(&form, sections);
            let place = (self.shared.forms.as_str(), &*form_id(&form), None);
            self.put(
                "create",
                place,
                Some(&document),
                (&what, OnConflict::IsDone),
            )?;
        }
        Ok(())
    }

    /// Writes the sections of an article, and returns the words of its fields, each summed over the sections.
    fn put_sections(
        &self,
        article: &ClusterArticle<'_>,
        sections: &[crate::article::Section],
    ) -> Result<[u64; Field::MEASURED], EngineError> {
        self.hold(self.lease.check())?;
        let mut sums = [0; Field::MEASURED];
        let what: Arc<str> = article.path.to_text().into();
        let mut found: HashMap<String, u32> = HashMap::new();
        let mut documents = Vec::with_capacity(sections.len());
        for (order, section) in (0..).zip(sections) {
            let mut seen: HashSet<u64> = HashSet::new();
            let mut take = |form: &str| {
                if seen.insert(XxHash3_64::oneshot(form.as_bytes())) {
                    match found.get_mut(form) {
                        Some(count) => *count += 1,
                        None => drop(found.insert(form.to_string(), 1)),
                    }
                }
            };
            let document = section_document(article, order, section, &mut take)?;
            for (sum, len) in sums.iter_mut().zip(document.lens) {
                *sum += len;
            }
            documents.push(document);
        }
        self.note_forms(found)?;
        for document in documents {
            let place = (self.sections.as_str(), &*document.id, None);
            self.put(
                "index",
                place,
                Some(&document.line),
                (&what, OnConflict::IsDone),
            )?;
        }
        Ok(sums)
    }
}

impl SectionWriter for ClusterWriter {
    fn begin(&self, path: &StoredPath, origin: Origin) -> Result<SourceKey, EngineError> {
        self.check_unique(path)?;
        let source = self.draft().add(path, origin);
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.insert(source, path.clone());
        drop(begun);
        self.note_changed(SourceKey(source));
        Ok(SourceKey(source))
    }

    fn add(
        &self,
        source: SourceKey,
        part: ArticlePart,
        article: Article,
    ) -> Result<(), EngineError> {
        let (number, name) = {
            let mut draft = self.draft();
            (draft.reserve_article(), draft.next_name(source.0))
        };
        self.note_changed(source);
        let owner = &self.shared.options.owner;
        let path = self.path(source);
        let id = article_id(owner, &path, &part.path);
        let sections = article.sections.len() as u32;
        let mut record = part.record(source, article.sections.len(), article.metadata);
        let article_order = {
            let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            let own = written.entry(source.0).or_default();
            let order = own.len() as u32;
            let most = own.entry(id.clone()).or_default();
            *most = sections.max(*most);
            order
        };
        let stored = prefixed(&prefix_of(owner), &path);
        record.words = self.put_sections(
            &ClusterArticle {
                owner,
                path: &path,
                part: &record.part,
                article_order,
                metadata: &record.metadata,
                tag: tag_of(record.language()),
                name: &name,
                id: &id,
                source_id: &source_id(owner, &path),
                stored_path: &stored,
                generation: self.generation,
            },
            &article.sections,
        )?;
        self.draft().put_article(number, record);
        Ok(())
    }

    fn withdraw(&self, source: SourceKey) -> Result<(), EngineError> {
        self.note_changed(source);
        self.draft().withdraw(source.0);
        Ok(())
    }

    fn remove(&self, source: SourceKey) -> Result<(), EngineError> {
        self.note_changed(source);
        self.draft().remove(source.0);
        Ok(())
    }

    fn commit(self: Box<Self>, change: CatalogChange) -> Result<(), EngineError> {
        let rewritten =
            std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner));
        let mut changed = rewritten.clone();
        for (source, record) in change.sources {
            changed.insert(source.0);
            self.draft().set(source.0, record);
        }
        let catalog = Catalog::open(Box::new(self.draft().encode()))?;
        let forms = std::mem::take(&mut *self.forms.lock().unwrap_or_else(PoisonError::into_inner));
        self.put_forms(forms)?;
        self.bulk.flush()?;
        // From here on what others rest on is changed.
        self.hold(self.lease.renew_now())?;
        self.refresh(&self.shared.forms)?;
        self.put_sources(&catalog, &changed, &rewritten)?;
        self.bulk.flush()?;
        let deleted = self.delete_older(&catalog, &rewritten)?;
        self.bulk.flush()?;
        self.refresh(&format!("{},{}", self.sections, self.sources))?;
        if self.is_rebuild {
            self.swap(catalog.sections())?;
        }
        let counts = OwnerCounts {
            sources: u64::from(catalog.len()),
            sections: catalog.sections(),
        };
        let own = self.base.after(catalog, &rewritten, self.generation);
        let ClusterWriter {
            lease,
            shared,
            id,
            is_rebuild,
            ..
        } = *self;
        let record: OwnerRecord = lease.end(change.settings, id, counts)?;
        if let Some(local) = shared.options.local.as_deref() {
            owned::keep_copy(local, &record, &own);
        }
        match is_rebuild {
            true => cleaning::remove_other_forms(&shared),
            false if deleted > 0 => cleaning::expunge_deletes(&shared),
            false => Ok(()),
        }
    }
}
