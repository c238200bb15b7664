//! What an owner has in the index: its sources and their articles as a catalog, each source with the generation of its
//! sections. The cluster holds a document for each source; a copy of the catalog is kept in the user's folder of states.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Deserialize;
use serde_json::json;
use twox_hash::XxHash3_64;

use super::answers::AnswerHit;
use super::cluster::Cluster;
use super::names::IndexNames;
use super::owners::OwnerRecord;
use super::pages::read_pages;
use crate::catalog::{Catalog, CatalogDraft, CatalogError};
use crate::engine::{EngineError, SourceKey};
use crate::source::StoredPath;

/// How many sources are read at once.
const PAGE: usize = 1000;

/// What an owner has.
#[derive(Debug, Clone)]
pub(super) struct OwnedSources {
    pub(super) catalog: Arc<Catalog>,
    /// The generation of each source's sections, by its number.
    pub(super) generations: Vec<u64>,
}

impl OwnedSources {
    pub(super) fn empty() -> OwnedSources {
        OwnedSources {
            catalog: Arc::new(Catalog::empty()),
            generations: Vec::new(),
        }
    }

    /// What the owner has after a run of this generation changed these sources.
    pub(super) fn after(
        &self,
        catalog: Catalog,
        changed: &BTreeSet<u32>,
        generation: u64,
    ) -> OwnedSources {
        let mut generations = self.generations.clone();
        generations.resize(catalog.slots() as usize, 0);
        for &source in changed {
            if let Some(own) = generations.get_mut(source as usize) {
                *own = generation;
            }
        }
        OwnedSources {
            catalog: Arc::new(catalog),
            generations,
        }
    }

    pub(super) fn generation(&self, source: u32) -> u64 {
        self.generations.get(source as usize).copied().unwrap_or(0)
    }
}

/// The record of one source and its articles, as the text that its document holds.
pub(super) fn encode_source(catalog: &Catalog, source: u32) -> Option<String> {
    let mut draft = CatalogDraft::default();
    copy_source(catalog, source, &mut draft, |path| path)?;
    Some(STANDARD_NO_PAD.encode(draft.encode()))
}

/// Adds a source of one catalog and its articles to another in the making, under another path; its number there.
pub(super) fn copy_source(
    catalog: &Catalog,
    source: u32,
    draft: &mut CatalogDraft,
    path: impl Fn(StoredPath) -> StoredPath,
) -> Option<u32> {
    let record = catalog.source(source)?;
    let new = path(record.path.clone());
    let number = draft.add(&new, record.origin);
    draft.set(number, Box::new(record.with_path(new)));
    for article in catalog.articles_of(source) {
        let mut own = catalog.article(article)?;
        own.source = SourceKey(number);
        let reserved = draft.reserve_article();
        draft.put_article(reserved, own);
    }
    Some(number)
}

#[derive(Deserialize)]
struct SourceDocument {
    generation: u64,
    record: StoredRecord,
}

#[derive(Deserialize)]
struct StoredRecord {
    catalog: String,
}

/// Reads what an owner has: from the copy in `cache` where that is of this state, else from the cluster.
pub(super) fn load(
    cluster: &Cluster,
    names: &IndexNames,
    owner: &OwnerRecord,
    cache: Option<&Path>,
) -> Result<OwnedSources, EngineError> {
    if let Some(own) = cache.and_then(|cache| read_copy(&copy_path(cache, owner))) {
        return Ok(own);
    }
    let own = read_all(cluster, &names.sources(&owner.owner))?;
    if let Some(cache) = cache.filter(|_| !owner.is_open) {
        keep_copy(cache, owner, &own);
    }
    Ok(own)
}

fn read_all(cluster: &Cluster, alias: &str) -> Result<OwnedSources, EngineError> {
    let body = json!({"size": PAGE, "query": {"match_all": {}}});
    let begin = || (CatalogDraft::default(), Vec::new());
    let ((draft, generations), _) =
        read_pages(cluster, (alias, &body), false, begin, |read, page| {
            page.into_iter().try_for_each(|hit| take_source(read, hit))
        })?;
    let catalog = Catalog::open(Box::new(draft.encode()))?;
    Ok(OwnedSources {
        catalog: Arc::new(catalog),
        generations,
    })
}

/// Adds the source of a document.
fn take_source(
    (draft, generations): &mut (CatalogDraft, Vec<u64>),
    hit: AnswerHit<SourceDocument>,
) -> Result<(), EngineError> {
    let document = hit.source.ok_or_else(damaged)?;
    let bytes = STANDARD_NO_PAD.decode(&document.record.catalog);
    let one = bytes
        .ok()
        .and_then(|bytes| Catalog::open(Box::new(bytes)).ok());
    let one = one.ok_or_else(damaged)?;
    let source = one.sources().next().ok_or_else(damaged)?;
    let number = copy_source(&one, source, draft, |path| path).ok_or_else(damaged)?;
    generations.resize((number as usize + 1).max(generations.len()), 0);
    if let Some(own) = generations.get_mut(number as usize) {
        *own = document.generation;
    }
    Ok(())
}

fn damaged() -> EngineError {
    EngineError::Damaged("the record of a source cannot be read".into())
}

/// What a copy is called: by its index and state. The time tells two states apart that have one number, where an older one
/// was restored out of a snapshot and changed again.
fn copy_path(cache: &Path, owner: &OwnerRecord) -> PathBuf {
    let OwnerRecord {
        owner: name,
        id,
        changes,
        refreshed_ms,
        ..
    } = owner;
    let id: String = id
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(32)
        .collect();
    cache.join(format!("catalog-{id}-{name}-{changes}-{refreshed_ms}.bin"))
}

