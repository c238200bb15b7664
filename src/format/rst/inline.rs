//! The inline markup of reStructuredText.
//!
//! Source: the reStructuredText Markup Specification of Docutils, "Inline Markup".

use crate::format::builder::inline::{Ahead, Markup, MarkupCut};
use crate::format::metadata::one_line;
use crate::format::replacements::Replacements;

/// Purposes of looking ahead.
mod slot {
    pub(super) const EMPHASIS: usize = 0;
    pub(super) const STRONG: usize = 1;
    pub(super) const LITERAL: usize = 2;
    pub(super) const INTERPRETED: usize = 3;
    pub(super) const SUBSTITUTION: usize = 4;
    pub(super) const FOOTNOTE: usize = 5;
    pub(super) const ROLE: usize = 6;
}

/// Longer interpreted text is not looked into for its target, in bytes.
const MAX_INTERPRETED: usize = 2000;

/// Takes reStructuredText's inline markup out, and puts in what stands for `|name|`.
pub(super) struct RstInline<'r>(pub(super) &'r Replacements);

impl Markup for RstInline<'_> {
    fn begins(byte: u8) -> bool {
        matches!(byte, b'*' | b'`' | b'|' | b':' | b'_' | b'[' | b'\\')
    }

    fn cut(&self, ahead: &mut Ahead<'_>, _from: usize, at: usize) -> Option<MarkupCut> {
        match ahead.byte(at) {
            b'*' => emphasis(ahead, at),
            b'`' if ahead.byte(at + 1) == b'`' => literal(ahead, at),
            b'`' => interpreted(ahead, at, at, slot::INTERPRETED),
            b'|' => substitution(ahead, self.0, at),
            b':' => role(ahead, at),
            b'_' => reference(ahead, at),
            b'[' => footnote(ahead, at),
            _ => escape(ahead, at),
        }
    }
}

/// Whether markup may begin at `at` and its text at `text`.
fn opens(ahead: &Ahead<'_>, at: usize, text: usize) -> bool {
    !ahead.is_word_before(at) && !ahead.byte(text).is_ascii_whitespace()
}

/// Whether markup may end at `at` and its mark at `after`.
fn closes(ahead: &Ahead<'_>, at: usize, after: usize) -> bool {
    !ahead.before(at).is_ascii_whitespace() && ahead.before(at) != b'\\' && !ahead.is_word_at(after)
}

fn emphasis(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    let is_strong = ahead.byte(at + 1) == b'*';
    let marks = 1 + usize::from(is_strong);
    if !opens(ahead, at, at + marks) || ahead.before(at) == b'*' {
        return None;
    }
    let start = at + marks;
    let end = if is_strong {
        ahead.find_where(slot::STRONG, start + 1, b'*', |a, p| {
            a.byte(p + 1) == b'*' && closes(a, p, p + 2)
        })?
    } else {
        ahead.find_where(slot::EMPHASIS, start + 1, b'*', |a, p| {
            closes(a, p, p + 1) && a.byte(p + 1) != b'*'
        })?
    };
    Some(MarkupCut::marked(at, start..end, end + marks))
}

fn literal(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if !opens(ahead, at, at + 2) {
        return None;
    }
    let end = ahead.find_where(slot::LITERAL, at + 3, b'`', |a, p| {
        a.byte(p + 1) == b'`' && a.byte(p + 2) != b'`' && !a.before(p).is_ascii_whitespace()
    })?;
    Some(MarkupCut::verbatim(at, at + 2..end, end + 2))
}

/// Text in backticks at `tick`, whose markup begins at `at`: of ``text <target>`` only the text is kept.
fn interpreted(ahead: &mut Ahead<'_>, at: usize, tick: usize, slot: usize) -> Option<MarkupCut> {
    if !opens(ahead, at, tick + 1) || ahead.before(at) == b'`' {
        return None;
    }
    let end = ahead.find_where(slot, tick + 2, b'`', |a, p| {
        !a.before(p).is_ascii_whitespace() && a.before(p) != b'\\' && a.byte(p + 1) != b'`'
    })?;
    let underscores = (1..3).take_while(|&i| ahead.byte(end + i) == b'_').count();
    let mut kept = tick + 1..end;
    let inner = &ahead.text[kept.clone()];
    if inner.len() <= MAX_INTERPRETED && inner.ends_with('>') {
        if let Some(target) = inner.rfind('<') {
            let text = inner[..target].trim_end();
            // A target alone stays readable.
            kept = if text.is_empty() {
                kept.start + target + 1..end - 1
            } else {
                kept.start..kept.start + text.len()
            };
        }
    } else if tick > at {
        kept.start += usize::from(matches!(inner.as_bytes().first(), Some(b'!' | b'~')));
    }
    let mut close = end + 1 + underscores;
    if tick == at && ahead.byte(close) == b':' {
        close += role_len(ahead, close).unwrap_or(0);
    }
    // It may hold escapes.
    Some(MarkupCut::marked(at, kept, close))
}

