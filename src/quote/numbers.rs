//! The parts of a number that white space or an operator parts: groups of three digits (`12 500`), a fraction (`3 ½`), an
//! operator and what it takes (`5 ± 2`, `3 × 10⁶`), a decimal point before all digits (`.5`).

use unicode_normalization::UnicodeNormalization;

/// The digits of a group, and the most before the first one.
const GROUP_DIGITS: usize = 3;

/// A space that may stand within a number.
pub(super) fn is_thin(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

/// A digit, but no raised one, fraction or letter for a number.
pub(super) fn is_plain_digit(c: char) -> bool {
    c.is_numeric() && !c.nfkc().ne([c])
}

fn is_fraction(c: char) -> bool {
    matches!(c, '¼'..='¾' | '⅐'..='⅞' | '↉')
}

fn is_operator(c: char) -> bool {
    matches!(
        c,
        '±' | '∓' | '×' | '÷' | '∗' | '*' | '/' | '∕' | '^' | '=' | '≈' | '+' | '−' | '·' | '⋅'
    )
}

/// The bytes of the digits at the start of `text`, and how many there are.
fn digits(text: &str) -> (usize, usize) {
    let rest = text.trim_start_matches(is_plain_digit);
    let len = text.len() - rest.len();
    (len, text[..len].chars().count())
}

/// The bytes of the digits at the end of `text`, and how many there are.
fn last_digits(text: &str) -> (usize, usize) {
    let len = text.len() - text.trim_end_matches(is_plain_digit).len();
    (len, text[text.len() - len..].chars().count())
}

/// Whether a letter or digit, or what joins digits to it, ends `text`.
fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Where the number that goes on at `at` begins, one part further.
pub(super) fn before(text: &str, at: usize) -> Option<usize> {
    let (left, right) = (&text[..at], &text[at..]);
    let c = left.chars().next_back()?;
    let first = right.chars().next()?;
    // `.5`
    if matches!(c, '.' | '٫') && is_plain_digit(first) {
        let point = left.len() - c.len_utf8();
        let is_first = !left[..point].ends_with(|c: char| c.is_alphanumeric() || c == '.');
        return is_first.then_some(point);
    }
    let inner = left.trim_end_matches(is_thin);
    let (len, count) = last_digits(inner);
    let start = inner.len() - len;
    if left[inner.len()..].chars().count() != 1 || count == 0 {
        return None;
    }
    let (group_len, group) = digits(right);
    let is_group = group == GROUP_DIGITS
        && !right[group_len..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && count <= GROUP_DIGITS
        && !ends_in_word(&inner[..start]);
    (is_group || is_fraction(first)).then_some(start)
}

/// Where the number that stands before `at` ends, one part further.
pub(super) fn behind(text: &str, at: usize) -> Option<usize> {
    let (left, right) = (&text[..at], &text[at..]);
    let end = |rest: &str| text.len() - rest.len();
    let last = left.chars().next_back()?;
    if !last.is_numeric() {
        return None;
    }
    let inner = right.trim_start_matches(is_thin);
    let spaces = right[..right.len() - inner.len()].chars().count();
    if spaces > 1 {
        return None;
    }
    let next = inner.chars().next()?;
    let (len, count) = digits(inner);
    let own = last_digits(left);
    let is_group = spaces == 1
        && count == GROUP_DIGITS
        && !inner[len..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && (1..=GROUP_DIGITS).contains(&own.1)
        && !ends_in_word(&left[..left.len() - own.0]);
    if is_group {
        return Some(end(&inner[len..]));
    }
    if is_fraction(next) {
        return Some(end(&inner[next.len_utf8()..]));
    }
    let operand = inner[next.len_utf8()..].trim_start_matches(is_thin);
    let is_taken = is_operator(next) && operand.starts_with(char::is_numeric);
    is_taken.then(|| end(operand.trim_start_matches(char::is_numeric)))
}

/// Whether the white space in `chars` from `at` on parts the groups of one number of five digits or more; one of four is
/// seldom written in groups (`5 100 dollar bills`).
pub(super) fn parts_groups(chars: &[char], at: usize) -> bool {
    let is_space = |c: &char| c.is_whitespace();
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let is_outside = |c: &char| !(c.is_numeric() || is_space(c));
    let (front, rest) = chars.split_at(at);
    let start = front.iter().rposition(is_outside).map_or(0, |at| at + 1);
    let end = rest.iter().position(is_outside);
    let (until, behind) = chars.split_at(end.map_or(chars.len(), |end| at + end));
    let (before, within) = until.split_at(start);
    let touches = is_word(before.last()) && !within.first().is_some_and(is_space)
        || is_word(behind.first()) && !within.last().is_some_and(is_space);
    let groups: Vec<usize> = within
        .split(is_space)
        .filter(|group| !group.is_empty())
        .map(<[char]>::len)
        .collect();
    let Some((&first, others)) = groups.split_first() else {
        return false;
    };
    let is_grouped = first <= GROUP_DIGITS && others.iter().all(|&group| group == GROUP_DIGITS);
    !touches && is_grouped && first + others.len() * GROUP_DIGITS > GROUP_DIGITS + 1
}

/// Whether the white space in `chars` from `at` on counts between a number and punctuation: `10. 5 people` is no `10.5`,
/// and `3 -5` no `3-5`. A dash with space on both sides may lose both.
pub(super) fn keeps_space(chars: &[char], at: usize) -> bool {
    let space = chars
        .iter()
        .skip(at)
        .take_while(|c| c.is_whitespace())
        .count();
    let of = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    let is = |c: Option<char>, what: fn(char) -> bool| c.is_some_and(what);
    let punctuation = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    let dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let (before, behind) = (of(at.checked_sub(1)), of(at.checked_add(space)));
    let (further_before, further_behind) = (of(at.checked_sub(2)), of(at.checked_add(space + 1)));
    // `10. 5`
    let ends = is(before, punctuation) && is(behind, char::is_numeric);
    if ends && is(further_before, char::is_numeric) {
        return true;
    }
    // `10 .5`, `3 -5`
    let begins = is(before, char::is_numeric) && is(behind, punctuation);
    let opens = |c: char| matches!(c, '.' | ',' | ':' | '/' | '\'' | '_');
    begins && is(further_behind, char::is_numeric) && (is(behind, opens) || is(behind, dash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_fractions_and_operators_belong_to_a_number() {
        for (text, at, start) in [
            ("It killed 12 500 people", "500", "12"),
            ("It killed 1\u{202f}234\u{a0}567", "567", "234"),
            ("In 2014 500 people", "500", ""),
            ("a dose of .5 mg", "5 mg", ".5"),
            ("see p.5 there", "5 there", ""),
            ("lost 3 ½ in", "½", "3 ½"),
        ] {
            let at = text.find(at).expect(at);
            let expected = (!start.is_empty()).then(|| text.find(start).expect(start));
            assert_eq!(before(text, at), expected, "{text}");
        }
        for (text, quoted, expected) in [
            ("12 500 people", "12", "12 500"),
            ("12 5000 people", "12", ""),
            ("2014 500 people", "2014", ""),
            ("3 ½ in", "3", "3 ½"),
            ("5 ± 2 here", "5", "5 ± 2"),
            ("3 × 10⁶", "3", "3 × 10⁶"),
            ("5 people", "5", ""),
        ] {
            let found = behind(text, quoted.len()).map_or("", |end| &text[..end]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
