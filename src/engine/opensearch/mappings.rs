//! How the cluster keeps what we write: settings and fields of its indices.

use serde::Serialize;
use serde_json::{Value, json};

use crate::query::Field;

/// The names of the fields of text, as [`Field::ALL`] orders them.
pub(super) const TEXT_FIELDS: [&str; Field::COUNT] = ["title", "heading", "body", "name"];
/// The fields of the parts and joins in them, of which it only counts that they are there.
pub(super) const PART_FIELDS: [&str; Field::COUNT] =
    ["title_parts", "heading_parts", "body_parts", "name_parts"];
/// What separates two blocks in the positions of a field; more than the largest slop of a phrase.
const BLOCK_GAP: u32 = 4096;

/// The most values that a clause takes.
const MOST_VALUES: usize = 65_536;

/// Clauses that hold where a field has one of these values.
pub(super) fn one_of<'a>(
    field: &'a str,
    values: &'a [impl Serialize],
) -> impl Iterator<Item = Value> + 'a {
    let chunks = values.chunks(MOST_VALUES);
    chunks.map(move |some| json!({"terms": {field: some}}))
}

/// How an index is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// The primary shards of the index of sections.
    pub shards: u32,
    /// The copies of each.
    pub replicas: u32,
}

impl Default for Division {
    fn default() -> Division {
        Division {
            shards: 1,
            replicas: 1,
        }
    }
}

/// What an index of sections is created with.
pub(super) fn sections(division: Division) -> Value {
    let mut properties = serde_json::Map::new();
    for field in TEXT_FIELDS {
        let text =
            json!({"type": "text", "analyzer": "whitespace", "position_increment_gap": BLOCK_GAP});
        properties.insert(field.into(), text);
    }
    for field in PART_FIELDS {
        let text = json!({"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": false});
        properties.insert(field.into(), text);
    }
    for (field, kind) in [
        ("article", "keyword"),
        ("source", "keyword"),
        ("folders", "keyword"),
        ("lang", "keyword"),
        ("tag", "keyword"),
        ("author", "keyword"),
        ("date", "keyword"),
        ("path", "keyword"),
        ("article_order", "integer"),
        ("order", "integer"),
        ("generation", "long"),
    ] {
        properties.insert(field.into(), json!({"type": kind}));
    }
    // What is shown: neither searched nor looked into by the cluster.
    properties.insert("shown".into(), json!({"type": "object", "enabled": false}));
    json!({
        "settings": {
            "index": {
                "number_of_shards": division.shards,
                "number_of_replicas": division.replicas,
                // A run refreshes once, at its end.
                "refresh_interval": "-1",
                // A late write of an older generation is refused for so long after a newer deletion.
                "gc_deletes": "1h",
                "merge": {"policy": {"expunge_deletes_allowed": 0}},
            },
        },
        "mappings": {
            "dynamic": false,
            "_source": {"includes": ["shown"]},
            "properties": properties,
        },
    })
}

/// What an index of sources is created with: records of a few hundred bytes.
pub(super) fn sources(division: Division) -> Value {
    json!({
        "settings": {"index": {
            "number_of_shards": 1,
            "number_of_replicas": division.replicas,
            "refresh_interval": "-1",
            "gc_deletes": "1h",
        }},
        "mappings": {
            "dynamic": false,
            "properties": {
                "generation": {"type": "long"},
                "record": {"type": "object", "enabled": false},
            },
        },
    })
}

/// What the index of the forms is created with.
pub(super) fn forms(division: Division) -> Value {
    json!({
        "settings": {"index": {
            "number_of_shards": 1,
            "number_of_replicas": division.replicas,
            "refresh_interval": "-1",
        }},
        "mappings": {
            "dynamic": false,
            "properties": {
                // The form itself, which also orders the pages of long answers.
                "form": {"type": "keyword"},
                // About how many sections hold it, for proposals alone.
                "sections": {"type": "integer", "index": false},
                // By what words find it: itself, and itself without tones.
                "key": {"type": "keyword"},
                // The letters of a part or join.
                "letters": {"type": "keyword"},
                // Its stems in each language where they are others than itself, as `en:agre`.
                "stem": {"type": "keyword"},
            },
        },
    })
}

/// What the index of the owners is created with.
pub(super) fn owners(division: Division) -> Value {
    json!({
        "settings": {"index": {"number_of_shards": 1, "number_of_replicas": division.replicas}},
        "mappings": {"dynamic": false, "properties": {"owner": {"type": "keyword"}}},
    })
}
