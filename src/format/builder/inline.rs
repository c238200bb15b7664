//! Inline markup: what is left of a paragraph when its markers are taken out.

use std::ops::Range;

use super::Outline;

/// Markup that was found: text from `start` to `open_end` and the text of `close` are left out, what stands between
/// them is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct MarkupCut {
    pub(super) start: usize,
    pub(super) open_end: usize,
    pub(super) close: Range<usize>,
    pub(super) inside: Inside,
    /// Whether what is kept is no part of the word before it.
    is_apart: bool,
}

/// How the text inside markup is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inside {
    /// It may hold more markup.
    Marked,
    /// As it stands.
    Verbatim,
    /// It stands for this.
    Reads(String),
}

impl MarkupCut {
    /// Where it ends.
    pub(in crate::format) fn end(&self) -> usize {
        self.close.end
    }

    /// Leaves out `start..end`.
    pub(in crate::format) fn whole(start: usize, end: usize) -> MarkupCut {
        MarkupCut::verbatim(start, start..start, end)
    }

    /// Keeps of `start..end` only `kept`, as it stands.
    pub(in crate::format) fn verbatim(start: usize, kept: Range<usize>, end: usize) -> MarkupCut {
        MarkupCut {
            start,
            open_end: kept.start,
            close: kept.end..end,
            inside: Inside::Verbatim,
            is_apart: false,
        }
    }

    /// Keeps of `start..end` only `kept`, which may hold more markup.
    pub(in crate::format) fn marked(start: usize, kept: Range<usize>, end: usize) -> MarkupCut {
        MarkupCut {
            inside: Inside::Marked,
            ..MarkupCut::verbatim(start, kept, end)
        }
    }

    /// Reads `range` as `text`.
    pub(in crate::format) fn reads(range: Range<usize>, text: &str) -> MarkupCut {
        MarkupCut {
            start: range.start,
            open_end: range.start,
            close: range.end..range.end,
            inside: Inside::Reads(text.to_string()),
            is_apart: false,
        }
    }

    /// Keeps of `start..end` only `kept`, the text of a note to the word before it.
    pub(in crate::format) fn note(start: usize, kept: Range<usize>, end: usize) -> MarkupCut {
        MarkupCut {
            is_apart: !kept.is_empty(),
            ..MarkupCut::marked(start, kept, end)
        }
    }
}

/// The inline markup of one format.
pub(in crate::format) trait Markup {
    /// Whether markup may begin at (or be known by) this byte.
    fn begins(byte: u8) -> bool;

    /// The markup known by the byte at `at`. It may begin before `at`, not before `from`.
    fn cut(&self, ahead: &mut Ahead<'_>, from: usize, at: usize) -> Option<MarkupCut>;
}

/// Looks ahead in a stretch of text. Each purpose has a slot of its own and asks at rising positions, so that all its
/// searches together are linear.
pub(in crate::format) struct Ahead<'t> {
    pub(in crate::format) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// One more than the last answer of each slot.
    found: [usize; Ahead::SLOTS],
}

impl<'t> Ahead<'t> {
    const SLOTS: usize = 48;

