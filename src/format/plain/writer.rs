//! Writes the blocks of a plain text into an outline.

use super::blocks::{Kind, TextBlock};
use super::lines::PlainLine;
use super::roles::Role;
use super::shape::{is_item, is_numbered_item};
use crate::article::BlockKind;
use crate::format::builder::Outline;
use crate::format::builder::text::Gap;

/// Writes blocks into an outline.
pub(super) struct BlockWriter<'a, 'l> {
    pub(super) text: &'a str,
    pub(super) lines: &'l [PlainLine],
    pub(super) outline: Outline<'a>,
    /// What the paragraphs so far are the beginning of.
    pub(super) open: Option<BlockKind>,
}

impl BlockWriter<'_, '_> {
    pub(super) fn block(&mut self, block: &TextBlock<'_>, role: Role) {
        let start = block.range.start;
        self.enter(block_kind(block).filter(|_| matches!(role, Role::Text | Role::FirstText)));
        match role {
            Role::Title if !self.outline.may_be_title(block.own_text()) => self.paragraph(block),
            Role::Title => {
                self.outline
                    .title(start..start + block.own_text().len(), block.range.end);
            }
            Role::Heading(level) => {
                self.outline.start_heading(level, None, block.range.clone());
                self.outline.text(start..start + block.own_text().len());
                self.outline.end_heading(block.range.end);
            }
            Role::Left => {}
            Role::Break => self.outline.break_section(),
            Role::FirstText => {
                self.outline.break_section();
                self.paragraph(block);
            }
            Role::Text => self.paragraph(block),
        }
    }

    /// Goes on with a list or a quotation, or ends it and begins another.
    fn enter(&mut self, kind: Option<BlockKind>) {
        if kind == self.open {
            return;
        }
        if let Some(open) = self.open {
            self.outline.close_block(open);
        }
        if let Some(kind) = kind {
            self.outline.open_block(kind);
        }
        self.open = kind;
    }

    /// Adds the text of a block; each list item is a block of its own.
    fn paragraph(&mut self, block: &TextBlock<'_>) {
        let mut from = block.range.start;
        if block.kind == Kind::List {
            for line in &self.lines[block.lines.start + 1..block.lines.end] {
                let at = line.trimmed.start;
                if is_item_start(&self.text[line.trimmed.clone()]) {
                    self.outline.text(from..at);
                    self.outline.gap(Gap::Block);
                    from = at;
                }
            }
        }
        self.outline.text(from..block.range.end);
        self.outline.gap(match block.runs_on {
            true => Gap::Space,
            false => Gap::Block,
        });
    }
}

/// What a block is part of: a list, or a quotation where each line begins with `>`.
fn block_kind(block: &TextBlock<'_>) -> Option<BlockKind> {
    let is_quoted = || {
        let mut lines = block.text.lines();
        lines.all(|line| line.trim_start().starts_with('>'))
    };
    if block.kind == Kind::List {
        Some(BlockKind::List)
    } else {
        (block.text.starts_with('>') && is_quoted()).then_some(BlockKind::Quotation)
    }
}

fn is_item_start(line: &str) -> bool {
    is_item(line) || is_numbered_item(line)
}
