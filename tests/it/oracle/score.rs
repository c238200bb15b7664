//! Scores by the definition in `engine::ranking`, with nothing kept from one section to the next.

use std::collections::{BTreeMap, BTreeSet};

use excerpt::analysis::Language;
use excerpt::engine::ranking::{
    ALONE, COORDINATION, COVER, FIELD_B, FIELD_WEIGHTS, FIRST, FUNCTION_WORDS, K1, NEARNESS,
    OTHER_FORM, PART, WINDOW,
};
use excerpt::query::{How, Node, Query, QueryWord, Term};

use super::LiveSection;
use super::forms::FormsRule;
use super::phrase::near;
use super::view::{View, covers};

/// What scores depend on beside the section.
pub(super) struct Statistics {
    /// N.
    sections: u64,
    /// The mean number of words of each field.
    average: [f64; 3],
    /// In how many live sections that are told a language each form stands, by field.
    live_df: BTreeMap<String, BTreeMap<Option<Language>, [u64; 4]>>,
    /// Which forms count where.
    pub(super) rule: FormsRule,
}

impl Statistics {
    /// Counts over all live sections.
    pub(super) fn of(sections: &[LiveSection]) -> Statistics {
        let count = sections.len() as u64;
        let mut live_df: BTreeMap<String, BTreeMap<_, [u64; 4]>> = BTreeMap::new();
        let mut words = [0usize; 3];
        for live in sections {
            for (sum, own) in words.iter_mut().zip(&live.fields) {
                *sum += own.len();
            }
            for field in [0, 1, 2, 3] {
                let forms: BTreeSet<&str> = live.all_in(field).map(|w| w.form.as_str()).collect();
                for form in forms {
                    let by_language = live_df.entry(form.to_string()).or_default();
                    by_language.entry(live.told).or_default()[field] += 1;
                }
            }
        }
        let average = words.map(|sum| {
            if count == 0 {
                0.0
            } else {
                sum as f64 / count as f64
            }
        });
        Statistics {
            sections: count,
            average,
            live_df,
            rule: FormsRule::Everywhere,
        }
    }

    /// min(N, the sum over the forms of the form's live df, the largest over the fields that the term covers).
    fn df(&self, term: &Term, word: &QueryWord) -> u64 {
        let mut sum = 0;
        for (form, by_language) in &self.live_df {
            let own = by_language
                .iter()
                .filter(|(told, _)| self.rule.stands_for(word, form, **told));
            let mut by_field = [0; 4];
            for (_, own) in own {
                (0..4).for_each(|field| by_field[field] += own[field]);
            }
            sum += (0..4)
                .filter(|&field| covers(term, field))
                .map(|field| by_field[field])
                .max()
                .unwrap_or(0);
        }
        sum.min(self.sections)
    }

    fn idf(&self, term: &Term) -> f64 {
        let n = self.sections as f64;
        let mut sum = 0.0;
        for word in &term.words {
            let df = self.df(term, word) as f64;
            sum += libm::log(1.0 + (n - df + 0.5) / (df + 0.5));
        }
        sum
    }

    /// The frequency over all fields, from that of each field.
    fn tf(&self, per_field: [f64; 4], live: &LiveSection) -> f64 {
        let mut tf = 0.0;
        for f in 0..4 {
            if per_field[f] != 0.0 {
                tf += FIELD_WEIGHTS[f] * self.normed(f, per_field[f], live);
            }
        }
        tf
    }

    /// A field's frequency by its length.
    fn normed(&self, f: usize, n: f64, live: &LiveSection) -> f64 {
        n / self.norm(f, live.fields[f].len() as f64)
    }

    fn norm(&self, f: usize, len: f64) -> f64 {
        // A name has no length.
        let average = self.average.get(f).copied().unwrap_or(0.0);
        if average == 0.0 {
            1.0
        } else {
            1.0 - FIELD_B[f] + FIELD_B[f] * (len / average)
        }
    }
}

/// Scores the sections that one query matches.
pub(super) struct Scorer<'a> {
    statistics: &'a Statistics,
    query: &'a Query,
    /// The terms that score, in query order, and the W of each.
    terms: Vec<(&'a Term, f64)>,
    pairs: Vec<(usize, usize)>,
}

