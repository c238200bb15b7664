//! The inline markup of AsciiDoc.
//!
//! Source: the AsciiDoc language documentation, "Text formatting", "Macros" and "Document attributes".

use crate::analysis::takes_note;
use crate::format::builder::inline::{Ahead, Markup, MarkupCut};
use crate::format::replacements::Replacements;

/// What the named attributes of the language stand for.
static CHARACTERS: [(&str, &str); 23] = [
    ("amp", "&"),
    ("apos", "'"),
    ("asterisk", "*"),
    ("backslash", "\\"),
    ("backtick", "`"),
    ("blank", ""),
    ("caret", "^"),
    ("cpp", "C++"),
    ("empty", ""),
    ("endsb", "]"),
    ("gt", ">"),
    ("litdd", "--"),
    ("lt", "<"),
    ("nbsp", " "),
    ("plus", "+"),
    ("pp", "++"),
    ("quot", "\""),
    ("sp", " "),
    ("startsb", "["),
    ("tilde", "~"),
    ("vbar", "|"),
    ("two-colons", "::"),
    ("two-semicolons", ";;"),
];

/// Purposes of looking ahead.
mod slot {
    pub(super) const CONSTRAINED: usize = 0;
    pub(super) const DOUBLED: usize = 8;
    pub(super) const MACRO_SPACE: usize = 16;
    pub(super) const MACRO_OPEN: usize = 17;
    pub(super) const MACRO_CLOSE: usize = 18;
    pub(super) const REFERENCE: usize = 19;
    pub(super) const TERM: usize = 20;
    pub(super) const ANCHOR: usize = 21;
    pub(super) const RAISED: usize = 22;
    pub(super) const LOWERED: usize = 23;
    pub(super) const SHIFT_SPACE: usize = 24;
}

/// Takes AsciiDoc's inline markup out.
#[derive(Debug, Default)]
pub(super) struct AsciiDocInline {
    /// The attributes that the article sets.
    attributes: Replacements,
}