/// ``:role:`text` ``.
fn role(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if ahead.is_word_before(at) {
        return None;
    }
    let len = role_len(ahead, at)?;
    (ahead.byte(at + len) == b'`' && ahead.byte(at + len + 1) != b'`')
        .then(|| interpreted(ahead, at, at + len, slot::ROLE))?
}

/// The length of `:role:` at `at`.
fn role_len(ahead: &Ahead<'_>, at: usize) -> Option<usize> {
    const MAX_LEN: usize = 40;
    let is_role = |b: u8| b.is_ascii_alphanumeric() || b"-_+:.".contains(&b);
    let len = (1..MAX_LEN)
        .take_while(|&i| is_role(ahead.byte(at + i)))
        .count();
    (len >= 2 && ahead.byte(at + len) == b':').then_some(len + 1)
}

fn substitution(
    ahead: &mut Ahead<'_>,
    substitutions: &Replacements,
    at: usize,
) -> Option<MarkupCut> {
    if !opens(ahead, at, at + 1) {
        return None;
    }
    let end = ahead.find_where(slot::SUBSTITUTION, at + 2, b'|', |a, p| closes(a, p, p + 1))?;
    let underscores = (1..3).take_while(|&i| ahead.byte(end + i) == b'_').count();
    let close = end + 1 + underscores;
    if end - at >= 100 {
        return None;
    }
    Some(match put(substitutions, &ahead.text[at + 1..end]) {
        Some("") => MarkupCut::whole(at, close),
        Some(text) => MarkupCut::reads(at..close, text),
        None => MarkupCut::verbatim(at, at + 1..end, close),
    })
}

/// What is put in for `|name|`: nothing where nothing is defined, or too much was put in already.
fn put<'r>(substitutions: &'r Replacements, name: &str) -> Option<&'r str> {
    let name = one_line(name)?;
    let found = substitutions.of(&name);
    let found = found.or_else(|| substitutions.of(&name.to_lowercase()));
    substitutions.put(found?)
}

/// The underscores behind a reference's name, or the mark of an inline target.
fn reference(ahead: &Ahead<'_>, at: usize) -> Option<MarkupCut> {
    if ahead.byte(at + 1) == b'`' && !ahead.is_word_before(at) {
        return Some(MarkupCut::whole(at, at + 1));
    }
    let marks = 1 + usize::from(ahead.byte(at + 1) == b'_');
    let is_reference = ahead.is_word_before(at)
        && !ahead.is_word_at(at + marks)
        && !matches!(ahead.byte(at + marks), b'_' | b'(' | b'*');
    is_reference.then(|| MarkupCut::whole(at, at + marks))
}

/// `[1]_`, `[#name]_`, `[*]_`; of a citation `[CIT]_` the name is kept.
fn footnote(ahead: &mut Ahead<'_>, at: usize) -> Option<MarkupCut> {
    let end = ahead.find(slot::FOOTNOTE, at + 1, "]_")?;
    let label = &ahead.text[at + 1..end];
    if label.is_empty() || label.len() > 40 || label.contains([' ', '[', '\n']) {
        return None;
    }
    let is_note = label.starts_with(['#', '*']) || label.bytes().all(|b| b.is_ascii_digit());
    Some(if is_note {
        MarkupCut::whole(at, end + 2)
    } else {
        MarkupCut::verbatim(at, at + 1..end, end + 2)
    })
}

/// A backslash goes; white space after it goes too.
fn escape(ahead: &Ahead<'_>, at: usize) -> Option<MarkupCut> {
    let next = ahead.byte(at + 1);
    if next == b' ' {
        return Some(MarkupCut::whole(at, at + 2));
    }
    next.is_ascii_punctuation()
        .then(|| MarkupCut::verbatim(at, at + 1..at + 2, at + 2))
}
