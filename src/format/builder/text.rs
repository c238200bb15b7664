//! Text in the making: white space folded, separators put between blocks, and the source map kept beside it.

use std::borrow::Cow;
use std::ops::Range;

use super::broken::{LineHyphen, line_hyphen};
use super::line_index::LineIndex;
use crate::analysis::{BLOCK_END, CELL_END, LINE_BREAK};
use crate::article::{Reads, Run, SourceMap};
use crate::source::{Decoded, Stretch};

/// The bytes of the first room that is made for a text.
const LEAST_ROOM: usize = 64;

/// What stands between the text so far and what comes next; the stronger one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::format) enum Gap {
    #[default]
    None,
    Space,
    Line,
    Cell,
    Block,
}

impl Gap {
    fn separator(self) -> Option<char> {
        match self {
            Gap::None => None,
            Gap::Space => Some(' '),
            Gap::Line => Some(LINE_BREAK),
            Gap::Cell => Some(CELL_END),
            Gap::Block => Some(BLOCK_END),
        }
    }
}

/// The text of a section or a heading in the making.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    pub(in crate::format) text: String,
    pub(super) map: SourceMap,
    gap: Gap,
    /// Whether the text so far ends within a word that goes on in the next line.
    is_broken: bool,
}

impl Buffer {
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Asks for at least this separator before the next text.
    pub(super) fn gap(&mut self, gap: Gap) {
        if gap != Gap::Space || !self.is_broken {
            self.gap = self.gap.max(gap);
        }
    }

    /// Adds the source text of `range` as it stands, its white space folded; line feeds are kept where `keep_lines`.
    pub(super) fn push(
        &mut self,
        source: &Decoded,
        places: &mut LineIndex<'_>,
        range: Range<usize>,
        keep_lines: bool,
    ) {
        let text = source.text();
        let mut at = range.start;
        while at < range.end {
            let rest = &text[at..range.end];
            let skipped = self.fold_front(rest, keep_lines);
            if skipped > 0 {
                at += skipped;
                continue;
            }
            let end = at + plain_len(rest);
            let hyphen = line_hyphen(text, end).filter(|_| !keep_lines);
            let shown_end = match hyphen {
                Some(LineHyphen::Dropped) => text[..end]
                    .char_indices()
                    .next_back()
                    .map_or(end, |(i, _)| i),
                _ => end,
            };
            if self.text.capacity() == 0 {
                // A heading takes one room, most sections three.
                self.text.reserve(LEAST_ROOM.max(shown_end - at));
            }
            self.separate();
            source.stretches(at..shown_end, |part, stretch| {
                let run_text = &text[part.clone()];
                let reads = match stretch {
                    Stretch::Same => Reads::Same,
                    Stretch::Wide(width) => Reads::Wide(width),
                    Stretch::Unit => Reads::Unit(run_text.chars().count() as u32),
                };
                self.push_run(run_text, places, source, part, reads);
            });
            self.is_broken = hyphen.is_some();
            at = end;
        }
        // The line's end may be read as something else than text.
        let behind = text.as_bytes().get(range.end);
        self.is_broken |=
            !keep_lines && text[range].ends_with('\u{ad}') && matches!(behind, Some(b'\n' | b'\r'));
    }

    /// Adds `replacement`, which the source text of `range` reads as (an entity, an escape).
    pub(super) fn push_as(
        &mut self,
        source: &Decoded,
        places: &mut LineIndex<'_>,
        range: Range<usize>,
        replacement: &str,
    ) {
        // `&#1;` and its like say nothing.
        if replacement
            .chars()
            .all(|c| c.is_control() && !c.is_whitespace())
        {
            return;
        }
        let is_line_end = source.text()[range.end..].starts_with(['\n', '\r']);
        self.is_broken |= replacement == "\u{ad}" && is_line_end;
        let skipped = self.fold_front(replacement, false);
        let kept = &folded(replacement[skipped..].trim_end());
        if !kept.is_empty() {
            self.separate();
            let range = first_line(source.text(), range);
            let chars = source.text()[range.clone()].chars().count();
            self.push_run(kept, places, source, range, Reads::Unit(chars as u32));
        }
        if replacement[skipped..].ends_with(char::is_whitespace) {
            self.gap(Gap::Space);
        }
    }

