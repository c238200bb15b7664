//! The records that programs read. Fields are only added within a version.

use std::ops::Range;

use base64::Engine as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::article::{ArticleDate, Place};
use crate::engine::Proposed;
use crate::search::citation_of;
use crate::search::{
    Coverage, SearchHit, SearchResults, SearchTimes, ShownHighlight, ShownPassage,
};
use crate::source::StoredPath;

/// The version of the records.
pub(super) const VERSION: u32 = 1;
/// What the places of all formats so far are counted in.
const UNIT: &str = "line";

/// A path: text, or its bytes where it is no UTF-8.
#[derive(Debug, Clone, Copy)]
pub(super) struct PathRecord<'a>(pub(super) &'a StoredPath);

impl Serialize for PathRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Bytes {
            bytes: String,
        }
        match self.0.as_utf8() {
            Some(text) => serializer.serialize_str(text),
            None => {
                let bytes = base64::engine::general_purpose::STANDARD.encode(self.0.as_bytes());
                Bytes { bytes }.serialize(serializer)
            }
        }
    }
}

/// One hit.
#[derive(Serialize)]
pub(super) struct HitRecord<'a> {
    #[serde(flatten)]
    facts: HitFacts<'a>,
    passages: Vec<PassageRecord<'a>>,
    verified: Option<bool>,
}

/// What the records of a hit and of its mentions have in common.
#[derive(Serialize)]
struct HitFacts<'a> {
    v: u32,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_id: Option<&'a str>,
    query: &'a str,
    rank: usize,
    score: f64,
    id: &'a str,
    path: PathRecord<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<String>,
    title: Option<&'a str>,
    headings: &'a [String],
    section: u32,
    lang: Option<&'a str>,
    date: Option<ArticleDate>,
    author: Option<&'a str>,
    url: Option<&'a str>,
    citation: String,
    unit: &'static str,
    start: Place,
    end: Place,
    title_highlights: Vec<[usize; 2]>,
    heading_highlights: Vec<HeadingRecord>,
}

/// One highlight of a hit's text, with its sentence.
#[derive(Serialize)]
pub(super) struct MentionRecord<'a> {
    #[serde(flatten)]
    facts: HitFacts<'a>,
    verified: Option<bool>,
    mention: usize,
    sentence: &'a str,
    highlight: HighlightRecord<'a>,
}

#[derive(Serialize)]
struct HeadingRecord {
    heading: usize,
    in_text: [usize; 2],
}

#[derive(Serialize)]
struct PassageRecord<'a> {
    text: &'a str,
    start: Place,
    end: Place,
    highlights: Vec<HighlightRecord<'a>>,
}

#[derive(Serialize)]
struct HighlightRecord<'a> {
    text: &'a str,
    start: Place,
    end: Place,
    in_text: [usize; 2],
}

/// What an answer rests on.
#[derive(Serialize)]
pub(super) struct SummaryRecord<'a> {
    v: u32,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_id: Option<&'a str>,
    query: &'a str,
    matched: u64,
    matched_exact: bool,
    returned: usize,
    base: PathRecord<'a>,
    optional: &'a [String],
    #[serde(flatten)]
    coverage: CoverageRecord,
    #[serde(flatten)]
    proposed: Option<Proposed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<SearchTimes>,
}

/// How complete an answer is.
#[derive(Serialize)]
pub(super) struct CoverageRecord {
    files: u64,
    articles: u64,
    sections: u64,
    parts_passed_over: u64,
    skipped: u64,
    unreadable: u64,
    stale: Option<u64>,
    refresh: &'static str,
}

impl CoverageRecord {
    pub(super) fn new(coverage: &Coverage) -> CoverageRecord {
        CoverageRecord {
            files: coverage.files,
            articles: coverage.articles,
            sections: coverage.sections,
            parts_passed_over: coverage.parts_passed_over,
            skipped: coverage.skipped,
            unreadable: coverage.unreadable,
            stale: coverage.stale,
            refresh: coverage.refresh.name(),
        }
    }
}

fn pair(range: &Range<usize>) -> [usize; 2] {
    [range.start, range.end]
}

/// A score as it is printed: rounded to 6 decimals.
pub(super) fn rounded(score: f64) -> f64 {
    (score * 1e6).round() / 1e6
}

