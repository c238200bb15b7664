//! The inline markup of Org.
//!
//! Source: Org Syntax, "Objects" (orgmode.org/worg/org-syntax.html).

use crate::format::builder::inline::{Ahead, Markup, MarkupCut, inline_text};
use crate::format::replacements::Replacements;

/// Longer links are text, in bytes.
const MAX_LINK: usize = 4000;

/// Macros that read as more are left out, in bytes.
const MAX_EXPANDED: usize = 4000;

/// Purposes of looking ahead.
mod slot {
    pub(super) const EMPHASIS: usize = 0;
    pub(super) const LINK_END: usize = 16;
    pub(super) const LINK_TEXT: usize = 17;
    pub(super) const FOOTNOTE: usize = 18;
    pub(super) const TIMESTAMP: usize = 19;
    pub(super) const TARGET: usize = 20;
    pub(super) const MACRO: usize = 21;
}

/// Takes Org's inline markup out, and puts macros in.
pub(super) struct OrgInline<'r>(pub(super) &'r Replacements);

impl Markup for OrgInline<'_> {
    fn begins(byte: u8) -> bool {
        matches!(
            byte,
            b'*' | b'/' | b'_' | b'=' | b'~' | b'+' | b'[' | b'<' | b'{' | b'\\'
        )
    }

    fn cut(&self, ahead: &mut Ahead<'_>, _from: usize, at: usize) -> Option<MarkupCut> {
        match ahead.byte(at) {
            b'*' => emphasis(ahead, at, b'*', 0),
            b'/' => emphasis(ahead, at, b'/', 1),
            b'_' => emphasis(ahead, at, b'_', 2),
            b'=' => emphasis(ahead, at, b'=', 3),
            b'~' => emphasis(ahead, at, b'~', 4),
            b'+' => emphasis(ahead, at, b'+', 5),
            b'[' => link(ahead, at).or_else(|| cookie(ahead, at)),
            b'<' => target(ahead, at).or_else(|| timestamp(ahead, at)),
            b'{' => macro_call(ahead, self.0, at),
            _ => {
                let ends_line =
                    ahead.byte(at + 1) == b'\\' && matches!(ahead.byte(at + 2), b'\n' | b'\r');
                ends_line.then(|| MarkupCut::whole(at, at + 2))
            }
        }
    }
}

/// Text between two of one mark, which stand at the edges of words.
fn emphasis(ahead: &mut Ahead<'_>, at: usize, mark: u8, kind: usize) -> Option<MarkupCut> {
    let is_edge = |b: u8| b.is_ascii_whitespace() || b"-({'\"*/_+|".contains(&b);
    if !is_edge(ahead.before(at)) || ahead.byte(at + 1).is_ascii_whitespace() {
        return None;
    }
    let end = ahead.find_where(slot::EMPHASIS + kind, at + 2, mark, |a, p| {
        let after = a.byte(p + 1);
        !a.before(p).is_ascii_whitespace()
            && (after.is_ascii_whitespace() || b"-.,:!?;'\")}[]\\*/_+|".contains(&after))
    })?;
    Some(if matches!(mark, b'=' | b'~') {
        MarkupCut::verbatim(at, at + 1..end, end + 1)
    } else {
        MarkupCut::marked(at, at + 1..end, end + 1)
    })
}

/// `[[address][text]]`, `[[address]]`, `[fn:name]`, `[fn:name:text]`.
fn link(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if ahead.starts_with(at, "[fn:") {
        let end = ahead.find(slot::FOOTNOTE, at, "]")?;
        let inner = at + 4..end;
        if inner.len() > 1000 {
            return None;
        }
        let text = ahead.text[inner.clone()].find(':');
        let start = text.map_or(end, |colon| inner.start + colon + 1);
        return Some(MarkupCut::note(at, start..end, end + 1));
    }
    if ahead.byte(at + 1) != b'[' {
        return None;
    }
    let end = ahead.find(slot::LINK_END, at + 2, "]]")?;
    if end - at > MAX_LINK {
        return None;
    }
    let text = ahead.find(slot::LINK_TEXT, at + 2, "][");
    let address = at + 2..text.unwrap_or(end).min(end);
    Some(match text.filter(|&text| text < end) {
        Some(text) => MarkupCut::marked(at, text + 2..end, end + 2),
        None if is_image(&ahead.text[address.clone()]) => MarkupCut::whole(at, end + 2),
        None => MarkupCut::verbatim(at, address, end + 2),
    })
}

