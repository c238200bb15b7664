//! What people may not have meant in a query: words that look like operators, and spellings.

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
        Some(Token::Word(word)) if word.text == name => {
            !word.is_prefix && word.edits == 0 && !word.is_spelled
        }
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

/// A query without the signs that ask for words in their spelling; `None` where it has none, or cannot be read.
///
/// ```
/// use excerpt::query::without_spellings;
///
/// assert_eq!(without_spellings("=US title:=\"The x\" a=b").as_deref(), Some("US title:\"The x\" a=b"));
/// assert_eq!(without_spellings("US"), None);
/// ```
#[must_use]
pub fn without_spellings(text: &str) -> Option<String> {
    let tokens = tokens(text, false).ok()?;
    let signs = tokens.iter().filter_map(|spanned| match &spanned.token {
        Token::Word(word) if word.is_spelled => spanned.at.start.checked_sub(1),
        Token::Phrase(phrase) if phrase.is_spelled => spanned.at.start.checked_sub(1),
        _ => None,
    });
    let (mut plain, mut from) = (String::new(), 0);
    for sign in signs {
        plain.push_str(text.get(from..sign)?);
        from = sign + 1;
    }
    plain.push_str(text.get(from..)?);
    (from > 0).then_some(plain)
}
