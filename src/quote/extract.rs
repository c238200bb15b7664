//! Finds the quotations of a document: block quotes, what stands in quotation marks, or one a line.

use std::ops::Range;

use super::marks::{is_pair, marked};
use crate::analysis::{boundary_at, count_words};
use crate::format::{
    FORMATS, Hidden, QuotableBlock, article_blocks, line_blocks, markdown_blocks, text_blocks,
};

/// How many words an attribution has at most.
const MAX_ATTRIBUTION_WORDS: u64 = 8;
/// How many characters a word with a full stop has at most where it may be an abbreviation (`Prof.`).
const MAX_ABBREVIATION_CHARS: usize = 5;
/// Articles, which begin titles of three words (`The port authority`).
const ARTICLES: [&str; 12] = [
    "the", "der", "die", "das", "le", "la", "les", "el", "il", "o", "de", "het",
];
/// Characters that begin an attribution or a line of dialogue.
const DASHES: [char; 4] = ['—', '–', '―', '-'];

/// What a document's quotations are told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Block quotes and quotation marks of a Markdown document.
    Markdown,
    /// Block quotes and quotation marks of a document of the format of this name, by its reader.
    Markup(&'static str),
    /// Lines that begin with `>`, and quotation marks; where there are none, each line is a quotation.
    Text,
    /// Each line is a quotation.
    Lines,
}

/// A quotation and its place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// What is quoted, without the marks around it.
    pub text: String,
    /// The line it begins on, 1-based.
    pub line: usize,
    /// The column it begins at in characters, 1-based.
    pub column: usize,
}

/// The quotations of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    /// The quotations, in order.
    pub quotations: Vec<Quotation>,
    /// What was passed over.
    pub passed_over: PassedOver,
    /// Whether each line was taken for a quotation, since the text has no quotation marks.
    pub by_lines: bool,
}

/// How many stretches in quotation marks were not taken for quotations, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// They have too few words.
    pub short: usize,
    /// More than one mark could close them.
    pub ambiguous: usize,
    /// They stand in code.
    pub code: usize,
    /// They stand in HTML within Markdown, or are its `<blockquote>` and `<q>`.
    pub html: usize,
    /// Marks that open or close nothing, and stretches in marks that are not known.
    pub unpaired: usize,
    /// Lines of block quotes that say who is quoted.
    pub attribution: usize,
}

impl PassedOver {
    /// Each count with the name that programs read and the reason for people.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, &'static str, usize); 6] {
        [
            ("short", "too short", self.short),
            ("ambiguous", "with ambiguous marks", self.ambiguous),
            ("code", "in code", self.code),
            ("html", "in HTML", self.html),
            ("unpaired", "with unpaired or unknown marks", self.unpaired),
            ("attribution", "as attribution", self.attribution),
        ]
    }

    /// How many in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts().iter().map(|(_, _, count)| count).sum()
    }
}

impl std::ops::AddAssign for PassedOver {
    fn add_assign(&mut self, other: PassedOver) {
        self.short += other.short;
        self.ambiguous += other.ambiguous;
        self.code += other.code;
        self.html += other.html;
        self.unpaired += other.unpaired;
        self.attribution += other.attribution;
    }
}

