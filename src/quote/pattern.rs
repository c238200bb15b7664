//! A quotation as something to look for: what is quoted, and what it leaves out or replaces between.
//!
//! Three dots, with or without brackets, leave words out. Words in brackets were put in by whoever quotes, `[sic]` too,
//! which replaces nothing. A letter in brackets that begins a word (`[E]very`) was written in the other case; other
//! letters in brackets that touch a word (`agree[d]`) make it another one. Dots and brackets may stand in the source
//! themselves, so that a quotation has several readings; the literal one comes first.

use std::ops::Range;

use super::edges::{has_sign, significant};
use super::parts::{QuotationPart, parts};
use crate::analysis::{is_unspaced, without_held_end, words};

/// How many words of the source a bracket stands for at most.
pub(super) const MAX_REPLACED: usize = 6;
/// With so many dots and brackets at most, each by itself may stand in the source.
const MAX_FREE_MARKS: usize = 4;

/// A stretch that is quoted as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fragment {
    /// Its text, without the punctuation at its ends.
    pub(super) text: String,
    /// The bytes of letters whose case is free.
    pub(super) free: Vec<usize>,
    /// Its words.
    pub(super) forms: Vec<String>,
    /// Whether signs stand before its first word and behind its last.
    pub(super) has_signs: (bool, bool),
}

/// What stands between two fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// As it is quoted.
    pub(super) quoted: String,
    pub(super) kind: LinkKind,
}

/// What a link stands for in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkKind {
    /// Words that are left out.
    Gap,
    /// Up to [`MAX_REPLACED`] words, or none.
    Bracket,
    /// A word with this beginning and this ending.
    Word(String, String),
}

/// One reading of a quotation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) fragments: Vec<Fragment>,
    /// Between each fragment and the next.
    pub(super) links: Vec<Vec<Link>>,
    /// Brackets before the first fragment and behind the last.
    pub(super) outer: Vec<String>,
}

/// What is matched against one word of the source, or against more or fewer, where no place has all words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternToken<'a> {
    /// This word, of this fragment.
    Word { form: &'a str, fragment: usize },
    /// Any word, or none.
    Any,
    /// Any words.
    Gap,
}

impl Pattern {
    /// The words, and what lies between the fragments.
    pub(super) fn tokens(&self) -> Vec<PatternToken<'_>> {
        let mut tokens = Vec::new();
        for (fragment, own) in self.fragments.iter().enumerate() {
            for link in fragment
                .checked_sub(1)
                .and_then(|at| self.links.get(at))
                .into_iter()
                .flatten()
            {
                match link.kind {
                    LinkKind::Gap => tokens.push(PatternToken::Gap),
                    LinkKind::Bracket => tokens.extend([PatternToken::Any; MAX_REPLACED]),
                    LinkKind::Word(..) => tokens.push(PatternToken::Any),
                }
            }
            let word = |form| PatternToken::Word { form, fragment };
            tokens.extend(own.forms.iter().map(String::as_str).map(word));
        }
        tokens
    }

    /// How many words are looked for.
    pub(super) fn words(&self) -> usize {
        self.fragments
            .iter()
            .map(|fragment| fragment.forms.len())
            .sum()
    }
}

/// The parts of a quotation, and its readings.
#[derive(Debug)]
pub(super) struct Readings<'a> {
    parts: Vec<QuotationPart<'a>>,
}

