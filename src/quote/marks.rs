//! The quotation marks: which open, which close, and what stands between them.
//!
//! An opening mark that is no closing one (`“`, `„`, `«`, `「`, `『`) always opens; where it is never closed, its
//! quotation reaches to the block's end, as in one of several paragraphs. The others (`"`, `”`, `»`, `›`, `‹`, `‘`) open
//! only after no letter or digit and before no space, and count only where they close. `’` is an apostrophe too: where
//! more than one could close, nothing tells which does, and the stretch is passed over. Marks that neither open nor
//! close anything, and stretches in marks of other kinds (`‚…‘`, `《…》`), are counted: whoever checks quotations has to
//! know of each that was not looked at.

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

/// Marks of quotations or titles that are not judged, with what closes them: each pair counts as one left alone.
static OTHER_MARKS: [(char, &[char]); 5] = [
    ('‚', &['‘']),
    ('〝', &['〞', '〟']),
    ('《', &['》']),
    ('＂', &['＂']),
    // Two of them: ``…''.
    ('`', &['\'']),
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
    /// How many marks open or close nothing, or are of kinds that are not judged.
    pub(super) unpaired: usize,
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
    let finder = MarkFinder {
        text,
        partners: partners(&places),
        places,
    };
    let mut marked = finder.find();
    marked.unpaired += others(text, &marked.ranges, is_left_out);
    marked
}

/// How many stretches outside of `ranges` stand in marks that are not judged.
fn others(text: &str, ranges: &[Range<usize>], is_left_out: impl Fn(usize) -> bool) -> usize {
    let mut count = 0;
    let mut closing: &[char] = &[];
    let mut before = None;
    for (at, c) in text.char_indices() {
        let is_doubled = before == Some(c);
        before = Some(c);
        let is_own = !matches!(c, '`' | '\'') || is_doubled;
        if !is_own || is_left_out(at) || is_within(ranges, at) {
            continue;
        }
        if closing.contains(&c) {
            count += 1;
            closing = &[];
        } else if let Some((_, close)) = OTHER_MARKS.iter().find(|(open, _)| *open == c) {
            closing = close;
        }
    }
    count
}

/// Whether a byte lies within one of the ranges, which are in order.
fn is_within(ranges: &[Range<usize>], at: usize) -> bool {
    let next = ranges.partition_point(|range| range.end <= at);
    ranges.get(next).is_some_and(|range| range.contains(&at))
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
struct MarkFinder<'a> {
    text: &'a str,
    places: Vec<(usize, char)>,
    /// The mark that closes each one that always opens.
    partners: Vec<Option<usize>>,
}

impl MarkFinder<'_> {
    /// Reads the marks in one go: for each kind the next one that closes is remembered, so that marks that are never
    /// closed cost nothing.
    fn find(&self) -> Marked {
        let mut marked = Marked::default();
        let mut next_closing = [0; MARKS.len()];
        let mut i = 0;
        while let Some(&(at, c)) = self.places.get(i) {
            let behind = at + c.len_utf8();
            let mut rules = MARKS.iter().zip(&mut next_closing);
            let rule = rules.find(|((open, ..), _)| *open == c);
            let end = match rule {
                Some(((.., Rule::Open), next)) => {
                    let own = self.partners.get(i).copied().flatten();
                    // One that lacks its own may be closed by a straight one: `„so"`.
                    Some(own.or_else(|| self.next_closing(i, &['"'], next)))
                }
                Some(((_, close, Rule::Beside), next)) if self.opens(at, c) => {
                    self.next_closing(i, close, next).map(Some)
                }
                Some(((_, _, Rule::Single), _)) if self.opens(at, c) => {
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
                    let place = self.places.get(end);
                    let place = place.map_or(self.text.len(), |(at, _)| *at);
                    marked.ranges.push(behind..place);
                    end + 1
                }
                Some(None) => {
                    marked.ranges.push(behind..self.text.len());
                    self.places.len()
                }
                None => {
                    marked.unpaired += usize::from(self.is_lone(i, at, c));
                    i + 1
                }
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

    /// Whether a mark that opens and closes nothing is a quotation's: no apostrophe, no inches, no path of menus.
    fn is_lone(&self, i: usize, at: usize, c: char) -> bool {
        let before = self.text[..at].chars().next_back();
        match c {
            '’' | '‹' | '›' => false,
            '‘' => self.opens(at, c) && self.closing_single(i).is_empty(),
            '"' | '”' => !before.is_some_and(|c| c.is_ascii_digit()) || self.opens(at, c),
            _ => true,
        }
    }

    /// Whether a mark opens: after no letter or digit, and before no space.
    fn opens(&self, at: usize, c: char) -> bool {
        let before = self.text[..at].chars().next_back();
        let rest = &self.text[at + c.len_utf8()..];
        let first = rest.chars().next();
        let begins = first.is_some_and(|c| !c.is_whitespace());
        // A straight mark behind a stop closes as a rule, but before a letter it opens: `said,"The mayor`.
        let is_free = match (c, before) {
            (_, None) => true,
            ('"', Some('"')) => false,
            ('"', Some('.' | ',' | '!' | '?')) => first.is_some_and(char::is_alphanumeric),
            (_, Some(before)) => !is_word(before),
        };
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
    fn marks_that_are_not_judged_are_counted() {
        for (text, unpaired) in [
            ("so \"a word” it", 2),
            ("the talks” ended, she said", 1),
            ("so »a word» it", 2),
            ("so ‚a word‘ it and 《a title》", 2),
            ("so ``a word'' it and ＂one more＂", 2),
            ("so 〝a word〟 it", 1),
            ("so ‘it goes on", 1),
            ("he said \"it goes", 1),
            ("on and on\" he said", 1),
            ("so “a 《word》” it, «one» and a 5\" pipe", 0),
            ("workers’ rights, ‘90s, File › Open", 0),
        ] {
            assert_eq!(marked(text, |_| false).unpaired, unpaired, "{text}");
        }
    }

    #[test]
    fn a_straight_mark_behind_a_stop_opens_before_a_letter() {
        assert_eq!(found("he said,\"The mayor lied\" ok").0, ["The mayor lied"]);
        assert_eq!(
            found("(\"one two.\") and \"three.\"").0,
            ["one two.", "three."]
        );
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
