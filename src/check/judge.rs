//! Asks a case's query, and compares the answer with what is expected.

use super::{AssertionCase, CaseVerdict, Expected, Failure};
use crate::article::FilterFacts;
use crate::query::Filter;
use crate::search::{Detail, Error, Index, SearchHit, SearchRequest, SearchResults};
use crate::source::StoredPath;

/// Asks the query of a case and compares; the sources in `without` are not looked at.
#[must_use]
pub fn judge(index: &Index, case: AssertionCase, without: &[StoredPath]) -> CaseVerdict {
    let judged = CaseJudge {
        index,
        without,
        case: &case,
        failures: Vec::new(),
    }
    .run();
    match judged {
        Ok((matched, failures)) => CaseVerdict {
            case,
            matched,
            failures,
            error: None,
        },
        Err(error) => CaseVerdict {
            case,
            matched: 0,
            failures: Vec::new(),
            error: Some(error.to_string()),
        },
    }
}

struct CaseJudge<'a> {
    index: &'a Index,
    without: &'a [StoredPath],
    case: &'a AssertionCase,
    failures: Vec<Failure>,
}

impl CaseJudge<'_> {
    fn run(mut self) -> Result<(u64, Vec<Failure>), Error> {
        let expected = &self.case.expected;
        let shown = self.search(Some(expected.top), Detail::Passages)?;
        let matched = shown.summary.matched;
        self.counts(matched, &shown)?;
        self.first(&shown);
        let described = match expected.describes_hit() {
            true => self.described(&shown)?,
            false => shown.hits.first(),
        };
        self.score(described, expected.score_above);
        if !expected.absent.is_empty() {
            self.absent()?;
        }
        Ok((matched, self.failures))
    }

    fn search(&self, limit: Option<usize>, detail: Detail) -> Result<SearchResults, Error> {
        let request = SearchRequest {
            mode: self.case.mode,
            limit,
            detail,
            without: self.without.to_vec(),
            ..SearchRequest::default()
        };
        self.index.search(&self.case.query, &request)
    }

    fn fail(&mut self, expected: String, found: String, nearest: Option<String>) {
        self.failures.push(Failure {
            expected,
            found,
            nearest,
        });
    }

    fn counts(&mut self, matched: u64, shown: &SearchResults) -> Result<(), Error> {
        let expected = &self.case.expected;
        let least = match expected.is_nothing() {
            true => Some(1),
            false => expected.min_hits,
        };
        let bounds = [
            (
                expected.hits.is_some_and(|n| matched != n),
                expected.hits,
                "exactly",
            ),
            (least.is_some_and(|n| matched < n), least, "at least"),
            (
                expected.max_hits.is_some_and(|n| matched > n),
                expected.max_hits,
                "at most",
            ),
        ];
        for (is_broken, bound, words) in bounds {
            if let Some(bound) = bound.filter(|_| is_broken) {
                let nearest = match matched < bound {
                    true => self.with_any_word(matched)?,
                    false => None,
                };
                self.fail(format!("{words} {}", hits(bound)), found(shown), nearest);
            }
        }
        Ok(())
    }

    /// What more would match if one of the words were enough.
    fn with_any_word(&self, matched: u64) -> Result<Option<String>, Error> {
        let mut mode = self.case.mode;
        if mode.any {
            return Ok(None);
        }
        (mode.any, mode.plain, mode.phrase) = (true, true, false);
        let request = SearchRequest {
            mode,
            limit: Some(1),
            detail: Detail::Ids,
            without: self.without.to_vec(),
            ..SearchRequest::default()
        };
        let Ok(results) = self.index.search(&self.case.query, &request) else {
            return Ok(None);
        };
        let more = results.summary.matched;
        let first = results.hits.first().filter(|_| more > matched);
        let said = |hit: &SearchHit| {
            let more = hits(more);
            format!("with any of the words {more}, the first `{}`", hit.id)
        };
        Ok(first.map(said))
    }

    fn first(&mut self, shown: &SearchResults) {
        let Some(filter) = &self.case.expected.first else {
            return;
        };
        if !shown.hits.first().is_some_and(|hit| passes(filter, hit)) {
            let rank = shown.hits.iter().find(|hit| passes(filter, hit));
            let nearest = rank.map(|hit| format!("hit {}: `{}`", hit.rank, hit.id));
            let expected = format!("`{}` first", glob(filter));
            self.fail(expected, found(shown), nearest);
        }
    }

    /// The first of the hits shown that is as described.
    fn described<'h>(&mut self, shown: &'h SearchResults) -> Result<Option<&'h SearchHit>, Error> {
        let expected = &self.case.expected;
        let mut best: Option<(usize, &SearchHit)> = None;
        for hit in &shown.hits {
            let missing = missing(self.index, expected, hit)?;
            if missing.is_empty() {
                return Ok(Some(hit));
            }
            if best.is_none_or(|(fewest, _)| missing.len() < fewest) {
                best = Some((missing.len(), hit));
            }
        }
        let nearest = match best {
            Some((_, hit)) if self.is_partly(hit)? => {
                let missing = missing(self.index, expected, hit)?.join(" and ");
                Some(format!("hit {}: `{}`, without {missing}", hit.rank, hit.id))
            }
            _ => self.further_down()?,
        };
        self.fail(description(expected), found(shown), nearest);
        Ok(None)
    }

    fn is_partly(&self, hit: &SearchHit) -> Result<bool, Error> {
        let expected = &self.case.expected;
        let asked = [
            expected.path.is_some(),
            expected.heading.is_some(),
            expected.passage.is_some(),
        ];
        let asked = asked.iter().filter(|&&is_asked| is_asked).count();
        Ok(missing(self.index, expected, hit)?.len() < asked)
    }

    /// The first hit at the path, below those that were looked at.
    fn further_down(&self) -> Result<Option<String>, Error> {
        let Some(filter) = &self.case.expected.path else {
            return Ok(None);
        };
        let all = self.search(None, Detail::Paths)?;
        let Some(hit) = all.hits.iter().find(|hit| passes(filter, hit)) else {
            return Ok(Some(match self.index.has_article(filter)? {
                true => format!("`{}` is indexed and does not match", glob(filter)),
                false => format!("`{}` is not in the index", glob(filter)),
            }));
        };
        Ok(Some(format!("hit {}: {}", hit.rank, hit.path)))
    }

    fn score(&mut self, hit: Option<&SearchHit>, bound: Option<f64>) {
        let (Some(hit), Some(bound)) = (hit, bound) else {
            return;
        };
        if hit.score <= bound {
            let found = format!("{:.6} for `{}`", hit.score, hit.id);
            self.fail(format!("a score above {bound}"), found, None);
        }
    }

    fn absent(&mut self) -> Result<(), Error> {
        let all = self.search(None, Detail::Paths)?;
        for filter in &self.case.expected.absent.clone() {
            if let Some(hit) = all.hits.iter().find(|hit| passes(filter, hit)) {
                let found = format!("hit {} of {}: {}", hit.rank, all.summary.matched, hit.path);
                self.fail(format!("no hit in `{}`", glob(filter)), found, None);
            }
        }
        Ok(())
    }
}

