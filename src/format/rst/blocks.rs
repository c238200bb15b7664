//! What the indent of lines makes of them: quotations, lists, the content of directives.

use super::marks::{command_option, item_marker};
use crate::article::BlockKind;
use crate::format::builder::Outline;

/// What the lines so far are in, the outermost first.
#[derive(Debug, Default)]
pub(super) struct RstNesting(Vec<Indented>);

/// Lines that their indent holds together.
#[derive(Debug)]
struct Indented {
    /// Lines from this indent on belong to it.
    from: usize,
    /// The indent of its text; `None` before the first line of it.
    content: Option<usize>,
    /// `None` for the content of a directive, a field or a footnote.
    kind: Option<BlockKind>,
}

/// The indent of the content of an item that begins with `line`; `None` where it is no item. A line right above `below`,
/// which is indented more, is a term.
pub(super) fn item_content(line: &str, indent: usize, below: Option<usize>) -> Option<usize> {
    if let Some(len) = item_marker(line) {
        return Some(indent + len);
    }
    if let Some((_, text)) = command_option(line) {
        return Some(
            below
                .filter(|below| *below > indent)
                .unwrap_or(indent + text),
        );
    }
    let may_be_term = !line.starts_with("| ") && !line.starts_with(">>> ");
    below.filter(|below| may_be_term && *below > indent)
}

impl RstNesting {
    /// Ends what a line of this indent leaves, and begins what it says: an item, which `content` is given for, a list;
    /// other lines that are indented more than the text around them a quotation.
    pub(super) fn enter(
        &mut self,
        indent: usize,
        content: Option<usize>,
        outline: &mut Outline<'_>,
    ) {
        while let Some(last) = self.0.last() {
            // A list goes on with items at its indent, and with what is deeper.
            let goes_on = last.kind != Some(BlockKind::List) || content.is_some();
            if indent > last.from || (indent == last.from && goes_on) {
                break;
            }
            self.end(outline);
        }
        let around = match self.0.last_mut() {
            Some(last) if last.kind == Some(BlockKind::List) && indent == last.from => {
                last.content = content;
                return;
            }
            Some(last) => *last.content.get_or_insert(indent),
            None => 0,
        };
        if indent > around {
            self.begin(indent, Some(indent), Some(BlockKind::Quotation), outline);
        }
        if content.is_some() {
            self.begin(indent, content, Some(BlockKind::List), outline);
        }
    }

    /// What is indented more than `indent` belongs to the line at hand.
    pub(super) fn hold(
        &mut self,
        indent: usize,
        kind: Option<BlockKind>,
        outline: &mut Outline<'_>,
    ) {
        self.begin(indent + 1, None, kind, outline);
    }

    fn begin(
        &mut self,
        from: usize,
        content: Option<usize>,
        kind: Option<BlockKind>,
        outline: &mut Outline<'_>,
    ) {
        if let Some(kind) = kind {
            outline.open_block(kind);
        }
        self.0.push(Indented {
            from,
            content,
            kind,
        });
    }

    fn end(&mut self, outline: &mut Outline<'_>) {
        if let Some(kind) = self.0.pop().and_then(|last| last.kind) {
            outline.close_block(kind);
        }
    }

    /// How many tables are open.
    pub(super) fn tables(&self) -> usize {
        let is_table = |indented: &&Indented| indented.kind == Some(BlockKind::Table);
        self.0.iter().filter(is_table).count()
    }

    /// A heading ends all that is open.
    pub(super) fn end_all(&mut self, outline: &mut Outline<'_>) {
        while !self.0.is_empty() {
            self.end(outline);
        }
    }
}
