//! What looks like an operator in a query and is none.

use super::ast::Mode;
use super::lexer::{Token, tokens};

/// The operators that are written in small letters, between words, in a query: there they are words.
///
/// ```
/// use excerpt::query::{Mode, small_operators};
///
/// assert_eq!(small_operators("salt or pepper", Mode::default()), ["OR"]);
/// assert_eq!(small_operators("salt OR pepper", Mode::default()), [""; 0]);
/// ```
#[must_use]
pub fn small_operators(text: &str, mode: Mode) -> Vec<&'static str> {
    let Ok(tokens) = tokens(text, false) else {
        return Vec::new();
    };
    if mode.plain || mode.phrase {
        return Vec::new();
    }
    let is_written = |i: usize, name: &str| match tokens.get(i).map(|spanned| &spanned.token) {
        Some(Token::Word(word)) => word.text == name && !word.is_prefix && word.edits == 0,
        _ => false,
    };
    let last = tokens.len().saturating_sub(1);
    let between = |name: &str| (1..last).any(|i| is_written(i, name));
    let before = |name: &str| (0..last).any(|i| is_written(i, name));
    [
        ("OR", between("or")),
        ("AND", between("and")),
        ("NOT", before("not")),
    ]
    .into_iter()
    .filter_map(|(operator, is_written)| is_written.then_some(operator))
    .collect()
}
