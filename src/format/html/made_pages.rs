//! Small pages of the kinds that lost text: nothing of their articles is left out.

use crate::article::Article;
use crate::format::{FORMATS, LostReason, LostText, ReadOptions, read_str};
use crate::source::Decoded;

/// Enough prose for an article, in paragraphs that begin with `front`.
fn prose(front: &str) -> String {
    let sentence = "went out to the pier at low tide, counted the boats that were left, and wrote the numbers down";
    (1..=4)
        .map(|n| format!("<p>{front} {n} {sentence}, as every morning.</p>"))
        .collect()
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Harbour news</title></head><body>{body}</body></html>"
    )
}

fn read(body: &str) -> Article {
    read_str("html", &page(body))
}

fn lost(body: &str) -> Vec<LostText> {
    let format = FORMATS
        .iter()
        .find(|format| format.name == "html")
        .expect("a format");
    let source = Decoded::from_bytes(page(body).into_bytes()).expect("text");
    format
        .lost(&source, &ReadOptions::default())
        .expect("told for pages")
}

/// All text of an article with its headings.
fn all(article: &Article) -> String {
    let sections = article.sections.iter();
    let texts =
        sections.map(|section| format!("{}\n{}", section.headings.join("\n"), section.text));
    texts.collect::<Vec<_>>().join("\n")
}

/// Asserts that each of `wanted` is in the article of a page, and that nothing of them is told as lost.
#[track_caller]
fn assert_kept(body: &str, wanted: &[&str]) {
    let text = all(&read(body));
    for part in wanted {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
        let is_lost =
            |piece: &LostText| piece.text.contains(part) && piece.reason != LostReason::Duplicate;
        assert!(!lost(body).iter().any(is_lost), "{part:?} is told as lost");
    }
}

#[test]
fn paragraphs_behind_a_paywall_are_kept() {
    let short = "<p>“No,” said Ann.</p>";
    let paywalled = (prose("Ann") + short).replace("<p>", "<p class=paywall>");
    assert_kept(
        &format!(
            "<article><h1>Harbour</h1><p>The lead of it all stands here, before the wall.</p>{paywalled}</article>"
        ),
        &["The lead of it all", "Ann 1", "Ann 4", "said Ann."],
    );
}

#[test]
fn widgets_of_page_builders_are_kept() {
    let widget = |text: &str| {
        format!(
            "<div class='elementor-widget elementor-widget-text-editor'><div class=elementor-widget-container>{text}</div></div>"
        )
    };
    let body: String = ["Ann", "Bo", "Cy"]
        .iter()
        .map(|name| widget(&prose(name)))
        .collect();
    assert_kept(
        &format!("<h1>Harbour</h1>{body}"),
        &["Ann 1", "Bo 2", "Cy 4"],
    );
    let single: String = ["Ann", "Bo", "Cy", "Di", "Ed"]
        .iter()
        .map(|name| widget(&format!("<p>{name} went out to the pier at low tide and counted the boats that were left.</p>")))
        .collect();
    assert_kept(
        &format!("<h1>Harbour</h1>{single}"),
        &["Ann went", "Cy went", "Ed went"],
    );
}

#[test]
fn classes_of_word_processors_and_of_topics_are_no_roles() {
    for name in ["tagStyle_x", "MsoHeader", "print-view", "metaText"] {
        let body = prose("Ann").replace("<p>", &format!("<p class='{name}'>"));
        assert_kept(
            &format!("<h1>Harbour</h1>{body}"),
            &["Ann 1", "Ann 2", "Ann 4"],
        );
    }
    for name in ["promotion-rules", "gallery-body", "block-permalink"] {
        let body = format!("<h1>Harbour</h1><div class='{name}'>{}</div>", prose("Ann"));
        assert_kept(&body, &["Ann 1", "Ann 4"]);
    }
}

#[test]
fn ids_of_headings_and_of_sections_are_topics() {
    let body = format!(
        "<main><h1>Guide</h1><h2 id=follow-the-author>Follow the author</h2>{}<h2 id=cookies>Cookies</h2><p>Short.</p>\
         <section id=navigation-bars><h2>Navigation bars</h2><p>Where they stand.</p></section>\
         <section id=sharing-files><h2>Sharing files</h2><p>How they are shared.</p></section></main>",
        prose("Ann")
    );
    assert_kept(
        &body,
        &[
            "Follow the author",
            "Cookies",
            "Short.",
            "Navigation bars",
            "Where they stand.",
            "How they are shared.",
        ],
    );
    assert!(read(&body).metadata.authors.is_empty());
}

