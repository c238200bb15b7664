//! The style of a whole text: how its paragraphs are set, and what is usual between them.

use super::lines::{LONG_LINE_COLUMNS, PlainLine};
use super::shape::is_item;

/// Gaps above this many blank lines count as this many.
const MAX_GAP: usize = 9;
/// Indents above this many columns count as this many.
const MAX_INDENT: usize = 39;
/// Widths above this many columns are no wrapped lines.
const MAX_WRAP: usize = 200;

/// How a text is set.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    /// Most of the text stands in lines that are whole paragraphs.
    pub(super) one_line: bool,
    /// There are hardly any blank lines between paragraphs of one line.
    pub(super) dense: bool,
    /// The commonest number of blank lines between blocks.
    pub(super) gap: usize,
    /// The indent of prose, in columns.
    pub(super) indent: usize,
    /// Where wrapped lines end, in columns; 0 in a text that is not wrapped.
    pub(super) wrap: usize,
}

impl Profile {
    /// The style of a text with these lines.
    pub(super) fn of(text: &str, lines: &[PlainLine]) -> Profile {
        let mut seen = LineCounts::default();
        let mut gap = None;
        for (at, line) in lines.iter().enumerate() {
            if line.is_blank() {
                gap = gap.map(|n: usize| n + 1);
                continue;
            }
            if let Some(gap) = gap.replace(0) {
                seen.gaps[gap.min(MAX_GAP)] += 1;
            }
            let is_continued = lines.get(at + 1).is_some_and(|next| !next.is_blank());
            seen.add(&text[line.trimmed.clone()], line, is_continued);
        }
        seen.profile()
    }
}

/// What was counted.
#[derive(Default)]
struct LineCounts {
    chars: usize,
    chars_in_long: usize,
    gaps: [usize; MAX_GAP + 1],
    indents: Vec<usize>,
    /// How many continued lines end at each column.
    widths: Vec<usize>,
}

impl LineCounts {
    fn add(&mut self, text: &str, line: &PlainLine, is_continued: bool) {
        self.chars += text.len();
        if line.width > LONG_LINE_COLUMNS {
            self.chars_in_long += text.len();
        }
        if is_item(text) {
            return;
        }
        if text.len() > 40 {
            count(&mut self.indents, line.indent.min(MAX_INDENT));
        }
        if is_continued {
            count(&mut self.widths, line.width.min(MAX_WRAP));
        }
    }

    fn profile(&self) -> Profile {
        let one_line = self.chars_in_long * 10 > self.chars * 4;
        let gaps: usize = self.gaps.iter().sum();
        Profile {
            one_line,
            dense: one_line && self.gaps[0] * 10 > gaps.max(1) * 6,
            gap: commonest(&self.gaps[1..]).map_or(0, |gap| gap + 1),
            indent: self.indent(),
            wrap: if one_line { 0 } else { self.wrap() },
        }
    }

    /// The commonest indent, where it is that of half the prose and far commoner than none.
    fn indent(&self) -> usize {
        let Some(most) = commonest(&self.indents) else {
            return 0;
        };
        let all: usize = self.indents.iter().sum();
        let own = self.indents[most];
        if own * 2 >= all && own >= self.indents[0] * 3 {
            most
        } else {
            0
        }
    }

    /// The column that a tenth of the continued lines pass.
    fn wrap(&self) -> usize {
        let all: usize = self.widths.iter().sum();
        if all < 10 {
            return 0;
        }
        let mut passed = 0;
        let wanted = all * 9 / 10;
        self.widths
            .iter()
            .position(|&n| {
                passed += n;
                passed > wanted
            })
            .unwrap_or(0)
    }
}

fn count(counts: &mut Vec<usize>, at: usize) {
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}

/// The place of the largest count, the first of equal ones.
fn commonest(counts: &[usize]) -> Option<usize> {
    let most = counts.iter().copied().max().filter(|&n| n > 0)?;
    counts.iter().position(|&n| n == most)
}
