//! Random articles in a small vocabulary, so that words meet again.

use excerpt::article::{Article, Metadata, Place, Reads, Run, Section, SourceMap, TitleFrom};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// The words of one case.
pub(super) type Vocabulary = Vec<String>;

/// Words that are near each other in some way: by stem, by accents, by punctuation, by letters.
const FAMILIES: [&[&str]; 26] = [
    &[
        "agree",
        "agreed",
        "agreement",
        "agreements",
        "Agrees",
        "agreement's",
        "agrement",
    ],
    &["talk", "talks", "talked", "talking", "tall", "tale"],
    &["the", "The", "is", "of", "do", "does", "going", "go"],
    &["Minsk", "minks", "MINSK", "minsks", "Ｍｉｎｓｋ"],
    &["café", "cafe\u{301}", "CAFÉ", "cafes", "caf"],
    &["don't", "don\u{2019}t", "dont", "don", "t"],
    &[
        "wi-fi",
        "wi-fi\u{2019}s",
        "TalkShow2's",
        "wifi",
        "Wi\u{2011}Fi",
        "wi",
        "fi",
        "WiFi",
        "FooWi-Fi",
    ],
    &["U.S.A.", "usa", "USA", "u.s", "us", "USAToday", "today"],
    &[
        "talkShow",
        "TALKShow",
        "show",
        "TalksShow",
        "cafe\u{301}Foo",
        "foo",
    ],
    &["3.14", "3", "14", "1,000", "2014", "10:30"],
    &[
        "Россия",
        "россии",
        "ёлка",
        "елка",
        "ко\u{301}смос",
        "йод",
        "и\u{306}од",
        "иод",
    ],
    &["北京", "大学", "北京大学", "東京タワー", "かな", "北"],
    &[
        "京",
        "東京",
        "东京",
        "大學",
        "京大",
        "学北",
        "北京 大学",
        "学a",
        "が",
        "か\u{3099}",
        "ｶﾞ",
    ],
    &["ที่", "ท", "ที", "การประชุม", "ประชุม", "ประ ชุม", "มก", "ន្ទ", "ဖွ"],
    &[
        "한국",
        "한국어",
        "한국어는",
        "국어",
        "어",
        "\u{1112}\u{1161}\u{11ab}국",
    ],
    &[
        "Haus",
        "Häuser",
        "Hauses",
        "war",
        "die",
        "Gespräche",
        "Gespräch",
    ],
    &[
        "việt",
        "Vie\u{323}\u{302}t",
        "viet",
        "viết",
        "viets",
        "được",
        "dược",
        "duoc",
        "Hồ",
        "hố",
        "ho",
    ],
    &[
        "kitap",
        "kitaplar",
        "KİTAPLAR",
        "ılık",
        "ILIK",
        "baca",
        "membaca",
        "dibaca",
    ],
    &["كتاب", "الكتاب", "كتابها", "أحمد", "احمد", "٢٠١٤"],
    &[
        "l'État", "État", "état", "l", "chaud", "chaude", ".NET", "net", "ASP.NET", "c++", "c#",
    ],
    &["wi-fi", "wi", "fi", "foo/bar", "foo", "bar", "snake_case"],
    &["C++", "U.S.", "c", "us", "e.g."],
    &[
        "die", "dying", "dies", "sky", "skies", "be", "being", "been",
    ],
    &["a", "b", "ab", "ba", "abc", "A"],
    &[
        "Straße",
        "strasse",
        "ﬁne",
        "fine",
        "agree\u{ad}ment",
        "İstanbul",
        "istanbul",
    ],
    &["שָׁלוֹם", "שלום", "قَلَم", "قلم", "ـ", "हिन्दी", "Ὀδυσσεύς"],
];

const SEPARATORS: [&str; 16] = [
    " ", " ", " ", " ", " ", " ", " ", ", ", ". ", "\n", "\n", "\t", "\x0b", " — ", "-", "",
];