    pub(in crate::format) fn new(text: &'t str, range: Range<usize>) -> Ahead<'t> {
        Ahead {
            text,
            start: range.start,
            end: range.end,
            found: [0; Ahead::SLOTS],
        }
    }

    /// The byte at `at`; a line feed beyond the end.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: asked for most bytes of an article"
    )]
    pub(in crate::format) fn byte(&self, at: usize) -> u8 {
        if at < self.end {
            self.text.as_bytes()[at]
        } else {
            b'\n'
        }
    }

    /// The byte before `at`; a line feed at the start.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: asked for each mark of an article"
    )]
    pub(in crate::format) fn before(&self, at: usize) -> u8 {
        if at > self.start {
            self.text.as_bytes()[at - 1]
        } else {
            b'\n'
        }
    }

    /// Whether a letter or digit ends at `at`.
    pub(in crate::format) fn is_word_before(&self, at: usize) -> bool {
        let before = self.text.get(self.start..at).unwrap_or_default();
        before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
    }

    /// Whether a letter or digit begins at `at`.
    pub(in crate::format) fn is_word_at(&self, at: usize) -> bool {
        let rest = self.text.get(at..self.end).unwrap_or_default();
        rest.chars().next().is_some_and(char::is_alphanumeric)
    }

    /// What stands before `at`, about `bytes` bytes of it.
    pub(in crate::format) fn front(&self, at: usize, bytes: usize) -> &'t str {
        let from = at.saturating_sub(bytes).max(self.start);
        let mut starts = from..=at;
        let from = starts.find(|&i| self.text.is_char_boundary(i));
        self.text.get(from.unwrap_or(at)..at).unwrap_or_default()
    }

    pub(in crate::format) fn starts_with(&self, at: usize, prefix: &str) -> bool {
        let rest = self.text.as_bytes().get(at..self.end);
        rest.unwrap_or_default().starts_with(prefix.as_bytes())
    }

    /// The first position from `at` on that `find` gives for the bytes from there to the end.
    fn next(
        &mut self,
        slot: usize,
        at: usize,
        find: impl FnOnce(&Ahead<'_>, usize) -> Option<usize>,
    ) -> Option<usize> {
        if self.found[slot] <= at {
            let found = find(self, at).unwrap_or(self.end);
            self.found[slot] = found + 1;
        }
        let found = self.found[slot] - 1;
        (found < self.end).then_some(found)
    }

    /// The next `needle` from `at` on.
    pub(in crate::format) fn find(
        &mut self,
        slot: usize,
        at: usize,
        needle: &str,
    ) -> Option<usize> {
        self.next(slot, at, |ahead, at| {
            let rest = ahead.text.as_bytes().get(at..ahead.end)?;
            memchr::memmem::find(rest, needle.as_bytes()).map(|found| at + found)
        })
    }

    /// The next `byte` from `at` on at a position that `fits`.
    pub(in crate::format) fn find_where(
        &mut self,
        slot: usize,
        at: usize,
        byte: u8,
        fits: impl Fn(&Ahead<'_>, usize) -> bool,
    ) -> Option<usize> {
        self.next(slot, at, |ahead, at| {
            let rest = ahead.text.as_bytes().get(at..ahead.end)?;
            memchr::memchr_iter(byte, rest)
                .map(|found| at + found)
                .find(|&found| fits(ahead, found))
        })
    }

    /// The next white space from `at` on, or the end.
    pub(in crate::format) fn white_space(&mut self, slot: usize, at: usize) -> usize {
        let found = self.next(slot, at, |ahead, at| {
            let rest = ahead.text.as_bytes().get(at..ahead.end)?;
            rest.iter()
                .position(u8::is_ascii_whitespace)
                .map(|found| at + found)
        });
        found.unwrap_or(self.end)
    }
}

/// A piece of what is left of a paragraph.
enum InlinePiece<'p> {
    /// The text of the source as it stands.
    Source(Range<usize>),
    /// What the text of the source reads as.
    Reads(Range<usize>, &'p str),
}

/// Adds the text of `range` without its markup.
pub(in crate::format) fn push_inline<M: Markup>(
    outline: &mut Outline<'_>,
    markup: &M,
    text: &str,
    range: Range<usize>,
) {
    each_piece(markup, text, range, |piece| match piece {
        InlinePiece::Source(range) => outline.text(range),
        InlinePiece::Reads(range, read) => outline.text_as(range, read),
    });
}

/// The text of `range` without its markup, white space as it stands.
pub(in crate::format) fn inline_text<M: Markup>(
    markup: &M,
    text: &str,
    range: Range<usize>,
) -> String {
    let mut out = String::new();
    each_piece(markup, text, range, |piece| match piece {
        InlinePiece::Source(range) => out.push_str(text.get(range).unwrap_or_default()),
        InlinePiece::Reads(_, read) => out.push_str(read),
    });
    out
}

fn each_piece<M: Markup>(
    markup: &M,
    text: &str,
    range: Range<usize>,
    mut each: impl FnMut(InlinePiece<'_>),
) {
    let mut ahead = Ahead::new(text, range.clone());
    // What is to be left out further on, the next one last.
    let mut closes: Vec<Range<usize>> = Vec::new();
    let (mut from, mut at) = (range.start, range.start);
    while at < range.end {
        if let Some(close) = closes.pop_if(|close| close.start <= at) {
            each(InlinePiece::Source(from..close.start.max(from)));
            from = close.end.max(from);
            at = from.max(at);
            continue;
        }
        let limit = closes.last().map_or(range.end, |close| close.start);
        let Some(found) = text.as_bytes()[at..limit]
            .iter()
            .position(|&b| M::begins(b))
        else {
            at = limit;
            continue;
        };
        at += found;
        let cut = markup.cut(&mut ahead, from, at);
        let Some(cut) = cut.filter(|cut| cut.start >= from && cut.close.end <= limit) else {
            at += 1;
            continue;
        };
        each(InlinePiece::Source(from..cut.start));
        if cut.is_apart {
            each(InlinePiece::Reads(cut.start..cut.open_end, " "));
        }
        (from, at) = (cut.open_end, cut.open_end);
        match cut.inside {
            Inside::Marked => closes.push(cut.close),
            Inside::Verbatim => {
                each(InlinePiece::Source(cut.open_end..cut.close.start));
                (from, at) = (cut.close.end, cut.close.end);
            }
            Inside::Reads(read) => {
                each(InlinePiece::Reads(cut.start..cut.close.end, &read));
                (from, at) = (cut.close.end, cut.close.end);
            }
        }
    }
    each(InlinePiece::Source(from..range.end.max(from)));
}
