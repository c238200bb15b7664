//! Markdown to be pasted: each passage as a quotation with what matched in bold, then its citation as a link.

use std::io::{self, Write};

use super::{Style, clean};
use crate::search::{SearchHit, SearchResults, ShownPassage};

/// Prints a quotation a passage; a hit without text is its citation alone.
pub(super) fn print(results: &SearchResults, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for (i, hit) in results.hits.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        for passage in &hit.passages {
            writeln!(out, "> {}\n>", quoted(passage))?;
        }
        writeln!(
            out,
            "{}{}",
            if hit.passages.is_empty() { "" } else { "> " },
            citation(hit)
        )?;
    }
    Ok(())
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

/// The headings as a link to the file, and the place.
fn citation(hit: &SearchHit) -> String {
    let first = hit.passages.first();
    let place = first
        .and_then(|passage| passage.highlights.first())
        .map(|highlight| highlight.start)
        .or(first.map(|passage| passage.start))
        .unwrap_or(hit.start);
    let path = hit.cited_path();
    let names: Vec<String> = hit
        .title
        .iter()
        .chain(&hit.headings)
        .map(|name| escaped(name))
        .collect();
    let name = match names.is_empty() {
        true => escaped(&path),
        false => names.join(" › "),
    };
    let (line, column) = (place.line, place.column);
    // A line of an attached file is none of the source's.
    let anchor = match hit.is_inner {
        true => String::new(),
        false => format!("#L{line}"),
    };
    format!(
        "— [{name}]({}{anchor}), `{}:{line}:{column}`",
        target(&hit.path.to_text()),
        clean(&path).replace('`', "'")
    )
}

/// The path as the target of a link.
fn target(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
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
    use super::{escaped, target};

    #[test]
    fn what_markdown_would_read_is_escaped() {
        assert_eq!(escaped("a *b* [c](d) <e>"), "a \\*b\\* \\[c\\](d) \\<e\\>");
        assert_eq!(target("news/a b(1)é.txt"), "news/a%20b%281%29%C3%A9.txt");
    }
}
