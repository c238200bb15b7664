//! The quotation marks: which open, which close, and what stands between them.
//!
//! An opening mark that is no closing one (`“`, `„`, `«`, `「`, `『`) always opens; where it is never closed, its
//! quotation reaches to the block's end, as in one of several paragraphs. The others (`"`, `”`, `»`, `›`, `‹`, `‘`) open
//! only after no letter or digit and before no space, and count only where they close. `’` is an apostrophe too: where
//! more than one could close, nothing tells which does, and the stretch is passed over.

use std::ops::Range;

use crate::analysis::is_unspaced;

/// How a mark opens and closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// It always opens; marks nest.
    Open,
    /// It opens and closes by what stands beside it.
    Beside,
    /// As [`Rule::Beside`], and more than one mark that could close leaves it open which does.
    Single,
}

/// Opening marks and what closes them.
static MARKS: [(char, &[char], Rule); 11] = [
    ('“', &['”'], Rule::Open),
    ('„', &['“', '”'], Rule::Open),
    ('«', &['»'], Rule::Open),
    ('「', &['」'], Rule::Open),
    ('『', &['』'], Rule::Open),
    ('"', &['"'], Rule::Beside),
    ('”', &['”'], Rule::Beside),
    ('»', &['«'], Rule::Beside),
    ('›', &['‹'], Rule::Beside),
    ('‹', &['›'], Rule::Beside),
    ('‘', &['’'], Rule::Single),
];

/// Words that begin with an apostrophe, which is often typed as an opening mark.
const APOSTROPHE_WORDS: [&str; 9] = [
    "tis", "twas", "em", "til", "till", "cause", "bout", "n", "cos",
];

/// What stands in marks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marked {
    /// The stretches between marks, in order.
    pub(super) ranges: Vec<Range<usize>>,
    /// How many marks of which it cannot be told where they close.
    pub(super) ambiguous: usize,
}

/// Whether `first` and `last` are a pair of marks.
pub(super) fn is_pair(first: char, last: char) -> bool {
    MARKS
        .iter()
        .any(|(open, close, _)| *open == first && close.contains(&last))
}

/// What stands in marks in `text`, but for those at bytes that `is_left_out`.
pub(super) fn marked(text: &str, is_left_out: impl Fn(usize) -> bool) -> Marked {
    let is_mark = |c: char| {
        MARKS
            .iter()
            .any(|(open, close, _)| *open == c || close.contains(&c))
    };
    let places = text
        .char_indices()
        .filter(|&(at, c)| is_mark(c) && !is_left_out(at));
    let places: Vec<(usize, char)> = places.collect();
    Finder {
        text,
        partners: partners(&places),
        places,
    }
    .find()
}

/// The mark that closes each one that always opens; such marks nest.
fn partners(places: &[(usize, char)]) -> Vec<Option<usize>> {
    let mut partners = vec![None; places.len()];
    for (open, close, _) in MARKS.iter().filter(|(.., rule)| *rule == Rule::Open) {
        let mut waiting = Vec::new();
        for (i, (_, c)) in places.iter().enumerate() {
            if c == open {
                waiting.push(i);
            } else if close.contains(c)
                && let Some(partner) = waiting.pop().and_then(|own: usize| partners.get_mut(own))
            {
                *partner = Some(i);
            }
        }
    }
    partners
}

/// The marks of a text with their places.
struct Finder<'a> {
    text: &'a str,
    places: Vec<(usize, char)>,
    /// The mark that closes each one that always opens.
    partners: Vec<Option<usize>>,
}

