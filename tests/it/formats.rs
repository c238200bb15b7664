//! How each format is read, whole: one article a format.

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
        for section in format.read(&source).expect("an article").sections {
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
                // An attribute of AsciiDoc reads as its value.
                if !raw.starts_with('{') {
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
