//! Web pages: the article without what stands around it, headings with their ids, and what the page says of itself.
//!
//! A page becomes a flat tree ([`tree`]); what is surely not the article is marked ([`prune`]), the part that holds the
//! article is found ([`content`]), and what is left is written in order ([`emit`]).

mod author_names;
mod byline;
mod content;
mod dateline;
mod element;
mod emit;
mod fate;
mod head_tag;
mod hints;
mod json_ld;
mod left_out;
#[cfg(test)]
mod made_heads;
#[cfg(test)]
mod made_pages;
mod measure;
mod meta;
mod names;
mod node_text;
mod pieces;
mod prune;
mod sections;
mod surroundings;
mod title;
mod topics;
mod tree;
mod tree_builder;
mod trim;
mod view;
mod vocabulary;
pub(super) mod writer;

pub(super) use element::Element;

use super::builder::Outline;
use super::builder::input::Reading;
use super::builder::line_index::LineIndex;
use super::lost::LostText;
use crate::article::Article;
use surroundings::Surroundings;
use tree::Tree;
use view::{BETTER_TIMES, View};

/// With less prose than this, a page shows its text in another way to programs that run no scripts, in characters.
const MIN_PAGE_CHARS: u32 = 200;

/// Reads a web page.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    let text = reading.source.text();
    let Some((tree, view)) = best_view(reading) else {
        return Outline::new(reading).finish();
    };
    let mut outline = Outline::new(reading);
    let page = Surroundings {
        tree: &tree,
        text,
        measures: &view.whole,
        chrome: &view.chrome,
        title: view.title.heading,
        root: view.root,
    };
    outline.metadata = meta::metadata(&page, view.said);
    outline.metadata.title = view.title.text;
    outline.title_from = view.title.from;
    emit::write(text, &tree, &view.fates, &mut outline);
    outline.finish()
}

/// What of a page's text is in no section, and why.
pub(super) fn lost(reading: &Reading<'_>) -> Vec<LostText> {
    let text = reading.source.text();
    let Some((tree, view)) = best_view(reading) else {
        return Vec::new();
    };
    let mut places = LineIndex::new(reading.source);
    left_out::texts(&tree, text, &view, |byte| places.at(byte))
}

/// A page, and what is seen of it; `None` where a limit was reached.
fn best_view(reading: &Reading<'_>) -> Option<(Tree, View)> {
    let text = reading.source.text();
    let tree = Tree::read(reading, false);
    if reading.must_stop() {
        return None;
    }
    let view = View::of(&tree, text);
    if view.prose >= MIN_PAGE_CHARS || tree.fallbacks.is_empty() {
        return Some((tree, view));
    }
    let other = Tree::read(reading, true);
    if reading.must_stop() {
        return None;
    }
    let full = View::of(&other, text);
    match full.prose > view.prose.saturating_mul(BETTER_TIMES) {
        true => Some((other, full)),
        false => Some((tree, view)),
    }
}

#[cfg(test)]
mod tests {
    use crate::article::TitleFrom;
    use crate::format::read_str;

    #[test]
    fn a_page_gives_its_text_headings_and_metadata() {
        let article = read_str(
            "html",
            "<!doctype html><html lang=EN><head><title>Site &amp; Co</title><meta name=author content='Ann B'>\
             <meta property='article:published_time' content='2023-11-01T10:00Z'><link rel=canonical href='https://x.y/z'>\
             <style>p{}</style></head><body><nav>Home <nav>x</nav> About</nav><h1>The <i>Title</i></h1><p>One <b>Minsk</b>\n\
             <a href=x>agree&shy;ments</a>&nbsp;two &lt;x&gt; &copy 5 &amp;amp; AT&T<p>three<br>four\
             <h2 id=sec>Sec</h2><table><tr><td>a<td>b</tr><tr><td>c</td></tr></table><script>no()</script><ul><li>i<li>j</ul>\
             <pre>k\n  l</pre><footer>bye</footer></body></html>",
        );
        let meta = &article.metadata;
        assert_eq!(meta.title.as_deref(), Some("The Title"));
        assert_eq!(
            (meta.lang.as_deref(), meta.date.as_deref()),
            (Some("en"), Some("2023-11-01"))
        );
        assert_eq!(
            (meta.author().as_deref(), meta.url.as_deref()),
            (Some("Ann B"), Some("https://x.y/z"))
        );
        assert_eq!(
            article.sections[0].text,
            "One Minsk agreements two <x> © 5 &amp; AT&T\nthree\x0bfour"
        );
        assert_eq!(
            (
                article.sections[1].anchor.as_str(),
                article.sections[1].headings.join("")
            ),
            ("sec", "Sec".into())
        );
        assert_eq!(article.sections[1].text, "a\tb\nc\ni\nj\nk\x0bl");
    }

