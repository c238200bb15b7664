//! Measures a text in characters: made once in time linear in the text, asked any number of times for next to nothing.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::analysis::BLOCK_END;

/// Characters are counted up to each multiple of so many bytes.
const STEP_BYTES: usize = 64;

/// A text, its sentences, and where its characters and spaces stand.
pub(super) struct PassageMeasure<'a> {
    body: &'a str,
    /// Its sentences, in order, apart from each other.
    pub(super) sentences: &'a [Range<usize>],
    /// How many characters begin before each multiple of [`STEP_BYTES`]; none of a text in ASCII, whose bytes they are.
    counted: Vec<usize>,
    /// The sentences behind which a block ends before the next begins, by their index.
    block_ends: OnceCell<Vec<usize>>,
    /// The bytes of the spaces.
    spaces: OnceCell<Vec<usize>>,
    /// The last marks that were looked for: from where, and where they end.
    marks: Cell<(usize, usize)>,
}

/// Whether a byte begins a character.
fn begins_char(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// How many characters begin before each multiple of [`STEP_BYTES`] of a text.
fn counted(body: &[u8]) -> Vec<usize> {
    let mut counted = Vec::with_capacity(body.len() / STEP_BYTES + 1);
    let mut so_far = 0;
    for step in body.chunks(STEP_BYTES) {
        counted.push(so_far);
        so_far += step.iter().filter(|&&byte| begins_char(byte)).count();
    }
    if body.len().is_multiple_of(STEP_BYTES) {
        counted.push(so_far);
    }
    counted
}

impl<'a> PassageMeasure<'a> {
    pub(super) fn new(body: &'a str, sentences: &'a [Range<usize>]) -> PassageMeasure<'a> {
        let counted = match body.is_ascii() {
            true => Vec::new(),
            false => counted(body.as_bytes()),
        };
        PassageMeasure {
            body,
            sentences,
            counted,
            block_ends: OnceCell::new(),
            spaces: OnceCell::new(),
            marks: Cell::new((0, 0)),
        }
    }

    /// How many characters stand before byte `at`.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: for each window of a passage; a step is counted for each multiple up to the text's end"
    )]
    fn before(&self, at: usize) -> usize {
        if self.counted.is_empty() {
            return at;
        }
        let step = at / STEP_BYTES;
        let rest = &self.body.as_bytes()[step * STEP_BYTES..at];
        self.counted[step] + rest.iter().filter(|&&byte| begins_char(byte)).count()
    }

    /// How many characters a range of bytes has.
    pub(super) fn chars(&self, range: &Range<usize>) -> usize {
        self.before(range.end) - self.before(range.start)
    }

    /// The byte at which the character with this number begins, counted from the text's; its end for those behind.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: for each window of a passage; the first step is counted in every such text"
    )]
    fn byte_of(&self, number: usize) -> usize {
        if self.counted.is_empty() {
            return number.min(self.body.len());
        }
        let step = self.counted.partition_point(|&n| n <= number).max(1) - 1;
        let from = step * STEP_BYTES;
        let begins = |&(_, &byte): &(usize, &u8)| begins_char(byte);
        let mut rest = (self.body.as_bytes()[from..].iter().enumerate()).filter(begins);
        let found = rest.nth(number - self.counted[step]);
        found.map_or(self.body.len(), |(i, _)| from + i)
    }

    /// The byte `count` characters behind the byte `at`; `None` where that is not before `end`.
    pub(super) fn forward(&self, at: usize, count: usize, end: usize) -> Option<usize> {
        let byte = self.byte_of(self.before(at) + count);
        (byte < end).then_some(byte)
    }

    /// The byte `count` characters before the byte `at`; `None` where no character stands before that since `start`.
    pub(super) fn backward(&self, at: usize, count: usize, start: usize) -> Option<usize> {
        let number = self.before(at).checked_sub(count)?;
        (number > self.before(start)).then(|| self.byte_of(number))
    }

    fn spaces(&self) -> &[usize] {
        self.spaces
            .get_or_init(|| memchr::memchr_iter(b' ', self.body.as_bytes()).collect())
    }

    /// The first space in a range of bytes.
    pub(super) fn first_space(&self, range: Range<usize>) -> Option<usize> {
        let spaces = self.spaces();
        let found = spaces.get(spaces.partition_point(|&space| space < range.start));
        found.copied().filter(|&space| space < range.end)
    }

    /// The last space in a range of bytes.
    pub(super) fn last_space(&self, range: Range<usize>) -> Option<usize> {
        let spaces = self.spaces();
        let behind = spaces.partition_point(|&space| space < range.end);
        let found = spaces.get(behind.checked_sub(1)?);
        found.copied().filter(|&space| space >= range.start)
    }

    /// `at`, or where the marks end that stand there on the character before.
    pub(super) fn behind_marks(&self, at: usize) -> usize {
        let (from, end) = self.marks.get();
        if (from..end).contains(&at) {
            return end;
        }
        let is_mark = |c: &char| is_combining_mark(*c) || matches!(c, '\u{200c}' | '\u{200d}');
        let marks = self.body[at..].chars().take_while(is_mark);
        let end = at + marks.map(char::len_utf8).sum::<usize>();
        self.marks.set((at, end));
        end
    }

    /// How many characters the sentences from `first` to `last` have, and what lies between them.
    pub(super) fn chars_of(&self, first: usize, last: usize) -> usize {
        let span = self.span_of(first, last);
        span.map_or(0, |span| self.chars(&span))
    }

    /// The bytes from the sentence `first` to the sentence `last`; `None` where the text has fewer.
    pub(super) fn span_of(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let (first, last) = (self.sentences.get(first)?, self.sentences.get(last)?);
        Some(first.start..last.end)
    }

    /// The sentences behind which a block ends before the next begins, by their index.
    pub(super) fn block_ends(&self) -> &[usize] {
        let ends_block = |own: &Range<usize>, next: &Range<usize>| {
            self.body[own.end..next.start].contains(BLOCK_END)
        };
        self.block_ends.get_or_init(|| {
            let pairs = self.sentences.iter().zip(self.sentences.iter().skip(1));
            let ends = pairs
                .enumerate()
                .filter(|(_, (own, next))| ends_block(own, next));
            ends.map(|(i, _)| i).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_spaces_are_found_as_by_counting() {
        for body in ["", "a é 北京 x", &"é京 ".repeat(70), &"x".repeat(128)] {
            let measure = PassageMeasure::new(body, &[]);
            let places: Vec<usize> = (0..=body.len())
                .filter(|&at| body.is_char_boundary(at))
                .collect();
            for (number, &at) in places.iter().enumerate() {
                assert_eq!(measure.before(at), number);
                assert_eq!(measure.byte_of(number), at);
                for count in [0, 1, 7, 100] {
                    let forward = body[at..].char_indices().nth(count).map(|(i, _)| at + i);
                    assert_eq!(measure.forward(at, count, body.len()), forward);
                    let behind = body[..at].char_indices().rev().nth(count);
                    let behind = behind.map(|(i, c)| i + c.len_utf8());
                    assert_eq!(measure.backward(at, count, 0), behind);
                }
                let space = body[at..].find(' ').map(|i| at + i);
                assert_eq!(measure.first_space(at..body.len()), space);
                assert_eq!(measure.last_space(0..at), body[..at].rfind(' '));
            }
        }
    }
}
