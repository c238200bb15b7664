//! What a line is that the kin of Markdown put into it: a container, a label, an include, a component's tag.

use std::ops::Range;

/// Containers whose line holds nothing to read.
static SILENT: [&str; 8] = [
    "code", "column", "form", "image", "moniker", "row", "video", "zone",
];

/// What is kept of a container's line.
pub(super) fn container_text(line: &str) -> Range<usize> {
    let nothing = line.len()..line.len();
    let colons = line.len() - line.trim_start_matches(':').len();
    let rest = line[colons..].trim_start();
    let start = line.len() - rest.len();
    if rest.len() > 3 && rest.ends_with(":::") {
        return quoted_value(line, "alt-text=\"").unwrap_or(nothing);
    }
    if rest.starts_with('{') {
        let Some(close) = rest.find('}') else {
            return nothing;
        };
        if let Some(title) = quoted_value(&rest[..close], "title=\"") {
            return start + title.start..start + title.end;
        }
        return trimmed_from(line, start + close + 1);
    }
    let name = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
        .count();
    let is_silent = SILENT.contains(&rest[..name].trim_end_matches("-end"));
    if is_silent || rest.contains("=\"") {
        return nothing;
    }
    let title = trimmed_from(line, start + name);
    if line[title.clone()].starts_with('[')
        && let Some(close) = line[title.clone()].find(']')
    {
        return title.start + 1..title.start + close;
    }
    if line[title.clone()].starts_with('{') {
        return nothing;
    }
    title
}

fn trimmed_from(line: &str, from: usize) -> Range<usize> {
    let rest = line[from..].trim_start();
    line.len() - rest.len()..line.len()
}

/// Where the value stands behind `key`, which ends with the opening quotation mark.
fn quoted_value(line: &str, key: &str) -> Option<Range<usize>> {
    let start = line.find(key)? + key.len();
    let len = line[start..].find('"')?;
    Some(start..start + len)
}

/// Where the title stands in `!!! note "Title"` and its like; at the end where there is none.
pub(super) fn label_title(line: &str) -> Option<Range<usize>> {
    let mark = line.get(..3)?;
    let is_tab = mark == "===";
    if !is_tab && !matches!(mark, "!!!" | "???") {
        return None;
    }
    let rest = line[3..].trim_start_matches(['+', '!']);
    if !rest.starts_with(' ') || line.len() < 5 {
        return None;
    }
    let (words, title) = match rest.split_once('"') {
        Some((words, title)) => (words, Some(title.strip_suffix('"')?)),
        None => (rest, None),
    };
    let are_words = words
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b" -_".contains(&b));
    let has_word = !words.trim().is_empty();
    if !are_words || (is_tab == has_word) || (is_tab && title.is_none()) {
        return None;
    }
    let end = line.len() - usize::from(title.is_some());
    Some(end - title.map_or(0, str::len)..end)
}

/// Whether a line stands for a table of contents or for another file.
pub(super) fn is_include(line: &str) -> bool {
    let is_snippet = || {
        let rest = line.trim_start_matches([';', '-']);
        rest.len() < line.len() && rest.starts_with("8<-")
    };
    match line.as_bytes()[0] {
        b'[' => ["[toc]", "[[toc]]", "[[_toc_]]"]
            .iter()
            .any(|toc| toc.eq_ignore_ascii_case(line)),
        b'@' => line.starts_with("@@include") || line.starts_with("@include:"),
        _ => is_snippet(),
    }
}

pub(super) fn is_import(line: &str) -> bool {
    let line = line.trim_end_matches(';');
    let is_named = line.contains(" from '") || line.contains(" from \"");
    let is_bare = line.starts_with("import '") || line.starts_with("import \"");
    (is_named || is_bare) && line.ends_with(['\'', '"'])
}

pub(super) fn is_export(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("export ") else {
        return false;
    };
    let word = rest.split([' ', '{', '(']).next().unwrap_or_default();
    let is_keyword = matches!(
        word,
        "const" | "let" | "var" | "function" | "default" | "async" | "" | "*"
    );
    is_keyword && line.contains(['=', '(', '{', ';', '*'])
}

/// The length of the tag at the front of `bytes`, or how many bytes were read in vain.
pub(super) fn tag_len(bytes: &[u8]) -> Result<usize, usize> {
    let mut depth = 0u32;
    let mut quote = None;
    let mut last = 0;
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        let is_blank_line = byte == b'\n' && last == b'\n';
        match (quote, byte) {
            _ if is_blank_line => return Err(at),
            (Some(open), _) => quote = quote.filter(|_| byte != open),
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'<') if depth == 0 => return Err(at),
            (None, b'>') if depth == 0 && last != b'=' => return Ok(at + 1),
            _ => {}
        }
        if !matches!(byte, b' ' | b'\t' | b'\r') {
            last = byte;
        }
    }
    Err(bytes.len())
}
