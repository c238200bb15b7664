//! The spans of a section that satisfied the query.
//!
//! # Definition
//!
//! The terms that count are those that satisfy the query in the section, as for its score (`engine::ranking`). Each of
//! them gives a span for each of its occurrences ([`crate::query::occurrences`]) in each field it covers: from the
//! first character of the occurrence's first word to the last character of its last one; where only a single character
//! of a script that is cut into pairs was asked for ([`How::Character`]), to the end of that character; where it is
//! initials (single letters with full stops between them, `U.S`), with a full stop right behind it; where it is a part or
//! a join ([`crate::analysis::parts`]), from the first to the last character of its whole. Nothing else is highlighted:
//! no other word of a phrase, nothing under a negation, no other spelling where one is asked for ([`QueryWord::spelling`]). The spans of optional terms ([`crate::query::TermRole`]) are no
//! highlights either: those of the body are kept apart, to weigh passages by.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

use super::text_words::{FieldWords, TextWord};
use crate::analysis::{Language, PartFinder};
use crate::article::FilterFacts;
use crate::query::{
    Field, Filter, Leaves, Node, Query, QueryWord, Term, WordMatcher, evaluate, occurrences,
};

/// A section as the query sees it.
#[derive(Debug, Clone, Copy)]
pub struct SectionText<'a> {
    /// The article's title.
    pub title: &'a str,
    /// The heading path.
    pub headings: &'a [String],
    /// The section's text.
    pub body: &'a str,
    /// The name of its file, where that is a field of the section ([`crate::query::Field::Name`]); else nothing.
    pub name: &'a str,
    /// What filters are asked about.
    pub facts: FilterFacts<'a>,
}

/// A span of the body and the term that it satisfied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermSpan {
    /// The bytes of the body.
    pub range: Range<usize>,
    /// The term, as an index into [`Query::terms`].
    pub term: usize,
}

/// A span of one heading of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingSpan {
    /// The heading, as an index into the path.
    pub heading: usize,
    /// The bytes of the heading.
    pub range: Range<usize>,
}

/// What satisfied the query, in order; spans of one field may overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlights {
    /// Spans of the title.
    pub title: Vec<Range<usize>>,
    /// Spans of the headings.
    pub headings: Vec<HeadingSpan>,
    /// Spans of the body.
    pub body: Vec<TermSpan>,
    /// What optional terms found in the body; not highlighted.
    pub optional: Vec<TermSpan>,
}

/// Finds what satisfied `query` in a section. Empty where the section does not match.
#[must_use]
pub fn highlights(query: &Query, text: &SectionText<'_>) -> Highlights {
    Highlighter::new(query).highlights(text)
}

/// A query, prepared to be looked for in many sections.
#[derive(Debug)]
pub struct Highlighter<'q> {
    query: &'q Query,
    /// Its terms in the order in which they are evaluated.
    terms: Vec<PreparedTerm<'q>>,
    /// Whether each term that counts is required, by its number.
    is_required: Vec<bool>,
    words: WordMatcher<'q>,
    parts: PartFinder,
    fields: ByField<FieldWords>,
}

/// One value for each field.
type ByField<T> = [T; Field::COUNT];

/// A term, and the numbers of its words.
#[derive(Debug)]
struct PreparedTerm<'q> {
    term: &'q Term,
    words: Range<usize>,
    /// Of a single word, or where the words are joined.
    joined: Option<usize>,
}