    #[test]
    fn a_page_without_headings_has_the_title_of_its_head() {
        let article = read_str("html", "<title>T</title><p>x");
        assert_eq!(article.metadata.title.as_deref(), Some("T"));
    }

    #[test]
    fn unclosed_navigation_loses_no_text() {
        let article = read_str("html", "<nav>Home<p>The whole article");
        assert_eq!(article.sections[0].text, "Home\nThe whole article");
    }

    #[test]
    fn runs_read_as_their_source() {
        let html = "<p>é a\u{301} &eacute; x&#x41;y <b>bold &amp; b</b>  <!-- c --> tail\n text</p><h2>H &amp; I</h2>z";
        let article = read_str("html", html);
        for section in &article.sections {
            for run in section
                .map
                .runs()
                .iter()
                .filter(|r| r.reads == crate::article::Reads::Same)
            {
                let source = &html.as_bytes()[run.start.byte as usize..][..run.source_len as usize];
                assert_eq!(
                    source,
                    &section.text.as_bytes()[run.text as usize..][..run.text_len as usize]
                );
            }
        }
        assert_eq!(
            article.sections[0].text,
            "é a\u{301} é xAy bold & b tail text"
        );
    }

    const ARTICLE: &str = r#"<!doctype html><html lang="en-GB"><head><title>Harbour talks resume | The Daily Tide</title>
<meta property="og:title" content="Harbour talks resume"><meta property="og:site_name" content="The Daily Tide">
<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"The Daily Tide"},{"@type":"NewsArticle",
"headline":"Harbour talks resume","datePublished":"2023-11-01T10:00:00Z","author":[{"@type":"Person","name":"By Ann Berg"}]}]}</script>
</head><body class="single tag-advertising">
<div class="cookie-banner"><p>We use cookies, and so do our 431 partners, to store and read what you do on this device.</p></div>
<header class="masthead"><h1>The Daily Tide</h1><nav><ul><li><a href="/">Home</a><li><a href="/news">News</a></ul></nav></header>
<div class="wrapper"><main><article class="post tag-share">
<h1>Harbour talks resume</h1><p class="byline">By <a rel="author" href="/ann">Ann Berg</a></p>
<div class="share-bar"><a href="x">Share on Chirper</a></div>
<div class="entry-content">
<p>The talks about the harbour resumed on Monday, after a pause of three weeks, in the old customs house.</p>
<figure><img src=x><figcaption>The customs house. Photo: Agency</figcaption></figure>
<p>Related: <a href="/old">Talks break down after a night of storms</a></p>
<h2 id="terms">The terms</h2>
<p>Both sides want the quay to be shared, and the <span class="hl">tolls</span> to be halved, within a year of signing.</p>
<div class="related-links"><h3>More on this</h3><ul><li><a href="a">Who owns the quay</a></li></ul></div>
<ul><li>The quay is shared from spring</li><li>The tolls are halved in autumn</li></ul>
<table><tr><th>Ship</th><th>Toll</th></tr><tr><td>Ferry</td><td>12</td></tr></table>
<pre><code>toll = 12
  / 2</code></pre>
