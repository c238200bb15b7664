//! What a healthy cluster of one shard does, as far as the engine asks it: documents by their ids, and of queries as much
//! as that the sections and forms that may be meant are given; which of them are hits, the engine tells.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};

use super::fake::{FakeReply, FakeRequest};

/// A healthy cluster.
#[derive(Default)]
pub(super) struct Model(Mutex<ModelState>);

#[derive(Default)]
struct ModelState {
    indices: BTreeMap<String, BTreeMap<String, ModelDocument>>,
    /// The index behind each alias.
    aliases: BTreeMap<String, String>,
    changes: u64,
}

struct ModelDocument {
    source: Value,
    seq_no: u64,
    /// What its writer said; 0 where that said nothing.
    version: u64,
}

impl Model {
    pub(super) fn answer(&self, request: &FakeRequest) -> FakeReply {
        let (status, body) = self.state().answer(request);
        FakeReply::json(status, &body.to_string())
    }

    /// What an index holds, by ids; nothing where it is not there.
    pub(super) fn documents(&self, index: &str) -> BTreeMap<String, Value> {
        let state = self.state();
        let documents = state.documents(index).into_iter();
        documents
            .map(|(id, own)| (id.clone(), own.source.clone()))
            .collect()
    }

    /// Changes a document that is there.
    pub(super) fn change(&self, index: &str, id: &str, change: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        let index = state.indices.get_mut(index).expect("an index");
        change(&mut index.get_mut(id).expect("a document").source);
    }

    fn state(&self) -> MutexGuard<'_, ModelState> {
        self.0.lock().expect("a lock")
    }
}

/// A path's segment as it was meant.
fn decoded(segment: &str) -> String {
    segment.replace("%2C", ",").replace("%2A", "*")
}

impl ModelState {
    fn answer(&mut self, request: &FakeRequest) -> (u16, Value) {
        let segments: Vec<String> = request.path.split('/').skip(1).map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let body = request.json();
        match (request.method.as_str(), &segments[..]) {
            ("GET", [""]) => (200, product("opensearch", "3.9.0")),
            ("POST", ["_bulk"]) => self.bulk(&request.body),
            ("POST", ["_mget"]) => self.mget(&body),
            ("POST", ["_search"]) => self.search_point(&body),
            ("DELETE", ["_search", "point_in_time"]) => (200, json!({"pits": []})),
            ("POST", ["_aliases"]) => self.set_aliases(&body),
            ("PUT", [index]) => self.create(index),
            ("DELETE", [index]) => match self.indices.remove(*index) {
                Some(_) => (200, json!({"acknowledged": true})),
                None => missing(index),
            },
            (_, [index, ..]) if !index.contains('*') && !self.is_there(index) => missing(index),
            ("GET", [index, "_doc", id]) => self.get(index, id),
            ("PUT", [index, "_doc", id]) => self.put(index, id, &request.query, body),
            ("GET", [index, "_alias"]) => self.get_aliases(index),
            ("GET", [_, "_stats", "store"]) => (
                200,
                json!({"_all": {"total": {"store": {"size_in_bytes": 100}}}}),
            ),
            ("POST", [index, "_search"]) => self.search(index, &body),
            ("POST", [index, "_search", "point_in_time"]) => (200, json!({"pit_id": index})),
            ("POST", [index, "_msearch"]) => self.count_each(index, &request.body),
            ("GET", [_, "_stats", "docs"]) => {
                let deleted = json!({"_all": {"total": {"docs": {"deleted": 1}}}});
                (200, deleted)
            }
            ("POST", [_, "_forcemerge"]) => (200, json!({"task": "node:1"})),
            ("POST", [_, "_refresh"]) => (200, json!({"_shards": {"total": 1, "failed": 0}})),
            ("POST", [index, "_delete_by_query"]) => self.delete_by_query(index, &body),
            other => panic!("the model does not know {other:?}"),
        }
    }

    fn is_there(&self, names: &str) -> bool {
        let mut names = names.split(',').map(|name| self.behind(name));
        names.all(|name| self.indices.contains_key(&name))
    }

    fn behind(&self, name: &str) -> String {
        let index = self.aliases.get(name).cloned();
        index.unwrap_or_else(|| name.to_string())
    }

    fn documents(&self, names: &str) -> Vec<(&String, &ModelDocument)> {
        let all = names
            .split(',')
            .filter_map(|name| self.indices.get(&self.behind(name)));
        all.flatten().collect()
    }

    fn create(&mut self, index: &str) -> (u16, Value) {
        if self.indices.contains_key(index) {
            return (400, error("resource_already_exists_exception", index));
        }
        self.indices.insert(index.to_string(), BTreeMap::new());
        (200, json!({"acknowledged": true}))
    }

