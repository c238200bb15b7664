//! How each format is read, whole: one article a format.

use std::ops::ControlFlow;
use std::path::Path;

use excerpt::article::{Article, Metadata, PartPath, Place};
use excerpt::format::{ArticleSink, InputBytes, ReadOptions, detect_for, read_articles};
use excerpt::source::{Reason, StoredPath};

use crate::env::{TestEnv, records};

fn outline(path: &str) -> String {
    let env = TestEnv::with_corpus();
    let out = env
        .run(&["outline", "--format", "ndjson", "--text", path])
        .success();
    serde_json::to_string_pretty(&records(&out)[0]).expect("JSON")
}

#[test]
fn a_text_article() {
    insta::assert_snapshot!(outline("corpus/news/harbour-talks.txt"));
}

#[test]
fn a_markdown_article() {
    insta::assert_snapshot!(outline("corpus/docs/install.md"));
}

#[test]
fn an_html_article() {
    insta::assert_snapshot!(outline("corpus/docs/glossary.html"));
}

/// The outline of an article that the sample corpus of the other tests lacks.
fn outline_of(file: &str) -> String {
    let env = TestEnv::new();
    env.write(file, sample(file));
    let out = env
        .run(&["outline", "--format", "ndjson", "--text", file])
        .success();
    serde_json::to_string_pretty(&records(&out)[0]).expect("JSON")
}

fn sample(file: &str) -> Vec<u8> {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/docs");
    std::fs::read(docs.join(file)).expect("a sample article")
}

#[test]
fn a_markdown_article_of_a_site_generator() {
    insta::assert_snapshot!(outline_of("ferry.md"));
}

#[test]
fn an_asciidoc_article() {
    insta::assert_snapshot!(outline_of("lighthouse.adoc"));
}

#[test]
fn a_restructuredtext_article() {
    insta::assert_snapshot!(outline_of("tide_tables.rst"));
}

#[test]
fn an_org_article() {
    insta::assert_snapshot!(outline_of("boatyard.org"));
}

#[test]
fn the_readme_lists_the_formats_that_there_are() {
    let readme = include_str!("../../README.md");
    for format in excerpt::format::FORMATS {
        let endings: Vec<String> = format
            .extensions
            .iter()
            .map(|e| format!("`.{e}`"))
            .collect();
        let row = format!(
            "| {} | {} | {} |",
            format.name,
            endings.join(" "),
            format.about
        );
        assert!(readme.contains(&row), "the README lacks: {row}");
    }
}

/// Every word of every section stands in the source where its map says.
#[test]
fn every_word_maps_to_its_source() {
    for file in [
        "../news/blinken-diplomacy.txt",
        "../news/harbour-talks.txt",
        "install.md",
        "glossary.html",
        "ferry.md",
        "lighthouse.adoc",
        "tide_tables.rst",
        "boatyard.org",
    ] {
        let bytes = sample(file);
        let source = excerpt::source::Decoded::from_bytes(bytes.clone()).expect("text");
        let format = excerpt::format::detect(std::path::Path::new(file)).expect("a format");
        for section in format
            .read(&source, &excerpt::format::ReadOptions::default())
            .expect("an article")
            .sections
        {
            for word in excerpt::analysis::words(&section.text) {
                let start = section
                    .map
                    .place_of(&section.text, word.range.start)
                    .expect("a place");
                let end = section
                    .map
                    .end_of(&section.text, word.range.end)
                    .expect("a place");
                let raw = String::from_utf8_lossy(&bytes[start.byte as usize..end.byte as usize])
                    .into_owned();
                let read = raw.replace("&shy;", "").replace("&rsquo;", "\u{2019}");
                // An attribute of AsciiDoc and a substitution of reStructuredText read as their values.
                if !raw.starts_with(['{', '|']) {
                    assert_eq!(excerpt::analysis::fold(&read), word.form, "{file}: {raw}");
                }
                let lines = bytes[..start.byte as usize]
                    .iter()
                    .filter(|&&b| b == b'\n')
                    .count() as u32
                    + 1;
                assert_eq!(start.line, lines, "{file}: {raw}");
            }
        }
    }
}

/// InputBytes of `text` in one of the encodings that need no table here.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "windows-1251" => text.chars().map(windows_1251).collect(),
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

fn windows_1251(c: char) -> u8 {
    match c {
        'а'..='я' => (c as u32 - 'а' as u32 + 0xe0) as u8,
        'А'..='Я' => (c as u32 - 'А' as u32 + 0xc0) as u8,
        other => u8::try_from(other).expect("ASCII"),
    }
}

const RUSSIAN: &str = "Переговоры в столице\r\n\r\nПосле долгих споров стороны подписали\r\nМинские соглашения в феврале.\r\n";

