//! Reads topics and judgements.
//!
//! Source: trec_eval, README, "The format of the qrels"; topics are a TSV of id and query.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::printer::trec_id;
use crate::source::FileError;

/// A query and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The id, as the judgements name it.
    pub id: String,
    /// The query.
    pub query: String,
    /// The byte of the query in the topics file, a byte order mark left out.
    pub at: usize,
}

/// The judgements: for each topic the grade of each judged document; above 0 is relevant.
#[derive(Debug, Clone, Default)]
pub struct Qrels {
    topics: HashMap<String, BTreeMap<String, i64>>,
}

impl Qrels {
    /// The judged documents of a topic and their grades; its id stands there as it is, or as runs in TREC form have it.
    #[must_use]
    pub fn of(&self, topic: &str) -> Option<&BTreeMap<String, i64>> {
        let as_written = self.topics.get(topic);
        as_written.or_else(|| self.topics.get(&trec_id(topic)))
    }

    /// How many topics have judgements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.topics.len()
    }

    /// Whether nothing is judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.topics.is_empty()
    }
}

/// The topics of a file: an id, a TAB and the query a line. Blank lines do not count.
///
/// # Errors
/// What is not UTF-8, a line without a TAB, an id or a query, an id that comes twice, and a file without a topic.
pub fn topics(file: &str, bytes: &[u8]) -> Result<Vec<Topic>, FileError> {
    let text = FileError::text_of(file, bytes)?;
    let mut seen = HashSet::new();
    let mut topics = Vec::new();
    for (start, line) in lines(text) {
        let error = |at: usize, message: &str| FileError::at(file, text, start + at, message);
        let Some((id, query)) = line.split_once('\t') else {
            return Err(error(0, "expected an id, a TAB and a query"));
        };
        if id.trim().is_empty() {
            return Err(error(0, "there is no id before the TAB"));
        }
        if query.trim().is_empty() {
            return Err(error(id.len() + 1, "there is no query behind the TAB"));
        }
        let topic = Topic {
            id: id.trim().to_string(),
            query: query.to_string(),
            at: start + id.len() + 1,
        };
        if !seen.insert(topic.id.clone()) {
            return Err(error(0, &format!("topic `{}` comes twice", topic.id)));
        }
        topics.push(topic);
    }
    match topics.is_empty() {
        true => Err(FileError::at(file, text, 0, "there is no topic in it")),
        false => Ok(topics),
    }
}

/// The judgements of a file: topic, an ignored field, document and grade a line, with white space between.
///
/// # Errors
/// What is not UTF-8, a line of other than four fields, a grade that is no whole number, a document that is judged twice
/// for a topic, and a file without a judgement.
pub fn qrels(file: &str, bytes: &[u8]) -> Result<Qrels, FileError> {
    let text = FileError::text_of(file, bytes)?;
    let mut qrels = Qrels::default();
    for (start, line) in lines(text) {
        let error = |field: &str, message: &str| {
            let at = field.as_ptr() as usize - line.as_ptr() as usize;
            FileError::at(file, text, start + at, message)
        };
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [topic, _, doc, grade] = fields.as_slice() else {
            let message = format!(
                "expected 4 fields (topic, 0, document, grade), not {}",
                fields.len()
            );
            return Err(error(line, &message));
        };
        let Ok(number) = grade.parse::<i64>() else {
            return Err(error(
                grade,
                &format!("expected a whole number as the grade, not `{grade}`"),
            ));
        };
        let judged = qrels.topics.entry((*topic).to_string()).or_default();
        if judged.insert((*doc).to_string(), number).is_some() {
            return Err(error(
                doc,
                &format!("`{doc}` is judged twice for topic `{topic}`"),
            ));
        }
    }
    match qrels.is_empty() {
        true => Err(FileError::at(file, text, 0, "there is no judgement in it")),
        false => Ok(qrels),
    }
}

/// The lines that are not blank, each with the byte it begins at.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        (!line.trim().is_empty()).then_some((start, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_judgements_are_read() {
        let read = topics(
            "t",
            "\u{feff}1\tminsk talks\r\n\n b \t\"x\ty\"\n".as_bytes(),
        )
        .expect("topics");
        let pairs: Vec<_> = read
            .iter()
            .map(|t| (t.id.as_str(), t.query.as_str(), t.at))
            .collect();
        assert_eq!(pairs, [("1", "minsk talks", 2), ("b", "\"x\ty\"", 20)]);
        let read =
            qrels("q", b"1 0 a.txt#top 2\n1\t0\tb.txt\t-1\n\n2 Q0 c 0\n").expect("judgements");
        assert_eq!(
            read.of("1").and_then(|judged| judged.get("a.txt#top")),
            Some(&2)
        );
        assert_eq!((read.len(), read.of("3")), (2, None));
    }

    #[test]
    fn errors_name_their_place() {
        for (text, error) in [
            ("", "t:1:1: there is no topic in it"),
            ("1 minsk", "t:1:1: expected an id, a TAB and a query"),
            ("1\ta\n2\t \n", "t:2:3: there is no query behind the TAB"),
            ("\ta", "t:1:1: there is no id before the TAB"),
            ("1\ta\n1\tb", "t:2:1: topic `1` comes twice"),
        ] {
            assert_eq!(
                topics("t", text.as_bytes()).expect_err(text).to_string(),
                error
            );
        }
        for (text, error) in [
            ("", "q:1:1: there is no judgement in it"),
            (
                "1 0 a",
                "q:1:1: expected 4 fields (topic, 0, document, grade), not 3",
            ),
            (
                "1 0 a 1\n1 0 b x",
                "q:2:7: expected a whole number as the grade, not `x`",
            ),
            (
                "1 0 a 1\n1 0 a 2",
                "q:2:5: `a` is judged twice for topic `1`",
            ),
        ] {
            assert_eq!(
                qrels("q", text.as_bytes()).expect_err(text).to_string(),
                error
            );
        }
        assert_eq!(
            qrels("q", b"a\n\xff").expect_err("no text").to_string(),
            "q:2:1: not UTF-8"
        );
    }
}