/// A few families, and sometimes a word of any letters.
pub(super) fn vocabulary() -> impl Strategy<Value = Vocabulary> {
    let odd = vec("[\\p{L}\\p{M}\\p{N}\\p{P}]{1,4}", 0..2);
    (subsequence(FAMILIES.to_vec(), 1..4), odd).prop_map(|(families, odd)| {
        families
            .concat()
            .into_iter()
            .map(str::to_string)
            .chain(odd)
            .collect()
    })
}

/// A text of fewer than `most` words.
fn text(words: &Vocabulary, most: usize) -> impl Strategy<Value = String> + use<> {
    vec((select(words.clone()), select(&SEPARATORS)), 0..most).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(word, separator)| [word, separator.to_string()])
            .collect()
    })
}

/// A title or a heading: a few words on one line.
fn line(words: &Vocabulary) -> impl Strategy<Value = String> + use<> {
    vec(select(words.clone()), 0..4).prop_map(|words| words.join(" "))
}

fn known(values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    option::of(select(values).prop_map(str::to_string))
}

fn metadata(words: &Vocabulary) -> impl Strategy<Value = Metadata> + use<> {
    (
        option::of(line(words)),
        known(&["2014", "2014-09", "2014-09-05", "2015-01-02", "2013-12-31"]),
        vec(
            select(&["Zoë Smith, Bob Jones", "smith", "Bob", "Zoë"][..]),
            0..3,
        ),
        known(&["en", "en-us", "de", "eng", "tr", "id", "ar", "fr", "th"]),
        known(&["https://example.com/x"]),
    )
        .prop_map(|(title, date, authors, lang, url)| Metadata {
            title,
            date,
            authors: authors.into_iter().map(str::to_string).collect(),
            lang,
            url,
        })
}

fn place() -> impl Strategy<Value = Place> {
    (0u64..100_000, 1u32..2_000, 1u32..300).prop_map(|(byte, line, column)| Place {
        byte,
        line,
        column,
    })
}

/// Runs in the order of the text, without overlap; soft breaks among them.
fn source_map() -> impl Strategy<Value = SourceMap> {
    vec((0u32..3, 1u32..9, 0u64..3, 0u32..2, 0u8..4, 1u32..9), 0..6).prop_map(|runs| {
        let mut map = SourceMap::default();
        let (mut text, mut byte, mut line) = (0, 0, 1);
        for (gap, text_len, skipped, lines, kind, len) in runs {
            (text, byte, line) = (text + gap, byte + skipped, line + lines);
            let (source_len, reads) = match kind {
                0 | 1 => (text_len, Reads::Same),
                2 => (2 * text_len, Reads::Wide(2)),
                _ => (len, Reads::Unit(len)),
            };
            let start = Place {
                byte,
                line,
                column: if lines > 0 { 1 } else { 1 + text },
            };
            map.push(Run {
                text,
                text_len,
                start,
                source_len,
                reads,
            });
            (text, byte) = (text + text_len, byte + u64::from(source_len));
        }
        map
    })
}

fn section(words: &Vocabulary) -> impl Strategy<Value = Section> + use<> {
    (
        vec(line(words), 0..4),
        1u8..=6,
        "[a-zé-]{0,8}",
        option::of(1u32..5_000),
        (place(), place()),
        text(words, 28),
        source_map(),
    )
        .prop_map(
            |(headings, level, anchor, heading_line, (start, end), text, map)| Section {
                blocks: Vec::new(),
                headings,
                level,
                anchor,
                heading_line,
                start,
                end,
                text,
                map,
            },
        )
}

/// An article of a few sections.
pub(super) fn article(words: &Vocabulary) -> impl Strategy<Value = Article> + use<> {
    (metadata(words), vec(section(words), 1..4)).prop_map(|(metadata, sections)| Article {
        metadata,
        sections,
        title_from: TitleFrom::default(),
    })
}
