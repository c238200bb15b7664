//! What marks a line of Org: headlines, drawers, blocks, items, footnotes.

/// The number of stars of a headline.
pub(super) fn stars(line: &str) -> Option<usize> {
    let stars = line.bytes().take_while(|&b| b == b'*').count();
    (stars > 0 && line[stars..].starts_with([' ', '\t'])).then_some(stars)
}

/// Whether a headline, without keyword and priority, begins a tree that is a comment.
pub(super) fn is_comment_tree(title: &str) -> bool {
    let behind = title.strip_prefix("COMMENT");
    behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// The name and the text of `name text`, which defines a macro.
pub(super) fn macro_definition(value: &str) -> Option<(&str, &str)> {
    let (name, text) = value.split_once([' ', '\t'])?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_name && !text.trim().is_empty()).then(|| (name, text.trim()))
}

/// Whether a line is blank, a comment or a rule.
pub(super) fn is_aside(line: &str) -> bool {
    line.is_empty()
        || line == "#"
        || line.starts_with("# ")
        || (line.len() >= 5 && line.bytes().all(|b| b == b'-'))
}

/// Whether a line is `:NAME:`.
pub(super) fn is_drawer(line: &str) -> bool {
    let inner = line.strip_prefix(':').and_then(|l| l.strip_suffix(':'));
    inner.is_some_and(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    })
}

/// The name and value of `:name: value`.
pub(super) fn property(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
    is_key.then(|| (key, value.trim()))
}

pub(super) fn fixed_width(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
}

/// The name in `begin_name …`; `end` for the last line of a block.
pub(super) fn block_name(keyword: &str) -> Option<&str> {
    let word = keyword.split([' ', '\t']).next()?;
    let (begin, name) = word.split_once('_')?;
    if begin.eq_ignore_ascii_case("begin") {
        Some(name)
    } else {
        begin.eq_ignore_ascii_case("end").then_some("end")
    }
}

pub(super) fn is_block_end(line: &str, name: &str) -> bool {
    line.get(..6)
        .is_some_and(|front| front.eq_ignore_ascii_case("#+end_"))
        && line[6..].trim_end().eq_ignore_ascii_case(name)
}

/// The tags at the end of a headline, as in `:work:home:`; empty where there are none.
pub(super) fn tags(line: &str) -> &str {
    let last = line.rsplit([' ', '\t']).next().unwrap_or_default();
    let is_tags = last.len() > 2
        && last.starts_with(':')
        && last.ends_with(':')
        && last
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '@' | '#' | '%'));
    if is_tags { last } else { "" }
}

/// The length of the marker of a list item, its counter and check box included.
pub(super) fn item_marker(line: &str, is_at_margin: bool) -> Option<usize> {
    let first = *line.as_bytes().first()?;
    let marker = match first {
        b'-' | b'+' => 1,
        b'*' if !is_at_margin => 1,
        b'0'..=b'9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            digits + usize::from(line[digits..].starts_with(['.', ')']))
        }
        _ => return None,
    };
    let rest = &line[marker..];
    let is_marker = rest.starts_with([' ', '\t']) || rest.is_empty();
    if line.as_bytes()[marker - 1].is_ascii_digit() || !is_marker {
        return None;
    }
    let mut text = rest.trim_start();
    if text.starts_with("[@")
        && let Some(end) = text.find(']')
    {
        text = text[end + 1..].trim_start();
    }
    for mark in ["[ ]", "[X]", "[x]", "[-]"] {
        text = text.strip_prefix(mark).map_or(text, str::trim_start);
    }
    Some(line.len() - text.len())
}

/// The length of the term in `term :: text`.
pub(super) fn term_len(text: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), b" :: ")
}

/// The length of `[fn:name] ` at the front of a footnote.
pub(super) fn footnote_marker(line: &str) -> Option<usize> {
    let name = line.strip_prefix("[fn:")?;
    let len = name.find([']', ' ', ':'])?;
    name[len..].starts_with(']').then_some(4 + len + 1)
}
