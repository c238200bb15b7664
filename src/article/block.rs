//! Blocks: what markup says of stretches of a section's text.

use std::ops::Range;

use serde::Serialize;

/// A stretch of a section's text that markup sets apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes in the section's text; never empty, on character boundaries.
    pub span: Range<usize>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// Words of somebody else.
    Quotation,
    /// Code, or other text that is set as it stands.
    Code,
    /// All items of a list.
    List,
    /// All rows of a table.
    Table,
}

impl Block {
    /// The part of the block inside `range` of the text, counted from there; `None` where there is none.
    #[must_use]
    pub fn within(&self, range: &Range<usize>) -> Option<Block> {
        let start = self.span.start.max(range.start);
        let end = self.span.end.min(range.end);
        (start < end).then(|| Block {
            kind: self.kind,
            span: start - range.start..end - range.start,
        })
    }
}