#[test]
fn short_sections_beside_a_long_one_are_kept() {
    let body = format!(
        "<h1>Technique</h1><section id=applicability><h2>When to use</h2><p>Always.</p></section>\
         <section id=examples><h2>Examples</h2>{}{}</section><section id=tests><h2>Tests</h2><ol><li>Look.</ol></section>\
         <section id=related><h2>Related techniques</h2><ul><li><a href=x>Another technique</a></ul></section>",
        prose("Ann"),
        prose("Bo")
    );
    assert_kept(
        &body,
        &[
            "When to use",
            "Always.",
            "Examples",
            "Bo 4",
            "Tests",
            "Look.",
            "Related techniques",
            "Another technique",
        ],
    );
}

#[test]
fn all_releases_of_a_list_of_changes_are_kept() {
    let body = format!(
        "<h1>Changes</h1><div class=release><h2>2.0</h2>{}{}</div><div class=release><h2>1.9</h2><p>Fixes.</p></div>",
        prose("Ann"),
        prose("Bo")
    );
    assert_kept(&body, &["2.0", "1.9", "Fixes."]);
}

#[test]
fn a_body_in_several_parts_is_one_article() {
    let related = prose("Elsewhere").repeat(2);
    let body = format!(
        "<main><header class=article__body><h1>Harbour</h1><p>{}</p></header><div class=article__body>{}</div>\
         <div class=teasers>{related}</div><div class=article__body>{}</div></main>",
        "What stands below the title, in one long line. ".repeat(4),
        prose("Ann"),
        prose("Bo")
    );
    assert_kept(&body, &["Ann 1", "Ann 4", "Bo 1", "Bo 4"]);
}

#[test]
fn a_longer_next_story_is_another_article() {
    let story = |title: &str, text: &str| {
        format!("<article><h1>{title}</h1><div class=article__body>{text}</div></article>")
    };
    let body = story("Harbour news", &prose("Ann")) + &story("Other", &prose("Bo").repeat(5));
    assert_kept(&body, &["Ann 1", "Ann 4"]);
    assert!(!all(&read(&body)).contains("Bo 1"));
}

#[test]
fn the_lead_before_the_other_paragraphs_is_kept() {
    let body = format!(
        "<article><h1>Harbour</h1><div><p>The lead stands alone here, above the text, in a holder of its own.</p></div>\
         <div class=text>{}{}</div></article>",
        prose("Ann"),
        prose("Bo")
    );
    assert_kept(&body, &["The lead stands alone", "Bo 4"]);
}

#[test]
fn hidden_panels_of_tabs_and_accordions_are_kept_but_menus_are_not() {
    let body = format!(
        "<button aria-controls=m aria-expanded=false>Menu</button><div id=m hidden><ul><li><a href=a>Home</a></ul></div>\
         <main><h1>Guide</h1>{}<div role=tablist><button role=tab aria-controls=t1>Linux</button></div>\
         <div id=t1 role=tabpanel hidden><p>On Linux the program is installed from the archive of the distribution.</p></div>\
         <h3><button aria-expanded=false>Where is the pier?</button></h3>\
         <div><p>The pier is behind the customs house, where the old road ends at the water.</p></div>\
         <button aria-expanded=false aria-controls=q2>May I fish there?</button>\
         <div id=q2 hidden><p>Fishing is allowed from the first of May until the end of September.</p></div></main>",
        prose("Ann")
    );
    assert_kept(
        &body,
        &[
            "On Linux the program",
            "Where is the pier?",
            "The pier is behind",
            "May I fish there?",
            "Fishing is allowed",
        ],
    );
    assert!(!all(&read(&body)).contains("Home"));
}

#[test]
fn notes_beside_the_text_and_captions_are_kept() {
    let body = format!(
        "<article><h1>Harbour</h1>{}<aside class=note><p>A note of the article, which stands beside its paragraphs.</p></aside>\
         <figure><img src=x><figcaption>The customs house in May</figcaption></figure>{}</article>\
         <aside><p>Most read: ten piers that you have to see before you are old, and how to get to them all.</p></aside>",
        prose("Ann"),
        prose("Bo")
    );
    assert_kept(
        &body,
        &["A note of the article", "The customs house in May"],
    );
    assert!(!all(&read(&body)).contains("Most read"));
}

