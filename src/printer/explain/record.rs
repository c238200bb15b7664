//! An explanation as the record that programs read.

use std::io::{self, Write};

use serde::Serialize;

use crate::analysis::PART_MARK;
use crate::article::Place;
use crate::printer::json::write_line;
use crate::printer::records::{PathRecord, VERSION, rounded};
use crate::query::Field;
use crate::search::{
    Chosen, Clause, ClauseKind, CoverFacts, Explanation, ForeignForm, FormFacts, PairFacts,
    PhraseGap, ScoreFacts, TermFacts, Verdict, WordFacts,
};

/// How many of a word's forms a record lists.
const MAX_FORMS: usize = 50;

#[derive(Serialize)]
struct ExplanationRecord<'a> {
    v: u32,
    r#type: &'static str,
    query: &'a str,
    id: &'a str,
    path: PathRecord<'a>,
    title: Option<&'a str>,
    headings: &'a [String],
    section: u32,
    start: Place,
    chosen: Option<&'static str>,
    source: &'static str,
    verified: Option<bool>,
    verdict: &'static str,
    rank: Option<usize>,
    matched: u64,
    sections: u64,
    score: Option<f64>,
    coordination: Option<f64>,
    base: Option<f64>,
    cover: Option<f64>,
    near: Option<f64>,
    words: FieldsRecord<u64>,
    average_words: FieldsRecord<f64>,
    failed: Vec<&'a str>,
    clause: ClauseRecord<'a>,
    covers: Vec<CoverRecord>,
    pairs: Vec<PairRecord<'a>>,
}

#[derive(Serialize)]
struct FieldsRecord<T> {
    title: T,
    heading: T,
    body: T,
    /// Where a name has it too: it has no length.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<T>,
}

impl<T: Copy> FieldsRecord<T> {
    fn new([title, heading, body, name]: [T; Field::COUNT]) -> FieldsRecord<T> {
        FieldsRecord {
            title,
            heading,
            body,
            name: Some(name),
        }
    }

    fn measured([title, heading, body]: [T; Field::MEASURED]) -> FieldsRecord<T> {
        FieldsRecord {
            title,
            heading,
            body,
            name: None,
        }
    }
}

#[derive(Serialize)]
struct ClauseRecord<'a> {
    text: &'a str,
    matches: bool,
    optional: bool,
    #[serde(flatten)]
    kind: KindRecord<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum KindRecord<'a> {
    Term(Box<TermRecord<'a>>),
    All {
        clauses: Vec<ClauseRecord<'a>>,
    },
    Any {
        clauses: Vec<ClauseRecord<'a>>,
    },
    Not {
        clauses: Vec<ClauseRecord<'a>>,
    },
    Filter {
        property: &'static str,
        value: Option<&'a str>,
    },
}

#[derive(Serialize)]
struct TermRecord<'a> {
    field: Option<&'static str>,
    frequency: FieldsRecord<u64>,
    other_forms: FieldsRecord<u64>,
    parts: FieldsRecord<u64>,
    counts: bool,
    weight: Option<f64>,
    idf: Option<f64>,
    tf: Option<f64>,
    alone: Option<f64>,
    contribution: Option<f64>,
    gap: Option<GapRecord<'a>>,
    words: Vec<WordRecord<'a>>,
    joined: Option<&'a str>,
}

#[derive(Serialize)]
struct GapRecord<'a> {
    reason: &'static str,
    slop: Option<u32>,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct WordRecord<'a> {
    text: &'a str,
    aliases: &'a [String],
    df: u64,
    idf: f64,
    found: Vec<FormRecord<'a>>,
    forms: Vec<&'a str>,
    forms_in_all: usize,
    elsewhere: FieldsRecord<u64>,
    inflected: &'a [String],
    foreign: Vec<ForeignRecord<'a>>,
}

#[derive(Serialize)]
struct ForeignRecord<'a> {
    form: &'a str,
    languages: Vec<&'static str>,
}

#[derive(Serialize)]
struct FormRecord<'a> {
    form: &'a str,
    /// Whether it is a part of other words, or joined from several; null for a word.
    of: Option<&'static str>,
    df: u64,
    frequency: FieldsRecord<u64>,
}

#[derive(Serialize)]
struct CoverRecord {
    field: &'static str,
    words: u64,
    weight: f64,
    contribution: f64,
}

#[derive(Serialize)]
struct PairRecord<'a> {
    words: &'a [String; 2],
    nearness: FieldsRecord<f64>,
    idf: f64,
    tf: f64,
    contribution: f64,
}

