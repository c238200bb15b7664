//! How many live sections hold a form, exactly.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::SearchAnswer;
use super::cluster::Cluster;
use super::forms::NoSource;
use super::mappings::{PART_FIELDS, TEXT_FIELDS};
use super::names::token_of;
use super::transport::{cleaned, encoded};
use crate::analysis::unmarked;
use crate::engine::EngineError;

/// How many counts are asked at once.
pub(super) const BATCH: usize = 400;
/// How many a query may ask for; each takes the cluster some milliseconds.
const MOST: usize = 8000;

/// A form in a field, in sections that are told some languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CountedForm {
    pub(super) form: String,
    /// The field's index.
    pub(super) field: usize,
    /// The tags of the languages; `None` for all.
    pub(super) tags: Option<Vec<&'static str>>,
}

impl CountedForm {
    fn query(&self) -> Value {
        let term = json!({"term": {field_of(&self.form, self.field): token_of(&self.form)}});
        match &self.tags {
            Some(tags) => json!({"bool": {"filter": [term, {"terms": {"tag": tags}}]}}),
            None => term,
        }
    }
}

/// The name of the field in which a form stands: parts and joins have fields of their own.
pub(super) fn field_of(form: &str, field: usize) -> &'static str {
    let names = match unmarked(form) {
        Some(_) => &PART_FIELDS,
        None => &TEXT_FIELDS,
    };
    names.get(field).copied().unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct CountAnswers<T = NoSource> {
    responses: Vec<CountAnswer<T>>,
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct CountAnswer<T = NoSource> {
    #[serde(default)]
    error: Option<Value>,
    #[serde(flatten)]
    found: Option<SearchAnswer<T>>,
}

/// Counts the sections of each of these, in order, and says whether all parts of the cluster did; with `partial` some need
/// not.
pub(super) fn count(
    cluster: &Cluster,
    sections: &str,
    forms: &[CountedForm],
    partial: bool,
) -> Result<(Vec<u64>, bool), EngineError> {
    if forms.len() > MOST {
        return Err(EngineError::Unsupported(format!(
            "the words of the query have {} forms and fields to count, a cluster counts {MOST} for a query; write more of the word",
            forms.len()
        )));
    }
    let path = format!("/{}/_msearch", encoded(sections));
    let mut counts = Vec::with_capacity(forms.len());
    let mut is_whole = true;
    for batch in forms.chunks(BATCH) {
        let mut lines = Vec::new();
        add_counts(batch, &mut lines);
        let ask = || cluster.ask_lines::<CountAnswers>(&path, &lines);
        let answer = cluster.until_whole(ask, CountAnswers::is_whole, partial)?;
        is_whole &= answer.is_whole();
        for counted in answer.responses {
            counts.push(counted.found(partial)?.matched());
        }
    }
    match counts.len() == forms.len() {
        true => Ok((counts, is_whole)),
        false => Err(EngineError::Unavailable("it left counts out".into())),
    }
}

/// Adds searches that count to the lines of several.
fn add_counts(forms: &[CountedForm], lines: &mut Vec<u8>) {
    for form in forms {
        lines.extend_from_slice(b"{}\n");
        let body = json!({"size": 0, "track_total_hits": true, "query": form.query()});
        lines.extend_from_slice(body.to_string().as_bytes());
        lines.push(b'\n');
    }
}

/// What a search found, and counts beside it.
pub(super) type FoundAndCounted<T> = (SearchAnswer<T>, Vec<u64>);

/// Searches and counts in one request; counts are few. `None` where some of it was not answered, and has to be asked
/// again.
pub(super) fn search_and_count<T: DeserializeOwned>(
    cluster: &Cluster,
    sections: &str,
    search: &Value,
    forms: &[CountedForm],
) -> Result<Option<FoundAndCounted<T>>, EngineError> {
    let path = format!("/{}/_msearch", encoded(sections));
    let mut lines = b"{\"search_type\":\"dfs_query_then_fetch\"}\n".to_vec();
    lines.extend_from_slice(search.to_string().as_bytes());
    lines.push(b'\n');
    add_counts(forms, &mut lines);
    let answer: CountAnswers<T> = cluster.ask_lines(&path, &lines)?;
    let mut answers = answer.responses.into_iter();
    let Some(Ok(found)) = answers.next().map(|own| own.found(false)) else {
        return Ok(None);
    };
    let counts: Option<Vec<u64>> = answers
        .map(|own| Some(own.found(false).ok()?.matched()))
        .collect();
    let counts = counts.filter(|counts| counts.len() == forms.len());
    Ok(counts.map(|counts| (found, counts)))
}

impl CountAnswers {
    fn is_whole(&self) -> bool {
        let mut all = self.responses.iter();
        all.all(|own| own.found.as_ref().is_none_or(SearchAnswer::is_whole))
    }
}

impl<T> CountAnswer<T> {
    /// What was found, by all parts of the cluster unless some will do.
    fn found(self, partial: bool) -> Result<SearchAnswer<T>, EngineError> {
        match (self.error, self.found) {
            (None, Some(found)) if partial => Ok(found),
            (None, Some(found)) => found.whole(),
            (error, _) => Err(EngineError::Unavailable(format!(
                "a count failed: {}",
                cleaned(&error.unwrap_or_default().to_string())
            ))),
        }
    }
}