#[test]
fn what_only_programs_without_scripts_see_is_read_where_there_is_nothing_else() {
    let body = format!(
        "<div id=root>Loading</div><noscript><h1>Harbour</h1>{}</noscript>",
        prose("Ann")
    );
    assert_kept(&body, &["Ann 1", "Ann 4"]);
    let body = format!(
        "<h1>Harbour</h1>{}<noscript>Please enable it</noscript>",
        prose("Ann")
    );
    assert!(!all(&read(&body)).contains("Please enable it"));
}

#[test]
fn readings_of_characters_are_no_part_of_the_word() {
    let article = read(
        "<h1>港</h1><p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>を<ruby>読<rt>よ</ruby>む</p>",
    );
    assert!(all(&article).contains("漢字を読"), "{}", all(&article));
    assert!(!all(&article).contains("かん"));
}

#[test]
fn sections_of_links_with_a_heading_are_kept() {
    let body = format!(
        "<main><h1>Guide</h1><h2 id=use>Use</h2>{}<h2 id=see-also>See also</h2><ul><li><a href=a>The manual</a>\
         <li><a href=b>The reference</a></ul></main>",
        prose("Ann")
    );
    assert_kept(&body, &["See also", "The manual", "The reference"]);
}

#[test]
fn a_page_of_comments_is_its_comments() {
    let comment = |name: &str| {
        format!(
            "<div class=comment><p>{name} was there, and says that it was not like this at all.</p></div>"
        )
    };
    let comments: String = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida"]
        .iter()
        .map(|name| comment(name))
        .collect();
    assert_kept(
        &format!("<h1>Who was there?</h1>{comments}"),
        &["Ann was there", "Ed was there", "Ida was there"],
    );
    let below = format!("<h1>Harbour</h1>{}{comments}", prose("Zoe").repeat(2));
    assert!(!all(&read(&below)).contains("Ann was there"));
    assert!(
        lost(&below)
            .iter()
            .any(|piece| piece.reason == LostReason::Comments)
    );
}

#[test]
fn what_is_lost_is_told_with_its_reason_and_place() {
    let body = format!(
        "\n<nav><a href=/>Home</a></nav>\n<main><h1>Harbour</h1>{}\n<p>Subscribe to our letter</p></main>\n<p hidden>Unseen</p>\n\
         <footer>Imprint</footer>",
        prose("Ann")
    );
    let pieces: Vec<_> = (lost(&body).iter())
        .map(|piece| (piece.start.line, piece.reason.name(), piece.text.clone()))
        .collect();
    let piece = |line, reason, text: &str| (line, reason, text.to_string());
    assert_eq!(
        pieces,
        [
            piece(2, "chrome", "Home"),
            piece(4, "boilerplate", "Subscribe to our letter"),
            piece(5, "hidden", "Unseen"),
            piece(6, "chrome", "Imprint"),
        ]
    );
}

#[test]
fn verses_in_links_to_their_notes_are_text() {
    let verse = |n: usize| {
        format!(
            "<a href='/song#note-{n}'>Verse {n} of the tide<br>\nand of the boats<br>\nthat it carries out</a><br><br>"
        )
    };
    let song: String = (1..=8).map(verse).collect();
    let body = format!(
        "<h1>The tide</h1><div><div class=lyrics><p>{song}</p></div></div><div><h3>About the song</h3>{}</div>",
        prose("Ann")
    );
    assert_kept(&body, &["Verse 1 of the tide", "Verse 8 of the tide"]);
}

#[test]
fn links_that_a_term_stands_for_are_kept() {
    let facts = "<dl><dt>Topics</dt><dd><a href=/a>Piers and quays</a>, <a href=/b>Boats that are left</a></dd><dt>Pages</dt><dd>636, with a map of the harbour</dd></dl>";
    assert_kept(
        &format!("<h1>Harbour</h1>{facts}{}", prose("Ann")),
        &["Topics", "Piers", "Boats that", "636", "Ann 4"],
    );
}

#[test]
fn teasers_in_links_that_hold_other_links_are_no_article() {
    let teaser = |n: usize| {
        format!(
            "<a href=/{n}><article><div><a href=/home>Home</a><p>Headline number {n} is long enough to be taken for the text of \
             an article, as it tells nearly everything, with a comma and all that comes behind it.</p></div></article></a>"
        )
    };
    let teasers: String = (1..=6).map(teaser).collect();
    let body = format!(
        "<div><h2>Piers</h2><div class=postContent>{}</div><div>{teasers}</div></div>",
        prose("Ann")
    );
    assert_kept(&body, &["Ann 1", "Ann 4"]);
    assert!(!all(&read(&body)).contains("Headline number"));
}
