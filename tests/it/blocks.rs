//! Blocks: quotations, code, lists and tables, as each format marks them.

use excerpt::article::{Article, BlockKind};
use excerpt::format::{FORMATS, ReadOptions};
use excerpt::source::Decoded;
use serde_json::json;

use crate::env::{TestEnv, records};

fn read(format: &str, text: &str) -> Article {
    let format = FORMATS.iter().find(|own| own.name == format);
    let source = Decoded::from_bytes(text.as_bytes().to_vec()).expect("text");
    let options = ReadOptions::default();
    format
        .expect("a format")
        .read(&source, &options)
        .expect("an article")
}

/// The blocks of each section, with their text, separators as they are.
fn blocks(article: &Article) -> Vec<Vec<(BlockKind, &str)>> {
    let of = |own: &'_ excerpt::article::Section| -> Vec<(BlockKind, std::ops::Range<usize>)> {
        own.blocks
            .iter()
            .map(|b| (b.kind, b.span.clone()))
            .collect()
    };
    (article.sections.iter())
        .map(|own| {
            of(own)
                .into_iter()
                .map(|(kind, span)| (kind, &own.text[span]))
                .collect()
        })
        .collect()
}

use BlockKind::{Code, List, Quotation, Table};

/// The same article in each format that marks all four kinds: in its first section a quotation with a list in it, code, a
/// list and a table, in its second one another list.
const MARKED: [(&str, &str); 5] = [
    (
        "markdown",
        "# T\n\nlead\n\n> said\n>\n> - one\n> - two\n\nthen\n\n```sh\na  b\nc\n```\n\n1. x\n\n   more\n2. y\n\nend\n\n\
         | a | b |\n|---|---|\n| c | d |\n\n## H\n\n- z\n\nlast\n",
    ),
    (
        "html",
        "<title>T</title><p>lead</p><blockquote>said<ul><li>one<li>two</ul></blockquote><p>then</p><pre>a  b\nc</pre>\
         <ol><li>x<p>more</p><li>y</ol><p>end</p><table><tr><td>a<td>b<tr><td>c<td>d</table><h2>H</h2><ul><li>z</ul><p>last</p>",
    ),
    (
        "asciidoc",
        "= T\n\nlead\n\n____\nsaid\n\n* one\n* two\n____\n\nthen\n\n----\na  b\nc\n----\n\n. x\n+\nmore\n. y\n\nend\n\n\
         |===\n|a |b\n|c |d\n|===\n\n== H\n\n* z\n\nlast\n",
    ),
    (
        "rst",
        "Title\n=====\n\nlead\n\n   said\n\n   * one\n   * two\n\nthen\n\n.. code-block:: sh\n\n   a  b\n   c\n\n1. x\n\n   more\n2. y\n\nend\n\n\
         ===  ===\na    b\n===  ===\nc    d\n===  ===\n\nHere\n----\n\n* z\n\nlast\n",
    ),
    (
        "org",
        "#+title: T\n\nlead\n#+begin_quote\nsaid\n- one\n- two\n#+end_quote\nthen\n#+begin_src sh\na  b\nc\n#+end_src\n\n\
         1. x\n\n   more\n2. y\n\nend\n\n| a | b |\n| c | d |\n\n* H\n- z\n\nlast\n",
    ),
];

#[test]
fn every_markup_tells_quotations_code_lists_and_tables() {
    for (format, text) in MARKED {
        let article = read(format, text);
        assert_eq!(
            blocks(&article),
            [
                vec![
                    (Quotation, "said\none\ntwo"),
                    (List, "one\ntwo"),
                    (Code, "a b\x0bc"),
                    (List, "x\nmore\ny"),
                    (Table, "a\tb\nc\td"),
                ],
                vec![(List, "z")],
            ],
            "{format}: {:?}",
            article.sections
        );
    }
}

