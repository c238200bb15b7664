//! The figures of an earlier run, kept in a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::REMEMBERED;
use super::run::{Evaluation, TopicResult};
use crate::source::FileError;

/// The version of the file.
const VERSION: u32 = 1;

/// What is kept of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    v: u32,
    r#type: String,
    /// How many documents were asked for.
    pub depth: usize,
    /// The options that change answers, as they are written.
    pub options: String,
    /// The topics, in the order of their file.
    pub topics: Vec<BaselineTopic>,
}

/// What is kept of a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineTopic {
    /// Its id.
    pub id: String,
    /// Its query.
    pub query: String,
    /// The value of each measure, by its name.
    pub values: BTreeMap<String, f64>,
    /// The ranks, 1-based, of the relevant documents that were found and of all among the first ten.
    pub ranks: BTreeMap<String, usize>,
}

impl Baseline {
    /// What is kept of `evaluation`, whose queries were asked with `options`.
    #[must_use]
    pub fn of(evaluation: &Evaluation, options: &str) -> Baseline {
        let values = |topic: &TopicResult| {
            let names = evaluation.measures.iter().map(ToString::to_string);
            names.zip(topic.values.iter().copied()).collect()
        };
        let topics = evaluation.topics.iter().map(|topic| BaselineTopic {
            id: topic.id.clone(),
            query: topic.query.clone(),
            values: values(topic),
            ranks: ranks(topic),
        });
        Baseline {
            v: VERSION,
            r#type: "eval-baseline".to_string(),
            depth: evaluation.depth,
            options: options.to_string(),
            topics: topics.collect(),
        }
    }

    /// Reads the file that [`Baseline::to_json`] made.
    ///
    /// # Errors
    /// What is not UTF-8, or not such a file.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Baseline, FileError> {
        let text = FileError::text_of(file, bytes)?;
        let baseline: Baseline = serde_json::from_str(text).map_err(|error| FileError {
            file: file.to_string(),
            line: error.line().max(1),
            column: error.column().max(1),
            message: format!("not a baseline that `--save` made: {}", said(&error)),
        })?;
        match baseline.v == VERSION && baseline.r#type == "eval-baseline" {
            true => Ok(baseline),
            false => Err(FileError::at(
                file,
                text,
                0,
                "not a baseline that this version made",
            )),
        }
    }

    /// The file's text: a line a topic, so that changes of it can be read.
    #[must_use]
    pub fn to_json(&self) -> String {
        let head = serde_json::json!({"v": self.v, "type": self.r#type, "depth": self.depth, "options": self.options});
        let head = head.to_string();
        let topics: Vec<String> = self
            .topics
            .iter()
            .map(|topic| serde_json::json!(topic).to_string())
            .collect();
        format!(
            "{},\"topics\":[\n{}\n]}}\n",
            &head[..head.len() - 1],
            topics.join(",\n")
        )
    }
}

/// serde_json's message without its place, which is said before it.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_string(),
        None => text,
    }
}

pub(super) fn ranks(topic: &TopicResult) -> BTreeMap<String, usize> {
    let kept = |&(i, doc): &(usize, &super::RankedDoc)| {
        i < REMEMBERED || doc.grade.is_some_and(|grade| grade > 0)
    };
    let all = topic.ranking.iter().enumerate();
    all.filter(kept)
        .map(|(i, doc)| (doc.doc.clone(), i + 1))
        .collect()
}