impl<'q> Highlighter<'q> {
    /// Prepares `query`.
    #[must_use]
    pub fn new(query: &'q Query) -> Highlighter<'q> {
        let mut terms = Vec::new();
        let mut words = Vec::new();
        prepare(&query.root, &mut terms, &mut words);
        let words = WordMatcher::new(words);
        let required = query.terms().into_iter().map(Term::is_required);
        Highlighter {
            query,
            is_required: required.collect(),
            fields: Field::ALL.map(|_| FieldWords::new(words.count())),
            parts: PartFinder::default(),
            terms,
            words,
        }
    }

    /// Finds what satisfied the query in a section. Empty where the section does not match.
    #[must_use]
    pub fn highlights(&mut self, text: &SectionText<'_>) -> Highlights {
        let told = text.facts.lang.and_then(Language::of_tag);
        let headings = match text.headings {
            [] => Cow::Borrowed(""),
            [only] => Cow::Borrowed(only.as_str()),
            several => Cow::Owned(several.join("\n")),
        };
        let texts = [text.title, &headings, text.body, text.name];
        for ((field, text), words) in Field::ALL.into_iter().zip(texts).zip(&mut self.fields) {
            words.clear();
            if self.terms.iter().any(|own| own.term.covers(field)) {
                words.read(text, told, &mut self.words, &mut self.parts);
            }
        }
        let mut finder = SpanFinder {
            facts: &text.facts,
            texts,
            fields: &self.fields,
            words: &self.words,
            next: self.terms.iter(),
        };
        let Ok(evaluation) = evaluate(&self.query.root, &mut finder);
        let mut spans: Vec<FieldSpan> = Vec::new();
        evaluation.satisfied(&mut |_, found| spans.extend_from_slice(found));
        spans.sort_by_key(|span| (span.field, span.range.start, span.range.end, span.term));
        self.by_field(spans, text.headings)
    }

    fn by_field(&self, spans: Vec<FieldSpan>, headings: &[String]) -> Highlights {
        let is_required = |term: usize| self.is_required.get(term).copied().unwrap_or(false);
        let mut found = Highlights::default();
        let starts = starts_of(headings);
        for FieldSpan { field, range, term } in spans {
            match (field, is_required(term)) {
                (Field::Title, true) => found.title.push(range),
                (Field::Heading, true) => found.headings.push(heading_span(&starts, range)),
                (Field::Body, true) => found.body.push(TermSpan { range, term }),
                (Field::Body, false) => found.optional.push(TermSpan { range, term }),
                // A path stays as it is, to be copied.
                (Field::Name, _) | (Field::Title | Field::Heading, false) => {}
            }
        }
        found
    }
}

/// Numbers the words of all terms, in the order in which [`evaluate`] comes to them.
fn prepare<'q>(node: &'q Node, terms: &mut Vec<PreparedTerm<'q>>, words: &mut Vec<&'q QueryWord>) {
    match node {
        Node::Term(term) => {
            let from = words.len();
            words.extend(&term.words);
            let own = from..words.len();
            words.extend(&term.joined);
            terms.push(PreparedTerm {
                term,
                joined: term.joined.as_ref().map(|_| own.end),
                words: own,
            });
        }
        Node::And(nodes) | Node::Or(nodes) => {
            nodes.iter().for_each(|node| prepare(node, terms, words));
        }
        Node::Not(node) => prepare(node, terms, words),
        Node::Filter(_) => {}
    }
}

/// Where each heading begins in the joined path.
fn starts_of(headings: &[String]) -> Vec<usize> {
    let mut next = 0;
    let mut start = |text: &String| {
        let start = next;
        next += text.len() + 1;
        start
    };
    headings.iter().map(&mut start).collect()
}

/// A span of the joined heading path as one of the heading it lies in.
fn heading_span(starts: &[usize], range: Range<usize>) -> HeadingSpan {
    let behind = starts.partition_point(|&start| start <= range.start);
    let heading = behind.max(1) - 1;
    let from = starts.get(heading).copied().unwrap_or_default();
    HeadingSpan {
        heading,
        range: range.start - from..range.end - from,
    }
}

#[derive(Debug, Clone)]
struct FieldSpan {
    field: Field,
    range: Range<usize>,
    term: usize,
}

/// Finds the terms of a query among the words of a section.
struct SpanFinder<'a, 'q> {
    facts: &'a FilterFacts<'a>,
    texts: ByField<&'a str>,
    fields: &'a ByField<FieldWords>,
    words: &'a WordMatcher<'q>,
    /// The terms that are still to be asked for.
    next: std::slice::Iter<'a, PreparedTerm<'q>>,
}

impl Leaves for SpanFinder<'_, '_> {
    type Found = Vec<FieldSpan>;
    type Error = Infallible;

    fn term(&mut self, term: &Term, number: Option<usize>) -> Result<Vec<FieldSpan>, Infallible> {
        let prepared = self.next.next();
        debug_assert!(prepared.is_some_and(|own| std::ptr::eq(own.term, term)));
        let spans = prepared.map(|own| self.spans(own, number.unwrap_or_default()));
        Ok(spans.unwrap_or_default())
    }