    fn get(&self, index: &str, id: &str) -> (u16, Value) {
        let documents = self.documents(index);
        match documents.into_iter().find(|(own, _)| own.as_str() == id) {
            Some((id, own)) => (200, shown(id, own)),
            None => (404, json!({"_id": id, "found": false})),
        }
    }

    fn put(&mut self, index: &str, id: &str, query: &str, source: Value) -> (u16, Value) {
        let known = self.indices[index].get(id);
        let fits = match (query.split_once("if_seq_no="), known) {
            (Some((_, rest)), Some(known)) => {
                rest.split('&').next() == Some(known.seq_no.to_string().as_str())
            }
            (Some(_), None) => false,
            (None, known) => known.is_none() || !query.contains("op_type=create"),
        };
        if !fits {
            return (409, error("version_conflict_engine_exception", id));
        }
        let seq_no = self.write(index, id, source, 0);
        (
            200,
            json!({"_id": id, "_seq_no": seq_no, "_primary_term": 1}),
        )
    }

    fn write(&mut self, index: &str, id: &str, source: Value, version: u64) -> u64 {
        self.changes += 1;
        let document = ModelDocument {
            source,
            seq_no: self.changes,
            version,
        };
        let index = self.behind(index);
        let index = self.indices.get_mut(&index).expect("an index");
        index.insert(id.to_string(), document);
        self.changes
    }

    fn bulk(&mut self, body: &[u8]) -> (u16, Value) {
        let mut lines = body.split(|&byte| byte == b'\n');
        let mut next = || -> Option<Value> {
            let line = lines.next().filter(|line| !line.is_empty())?;
            Some(serde_json::from_slice(line).expect("a line of JSON"))
        };
        let mut items = Vec::new();
        while let Some(action) = next() {
            let (name, facts) = action
                .as_object()
                .and_then(|own| own.iter().next())
                .expect("an action");
            let text = |key: &str| facts[key].as_str().expect("a text").to_string();
            let source = (name != "delete").then(|| next().expect("a document"));
            let status = self.change_one(name, (&text("_index"), &text("_id")), facts, source);
            items.push(item(name, status, "version_conflict_engine_exception"));
        }
        let errors = items.iter().any(is_error);
        (200, json!({"errors": errors, "items": items}))
    }

    fn change_one(
        &mut self,
        action: &str,
        (index, id): (&str, &str),
        facts: &Value,
        source: Option<Value>,
    ) -> u16 {
        let behind = self.behind(index);
        // One that is not there is made, as on a cluster.
        let known = self.indices.entry(behind.clone()).or_default().get(id);
        let version = facts["version"].as_u64();
        let is_newer = match (version, known) {
            (Some(version), Some(known)) if facts["version_type"] == "external_gte" => {
                version >= known.version
            }
            (Some(version), Some(known)) => version > known.version,
            _ => true,
        };
        match (action, known.is_some(), source) {
            ("create", true, _) => 409,
            _ if !is_newer => 409,
            ("delete", false, _) => 404,
            ("delete", true, _) => {
                self.indices.get_mut(&behind).and_then(|own| own.remove(id));
                200
            }
            (_, _, source) => {
                self.write(index, id, source.expect("a document"), version.unwrap_or(0));
                201
            }
        }
    }

    fn mget(&self, body: &Value) -> (u16, Value) {
        let docs = body["docs"]
            .as_array()
            .expect("documents")
            .iter()
            .map(|wanted| {
                let (index, id) = (wanted["_index"].as_str(), wanted["_id"].as_str());
                self.get(index.expect("an index"), id.expect("an id")).1
            });
        (200, json!({"docs": docs.collect::<Vec<_>>()}))
    }

    fn search_point(&self, body: &Value) -> (u16, Value) {
        let index = body["pit"]["id"].as_str().expect("a point in time");
        let documents = match body.get("search_after") {
            Some(_) => Vec::new(),
            None => self.documents(index),
        };
        (200, found(&documents))
    }

    fn search(&self, index: &str, body: &Value) -> (u16, Value) {
        let documents = self.documents(index);
        if body.get("aggs").is_some() {
            return (
                200,
                json!({"_shards": {"total": 1, "failed": 0}, "hits": {"hits": []},
                "aggregations": {"pairs": {"buckets": buckets(&documents)}}}),
            );
        }
        (200, found(&documents))
    }

