//! What people are told of a query that may not be meant as it is written.

use crate::cli::error::say;
use crate::query::{Mode, small_operators};
use crate::search::{Error, Index, Suggestion};

/// Says what looks like a slip in a query.
pub(super) fn say_hints(index: &Index, text: &str, mode: Mode) -> Result<(), Error> {
    for operator in small_operators(text, mode) {
        let written = operator.to_lowercase();
        say(&format!(
            "hint: `{written}` is a word here; the operator is `{operator}`"
        ));
    }
    for language in index.missing_languages(text, mode)? {
        say(&format!(
            "hint: no article is in the language `{language}`; `excerpt status` lists those that are"
        ));
    }
    Ok(())
}

/// What would have matched.
pub(super) fn suggested(suggestion: &Suggestion) -> String {
    match suggestion {
        Suggestion::Respelt(query) => format!("did you mean `{query}`?"),
        Suggestion::AnyWord { matched, is_plain } => {
            let flags = if *is_plain { "--plain --any" } else { "--any" };
            format!("no section has all of it; {flags} finds {matched}")
        }
    }
}
