//! One reading of one source: its text, how it is to be read, and what is left of its limits.

use std::cell::Cell;

use crate::format::options::{Limits, ReadOptions, Split};
use crate::source::{Decoded, Reason};

/// A source being read. Readers say what they do as they go, and stop where they are told to.
pub(in crate::format) struct Reading<'a> {
    pub(in crate::format) source: &'a Decoded,
    pub(in crate::format) split: &'a Split,
    /// The title, where something outside of the text says it.
    pub(in crate::format) title: Option<&'a str>,
    limits: Limits,
    steps: Cell<u64>,
    elements: Cell<u64>,
    sections: Cell<u64>,
    breach: Cell<Option<Reason>>,
}

impl<'a> Reading<'a> {
    pub(in crate::format) fn new(source: &'a Decoded, options: &'a ReadOptions) -> Reading<'a> {
        Reading {
            source,
            split: &options.split,
            title: None,
            limits: options.limits,
            steps: Cell::new(0),
            elements: Cell::new(0),
            sections: Cell::new(0),
            breach: Cell::new(None),
        }
    }

    /// The same reading of an article whose title is known.
    pub(in crate::format) fn titled(self, title: Option<&'a str>) -> Reading<'a> {
        Reading { title, ..self }
    }

    /// The limit that was reached.
    pub(in crate::format) fn breach(&self) -> Option<Reason> {
        self.breach.get()
    }

    /// Whether a limit was reached: the reader stops, what it has is dropped.
    pub(in crate::format) fn must_stop(&self) -> bool {
        self.breach.get().is_some()
    }

    /// Says that about so many bytes are being looked at. False where that is too many.
    pub(in crate::format) fn step(&self, bytes: usize) -> bool {
        self.count(
            &self.steps,
            bytes as u64 + 1,
            self.limits.steps,
            Reason::Time,
        )
    }

    /// Says that there is another element, so deep among others. False where that is one too many, or too deep.
    pub(in crate::format) fn element(&self, depth: usize) -> bool {
        if depth as u64 > self.limits.depth {
            self.breach
                .set(self.breach.get().or(Some(Reason::LimitDepth)));
        }
        self.count(&self.elements, 1, self.limits.elements, Reason::LimitNodes)
    }

    /// Says that there is another section. False where that is one too many.
    pub(super) fn section(&self) -> bool {
        self.count(
            &self.sections,
            1,
            self.limits.sections,
            Reason::LimitSections,
        )
    }

    fn count(&self, count: &Cell<u64>, more: u64, limit: u64, reason: Reason) -> bool {
        let sum = count.get().saturating_add(more);
        count.set(sum);
        if sum > limit {
            self.breach.set(self.breach.get().or(Some(reason)));
        }
        !self.must_stop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_limit_that_is_reached_is_named() {
        let source = Decoded::from_bytes(b"x".to_vec()).expect("text");
        let options = ReadOptions {
            limits: Limits {
                steps: 10,
                elements: 2,
                depth: 3,
                sections: 1,
                ..Limits::default()
            },
            ..ReadOptions::default()
        };
        let fresh = || Reading::new(&source, &options);
        let reading = fresh();
        assert!(reading.step(4) && reading.step(4) && !reading.step(4));
        assert!(!reading.element(9));
        assert_eq!(reading.breach(), Some(Reason::Time));
        let reading = fresh();
        assert!(reading.element(3) && !reading.element(4));
        assert_eq!(reading.breach(), Some(Reason::LimitDepth));
        let reading = fresh();
        assert!(reading.element(1) && reading.element(1) && !reading.element(1));
        assert_eq!(reading.breach(), Some(Reason::LimitNodes));
        let reading = fresh();
        assert!(reading.section() && !reading.section());
        assert_eq!(reading.breach(), Some(Reason::LimitSections));
    }
}
