//! From offsets in a section's text to places in its source.

use std::cell::Cell;

use super::Place;
use super::run::{Reads, Run};

/// The places of a text.
#[derive(Debug)]
pub struct Places<'a> {
    runs: &'a [Run],
    text: &'a str,
    /// The run that was last looked into, by its first byte; a byte in it, and the characters before that.
    counted: Cell<(u32, usize, usize)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(runs: &'a [Run], text: &'a str) -> Places<'a> {
        Places {
            runs,
            text,
            counted: Cell::new((0, 0, 0)),
        }
    }

    /// The place of the character that begins at byte `offset`; of the next one that has a source where this one has
    /// none. `None` for an empty map.
    #[must_use]
    pub fn place_of(&self, offset: usize) -> Option<Place> {
        let runs = self.runs;
        let at = runs.partition_point(|run| run.text_end() as usize <= offset);
        let Some(run) = runs.get(at) else {
            return self.end_of(offset);
        };
        let inside = offset.saturating_sub(run.text as usize);
        Some(match run.reads {
            Reads::Unit(_) => run.start,
            Reads::Same | Reads::Wide(_) => self.advance(run, inside),
        })
    }

    /// The place just behind the character that ends at byte `offset`. `None` for an empty map.
    #[must_use]
    pub fn end_of(&self, offset: usize) -> Option<Place> {
        let runs = self.runs;
        let at = runs.partition_point(|run| (run.text as usize) < offset);
        let Some(run) = at.checked_sub(1).and_then(|i| runs.get(i)) else {
            return runs.first().map(|run| run.start);
        };
        let inside = (offset - run.text as usize).min(run.text_len as usize);
        Some(match run.reads {
            Reads::Unit(chars) => Place {
                byte: run.source_end(),
                line: run.start.line,
                column: run.start.column.saturating_add(chars),
            },
            Reads::Same | Reads::Wide(_) => self.advance(run, inside),
        })
    }

    fn advance(&self, run: &Run, inside: usize) -> Place {
        let from = run.text as usize;
        let (last_run, last, last_chars) = self.counted.get();
        let (last, last_chars) = match last_run == run.text && last <= inside {
            true => (last, last_chars),
            false => (0, 0),
        };
        let Some(ahead) = self.text.get(from + last..from + inside) else {
            return run.place_in(inside, inside);
        };
        let chars = last_chars + ahead.chars().count();
        self.counted.set((run.text, inside, chars));
        run.place_in(inside, chars)
    }
}