    /// Counts for each query the documents that hold its term.
    fn count_each(&self, index: &str, body: &[u8]) -> (u16, Value) {
        let documents = self.documents(index);
        let lines: Vec<&[u8]> = body.split(|&byte| byte == b'\n').collect();
        let responses = lines.chunks_exact(2).map(|pair| {
            let query: Value = serde_json::from_slice(pair[1]).expect("JSON");
            if query["size"] != 0 {
                return found(&documents);
            }
            let term = query["query"].get("term").unwrap_or(&query["query"]["bool"]["filter"][0]["term"]);
            let (field, token) = term.as_object().and_then(|own| own.iter().next()).expect("a term");
            let holds = |text: &Value| {
                let text = text.as_str().unwrap_or_default();
                text.split(' ').any(|word| Some(word) == token.as_str())
            };
            let count = documents.iter().filter(|(_, own)| match &own.source[field] {
                Value::Array(blocks) => blocks.iter().any(holds),
                text => holds(text),
            });
            json!({"_shards": {"total": 1, "failed": 0}, "hits": {"total": {"value": count.count()}, "hits": []}, "status": 200})
        });
        (200, json!({"responses": responses.collect::<Vec<_>>()}))
    }

    fn delete_by_query(&mut self, index: &str, body: &Value) -> (u16, Value) {
        let filter = &body["query"]["bool"]["filter"];
        let generation = &filter[0]["term"]["generation"];
        let sources = filter[1]["terms"]["source"].as_array().expect("sources");
        let index = self.behind(index);
        let index = self.indices.get_mut(&index).expect("an index");
        index.retain(|_, own| {
            &own.source["generation"] != generation || !sources.contains(&own.source["source"])
        });
        (200, json!({"failures": []}))
    }

    /// The indices that fit a name with one `*`, with their aliases.
    fn get_aliases(&self, pattern: &str) -> (u16, Value) {
        let (before, behind) = pattern.split_once('*').expect("a pattern");
        let indices = self.indices.keys();
        let indices = indices.filter(|name| name.starts_with(before) && name.ends_with(behind));
        let found = indices.map(|name| {
            let own = self.aliases.iter().filter(|(_, index)| *index == name);
            let own: BTreeMap<_, _> = own.map(|(alias, _)| (alias, json!({}))).collect();
            (name, json!({"aliases": own}))
        });
        (200, json!(found.collect::<BTreeMap<_, _>>()))
    }

    fn set_aliases(&mut self, body: &Value) -> (u16, Value) {
        for action in body["actions"].as_array().expect("actions") {
            let text = |of: &Value, key: &str| of[key].as_str().map(str::to_string);
            if let Some(index) = text(&action["remove_index"], "index") {
                if self.indices.remove(&index).is_none() {
                    return missing(&index);
                }
                self.aliases.retain(|_, own| *own != index);
            }
            if let Some(index) = text(&action["add"], "index") {
                let alias = text(&action["add"], "alias").expect("an alias");
                self.aliases.insert(alias, index);
            }
        }
        (200, json!({"acknowledged": true}))
    }
}

/// What `GET /` says.
pub(super) fn product(distribution: &str, number: &str) -> Value {
    json!({"version": {"distribution": distribution, "number": number}})
}

/// The answer to one change of a document.
pub(super) fn item(action: &str, status: u16, kind: &str) -> Value {
    match status {
        200..=299 | 404 => json!({action: {"status": status}}),
        _ => json!({action: {"status": status, "error": {"type": kind, "reason": "a reason"}}}),
    }
}

pub(super) fn is_error(item: &Value) -> bool {
    let own = item.as_object().and_then(|own| own.values().next());
    own.is_some_and(|own| own.get("error").is_some())
}

/// An error as a cluster tells it.
pub(super) fn error(kind: &str, reason: &str) -> Value {
    json!({"error": {"root_cause": [{"type": kind, "reason": reason}], "type": kind, "reason": reason}})
}

fn missing(index: &str) -> (u16, Value) {
    (404, error("index_not_found_exception", index))
}

fn shown(id: &str, own: &ModelDocument) -> Value {
    json!({"_id": id, "found": true, "_source": own.source, "_seq_no": own.seq_no, "_primary_term": 1,
        "sort": [own.source.get("form").unwrap_or(&json!(id))]})
}

fn found(documents: &[(&String, &ModelDocument)]) -> Value {
    let mut hits: Vec<Value> = documents.iter().map(|(id, own)| shown(id, own)).collect();
    hits.sort_by_key(|hit| hit["sort"].to_string());
    json!({"timed_out": false, "_shards": {"total": 1, "failed": 0},
        "hits": {"total": {"value": hits.len()}, "hits": hits}})
}

fn buckets(documents: &[(&String, &ModelDocument)]) -> Vec<Value> {
    let mut counts: BTreeMap<(String, u64), u64> = BTreeMap::new();
    for (_, own) in documents {
        let source = own.source["source"].as_str().expect("a source").to_string();
        let generation = own.source["generation"].as_u64().expect("a generation");
        *counts.entry((source, generation)).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|((source, generation), count)| {
            json!({"key": {"source": source, "generation": generation}, "doc_count": count})
        })
        .collect()
}
