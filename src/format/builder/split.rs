//! Cuts a text that is too long for one section.

use crate::analysis::{boundary_at, is_barrier, sentences};

/// The longest text of a section, in bytes.
pub(super) const MAX_SECTION_BYTES: usize = 64 << 10;

/// A heading of more bytes is text, and a title is cut there: each section has them again, so that a long one of many small
/// sections would take their product.
pub(super) const MAX_HEADING_BYTES: usize = 1 << 10;

/// Takes off a title what is more than [`MAX_HEADING_BYTES`], and the white space that it ends in then.
pub(super) fn cut_title(title: &mut String) {
    if title.len() > MAX_HEADING_BYTES {
        let cut = &title[..boundary_at(title, MAX_HEADING_BYTES)];
        title.truncate(cut.trim_end().len());
    }
}

/// Where to cut a text over [`MAX_SECTION_BYTES`]: the end of the first piece, at a block's end, else a sentence's,
/// else a word's, else a character's. `None` where the text is short enough.
pub(super) fn cut_at(text: &str) -> Option<usize> {
    if text.len() <= MAX_SECTION_BYTES {
        return None;
    }
    let limit = boundary_at(text, MAX_SECTION_BYTES);
    let head = &text[..limit];
    let sentence_end = || {
        sentences(head, None)
            .iter()
            .rev()
            .nth(1)
            .map(|sentence| sentence.end)
    };
    let block_end = head.rfind(is_barrier).filter(|&end| end > 0);
    block_end
        .or_else(sentence_end)
        .or_else(|| head.rfind(char::is_whitespace).filter(|&end| end > 0))
        .or(Some(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_is_cut_ends_in_a_word() {
        let cut = |title: &str| {
            let mut title = title.to_string();
            cut_title(&mut title);
            title
        };
        assert_eq!(cut("short"), "short");
        let words = "é\u{2000}".repeat(MAX_HEADING_BYTES);
        let title = cut(&words);
        assert!(title.ends_with('é') && title.len() <= MAX_HEADING_BYTES);
        let word = "x".repeat(MAX_HEADING_BYTES - 1);
        assert_eq!(cut(&format!("{word} y")), word);
        assert_eq!(cut(&format!("{word}xy")), format!("{word}x"));
    }

    #[test]
    fn the_best_end_within_the_limit_is_taken() {
        let filler = "x".repeat(MAX_SECTION_BYTES / 2);
        assert_eq!(cut_at(&filler), None);
        assert_eq!(
            cut_at(&format!("{filler}\n{filler}{filler}")),
            Some(filler.len())
        );
        assert_eq!(
            cut_at(&format!("{filler}. And {filler}{filler}")),
            Some(filler.len() + 1)
        );
        assert_eq!(
            cut_at(&format!("{filler} {filler}{filler}")),
            Some(filler.len())
        );
        assert_eq!(
            cut_at(&format!("{filler}\u{b}{filler}{filler}")),
            Some(filler.len())
        );
        assert_eq!(
            cut_at(&format!("{filler}{filler}{filler}")),
            Some(MAX_SECTION_BYTES)
        );
        assert_eq!(
            cut_at(&"é".repeat(MAX_SECTION_BYTES)).map(|at| at % 2),
            Some(0)
        );
    }
}
