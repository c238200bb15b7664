//! The pieces that the text of a long section is cut into.

use std::ops::Range;

use super::blocks;
use super::split::{MAX_SECTION_BYTES, cut_at};
use crate::article::{Block, SourceMap};

/// The pieces of a text, of its map and of its blocks.
pub(super) fn cut_all(
    text: &str,
    map: SourceMap,
    blocks: Vec<Block>,
    ranges: &[Range<usize>],
) -> Vec<(String, SourceMap, Vec<Block>)> {
    let maps = map.split(text, ranges);
    let blocks = blocks::split(blocks, ranges);
    (ranges.iter().zip(maps).zip(blocks))
        .map(|((range, map), blocks)| (text[range.clone()].to_string(), map, blocks))
        .collect()
}

/// Whether a section's text is one piece.
pub(super) fn is_short(text: &str) -> bool {
    text.len() <= MAX_SECTION_BYTES
}

/// The ranges that a section's text is cut into; one for a text that is short enough.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut from = 0;
    while let Some(cut) = cut_at(&text[from..]) {
        ranges.push(from..from + text[from..from + cut].trim_end().len());
        let rest = &text[from + cut..];
        from += cut + (rest.len() - rest.trim_start().len());
    }
    ranges.push(from..text.len());
    ranges
}