    fn occurs(&self, found: &Vec<FieldSpan>) -> bool {
        !found.is_empty()
    }

    fn passes(&mut self, filter: &Filter) -> bool {
        filter.passes(self.facts)
    }
}

impl SpanFinder<'_, '_> {
    fn spans(&self, own: &PreparedTerm<'_>, term: usize) -> Vec<FieldSpan> {
        let mut spans = Vec::new();
        let fields = Field::ALL.into_iter().zip(self.texts).zip(self.fields);
        for ((field, text), found) in fields.filter(|((field, _), _)| own.term.covers(*field)) {
            let mut add = |range| spans.push(FieldSpan { field, range, term });
            let single = (own.words.len() == 1).then_some(own.words.start);
            for number in single.into_iter().chain(own.joined) {
                let word = self.words.word(number);
                let is_meant = |w: &&TextWord| w.is_spelled_as(word, text);
                let meant = found.of(number).filter(is_meant);
                meant.for_each(|w| add(w.range.start..w.end_for(word)));
            }
            if single.is_none() {
                self.phrase(own, found, text).into_iter().for_each(add);
            }
        }
        spans
    }

    /// The spans of a phrase in a field.
    fn phrase(&self, own: &PreparedTerm<'_>, found: &FieldWords, text: &str) -> Vec<Range<usize>> {
        let mut positions: Vec<Vec<u32>> = Vec::with_capacity(own.words.len());
        for number in own.words.clone() {
            let word = self.words.word(number);
            let is_meant = |w: &&TextWord| !w.is_part && w.is_spelled_as(word, text);
            let meant = found.of(number).filter(is_meant);
            let meant: Vec<u32> = meant.map(|w| w.position).collect();
            if meant.is_empty() {
                return Vec::new();
            }
            positions.push(meant);
        }
        let lists: Vec<&[u32]> = positions.iter().map(Vec::as_slice).collect();
        let range = |first: u32, last: u32| {
            let (first, last) = (found.at(first)?, found.at(last)?);
            // Where its last word in the text ends, whichever of the phrase that is.
            let numbers = own
                .words
                .clone()
                .filter(|&number| found.is_for(last, number));
            let end = numbers
                .map(|number| last.end_for(self.words.word(number)))
                .max();
            Some(first.range.start..end.unwrap_or(last.range.end))
        };
        occurrences(&lists, own.term.slop)
            .iter()
            .filter_map(|o| range(o.first, o.last))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Language, Morphology};
    use crate::query::{Mode, parse};

    fn marked(query: &str, body: &str) -> Vec<String> {
        let english = Morphology::of([Language::ENGLISH]);
        let query = parse(query, Mode::default(), &english).expect(query);
        let headings = ["The Minsk Talks".to_string(), "Two agreements".to_string()];
        let text = SectionText {
            title: "On Minsk",
            headings: &headings,
            body,
            name: "",
            facts: FilterFacts::default(),
        };
        let found = highlights(&query, &text);
        let mut all: Vec<String> = found
            .title
            .iter()
            .map(|r| format!("T:{}", &text.title[r.clone()]))
            .collect();
        all.extend(
            found
                .headings
                .iter()
                .map(|h| format!("H{}:{}", h.heading, &headings[h.heading][h.range.clone()])),
        );
        all.extend(found.body.iter().map(|s| body[s.range.clone()].to_string()));
        all
    }

    const BODY: &str = "The Minsk agreements failed. Minsk agreed; an agreement of Minsk\nagreements, Minsk-agreements.";

    #[test]
    fn a_phrase_is_one_span_and_stray_words_are_none() {
        assert_eq!(
            marked("\"minsk agreements\"", BODY),
            ["Minsk agreements", "Minsk-agreements"]
        );
        assert_eq!(
            marked("\"agreement minsk\"~1", BODY),
            ["agreement of Minsk"]
        );
        assert_eq!(
            marked("\"minsk agree*\"", BODY),
            ["Minsk agreements", "Minsk agreed", "Minsk-agreements"]
        );
    }

    #[test]
    fn inflections_prefixes_and_fuzzy_words_are_marked_and_negations_are_not() {
        assert_eq!(
            marked("body:agreement", BODY),
            ["agreements", "agreement", "agreements", "agreements"]
        );
        assert_eq!(marked("body:agreed*", BODY), ["agreed"]);
        assert_eq!(marked("body:failde~", BODY), ["failed"]);
        assert_eq!(marked("failed -nothing", BODY), ["failed"]);
        assert_eq!(marked("failed -minsk", BODY), Vec::<String>::new());
        assert_eq!(marked("failed OR (talks nothing)", BODY), ["failed"]);
    }

