//! Articles in the making: words whose place is known, planted in the markup of each format.

use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;

/// A word that was planted.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    /// What it reads as.
    pub(super) reads: String,
    /// Its bytes in the draft, with the markup inside it.
    pub(super) range: Range<usize>,
}

/// An article in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) words: Vec<Planted>,
}

/// How a word is spelled.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Plain,
    /// With a letter beyond ASCII.
    Letter(usize),
    /// With a letter as an entity, where the format has them.
    Entity,
    /// With a soft hyphen, which is dropped.
    SoftHyphen,
    /// With markup inside, where the format allows it.
    Markup,
}

/// What stands between two words.
static GAPS: [&str; 7] = [" ", "  ", "\n", " \n", "\u{a0}", ", ", " – "];

/// The lines around a paragraph's words in each format; `%` stands for the words.
fn frames(format: &str) -> &'static [&'static str] {
    match format {
        "markdown" => &[
            "%\n",
            "> %\n",
            "- %\n",
            "*a* [b](c) %\n",
            "1. x\n\n   %\n",
            "## %\n",
            "| x | y |\n|---|---|\n| z | % |\n",
        ],
        "html" => &[
            "<p>%</p>\n",
            "<div>%</div>",
            "<ul><li>x<li>%</ul>",
            "<p>a<br>%<!-- c -->",
            "<table><tr><td>x<td>%</table>\n",
            "<blockquote>&amp; %</blockquote>",
            "<pre>x\n  %</pre>",
        ],
        "asciidoc" => &[
            "%\n",
            "* %\n",
            "NOTE: %\n",
            "*a* %\n",
            "term:: %\n",
            "[quote]\n%\n",
        ],
        "rst" => &["%\n", "- %\n", "*a* ``b`` %\n", "term\n  %\n", "#. %\n"],
        "org" => &[
            "%\n",
            "- %\n",
            "*a* =b= %\n",
            "#+begin_quote\n%\n#+end_quote\n",
            "| x | % |\n",
        ],
        _ => &[
            "%\n",
            "  %\n",
            "- %\n",
            "And so it went on, said the keeper, until %\n",
        ],
    }
}

/// Whether a frame's words may go over lines.
fn takes_lines(frame: &str) -> bool {
    !frame.starts_with(['|', '#']) && !frame.contains("NOTE") && !frame.contains("::")
        || frame.starts_with("#+")
}

fn spelling() -> impl Strategy<Value = Spelling> {
    prop_oneof![
        4 => Just(Spelling::Plain),
        3 => (0usize..8).prop_map(Spelling::Letter),
        1 => Just(Spelling::Entity),
        1 => Just(Spelling::SoftHyphen),
        1 => Just(Spelling::Markup),
    ]
}

type Words = Vec<(Spelling, usize)>;

/// An article in `format`, with letters of `letters`.
pub(super) fn draft(format: &'static str, letters: &'static str) -> impl Strategy<Value = Draft> {
    let words = vec((spelling(), 0..GAPS.len()), 1..7);
    vec((0usize..8, words), 1..8).prop_map(move |blocks| write(format, letters, &blocks))
}

fn write(format: &str, letters: &str, blocks: &[(usize, Words)]) -> Draft {
    let mut draft = Draft::default();
    // Where a document's first lines are special the planted words stand behind them.
    draft.text.push_str(match format {
        "html" => "<!doctype html><title>x</title><body>",
        _ => "Opening words of the article stand here.\n\n",
    });
    let frames = frames(format);
    for (frame, words) in blocks {
        let frame = frames[frame % frames.len()];
        let (before, after) = frame.split_once('%').unwrap_or((frame, ""));
        draft.text.push_str(before);
        let indent = indent_of(before);
        for (i, (spelling, gap)) in words.iter().enumerate() {
            if i > 0 {
                draft.gap(GAPS[*gap], takes_lines(frame), &indent, letters);
            }
            draft.word(format, letters, *spelling);
        }
        draft.text.push_str(after);
        draft.text.push('\n');
    }
    draft
}

/// What the next line of a paragraph begins with.
fn indent_of(before: &str) -> String {
    let last = before.rsplit('\n').next().unwrap_or_default();
    if last.starts_with("> ") {
        return "> ".to_string();
    }
    let marker = last.starts_with("- ") || last.starts_with("#. ");
    let width = match marker {
        true => last.find(' ').map_or(0, |at| at + 1),
        false => last.len() - last.trim_start_matches(' ').len(),
    };
    " ".repeat(width)
}

impl Draft {
    fn gap(&mut self, gap: &str, takes_lines: bool, indent: &str, letters: &str) {
        // A legacy encoding may lack what is not a letter of its own.
        let is_ascii_only = !letters.contains('\u{1d5ba}') && !gap.is_ascii();
        if is_ascii_only || (gap.contains('\n') && !takes_lines) {
            self.text.push(' ');
            return;
        }
        self.text.push_str(gap);
        if gap.ends_with('\n') {
            self.text.push_str(indent);
        }
    }

    fn word(&mut self, format: &str, letters: &str, spelling: Spelling) {
        let name = name(self.words.len());
        let (head, tail) = name.split_at(2);
        let start = self.text.len();
        let (written, read) = spell(format, letters, spelling, head, tail);
        self.text.push_str(&written);
        self.words.push(Planted {
            reads: read,
            range: start..self.text.len(),
        });
    }
}

/// How a word of two parts is written, and what it reads as.
fn spell(
    format: &str,
    letters: &str,
    spelling: Spelling,
    head: &str,
    tail: &str,
) -> (String, String) {
    let has_entities = matches!(format, "html" | "markdown");
    let is_wide = letters.contains('\u{1d5ba}');
    match spelling {
        Spelling::Letter(n) => {
            let letter = letters
                .chars()
                .nth(n % letters.chars().count())
                .unwrap_or('x');
            let word = format!("{head}{letter}{tail}");
            (word.clone(), word)
        }
        Spelling::Entity if has_entities => {
            (format!("{head}&eacute;{tail}"), format!("{head}é{tail}"))
        }
        Spelling::SoftHyphen if is_wide => (format!("{head}\u{ad}{tail}"), format!("{head}{tail}")),
        Spelling::SoftHyphen if has_entities => {
            (format!("{head}&shy;{tail}"), format!("{head}{tail}"))
        }
        Spelling::Markup if format == "html" => {
            (format!("{head}<b>x</b>{tail}"), format!("{head}x{tail}"))
        }
        Spelling::Markup if format == "markdown" => {
            (format!("{head}*x*{tail}"), format!("{head}x{tail}"))
        }
        _ => (format!("{head}{tail}"), format!("{head}{tail}")),
    }
}

/// The name of the word of this number: no word of a language, and no other's.
fn name(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    format!("qz{}{}w", letter(number / 26), letter(number))
}