/// What one format marks in its own way.
#[test]
fn formats_have_blocks_of_their_own() {
    for (format, text, expected) in [
        (
            "markdown",
            "a\n\n    code\n\n<table><tr><td>x</table>\n\nb\n",
            vec![(Code, "code"), (Table, "x")],
        ),
        (
            "html",
            "<p>a<dl><dt>t<dd>d</dl>b</ul></table><p>c",
            vec![(List, "t\nd")],
        ),
        (
            "asciidoc",
            "a\n\n[quote, Ann]\nsaid\n\n  literal\n\nt:: d\n\n[verse]\n____\nv\nw\n____\n\nb\n",
            vec![
                (Quotation, "said"),
                (Code, "literal"),
                (List, "t\nd"),
                (Quotation, "v\x0bw"),
            ],
        ),
        (
            "asciidoc",
            "* a\n+\n====\nb\n\nc\n====\n* d\n\ne\n",
            vec![(List, "a\nb\nc\nd")],
        ),
        (
            "rst",
            "a::\n\n   code\n\n>>> x\n1\n\nterm\n  what\nother\n  that\n\n.. note:: n\n\n   no\n\n      said\n\nb\n",
            vec![
                (Code, "code"),
                (Code, ">>> x\x0b1"),
                (List, "term\nwhat\nother\nthat"),
                (Quotation, "said"),
            ],
        ),
        (
            "rst",
            ".. epigraph::\n\n   said\n\n   -- Ann\n\n* a\n\n  b\n\n    c\n\nd\n",
            vec![
                (Quotation, "said\n-- Ann"),
                (List, "a\nb\nc"),
                (Quotation, "c"),
            ],
        ),
        (
            "org",
            "a\n: code\n: more\n\n- x\n  - y\n\n  z\n#+begin_verse\nv\nw\n#+end_verse\n",
            vec![
                (Code, "code\x0bmore"),
                (List, "x\ny\nz"),
                (Quotation, "v\x0bw"),
            ],
        ),
        (
            "text",
            "The letter said this to all of us in the harbour, as it did each year.\n\n> that they go,\n> and that they stay\n\n- one thing\n- another\n\nThat was all of it, as far as anybody knows.\n",
            vec![
                (Quotation, "> that they go, > and that they stay"),
                (List, "- one thing\n- another"),
            ],
        ),
    ] {
        assert_eq!(blocks(&read(format, text)), [expected], "{format}: {text}");
    }
}

#[test]
fn a_quotation_with_a_heading_goes_on_below_it() {
    let article = read(
        "html",
        "<title>T</title><blockquote><p>a</p><h2>H</h2><p>b</p></blockquote><p>c</p>",
    );
    assert_eq!(
        blocks(&article),
        [vec![(Quotation, "a")], vec![(Quotation, "b")]]
    );
}

#[test]
fn blocks_are_cut_where_a_long_section_is() {
    let long = "a word and another. ".repeat(5_000);
    let article = read("markdown", &format!("lead\n\n> {long}\n\nend\n"));
    assert!(article.sections.len() > 1);
    for section in &article.sections {
        let is_quoted = section.text.contains("word");
        assert_eq!(section.blocks.len(), usize::from(is_quoted));
    }
    let own = article.sections.last().expect("sections");
    assert_eq!(own.blocks[0].span.start, 0);
    assert!(
        own.text.ends_with("\nend") && own.blocks[0].span.end == own.text.len() - "\nend".len()
    );
}

#[test]
fn outline_prints_blocks_beside_the_text_they_are_in() {
    let env = TestEnv::new();
    env.write("a.md", "é\n\n> b\n> - c\n\n## H\n\nno block\n");
    let out = env.run(&["outline", "--format", "ndjson", "--text", "a.md"]);
    let record = &records(&out.success())[0];
    let sections = record["sections"].as_array().expect("sections");
    let spans = json!([{"kind": "quotation", "start": 3, "end": 6}, {"kind": "list", "start": 5, "end": 6}]);
    assert_eq!(
        (&sections[0]["text"], &sections[0]["blocks"]),
        (&json!("é\nb\nc"), &spans)
    );
    assert!(
        sections
            .iter()
            .skip(1)
            .all(|own| own.get("blocks").is_none())
    );
    let out = env.run(&["outline", "--format", "ndjson", "a.md"]);
    assert!(!out.success().contains("\"blocks\""));
}
