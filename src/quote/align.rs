//! Lays a pattern over the words of a section, so that as few words as can be differ.
//!
//! Source: Sellers, "The theory and computation of evolutionary distances" (1980): the edit distance of a pattern to any
//! stretch of a text, here over words.

use super::pattern::PatternToken;
use crate::analysis::Word;

/// Where a pattern lies in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    /// How many words differ.
    pub(super) cost: u32,
    /// The first and the last word of the section that each fragment lies on; `None` where it lies on none.
    pub(super) spans: Vec<Option<(usize, usize)>>,
}

/// The best place of a pattern of so many fragments among the section's words; of equally good ones the first.
pub(super) fn align(tokens: &[PatternToken<'_>], fragments: usize, section: &[Word]) -> Alignment {
    let table = AlignmentTable::new(tokens, section);
    let last = tokens.len();
    // Of equally good ends one where the last word lies on another comes before one where it lies on none.
    let ends = (0..=section.len()).map(|at| (table.cost(last, at), !table.pairs_last(at), at));
    let (cost, _, end) = ends.min().unwrap_or_default();
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; fragments];
    table.trace(end, |token, word| {
        if let PatternToken::Word { fragment, .. } = token
            && let Some(span) = spans.get_mut(*fragment)
        {
            let (first, last) = span.unwrap_or((word, word));
            *span = Some((first.min(word), last.max(word)));
        }
    });
    Alignment { cost, spans }
}

/// The least cost of each beginning of the pattern that ends before each word of the section.
struct AlignmentTable<'a> {
    tokens: &'a [PatternToken<'a>],
    section: &'a [Word],
    costs: Vec<u32>,
}

#[allow(
    clippy::indexing_slicing,
    reason = "hot: the table has a cell for each place in the pattern and in the section"
)]
impl<'a> AlignmentTable<'a> {
    fn new(tokens: &'a [PatternToken<'a>], section: &'a [Word]) -> AlignmentTable<'a> {
        let width = section.len() + 1;
        let mut table = AlignmentTable {
            tokens,
            section,
            costs: vec![0; (tokens.len() + 1) * width],
        };
        for i in 1..=tokens.len() {
            for j in 0..width {
                let above = table.cost(i - 1, j) + table.skipped(i);
                let mut least = above;
                if j > 0 {
                    least = least.min(table.cost(i - 1, j - 1) + table.paired(i, j));
                    least = least.min(table.cost(i, j - 1) + table.inserted(i));
                }
                table.costs[i * width + j] = least;
            }
        }
        table
    }

    fn cost(&self, i: usize, j: usize) -> u32 {
        self.costs[i * (self.section.len() + 1) + j]
    }

    /// Whether the last token may lie on the word before `end`.
    fn pairs_last(&self, end: usize) -> bool {
        let last = self.tokens.len();
        last > 0
            && end > 0
            && self.cost(last, end) == self.cost(last - 1, end - 1) + self.paired(last, end)
    }

    /// What it costs that the section lacks token `i`, 1-based.
    fn skipped(&self, i: usize) -> u32 {
        u32::from(matches!(self.tokens[i - 1], PatternToken::Word { .. }))
    }

    /// What it costs that word `j` stands for token `i`, both 1-based.
    fn paired(&self, i: usize, j: usize) -> u32 {
        match &self.tokens[i - 1] {
            PatternToken::Word { form, .. } => {
                u32::from(*form != self.section[j - 1].form.as_str())
            }
            PatternToken::Any | PatternToken::Gap => 0,
        }
    }

    /// What it costs that the section has a word more behind token `i`, 1-based.
    fn inserted(&self, i: usize) -> u32 {
        u32::from(!matches!(self.tokens[i - 1], PatternToken::Gap))
    }

    /// Calls `each` with the tokens and the words they lie on, from the last.
    fn trace(&self, end: usize, mut each: impl FnMut(&PatternToken<'_>, usize)) {
        let (mut i, mut j) = (self.tokens.len(), end);
        while i > 0 {
            let cost = self.cost(i, j);
            if j > 0 && cost == self.cost(i - 1, j - 1) + self.paired(i, j) {
                each(&self.tokens[i - 1], j - 1);
                (i, j) = (i - 1, j - 1);
            } else if cost == self.cost(i - 1, j) + self.skipped(i) {
                i -= 1;
            } else {
                j -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;
    use crate::quote::pattern::Readings;

    fn aligned(quotation: &str, section: &str) -> (u32, Vec<Option<String>>) {
        let all = words(section);
        let pattern = Readings::new(quotation).whole();
        let alignment = align(&pattern.tokens(), pattern.fragments.len(), &all);
        let text = |(first, last): (usize, usize)| {
            section[all[first].range.start..all[last].range.end].to_string()
        };
        (
            alignment.cost,
            alignment
                .spans
                .into_iter()
                .map(|span| span.map(text))
                .collect(),
        )
    }

    fn some(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_string())).collect()
    }

    const SECTION: &str =
        "When the talks ended, the mediator of the two sides left. The talks failed.";

    #[test]
    fn the_stretch_with_the_fewest_differences_is_found() {
        assert_eq!(
            aligned("the talks FAILED", SECTION),
            (0, some(&["The talks failed"]))
        );
        assert_eq!(
            aligned("talks ended, a mediator", SECTION),
            (1, some(&["talks ended, the mediator"]))
        );
        assert_eq!(
            aligned("mediator of two sides", SECTION),
            (1, some(&["mediator of the two sides"]))
        );
        assert_eq!(aligned("the mediators", SECTION), (1, some(&["the talks"])));
        assert_eq!(aligned("two sites", SECTION), (1, some(&["two sides"])));
        assert_eq!(aligned("nothing", "").0, 1);
    }

    #[test]
    fn gaps_and_brackets_cost_nothing() {
        assert_eq!(
            aligned("the talks […] left", SECTION),
            (0, some(&["the talks", "left"]))
        );
        assert_eq!(
            aligned("ended, [he] left", SECTION),
            (0, some(&["ended", "left"]))
        );
        assert_eq!(
            aligned("the talks [were ending], the mediator", SECTION).0,
            0
        );
        assert_eq!(
            aligned("when … failed", SECTION),
            (0, some(&["When", "failed"]))
        );
    }
}
