//! What people are told of a query that may not be meant as it is written.

use crate::cli::error::say;
use crate::query::small_operators;
use crate::search::{Error, Index, SearchRequest, SearchResults};

/// An answer with fewer hits may be of a query that was not meant so.
const FEW: u64 = 10;

/// Says what looks like a slip in a query.
pub(super) fn say_hints(
    index: &Index,
    results: &SearchResults,
    request: &SearchRequest,
) -> Result<(), Error> {
    let (text, mode) = (&results.query, request.mode);
    let summary = &results.summary;
    for operator in small_operators(text, mode) {
        let written = operator.to_lowercase();
        let is_required = !summary.optional.contains(&written);
        // A word that need not be there narrows nothing; between words that are all wanted, neither does `AND`.
        let may_be_meant = operator != "AND" && summary.matched < FEW;
        if is_required || may_be_meant {
            say(&format!(
                "hint: `{written}` is a word here; the operator is `{operator}`"
            ));
        }
    }
    for language in index.missing_languages(text, mode)? {
        say(&format!(
            "hint: no article is in the language `{language}`; `excerpt status` lists those that are"
        ));
    }
    if summary.matched == 0 {
        let base = index.location().base.display();
        for path in index.missing_paths(text, mode)? {
            say(&format!(
                "hint: no indexed file or folder is `path:{path}`, relative to `{base}`"
            ));
        }
    }
    Ok(())
}
