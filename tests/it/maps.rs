//! Source maps: in every format and encoding each word stands in the file where its map says.
//!
//! `EXCERPT_SLOW=N` in the environment tries N times as many articles.

mod drafts;

use excerpt::analysis::{Words, fold, words};
use excerpt::article::{Article, Section};
use excerpt::format::{FORMATS, ReadOptions};
use excerpt::source::Encoding;
use proptest::prelude::*;

use self::drafts::{Draft, draft};
use crate::cases::cases;

/// The encodings that articles are written in, with what words are spelled in beside ASCII.
const ENCODINGS: [(&str, &str); 8] = [
    ("utf-8", "éжσ\u{1d5ba}"),
    ("utf-16le", "éжσ\u{1d5ba}"),
    ("utf-16be", "éжσ"),
    ("windows-1251", "жщя"),
    ("koi8-r", "жщя"),
    ("windows-1252", "éüñ"),
    ("shift_jis", "жσя"),
    ("gb18030", "éжσ"),
];

/// A heading of plain text may go over so many lines.
const HEADING_LINES: u64 = 3;

/// The bytes of `text`, with a byte order mark where the encoding has one.
fn bytes_of(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.into(),
        "utf-16le" => units(text).flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => units(text).flat_map(u16::to_be_bytes).collect(),
        other => {
            let rules = encoding_rs::Encoding::for_label(other.as_bytes()).expect("a label");
            rules.encode(text).0.into_owned()
        }
    }
}

fn units(text: &str) -> impl Iterator<Item = u16> + '_ {
    std::iter::once(0xfeff).chain(text.encode_utf16())
}

/// The bytes before byte `at` of `text`.
fn byte_of(text: &str, at: usize, encoding: &str) -> u64 {
    bytes_of(&text[..at], encoding).len() as u64
}

/// Every word of the sections' text with its bytes, line and column, by form.
fn mapped(sections: &[Section]) -> Vec<(String, [u64; 4])> {
    let mut all = Vec::new();
    for section in sections {
        let mut words = Words::new(&section.text);
        while words.advance() {
            let (text, range) = (&section.text, words.range());
            let start = section.map.place_of(text, range.start).expect("a place");
            let end = section.map.end_of(text, range.end).expect("a place");
            let place = [start.byte, end.byte, start.line.into(), start.column.into()];
            all.push((words.form().to_string(), place));
        }
    }
    all
}

/// The line of the heading that holds a word.
fn heads(article: &Article, form: &str) -> Option<u64> {
    let holds = |heading: &String| words(heading).iter().any(|word| word.form == form);
    let of = |section: &Section| {
        let line = section.heading_line?;
        section
            .headings
            .last()
            .filter(|h| holds(h))
            .map(|_| line.into())
    };
    article.sections.iter().find_map(of)
}

/// Where each planted word has to be.
fn planted(draft: &Draft, encoding: &str) -> Vec<(String, [u64; 4])> {
    let text = &draft.text;
    let place = |word: &drafts::Planted| {
        let before = &text[..word.range.start];
        let line = before.matches('\n').count() as u64 + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[line_start..].chars().count() as u64 + 1;
        let byte = |at| byte_of(text, at, encoding);
        [byte(word.range.start), byte(word.range.end), line, column]
    };
    let form = |word: &drafts::Planted| fold(&word.reads);
    draft.words.iter().map(|w| (form(w), place(w))).collect()
}

fn drafts_of_all() -> impl Strategy<Value = (usize, usize, Draft)> {
    let texts = FORMATS.iter().filter(|format| format.is_text()).count();
    (0..texts, 0..ENCODINGS.len()).prop_flat_map(|(format, encoding)| {
        let letters = ENCODINGS[encoding].1;
        (
            Just(format),
            Just(encoding),
            draft(FORMATS[format].name, letters),
        )
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn every_planted_word_is_read_once_and_maps_to_where_it_was_planted((format, encoding, draft) in drafts_of_all()) {
        let (format, label) = (&FORMATS[format], ENCODINGS[encoding].0);
        let options = ReadOptions {
            encoding: Encoding::of_label(label),
            ..ReadOptions::default()
        };
        let source = format.decode(bytes_of(&draft.text, label), &options).expect("text");
        let article = format.read(&source, &options).expect("an article");
        for section in &article.sections {
            let texts = section.blocks.iter().map(|block| section.text.get(block.span.clone()));
            prop_assert!(texts.into_iter().all(|own| own.is_some_and(|own| !own.is_empty())), "{:?}", section);
            prop_assert!(section.blocks.is_sorted_by_key(|block| block.span.start), "{:?}", section);
        }
        let found = mapped(&article.sections);
        for (form, place) in planted(&draft, label) {
            let own: Vec<_> = found.iter().filter(|(own, _)| *own == form).map(|(_, place)| *place).collect();
            // Headings have no map, only a line.
            let line = heads(&article, &form);
            if own.is_empty() && line.is_some_and(|line| (line..line + HEADING_LINES).contains(&place[2])) {
                continue;
            }
            prop_assert_eq!(own, vec![place], "{} as {} in {}", form, format.name, label);
        }
    }
}
