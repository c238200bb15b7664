//! Ranking: what a score is. Every engine computes this, bit for bit; the tests hold one to it from this text alone.
//!
//! # Definition
//!
//! The unit is the section. N is the number of live sections of the whole index, filters or not. A section has three
//! fields: title (its article's), heading (its heading path), body (its text); `len_f` is the number of words of field
//! f, `avg_f` its mean over the live sections.
//!
//! **Frequency.** `n_f(t)` counts the occurrences of term t in field f, 0 for a field that the term does not cover. For
//! a word those are the words of the field that it stands for: as it was written each counts 1, in another form
//! [`OTHER_FORM`], so that `n_f = exact + OTHER_FORM · others`. For a phrase it is the number of its occurrences
//! ([`crate::query::occurrences`]). With `x_f = n_f(t) / norm_f`, norm_f = 1 − b_f + b_f · (len_f / avg_f) (1 where
//! avg_f is 0),
//!
//! > tf(t) = Σ_f w_f · x_f
//!
//! added up from title to body, fields with n_f = 0 left out.
//!
//! **Rarity.** The df of a word is min(N, Σ over the forms it stands for of the form's live df), a form's live df being
//! the number of live sections that hold it in a field, the largest over the fields that the term covers;
//! `idf(df) = ln(1 + (N − df + 0.5) / (df + 0.5))`. The idf of a term is the sum of its words' idf, in order: that of a
//! phrase is a sum because the number of sections with a phrase is not known without reading them all.
//!
//! **Contribution.** A frequency x earns `s(x) = x · (K1 + 1) / (x + K1)`. The weight of a term is
//! `W = weight · idf`, `weight` being the query's, for a function word ([`crate::query::Term::is_function`]) times
//! [`FUNCTION_WORDS`]. A term contributes `W · (s(tf) + ALONE · a)`, where `a` is the sum of `s(x_f)` over title and
//! heading, those with n_f = 0 left out: a title says what a section is about, however often its text does too.
//!
//! **Cover.** A title or heading that the query's words make up is what was asked for. For f in title, heading, W_f is
//! the sum of the W of the terms that occur in f, in the order of the query, and h_f the number of words of their
//! occurrences (for a phrase, the number of its occurrences times that of its words; a term that equals an earlier one of
//! the query but for its weight adds none). Where h_f > 0, cover adds `c_f · W_f · (min(1, h_f / len_f))²`, c_f being
//! [`COVER`], for the title of the article's first section, whose heading it is, `COVER + FIRST`.
//!
//! **Nearness.** Two bare words ([`crate::query::Term::is_bare`]) that follow each other among the terms of one group
//! of the query, with only negations and filters between them, and that cover the same fields, are a pair. Its
//! frequency in a field is [`crate::query::nearness`] of the two words' positions there (window [`WINDOW`]) instead
//! of n_f; its idf is the smaller of the two words' W; its contribution is `NEARNESS · idf · s(tf)`. It counts where
//! both its words do, and the frequency is above 0.
//!
//! **Score.** Terms count where they satisfy the query: a term under an alternative that does not match, or under a
//! negation, does not.
//!
//! > score = (1 + COORDINATION · (W of the terms that count / W of all terms)) · ((base + cover) + near)
//!
//! `base` is the sum of the terms' contributions in the order of the query, `cover` that of title and heading, `near`
//! that of the pairs' in the order of their first words; these sums and those of W go from 0 on. The terms under a
//! negation are none of "all terms"; without terms the score is 0. All in f64; `ln` is that of `libm`.
//!
//! **Order.** Higher scores first; ties by the path's bytes, then by the section's order in its article.
//!
//! **Hits.** A section that matches is a hit where a term that counts occurs in its heading or body, or where it is
//! the first of its article, or where the query has no terms (filters only; the score is 0).
//!
//! [`Ranking`] may say other values of K1, w_f, b_f and the names in capitals.
//!
//! Source: BM25F, Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
//! 3.6; idf with 1 + as in Lucene's `BM25Similarity`, which also adds up the idf of a phrase's words; nearness after
//! Büttcher, Clarke and Lushman (2006); coordination after Lucene's `TFIDFSimilarity`, by weight instead of number. The
//! values were searched for on seven judged collections of articles, questions and links.

use crate::query::{Node, Query, Term};

/// How soon more occurrences stop to count.
pub const K1: f64 = 1.5;
/// What an occurrence counts in the title, the heading path and the text.
pub const FIELD_WEIGHTS: [f64; 3] = [1.5, 3.5, 1.0];
/// How much longer fields weaken an occurrence, from 0 (not) to 1 (in proportion).
pub const FIELD_B: [f64; 3] = [0.75, 0.75, 0.75];
/// What an occurrence in another form than the query's counts.
pub const OTHER_FORM: f64 = 0.55;
/// What the weight of a function word is multiplied by.
pub const FUNCTION_WORDS: f64 = 0.2;
/// What the title and the heading count once more, each by itself.
pub const ALONE: f64 = 0.6;
/// What a title, and a heading path, count that the query's words make up.
pub const COVER: [f64; 2] = [1.75, 0.4];
/// What such a title counts more for the article's first section.
pub const FIRST: f64 = 0.4;
/// What a pair of near words counts beside its words.
pub const NEARNESS: f64 = 0.4;
/// What it is worth to hold more of the query.
pub const COORDINATION: f64 = 0.5;
/// Up to which distance in words a pair is near.
pub const WINDOW: u32 = 64;

