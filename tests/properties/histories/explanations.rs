//! Whether what is explained of sections is what a search says of them.

use excerpt::article::{Article, PartPath};
use excerpt::catalog::id_of;
use excerpt::query::Mode;
use excerpt::search::{self, Location, SearchRequest, Verdict};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::history::Index;

/// Checks the verdict, the score and the rank of each section against a search.
pub(super) fn sum_up(index: &Index, texts: &[(String, Mode)]) -> Result<(), TestCaseError> {
    let location = Location::named(index.folder(), index.folder());
    let opened = search::Index::open_or_create(location).expect("the index");
    for (text, mode) in texts {
        let request = SearchRequest {
            mode: *mode,
            limit: None,
            ..SearchRequest::default()
        };
        let Ok(found) = opened.search(text, &request) else {
            prop_assert!(opened.explain(text, *mode, "a.md").is_err());
            continue;
        };
        for (path, (_, article)) in &index.live {
            for order in told_apart(article) {
                let id = id_of(path, &PartPath::default(), &article.sections[order].anchor);
                let hit = found
                    .hits
                    .iter()
                    .find(|hit| hit.path == *path && hit.section as usize == order + 1);
                let explained = opened.explain(text, *mode, &id).expect(&id);
                let score = explained.score.as_ref();
                prop_assert_eq!(
                    score.map(|score| (score.score.to_bits(), score.rank)),
                    hit.map(|hit| (hit.score.to_bits(), Some(hit.rank))),
                    "{:?}: {}",
                    text,
                    id
                );
                let fails = !explained.root.failures().is_empty();
                prop_assert_eq!(fails, explained.verdict == Verdict::NoMatch, "{:?}", text);
            }
        }
    }
    Ok(())
}

/// The sections of an article whose anchors are their own.
fn told_apart(article: &Article) -> impl Iterator<Item = usize> {
    let sections = &article.sections;
    let is_own = |i: &usize| {
        let anchor = &sections[*i].anchor;
        sections.iter().filter(|s| s.anchor == *anchor).count() == 1
    };
    (0..sections.len()).filter(is_own)
}