impl<'a> Scorer<'a> {
    /// Weighs the terms of `query`.
    pub(super) fn new(statistics: &'a Statistics, query: &'a Query) -> Scorer<'a> {
        let weighed = |term: &'a Term| {
            let weight = term.weight * statistics.idf(term);
            (
                term,
                if term.is_function {
                    weight * FUNCTION_WORDS
                } else {
                    weight
                },
            )
        };
        let terms: Vec<(&Term, f64)> = query.terms().into_iter().map(weighed).collect();
        let mut pairs = Vec::new();
        collect_pairs(&query.root, &mut pairs);
        let index = |term: &Term| {
            terms
                .iter()
                .position(|(own, _)| std::ptr::eq(*own, term))
                .expect("a scoring term")
        };
        let mut pairs: Vec<(usize, usize)> = pairs
            .into_iter()
            .map(|(a, b)| (index(a), index(b)))
            .collect();
        pairs.sort_unstable();
        Scorer {
            statistics,
            query,
            terms,
            pairs,
        }
    }

    /// The score of a section that matches.
    pub(super) fn score(&self, view: &View<'_>) -> f64 {
        let mut counting = Vec::new();
        view.counting(&self.query.root, &mut counting);
        let counts = |term: &Term| counting.iter().any(|own| std::ptr::eq(*own, term));
        if self.terms.is_empty() {
            return 0.0;
        }
        let (mut all, mut counted, mut base) = (0.0, 0.0, 0.0);
        for (term, weight) in &self.terms {
            all += weight;
            if counts(term) {
                counted += weight;
                base += weight * self.earned(view, term);
            }
        }
        let mut cover = 0.0;
        for f in [0, 1] {
            cover += self.cover(view, f, &counts);
        }
        let mut nearness = 0.0;
        for &(i, j) in &self.pairs {
            if counts(self.terms[i].0) && counts(self.terms[j].0) {
                nearness += self.near(view, i, j);
            }
        }
        (1.0 + COORDINATION * (counted / all)) * ((base + cover) + nearness)
    }

    /// What a term's frequencies earn of its weight.
    fn earned(&self, view: &View<'_>, term: &Term) -> f64 {
        let counts = [0, 1, 2, 3].map(|f| count(view, term, f));
        let mut alone = 0.0;
        for f in [0, 1] {
            if counts[f] != 0.0 {
                alone += saturated(self.statistics.normed(f, counts[f], view.live));
            }
        }
        saturated(self.statistics.tf(counts, view.live)) + ALONE * alone
    }

    /// What the title or the heading adds where the query's words make it up.
    fn cover(&self, view: &View<'_>, f: usize, counts: &impl Fn(&Term) -> bool) -> f64 {
        let (mut weight, mut words) = (0.0, 0);
        for (i, (term, own)) in self.terms.iter().enumerate() {
            let occurrences = view.occurrences(term, f).len() - parts_of(view, term, f);
            if occurrences == 0 || !counts(term) {
                continue;
            }
            weight += own;
            let is_same = |(other, _): &(&Term, f64)| {
                other.words == term.words && other.slop == term.slop && other.field == term.field
            };
            if !self.terms[..i].iter().any(is_same) {
                words += occurrences * term.words.len();
            }
        }
        if words == 0 {
            return 0.0;
        }
        let share = (words as f64 / view.live.fields[f].len() as f64).min(1.0);
        let factor = if f == 0 && view.live.order == 0 {
            COVER[0] + FIRST
        } else {
            COVER[f]
        };
        factor * weight * (share * share)
    }

    /// What a pair of near words adds.
    fn near(&self, view: &View<'_>, i: usize, j: usize) -> f64 {
        let ((a, weight_a), (b, weight_b)) = (self.terms[i], self.terms[j]);
        let at = |term: &Term, f| {
            if covers(term, f) {
                view.positions(&term.words[0], f)
            } else {
                Vec::new()
            }
        };
        let per_field = [0, 1, 2, 3].map(|f| near(&at(a, f), &at(b, f), WINDOW));
        let tf = self.statistics.tf(per_field, view.live);
        let idf = if weight_a < weight_b {
            weight_a
        } else {
            weight_b
        };
        if tf > 0.0 {
            NEARNESS * idf * saturated(tf)
        } else {
            0.0
        }
    }
}

/// n_f: occurrences, of a word those in another form than the query's for less.
fn count(view: &View<'_>, term: &Term, f: usize) -> f64 {
    let all = view.occurrences(term, f).len();
    let exact = match term.words.as_slice() {
        [word] if covers(term, f) => {
            let own = view.live.fields[f].iter();
            let is_written = |form: &str| form == word.form || word.how == How::Character;
            own.filter(|w| is_written(&w.form) && view.stands_for(word, &w.form))
                .count()
        }
        _ => all - view.joined(term, f).len(),
    };
    let parts = parts_of(view, term, f);
    (exact as f64 + OTHER_FORM * (all - exact - parts) as f64) + PART * parts as f64
}

/// How often a word occurs as a part of others.
fn parts_of(view: &View<'_>, term: &Term, f: usize) -> usize {
    match term.words.as_slice() {
        [word] if covers(term, f) => view.parts(word, f).len(),
        _ => 0,
    }
}

fn saturated(tf: f64) -> f64 {
    tf * (K1 + 1.0) / (tf + K1)
}

/// Collects the bare words that follow each other in a group, negations and filters between them left out.
fn collect_pairs<'q>(node: &'q Node, found: &mut Vec<(&'q Term, &'q Term)>) {
    let (Node::And(children) | Node::Or(children)) = node else {
        return;
    };
    let rest: Vec<&Node> = children
        .iter()
        .filter(|c| !matches!(c, Node::Not(_)) && !is_of_filters(c))
        .collect();
    for two in rest.windows(2) {
        if let [Node::Term(a), Node::Term(b)] = two
            && a.is_bare
            && b.is_bare
            && a.field == b.field
        {
            found.push((a, b));
        }
    }
    for child in rest {
        collect_pairs(child, found);
    }
}

fn is_of_filters(node: &Node) -> bool {
    match node {
        Node::Filter(_) => true,
        Node::Term(_) => false,
        Node::Not(child) => is_of_filters(child),
        Node::And(children) | Node::Or(children) => children.iter().all(is_of_filters),
    }
}
