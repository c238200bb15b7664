//! What people are told of a query that may not be meant as it is written.

use crate::cli::error::say;
use crate::query::{Mode, small_operators};
use crate::search::{Error, Index};

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