/// The quotations of a document. Stretches in quotation marks of fewer than `min_words` words are left out.
#[must_use]
pub fn extract(text: &str, marks: Marks, min_words: u64) -> Extracted {
    let blocks = match marks {
        Marks::Markdown => markdown_blocks(text),
        Marks::Markup(name) => match FORMATS.iter().find(|format| format.name == name) {
            Some(format) => article_blocks(format, text),
            None => text_blocks(text),
        },
        Marks::Text => text_blocks(text),
        Marks::Lines => line_blocks(text),
    };
    let mut places = LineCounter::new(text);
    let mut extracted = Extracted::default();
    for block in &blocks {
        if let Some(hidden) = block.hidden {
            let count = marked_words(&block.text, min_words).max(block.html_quotes);
            match hidden {
                Hidden::Code => extracted.passed_over.code += count,
                Hidden::Html => extracted.passed_over.html += count,
            }
            continue;
        }
        extracted.passed_over.html += block.html_quotes;
        let is_whole = block.is_block_quote || marks == Marks::Lines;
        let ranges = match is_whole {
            true => {
                let end = attribution(&block.text).filter(|_| marks != Marks::Lines);
                extracted.passed_over.attribution += usize::from(end.is_some());
                let quoted = &block.text[..end.unwrap_or(block.text.len())];
                whole(quoted).into_iter().collect()
            }
            false => in_marks(block, min_words, &mut extracted.passed_over),
        };
        for range in ranges {
            let shown = &block.text[range.clone()];
            let words = count_words(shown);
            if words == 0 || (!is_whole && words < min_words) {
                extracted.passed_over.short += usize::from(words > 0);
                continue;
            }
            let (line, column) = places.of(block.source_of(range.start));
            let folded = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            extracted.quotations.push(Quotation {
                text: folded,
                line,
                column,
            });
        }
    }
    let has_none = extracted.quotations.is_empty() && extracted.passed_over.total() == 0;
    match has_none && marks == Marks::Text {
        true => Extracted {
            by_lines: true,
            ..extract(text, Marks::Lines, min_words)
        },
        false => extracted,
    }
}

/// What stands in marks outside of code.
fn in_marks(
    block: &QuotableBlock,
    min_words: u64,
    passed_over: &mut PassedOver,
) -> Vec<Range<usize>> {
    let marked = marked(&block.text, |at| block.is_code(at));
    passed_over.ambiguous += marked.ambiguous;
    passed_over.unpaired += marked.unpaired;
    let code = block
        .code()
        .iter()
        .filter_map(|code| block.text.get(code.clone()));
    passed_over.code += code
        .map(|code| marked_words(code, min_words))
        .sum::<usize>();
    marked
        .ranges
        .into_iter()
        .map(|range| trimmed(&block.text, range))
        .collect()
}

/// How many stretches in marks have so many words.
fn marked_words(text: &str, min_words: u64) -> usize {
    let ranges = marked(text, |_| false).ranges;
    let is_long = |range: &&Range<usize>| count_words(&text[(*range).clone()]) >= min_words.max(1);
    ranges.iter().filter(is_long).count()
}

/// Where the attribution of a block quote begins: its last line, where that says who is quoted. Behind other lines that
/// begin with a dash it is one more line of a dialogue.
fn attribution(text: &str) -> Option<usize> {
    let last = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let is_spoken = |line: &str| line.trim_start().starts_with(DASHES);
    let is_own = is_attribution(text[last..].trim()) && !text[..last].lines().any(is_spoken);
    is_own.then_some(last)
}

/// Whether a line says who is quoted: a dash, and a name or a title of few words that is no sentence. A dash begins
/// dialogue too, so what may be speech is judged.
fn is_attribution(line: &str) -> bool {
    let Some(name) = line
        .strip_prefix(['—', '–', '―'])
        .or_else(|| line.strip_prefix("--"))
    else {
        return false;
    };
    let name = name.trim_start_matches(DASHES).trim();
    let is_small = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .collect();
    // Names and titles begin with capitals or digits, but for small words such as `of`, `van der`.
    let small = words.iter().filter(|word| is_small(word)).count();
    let first = words.first().map(|word| word.to_lowercase());
    let is_titled = words.len() == 3 && first.is_some_and(|word| ARTICLES.contains(&word.as_str()));
    let is_named =
        words.first().is_some_and(|word| !is_small(word)) && (2 * small < words.len() || is_titled);
    let ends_sentence =
        |word: &&str| word.ends_with('.') && word.chars().count() > MAX_ABBREVIATION_CHARS;
    is_named
        && !words.iter().any(ends_sentence)
        && count_words(name) <= MAX_ATTRIBUTION_WORDS
        && !name.ends_with(['.', '!', '?', '…', '。', '！', '？', ':', ';'])
        && !name.contains(['!', '?', '…', '“', '”', '"', '«', '»'])
}

