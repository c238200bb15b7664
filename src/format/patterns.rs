//! Patterns of where articles are cut, as a configuration has them: read at once, so that what is wrong with one is told,
//! compiled when the first file asks, all of them within one budget.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};

use crate::source::{ReadError, Reason};

/// What all patterns together may take, compiled, in bytes.
const COMPILED_BYTES: usize = 32 << 20;
/// What is tried first for a pattern, in bytes.
const FIRST_BYTES: usize = 16 << 10;
/// What all patterns together may keep of what they found out while they match, in bytes a thread.
const CACHE_BYTES: usize = 32 << 20;
/// What one of them may keep.
const ONE_CACHE_BYTES: usize = 2 << 20;
/// The longest pattern, in bytes: each `\w` of it is read as a table of some kilobytes.
const MAX_PATTERN_BYTES: usize = 4 << 10;
/// How many patterns there may be.
const MAX_PATTERNS: usize = 10_000;

/// A pattern that cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is no regular expression.
    #[error("invalid pattern `{pattern}`: {message}")]
    Invalid {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// It is too long.
    #[error("the pattern `{0}…` is longer than {MAX_PATTERN_BYTES} bytes")]
    Long(String),
    /// There are too many.
    #[error("there are more than {MAX_PATTERNS} patterns, from `{0}` on")]
    Many(String),
    /// Compiled, those up to this one take more than all may.
    #[error("with the pattern `{0}` all patterns take more than {COMPILED_BYTES} bytes, compiled")]
    Large(String),
}

/// Collects the patterns of a configuration, which share one budget.
#[derive(Debug, Default)]
pub struct PatternList {
    shared: Arc<PatternSet>,
    texts: Vec<String>,
}

/// Some of the patterns of a configuration.
#[derive(Debug, Clone)]
pub struct Patterns {
    shared: Arc<PatternSet>,
    own: Range<usize>,
    texts: Vec<String>,
}

/// All patterns of a configuration.
#[derive(Debug, Default)]
struct PatternSet {
    texts: OnceLock<Vec<String>>,
    compiled: OnceLock<Result<Vec<Regex>, PatternError>>,
}

impl PatternList {
    /// No patterns yet.
    #[must_use]
    pub fn new() -> PatternList {
        PatternList::default()
    }

    /// Adds the patterns of one rule.
    ///
    /// # Errors
    /// Where one of them cannot be read. What they take together is told when the first one is asked for.
    pub fn add(&mut self, texts: &[String]) -> Result<Patterns, PatternError> {
        let first = self.texts.len();
        for text in texts {
            check(text)?;
            if self.texts.len() == MAX_PATTERNS {
                return Err(PatternError::Many(text.clone()));
            }
            self.texts.push(text.clone());
        }
        Ok(Patterns {
            shared: self.shared.clone(),
            own: first..self.texts.len(),
            texts: texts.to_vec(),
        })
    }
}

impl Drop for PatternList {
    /// No more patterns come: those that were added may be compiled.
    fn drop(&mut self) {
        let _ = self.shared.texts.set(std::mem::take(&mut self.texts));
    }
}

fn check(text: &str) -> Result<(), PatternError> {
    if text.len() > MAX_PATTERN_BYTES {
        return Err(PatternError::Long(text.chars().take(40).collect()));
    }
    match regex_syntax::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(PatternError::Invalid {
            pattern: text.to_string(),
            message: (error.to_string().lines().last().unwrap_or_default()).replace("error: ", ""),
        }),
    }
}

impl Patterns {
    /// The patterns as they were written.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Compiles all patterns of the configuration, where that was not done yet.
    ///
    /// # Errors
    /// [`Reason::Memory`] where they take too much together.
    pub(super) fn prepare(&self) -> Result<(), ReadError> {
        self.compiled().map(|_| ()).map_err(|error| ReadError {
            reason: Reason::Memory,
            message: error.to_string(),
        })
    }

    /// The number of the first pattern that `line` matches.
    pub(super) fn first_of(&self, line: &str) -> Option<usize> {
        let compiled = self.compiled().ok()?;
        compiled.iter().position(|pattern| pattern.is_match(line))
    }

    fn compiled(&self) -> Result<&[Regex], &PatternError> {
        let texts = self.shared.texts.get().map_or(&[][..], Vec::as_slice);
        let all = self.shared.compiled.get_or_init(|| compile(texts));
        let all = all.as_ref()?;
        Ok(all.get(self.own.clone()).unwrap_or_default())
    }
}

/// Compiles patterns in their order, until they take too much.
fn compile(texts: &[String]) -> Result<Vec<Regex>, PatternError> {
    let cache = (CACHE_BYTES / texts.len().max(1)).min(ONE_CACHE_BYTES);
    let mut left = COMPILED_BYTES;
    let each = texts.iter().map(|text| compile_one(text, cache, &mut left));
    each.collect()
}

/// Compiles a pattern and takes its size, to within a factor of two, from what is left.
fn compile_one(text: &str, cache: usize, left: &mut usize) -> Result<Regex, PatternError> {
    let mut bytes = FIRST_BYTES;
    loop {
        let allowed = bytes.min(*left);
        let mut builder = RegexBuilder::new(text);
        match builder.size_limit(allowed).dfa_size_limit(cache).build() {
            Ok(compiled) => {
                *left -= allowed;
                return Ok(compiled);
            }
            Err(regex::Error::CompiledTooBig(_)) if allowed < *left => bytes *= 2,
            Err(_) => return Err(PatternError::Large(text.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(lists: &[&[&str]]) -> Vec<Patterns> {
        let mut all = PatternList::new();
        let mut add = |texts: &&[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_string()).collect();
            all.add(&texts).expect("patterns")
        };
        lists.iter().map(&mut add).collect()
    }

    #[test]
    fn each_rule_has_its_own_patterns_of_one_list() {
        let lists = listed(&[&["^a", "^b"], &["^c"]]);
        assert_eq!(lists[0].first_of("b"), Some(1));
        assert_eq!(lists[0].first_of("c"), None);
        assert_eq!(lists[1].first_of("c"), Some(0));
        assert_eq!(lists[1].texts(), ["^c"]);
    }

    #[test]
    fn t7_all_patterns_share_one_budget() {
        let large = [r"\w{0,60}"; 400];
        let lists = listed(&[&["^few"], &large, &["^more"]]);
        for patterns in &lists {
            let error = patterns.prepare().expect_err("too much");
            assert_eq!(error.reason, Reason::Memory);
            assert!(
                error.message.contains(r"with the pattern `\w{0,60}`"),
                "{error}"
            );
        }
        let many = listed(&[&[r"^Item \d+"; 400], &[r"^\w+ \w+$"; 50], &[r"\w{0,60}"]]);
        assert_eq!(many[0].prepare(), Ok(()));
        assert_eq!(many[1].first_of("two words"), Some(0));
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_told_at_once() {
        let mut all = PatternList::new();
        let mut error = |text: &str| match all.add(&[text.to_string()]) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{text}"),
        };
        assert_eq!(error("("), "invalid pattern `(`: unclosed group");
        let long = error(&r"\w".repeat(3000));
        assert!(
            long.ends_with("…` is longer than 4096 bytes") && long.len() < 100,
            "{long}"
        );
        assert!(error(&"(".repeat(2000)).starts_with("invalid pattern"));
    }
}
