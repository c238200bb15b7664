//! Numbers at the front of a line: `2.1 Title`, `IV.`, `Chapter 3`, `第三章`.

use std::sync::LazyLock;

use regex::Regex;

/// The kind of number that a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Number {
    None,
    /// `Chapter 3`, `PART ONE`, `第3章`.
    Chapter,
    /// `2.1 Title`, with its depth.
    Decimal(u8),
    /// `3. Title` or `3) Title`.
    One,
    /// `3 Title`.
    Bare,
    /// `IV.`, or `IV` alone.
    Roman,
    /// `A. Title`.
    Letter,
}

static CHAPTER: LazyLock<Regex> = LazyLock::new(|| {
    let words = "chapter|part|book|section|appendix|annex|act|scene|volume|lesson|unit|step|article|canto|letter|\
        chapitre|partie|kapitel|teil|abschnitt|anhang|cap[ií]tulo|parte|secci[oó]n|capitolo|глава|часть|раздел";
    let number = "\\d+|[ivxlcdm]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\
        the (?:first|second|third|last)|[a-z]";
    regex(&format!("^(?i:{words})\\s+(?i:{number})\\b[.:)]?"))
});

static CJK_CHAPTER: LazyLock<Regex> =
    LazyLock::new(|| regex("^第[0-9〇一二三四五六七八九十百千]+[章節节回部編篇条課课]"));

/// Compiles a pattern of this module or its neighbours; each of them is compiled in a test.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of ours")
}

/// The number that a line begins with.
pub(super) fn number_of(text: &str) -> Number {
    if is_chapter(text) {
        return Number::Chapter;
    }
    let may_begin = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    let goes_on_small = text.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase);
    let may_be = text.as_bytes().first().is_some_and(may_begin) && !goes_on_small;
    if !may_be && !text.starts_with('§') {
        return Number::None;
    }
    let Some(word) = text.split_whitespace().next() else {
        return Number::None;
    };
    let is_alone = word.len() == text.len();
    if let Some(number) = digits(word.trim_start_matches('§'), is_alone) {
        let rest = text[word.len()..].trim_start();
        let is_bare = number == Number::Bare;
        return match is_bare && !rest.starts_with(char::is_uppercase) {
            true => Number::None,
            false => number,
        };
    }
    let core = word.trim_end_matches(['.', ')', ':', '—', '-']);
    if is_roman(core) && (core.len() < word.len() || is_alone) {
        return Number::Roman;
    }
    let is_letter = core.len() == 1 && core.starts_with(|c: char| c.is_ascii_uppercase());
    if is_letter && word.ends_with('.') && !is_alone {
        return Number::Letter;
    }
    Number::None
}

fn is_chapter(text: &str) -> bool {
    if text.starts_with('第') && CJK_CHAPTER.is_match(text) {
        return true;
    }
    let may_begin =
        |first: &u8| !first.is_ascii() || b"cpbsavlutk".contains(&first.to_ascii_lowercase());
    if !text.as_bytes().first().is_some_and(may_begin) {
        return false;
    }
    let Some(found) = CHAPTER.find(text) else {
        return false;
    };
    let rest = text[found.end()..].trim_start();
    rest.is_empty()
        || found.as_str().ends_with(['.', ':', ')'])
        || rest.starts_with(['.', ':', '-', '–', '—', '(', '|'])
        || rest.starts_with(|c: char| !c.is_lowercase() && c.is_alphabetic())
}

/// `2.1`, `3.`, `3)` or `3` in front of words.
fn digits(word: &str, is_alone: bool) -> Option<Number> {
    let core = word.trim_end_matches(['.', ')']);
    let parts: Vec<&str> = core.split('.').take(8).collect();
    let is_number = |p: &&str| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
    if is_alone || !parts.iter().all(is_number) {
        return None;
    }
    match (parts.len(), core.len() < word.len()) {
        (1, true) => Some(Number::One),
        (1, false) if core.len() <= 2 => Some(Number::Bare),
        (1, false) => None,
        (depth, _) => Some(Number::Decimal(depth as u8)),
    }
}

/// Whether `text` is a Roman number in capitals.
fn is_roman(text: &str) -> bool {
    let mut rest = text;
    for (thousand, nine, five, one) in [
        ("M", "M", "M", "M"),
        ("D", "CM", "CD", "C"),
        ("L", "XC", "XL", "X"),
        ("V", "IX", "IV", "I"),
    ] {
        if let Some(after) = rest.strip_prefix(nine).filter(|_| nine.len() == 2) {
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix(five).filter(|_| five.len() == 2) {
            rest = after;
            continue;
        }
        rest = rest.strip_prefix(thousand).unwrap_or(rest);
        for _ in 0..3 {
            rest = rest.strip_prefix(one).unwrap_or(rest);
        }
    }
    !text.is_empty() && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart() {
        for (text, number) in [
            ("Chapter 3", Number::Chapter),
            ("PART ONE: The Start", Number::Chapter),
            ("Глава 2", Number::Chapter),
            ("第三章 开始", Number::Chapter),
            ("part of the plan", Number::None),
            ("2.1 Scope", Number::Decimal(2)),
            ("2.1.3. Scope", Number::Decimal(3)),
            ("3. Scope", Number::One),
            ("3) Scope", Number::One),
            ("3 Scope", Number::Bare),
            ("3 men in a boat", Number::None),
            ("2014 was a year", Number::None),
            ("IV.", Number::Roman),
            ("XIII", Number::Roman),
            ("I think so", Number::None),
            ("A. Scope", Number::Letter),
            ("A scope", Number::None),
            ("42", Number::None),
            ("", Number::None),
        ] {
            assert_eq!(number_of(text), number, "{text}");
        }
    }
}
