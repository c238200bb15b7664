//! Many counts at once: what the shards know of their terms. It counts documents that are deleted and not yet merged away
//! too, so that it is asked where there are none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::{Value, json};

use super::cluster::Cluster;
use super::counting::{CountedForm, field_of};
use super::names::token_of;
use super::transport::encoded;
use crate::engine::EngineError;

/// How many forms are asked of a shard at once.
const BATCH: usize = 10_000;
/// How many routings are tried for each shard of an index.
const TRIES: usize = 50;

#[derive(Deserialize)]
struct ShardGroups {
    shards: Vec<Vec<ShardCopy>>,
}

#[derive(Deserialize)]
struct ShardCopy {
    shard: u64,
}

#[derive(Deserialize)]
struct TermVectors {
    #[serde(default)]
    term_vectors: HashMap<String, FieldTerms>,
}

#[derive(Deserialize)]
struct FieldTerms {
    #[serde(default)]
    terms: HashMap<String, TermStatistics>,
}

#[derive(Deserialize)]
struct TermStatistics {
    #[serde(default)]
    doc_freq: u64,
}

/// How many sections hold each of these forms, which are those of all languages; `None` where a copy of a shard holds
/// deleted documents, or a shard cannot be reached so.
pub(super) fn doc_freqs(
    cluster: &Cluster,
    sections: &str,
    forms: &[CountedForm],
) -> Result<Option<Vec<u64>>, EngineError> {
    if has_deleted(cluster, sections)? {
        return Ok(None);
    }
    let mut sums: HashMap<(&str, String), u64> = HashMap::new();
    for index in sections.split(',') {
        let Some(routings) = routings(cluster, index)? else {
            return Ok(None);
        };
        for routing in routings {
            for batch in forms.chunks(BATCH) {
                add_frequencies(cluster, (index, &routing), batch, &mut sums)?;
            }
        }
    }
    let sum = |form: &CountedForm| {
        let key = (
            field_of(&form.form, form.field),
            token_of(&form.form).into_owned(),
        );
        sums.get(&key).copied().unwrap_or(0)
    };
    Ok(Some(forms.iter().map(sum).collect()))
}

/// Whether a copy of a shard holds documents that are deleted, or nothing tells, since one did not answer.
fn has_deleted(cluster: &Cluster, sections: &str) -> Result<bool, EngineError> {
    let path = format!(
        "/{}/_stats/docs?filter_path=_all.total.docs.deleted,_shards.total,_shards.successful",
        encoded(sections)
    );
    let found: Option<Value> = cluster.get(&path)?;
    let number = |pointer: &str| found.as_ref()?.pointer(pointer)?.as_u64();
    let is_clean = number("/_all/total/docs/deleted") == Some(0);
    let total = number("/_shards/total");
    Ok(!is_clean || total.is_none() || number("/_shards/successful") != total)
}

/// For each shard of an index a routing that leads there; `None` where none was found for one.
fn routings(cluster: &Cluster, index: &str) -> Result<Option<Vec<String>>, EngineError> {
    let path = format!("/{}/_search_shards", encoded(index));
    let groups = |path: &str| -> Result<Vec<u64>, EngineError> {
        let found: Option<ShardGroups> = cluster.get(path)?;
        let groups = found.map_or(Vec::new(), |found| found.shards);
        let first = |group: Vec<ShardCopy>| group.into_iter().next().map(|copy| copy.shard);
        Ok(groups.into_iter().filter_map(first).collect())
    };
    let all: BTreeSet<u64> = groups(&path)?.into_iter().collect();
    let mut found: BTreeMap<u64, String> = BTreeMap::new();
    for routing in (0..all.len().saturating_mul(TRIES)).map(|number| number.to_string()) {
        if found.len() == all.len() {
            break;
        }
        if let [shard] = groups(&format!("{path}?routing={routing}"))?.as_slice() {
            found.entry(*shard).or_insert(routing);
        }
    }
    Ok((found.len() == all.len()).then(|| found.into_values().collect()))
}

/// Adds how many documents of one shard hold each form.
fn add_frequencies(
    cluster: &Cluster,
    (index, routing): (&str, &str),
    forms: &[CountedForm],
    sums: &mut HashMap<(&'static str, String), u64>,
) -> Result<(), EngineError> {
    let mut texts: BTreeMap<&'static str, String> = BTreeMap::new();
    for form in forms {
        let text = texts.entry(field_of(&form.form, form.field)).or_default();
        text.push_str(&token_of(&form.form));
        text.push(' ');
    }
    let fields: Vec<&'static str> = texts.keys().copied().collect();
    let body = json!({
        "doc": texts,
        "fields": fields,
        "term_statistics": true,
        "field_statistics": false,
        "positions": false,
        "offsets": false,
        "payloads": false,
    });
    let path = format!("/{}/_termvectors?routing={routing}", encoded(index));
    let mut found: TermVectors = cluster.ask(&path, &body)?;
    for field in fields {
        let terms = found.term_vectors.remove(field).map(|own| own.terms);
        for (term, statistics) in terms.into_iter().flatten() {
            *sums.entry((field, term)).or_default() += statistics.doc_freq;
        }
    }
    Ok(())
}
