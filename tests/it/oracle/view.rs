//! A section as a query sees it: what matches in it, by definition.

use std::collections::BTreeMap;

use excerpt::query::{Field, Node, QueryWord, Term, TermRole};

use super::LiveSection;
use super::forms::FormsRule;
use super::phrase::{Spot, spots};
use super::spelling::is_spelled;

/// A section.
pub(super) struct View<'a> {
    pub(super) live: &'a LiveSection,
    pub(super) rule: &'a FormsRule,
}

impl View<'_> {
    /// Whether a query word stands for `form` here.
    pub(super) fn stands_for(&self, word: &QueryWord, form: &str) -> bool {
        self.rule.stands_for(word, form, self.live.told)
    }

    /// Where the parts of other words stand first in a field that `word` stands for.
    pub(super) fn parts(&self, word: &QueryWord, field: usize) -> Vec<u32> {
        let own = self
            .live
            .all_in(field)
            .filter(|w| w.form.starts_with('\u{1}'));
        let meant = own.filter(|w| self.stands_for(word, &w.form));
        let mut first: BTreeMap<&str, u32> = BTreeMap::new();
        for part in meant {
            first.entry(&part.form).or_insert(part.position);
        }
        first.into_values().collect()
    }

    /// The positions in a field at which words stand that `word` stands for; parts of other words have none.
    pub(super) fn positions(&self, word: &QueryWord, field: usize) -> Vec<u32> {
        let is_meant = |form: &str| self.stands_for(word, form);
        let own = self.live.all_in(field);
        let own = own.filter(|w| !w.form.starts_with('\u{1}') && is_meant(&w.form));
        let mut positions: Vec<u32> = own.map(|w| w.position).collect();
        positions.sort_unstable();
        positions
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
        let mut found: Vec<Spot> = match lists.as_slice() {
            [only] => {
                let parts = self.parts(&term.words[0], field);
                let all = only.iter().chain(&parts);
                all.map(|&p| Spot { first: p, last: p }).collect()
            }
            _ => spots(&lists, term.slop),
        };
        found.extend(self.joined(term, field));
        found
    }

    /// Where the word stands that the words of a term are joined to.
    pub(super) fn joined(&self, term: &Term, field: usize) -> Vec<Spot> {
        let own = term.joined.iter().filter(|_| covers(term, field));
        let positions = own.flat_map(|word| self.positions(word, field));
        positions.map(|p| Spot { first: p, last: p }).collect()
    }

    /// The occurrences of a term in a field in the spelling that it asks for; all, where it asks for none.
    pub(super) fn spelled(&self, term: &Term, field: usize) -> Vec<Spot> {
        if term.words.iter().all(|word| word.spelling.is_none()) || !covers(term, field) {
            return self.occurrences(term, field);
        }
        let text = self.live.text_of(field);
        let of_word = |word: &QueryWord| -> Vec<u32> {
            let own = self.live.fields[field].iter();
            let meant =
                own.filter(|w| self.stands_for(word, &w.form) && is_spelled(word, w, &text));
            meant.map(|w| w.position).collect()
        };
        let lists: Vec<Vec<u32>> = term.words.iter().map(of_word).collect();
        match lists.as_slice() {
            [only] => only.iter().map(|&p| Spot { first: p, last: p }).collect(),
            _ => spots(&lists, term.slop),
        }
    }

    /// Whether the section satisfies `node`.
    pub(super) fn matches(&self, node: &Node) -> bool {
        match node {
            Node::Term(term) => (0..4).any(|field| !self.spelled(term, field).is_empty()),
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

/// Whether a term is looked for in a field.
pub(super) fn covers(term: &Term, field: usize) -> bool {
    match term.field {
        None => true,
        Some(Field::Title) => field == 0,
        Some(Field::Heading) => field == 1,
        Some(Field::Body) => field == 2,
        Some(Field::Name) => field == 3,
    }
}