<blockquote>Nobody leaves this room before the tide turns.</blockquote>
</div>
<div class="author-bio"><p>Ann Berg writes about ports and has done so for many years, mostly from the pier.</p></div>
<p>Sign up for our newsletter</p>
</article>
<div id="comments"><h2>Comments</h2><p>I was there, and it was not like this at all, whatever the paper says, believe me or not.</p></div>
</main><aside><p>Most read: ten piers that you have to see before you are old, and how to get to them all.</p></aside></div>
<footer>All rights reserved</footer></body></html>"#;

    #[test]
    fn an_article_is_read_without_what_stands_around_it() {
        let article = read_str("html", ARTICLE);
        let meta = &article.metadata;
        assert_eq!(meta.title.as_deref(), Some("Harbour talks resume"));
        assert_eq!(meta.date.as_deref(), Some("2023-11-01"));
        assert_eq!(meta.authors, ["Ann Berg"]);
        assert_eq!(meta.lang.as_deref(), Some("en-gb"));
        let texts: Vec<_> = article.sections.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "The talks about the harbour resumed on Monday, after a pause of three weeks, in the old customs house.\n\
                 The customs house. Photo: Agency",
                "Both sides want the quay to be shared, and the tolls to be halved, within a year of signing.\n\
                 The quay is shared from spring\nThe tolls are halved in autumn\nShip\tToll\nFerry\t12\ntoll = 12\x0b/ 2\n\
                 Nobody leaves this room before the tide turns."
            ]
        );
        assert_eq!(article.sections[1].anchor, "terms");
    }

    #[test]
    fn the_title_of_a_page_says_where_it_is_from() {
        for (html, title, from) in [
            (
                "<title>Harbour talks</title><p>Text.",
                "Harbour talks",
                TitleFrom::Metadata,
            ),
            (
                "<title>Harbour talks - Post</title><h1>Harbour talks</h1><p>Text.",
                "Harbour talks",
                TitleFrom::Heading,
            ),
            (
                "<h1>Harbour talks</h1><p>Text.",
                "Harbour talks",
                TitleFrom::Heading,
            ),
            (
                "<title>Talks</title><meta property='og:title' content='Harbour talks'><h1>Weather</h1><p>Text.",
                "Harbour talks",
                TitleFrom::Metadata,
            ),
            ("<h2>Quay</h2><p>Text.", "Quay", TitleFrom::Heading),
        ] {
            let article = read_str("html", html);
            assert_eq!(article.metadata.title.as_deref(), Some(title), "{html}");
            assert_eq!(article.title_from, from, "{html}");
        }
    }

    #[test]
    fn a_page_of_documentation_keeps_its_headings_anchors_and_links() {
        let article = read_str(
            "html",
            "<title>Options — Tool 1.0</title><body><div class=sidebar><ul><li><a href=a>Start</a><li><a href=b>Options</a></ul></div>\
             <div role=main><section id=options><h1>Options<a class=headerlink href='#options'>¶</a></h1><p>Short.</p>\
             <section id=verbose><h2>--verbose<a class=headerlink href='#verbose'>¶</a></h2><p>Says more of what it does.</p>\
             <pre>tool --verbose</pre></section><h2><a name=quiet></a>--quiet</h2><dl><dt>-q</dt><dd>says nothing</dd></dl>\
             <h2>See</h2><ul><li><a href=c>The manual of the tool</a></li></ul></section></div></body>",
        );
        assert_eq!(article.metadata.title.as_deref(), Some("Options"));
        let seen: Vec<_> = article
            .sections
            .iter()
            .map(|s| (s.anchor.as_str(), s.text.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("top", "Short."),
                ("verbose", "Says more of what it does.\ntool --verbose"),
                ("quiet", "-q\nsays nothing"),
                ("see", "The manual of the tool"),
            ]
        );
    }

    #[test]
    fn a_list_page_is_kept_whole_but_for_its_chrome() {
        let mut page =
            String::from("<title>News</title><nav><a href=/>Home</a></nav><main><h1>News</h1>");
        for n in 0..6 {
            page.push_str(&format!(
                "<article><h2><a href=/{n}>Headline number {n}</a></h2><p>What happened on day {n} in the harbour, in some \
                 words that make a teaser as long as they usually are, with a comma.</p></article>"
            ));
        }
        page.push_str("</main><footer>Imprint</footer>");
        let article = read_str("html", &page);
        assert_eq!(article.sections.len(), 6);
        assert_eq!(article.sections[5].headings, ["Headline number 5"]);
        assert!(
            article.sections[5]
                .text
                .starts_with("What happened on day 5")
        );
    }

    #[test]
    fn headings_without_text_stay() {
        let article = read_str("html", "<h1>T</h1><h2>A</h2><h2>B</h2>");
        assert_eq!(article.sections.len(), 2);
    }

    #[test]
    fn bombs_take_linear_time_and_lose_no_text() {
        let many = |part: &str| part.repeat(20_000);
        for html in [
            many("<font id=i><p>"),
            many("<div>"),
            many("<ul><li>"),
            many("<table><tr><td>"),
            many("<nav>"),
            many("<svg>"),
            many("<a href=x>"),
            many("<p><span>") + &many("</p>"),
            many("<section><div>") + &many("</section>"),
            many("<h2>x</h2>"),
            many("<h1>x<span>"),
            many("<div class=author>"),
            many("<i class=author><b>x "),
            many("<div id=x class=note>") + "<h2>x</h2>",
            many("<section><h2>x</h2><p>y</p>"),
            many("<aside><button aria-controls=x>y"),
            many("<noscript><p>x</noscript>"),
            many("<p><time>5 May 2014</time> by Ann"),
            format!("<title>{}</title><h1>x</h1>", many("x - y | ")),
            format!("<div class='{}'>", many("share-")),
            format!("<p {}>", many("a=b c ")),
            format!("<p>{}", many("&amp")),
        ] {
            let article = read_str("html", &(html.clone() + "the text"));
            let last = article.sections.last().expect("a section");
            let all = format!("{} {}", last.headings.join(" "), last.text);
            let front = &html[..html.len().min(20)];
            assert!(
                all.ends_with("the text") || all.contains("the text"),
                "{front}"
            );
        }
    }
}