fn is_image(address: &str) -> bool {
    let ending = address.rsplit('.').next().unwrap_or_default();
    ["png", "jpg", "jpeg", "gif", "svg", "webp"].contains(&ending)
}

/// A count of what is done, as in `[1/3]` or `[33%]`; an inactive timestamp loses its brackets.
fn cookie(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    const MAX_LEN: usize = 12;
    let len = (1..MAX_LEN).find(|&i| !matches!(ahead.byte(at + i), b'0'..=b'9' | b'/' | b'%'))?;
    let inner = &ahead.text[at + 1..at + len];
    let is_cookie = ahead.byte(at + len) == b']' && inner.contains(['/', '%']);
    if is_cookie {
        return Some(MarkupCut::whole(at, at + len + 1));
    }
    date_in(ahead, at, "]")
}

fn timestamp(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    date_in(ahead, at, ">")
}

/// A date in brackets: the brackets are left out.
fn date_in(ahead: &mut Ahead<'_>, at: usize, close: &str) -> Option<MarkupCut> {
    let digits = (1..5).all(|i| ahead.byte(at + i).is_ascii_digit());
    if !digits || ahead.byte(at + 5) != b'-' {
        return None;
    }
    let kind = usize::from(close == "]");
    let end = ahead.find(slot::TIMESTAMP + 10 * kind, at, close)?;
    (end - at < 60).then(|| MarkupCut::verbatim(at, at + 1..end, end + 1))
}

/// `<<target>>` is left out, of `<<<word>>>` the word stays.
fn target(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if !ahead.starts_with(at, "<<") || ahead.before(at) == b'<' {
        return None;
    }
    let end = ahead.find(slot::TARGET, at + 2, ">>")?;
    if end - at > 200 {
        return None;
    }
    if ahead.byte(at + 2) == b'<' && ahead.byte(end + 2) == b'>' {
        return Some(MarkupCut::marked(at, at + 3..end, end + 3));
    }
    Some(MarkupCut::whole(at, end + 2))
}

/// `{{{name(arguments)}}}`: what the article defines for it; else it is left out.
fn macro_call(ahead: &mut Ahead<'_>, macros: &Replacements, at: usize) -> Option<MarkupCut> {
    if !ahead.starts_with(at, "{{{") {
        return None;
    }
    let end = ahead.find(slot::MACRO, at, "}}}")?;
    if end - at >= 200 {
        return None;
    }
    let call = ahead.text.get(at + 3..end).unwrap_or_default();
    Some(match expanded(macros, call) {
        Some(text) => MarkupCut::reads(at..end + 3, &text),
        None => MarkupCut::whole(at, end + 3),
    })
}

/// What a call of a macro reads as. Its text may hold markup, but no other macro.
fn expanded(macros: &Replacements, call: &str) -> Option<String> {
    let (name, arguments) = call.split_once('(').unwrap_or((call, ""));
    let arguments = arguments.strip_suffix(')').unwrap_or(arguments);
    // Paid for before it is filled in, so that a call costs nothing once too much was put in.
    let template = macros.put(macros.of(&name.trim().to_lowercase())?)?;
    // A comma that belongs to an argument has a backslash before it.
    let escaped = arguments.replace("\\,", "\0");
    let arguments: Vec<&str> = escaped.split(',').map(str::trim).collect();
    let mut text = String::new();
    let mut rest = template;
    while let Some((front, behind)) = rest.split_once('$') {
        text.push_str(front);
        let number = behind.chars().next().and_then(|c| c.to_digit(10));
        match number.and_then(|n| (n as usize).checked_sub(1)) {
            Some(n) => {
                text.push_str(&arguments.get(n).unwrap_or(&"").replace('\0', ","));
                rest = behind.get(1..).unwrap_or_default();
                if text.len() > MAX_EXPANDED {
                    return None;
                }
            }
            None => {
                text.push('$');
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    let text = macros.put(text)?;
    let none = Replacements::default();
    Some(inline_text(&OrgInline(&none), &text, 0..text.len()))
}
