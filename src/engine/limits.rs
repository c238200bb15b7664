//! What a query may take: forms, postings and memory, counted in work, not in time, so that an error is the same on
//! every machine and whatever became of an index before.
//!
//! # Definition
//!
//! Over the whole query, each written term anew, word by word, each word's forms in order of their bytes:
//!
//! - forms: those of live sections;
//! - postings: the sum over forms and fields of the number of live sections that hold the form in the field;
//! - memory: [`FORM_BYTES`] for each form and [`LIST_BYTES`] for each field that holds it.
//!
//! The first form by which one goes beyond its limit, in this order, ends the query.

use std::fmt;

use crate::query::{Field, Term};

/// What is reckoned for a form, in bytes.
const FORM_BYTES: u64 = 64;
/// What is reckoned for a form in a field, in bytes.
const LIST_BYTES: u64 = 16;

/// The limits of one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryLimits {
    /// How many forms its words may stand for.
    pub forms: u64,
    /// How many postings these may have.
    pub postings: u64,
    /// How much memory these may be reckoned to take, in bytes.
    pub memory_bytes: u64,
}

impl Default for QueryLimits {
    fn default() -> QueryLimits {
        QueryLimits {
            forms: 1_000_000,
            postings: 4_000_000_000,
            memory_bytes: 1 << 30,
        }
    }
}

/// One of the limits of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryLimit {
    /// [`QueryLimits::forms`].
    Forms,
    /// [`QueryLimits::postings`].
    Postings,
    /// [`QueryLimits::memory_bytes`].
    Memory,
}

impl QueryLimit {
    /// In the order in which they are looked at.
    const ALL: [QueryLimit; 3] = [QueryLimit::Forms, QueryLimit::Postings, QueryLimit::Memory];

    /// Its name on the command line and in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            QueryLimit::Forms => "max-forms",
            QueryLimit::Postings => "max-postings",
            QueryLimit::Memory => "max-query-memory",
        }
    }
}

/// A query goes beyond a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LimitExceeded {
    /// Which.
    pub limit: QueryLimit,
    /// The limit.
    pub most: u64,
    /// The part of the query that takes the most of what was counted.
    pub term: String,
    /// How much that takes.
    pub share: u64,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (most, share) = (self.most, self.share);
        match self.limit {
            QueryLimit::Forms => write!(
                f,
                "the query expands to more than {most} forms, {share} of them"
            )?,
            QueryLimit::Postings => write!(
                f,
                "the query reads more than {most} postings, {share} of them"
            )?,
            QueryLimit::Memory => {
                write!(
                    f,
                    "the query takes more than {most} bytes of memory, {share} of them"
                )?;
            }
        }
        write!(f, " by `{}` (--{})", self.term, self.limit.name())
    }
}

/// Counts what a query takes, whose terms are shown in errors.
#[derive(Debug)]
pub struct QueryBudget<'q> {
    limits: [u64; 3],
    used: [u64; 3],
    /// What each written term took, the one that is counted now at the end.
    by_term: Vec<(&'q Term, [u64; 3])>,
}

impl<'q> QueryBudget<'q> {
    /// A budget of which nothing is used.
    #[must_use]
    pub fn new(limits: QueryLimits) -> QueryBudget<'q> {
        QueryBudget {
            limits: [limits.forms, limits.postings, limits.memory_bytes],
            used: [0; 3],
            by_term: Vec::new(),
        }
    }

    /// Counts for this term from now on.
    pub fn begin(&mut self, term: &'q Term) {
        self.by_term.push((term, [0; 3]));
    }

    /// How many forms may still come: one more goes beyond a limit for certain, as each has a list with an entry.
    #[must_use]
    pub fn room(&self) -> usize {
        let left = |i: usize| self.limits[i].saturating_sub(self.used[i]);
        let room = left(0)
            .min(left(1))
            .min(left(2) / (FORM_BYTES + LIST_BYTES));
        usize::try_from(room).unwrap_or(usize::MAX)
    }

    /// Counts a form by the live sections that hold it in each field.
    ///
    /// # Errors
    /// Where that goes beyond a limit.
    pub fn count(&mut self, dfs: &[u64; Field::COUNT]) -> Result<(), LimitExceeded> {
        let lists = dfs.iter().filter(|&&df| df > 0).count() as u64;
        let taken = [1, dfs.iter().sum(), FORM_BYTES + lists * LIST_BYTES];
        for (i, taken) in taken.into_iter().enumerate() {
            self.used[i] = self.used[i].saturating_add(taken);
            if let Some((_, own)) = self.by_term.last_mut() {
                own[i] = own[i].saturating_add(taken);
            }
        }
        match (0..3).find(|&i| self.used[i] > self.limits[i]) {
            None => Ok(()),
            Some(i) => Err(self.exceeded(i)),
        }
    }

    fn exceeded(&self, i: usize) -> LimitExceeded {
        // Those that are written alike are counted together.
        let mut shares: Vec<(String, u64)> = Vec::new();
        for (term, own) in &self.by_term {
            let term = term.to_string();
            match shares.iter_mut().find(|(known, _)| *known == term) {
                Some((_, share)) => *share = share.saturating_add(own[i]),
                None => shares.push((term, own[i])),
            }
        }
        // Of equal ones the first.
        let most = shares.into_iter().rev().max_by_key(|&(_, share)| share);
        let (term, share) = most.unwrap_or_default();
        LimitExceeded {
            limit: QueryLimit::ALL[i],
            most: self.limits[i],
            term,
            share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Language, Morphology};
    use crate::query::{Mode, parse};

    fn term(text: &str) -> Term {
        let english = Morphology::of([Language::ENGLISH]);
        let query = parse(text, Mode::default(), &english).expect(text);
        query.terms()[0].clone()
    }

    fn limits(forms: u64, postings: u64, memory_bytes: u64) -> QueryLimits {
        QueryLimits {
            forms,
            postings,
            memory_bytes,
        }
    }

    #[test]
    fn what_takes_the_most_is_named_with_all_that_is_written_alike() {
        let mut budget = QueryBudget::new(limits(5, 100, 10_000));
        let [many, few, last] = ["a*", "b", "c"].map(term);
        for (term, forms) in [(&many, 2), (&few, 1), (&many, 2)] {
            budget.begin(term);
            for _ in 0..forms {
                budget.count(&[0, 0, 1, 0]).expect("within the limit");
            }
        }
        assert_eq!(budget.room(), 0);
        budget.begin(&last);
        let error = budget.count(&[0, 0, 1, 0]).expect_err("too many");
        assert_eq!(
            error.to_string(),
            "the query expands to more than 5 forms, 4 of them by `a*` (--max-forms)"
        );
    }

    #[test]
    fn postings_and_memory_are_counted_over_fields() {
        let x = term("x");
        let mut budget = QueryBudget::new(limits(100, 10, 10_000));
        budget.begin(&x);
        budget.count(&[5, 0, 5, 0]).expect("within the limit");
        assert_eq!(budget.room(), 0);
        let error = budget.count(&[0, 1, 0, 0]).expect_err("too many");
        assert_eq!((error.limit, error.share), (QueryLimit::Postings, 11));
        let mut budget = QueryBudget::new(limits(100, 1000, 200));
        budget.begin(&x);
        budget.count(&[1, 1, 1, 0]).expect("within the limit");
        assert_eq!(budget.room(), 1);
        let error = budget.count(&[1, 1, 0, 0]).expect_err("too much");
        assert_eq!((error.limit, error.share), (QueryLimit::Memory, 208));
    }
}
