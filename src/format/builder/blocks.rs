//! The blocks of an article in the making: quotations, code, lists and tables.

use std::ops::Range;

use crate::article::{Block, BlockKind};

/// OutlineBlocks nested deeper are not kept: those that are open begin again in each section, which must not take more than
/// linear time. People nest a handful.
const MAX_DEPTH: usize = 32;

/// The blocks of the section at hand. Nothing is allocated before the first one.
#[derive(Debug, Default)]
pub(super) struct OutlineBlocks {
    /// In the order in which they begin; an open one ends where it begins.
    all: Vec<Block>,
    /// The places in `all` of those that are open, the outermost first.
    open: Vec<usize>,
    /// How many more are open, which are not kept.
    deeper: usize,
}

impl OutlineBlocks {
    /// A block begins behind `text_len` bytes of the section's text.
    pub(super) fn open(&mut self, kind: BlockKind, text_len: usize) {
        if self.open.len() == MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        self.open.push(self.all.len());
        self.all.push(Block {
            kind,
            span: text_len..text_len,
        });
    }

    /// The innermost block of this kind ends, and what is open in it. Markup that ends what did not begin means nothing.
    pub(super) fn close(&mut self, kind: BlockKind, text: &str) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let is_it = |&place: &usize| self.all.get(place).is_some_and(|own| own.kind == kind);
        if let Some(at) = self.open.iter().rposition(is_it) {
            for place in self.open.split_off(at).into_iter().rev() {
                self.end(place, text);
            }
        }
    }

    /// The section ends, whose text is `text`: gives its blocks. Those that are open go on in the next section.
    pub(super) fn take(&mut self, text: &str) -> Vec<Block> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let open = std::mem::take(&mut self.open);
        let kinds: Vec<BlockKind> = (open.iter())
            .filter_map(|&place| Some(self.all.get(place)?.kind))
            .collect();
        for place in open.into_iter().rev() {
            self.end(place, text);
        }
        let taken = std::mem::take(&mut self.all);
        for kind in kinds {
            self.open(kind, 0);
        }
        taken
    }

    /// Ends the block at `place`; the innermost are ended first. One without text is none.
    fn end(&mut self, place: usize, text: &str) {
        let Some(block) = self.all.get_mut(place) else {
            return;
        };
        let own = text.get(block.span.start..).unwrap_or_default();
        // A separator stands between the text before it and its own.
        let start = text.len() - own.trim_start().len();
        block.span = start..text.len();
        if block.span.is_empty() {
            self.all.truncate(place);
        }
    }
}

/// The blocks of each of `ranges` of a text, which are in order and do not overlap; offsets count from a range's start.
pub(super) fn split(blocks: Vec<Block>, ranges: &[Range<usize>]) -> Vec<Vec<Block>> {
    let mut rest = blocks.into_iter().peekable();
    let mut open: Vec<Block> = Vec::new();
    let cut = ranges.iter().map(|range| {
        while let Some(block) = rest.next_if(|block| block.span.start < range.end) {
            open.push(block);
        }
        let own = open
            .iter()
            .filter_map(|block| block.within(range))
            .collect();
        open.retain(|block| block.span.end > range.end);
        own
    });
    cut.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(blocks: &[Block]) -> Vec<(BlockKind, Range<usize>)> {
        let each = blocks.iter().map(|own| (own.kind, own.span.clone()));
        each.collect()
    }

    #[test]
    fn a_block_spans_its_text_without_the_separator_and_ends_those_in_it() {
        let mut blocks = OutlineBlocks::default();
        blocks.close(BlockKind::List, "");
        blocks.open(BlockKind::Quotation, 1);
        blocks.open(BlockKind::List, 1);
        blocks.open(BlockKind::Table, 3);
        blocks.close(BlockKind::Table, "a\nb");
        blocks.open(BlockKind::Code, 3);
        blocks.close(BlockKind::Quotation, "a\nb\nc");
        let taken = blocks.take("a\nb\nc\nd");
        assert_eq!(
            spans(&taken),
            [
                (BlockKind::Quotation, 2..5),
                (BlockKind::List, 2..5),
                (BlockKind::Code, 4..5)
            ]
        );
    }

    #[test]
    fn what_is_open_goes_on_in_the_next_section_and_depth_is_bounded() {
        let mut blocks = OutlineBlocks::default();
        for _ in 0..MAX_DEPTH + 5 {
            blocks.open(BlockKind::Quotation, 0);
        }
        assert_eq!(blocks.take("").len(), 0);
        assert_eq!(blocks.take("a").len(), MAX_DEPTH);
        for _ in 0..MAX_DEPTH + 5 {
            blocks.close(BlockKind::Quotation, "b");
        }
        assert_eq!(blocks.take("b c").len(), MAX_DEPTH);
        assert_eq!(blocks.take("d").len(), 0);
    }

    #[test]
    fn blocks_are_cut_with_their_text() {
        let block = |kind, span| Block { kind, span };
        let blocks = vec![
            block(BlockKind::Quotation, 0..25),
            block(BlockKind::Code, 8..12),
            block(BlockKind::List, 9..11),
            block(BlockKind::Table, 22..30),
        ];
        let cut = split(blocks, &[0..9, 11..20, 21..30]);
        let cut: Vec<_> = cut.iter().map(|own| spans(own)).collect();
        assert_eq!(
            cut,
            [
                vec![(BlockKind::Quotation, 0..9), (BlockKind::Code, 8..9)],
                vec![(BlockKind::Quotation, 0..9), (BlockKind::Code, 0..1)],
                vec![(BlockKind::Quotation, 0..4), (BlockKind::Table, 1..9)],
            ]
        );
    }
}
