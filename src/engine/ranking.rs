//! Ranking: what a score is. Every engine computes this, bit for bit; the tests hold one to it from this text alone.
//!
//! # Definition
//!
//! The unit is the section. N is the number of live sections of the whole index, filters or not. A section has three
//! fields: title (its article's), heading (its heading path), body (its text); `len_f` is the number of words of field
//! f, `avg_f` its mean over the live sections.
//!
//! **Frequency.** `n_f(t)` is the number of occurrences of term t in field f, 0 for a field that the term does not
//! cover. For a word those are the words of the field that it stands for, for a phrase its occurrences
//! ([`crate::query::occurrences`]). Over the fields
//!
//! > tf(t) = Σ_f w_f · n_f(t) / norm_f, norm_f = 1 − b_f + b_f · (len_f / avg_f) (1 where avg_f is 0)
//!
//! added up from title to body, fields with n_f = 0 left out.
//!
//! **Rarity.** The df of a word is min(N, Σ over the forms it stands for of the form's live df), a form's live df being
//! the number of live sections that hold it in a field, the largest over the fields that the term covers;
//! `idf(df) = ln(1 + (N − df + 0.5) / (df + 0.5))`. The idf of a term is the sum of its words' idf, in order: that of a
//! phrase is a sum because the number of sections with a phrase is not known without reading them all.
//!
//! **Contribution** of a term: `weight · idf · (tf · (K1 + 1) / (tf + K1))`, `weight` being the query's.
//!
//! **Nearness.** Two bare words ([`crate::query::Term::is_bare`]) that follow each other among the terms of one group
//! of the query, with only negations and filters between them, and that cover the same fields, are a pair. Its
//! frequency in a field is [`crate::query::nearness`] of the two words' positions there (window [`WINDOW`]) instead
//! of n_f; its idf is the smaller of the two words' `weight · idf`; its contribution is
//! `NEARNESS · idf · (tf · (K1 + 1) / (tf + K1))`. It counts where both its words do, and the frequency is above 0.
//!
//! **Score.** Terms count where they satisfy the query: a term under an alternative that does not match, or under a
//! negation, does not. `score = base + near`: `base` is the sum of the terms' contributions in the order of the query,
//! `near` that of the pairs' in the order of their first words, both from 0 on. All in f64; `ln` is that of `libm`.
//!
//! **Order.** Higher scores first; ties by the path's bytes, then by the section's order in its article.
//!
//! **Hits.** A section that matches is a hit where a term that counts occurs in its heading or body, or where it is
//! the first of its article, or where the query has no terms (filters only; the score is 0).
//!
//! [`Ranking`] may say other values of K1, w_f, b_f and NEARNESS.
//!
//! Source: BM25F, Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
//! 3.6; idf with 1 + as in Lucene's `BM25Similarity`, which also adds up the idf of a phrase's words; nearness after
//! Büttcher, Clarke and Lushman (2006).

use crate::query::{Node, Query, Term};

/// How soon more occurrences stop to count.
pub const K1: f64 = 1.2;
/// What an occurrence counts in the title, the heading path and the text.
pub const FIELD_WEIGHTS: [f64; 3] = [5.0, 5.0, 1.0];
/// How much longer fields weaken an occurrence, from 0 (not) to 1 (in proportion).
pub const FIELD_B: [f64; 3] = [0.75, 0.75, 0.75];
/// What a pair of near words counts beside its words.
pub const NEARNESS: f64 = 0.7;
/// Up to which distance in words a pair is near.
pub const WINDOW: u32 = 8;

/// The values that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// In place of [`K1`]; above 0.
    pub k1: f64,
    /// In place of [`FIELD_WEIGHTS`]; not below 0.
    pub field_weights: [f64; 3],
    /// In place of [`FIELD_B`]; from 0 to 1.
    pub field_b: [f64; 3],
    /// In place of [`NEARNESS`]; not below 0.
    pub nearness: f64,
}

impl Default for Ranking {
    fn default() -> Ranking {
        Ranking {
            k1: K1,
            field_weights: FIELD_WEIGHTS,
            field_b: FIELD_B,
            nearness: NEARNESS,
        }
    }
}

impl Ranking {
    /// The share of `k1 + 1` that a frequency earns.
    #[must_use]
    pub fn saturation(&self, tf: f64) -> f64 {
        tf * (self.k1 + 1.0) / (tf + self.k1)
    }

