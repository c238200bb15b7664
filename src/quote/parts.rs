//! Cuts a quotation at its dots and brackets.

/// A part of a quotation that is text, dots, or a bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuotationPart<'a> {
    Text(&'a str),
    Dots(&'a str),
    /// With what stands inside.
    Bracket(&'a str, &'a str),
}

impl QuotationPart<'_> {
    /// As it is quoted.
    pub(super) fn text(&self) -> &str {
        match self {
            QuotationPart::Text(text)
            | QuotationPart::Dots(text)
            | QuotationPart::Bracket(text, _) => text,
        }
    }
}

/// Cuts a quotation at its dots and brackets.
pub(super) fn parts(text: &str) -> Vec<QuotationPart<'_>> {
    let mut parts = Vec::new();
    let last_end = text.rfind(']').unwrap_or(0);
    let (mut from, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let dots = bracketed_dots(rest).max(dots(rest));
        let part = if dots > 0 {
            Some(QuotationPart::Dots(&rest[..dots]))
        } else if c == '[' && at < last_end {
            let end = rest.find(']').map_or(rest.len(), |end| end + 1);
            Some(QuotationPart::Bracket(
                &rest[..end],
                rest[1..end - 1].trim(),
            ))
        } else {
            None
        };
        let Some(part) = part else {
            at += c.len_utf8();
            continue;
        };
        if from < at {
            parts.push(QuotationPart::Text(&text[from..at]));
        }
        at += part.text().len();
        from = at;
        parts.push(part);
    }
    if from < text.len() {
        parts.push(QuotationPart::Text(&text[from..]));
    }
    parts
}

/// The bytes of an ellipsis at the start of `text`: its sign, or three full stops or more, with or without spaces
/// between.
fn dots(text: &str) -> usize {
    let signs = text.len() - text.trim_start_matches(['…', '⋯']).len();
    if signs > 0 {
        return signs;
    }
    let (mut end, mut count) = (0, 0);
    while let Some(rest) = text.get(end..) {
        let spaces = if count == 0 {
            0
        } else {
            rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len()
        };
        if !rest[spaces..].starts_with('.') {
            break;
        }
        end += spaces + 1;
        count += 1;
    }
    if count >= 3 { end } else { 0 }
}

/// The bytes of an ellipsis in brackets at the start of `text`, or of empty brackets.
fn bracketed_dots(text: &str) -> usize {
    let close = match text.chars().next() {
        Some('[') => ']',
        Some('(') => ')',
        Some('<') => '>',
        _ => return 0,
    };
    let inside = text[1..].trim_start();
    let behind = inside[dots(inside)..].trim_start();
    let is_bracketed = behind.starts_with(close) && (behind.len() < inside.len() || close == ']');
    if is_bracketed {
        text.len() - behind.len() + 1
    } else {
        0
    }
}