/// The values that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// In place of [`K1`]; above 0.
    pub k1: f64,
    /// In place of [`FIELD_WEIGHTS`]; not below 0.
    pub field_weights: [f64; 3],
    /// In place of [`FIELD_B`]; from 0 to 1.
    pub field_b: [f64; 3],
    /// In place of [`OTHER_FORM`]; from 0 to 1.
    pub other_form: f64,
    /// In place of [`FUNCTION_WORDS`]; above 0.
    pub function_words: f64,
    /// In place of [`ALONE`]; not below 0.
    pub alone: f64,
    /// In place of [`COVER`]; not below 0.
    pub cover: [f64; 2],
    /// In place of [`FIRST`]; not below 0.
    pub first: f64,
    /// In place of [`NEARNESS`]; not below 0.
    pub nearness: f64,
    /// In place of [`COORDINATION`]; not below 0.
    pub coordination: f64,
}

impl Default for Ranking {
    fn default() -> Ranking {
        Ranking {
            k1: K1,
            field_weights: FIELD_WEIGHTS,
            field_b: FIELD_B,
            other_form: OTHER_FORM,
            function_words: FUNCTION_WORDS,
            alone: ALONE,
            cover: COVER,
            first: FIRST,
            nearness: NEARNESS,
            coordination: COORDINATION,
        }
    }
}

impl Ranking {
    /// The share of `k1 + 1` that a frequency earns.
    #[must_use]
    pub fn saturation(&self, tf: f64) -> f64 {
        tf * (self.k1 + 1.0) / (tf + self.k1)
    }

    /// W: the weight of a term whose words' idf add up to `idf`.
    #[must_use]
    pub fn weight(&self, term: &Term, idf: f64) -> f64 {
        let weight = term.weight * idf;
        match term.is_function {
            true => weight * self.function_words,
            false => weight,
        }
    }

    /// n: how much so many occurrences as written, and so many in other forms, count.
    #[must_use]
    pub fn count(&self, exact: u64, others: u64) -> f64 {
        exact as f64 + self.other_form * others as f64
    }

    /// What the title (0) or the heading (1) counts that the query's words make up, in a section of this order.
    #[must_use]
    pub fn cover_factor(&self, field: usize, order: u32) -> f64 {
        match (field, order) {
            (0, 0) => self.cover[0] + self.first,
            _ => self.cover[field],
        }
    }

    /// What a title or heading of `len` words adds that counts so, where terms of this weight make up `words` of it.
    #[must_use]
    pub fn cover(&self, factor: f64, weight: f64, words: u64, len: u64) -> f64 {
        let share = (words as f64 / len as f64).min(1.0);
        factor * weight * (share * share)
    }

    /// What a score is multiplied by where terms of the weight `counted` out of `all` count.
    #[must_use]
    pub fn coordination(&self, counted: f64, all: f64) -> f64 {
        1.0 + self.coordination * (counted / all)
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

/// What the frequencies of a term earn of its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Earned {
    /// The frequency over all fields.
    pub tf: f64,
    /// s(tf).
    pub saturation: f64,
    /// What title and heading add by themselves.
    pub alone: f64,
}

impl Earned {
    /// What a term of this weight contributes.
    #[must_use]
    pub fn of(&self, weight: f64) -> f64 {
        weight * (self.saturation + self.alone)
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

    /// What a term earns that is counted so in each field.
    #[must_use]
    pub fn earned(&self, per_field: [f64; 3], lens: impl Fn(usize) -> u64) -> Earned {
        let (mut tf, mut alone) = (0.0, 0.0);
        for (f, n) in per_field.into_iter().enumerate() {
            if n > 0.0 {
                let x = n / self.norm(f, lens(f));
                tf += self.ranking.field_weights[f] * x;
                if f < 2 {
                    alone += self.ranking.saturation(x);
                }
            }
        }
        Earned {
            tf,
            saturation: self.ranking.saturation(tf),
            alone: self.ranking.alone * alone,
        }
    }

    /// tf: the frequency over all fields, from that of each field.
    #[must_use]
    pub fn frequency(&self, per_field: [f64; 3], lens: impl Fn(usize) -> u64) -> f64 {
        let mut sum = 0.0;
        for (f, n) in per_field.into_iter().enumerate() {
            if n > 0.0 {
                sum += self.ranking.field_weights[f] * (n / self.norm(f, lens(f)));
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
        let english = Morphology::of([Language::ENGLISH]);
        let of = |text: &str| pairs(&parse(text, Mode::default(), &english).expect(text));
        assert_eq!(of("w x -n path:p y"), [(0, 1), (1, 2)]);
        assert_eq!(of("w \"x\" y"), []);
        assert_eq!(of("w (x y) z title:t title:u"), [(1, 2), (4, 5)]);
    }
}