    /// What a pair of this idf and frequency adds.
    #[must_use]
    pub fn pair(&self, idf: f64, tf: f64) -> f64 {
        self.nearness * idf * self.saturation(tf)
    }

    /// The most that a pair of this idf adds, whatever the section.
    #[must_use]
    pub fn pair_bound(&self, idf: f64) -> f64 {
        self.nearness * idf * (self.k1 + 1.0) * (1.0 + 1e-12)
    }
}

/// What scores depend on beside the section: the live sections of the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    /// The values that were chosen.
    pub ranking: Ranking,
    /// N.
    pub sections: u64,
    /// The mean number of words of each field.
    pub average_len: [f64; 3],
}

impl Totals {
    /// From the sums over all live sections.
    #[must_use]
    pub fn new(ranking: Ranking, sections: u64, words: [u64; 3]) -> Totals {
        let average = |sum: u64| {
            if sections == 0 {
                0.0
            } else {
                sum as f64 / sections as f64
            }
        };
        Totals {
            ranking,
            sections,
            average_len: words.map(average),
        }
    }

    /// The rarity of a word that `df` sections hold.
    #[must_use]
    pub fn idf(&self, df: u64) -> f64 {
        let n = self.sections as f64;
        let df = df.min(self.sections) as f64;
        libm::log(1.0 + (n - df + 0.5) / (df + 0.5))
    }

    /// tf: the frequency over all fields, from that of each field.
    #[must_use]
    pub fn frequency(&self, per_field: [f64; 3], lens: impl Fn(usize) -> u64) -> f64 {
        let mut sum = 0.0;
        for (f, n) in per_field.into_iter().enumerate() {
            if n > 0.0 {
                sum += self.ranking.field_weights[f] * n / self.norm(f, lens(f));
            }
        }
        sum
    }

    fn norm(&self, field: usize, len: u64) -> f64 {
        let average = self.average_len[field];
        if average == 0.0 {
            1.0
        } else {
            let b = self.ranking.field_b[field];
            1.0 - b + b * (len as f64 / average)
        }
    }
}

/// The pairs of near words of a query, as indexes into [`Query::terms`].
#[must_use]
pub fn pairs(query: &Query) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut next = 0;
    collect_pairs(&query.root, &mut next, &mut found);
    found.sort_unstable();
    found
}

/// Collects the pairs below `node`; `next` is the index of its first term. Returns the term that `node` is.
fn collect_pairs<'a>(
    node: &'a Node,
    next: &mut usize,
    found: &mut Vec<(usize, usize)>,
) -> Option<(usize, &'a Term)> {
    match node {
        Node::Term(term) => {
            *next += 1;
            Some((*next - 1, term))
        }
        Node::And(nodes) | Node::Or(nodes) => {
            let mut last: Option<(usize, &Term)> = None;
            for child in nodes
                .iter()
                .filter(|child| !matches!(child, Node::Not(_)) && !child.is_filter())
            {
                let this = collect_pairs(child, next, found);
                if let (Some((i, a)), Some((j, b))) = (last, this)
                    && a.is_bare
                    && b.is_bare
                    && a.field == b.field
                {
                    found.push((i, j));
                }
                last = this;
            }
            None
        }
        Node::Not(_) | Node::Filter(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Language, Morphology};
    use crate::query::{Mode, parse};

    #[test]
    fn rare_words_count_more_and_frequencies_saturate() {
        let totals = Totals::new(Ranking::default(), 100, [0, 100, 1000]);
        assert!(
            totals.idf(1) > totals.idf(10)
                && totals.idf(10) > totals.idf(100)
                && totals.idf(100) > 0.0
        );
        assert_eq!(totals.frequency([0.0, 0.0, 2.0], |_| 10), 2.0);
        assert_eq!(
            totals.frequency([2.0, 0.0, 0.0], |_| 10),
            2.0 * FIELD_WEIGHTS[0]
        );
        let saturation = |tf| Ranking::default().saturation(tf);
        assert!(saturation(1e9) <= K1 + 1.0 && saturation(1.0) == 1.0);
    }

    #[test]
    fn neighbours_of_one_group_are_pairs() {
        let english = Morphology::new(Language::English);
        let of = |text: &str| pairs(&parse(text, Mode::default(), &english).expect(text));
        assert_eq!(of("w x -n path:p y"), [(0, 1), (1, 2)]);
        assert_eq!(of("w \"x\" y"), []);
        assert_eq!(of("w (x y) z title:t title:u"), [(1, 2), (4, 5)]);
    }
}
