//! Counts the work of judging: a limit is then met at the same quotation on every machine.

/// How many steps one quotation may take: cells of an alignment, words that are compared, characters of a difference.
const MAX_STEPS: u64 = 60_000_000;
/// How many steps all quotations of a run may take together: tens of thousands that are absent, ten times as many that
/// are found.
const MAX_STEPS_OF_RUN: u64 = 5_000_000_000;

/// The limit that a quotation met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// It has more words than are looked for.
    Words,
    /// It leaves out or replaces more stretches than are looked for.
    Gaps,
    /// Comparing it took more steps than one quotation may take.
    Work,
    /// All quotations of the run together took more steps than they may take.
    Run,
    /// Looking it up met a limit of queries.
    Query,
}

impl Limit {
    /// All of them.
    pub const ALL: [Limit; 5] = [
        Limit::Words,
        Limit::Gaps,
        Limit::Work,
        Limit::Run,
        Limit::Query,
    ];

    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Limit::Words => "words",
            Limit::Gaps => "gaps",
            Limit::Work => "work",
            Limit::Run => "run",
            Limit::Query => "query",
        }
    }

    /// What was too much, for people.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Limit::Words => "it has too many words",
            Limit::Gaps => "it has too many gaps and brackets",
            Limit::Work => "comparing it takes too many steps",
            Limit::Run => "the quotations before it took too many steps",
            Limit::Query => "looking it up meets a limit of queries (--max-postings)",
        }
    }
}

/// The steps that are left.
#[derive(Debug)]
pub(super) struct Work {
    of_run: u64,
    of_quotation: u64,
}

impl Work {
    /// All steps of a run.
    pub(super) fn new() -> Work {
        Work {
            of_run: MAX_STEPS_OF_RUN,
            of_quotation: 0,
        }
    }

    /// Begins with the next quotation.
    pub(super) fn begin(&mut self) {
        self.of_quotation = MAX_STEPS;
    }

    /// Takes `steps` of what is left.
    ///
    /// # Errors
    /// Where fewer are left.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Limit> {
        let steps = steps as u64;
        self.of_run = self.of_run.checked_sub(steps).ok_or(Limit::Run)?;
        self.of_quotation = self.of_quotation.checked_sub(steps).ok_or(Limit::Work)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_and_a_run_have_so_many_steps_and_no_more() {
        let mut work = Work::new();
        work.begin();
        assert_eq!(work.spend(MAX_STEPS as usize), Ok(()));
        assert_eq!(work.spend(1), Err(Limit::Work));
        work.begin();
        assert_eq!(work.spend(1), Ok(()));
        work.of_run = 1;
        assert_eq!(work.spend(2), Err(Limit::Run));
    }
}