    #[test]
    fn possessives_and_the_last_stop_of_initials_are_marked() {
        let body = "Tony Blair met. Tony Blair\u{2019}s car; the Blairs' car. In the U.S. and U.S, e.g. 3.14.";
        assert_eq!(
            marked("\"tony blair\"", body),
            ["Tony Blair", "Tony Blair\u{2019}s"]
        );
        assert_eq!(marked("\"blair\"", body), ["Blair", "Blair\u{2019}s"]);
        assert_eq!(marked("\"blair car\"", body), Vec::<String>::new());
        assert_eq!(marked("U.S.", body), ["U.S.", "U.S"]);
        assert_eq!(marked("\"the u.s.\"", body), ["the U.S."]);
        assert_eq!(marked("3.14", body), ["3.14"]);
    }

    #[test]
    fn other_spellings_are_not_marked_where_one_is_asked_for() {
        let body = "US and us; Re\u{301}sume\u{301}, resume, R\u{e9}sum\u{e9}. The US Act, the us act. 京a";
        assert_eq!(marked("=US", body), ["US", "US"]);
        assert_eq!(marked("=us", body), ["us", "us"]);
        assert_eq!(
            marked("=R\u{e9}sum\u{e9}", body),
            ["Re\u{301}sume\u{301}", "R\u{e9}sum\u{e9}"]
        );
        assert_eq!(marked("=\"the us\"", body), ["the us"]);
        assert_eq!(marked("=\"the US\"", body), Vec::<String>::new());
        assert_eq!(marked("=Agreement", BODY), Vec::<String>::new());
        assert_eq!(marked("=The", BODY), ["H0:The", "The"]);
        assert_eq!(marked("=京", body), ["京"]);
        assert_eq!(marked("=Us OR =resume", body), ["resume"]);
    }

    #[test]
    fn optional_words_are_not_marked() {
        assert_eq!(
            marked("the minsk talks", BODY),
            [
                "T:Minsk", "H0:Minsk", "H0:Talks", "Minsk", "Minsk", "Minsk", "Minsk"
            ]
        );
        assert_eq!(marked("body:(an agreement)", "An agreement"), ["agreement"]);
        assert_eq!(marked("body:(an)", "An agreement"), ["An"]);
        assert_eq!(
            marked("body:(an AND agreement)", "An agreement"),
            ["An", "agreement"]
        );
    }

    #[test]
    fn any_stretch_of_a_script_without_spaces_is_marked_to_the_character() {
        let body = "他在北京大学学习。京a 北京\u{b}大学";
        assert_eq!(marked("body:北京大学", body), ["北京大学", "北京\u{b}大学"]);
        assert_eq!(marked("body:京大", body), ["京大", "京\u{b}大"]);
        assert_eq!(marked("body:京", body), ["京", "京", "京"]);
        assert_eq!(marked("\"京 a\"", body), ["京a"]);
        assert_eq!(marked("\"a 北\"", body), ["a 北"]);
        assert_eq!(marked("body:学*", body), ["学", "学", "学"]);
        assert_eq!(marked("ที", "กที่ป"), ["ที"]);
        assert_eq!(marked("국어", "한국어는"), ["국어"]);
    }

    #[test]
    fn joins_are_marked_that_begin_with_a_word_that_is_not_asked_for() {
        let body = "the wi-fi, a Wi-Fi; listView";
        assert_eq!(marked("body:wifi", body), ["wi-fi", "Wi-Fi"]);
        assert_eq!(marked("body:view", body), ["listView"]);
    }

    #[test]
    fn titles_and_headings_are_marked_where_they_count() {
        assert_eq!(
            marked("minsk talks failed", BODY),
            [
                "T:Minsk", "H0:Minsk", "H0:Talks", "Minsk", "failed", "Minsk", "Minsk", "Minsk"
            ]
        );
        assert_eq!(marked("heading:agreements", BODY), ["H1:agreements"]);
        assert_eq!(marked("\"talks two\"", BODY), Vec::<String>::new());
    }
}
