//! Web pages: the text without scripts and navigation, headings with their ids, and what the head says.
//!
//! Source: the HTML Living Standard, section 13.2.5 (tokenization), as `html5gum` reads it.

use super::html_text::HtmlText;
use super::outline::Outline;
use crate::article::Article;
use crate::source::Decoded;

/// Reads a web page. Its title is the first `<h1>`, else `<title>`. A page in which navigation is never closed is kept
/// whole, so that no text is lost.
pub(super) fn parse(source: &Decoded) -> Article {
    let (article, unclosed) = read(source, true);
    if unclosed {
        read(source, false).0
    } else {
        article
    }
}

fn read(source: &Decoded, skip_chrome: bool) -> (Article, bool) {
    let mut outline = Outline::new(source);
    let (title, unclosed) = HtmlText::read_page(source.text(), &mut outline, skip_chrome);
    let mut article = outline.finish();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if article.metadata.title.is_none() && !title.is_empty() {
        article.metadata.title = Some(title);
    }
    (article, unclosed)
}

#[cfg(test)]
mod tests {
    use super::super::read_str;

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
            (meta.author.as_deref(), meta.url.as_deref()),
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
            for run in section.map.runs().iter().filter(|r| r.identical) {
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
}