impl<'a> Readings<'a> {
    /// Reads a quotation.
    pub(super) fn new(text: &'a str) -> Readings<'a> {
        Readings { parts: parts(text) }
    }

    /// How many dots and brackets there are.
    pub(super) fn marks(&self) -> usize {
        self.parts
            .iter()
            .filter(|part| !matches!(part, QuotationPart::Text(_)))
            .count()
    }

    /// The reading in which dots and brackets stand in the source.
    pub(super) fn literal(&self) -> Pattern {
        self.reading(|_, _| false)
    }

    /// The reading in which none does.
    pub(super) fn whole(&self) -> Pattern {
        self.reading(|_, _| true)
    }

    /// All readings, the most literal first; of many marks only those in which all of a kind are read alike.
    pub(super) fn all(&self) -> Vec<Pattern> {
        let marks = self.marks();
        let readings = if marks <= MAX_FREE_MARKS {
            let mut masks: Vec<u32> = (0..1 << marks).collect();
            masks.sort_by_key(|mask| mask.count_ones());
            let of = |mask| self.reading(|mark, _| mask >> mark & 1 == 1);
            masks.into_iter().map(of).collect()
        } else {
            let is_dots = |part: &QuotationPart<'_>| matches!(part, QuotationPart::Dots(_));
            vec![
                self.literal(),
                self.reading(|_, part| is_dots(part)),
                self.reading(|_, part| !is_dots(part)),
                self.whole(),
            ]
        };
        let mut patterns: Vec<Pattern> = Vec::with_capacity(readings.len());
        for reading in readings {
            if !reading.fragments.is_empty() && !patterns.contains(&reading) {
                patterns.push(reading);
            }
        }
        patterns
    }

    /// The reading in which the marks stand for other words that `stands_for` says: of the number of a mark and itself.
    fn reading(&self, stands_for: impl Fn(usize, &QuotationPart<'a>) -> bool) -> Pattern {
        let mut reader = PatternReader::default();
        let mut mark = 0;
        for (at, part) in self.parts.iter().enumerate() {
            let is_mark = !matches!(part, QuotationPart::Text(_));
            let is_open = is_mark && stands_for(mark, part);
            mark += usize::from(is_mark);
            match part {
                QuotationPart::Dots(dots) if is_open => reader.link(dots, LinkKind::Gap),
                QuotationPart::Bracket(raw, inside) if is_open => {
                    let behind = self.parts.get(at + 1).map_or("", QuotationPart::text);
                    reader.bracket(raw, inside, behind);
                }
                QuotationPart::Bracket(raw, _) => reader.literal(raw),
                QuotationPart::Text(text) | QuotationPart::Dots(text) => reader.text(text),
            }
        }
        reader.finish()
    }
}

/// Puts the parts of a quotation together to one reading.
#[derive(Default)]
struct PatternReader {
    pattern: Pattern,
    /// The fragment that is open: its text and the letters whose case is free.
    text: String,
    free: Vec<usize>,
    /// The bytes of brackets in `text` that stand in the source.
    literal: Vec<Range<usize>>,
    /// What stands behind the last fragment.
    links: Vec<Link>,
    /// The bytes of letters that belong to a bracket before them.
    skipped: usize,
    is_behind_sic: bool,
}

impl PatternReader {
    fn text(&mut self, text: &str) {
        let text = &text[std::mem::take(&mut self.skipped)..];
        // Where `[sic]` stood, no space stays before punctuation or a space.
        if std::mem::take(&mut self.is_behind_sic) && !text.starts_with(char::is_alphanumeric) {
            self.text.truncate(self.text.trim_end().len());
        }
        self.text.push_str(text);
    }

    /// Takes a bracket that stands in the source.
    fn literal(&mut self, raw: &str) {
        self.text(raw);
        self.literal
            .push(self.text.len() - raw.len()..self.text.len());
    }

    fn link(&mut self, quoted: &str, kind: LinkKind) {
        self.close();
        let quoted = quoted.to_string();
        self.links.push(Link { quoted, kind });
    }

    /// Ends the open fragment.
    fn close(&mut self) {
        let text = std::mem::take(&mut self.text);
        let free = std::mem::take(&mut self.free);
        let literal = std::mem::take(&mut self.literal);
        let found = words(&text);
        let (Some(first), Some(last)) = (found.first(), found.last()) else {
            if has_sign(&text) {
                // Signs alone are not looked for; the source has to be read there.
                let quoted = text.trim().to_string();
                self.links.push(Link {
                    quoted,
                    kind: LinkKind::Bracket,
                });
            }
            return;
        };
        let own = first.range.start..last.range.end;
        let range = with_brackets(significant(&text, &own), &literal);
        // Behind a quotation the run of characters may go on, in which the last one is no word by itself.
        let kept = without_held_end(&found);
        let links = std::mem::take(&mut self.links);
        if self.pattern.fragments.is_empty() {
            self.pattern.outer.extend(outer(links));
        } else {
            self.pattern.links.push(links);
        }
        let inside = free.iter().filter(|at| range.contains(at));
        self.pattern.fragments.push(Fragment {
            free: inside.map(|at| at - range.start).collect(),
            forms: kept.iter().map(|word| word.form.clone()).collect(),
            has_signs: (range.start < own.start, range.end > own.end),
            text: text[range].to_string(),
        });
    }

    /// Reads a bracket with `inside`; `behind` is the text that follows it.
    fn bracket(&mut self, raw: &str, inside: &str, behind: &str) {
        if inside.eq_ignore_ascii_case("sic") || inside.eq_ignore_ascii_case("sic!") {
            // It says of the words before it that they stand so in the source.
            self.is_behind_sic = true;
            return;
        }
        let is_letter = |c: char| c.is_alphanumeric() && !is_unspaced(c);
        let kept = self.text.trim_end_matches(is_letter).len();
        let prefix = self.text[kept..].to_string();
        let suffix = &behind[..behind.len() - behind.trim_start_matches(is_letter).len()];
        if prefix.is_empty() && suffix.is_empty() {
            self.link(raw, LinkKind::Bracket);
        } else if prefix.is_empty() && is_one_letter(inside) {
            let from = self.text.len();
            self.text.push_str(inside);
            self.free.extend(from..self.text.len());
        } else {
            self.text.truncate(kept);
            let quoted = format!("{prefix}{raw}{suffix}");
            self.skipped = suffix.len();
            self.link(&quoted, LinkKind::Word(prefix, suffix.to_string()));
        }
    }

    fn finish(mut self) -> Pattern {
        self.close();
        self.pattern.outer.extend(outer(self.links));
        self.pattern
    }
}

/// A stretch with the brackets at its ends, which are no punctuation of whoever quotes.
fn with_brackets(range: Range<usize>, brackets: &[Range<usize>]) -> Range<usize> {
    let touches = |own: &&Range<usize>| own.start < range.end && range.start < own.end;
    let touching = brackets.iter().filter(touches);
    touching.fold(range.clone(), |all, own| {
        all.start.min(own.start)..all.end.max(own.end)
    })
}

/// The brackets among links at an end of a quotation. Dots leave nothing out there.
fn outer(links: Vec<Link>) -> impl Iterator<Item = String> {
    let brackets = links.into_iter().filter(|link| link.kind != LinkKind::Gap);
    brackets.map(|link| link.quoted)
}

fn is_one_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_pattern(pattern: &Pattern) -> String {
        let mut parts = Vec::new();
        for (at, fragment) in pattern.fragments.iter().enumerate() {
            if let Some(links) = at.checked_sub(1).and_then(|at| pattern.links.get(at)) {
                for link in links {
                    parts.push(match &link.kind {
                        LinkKind::Gap => "*".to_string(),
                        LinkKind::Bracket => "?".to_string(),
                        LinkKind::Word(prefix, suffix) => format!("{prefix}?{suffix}"),
                    });
                }
            }
            parts.push(format!("<{}>", fragment.text));
        }
        parts.join(" ")
    }

    fn shown(text: &str) -> String {
        shown_pattern(&Readings::new(text).whole())
    }

    #[test]
    fn dots_and_brackets_leave_words_open() {
        for (text, expected) in [
            ("The talks […] failed.", "<The talks> * <failed>"),
            ("… the talks... failed. . . .", "<the talks> * <failed>"),
            ("the talks (...) failed <…>", "<the talks> * <failed>"),
            ("the talks [ . . . ] failed", "<the talks> * <failed>"),
            ("the talks (on) failed (", "<the talks (on) failed>"),
            ("Then [he] left", "<Then> ? <left>"),
            ("the tlaks [sic] failed", "<the tlaks failed>"),
            ("the tlaks [sic], failed", "<the tlaks, failed>"),
            ("they agree[d] to it", "<they> agree? <to it>"),
            ("an [un]able man", "<an> ?able <man>"),
            ("they colo[u]red it", "<they> colo?red <it>"),
            ("an [open bracket", "<an [open bracket>"),
            ("[…]", ""),
            ("停火[…]器", "<停火> * <器>"),
            ("停火[的]协议", "<停火> ? <协议>"),
            ("paid … % … of it", "<paid> * ? * <of it>"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        let pattern = Readings::new("“[E]verything” failed").whole();
        assert_eq!(pattern.fragments[0].text, "Everything” failed");
        assert_eq!(pattern.fragments[0].free, [0]);
        let forms = &Readings::new("停火协议").literal().fragments[0].forms;
        assert_eq!(forms, &["停火", "火协", "协议"]);
    }

    #[test]
    fn brackets_at_the_ends_are_kept_and_dots_there_are_not() {
        let pattern = Readings::new("[He] left … and [they] came … [too]").whole();
        assert_eq!(pattern.outer, ["[He]", "[too]"]);
        assert_eq!(pattern.links.len(), 2);
    }

    #[test]
    fn the_literal_reading_comes_first() {
        let shown = |text: &str| -> Vec<String> {
            Readings::new(text)
                .all()
                .iter()
                .map(shown_pattern)
                .collect()
        };
        assert_eq!(
            shown("It rained [sic] all … day"),
            [
                "<It rained [sic] all … day>",
                "<It rained all … day>",
                "<It rained [sic] all> * <day>",
                "<It rained all> * <day>",
            ]
        );
        assert_eq!(shown("no marks"), ["<no marks>"]);
        let many = "a … ".repeat(40);
        assert_eq!(shown(&many).len(), 2);
    }

    #[test]
    fn marks_that_are_never_closed_are_read_in_one_go() {
        let many = "[ ".repeat(200_000);
        assert_eq!(Readings::new(&many).marks(), 0);
    }
}