impl AsciiDocInline {
    /// Lets `{name}` stand for `value` from here on.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let value = self.expanded(value);
        self.attributes.redefine(name.to_string(), value);
    }

    /// A value with those of the names in it.
    fn expanded(&self, value: &str) -> String {
        let mut out = String::new();
        let mut rest = value;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let named = behind.split_once('}');
            let known = named.and_then(|(name, _)| self.attributes.of(name));
            match named.zip(known.and_then(|known| self.attributes.put(known))) {
                Some(((_, behind), known)) => {
                    out.push_str(known);
                    rest = behind;
                }
                None => {
                    out.push('{');
                    rest = behind;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn attribute(&self, ahead: &Ahead<'_>, at: usize) -> Option<MarkupCut> {
        const MAX_LEN: usize = 40;
        let len = (1..MAX_LEN).find(|&i| {
            let byte = ahead.byte(at + i);
            !(byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })?;
        if ahead.byte(at + len) != b'}' {
            return None;
        }
        let name = &ahead.text[at + 1..at + len];
        let known = CHARACTERS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value);
        let value = known.or_else(|| self.attributes.of(name))?;
        let value = self.attributes.put(value)?;
        Some(MarkupCut::reads(at..at + len + 1, value))
    }
}

impl Markup for AsciiDocInline {
    fn begins(byte: u8) -> bool {
        matches!(
            byte,
            b'*' | b'_'
                | b'`'
                | b'+'
                | b'#'
                | b'['
                | b'<'
                | b'('
                | b'{'
                | b':'
                | b'\\'
                | b'^'
                | b'~'
        )
    }

    fn cut(&self, ahead: &mut Ahead<'_>, from: usize, at: usize) -> Option<MarkupCut> {
        match ahead.byte(at) {
            b'*' => quoted(ahead, at, b'*', 0),
            b'_' => quoted(ahead, at, b'_', 1),
            b'`' => quoted(ahead, at, b'`', 2),
            b'#' => quoted(ahead, at, b'#', 3),
            b'+' => hard_break(ahead, at).or_else(|| quoted(ahead, at, b'+', 4)),
            b'^' => raised(ahead, at),
            b'~' => shifted(ahead, at, slot::LOWERED),
            b'[' => anchor(ahead, at),
            b'<' => reference(ahead, at),
            b'(' => index_term(ahead, at),
            b'{' => self.attribute(ahead, at),
            b':' => inline_macro(ahead, from, at),
            _ => {
                let next = ahead.byte(at + 1);
                let is_escape = next != b'\\' && next != b':' && Self::begins(next);
                is_escape.then(|| MarkupCut::verbatim(at, at + 1..at + 2, at + 2))
            }
        }
    }
}

/// Text between two of one mark, or two of it doubled.
fn quoted(ahead: &mut Ahead<'_>, at: usize, mark: u8, kind: usize) -> Option<MarkupCut> {
    let is_code = mark == b'+';
    let cut = |inner: std::ops::Range<usize>, end: usize| {
        if is_code {
            MarkupCut::verbatim(at, inner, end)
        } else {
            MarkupCut::marked(at, inner, end)
        }
    };
    if ahead.byte(at + 1) == mark {
        let start = at + 2;
        let end = ahead.find_where(slot::DOUBLED + kind, start, mark, |a, p| {
            a.byte(p + 1) == mark
        })?;
        return (end > start).then(|| cut(start..end, end + 2));
    }
    let opens = !ahead.is_word_before(at)
        && ahead.before(at) != mark
        && !ahead.byte(at + 1).is_ascii_whitespace();
    if !opens {
        return None;
    }
    let end = ahead.find_where(slot::CONSTRAINED + kind, at + 2, mark, |a, p| {
        !a.before(p).is_ascii_whitespace() && !a.is_word_at(p + 1) && a.byte(p + 1) != mark
    })?;
    Some(cut(at + 1..end, end + 1))
}

/// How far before a raised number its word is looked for, in bytes.
const NOTE_BYTES: usize = 128;

/// `x^2^`; a number that is the mark of a note to the word before it is no text, as in HTML.
fn raised(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    let cut = shifted(ahead, at, slot::RAISED)?;
    let end = cut.end();
    let mark = ahead.text.get(at + 1..end - 1)?;
    let number = mark.trim_matches(['[', ']', '(', ')']);
    let is_number = !number.is_empty()
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b',');
    let is_sign = mark
        .chars()
        .all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶'));
    let is_note = is_sign
        || is_number && (mark.starts_with('[') || takes_note(ahead.front(at, NOTE_BYTES), number));
    Some(if is_note {
        MarkupCut::whole(at, end)
    } else {
        cut
    })
}

/// Text above or below the line, between two of a mark and without white space.
fn shifted(ahead: &mut Ahead<'_>, at: usize, slot: usize) -> Option<MarkupCut> {
    let mark = ahead.byte(at);
    let space = ahead.white_space(slot::SHIFT_SPACE, at);
    let end = ahead.find_where(slot, at + 1, mark, |_, _| true)?;
    (end > at + 1 && end < space).then(|| MarkupCut::marked(at, at + 1..end, end + 1))
}

fn hard_break(ahead: &Ahead<'_>, at: usize) -> Option<MarkupCut> {
    let ends_line = matches!(ahead.byte(at + 1), b'\n' | b'\r') && ahead.before(at) == b' ';
    ends_line.then(|| MarkupCut::whole(at, at + 1))
}

/// `[[id]]`, and the role in `[.role]#text#`.
fn anchor(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    match ahead.byte(at + 1) {
        b'[' => {
            let end = ahead.find(slot::ANCHOR, at + 2, "]]")?;
            let id = &ahead.text[at + 2..end];
            let is_id = id.len() <= 200 && !id.contains(['\n', '[', '"', '$']);
            is_id.then(|| MarkupCut::whole(at, end + 2))
        }
        b'.' | b'#' => {
            let len = (2..40).find(|&i| ahead.byte(at + i) == b']')?;
            let is_role = matches!(
                ahead.byte(at + len + 1),
                b'#' | b'*' | b'_' | b'`' | b'^' | b'~'
            );
            is_role.then(|| MarkupCut::whole(at, at + len + 1))
        }
        _ => None,
    }
}

/// `<<id,text>>`.
fn reference(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if ahead.byte(at + 1) != b'<' {
        return None;
    }
    let end = ahead.find(slot::REFERENCE, at + 2, ">>")?;
    let inner = &ahead.text[at + 2..end];
    let id = inner.split(',').next().unwrap_or_default();
    if inner.len() > 1000 || id.is_empty() || id.contains('<') {
        return None;
    }
    let start = inner.find(',').map_or(at + 2, |comma| at + 3 + comma);
    Some(MarkupCut::marked(at, start..end, end + 2))
}

/// `((shown))` and `(((hidden)))`.
fn index_term(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if ahead.byte(at + 1) != b'(' || ahead.before(at) == b'$' || ahead.before(at) == b'(' {
        return None;
    }
    let end = ahead.find(slot::TERM, at + 2, "))")?;
    if ahead.byte(at + 2) == b'(' {
        return (ahead.byte(end + 2) == b')').then(|| MarkupCut::whole(at, end + 3));
    }
    Some(MarkupCut::marked(at, at + 2..end, end + 2))
}

/// `name:target[text]`, known by its colon.
fn inline_macro(ahead: &mut Ahead<'_>, from: usize, at: usize) -> Option<MarkupCut> {
    const MAX_NAME: usize = 16;
    const MAX_TEXT: usize = 1000;
    let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let name_len = (0..MAX_NAME)
        .take_while(|&i| at > from + i && is_name(ahead.byte(at - i - 1)))
        .count();
    let start = at - name_len;
    if name_len < 3 || matches!(ahead.byte(at + 1), b':' | b' ' | b'\n') {
        return None;
    }
    let space = ahead.white_space(slot::MACRO_SPACE, at);
    let open = ahead.find(slot::MACRO_OPEN, at, "[")?;
    if open > space {
        return None;
    }
    let end = ahead.find(slot::MACRO_CLOSE, open, "]")?;
    if end - open > MAX_TEXT {
        return None;
    }
    let name = &ahead.text[start..at];
    let target = at + 1..open;
    let text = link_text(ahead.text, open + 1..end);
    // It stands right behind the word that it is a note to.
    if let Some(word) = ["footnote", "footnoteref"]
        .iter()
        .find_map(|own| name.strip_suffix(own))
    {
        return Some(MarkupCut::note(start + word.len(), text, end + 1));
    }
    let cut = match name {
        "http" | "https" | "ftp" | "irc" if text.is_empty() => {
            MarkupCut::verbatim(start, start..open, end + 1)
        }
        "image" | "icon" | "anchor" | "indexterm" => MarkupCut::whole(start, end + 1),
        "link" | "xref" | "mailto" if text.is_empty() => {
            MarkupCut::verbatim(start, target, end + 1)
        }
        "http" | "https" | "ftp" | "irc" | "link" | "xref" | "mailto" | "indexterm2" => {
            MarkupCut::marked(start, text, end + 1)
        }
        "kbd" | "btn" | "pass" | "stem" | "latexmath" | "asciimath" => {
            MarkupCut::verbatim(start, open + 1..end, end + 1)
        }
        _ if is_page_number(&ahead.text[open + 1..end]) && !target.is_empty() => {
            MarkupCut::marked(start, target, end + 1)
        }
        _ => return None,
    };
    Some(cut)
}

fn is_page_number(text: &str) -> bool {
    text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The readable part of a link's brackets, without quotes, attributes and the mark of a new window.
fn link_text(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let mut inner = &text[range.clone()];
    let mut start = range.start;
    if let Some(quoted) = inner.strip_prefix('"')
        && let Some(len) = quoted.find('"')
    {
        return start + 1..start + 1 + len;
    }
    if let Some((before, after)) = inner.split_once(',')
        && after.contains('=')
    {
        inner = before;
    }
    let kept = inner.trim_end_matches('^');
    start = start.min(start + kept.len());
    start..start + kept.len()
}
