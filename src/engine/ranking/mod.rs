//! Ranking: what a score is. Every engine computes this, bit for bit; the tests hold one to it from this text alone.
//!
//! # Definition
//!
//! The unit is the section. N is the number of live sections of the whole index, filters or not. A section has four
//! fields: title (its article's), heading (its heading path), body (its text), and name, which holds the name of the file
//! without its ending in the first section of the source's first article, and nothing in others. Of the first three,
//! `len_f` is the number of words of field f, `avg_f` its mean over the live sections; a name has no length, since a mean
//! over sections that mostly have none would say nothing.
//!
//! **Frequency.** `n_f(t)` counts the occurrences of term t in field f, 0 for a field that the term does not cover. For
//! a word those are the words of the field that it stands for, and the parts and joins ([`crate::analysis::parts`]): as
//! it was written each counts 1, in another form or as a join [`OTHER_FORM`], each part once [`PART`], so that
//! `n_f = (exact + OTHER_FORM · others) + PART · parts`. For a phrase it is the number of its occurrences
//! ([`crate::query::occurrences`]); those of the word that it is joined to are others. With `x_f = n_f(t) / norm_f`,
//! norm_f = 1 − b_f + b_f · (len_f / avg_f) (1 for the name, and where avg_f is 0),
//!
//! > tf(t) = Σ_f w_f · x_f
//!
//! added up from title to name, fields with n_f = 0 left out.
//!
//! A term that is asked for in its spelling ([`crate::query::QueryWord::spelling`]) is counted so whatever the spelling:
//! that only decides whether it occurs in a section at all, and in a field.
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
//! the sum of the W of the terms that occur in f otherwise than as parts, in the order of the query, and h_f the number of words of their
//! occurrences, parts left out (for a phrase, the number of its occurrences times that of its words; a term that equals an earlier one of
//! the query but for its weight adds none). Where h_f > 0, cover adds `c_f · W_f · (min(1, h_f / len_f))²`, c_f being
//! [`COVER`], for the title of the article's first section, whose heading it is, `COVER + FIRST`.
//!
//! **Nearness.** Two bare words ([`crate::query::Term::is_bare`]) that follow each other among the terms of one group
//! of the query, with only negations and filters between them, and that cover the same fields, are a pair. Its
//! frequency in a field is [`crate::query::nearness`] of the two words' positions there (window [`WINDOW`]; parts have none)
//! instead of n_f; its idf is the smaller of the two words' W; its contribution is `NEARNESS · idf · s(tf)`. It counts where
//! both its words do, and the frequency is above 0.
//!
//! **Score.** Terms count where they satisfy the query: a term under an alternative that does not match, or under a
//! negation, does not. An optional term ([`crate::query::TermRole`]) counts where it occurs and the group that it stands in
//! matches; all above holds for it as for a required one.
//!
//! > score = (1 + COORDINATION · (W of the terms that count / W of all terms)) · ((base + cover) + near)
//!
//! `base` is the sum of the terms' contributions in the order of the query, `cover` that of title and heading, `near`
//! that of the pairs' in the order of their first words; these sums and those of W go from 0 on. The terms under a
//! negation are none of "all terms"; without terms the score is 0. All in f64; `ln` is that of `libm`.
//!
//! **Order.** Higher scores first; ties by the path's bytes, then by the section's order in its article.
//!
//! **Hits.** A section that matches is a hit where a required term that counts occurs in its heading, body or name, or where
//! it is the first of its article, or where the query has no terms (filters only; the score is 0).
//!
//! [`Ranking`] may say other values of K1, w_f, b_f and the names in capitals.
//!
//! Source: BM25F, Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
//! 3.6; idf with 1 + as in Lucene's `BM25Similarity`, which also adds up the idf of a phrase's words; nearness after
//! Büttcher, Clarke and Lushman (2006); coordination after Lucene's `TFIDFSimilarity`, by weight instead of number. The
//! values were searched for on seven judged collections of articles, questions and links.

mod alike;
mod alone;
mod coordination;
mod counts;
mod cover;
mod forms;
mod frequency;
mod function_words;
mod ingredients;
mod nearness;
mod score;
mod scorer;
mod totals;
mod values;

pub(super) use self::alike::{AlikeSections, Likeness, spread};
pub use self::alone::ALONE;
pub use self::coordination::COORDINATION;
pub use self::counts::Counts;
pub use self::cover::{COVER, FIRST};
pub use self::forms::{OTHER_FORM, PART};
pub use self::frequency::{FIELD_B, FIELD_WEIGHTS, K1};
pub use self::function_words::FUNCTION_WORDS;
pub use self::ingredients::settings;
pub use self::nearness::{NEAREST, NEARNESS, WINDOW, pairs};
pub use self::score::{Evidence, Score, ScoreBuffers};
pub use self::scorer::{ScoredTerm, Scorer, WeighedTerms};
pub use self::totals::{Earned, Norms, Totals};
pub use self::values::{Ranking, RankingSetting};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Language, Morphology};
    use crate::query::{Mode, nearness, parse};
    use crate::random_numbers::RandomNumbers;

    #[test]
    fn rare_words_count_more_and_frequencies_saturate() {
        let totals = Totals::new(Ranking::default(), 100, [0, 100, 1000]);
        assert!(
            totals.idf(1) > totals.idf(10)
                && totals.idf(10) > totals.idf(100)
                && totals.idf(100) > 0.0
        );
        assert_eq!(
            totals.frequency([0.0, 0.0, 2.0, 0.0], &totals.norms(|_| 10)),
            2.0
        );
        assert_eq!(
            totals.frequency([2.0, 0.0, 0.0, 0.0], &totals.norms(|_| 10)),
            2.0 * FIELD_WEIGHTS[0]
        );
        let saturation = |tf| Ranking::default().saturation(tf);
        assert!(saturation(1e9) <= K1 + 1.0 && saturation(1.0) == 1.0);
    }

    #[test]
    fn a_pair_counts_no_more_than_its_words_bound() {
        let mut numbers = RandomNumbers::of(11);
        for _ in 0..2000 {
            let mut positions = || {
                let (len, end) = (numbers.below(9) + 1, numbers.below(40) + 1);
                let mut all: Vec<u32> = (0..len).map(|_| numbers.below(end) as u32).collect();
                all.sort_unstable();
                all.dedup();
                all
            };
            let (first, second) = (positions(), positions());
            let near = nearness(&first, &second, WINDOW);
            let most = (first.len() as f64).min(NEAREST * second.len() as f64);
            assert!(near <= most, "{first:?} {second:?}");
        }
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
