//! Which words of a query a section need not hold.
//!
//! # Definition
//!
//! A function word is a bare word, without quotes, marks, `=` and a field of its own, in the list of the query's language
//! ([`Morphology::function_words`](crate::analysis::Morphology::function_words)), but not two or more capitals alone in
//! a query that has small letters: `US` is a country; or such a word with a verb behind it, as in `what's`,
//! `they're`. Pairs of hiragana weigh as function words do, and are none.
//!
//! A function word is optional where it is a child of a group that juxtaposition made, and the group has another child
//! that is a word, a phrase or a group, and not optional. An operand of a written `AND`, `OR` or `NOT`, what stands alone
//! in brackets, and what is below a negation are required.

use super::ast::{Node, TermRole};
use super::lexer::{Spanned, Token};
use crate::analysis::{FunctionWords, words};

/// A part of a group as it is read.
pub(super) struct Unit {
    pub(super) node: Node,
    /// Whether it is a function word that no operator and no brackets hold.
    pub(super) is_loose: bool,
}

impl Unit {
    /// A node that operators or brackets hold together.
    pub(super) fn held(node: Node) -> Unit {
        Unit {
            node,
            is_loose: false,
        }
    }
}

/// The nodes of a group that juxtaposition made.
pub(super) fn with_roles(units: Vec<Unit>) -> Vec<Node> {
    let has_other = (units.iter()).any(|unit| !unit.is_loose && unit.node.has_words());
    let role = |unit: Unit| match unit.node {
        Node::Term(mut term) if unit.is_loose && has_other => {
            term.role = TermRole::Optional;
            Node::Term(term)
        }
        node => node,
    };
    units.into_iter().map(role).collect()
}

/// Whether a word is written in capitals alone, two or more.
pub(super) fn is_in_capitals(written: &str) -> bool {
    let mut letters = written.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() > 1 && letters.all(char::is_uppercase)
}

/// What stands before `'s` where that is short for a verb. Sorted.
static BEFORE_IS: [&str; 10] = [
    "he", "how", "it", "she", "that", "there", "what", "when", "where", "who",
];

/// Whether a folded form is one of these function words, or such a word with a verb behind it.
pub(super) fn is_function_word(form: &str, words: &FunctionWords) -> bool {
    let before_verb = || {
        let endings = ["'re", "'ve", "'ll", "'d", "'m"];
        endings.iter().find_map(|ending| form.strip_suffix(ending))
    };
    let before_is = || {
        let front = form.strip_suffix("'s");
        front.filter(|front| BEFORE_IS.binary_search(front).is_ok())
    };
    words.contains(form)
        || (before_verb().or_else(before_is)).is_some_and(|front| words.contains(front))
}

/// Whether the words and phrases of a query have a small letter.
pub(super) fn has_small_letters(tokens: &[Spanned]) -> bool {
    tokens.iter().any(|spanned| match &spanned.token {
        Token::Word(word) => word.text.contains(char::is_lowercase),
        Token::Phrase(phrase) => phrase.text.contains(char::is_lowercase),
        _ => false,
    })
}

/// The forms of the words that are written without a mark and without a field of their own.
pub(super) fn bare_forms(tokens: &[Spanned]) -> Vec<String> {
    let mut forms = Vec::new();
    let mut has_field = false;
    for Spanned { token, .. } in tokens {
        if let Token::Word(word) = token
            && !(has_field || word.is_prefix || word.edits > 0 || word.is_spelled)
        {
            forms.extend(words(&word.text).into_iter().map(|word| word.form));
        }
        has_field = matches!(token, Token::Field(_));
    }
    forms
}
