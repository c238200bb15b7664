//! Where quotations and lists of an AsciiDoc article begin and end, which its lines say only in passing.

use crate::article::BlockKind;
use crate::format::builder::Outline;

/// Blocks that lie deeper in each other are not followed.
const MAX_DEPTH: usize = 32;

/// The delimited blocks that are open, and the lists in them.
#[derive(Debug, Default)]
pub(super) struct AsciiDocNesting<'a> {
    /// The delimiters of those whose content is text, and whether they are quotations.
    regions: Vec<(&'a str, bool)>,
    /// For each list, in how many regions it lies.
    lists: Vec<usize>,
    /// Whether the next block is a quotation.
    pub(super) is_quoted: bool,
    /// Whether the next block belongs to the item above.
    pub(super) is_attached: bool,
}

impl<'a> AsciiDocNesting<'a> {
    /// The delimiter of a block whose content is text: ends the block that it began, or begins one. Where it `belongs` to
    /// the item above, the list goes on.
    pub(super) fn region(&mut self, delimiter: &'a str, belongs: bool, outline: &mut Outline<'_>) {
        if let Some(depth) = self.regions.iter().rposition(|own| own.0 == delimiter) {
            self.end_regions(depth, outline);
            return;
        }
        self.leave_list(belongs, outline);
        if self.regions.len() == MAX_DEPTH {
            return;
        }
        let is_quotation = self.is_quoted || delimiter.starts_with('_');
        self.regions.push((delimiter, is_quotation));
        if is_quotation {
            outline.open_block(BlockKind::Quotation);
        }
    }

    /// A heading ends all that is open.
    pub(super) fn end_all(&mut self, outline: &mut Outline<'_>) {
        self.end_regions(0, outline);
        self.end_list(outline);
        (self.is_quoted, self.is_attached) = (false, false);
    }

    fn end_regions(&mut self, depth: usize, outline: &mut Outline<'_>) {
        while self.regions.len() > depth {
            self.end_list(outline);
            if let Some((_, true)) = self.regions.pop() {
                outline.close_block(BlockKind::Quotation);
            }
        }
    }

    /// Whether the innermost region is in a list, below its items.
    fn is_in_list(&self) -> bool {
        self.lists.last() == Some(&self.regions.len())
    }

    /// An item or a term: goes on with a list, or begins one.
    pub(super) fn enter_list(&mut self, outline: &mut Outline<'_>) {
        self.is_attached = false;
        if !self.is_in_list() {
            self.lists.push(self.regions.len());
            outline.open_block(BlockKind::List);
        }
    }

    /// A block that is no item ends the list above it, unless it `belongs` to the item above or is attached to it.
    pub(super) fn leave_list(&mut self, belongs: bool, outline: &mut Outline<'_>) {
        let is_attached = std::mem::take(&mut self.is_attached);
        if !belongs && !is_attached {
            self.end_list(outline);
        }
    }

    fn end_list(&mut self, outline: &mut Outline<'_>) {
        if self.is_in_list() {
            self.lists.pop();
            outline.close_block(BlockKind::List);
        }
    }
}