    /// Adds another text as a block of its own.
    pub(super) fn take_block(&mut self, other: &Buffer) {
        self.gap(Gap::Block);
        self.separate();
        let offset = self.text.len() as u32;
        for run in other.map.runs() {
            self.map.push(Run {
                text: run.text + offset,
                ..*run
            });
        }
        self.text.push_str(&other.text);
        self.gap(Gap::Block);
    }

    fn separate(&mut self) {
        self.is_broken = false;
        let gap = std::mem::take(&mut self.gap);
        if !self.text.is_empty() {
            self.text.extend(gap.separator());
        }
    }

    fn push_run(
        &mut self,
        text: &str,
        places: &mut LineIndex<'_>,
        source: &Decoded,
        from: Range<usize>,
        reads: Reads,
    ) {
        let source_len = match reads {
            // What switches an encoding's state behind the run is not part of it.
            Reads::Wide(width) => text.chars().count() as u64 * u64::from(width),
            _ => source.source_byte(from.end) - source.source_byte(from.start),
        };
        self.map.push(Run {
            text: self.text.len() as u32,
            text_len: text.len() as u32,
            start: places.at(from.start),
            source_len: source_len as u32,
            reads,
        });
        self.text.push_str(text);
    }

    /// Takes white space and dropped characters off the front; returns how many bytes that are.
    fn fold_front(&mut self, text: &str, keep_lines: bool) -> usize {
        let mut len = 0;
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap(if keep_lines && c == '\n' {
                    Gap::Line
                } else {
                    Gap::Space
                });
            } else if !is_dropped(c) {
                break;
            } else if c == '\u{ad}' {
                let behind = text.get(len + c.len_utf8()..).unwrap_or_default();
                self.is_broken |= behind.starts_with(['\n', '\r']);
            }
            len += c.len_utf8();
        }
        len
    }
}

/// The part of a range in its first line: the end of what is read as a whole is counted in columns of one line.
fn first_line(text: &str, range: Range<usize>) -> Range<usize> {
    match text[range.clone()].find(['\n', '\r']) {
        None | Some(0) => range,
        Some(len) => range.start..range.start + len,
    }
}