impl<'a> HitRecord<'a> {
    pub(super) fn new(results: &'a SearchResults, hit: &'a SearchHit) -> HitRecord<'a> {
        let place = hit.passages.first().map_or(hit.start, ShownPassage::place);
        HitRecord {
            facts: HitFacts::new(results, hit, "hit", place),
            passages: hit.passages.iter().map(PassageRecord::new).collect(),
            verified: hit.verified,
        }
    }
}

impl<'a> HitFacts<'a> {
    fn new(
        results: &'a SearchResults,
        hit: &'a SearchHit,
        kind: &'static str,
        place: Place,
    ) -> HitFacts<'a> {
        let heading = |h: &crate::search::HeadingHighlight| HeadingRecord {
            heading: h.heading,
            in_text: pair(&h.in_text),
        };
        HitFacts {
            v: VERSION,
            r#type: kind,
            query_id: results.query_id.as_deref(),
            query: &results.query,
            rank: hit.rank,
            score: rounded(hit.score),
            id: &hit.id,
            path: PathRecord(&hit.path),
            part: (!hit.part.is_whole()).then(|| hit.part.to_string()),
            inner: hit.is_inner.then(|| hit.part.to_string()),
            title: hit.title.as_deref(),
            headings: &hit.headings,
            section: hit.section,
            lang: hit.lang.as_deref(),
            date: hit.date,
            author: hit.author.as_deref(),
            url: hit.url.as_deref(),
            citation: citation_of(&hit.path, &hit.part, hit.is_inner, place),
            unit: UNIT,
            start: hit.start,
            end: hit.end,
            title_highlights: hit.title_highlights.iter().map(pair).collect(),
            heading_highlights: hit.heading_highlights.iter().map(heading).collect(),
        }
    }
}

impl<'a> MentionRecord<'a> {
    /// The mentions of a hit that was asked for with them.
    pub(super) fn all_of(
        results: &'a SearchResults,
        hit: &'a SearchHit,
    ) -> impl Iterator<Item = MentionRecord<'a>> {
        let first = |passage: &'a ShownPassage| Some((passage, passage.highlights.first()?));
        let each = hit.passages.iter().filter_map(first).enumerate();
        each.map(|(i, (passage, highlight))| MentionRecord {
            facts: HitFacts::new(results, hit, "mention", highlight.start),
            verified: hit.verified,
            mention: i + 1,
            sentence: &passage.text,
            highlight: HighlightRecord::new(highlight),
        })
    }

    /// Its number in the hit, 1-based.
    pub(super) fn number(&self) -> usize {
        self.mention
    }

    /// What satisfied the query.
    pub(super) fn text(&self) -> &str {
        self.highlight.text
    }

    /// The sentence it stands in.
    pub(super) fn sentence(&self) -> &str {
        self.sentence
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        self.highlight.start
    }
}

impl<'a> HighlightRecord<'a> {
    fn new(highlight: &'a ShownHighlight) -> HighlightRecord<'a> {
        HighlightRecord {
            text: &highlight.text,
            start: highlight.start,
            end: highlight.end,
            in_text: pair(&highlight.in_text),
        }
    }
}

impl<'a> PassageRecord<'a> {
    fn new(passage: &'a ShownPassage) -> PassageRecord<'a> {
        let highlights = passage.highlights.iter().map(HighlightRecord::new);
        PassageRecord {
            text: &passage.text,
            start: passage.start,
            end: passage.end,
            highlights: highlights.collect(),
        }
    }
}

impl<'a> SummaryRecord<'a> {
    pub(super) fn new(results: &'a SearchResults) -> SummaryRecord<'a> {
        let summary = &results.summary;
        SummaryRecord {
            v: VERSION,
            r#type: "summary",
            query_id: results.query_id.as_deref(),
            query: &results.query,
            matched: summary.matched,
            matched_exact: summary.matched_exact,
            returned: results.hits.len(),
            base: PathRecord(&summary.base),
            optional: &summary.optional,
            coverage: CoverageRecord::new(&summary.coverage),
            proposed: summary.proposed,
            times: results.times,
        }
    }
}

/// A record with the fields of another one behind its own.
#[must_use]
pub fn with_fields(mut record: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (record.as_object_mut(), more) {
        fields.extend(more);
    }
    record
}

/// A record with fields that say how complete an answer is.
#[must_use]
pub fn with_coverage(record: Value, coverage: &Coverage) -> Value {
    with_fields(record, json!(CoverageRecord::new(coverage)))
}

/// A path as records have it: text, or its bytes where it is no UTF-8.
#[must_use]
pub fn path_value(path: &StoredPath) -> Value {
    json!(PathRecord(path))
}
