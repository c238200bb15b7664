//! The forms of the index: a document for each, by which those are found that a query word stands for.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::SearchAnswer;
use super::cluster::Cluster;
use super::transport::encoded;
use crate::analysis::{Language, unmarked, without_tones};
use crate::engine::EngineError;
use crate::query::{How, POSSESSIVE, QueryWord};

/// The tag of sections that are told no language.
pub(super) const NO_LANGUAGE: &str = "-";
/// How many forms are read at once.
const PAGE: usize = 10_000;

/// A form as the index lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedForm {
    pub(super) text: String,
    /// How many sections held it when it was written first: about how many do.
    pub(super) sections: u64,
}

/// The document of a form, one line of JSON; so many sections hold it.
pub(super) fn form_document(form: &str, sections: u32) -> String {
    let mut fields = serde_json::Map::new();
    fields.insert("form".into(), form.into());
    fields.insert("sections".into(), sections.into());
    match unmarked(form) {
        Some((_, letters)) => {
            fields.insert("letters".into(), letters.into());
        }
        None => {
            let toneless = without_tones(form);
            let keys: Vec<&str> = [form].into_iter().chain(toneless.as_deref()).collect();
            let stems: BTreeSet<String> = keys.iter().flat_map(|key| stems(key)).collect();
            fields.insert("key".into(), keys.into());
            if !stems.is_empty() {
                fields.insert("stem".into(), stems.into_iter().collect());
            }
        }
    }
    Value::Object(fields).to_string()
}

/// The stems of a form in all languages where they are others than itself.
fn stems(form: &str) -> Vec<String> {
    let inflecting = Language::all().filter(|language| language.inflects(form));
    let stems = inflecting.filter_map(|language| {
        let stem = language.stem(form);
        (stem != form).then(|| stem_key(language, &stem))
    });
    stems.collect()
}

fn stem_key(language: Language, stem: &str) -> String {
    format!("{}:{stem}", language.tag())
}

/// All forms that these words may stand for in some section, in order, of more than `room` the first ones; some that none
/// stands for may be among them.
pub(super) fn may_match(
    cluster: &Cluster,
    index: &str,
    words: &[&QueryWord],
    room: usize,
) -> Result<Vec<ListedForm>, EngineError> {
    let mut clauses = Clauses::default();
    words.iter().for_each(|word| clauses.add(word));
    let mut body = json!({
        "size": PAGE,
        "query": {"constant_score": {"filter": {"bool": {"should": clauses.queries()}}}},
        "_source": false,
        "track_total_hits": false,
        "sort": ["form", "sections"],
    });
    let path = format!("/{}/_search", encoded(index));
    let mut forms = Vec::new();
    loop {
        let found: SearchAnswer<NoSource> = cluster.search(&path, &body, false)?;
        let hits = found.hits.hits;
        let count = hits.len();
        let last = hits.last().map(|hit| hit.sort.clone());
        let texts = hits.into_iter().filter_map(|hit| {
            Some(ListedForm {
                text: hit.sort.get(0)?.as_str()?.to_string(),
                sections: hit.sort.get(1).and_then(Value::as_u64).unwrap_or(1),
            })
        });
        forms.extend(texts);
        match (
            count == PAGE && forms.len() <= room,
            last,
            body.as_object_mut(),
        ) {
            (true, Some(last), Some(body)) => {
                body.insert("search_after".into(), last);
            }
            _ => return Ok(forms),
        }
    }
}

/// Nothing of a document's source, which was not asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NoSource {}

/// What words are looked for by.
#[derive(Default)]
struct Clauses {
    keys: BTreeSet<String>,
    letters: BTreeSet<String>,
    stems: BTreeSet<String>,
    others: Vec<Value>,
}

impl Clauses {
    fn add(&mut self, word: &QueryWord) {
        let form = word.form.as_str();
        self.keys.insert(form.to_string());
        match &word.how {
            How::Exact => {}
            How::Quoted => {
                self.keys.insert(format!("{form}{POSSESSIVE}"));
            }
            How::Inflected { classes } => {
                for class in classes {
                    self.keys.insert(class.stem.clone());
                    self.stems.insert(stem_key(class.language, &class.stem));
                }
            }
            How::Character | How::Prefix => {
                self.others
                    .push(json!({"prefix": {"key": {"value": form}}}));
            }
            How::Fuzzy { edits } => self.others.push(json!({"fuzzy": {"key": {
                "value": form,
                "fuzziness": edits,
                "prefix_length": 0,
                "transpositions": true,
                // All of them, not the best fifty.
                "rewrite": "constant_score",
            }}})),
        }
        if word.takes_parts {
            self.letters.insert(form.to_string());
        }
        word.also.iter().for_each(|word| self.add(word));
    }

    fn queries(self) -> Vec<Value> {
        let mut queries = self.others;
        for (field, values) in [
            ("key", self.keys),
            ("letters", self.letters),
            ("stem", self.stems),
        ] {
            if !values.is_empty() {
                queries.push(json!({"terms": {field: values}}));
            }
        }
        queries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{JOIN_MARK, marked};

    #[test]
    fn a_form_is_found_by_itself_its_stems_and_its_letters() {
        let document =
            |form: &str| -> Value { serde_json::from_str(&form_document(form, 1)).expect("JSON") };
        let agreements = document("agreements");
        assert_eq!(agreements["key"], json!(["agreements"]));
        let stems = agreements["stem"].as_array().expect("stems");
        assert!(stems.contains(&json!("en:agreement")), "{stems:?}");
        let toned = document("vi\u{1ec7}t");
        assert!(
            toned["key"].as_array().is_some_and(|keys| keys.len() == 2),
            "{toned}"
        );
        let join = document(&marked(JOIN_MARK, "wifi"));
        assert_eq!(
            (&join["letters"], &join["key"]),
            (&json!("wifi"), &Value::Null)
        );
    }
}