fn passes(filter: &Filter, hit: &SearchHit) -> bool {
    let path = hit.path.to_text();
    filter.passes(&FilterFacts {
        path: &path,
        inner: hit.part.below(&path).as_deref(),
        ..FilterFacts::default()
    })
}

fn glob(filter: &Filter) -> &str {
    match filter {
        Filter::Path(filter) => filter.written(),
        _ => "",
    }
}

/// What a hit lacks of what is described.
fn missing(index: &Index, expected: &Expected, hit: &SearchHit) -> Result<Vec<String>, Error> {
    let mut missing = Vec::new();
    if let Some(filter) = expected.path.as_ref().filter(|filter| !passes(filter, hit)) {
        missing.push(format!("the path `{}`", glob(filter)));
    }
    if let Some(heading) = &expected.heading
        && !hit.headings.iter().any(|own| own == heading)
    {
        missing.push(format!("the heading `{heading}`"));
    }
    if let Some(passage) = &expected.passage {
        let text = index.section(&hit.id)?.section.text;
        if !folded(&text).contains(&folded(passage)) {
            missing.push(format!("the passage `{passage}`"));
        }
    }
    Ok(missing)
}

/// The text with all white space as single spaces.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn description(expected: &Expected) -> String {
    let mut parts = Vec::new();
    if let Some(filter) = &expected.path {
        parts.push(format!("`{}`", glob(filter)));
    }
    if let Some(heading) = &expected.heading {
        parts.push(format!("the heading `{heading}`"));
    }
    if let Some(passage) = &expected.passage {
        parts.push(format!("the passage `{passage}`"));
    }
    format!(
        "{} among the first {}",
        parts.join(" with "),
        hits(expected.top as u64)
    )
}

fn hits(number: u64) -> String {
    match number {
        1 => "1 hit".to_string(),
        _ => format!("{number} hits"),
    }
}

/// What came, in short.
fn found(shown: &SearchResults) -> String {
    match shown.hits.first() {
        Some(hit) => format!("{}, the first `{}`", hits(shown.summary.matched), hit.id),
        None => "no hit".to_string(),
    }
}
