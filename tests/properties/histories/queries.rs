//! Random queries as text, in the words of the articles.

use excerpt::query::Mode;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index as Pick, select};

use super::articles::Vocabulary;

const FILTERS: [&str; 16] = [
    "path:a",
    "path:news/**",
    "path:\"n*\"",
    "-path:a.md",
    "path:**/*.txt",
    "lang:en",
    "lang:de",
    "-lang:en",
    "author:smith",
    "author:\"zoe smith\"",
    "date:2014",
    "date:2014-09..",
    "date:..2014-09-05",
    "date:2013..2014",
    "(path:a OR lang:de)",
    "-(lang:en author:bob)",
];

/// A query of any form.
pub(super) fn query_text(words: &Vocabulary) -> impl Strategy<Value = String> + use<> {
    unit(words).prop_recursive(3, 10, 4, joined)
}

/// How queries are read: mostly with their syntax.
pub(super) fn modes() -> impl Strategy<Value = Mode> {
    let syntax = (any::<bool>(), 0u8..8).prop_map(|(any, exact)| Mode {
        any,
        exact: exact == 0,
        ..Mode::default()
    });
    let plain = (any::<bool>(), any::<bool>()).prop_map(|(any, exact)| Mode {
        any,
        exact,
        plain: true,
        ..Mode::default()
    });
    prop_oneof![8 => syntax, 1 => plain, 1 => Just(Mode { phrase: true, ..Mode::default() })]
}

/// A word, a phrase or a filter, with its marks.
fn unit(words: &Vocabulary) -> BoxedStrategy<String> {
    let word = select(words.clone());
    let bare = vec(word.clone(), 1..4).prop_map(|words| words.join(" "));
    let prefix =
        (word.clone(), any::<Pick>()).prop_map(|(word, end)| format!("{}*", cut(&word, end)));
    let fuzzy = (
        word.clone(),
        any::<Pick>(),
        0u8..4,
        select(&["~", "~1", "~2"]),
    )
        .prop_map(|(word, at, edit, mark)| format!("{}{mark}", misspelt(&word, at, edit)));
    let in_field = (select(&["title:", "heading:", "body:"]), word.clone())
        .prop_map(|(field, word)| field.to_string() + &word);
    let spelled = (
        select(&["", "", "title:", "heading:", "body:", "-x -"]),
        word.clone(),
        any::<bool>(),
    )
        .prop_map(|(front, word, is_upper)| match is_upper {
            true => format!("{front}={}", word.to_uppercase()),
            false => format!("{front}={word}"),
        });
    let weighted = (word, select(&["^2", "^0.5", "^10"])).prop_map(|(word, weight)| word + weight);
    prop_oneof![
        6 => bare,
        2 => prefix,
        2 => fuzzy,
        5 => phrase(words),
        2 => spelled,
        2 => spelled_phrase(words),
        2 => in_field,
        1 => weighted,
        1 => select(&FILTERS).prop_map(str::to_string),
    ]
    .boxed()
}

/// A phrase; a large slop only with two words, so that the oracle can try all their places.
fn phrase(words: &Vocabulary) -> impl Strategy<Value = String> + use<> {
    let near = (
        vec(select(words.clone()), 1..5),
        select(&["", "", "~1", "~2", "~4"]),
    );
    let far = (vec(select(words.clone()), 2), select(&["~20", "~100"]));
    let spaces = select(&[" ", " ", "-", "  "]);
    (
        prop_oneof![5 => near, 1 => far],
        spaces,
        select(&["", "", "", "*"]),
        select(&["", "", "", "^3"]),
    )
        .prop_map(|((words, slop), space, star, weight)| {
            format!("\"{}{star}\"{slop}{weight}", words.join(space))
        })
}

/// A phrase in its spelling.
fn spelled_phrase(words: &Vocabulary) -> impl Strategy<Value = String> + use<> {
    let spaces = select(&[" ", " ", "-"]);
    (vec(select(words.clone()), 1..4), spaces)
        .prop_map(|(words, space)| format!("=\"{}\"", words.join(space)))
}

/// Units joined, grouped, negated or put into a field.
fn joined(inner: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let list = vec(inner.clone(), 2..4);
    prop_oneof![
        4 => list.clone().prop_map(|units| units.join(" ")),
        3 => list.clone().prop_map(|units| units.join(" OR ")),
        1 => list.clone().prop_map(|units| units.join(" AND ")),
        2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} -({b})")),
        1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} NOT {b}")),
        1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("{a} -({b}) {c}")),
        1 => list.prop_map(|units| format!("({})", units.join(" "))),
        1 => inner.clone().prop_map(|unit| format!("({unit})^2")),
        1 => (select(&["title:", "heading:", "body:"]), inner).prop_map(|(field, unit)| format!("{field}({unit})")),
    ]
    .boxed()
}

/// A front part of a word, of one character at least.
fn cut(word: &str, end: Pick) -> String {
    word.chars()
        .take(1 + end.index(word.chars().count()))
        .collect()
}

/// A word with one edit.
fn misspelt(word: &str, at: Pick, edit: u8) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    let at = at.index(chars.len());
    match edit {
        0 => {}
        1 => chars.insert(at, 'e'),
        2 if chars.len() > 1 => drop(chars.remove(at)),
        _ if at > 0 => chars.swap(at - 1, at),
        _ => chars[at] = 'o',
    }
    chars.into_iter().collect()
}

/// Anything: arbitrary text, and what looks like a query.
pub(super) fn soup() -> impl Strategy<Value = String> {
    let signs = select(&[
        "(",
        ")",
        "\"",
        "*",
        "~",
        "^",
        "-",
        "--",
        "OR",
        "AND",
        "NOT",
        " OR ",
        " AND ",
        " NOT ",
        "title:",
        "body:",
        "=",
        "=\"",
        "path:",
        "date:",
        "lang:",
        "author:",
        "foo:",
        "http://",
        "::",
        " ",
        " ",
        "\u{a0}",
        "\t",
        "~2",
        "~3",
        "~101",
        "^2",
        "^0",
        "^1e6",
        "^0.000001",
        ")^1000000",
        "a",
        "é",
        "e\u{301}",
        "北",
        "ё",
        "ـ",
        "2014",
        "2014..",
        "..",
        "[",
        "{a,b}",
        "wi-fi",
        "'",
        ".",
        "\u{0}",
        "😀",
        "\u{300}",
    ])
    .prop_map(str::to_string);
    prop_oneof![
        6 => vec(signs.clone(), 0..24).prop_map(|parts| parts.concat()),
        2 => vec(prop_oneof![3 => signs, 1 => "\\PC{0,3}"], 0..12).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
        1 => (0usize..200, select(&["(", "-(", "NOT ", "title:(", "("])).prop_map(|(n, open)| {
            format!("{}a{}", open.repeat(n), ")^1000000".repeat(n))
        }),
    ]
}

/// A weight, large or small.
pub(super) fn nested_weight() -> impl Strategy<Value = &'static str> {
    select(&["2", "0.5", "1000000", "0.000001", "1e-300"])
}