/// The same article in four encodings is found by the same query, each at its own bytes.
#[test]
fn legacy_encodings_are_found_and_cited_in_the_files_own_bytes() {
    let env = TestEnv::new();
    let encodings = ["utf-16be", "utf-16le", "utf-8", "windows-1251"];
    for encoding in encodings {
        env.write(&format!("{encoding}.txt"), encoded(RUSSIAN, encoding));
    }
    let hits = env.hits(&["\"Минские соглашения\""]);
    assert_eq!(hits.len(), encodings.len());
    for hit in hits {
        let path = hit["path"].as_str().expect("a path");
        let encoding = path.trim_end_matches(".txt");
        let span = &hit["passages"][0]["highlights"][0];
        let at = |end: &str| span[end]["byte"].as_u64().expect("a byte") as usize;
        let bytes = std::fs::read(env.path().join(path)).expect("the file");
        assert_eq!(
            bytes[at("start")..at("end")],
            encoded("Минские соглашения", encoding),
            "{path}"
        );
        let place = |end: &str| (span[end]["line"].as_u64(), span[end]["column"].as_u64());
        assert_eq!(place("start"), (Some(4), Some(1)), "{path}");
        assert_eq!(place("end"), (Some(4), Some(19)), "{path}");
        assert_eq!(hit["verified"], true, "{path}");
        let outline = env.run(&["outline", "--format", "ndjson", path]).success();
        assert_eq!(records(&outline)[0]["encoding"], encoding);
    }
    let vim = env
        .run(&[
            "query",
            "--format",
            "vimgrep",
            "соглашения",
            "--sort",
            "path",
        ])
        .success();
    // Vim counts the bytes of the line as UTF-8, whatever the file is in.
    for line in vim.lines() {
        assert!(line.contains(".txt:4:16:"), "{line}");
    }
}

#[test]
fn a_change_below_a_highlight_in_a_legacy_file_is_seen() {
    let env = TestEnv::new();
    env.write("a.txt", encoded(RUSSIAN, "windows-1251"));
    assert_eq!(env.run(&["index"]).status, 0);
    let verified = |text: &str| {
        env.write("a.txt", encoded(text, "windows-1251"));
        let out = env.run(&["query", "--no-refresh", "--json", "соглашения"]);
        records(&out.success())[0]["verified"].clone()
    };
    assert_eq!(verified(&format!("{RUSSIAN}\r\nЕще строка.")), true);
    assert_eq!(
        verified(&RUSSIAN.replace("соглашения", "соглашении")),
        false
    );
}

#[test]
fn a_page_says_its_charset_and_status_counts_encodings() {
    let env = TestEnv::new();
    let page = "<html><head><meta charset=windows-1251><title>Мир</title></head><body><p>Да.</p></body></html>";
    env.write("page.html", encoded(page, "windows-1251"));
    env.write("plain.txt", "Plain text.\n");
    assert_eq!(env.hits(&["да"])[0]["title"], "Мир");
    assert!(
        env.run(&["status"])
            .success()
            .contains("encodings utf-8 1, windows-1251 1")
    );
    let status = env.run(&["status", "--format", "ndjson"]).success();
    let all = records(&status);
    assert_eq!(all[all.len() - 1]["encodings"]["windows-1251"], 1);
    let file = all
        .iter()
        .find(|r| r["type"] == "file")
        .expect("a record a file");
    assert_eq!(
        (&file["path"], &file["encoding"]),
        (&"page.html".into(), &"windows-1251".into())
    );
}

#[test]
fn the_lines_of_a_plain_text_tell_its_author_and_date() {
    let env = TestEnv::new();
    env.write(
        "talks.txt",
        "Harbour talks fail\n\nBy Jane Doe and John Roe\nMarch 3, 2014\n\nThe talks on the harbour ended without a deal.\n",
    );
    env.write(
        "other.txt",
        "Other talks\n\nThe other talks went on, it was said by Jane.\n",
    );
    let hits = env.hits(&["talks author:doe date:2014-03"]);
    assert_eq!(hits.len(), 1);
    assert_eq!(
        (&hits[0]["path"], &hits[0]["date"]),
        (&"talks.txt".into(), &"2014-03-03".into())
    );
    let outline = env.run(&["outline", "talks.txt"]).success();
    assert!(
        outline.contains("author: Jane Doe, John Roe") && outline.contains("date: 2014-03-03"),
        "{outline}"
    );
}

/// Writes what a source holds, as a text.
#[derive(Default)]
struct Written(String);

impl ArticleSink for Written {
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        let Metadata {
            title,
            date,
            authors,
            lang,
            url,
        } = &article.metadata;
        let author = (!authors.is_empty()).then(|| authors.join("; "));
        let said = [title, date, &author, lang, url].map(|said| said.as_deref().unwrap_or("-"));
        self.0 += &format!("article {:?}: {}\n", part.to_id(), said.join(" | "));
        for section in &article.sections {
            let places = section.map.places(&section.text);
            self.0 += &format!("  section {} {:?}\n", section.anchor, section.headings);
            let mut from = 0;
            for block in section.text.split('\n') {
                let at = places.place_of(from).unwrap_or(section.start);
                self.0 += &format!("    {}:{} {block:?}\n", at.line, at.column);
                from += block.len() + 1;
            }
        }
        ControlFlow::Continue(())
    }

    fn inner(&mut self, _: PartPath, _: &str, _: Vec<u8>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn passed_over(&mut self, part: PartPath, reason: Reason, at: Option<Place>) {
        let line = at.map(|at| format!(" in line {}", at.line));
        let (part, line) = (part.to_id(), line.unwrap_or_default());
        self.0 += &format!("passed over {part:?}{line}: {}\n", reason.name());
    }
}

fn articles_of(file: &str) -> String {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/samples");
    let bytes = std::fs::read(samples.join(file)).expect("a sample");
    let options = ReadOptions {
        named: true,
        ..ReadOptions::default()
    };
    let format = detect_for(Path::new(file), &options).expect("a format");
    let path = StoredPath::from_bytes(file.as_bytes());
    let mut written = Written::default();
    read_articles(
        format,
        &path,
        InputBytes::Held(&bytes),
        &options,
        &mut written,
    )
    .expect("articles");
    written.0
}

#[test]
fn the_messages_of_a_mailbox() {
    insta::assert_snapshot!(articles_of("harbour.mbox"));
}

#[test]
fn the_records_of_a_feed() {
    insta::assert_snapshot!(articles_of("notices.jsonl"));
}
