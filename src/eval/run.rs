//! Asks the topics and measures the answers.

use std::collections::{BTreeMap, HashSet};

use super::files::{Qrels, Topic};
use super::measures::{Answer, EvalMeasure};
use crate::printer::trec_id;
use crate::search::{Coverage, Detail, Error, Index, SearchRequest};

/// How the topics are asked.
#[derive(Debug, Clone)]
pub struct EvalRequest {
    /// The query's mode and the paths it is restricted to; its limit and detail are not looked at.
    pub search: SearchRequest,
    /// How many documents are asked for.
    pub depth: usize,
    /// What is measured; the first one decides which topics were lost and won.
    pub measures: Vec<EvalMeasure>,
}

/// A document of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedDoc {
    /// Its name as in the judgements: a section's id or an article's path.
    pub doc: String,
    /// Its grade; `None` where it is not judged.
    pub grade: Option<i64>,
}

/// A topic's answer and its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicResult {
    /// The topic's id.
    pub id: String,
    /// Its query.
    pub query: String,
    /// The documents found, best first.
    pub ranking: Vec<RankedDoc>,
    /// The judged documents and their grades.
    pub judged: BTreeMap<String, i64>,
    /// The value of each measure.
    pub values: Vec<f64>,
}

/// The figures of all topics.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// What was measured.
    pub measures: Vec<EvalMeasure>,
    /// How many documents were asked for.
    pub depth: usize,
    /// The topics with a relevant document, in the order of their file.
    pub topics: Vec<TopicResult>,
    /// How many topics have no relevant document and were left out.
    pub without_relevant: usize,
    /// How many documents are judged for these topics.
    pub judged: usize,
    /// The judged documents whose files are not in the index, by name.
    pub missing: Vec<String>,
    /// What the answers rest on.
    pub coverage: Coverage,
}

impl Evaluation {
    /// The mean of the measure at `at` over the topics.
    #[must_use]
    pub fn mean(&self, at: usize) -> f64 {
        let values = self.topics.iter().filter_map(|topic| topic.values.get(at));
        let sum: f64 = values.sum();
        sum / self.topics.len().max(1) as f64
    }
}

/// Why topics could not be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] Error),
    /// A topic could not be asked.
    #[error("topic `{id}`: {error}")]
    Topic {
        /// The topic's id.
        id: String,
        /// The byte of its query in the topics file.
        at: usize,
        /// What is wrong.
        error: Error,
    },
    /// Sections and articles are judged for one topic.
    #[error("topic `{topic}` judges both sections (`{section}`) and articles (`{article}`)")]
    Mixed {
        /// The topic's id.
        topic: String,
        /// A judged section.
        section: String,
        /// A judged article.
        article: String,
    },
    /// No topic has a relevant document.
    #[error("none of the topics has a relevant document in the judgements")]
    NothingJudged,
}

/// Asks each topic that has a relevant document, and measures its answer.
///
/// # Errors
/// A topic that cannot be asked, or whose judgements mix sections and articles; judgements of none of the topics.
pub fn evaluate(
    index: &Index,
    topics: &[Topic],
    qrels: &Qrels,
    request: &EvalRequest,
) -> Result<Evaluation, EvalError> {
    let files = Files::of(index)?;
    let mut evaluation = Evaluation {
        measures: request.measures.clone(),
        depth: request.depth,
        topics: Vec::new(),
        without_relevant: 0,
        judged: 0,
        missing: Vec::new(),
        coverage: index.coverage(&request.search.within)?,
    };
    let mut missing = HashSet::new();
    for topic in topics {
        let judged = qrels
            .of(&topic.id)
            .filter(|judged| judged.values().any(|&grade| grade > 0));
        let Some(judged) = judged else {
            evaluation.without_relevant += 1;
            continue;
        };
        evaluation.judged += judged.len();
        missing.extend(
            judged
                .keys()
                .filter(|doc| files.file_of(doc).is_none())
                .cloned(),
        );
        let by_section = files.judges_sections(&topic.id, judged)?;
        let asked = AskedTopic {
            index,
            request,
            by_section,
        };
        let docs = asked
            .ranking(&topic.query)
            .map_err(|error| EvalError::Topic {
                id: topic.id.clone(),
                at: topic.at,
                error,
            })?;
        evaluation
            .topics
            .push(result(topic, docs, judged, &request.measures));
    }
    evaluation.missing = missing.into_iter().collect();
    evaluation.missing.sort_unstable();
    match evaluation.topics.is_empty() {
        true => Err(EvalError::NothingJudged),
        false => Ok(evaluation),
    }
}

