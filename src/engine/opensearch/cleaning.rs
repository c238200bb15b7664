//! Removes what runs left that did not end, and puts what was built in the place of what was there.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::Shards;
use super::names::source_id;
use super::owned::OwnedSources;
use super::owners::{Lease, SeenOwner, own_version};
use super::shared::Shared;
use super::transport::{Method, encoded};
use crate::engine::EngineError;

/// How many pairs of a source and a generation are asked at once.
const PAGE: usize = 5000;
/// The most values that a clause takes.
const MOST_VALUES: usize = 10_000;

/// What is known of an index: its aliases.
#[derive(Deserialize)]
struct Aliased {
    #[serde(default)]
    aliases: BTreeMap<String, Value>,
}

/// The indices behind these aliases, or that were to be, and whether each is.
pub(super) fn indices_of(shared: &Shared, alias: &str) -> Result<Vec<(String, bool)>, EngineError> {
    let path = format!("/{}.*/_alias", encoded(alias));
    let found: Option<BTreeMap<String, Aliased>> = shared.cluster.get(&path)?;
    let found = found.unwrap_or_default().into_iter();
    Ok(found
        .map(|(name, own)| {
            let is_named = own.aliases.contains_key(alias);
            (name, is_named)
        })
        .collect())
}

/// The indices of the forms, of all versions.
pub(super) fn forms_indices(shared: &Shared) -> Result<Vec<String>, EngineError> {
    let path = format!("/{}/_alias", encoded(&shared.names.all_forms()));
    let found: Option<BTreeMap<String, Aliased>> = shared.cluster.get(&path)?;
    Ok(found.unwrap_or_default().into_keys().collect())
}

/// Removes the forms of other versions, once no owner is of another.
pub(super) fn remove_other_forms(shared: &Shared) -> Result<(), EngineError> {
    let own = own_version();
    let all = shared.owners()?;
    let is_own = |owner: &SeenOwner| {
        let version = &owner.record.version;
        (version.format, version.analysis) == (own.format, own.analysis)
    };
    if !all.iter().all(is_own) {
        return Ok(());
    }
    for index in forms_indices(shared)? {
        if index != shared.forms {
            let path = format!("/{}", encoded(&index));
            shared.cluster.change(Method::Delete, &path, None)?;
        }
    }
    Ok(())
}

/// Has the cluster merge deleted sections away, where no other run writes: then it knows at once how many sections hold a
/// form. Nobody waits for that.
pub(super) fn expunge_deletes(shared: &Shared) -> Result<(), EngineError> {
    let all = shared.owners()?;
    let is_held = |own: &SeenOwner| own.record.lease.as_ref().is_some_and(Lease::is_held);
    if all.iter().any(is_held) {
        return Ok(());
    }
    let alias = encoded(&shared.names.sections(&shared.options.owner));
    let path = format!("/{alias}/_forcemerge?only_expunge_deletes=true&wait_for_completion=false");
    // Where it refuses, counts are made one by one.
    shared.cluster.change(Method::Post, &path, None).map(drop)
}

/// Removes indices that were built and never took a place.
pub(super) fn remove_unnamed(shared: &Shared, aliases: &[&str]) -> Result<(), EngineError> {
    for alias in aliases {
        for (name, is_named) in indices_of(shared, alias)? {
            if !is_named {
                let path = format!("/{}", encoded(&name));
                shared.cluster.change(Method::Delete, &path, None)?;
            }
        }
    }
    Ok(())
}