/// The text with each stretch of white space as one space.
fn folded(text: &str) -> Cow<'_, str> {
    let is_other = |c: char| is_dropped(c) || (c.is_whitespace() && c != ' ');
    if !text.contains("  ") && !text.contains(is_other) {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().filter(|&c| !is_dropped(c)).collect();
    Cow::Owned(kept.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Invisible characters that only hint at where a line may break.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// The lowest and the highest bit of each byte.
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = LOW << 7;

/// How many of these bytes, the first one lowest, are visible characters of ASCII or single spaces before one, from the
/// first one on.
fn plain_bytes(step: u64) -> usize {
    // Nothing is carried from a byte to the next: the highest bit of each is left out.
    let seven = step & !HIGH;
    let above_space = seven.wrapping_add(LOW * (0x7f - u64::from(b' ')));
    let is_delete = seven.wrapping_add(LOW);
    let visible = above_space & !is_delete & !step & HIGH;
    let from_space = seven ^ (LOW * u64::from(b' '));
    let spaces = !from_space.wrapping_add(!HIGH) & !step & HIGH;
    let others = !(visible | spaces & visible >> 8) & HIGH;
    others.trailing_zeros() as usize / 8
}

/// How many bytes from the front stay as they are: up to white space other than a single space, or a dropped character.
fn plain_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if let Some(step) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let marks = plain_bytes(u64::from_le_bytes(*step));
            if marks > 0 {
                at += marks;
                continue;
            }
        }
        match byte {
            b' ' if bytes.get(at + 1).is_some_and(|&b| b > b' ' && b < 0x80) => at += 2,
            b'!'..=b'~' => at += 1,
            b' ' | b'\t'..=b'\r' => return at,
            0xc2 | 0xe1..=0xe3 | 0xef => {
                let c = text[at..].chars().next().unwrap_or(' ');
                if c.is_whitespace() || is_dropped(c) {
                    return at;
                }
                at += c.len_utf8();
            }
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str, keep_lines: bool) -> (String, SourceMap) {
        let source = Decoded::from_bytes(text.as_bytes().to_vec()).expect("text");
        let mut places = LineIndex::new(&source);
        let mut buffer = Buffer::default();
        buffer.push(&source, &mut places, 0..text.len(), keep_lines);
        (buffer.text, buffer.map)
    }

    #[test]
    fn white_space_folds_and_every_run_reads_as_its_source() {
        let source = "  Minsk\r\n\t agree\u{ad}ments\u{a0}\u{a0}of é \u{e9}t\u{e9}  2014 \n";
        let (text, map) = folded(source, false);
        assert_eq!(text, "Minsk agreements of é été 2014");
        for run in map.runs() {
            let from = &source.as_bytes()[run.start.byte as usize..][..run.source_len as usize];
            assert_eq!(
                from,
                &text.as_bytes()[run.text as usize..][..run.text_len as usize]
            );
        }
    }

    #[test]
    fn words_that_a_line_end_breaks_are_whole() {
        for (source, text) in [
            ("the corpora-\ntion of", "the corporation of"),
            ("the corpora-\r\n  tion of", "the corporation of"),
            ("the corpora\u{ad}\ntion of", "the corporation of"),
            ("a well-\nknown man", "a well-known man"),
            ("pre-\nand post-war", "pre- and post-war"),
            ("soft\u{ad} hyphen", "soft hyphen"),
        ] {
            assert_eq!(folded(source, false).0, text, "{source}");
        }
        assert_eq!(folded("corpora-\ntion", true).0, "corpora-\x0btion");
        let (text, map) = folded("a corpora-\ntion", false);
        let places = map.place_of(&text, text.find("tion").expect("the word"));
        assert_eq!(places.map(|place| (place.line, place.column)), Some((2, 1)));
    }

    #[test]
    fn white_space_folds_in_what_the_source_reads_as_too() {
        let source = Decoded::from_bytes(b"{a}b".to_vec()).expect("text");
        let mut places = LineIndex::new(&source);
        let mut buffer = Buffer::default();
        buffer.push_as(&source, &mut places, 0..3, " x\u{a0} \u{ad}y\n");
        buffer.push(&source, &mut places, 3..4, false);
        assert_eq!(buffer.text, "x y b");
    }

    #[test]
    fn plain_bytes_are_told_eight_at_a_time() {
        for (byte, next) in (0..=u8::MAX).flat_map(|byte| (0..=u8::MAX).map(move |n| (byte, n))) {
            for at in 0..8 {
                let mut step = *b"abcdefgh";
                step[at] = byte;
                if let Some(place) = step.get_mut(at + 1) {
                    *place = next;
                }
                let is_plain = |i: usize| match step[i] {
                    b'!'..=b'~' => true,
                    b' ' => step.get(i + 1).is_some_and(|b| (b'!'..=b'~').contains(b)),
                    _ => false,
                };
                let expected = (0..8).take_while(|&i| is_plain(i)).count();
                let told = plain_bytes(u64::from_le_bytes(step));
                assert_eq!(told, expected, "{step:?}");
            }
        }
    }

    #[test]
    fn kept_lines_are_line_breaks() {
        assert_eq!(folded("a  b\n\n  c\n", true).0, "a b\x0bc");
    }
}