/// Keeps a copy for the next time, in place of older ones. Where that fails, it is read from the cluster again.
pub(super) fn keep_copy(cache: &Path, owner: &OwnerRecord, own: &OwnedSources) {
    let path = copy_path(cache, owner);
    // Where there is no such folder, writing fails too.
    let _ = super::local::make_folder(cache);
    let draft = own.catalog.draft().encode();
    let mut bytes = (own.generations.len() as u64).to_le_bytes().to_vec();
    own.generations
        .iter()
        .for_each(|generation| bytes.extend(generation.to_le_bytes()));
    bytes.extend(draft);
    bytes.extend(XxHash3_64::oneshot(&bytes).to_le_bytes());
    let next = path.with_extension(format!("{}.part", std::process::id()));
    if fs::write(&next, bytes).is_err() || fs::rename(&next, &path).is_err() {
        let _ = fs::remove_file(&next);
        return;
    }
    let prefix = format!("-{}-", owner.owner);
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_older = name.starts_with("catalog-") && name.contains(&prefix);
        if is_older && entry.path() != path {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn read_copy(path: &Path) -> Option<OwnedSources> {
    let mut bytes = fs::read(path).ok()?;
    let content = bytes.len().checked_sub(8)?;
    let sum = u64::from_le_bytes(bytes.get(content..)?.try_into().ok()?);
    bytes.truncate(content);
    if XxHash3_64::oneshot(&bytes) != sum {
        return None;
    }
    let count = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
    let end = usize::try_from(count)
        .ok()?
        .checked_mul(8)?
        .checked_add(8)?;
    let numbers = bytes.get(8..end)?.chunks_exact(8);
    let generations = numbers
        .map(|number| number.try_into().map(u64::from_le_bytes).ok())
        .collect::<Option<Vec<u64>>>()?;
    let catalog = Catalog::open(Box::new(bytes.split_off(end))).ok()?;
    Some(OwnedSources {
        catalog: Arc::new(catalog),
        generations,
    })
}

/// What all owners have, under the paths of the index.
#[derive(Debug, Clone)]
pub(super) struct AllSources {
    pub(super) catalog: Arc<Catalog>,
    /// Of each source, by its number, the owner's place among the owners and the generation.
    pub(super) facts: Vec<SourceFacts>,
    /// The owners' names, and what stands before the paths of each.
    pub(super) owners: Vec<(String, String)>,
}

/// Whose a source is, and which generation its sections are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct SourceFacts {
    pub(super) owner: u32,
    pub(super) generation: u64,
}

impl AllSources {
    /// Those of one owner, its paths as they are from its base.
    pub(super) fn of_one(owner: &str, own: &OwnedSources) -> AllSources {
        let facts = own.generations.iter().map(|&generation| SourceFacts {
            owner: 0,
            generation,
        });
        AllSources {
            catalog: Arc::clone(&own.catalog),
            facts: facts.collect(),
            owners: vec![(owner.to_string(), String::new())],
        }
    }

    /// Those of several owners, each with what stands before its paths. Paths are unique: of two owners that have the
    /// same, which their runs refuse, the first has it.
    pub(super) fn merged(
        owners: &[(String, String, OwnedSources)],
    ) -> Result<AllSources, EngineError> {
        if let [(owner, prefix, own)] = owners
            && prefix.is_empty()
        {
            return Ok(AllSources::of_one(owner, own));
        }
        let mut draft = CatalogDraft::default();
        let mut facts = Vec::new();
        for (place, (_, prefix, own)) in (0..).zip(owners) {
            for source in own.catalog.sources() {
                let number = copy_source(&own.catalog, source, &mut draft, |path| {
                    prefixed(prefix, &path)
                });
                let number = number.ok_or(CatalogError)? as usize;
                facts.resize((number + 1).max(facts.len()), SourceFacts::default());
                if let Some(own_facts) = facts.get_mut(number) {
                    *own_facts = SourceFacts {
                        owner: place,
                        generation: own.generation(source),
                    };
                }
            }
        }
        let catalog = Catalog::open(Box::new(draft.encode()))?;
        let owners = owners
            .iter()
            .map(|(owner, prefix, _)| (owner.clone(), prefix.clone()));
        Ok(AllSources {
            catalog: Arc::new(catalog),
            facts,
            owners: owners.collect(),
        })
    }

    pub(super) fn facts(&self, source: u32) -> SourceFacts {
        self.facts.get(source as usize).copied().unwrap_or_default()
    }

    /// The owner of a source, and the source's path from that owner's base.
    pub(super) fn owned(&self, source: u32) -> (&str, StoredPath) {
        let path = self.catalog.path(source);
        let owner = self.owners.get(self.facts(source).owner as usize);
        let (owner, prefix) = owner.map_or(("", ""), |(owner, prefix)| (owner, prefix));
        let own = path.as_bytes().strip_prefix(prefix.as_bytes());
        (
            owner,
            own.map_or_else(|| path.clone(), StoredPath::from_bytes),
        )
    }

    /// The source of an owner that has this path from its base.
    pub(super) fn find(&self, owner: &str, path: &StoredPath) -> Option<u32> {
        let (_, prefix) = self.owners.iter().find(|(own, _)| own == owner)?;
        self.catalog.find(&prefixed(prefix, path))
    }
}

/// A path with what stands before those of its owner.
pub(super) fn prefixed(prefix: &str, path: &StoredPath) -> StoredPath {
    // A path from the root of the disk is no path of a base.
    if prefix.is_empty() || path.as_bytes().starts_with(b"/") {
        return path.clone();
    }
    let mut bytes = prefix.as_bytes().to_vec();
    bytes.extend_from_slice(path.as_bytes());
    StoredPath::from_bytes(&bytes)
}