/// Puts indices behind aliases, all at once, and removes those that were there.
pub(super) fn swap_aliases(
    shared: &Shared,
    pairs: &[(String, &String)],
) -> Result<(), EngineError> {
    let mut actions = Vec::new();
    for (alias, new) in pairs {
        for (old, is_named) in indices_of(shared, alias)? {
            if is_named && old != **new {
                actions.push(json!({"remove_index": {"index": old}}));
            }
        }
        actions.push(json!({"add": {"index": new, "alias": alias}}));
    }
    let body = json!({"actions": actions});
    let swapped = (shared.cluster).must_change(Method::Post, "/_aliases", Some(&body));
    let Err(error) = swapped else {
        return Ok(());
    };
    // Where an answer was lost, what was to go is gone the second time.
    for (alias, new) in pairs {
        let indices = indices_of(shared, alias)?;
        if !indices.contains(&((*new).clone(), true)) {
            return Err(error);
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Grouped {
    #[serde(default)]
    timed_out: bool,
    #[serde(rename = "_shards", default)]
    shards: Shards,
    aggregations: Option<GroupedBy>,
}

#[derive(Deserialize)]
struct GroupedBy {
    pairs: Groups,
}

#[derive(Deserialize)]
struct Groups {
    #[serde(default)]
    after_key: Option<Value>,
    buckets: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    key: GroupKey,
    doc_count: u64,
}

#[derive(Deserialize)]
struct GroupKey {
    source: String,
    generation: u64,
}

/// The sections of each source and generation, counted.
pub(super) fn counted_sections(
    shared: &Shared,
    each: &mut impl FnMut(&str, u64, u64),
) -> Result<(), EngineError> {
    let alias = shared.names.sections(&shared.options.owner);
    let path = format!("/{}/_search", encoded(&alias));
    let mut after: Option<Value> = None;
    loop {
        let mut composite = json!({"size": PAGE, "sources": [
            {"source": {"terms": {"field": "source"}}},
            {"generation": {"terms": {"field": "generation"}}},
        ]});
        if let (Some(after), Some(composite)) = (after.take(), composite.as_object_mut()) {
            composite.insert("after".into(), after);
        }
        let body = json!({"size": 0, "aggs": {"pairs": {"composite": composite}}});
        let ask = || shared.cluster.ask::<Grouped>(&path, &body);
        let is_whole = |found: &Grouped| !found.timed_out && found.shards.failed == 0;
        let found = shared.cluster.until_whole(ask, is_whole, false)?;
        if !is_whole(&found) {
            found.shards.whole()?;
            return Err(EngineError::Unavailable("it did not end in time".into()));
        }
        let Some(GroupedBy { pairs }) = found.aggregations else {
            return Ok(());
        };
        for group in &pairs.buckets {
            each(&group.key.source, group.key.generation, group.doc_count);
        }
        match pairs.after_key {
            Some(key) if pairs.buckets.len() == PAGE => after = Some(key),
            _ => return Ok(()),
        }
    }
}

/// Deletes the sections of the owner that no source of it has: those of runs that did not end.
pub(super) fn remove_unowned(shared: &Shared, own: &OwnedSources) -> Result<(), EngineError> {
    let owner = &shared.options.owner;
    let alias = shared.names.sections(owner);
    shared.cluster.refresh(&alias)?;
    let known: HashMap<String, u64> = (own.catalog.sources())
        .map(|source| {
            (
                source_id(owner, &own.catalog.path(source)),
                own.generation(source),
            )
        })
        .collect();
    let mut gone: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    counted_sections(shared, &mut |source, generation, _| {
        if known.get(source) != Some(&generation) {
            gone.entry(generation).or_default().push(source.to_string());
        }
    })?;
    for (generation, sources) in gone {
        for some in sources.chunks(MOST_VALUES) {
            let body = json!({"query": {"bool": {"filter": [
                {"term": {"generation": generation}},
                {"terms": {"source": some}},
            ]}}});
            let path = format!(
                "/{}/_delete_by_query?conflicts=proceed&refresh=true",
                encoded(&alias)
            );
            let done = shared
                .cluster
                .must_change(Method::Post, &path, Some(&body))?;
            let failures = done.get("failures").and_then(Value::as_array);
            if failures.is_some_and(|failures| !failures.is_empty()) {
                return Err(EngineError::Unavailable(
                    "sections of a run that did not end cannot be removed now".into(),
                ));
            }
        }
    }
    Ok(())
}