impl Finder<'_> {
    /// Reads the marks in one go: for each kind the next one that closes is remembered, so that marks that are never
    /// closed cost nothing.
    fn find(&self) -> Marked {
        let mut marked = Marked::default();
        let mut next_closing = [0; MARKS.len()];
        let mut i = 0;
        while let Some(&(at, c)) = self.places.get(i) {
            let behind = at + c.len_utf8();
            let rule = MARKS.iter().enumerate().find(|(_, (open, ..))| *open == c);
            let end = match rule {
                Some((kind, (.., Rule::Open))) => {
                    let own = self.partners.get(i).copied().flatten();
                    // One that lacks its own may be closed by a straight one: `„so"`.
                    Some(own.or_else(|| self.next_closing(i, &['"'], &mut next_closing[kind])))
                }
                Some((kind, (_, close, Rule::Beside))) if self.opens(at, c) => self
                    .next_closing(i, close, &mut next_closing[kind])
                    .map(Some),
                Some((_, (_, _, Rule::Single))) if self.opens(at, c) => {
                    match self.closing_single(i)[..] {
                        [one] => Some(Some(one)),
                        [] => None,
                        _ => {
                            marked.ambiguous += 1;
                            None
                        }
                    }
                }
                _ => None,
            };
            i = match end {
                Some(Some(end)) => {
                    marked.ranges.push(behind..self.places[end].0);
                    end + 1
                }
                Some(None) => {
                    marked.ranges.push(behind..self.text.len());
                    self.places.len()
                }
                None => i + 1,
            };
        }
        marked
    }

    /// The first mark behind `i` that is one of `close` and closes; `next` is where the last look for one ended.
    fn next_closing(&self, i: usize, close: &[char], next: &mut usize) -> Option<usize> {
        *next = (*next).max(i + 1);
        while let Some(&(at, c)) = self.places.get(*next) {
            if close.contains(&c) && self.closes(at, c) {
                return Some(*next);
            }
            *next += 1;
        }
        None
    }

    /// The marks that could close the single one at `i`, two at most, before another one opens.
    fn closing_single(&self, i: usize) -> Vec<usize> {
        let behind = self.places.iter().enumerate().skip(i + 1);
        let own = behind.take_while(|(_, (at, c))| !(*c == '‘' && self.opens(*at, *c)));
        let closing = own.filter(|(_, (at, c))| *c == '’' && self.closes(*at, *c));
        closing.map(|(j, _)| j).take(2).collect()
    }

    /// Whether a mark opens: after no letter or digit, and before no space.
    fn opens(&self, at: usize, c: char) -> bool {
        let before = self.text[..at].chars().next_back();
        let rest = &self.text[at + c.len_utf8()..];
        let is_free = match c {
            '"' => before.is_none_or(|c| !is_word(c) && !matches!(c, '.' | ',' | '!' | '?' | '"')),
            _ => before.is_none_or(|c| !is_word(c)),
        };
        let begins = rest.chars().next().is_some_and(|c| !c.is_whitespace());
        is_free && begins && !(c == '‘' && is_apostrophe(rest))
    }

    /// Whether a mark closes: after no space, and before no letter or digit.
    fn closes(&self, at: usize, c: char) -> bool {
        let before = self.text[..at].chars().next_back();
        let behind = self.text[at + c.len_utf8()..].chars().next();
        before.is_some_and(|c| !c.is_whitespace()) && behind.is_none_or(|c| !is_word(c))
    }
}

/// A letter or digit of a script that puts spaces between words.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Whether what follows an opening single mark is a word that an apostrophe begins: `‘tis`, `‘90s`.
fn is_apostrophe(rest: &str) -> bool {
    let word = &rest[..rest.len() - rest.trim_start_matches(char::is_alphanumeric).len()];
    let is_decade = word.trim_end_matches(['s', 'S']).len() == 2
        && word.starts_with(|c: char| c.is_ascii_digit());
    is_decade
        || APOSTROPHE_WORDS
            .iter()
            .any(|own| own.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Vec<&str>, usize) {
        let marked = marked(text, |_| false);
        (
            marked
                .ranges
                .into_iter()
                .map(|range| &text[range])
                .collect(),
            marked.ambiguous,
        )
    }

    #[test]
    fn each_pair_of_marks_opens_and_closes() {
        for text in [
            "so “a word” it",
            "so \"a word\" it",
            "so „a word“ it",
            "so „a word” it",
            "so «a word» it",
            "so »a word« it",
            "so ”a word” it",
            "so ‘a word’ it",
            "so ‹a word› it",
            "so ›a word‹ it",
            "so 「a word」 it",
            "so 『a word』 it",
            "so „a word\" it",
        ] {
            assert_eq!(found(text), (vec!["a word"], 0), "{text}");
        }
        assert_eq!(found("他说‘你好’了").0, ["你好"]);
        assert_eq!(
            found("« deux mots » et « trois mots »").0,
            [" deux mots ", " trois mots "]
        );
    }

    #[test]
    fn apostrophes_are_no_quotation_marks() {
        for text in [
            "It wasn’t the workers’ fault, don’t you think?",
            "it’s 5' tall and ‘tis so, in the ‘90s’ way",
            "File › Open › New and x « y",
            "a 5\" pipe and a 6\" pipe",
            "the talks” ended, she said",
        ] {
            assert_eq!(
                found(text).0.len(),
                usize::from(text.contains('«')),
                "{text}"
            );
        }
        assert_eq!(found("He said ‘we don’t know’ twice.").0, ["we don’t know"]);
    }

    #[test]
    fn where_more_than_one_mark_could_close_nothing_is_judged() {
        assert_eq!(
            found("He said ‘the workers’ rights’ matter, “so it” goes."),
            (vec!["so it"], 1)
        );
        assert_eq!(
            found("‘one two’ and ‘three four’").0,
            ["one two", "three four"]
        );
    }

    #[test]
    fn marks_nest_and_a_block_may_end_before_they_close() {
        assert_eq!(found("a “b “c d” e” f").0, ["b “c d” e"]);
        assert_eq!(
            found("‘he said “go home” today’ once").0,
            ["he said “go home” today"]
        );
        assert_eq!(found("so “it goes on").0, ["it goes on"]);
        assert_eq!(found("so ‘it goes on and ›this too").0, Vec::<&str>::new());
    }

    #[test]
    fn marks_by_the_ten_thousands_are_read_in_one_go() {
        for mark in [
            "“a ",
            "\"a ",
            "‘a ",
            "»a ",
            "›a ",
            "” a",
            "„a",
            "‘a’ ’",
            "«“",
            "“a\" ",
        ] {
            let marked = marked(&mark.repeat(100_000), |_| false);
            assert!(marked.ranges.len() <= 100_000, "{mark}");
        }
    }
}
