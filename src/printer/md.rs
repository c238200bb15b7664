//! Markdown to be pasted: each passage as a quotation with what matched in bold, then its citation as a link.

use std::io::{self, Write};

use super::hyperlinks::url_path;
use super::names::names_of;
use super::{Each, Style, clean};
use crate::search::{SearchHit, SearchResults, ShownPassage};

/// How many words of a page a link to a passage names: enough to tell it from others.
const FRAGMENT_WORDS: usize = 6;

/// Prints a quotation a passage, what is left out between two as `…`, and a citation a hit, or a mention; a hit without
/// text is its citation alone.
pub(super) fn print(results: &SearchResults, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(id) = &results.query_id {
        writeln!(out, "## {}: {}\n", escaped(id), escaped(&results.query))?;
        if results.hits.is_empty() {
            writeln!(out, "No hits.")?;
        }
    }
    let mut is_first = true;
    for hit in &results.hits {
        let alone = hit.passages.chunks(1);
        let together = hit.passages.chunks(hit.passages.len().max(1));
        let quotations: Vec<&[ShownPassage]> = match (style.each, hit.passages.is_empty()) {
            (Each::Mention, _) => alone.collect(),
            (Each::Hit, true) => vec![&[]],
            (Each::Hit, false) => together.collect(),
        };
        for passages in quotations {
            if !is_first {
                writeln!(out)?;
            }
            is_first = false;
            print_quotation(results, hit, passages, style, out)?;
        }
    }
    Ok(())
}

fn print_quotation(
    results: &SearchResults,
    hit: &SearchHit,
    passages: &[ShownPassage],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut before: Option<&ShownPassage> = None;
    for passage in passages {
        if before.is_some_and(|before| !before.cuts_end && !passage.cuts_start) {
            writeln!(out, "> …\n>")?;
        }
        writeln!(out, "> {}\n>", quoted(passage))?;
        before = Some(passage);
    }
    let lead = if passages.is_empty() { "" } else { "> " };
    writeln!(out, "{lead}{}", citation(results, hit, passages, style))
}

fn quoted(passage: &ShownPassage) -> String {
    let mut out = String::new();
    let mut from = 0;
    let mark = |cut: bool| if cut { "…" } else { "" };
    out.push_str(mark(passage.cuts_start));
    for highlight in &passage.highlights {
        out.push_str(&escaped(&passage.text[from..highlight.in_text.start]));
        out.push_str(&format!(
            "**{}**",
            escaped(&passage.text[highlight.in_text.clone()])
        ));
        from = highlight.in_text.end;
    }
    out.push_str(&escaped(&passage.text[from..]));
    out.push_str(mark(passage.cuts_end));
    out
}

/// The headings as a link to the page, or to the file; author and date; and the place.
fn citation(
    results: &SearchResults,
    hit: &SearchHit,
    passages: &[ShownPassage],
    style: &Style,
) -> String {
    let first = passages.first();
    let place = first.map_or(hit.start, ShownPassage::place);
    let path = style.cited(results, hit);
    let names = names_of(hit.title.as_deref(), &hit.headings);
    let name = match names.is_empty() {
        true => escaped(&path),
        false => escaped(&names.join(" › ")),
    };
    let target = match hit.url.as_deref().and_then(address) {
        Some(url) => Some(format!(
            "{url}{}",
            first.map_or(String::new(), text_fragment)
        )),
        None => file_target(results, hit, style, place.line),
    };
    let mut out = match target {
        Some(target) => format!("— [{name}]({target})"),
        None => format!("— {name}"),
    };
    let date = hit.date.map(|date| date.to_string());
    for fact in [hit.author.as_ref(), date.as_ref()].into_iter().flatten() {
        out.push_str(&format!(", {}", escaped(fact)));
    }
    let place = format!("{path}:{}:{}", place.line, place.column);
    out.push_str(&format!(", {}", code_span(&clean(&place))));
    out
}

/// The text as code that Markdown shows as it stands, white space at its ends and line ends aside.
///
/// Source: CommonMark 0.31, section 6.1: a longer string of backticks than any inside encloses it, and a space at each
/// end is left out.
fn code_span(text: &str) -> String {
    let others = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(others.max().unwrap_or(0) + 1);
    let is_guarded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let space = if is_guarded { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The file and its line as the target of a link; `None` where there is no file.
fn file_target(
    results: &SearchResults,
    hit: &SearchHit,
    style: &Style,
    line: u32,
) -> Option<String> {
    let path = style.seen(&hit.path, &results.summary.base);
    let path = url_path(path.as_bytes());
    // A line of an attached file is none of the source's.
    hit.is_file.then(|| match hit.is_inner {
        true => path,
        false => format!("{path}#L{line}"),
    })
}

/// An address of the web as the target of a link, without a fragment; `None` where it is none that may be followed.
fn address(url: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default().trim();
    let is_web = ["http://", "https://"].iter().any(|scheme| {
        let start = url.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'!'..=b'~' if !b"()<>[]\\\"`{}|^*_".contains(&byte) => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    is_web.then_some(out)
}

/// The fragment of a URL that leads to a passage: its first words as they stand on the page.
///
/// Source: WICG, "URL Fragment Text Directives", section 3.
fn text_fragment(passage: &ShownPassage) -> String {
    let first = passage.highlights.first();
    let start = first.map_or(0, |highlight| highlight.in_text.start);
    let behind = passage.text.get(start..).unwrap_or_default();
    let mut words: Vec<&str> = behind.split(' ').take(FRAGMENT_WORDS).collect();
    // What stands behind the end of a sentence may be another paragraph, which no fragment reaches.
    let end = words
        .iter()
        .position(|word| word.ends_with(['.', '!', '?', ':']));
    words.truncate(end.map_or(words.len(), |end| end + 1));
    // A dash and a comma mean something there.
    let text = url_path(words.join(" ").as_bytes()).replace('-', "%2D");
    format!("#:~:text={text}")
}

/// The text so that Markdown shows it as it stands.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{address, code_span, escaped};

    #[test]
    fn what_markdown_would_read_is_escaped() {
        assert_eq!(escaped("a *b* [c](d) <e>"), "a \\*b\\* \\[c\\](d) \\<e\\>");
    }

    #[test]
    fn code_is_enclosed_in_more_backticks_than_it_holds() {
        for (text, span) in [
            ("a.md:1:2", "`a.md:1:2`"),
            ("a`b.md:1:2", "``a`b.md:1:2``"),
            ("a``b`.md:1:2", "```a``b`.md:1:2```"),
            ("`a`", "`` `a` ``"),
            (" a", "`  a `"),
        ] {
            assert_eq!(code_span(text), span);
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_linked_and_nothing_in_them_ends_the_link() {
        assert_eq!(
            address("https://x.org/a_b?q=1&r=(2)#top").as_deref(),
            Some("https://x.org/a%5Fb?q=1&r=%282%29")
        );
        assert_eq!(
            address("HTTP://x.org/é \u{1b}>").as_deref(),
            Some("HTTP://x.org/%C3%A9%20%1B%3E")
        );
        for url in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "//x.org",
            "",
        ] {
            assert_eq!(address(url), None, "{url}");
        }
    }
}