fn result(
    topic: &Topic,
    docs: Vec<String>,
    judged: &BTreeMap<String, i64>,
    measures: &[EvalMeasure],
) -> TopicResult {
    let ranked = |doc: String| RankedDoc {
        grade: judged.get(&doc).copied(),
        doc,
    };
    let ranking: Vec<RankedDoc> = docs.into_iter().map(ranked).collect();
    let found: Vec<Option<i64>> = ranking.iter().map(|doc| doc.grade).collect();
    let grades: Vec<i64> = judged.values().copied().collect();
    let answer = Answer {
        found: &found,
        judged: &grades,
    };
    TopicResult {
        id: topic.id.clone(),
        query: topic.query.clone(),
        values: measures.iter().map(|measure| measure.of(&answer)).collect(),
        judged: judged.clone(),
        ranking,
    }
}

/// The indexed files, as judgements name them.
struct Files(HashSet<String>);

impl Files {
    fn of(index: &Index) -> Result<Files, Error> {
        let indexed = index.indexed_sources()?;
        let ids = indexed.iter().map(|path| trec_id(&path.to_id()));
        Ok(Files(ids.collect()))
    }

    /// The indexed file that a judged document is, or is a section of.
    fn file_of<'a>(&self, doc: &'a str) -> Option<&'a str> {
        let sections = doc.match_indices('#').map(|(at, _)| &doc[..at]);
        std::iter::once(doc)
            .chain(sections)
            .find(|path| self.0.contains(*path))
    }

    /// Whether a topic judges sections: a name with `#` that is no file's.
    fn judges_sections(
        &self,
        topic: &str,
        judged: &BTreeMap<String, i64>,
    ) -> Result<bool, EvalError> {
        let is_section = |doc: &&String| doc.contains('#') && !self.0.contains(*doc);
        let section = judged.keys().find(is_section);
        let article = judged.keys().find(|doc| !is_section(doc));
        match (section, article) {
            (Some(section), Some(article)) => Err(EvalError::Mixed {
                topic: topic.to_string(),
                section: section.clone(),
                article: article.clone(),
            }),
            (section, _) => Ok(section.is_some()),
        }
    }
}

/// How one topic is asked.
struct AskedTopic<'a> {
    index: &'a Index,
    request: &'a EvalRequest,
    by_section: bool,
}

impl AskedTopic<'_> {
    /// The documents found, best first, up to the depth.
    fn ranking(&self, query: &str) -> Result<Vec<String>, Error> {
        let depth = self.request.depth;
        if self.by_section {
            let hits = self.search(query, depth, Detail::Ids)?.0;
            return Ok(hits.iter().map(|id| trec_id(id)).collect());
        }
        // An article stands where its best section does, so that more sections are looked at until there are enough.
        let mut limit = depth.saturating_mul(2);
        loop {
            let (paths, matched) = self.search(query, limit, Detail::Paths)?;
            let mut seen = HashSet::new();
            let mut articles: Vec<String> = paths
                .into_iter()
                .filter(|path| seen.insert(path.clone()))
                .collect();
            if articles.len() >= depth || matched <= limit as u64 {
                articles.truncate(depth);
                return Ok(articles);
            }
            limit = limit.saturating_mul(4);
        }
    }

    fn search(
        &self,
        query: &str,
        limit: usize,
        detail: Detail,
    ) -> Result<(Vec<String>, u64), Error> {
        let request = SearchRequest {
            limit: Some(limit),
            detail,
            ..self.request.search.clone()
        };
        let results = self.index.search(query, &request)?;
        let names = results.hits.into_iter().map(|hit| match detail {
            Detail::Paths => trec_id(&hit.path.to_id()),
            Detail::Ids | Detail::Passages | Detail::Mentions => hit.id,
        });
        Ok((names.collect(), results.summary.matched))
    }
}
