//! What a message repeats or adds without saying it: quoted lines, what introduces them, the signature.

use std::ops::Range;

use super::lines::{lines, without_end};

/// The line that a signature follows.
///
/// Source: RFC 3676, section 4.3.
const SIGNATURE: &[u8] = b"-- ";
/// The lines that introduce a quotation are so many at most: mail programs fold them.
const INTRODUCTION_LINES: usize = 3;
/// A longer line is text, in bytes.
const MAX_INTRODUCTION_BYTES: usize = 300;

/// How an introduction begins, in lower case.
static OPENERS: [&str; 12] = [
    "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "w dniu ", "at ", "в ", "dne ",
];
/// What an introduction says of the other, in lower case. `crit` is what is left of `écrit` in other encodings.
static VERBS: [&str; 18] = [
    "wrote",
    "writes",
    "schrieb",
    "écrit",
    "crit:",
    "crit :",
    "escribió",
    "escribi",
    "scritto",
    "escreveu",
    "schreef",
    "skrev",
    "napisał",
    "napsal",
    "пишет",
    "писал",
    "написал",
    "写道",
];

/// The ranges of a body that its author wrote. Where that is nothing, all of it.
pub(super) fn own_ranges(text: &[u8]) -> Vec<Range<usize>> {
    let lines: Vec<_> = lines(text).collect();
    let content = |line: &Range<usize>| text.get(line.clone()).unwrap_or_default();
    let end = lines
        .iter()
        .position(|line| without_end(content(line)) == SIGNATURE)
        .unwrap_or(lines.len());
    let said = lines.get(..end).unwrap_or_default();
    let mut is_left: Vec<bool> = said.iter().map(|line| is_quoted(content(line))).collect();
    for at in 1..is_left.len() {
        let begins = is_left.get(at) == Some(&true) && is_left.get(at - 1) == Some(&false);
        if begins {
            leave_introduction(text, said, at, &mut is_left);
        }
    }
    let kept: Vec<Range<usize>> = said
        .iter()
        .zip(&is_left)
        .filter(|(_, is_left)| !**is_left)
        .map(|(line, _)| line.clone())
        .collect();
    let has_text = |ranges: &[Range<usize>]| ranges.iter().any(|line| !is_blank(content(line)));
    if has_text(&kept) {
        kept
    } else if has_text(said) {
        said.to_vec()
    } else {
        lines
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

fn is_quoted(line: &[u8]) -> bool {
    line.strip_prefix(b" ").unwrap_or(line).starts_with(b">")
}

/// Leaves out the lines that introduce the quotation at `at`; one blank line may stand between.
fn leave_introduction(text: &[u8], lines: &[Range<usize>], at: usize, is_left: &mut [bool]) {
    let line = |at: usize| {
        let range = lines.get(at).cloned().unwrap_or_default();
        text.get(range).unwrap_or_default()
    };
    let Some(last) = (at.saturating_sub(2)..at)
        .rev()
        .find(|&at| !is_blank(line(at)))
    else {
        return;
    };
    let mut said = String::new();
    for count in 1..=INTRODUCTION_LINES {
        let Some(first) = (last + 1).checked_sub(count) else {
            break;
        };
        let bytes = line(first);
        let is_taken = is_left.get(first) != Some(&false);
        if is_taken || is_blank(bytes) || bytes.len() > MAX_INTRODUCTION_BYTES {
            break;
        }
        let lower = String::from_utf8_lossy(bytes).trim().to_lowercase();
        said = match said.is_empty() {
            true => lower.clone(),
            false => format!("{lower} {said}"),
        };
        let opens = OPENERS.iter().any(|opener| lower.starts_with(opener));
        if is_introduction(&said) && opens {
            if let Some(left) = is_left.get_mut(first..=last) {
                left.fill(true);
            }
            return;
        }
    }
    let alone = String::from_utf8_lossy(line(last)).trim().to_lowercase();
    if alone.len() <= MAX_INTRODUCTION_BYTES
        && is_introduction(&alone)
        && let Some(left) = is_left.get_mut(last)
    {
        *left = true;
    }
}

fn is_introduction(said: &str) -> bool {
    let says = VERBS.iter().any(|verb| said.contains(verb)) || said.contains('@');
    said.ends_with([':', '：']) && says
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> String {
        own_ranges(text.as_bytes())
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn quotations_their_introductions_and_signatures_are_left_out() {
        let text = "Hello,\nsee below:\n\nOn Mon, 3 Mar 2014, at 10:00,\nAnn <a@b.c> wrote:\n\n> a line\n>> older\n\nI agree.\n\
            Bob writes:\n > more\r\nYes.\r\n-- \r\nCy\r\n> not read\n";
        assert_eq!(own(text), "Hello,\nsee below:\n\n\n\nI agree.\nYes.\r\n");
    }

    #[test]
    fn what_is_no_introduction_stays() {
        let text = "I saw this:\n> a line\nand -- \nthat\n";
        assert_eq!(own(text), "I saw this:\nand -- \nthat\n");
    }

    #[test]
    fn a_message_of_quotations_alone_is_read() {
        assert_eq!(own("> all\n> of it\n-- \nAnn\n"), "> all\n> of it\n");
        assert_eq!(own("-- \nAnn\n"), "-- \nAnn\n");
        assert_eq!(own(""), "");
    }
}
