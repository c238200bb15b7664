//! Where quotations, lists and tables of an Org article begin and end.

use super::marks::{is_aside, item_marker};
use crate::article::BlockKind;
use crate::format::builder::Outline;

/// What is open.
#[derive(Debug, Default)]
pub(super) struct OrgNesting {
    /// How many quotations are open.
    quotations: usize,
    /// For each list, in how many quotations it lies, and the indent of its items.
    lists: Vec<(usize, usize)>,
    is_table: bool,
}

impl OrgNesting {
    /// Ends the table above a line that is none of its rows, and the list above text that is no deeper than its items.
    pub(super) fn leave(&mut self, line: &str, indent: usize, outline: &mut Outline<'_>) {
        if self.is_table && !line.starts_with('|') {
            self.is_table = false;
            outline.close_block(BlockKind::Table);
        }
        let Some((depth, of_items)) = self.lists.last_mut() else {
            return;
        };
        if *depth != self.quotations || indent > *of_items || is_aside(line) {
            return;
        }
        match item_marker(line, indent == 0) {
            Some(_) => *of_items = indent,
            None => self.end_list(outline),
        }
    }

    pub(super) fn enter_table(&mut self, outline: &mut Outline<'_>) {
        if !self.is_table {
            self.is_table = true;
            outline.open_block(BlockKind::Table);
        }
    }

    /// An item: goes on with a list, or begins one.
    pub(super) fn enter_list(&mut self, indent: usize, outline: &mut Outline<'_>) {
        if !self.is_in_list() {
            self.lists.push((self.quotations, indent));
            outline.open_block(BlockKind::List);
        }
    }

    /// Whether the innermost quotation is in a list, below its items.
    fn is_in_list(&self) -> bool {
        let last = self.lists.last();
        last.is_some_and(|list| list.0 == self.quotations)
    }

    fn end_list(&mut self, outline: &mut Outline<'_>) {
        if self.is_in_list() {
            self.lists.pop();
            outline.close_block(BlockKind::List);
        }
    }

    /// `begin_quote` or `end_quote`, in any case; other keywords mean nothing here.
    pub(super) fn quotation(&mut self, keyword: &str, outline: &mut Outline<'_>) {
        let word = keyword.split([' ', '\t']).next().unwrap_or_default();
        if word.eq_ignore_ascii_case("begin_quote") {
            self.quotations += 1;
            outline.open_block(BlockKind::Quotation);
        } else if word.eq_ignore_ascii_case("end_quote") && self.quotations > 0 {
            self.end_quotation(outline);
        }
    }

    fn end_quotation(&mut self, outline: &mut Outline<'_>) {
        self.end_list(outline);
        self.quotations -= 1;
        outline.close_block(BlockKind::Quotation);
    }

    /// A headline ends all that is open.
    pub(super) fn end_all(&mut self, outline: &mut Outline<'_>) {
        while self.quotations > 0 {
            self.end_quotation(outline);
        }
        self.end_list(outline);
    }
}
