//! A section as a query sees it: what matches in it, by definition.

use excerpt::query::{Field, How, Node, QueryWord, Term, TermRole};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::LiveSection;
use super::edits::within_edits;
use super::phrase::{Spot, spots};

/// A section.
pub(super) struct View<'a> {
    pub(super) live: &'a LiveSection,
}

impl View<'_> {
    /// The positions in a field at which words stand that `word` stands for.
    pub(super) fn positions(&self, word: &QueryWord, field: usize) -> Vec<u32> {
        let is_meant = |form: &str| stands_for(word, form);
        self.live.fields[field]
            .iter()
            .filter(|w| is_meant(&w.form))
            .map(|w| w.position)
            .collect()
    }

    /// The occurrences of a term in a field; none in a field that it does not cover.
    pub(super) fn occurrences(&self, term: &Term, field: usize) -> Vec<Spot> {
        if !covers(term, field) {
            return Vec::new();
        }
        let lists: Vec<Vec<u32>> = term
            .words
            .iter()
            .map(|word| self.positions(word, field))
            .collect();
        match lists.as_slice() {
            [only] => only.iter().map(|&p| Spot { first: p, last: p }).collect(),
            _ => spots(&lists, term.slop),
        }
    }

    /// Whether the section satisfies `node`.
    pub(super) fn matches(&self, node: &Node) -> bool {
        match node {
            Node::Term(term) => (0..3).any(|field| !self.occurrences(term, field).is_empty()),
            Node::And(children) => required_of(children)
                .into_iter()
                .all(|child| self.matches(child)),
            Node::Or(children) => required_of(children)
                .into_iter()
                .any(|child| self.matches(child)),
            Node::Not(child) => !self.matches(child),
            Node::Filter(filter) => filter.passes(&self.live.facts()),
        }
    }

    /// The terms below `node` that satisfy the query: none below an alternative that does not match, nor below a
    /// negation.
    pub(super) fn counting<'q>(&self, node: &'q Node, found: &mut Vec<&'q Term>) {
        if !self.matches(node) {
            return;
        }
        match node {
            Node::Term(term) => found.push(term),
            Node::And(children) | Node::Or(children) => children
                .iter()
                .for_each(|child| self.counting(child, found)),
            Node::Not(_) | Node::Filter(_) => {}
        }
    }
}

/// The children of a group that it matches by: those that are not optional, or all where it is optional itself.
fn required_of(children: &[Node]) -> Vec<&Node> {
    match children.iter().all(is_optional) {
        true => children.iter().collect(),
        false => children
            .iter()
            .filter(|child| !is_optional(child))
            .collect(),
    }
}

/// An optional term, or a group of nothing else.
fn is_optional(node: &Node) -> bool {
    match node {
        Node::Term(term) => term.role == TermRole::Optional,
        Node::And(children) | Node::Or(children) => children.iter().all(is_optional),
        Node::Not(_) | Node::Filter(_) => false,
    }
}

/// Whether a query word stands for `form`.
pub(super) fn stands_for(word: &QueryWord, form: &str) -> bool {
    if word.also.iter().any(|alias| stands_for(alias, form)) {
        return true;
    }
    stands_as_written(word, form)
        || (word.ignores_tones
            && untoned(form).is_some_and(|plain| stands_as_written(word, &plain)))
}

fn stands_as_written(word: &QueryWord, form: &str) -> bool {
    match &word.how {
        How::Exact => form == word.form,
        How::Quoted => form == word.form || form == format!("{}'s", word.form),
        How::Inflected { classes } => classes
            .iter()
            .any(|class| class.language.stem(form) == class.stem),
        How::Prefix | How::Character => form.starts_with(&word.form),
        How::Fuzzy { edits } => within_edits(&word.form, form, *edits),
    }
}

/// A form that has a letter with a horn, or one of those from ạ to ỹ, without the marks of its Latin letters.
fn untoned(form: &str) -> Option<String> {
    let is_toned = |c: char| "ơƠưƯ".contains(c) || ('ạ'..='ỹ').contains(&c) || c == 'Ạ';
    if !form.nfc().any(is_toned) {
        return None;
    }
    let mut plain = String::new();
    let mut is_latin = false;
    for c in form.nfd() {
        let is_mark = is_combining_mark(c);
        if !is_mark {
            is_latin = c.is_ascii_alphabetic() || (c.is_alphabetic() && c < '\u{250}');
        }
        match c {
            'đ' => plain.push('d'),
            _ if is_mark && is_latin => {}
            _ => plain.push(c),
        }
    }
    Some(plain.nfc().collect())
}

/// Whether a term is looked for in a field.
pub(super) fn covers(term: &Term, field: usize) -> bool {
    match term.field {
        None => true,
        Some(Field::Title) => field == 0,
        Some(Field::Heading) => field == 1,
        Some(Field::Body) => field == 2,
    }
}
