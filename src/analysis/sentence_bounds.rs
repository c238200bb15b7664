//! Where Unicode's rules end a sentence within a block.
//!
//! Source: Unicode Standard Annex 29, section 5.1. Blocks in ASCII, which most are, are looked through for their full
//! stops and marks alone; a test holds that equal to the rules.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Calls `each` for the pieces of a block, in order, that Unicode's rules end; white space behind a piece belongs to it.
pub(super) fn each_piece(block: &str, mut each: impl FnMut(Range<usize>)) {
    if is_plain(block.as_bytes()) {
        let mut start = 0;
        while start < block.len() {
            let end = start + plain_end(block.as_bytes(), start..block.len());
            each(start..end);
            start = end;
        }
        return;
    }
    for stretch in stretches(block) {
        let start = stretch.start;
        let within = block.get(stretch).unwrap_or_default();
        for (at, piece) in within.split_sentence_bound_indices() {
            each(start + at..start + at + piece.len());
        }
    }
}

/// So many signs behind a full stop end a stretch of text.
const MANY_CLOSING: usize = 64;

/// A text in stretches that are cut into sentences one by one: it ends where very many signs follow a full stop. Behind
/// each of them Unicode's rule SB8 looks ahead for a small letter, which takes time quadratic in their number.
fn stretches(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut from = 0;
    // How many signs follow the last full stop; `None` where a letter or digit stands between.
    let mut behind_stop = None;
    for (at, c) in text.char_indices() {
        behind_stop = match behind_stop {
            _ if matches!(c, '.' | '\u{2024}' | '\u{fe52}' | '\u{ff0e}') => Some(0),
            Some(MANY_CLOSING) => {
                all.push(from..at);
                from = at;
                None
            }
            Some(count) if !c.is_ascii_alphanumeric() && !c.is_alphanumeric() => Some(count + 1),
            _ => None,
        };
    }
    all.push(from..text.len());
    all
}

/// Whether a block is in ASCII without carriage returns, and [`stretches`] leaves it whole: a sentence's end is told by
/// the full stops, marks and what stands beside them.
fn is_plain(block: &[u8]) -> bool {
    if !block.is_ascii() || block.contains(&b'\r') {
        return false;
    }
    // One look each at so many bytes finds every run of more signs.
    block.len() <= MANY_CLOSING
        || block
            .chunks_exact(MANY_CLOSING / 2)
            .all(|chunk| chunk.iter().any(u8::is_ascii_alphanumeric))
}

/// How many bytes of a [plain](is_plain) block the sentence has that begins at `rest`, by Unicode's rules SB6 to SB11.
fn plain_end(text: &[u8], rest: Range<usize>) -> usize {
    let block = text.get(..rest.end).unwrap_or_default();
    let is_at = |at: usize, is: fn(&u8) -> bool| block.get(at).is_some_and(is);
    let mut at = rest.start;
    while let Some(found) = block
        .get(at..)
        .and_then(|rest| memchr::memchr3(b'.', b'!', b'?', rest))
    {
        let sign = at + found;
        let is_stop = is_at(sign, |b| *b == b'.');
        at = sign + 1;
        let is_letter_before = sign > rest.start && is_at(sign - 1, u8::is_ascii_alphabetic);
        let joins = is_at(at, u8::is_ascii_digit)
            || (is_letter_before && is_at(at, u8::is_ascii_uppercase));
        if is_stop && joins {
            continue;
        }
        while is_at(at, |b| {
            matches!(b, b'"' | b'\'' | b'(' | b')' | b'[' | b']' | b'{' | b'}')
        }) {
            at += 1;
        }
        while is_at(at, |b| matches!(b, b' ' | b'\t' | 0x0b | 0x0c)) {
            at += 1;
        }
        if is_at(at, |b| {
            matches!(b, b',' | b'-' | b':' | b';' | b'.' | b'!' | b'?')
        }) {
            continue;
        }
        let tells = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'.' | b'!' | b'?');
        let next = block
            .get(at..)
            .and_then(|rest| rest.iter().find(|b| tells(b)));
        if !(is_stop && next.is_some_and(u8::is_ascii_lowercase)) {
            return at - rest.start;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of these pieces, up to so many of each.
    fn made(pieces: &[&str], most: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..most {
            let behind = all.len();
            for i in from..behind {
                all.extend(
                    pieces
                        .iter()
                        .map(|piece| format!("{}{piece}", all[i]))
                        .collect::<Vec<_>>(),
                );
            }
            from = behind;
        }
        all
    }

    #[test]
    fn plain_text_is_cut_as_unicode_cuts_it() {
        let signs = [
            "a", "B", "1", ".", "!", "?", ",", ";", ":", "-", "(", "'", "\"", " ", "\u{b}", "~",
        ];
        let longer = [". ", "a", "B.", "1", "?\"", ") ", ", ", "[", "_", "{x}. "];
        for text in made(&signs, 4).into_iter().chain(made(&longer, 5)) {
            let mut cut = Vec::new();
            let mut start = 0;
            while start < text.len() {
                let end = start + plain_end(text.as_bytes(), start..text.len());
                cut.push(&text[start..end]);
                start = end;
            }
            let expected: Vec<&str> = text.split_sentence_bounds().collect();
            assert_eq!(cut, expected, "{text:?}");
        }
    }

    #[test]
    fn a_plain_block_is_no_longer_than_its_stretch() {
        for signs in 0..200 {
            let text = format!("One. Two.{}three", ")".repeat(signs));
            assert!(
                !is_plain(text.as_bytes()) || stretches(&text).len() == 1,
                "{signs}"
            );
        }
    }
}