/// Writes an explanation as one record.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_explanation_record(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let score = explanation.score.as_ref();
    let number = |of: fn(&ScoreFacts) -> f64| score.map(of).map(rounded);
    let failures = explanation.root.failures();
    let record = ExplanationRecord {
        v: VERSION,
        r#type: "explanation",
        query: &explanation.query,
        id: &explanation.id,
        path: PathRecord(&explanation.record.source.path),
        title: explanation.record.article.metadata.title.as_deref(),
        headings: &explanation.headings,
        section: explanation.order,
        start: explanation.start,
        chosen: explanation.chosen.map(|chosen| match chosen {
            Chosen::Best => "best",
            Chosen::First => "first",
        }),
        source: explanation.source.name(),
        verified: explanation.verified,
        verdict: match explanation.verdict {
            Verdict::Hit => "hit",
            Verdict::TitleAlone => "title-alone",
            Verdict::NoMatch => "no-match",
        },
        rank: score.and_then(|score| score.rank),
        matched: explanation.matched,
        sections: explanation.sections,
        score: number(|score| score.score),
        coordination: number(|score| score.coordination),
        base: number(|score| score.base),
        cover: number(|score| score.cover),
        near: number(|score| score.near),
        words: FieldsRecord::measured(explanation.lens),
        average_words: FieldsRecord::measured(explanation.average_lens.map(rounded)),
        failed: failures.iter().map(|clause| clause.text.as_str()).collect(),
        clause: clause(&explanation.root),
        covers: score.map_or_else(Vec::new, |score| score.covers.iter().map(cover).collect()),
        pairs: score.map_or_else(Vec::new, |score| score.pairs.iter().map(pair).collect()),
    };
    write_line(&record, out)
}

fn clause(node: &Clause) -> ClauseRecord<'_> {
    ClauseRecord {
        text: &node.text,
        matches: node.matches,
        optional: node.is_optional,
        kind: match &node.kind {
            ClauseKind::Term(facts) => KindRecord::Term(Box::new(term(facts))),
            ClauseKind::All(nodes) => KindRecord::All {
                clauses: nodes.iter().map(clause).collect(),
            },
            ClauseKind::Any(nodes) => KindRecord::Any {
                clauses: nodes.iter().map(clause).collect(),
            },
            ClauseKind::Not(inner) => KindRecord::Not {
                clauses: vec![clause(inner)],
            },
            ClauseKind::Filter { property, value } => KindRecord::Filter {
                property,
                value: value.as_deref(),
            },
        },
    }
}

fn term(facts: &TermFacts) -> TermRecord<'_> {
    let share = facts.share.as_ref();
    TermRecord {
        field: facts.field.map(crate::query::Field::name),
        frequency: FieldsRecord::new(facts.frequencies),
        other_forms: FieldsRecord::new(facts.other_forms),
        parts: FieldsRecord::new(facts.parts),
        counts: share.is_some(),
        weight: share.map(|share| share.weight * share.function),
        idf: share.map(|share| rounded(share.idf)),
        tf: share.map(|share| rounded(share.tf)),
        alone: share.map(|share| rounded(share.alone)),
        contribution: share.map(|share| rounded(share.contribution)),
        gap: facts.gap.as_ref().map(gap),
        words: facts.words.iter().map(word).collect(),
        joined: facts.joined.as_deref(),
    }
}

fn gap(gap: &PhraseGap) -> GapRecord<'_> {
    let (reason, slop, text) = match gap {
        PhraseGap::Fields => ("fields", None, None),
        PhraseGap::Moved { slop, text } => ("moved", Some(*slop), Some(text.as_str())),
        PhraseGap::Spelled { .. } => ("spelled", None, None),
        PhraseGap::Apart => ("apart", None, None),
    };
    GapRecord { reason, slop, text }
}

fn word(facts: &WordFacts) -> WordRecord<'_> {
    WordRecord {
        aliases: &facts.aliases,
        text: &facts.text,
        df: facts.df,
        idf: rounded(facts.idf),
        found: facts.found.iter().map(form).collect(),
        forms: facts
            .forms
            .iter()
            .take(MAX_FORMS)
            .map(|form| form.text.as_str())
            .collect(),
        forms_in_all: facts.forms.len(),
        elsewhere: FieldsRecord::new(facts.elsewhere),
        inflected: &facts.inflected,
        foreign: facts.foreign.iter().map(foreign).collect(),
    }
}

fn foreign(facts: &ForeignForm) -> ForeignRecord<'_> {
    ForeignRecord {
        form: &facts.text,
        languages: facts.languages.iter().map(|own| own.tag()).collect(),
    }
}

fn form(facts: &FormFacts) -> FormRecord<'_> {
    FormRecord {
        form: &facts.text,
        of: facts.mark.map(|mark| match mark {
            PART_MARK => "part",
            _ => "join",
        }),
        df: facts.df,
        frequency: FieldsRecord::new(facts.frequencies),
    }
}

fn cover(facts: &CoverFacts) -> CoverRecord {
    CoverRecord {
        field: facts.field.name(),
        words: facts.words,
        weight: rounded(facts.weight),
        contribution: rounded(facts.contribution),
    }
}

fn pair(facts: &PairFacts) -> PairRecord<'_> {
    PairRecord {
        words: &facts.words,
        nearness: FieldsRecord::new(facts.nearness.map(rounded)),
        idf: rounded(facts.idf),
        tf: rounded(facts.tf),
        contribution: rounded(facts.contribution),
    }
}