/// The whole text without marks around it; `None` for none.
fn whole(text: &str) -> Option<Range<usize>> {
    let mut range = trimmed(text, 0..text.len());
    let (first, last) = (
        text[range.clone()].chars().next()?,
        text[range.clone()].chars().next_back()?,
    );
    let is_marked = is_pair(first, last);
    let inside = range.start + first.len_utf8()..range.end - last.len_utf8().min(range.len());
    if is_marked && inside.start <= inside.end && !text[inside.clone()].contains([first, last]) {
        range = trimmed(text, inside);
    }
    Some(range)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}

/// Lines and columns of bytes that are asked for in rising order.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> LineCounter<'a> {
        LineCounter {
            text,
            at: 0,
            line: 1,
            line_start: 0,
        }
    }

    fn of(&mut self, byte: usize) -> (usize, usize) {
        if byte < self.at {
            *self = LineCounter::new(self.text);
        }
        let byte = boundary_at(self.text, byte);
        for (at, _) in self.text[self.at..byte].match_indices('\n') {
            self.line += 1;
            self.line_start = self.at + at + 1;
        }
        self.at = byte;
        (
            self.line,
            self.text[self.line_start..byte].chars().count() + 1,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, marks: Marks) -> Vec<(String, usize, usize)> {
        let extracted = extract(text, marks, 2);
        extracted
            .quotations
            .into_iter()
            .map(|q| (q.text, q.line, q.column))
            .collect()
    }

    fn texts(text: &str, marks: Marks) -> Vec<String> {
        found(text, marks)
            .into_iter()
            .map(|(text, _, _)| text)
            .collect()
    }

    #[test]
    fn quotations_of_markdown_are_found_with_their_places() {
        let text = "He said “the *Minsk*\nagreements” and \"went home\" at 5\".\n\n> “A whole\n> quotation.”\n> — Somebody\n\n\
                    > — Anna Keller\n\nSee `\"not this\"` and \"this\" word.\n";
        assert_eq!(
            found(text, Marks::Markdown),
            [
                ("the Minsk agreements".into(), 1, 10),
                ("went home".into(), 2, 18),
                ("A whole quotation.".into(), 4, 4),
            ]
        );
        let passed_over = extract(text, Marks::Markdown, 2).passed_over;
        assert_eq!((passed_over.short, passed_over.code), (1, 1));
    }

    #[test]
    fn only_a_last_line_that_is_a_name_is_an_attribution() {
        for (name, is_one) in [
            ("— Anna Keller", true),
            ("― Anna Keller, mayor of Bergen", true),
            ("-- Prof. J. Müller", true),
            ("——鲁迅", true),
            ("— Ludwig van Beethoven", true),
            ("— The mayor never said this invented thing.", false),
            ("— The mayor never said this invented thing", false),
            ("— Он никогда этого не говорил", false),
            ("— Je ne viens pas", false),
            ("— ¡Vete!", false),
            ("— No vengas más", false),
            ("— and so on", false),
            ("- Anna Keller", false),
        ] {
            assert_eq!(is_attribution(name), is_one, "{name}");
        }
        let quoted = "> The harbour stays closed\n> — The mayor never said this.\n\n> — Кто там\n> — Анна Петрова\n";
        for marks in [Marks::Markdown, Marks::Text] {
            let extracted = extract(quoted, marks, 2);
            assert_eq!(extracted.passed_over.attribution, 0);
            let texts: Vec<_> = extracted.quotations.into_iter().map(|q| q.text).collect();
            assert_eq!(
                texts,
                [
                    "The harbour stays closed — The mayor never said this.",
                    "— Кто там — Анна Петрова"
                ]
            );
        }
        let named = extract("> It stays closed\n> — Anna Keller\n", Marks::Text, 2);
        assert_eq!(named.quotations[0].text, "It stays closed");
        assert_eq!(named.passed_over.attribution, 1);
        assert_eq!(texts("— Anna Keller\n", Marks::Lines), ["— Anna Keller"]);
    }

    #[test]
    fn marks_nest_and_may_stay_open_over_a_paragraph() {
        assert_eq!(
            texts("„Ein Wort“ und «deux mots» und “a “b c” d”.", Marks::Text),
            ["Ein Wort", "deux mots", "a “b c” d"]
        );
        assert_eq!(
            texts(
                "“One paragraph of it.\n\n“And the last of it.” Then.",
                Marks::Text
            ),
            ["One paragraph of it.", "And the last of it."]
        );
        assert_eq!(
            texts("a 5\" pipe and a 6\" pipe", Marks::Markdown),
            Vec::<String>::new()
        );
        assert_eq!(
            texts("(\"in brackets\"), \"one\ntwo,\" he said", Marks::Text),
            ["in brackets", "one two,"]
        );
    }

    #[test]
    fn quotations_of_html_in_markdown_are_counted() {
        for (text, count) in [
            ("He said <q>the mayor lied</q> twice.\n", 1),
            ("<blockquote>\n\nthe mayor lied\n\n</blockquote>\n", 1),
            ("<blockquote class=\"a\">the “mayor lied”</blockquote>\n", 1),
            ("a <quote>b c</quote> <qx>\n", 0),
        ] {
            assert_eq!(
                extract(text, Marks::Markdown, 2).passed_over.html,
                count,
                "{text}"
            );
        }
    }

    #[test]
    fn without_marks_each_line_of_a_text_is_one() {
        assert_eq!(
            found("first line\n\n  second\n", Marks::Text),
            [("first line".into(), 1, 1), ("second".into(), 3, 3)]
        );
        assert_eq!(
            texts("\"first\" line\n“second”\n", Marks::Lines),
            ["\"first\" line", "second"]
        );
        assert_eq!(
            texts("no marks here\n", Marks::Markdown),
            Vec::<String>::new()
        );
    }

    #[test]
    fn documents_of_every_markup_are_read_by_their_readers() {
        for (name, text) in [
            (
                "html",
                "<p>He said <q cite=x>the quay stays <b>open</b></q>.</p><blockquote><p>The talks\ngo on.</p></blockquote><pre>\"not this one\"</pre>",
            ),
            (
                "asciidoc",
                "He said \u{201c}the quay stays *open*\u{201d}.\n\n____\nThe talks\ngo on.\n____\n\n----\n\"not this one\"\n----\n",
            ),
            (
                "rst",
                "He said \u{201c}the quay stays **open**\u{201d}.\n\n    The talks\n    go on.\n\n::\n\n    \"not this one\"\n",
            ),
            (
                "org",
                "He said \u{201c}the quay *stays* open\u{201d}.\n\n#+begin_quote\nThe talks\ngo on.\n#+end_quote\n\n#+begin_src c\n\"not this one\"\n#+end_src\n",
            ),
        ] {
            let extracted = extract(text, Marks::Markup(name), 2);
            let texts: Vec<&str> = (extracted.quotations.iter())
                .map(|quotation| quotation.text.as_str())
                .collect();
            assert_eq!(texts, ["the quay stays open", "The talks go on."], "{name}");
            assert_eq!(extracted.passed_over.code, 1, "{name}");
            let second = &extracted.quotations[1];
            let line = text.lines().nth(second.line - 1).expect("the line");
            let at: String = line.chars().skip(second.column - 1).collect();
            assert!(at.starts_with("The talks"), "{name}: {at}");
        }
    }
}
