//! Keeps text from giving commands to whatever reads a log: GitHub's runner takes `::add-mask::x` at a line's start for
//! a command, Azure's `##vso[…]` and `##[…]` anywhere in a line, TeamCity's `##teamcity[…]`.
//!
//! Sources: GitHub's documentation of workflow commands, and `ActionCommand.TryParse`, `TryParseV2` of its runner;
//! Azure's of logging commands; TeamCity's of service messages.

use std::borrow::Cow;
use std::io::{self, Write};

/// What is written to a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// Text for people: a backslash breaks a command up.
    Text,
    /// JSON: a character of a command is written as an escape.
    Records,
    /// Commands of our own, a line each. What they say is broken up as text is.
    Commands,
}

impl Logged {
    /// What the output format of this name writes; `None` where programs need the text as it is.
    #[must_use]
    pub fn of_format(name: &str) -> Option<Logged> {
        match name {
            "csv" | "trec" => None,
            "ndjson" | "json" => Some(Logged::Records),
            "github" => Some(Logged::Commands),
            _ => Some(Logged::Text),
        }
    }
}

/// What commands anywhere in a line begin with, in small letters.
const ANYWHERE: [&[u8]; 3] = [b"##[", b"##vso[", b"##teamcity["];
/// What commands at a line's start begin with.
const AT_START: &[u8; 2] = b"::";

/// Writes lines in which no command stands but our own.
#[derive(Debug)]
pub struct LogWriter<W: Write> {
    out: W,
    logged: Logged,
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// Whether the beginning of that line was written already.
    is_behind: bool,
}

impl<W: Write> LogWriter<W> {
    /// A writer of this to `out`.
    pub fn new(out: W, logged: Logged) -> LogWriter<W> {
        LogWriter {
            out,
            logged,
            line: Vec::new(),
            is_behind: false,
        }
    }

    fn write_line(&mut self) -> io::Result<()> {
        let written = broken_up(&self.line, self.logged, self.is_behind);
        self.out.write_all(&written)?;
        self.is_behind = !self.line.ends_with(b"\n");
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Write for LogWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.write_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.write_line()?;
        }
        self.out.flush()
    }
}

impl<W: Write> Drop for LogWriter<W> {
    fn drop(&mut self) {
        // What an error cut short is shown up to there; nobody is left to tell of another.
        let _ = self.flush();
    }
}

/// Text for people, of one or several lines, in which no command stands.
#[must_use]
pub fn without_commands(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    let broken = lines.map(
        |line| match broken_up(line.as_bytes(), Logged::Text, false) {
            Cow::Borrowed(_) => line.to_string(),
            Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        },
    );
    broken.collect()
}

/// A line whose commands are broken up at their second character. `is_behind` where it is not a line's beginning.
fn broken_up(line: &[u8], logged: Logged, is_behind: bool) -> Cow<'_, [u8]> {
    let may_begin = logged == Logged::Text && !is_behind;
    let has_start = may_begin && memchr::memchr(AT_START[0], line).is_some();
    if !has_start && memchr::memchr(b'#', line).is_none() {
        return Cow::Borrowed(line);
    }
    let seen = seen_bytes(line);
    let at = |i: usize| {
        let byte = seen.get(i).and_then(|&at| line.get(at));
        byte.map(u8::to_ascii_lowercase)
    };
    let stands = |i: usize, command: &[u8]| {
        let mut bytes = command.iter().enumerate();
        bytes.all(|(k, &byte)| at(i + k) == Some(byte))
    };
    let mut breaks = Vec::new();
    if has_start && let Some(first) = first_sign(line, &seen).filter(|&i| stands(i, AT_START)) {
        breaks.extend(seen.get(first + 1));
    }
    let commands = (0..seen.len()).filter(|&i| ANYWHERE.iter().any(|command| stands(i, command)));
    breaks.extend(commands.filter_map(|i| seen.get(i + 1)));
    match breaks.is_empty() {
        true => Cow::Borrowed(line),
        false => Cow::Owned(with_breaks(line, &breaks, logged)),
    }
}

/// The line, broken up before each of `breaks`, which ascend.
fn with_breaks(line: &[u8], breaks: &[usize], logged: Logged) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len() + 6 * breaks.len());
    let mut rest = line;
    for &at in breaks {
        let written = line.len() - rest.len();
        let (before, behind) = rest.split_at(at - written);
        out.extend_from_slice(before);
        rest = match (logged, behind.split_first()) {
            (Logged::Records, Some((byte, behind))) => {
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                behind
            }
            _ => {
                out.push(b'\\');
                behind
            }
        };
    }
    out.extend_from_slice(rest);
    out
}

/// The bytes of a line that are no escape sequences of a terminal (colours, links): a log may leave those out before it
/// looks for commands.
///
/// Source: ECMA-48, sections 5.4 and 8.3.89.
fn seen_bytes(line: &[u8]) -> Vec<usize> {
    let mut seen = Vec::with_capacity(line.len());
    let mut at = 0;
    while let Some(rest @ [_, ..]) = line.get(at..) {
        match sequence_len(rest) {
            Some(len) => at += len,
            None => {
                seen.push(at);
                at += 1;
            }
        }
    }
    seen
}

/// How many bytes the escape sequence has that `line` begins with; `None` where it begins with none that ends.
fn sequence_len(line: &[u8]) -> Option<usize> {
    match line {
        [0x1b, b'[', rest @ ..] => {
            let last = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
            Some(2 + last + 1)
        }
        [0x1b, b']', rest @ ..] => match memchr::memmem::find(rest, b"\x1b\\") {
            Some(end) => Some(2 + end + 2),
            None => memchr::memchr(0x07, rest).map(|last| 2 + last + 1),
        },
        _ => None,
    }
}

/// The index in `seen` of the first byte of a character that is seen: neither white space nor a sign of direction.
fn first_sign(line: &[u8], seen: &[usize]) -> Option<usize> {
    let mut next = 0;
    while let Some(&at) = seen.get(next) {
        let rest = line.get(at..)?;
        let c = rest
            .get(..4)
            .unwrap_or(rest)
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next());
        match c {
            Some(c) if is_nothing(c) => next += c.len_utf8(),
            _ => return Some(next),
        }
    }
    None
}

/// Whether a reader of logs may pass a character over at a line's start.
fn is_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[&str], logged: Logged) -> String {
        let mut writer = LogWriter::new(Vec::new(), logged);
        for piece in pieces {
            writer.write_all(piece.as_bytes()).expect("written");
        }
        writer.flush().expect("written");
        String::from_utf8(std::mem::take(&mut writer.out)).expect("text")
    }

    #[test]
    fn commands_are_broken_up_where_a_log_would_run_them() {
        for (text, expected) in [
            ("::add-mask::x\n", ":\\:add-mask::x\n"),
            ("a\n  ::error::x", "a\n  :\\:error::x"),
            (
                "\u{3000}\t::set-env name=a::b",
                "\u{3000}\t:\\:set-env name=a::b",
            ),
            ("\u{2068}::x\u{2069}", "\u{2068}:\\:x\u{2069}"),
            ("\u{1b}[31m::x\u{1b}[0m", "\u{1b}[31m:\\:x\u{1b}[0m"),
            (
                "\u{1b}]8;;http://x\u{1b}\\::x",
                "\u{1b}]8;;http://x\u{1b}\\:\\:x",
            ),
            (":\u{1b}[1m:x", ":\u{1b}[1m\\:x"),
            ("std::vector", "std::vector"),
            ("a ##[error]b ##[group]", "a #\\#[error]b #\\#[group]"),
            ("###[x]", "##\\#[x]"),
            ("##VSO[task.x]", "#\\#VSO[task.x]"),
            ("x##teamcity[y]", "x#\\#teamcity[y]"),
            ("#\u{1b}[1m#[x]", "#\u{1b}[1m\\#[x]"),
            ("## heading [x]", "## heading [x]"),
            ("::", ":\\:"),
            (":", ":"),
        ] {
            assert_eq!(written(&[text], Logged::Text), expected, "{text:?}");
        }
    }

    #[test]
    fn commands_are_seen_across_pieces_and_not_behind_what_was_flushed() {
        assert_eq!(
            written(&[":", ":x #", "#", "[y]"], Logged::Text),
            ":\\:x #\\#[y]"
        );
        let mut writer = LogWriter::new(Vec::new(), Logged::Text);
        write!(writer, "a")
            .and_then(|()| writer.flush())
            .expect("written");
        write!(writer, "::b\n::c")
            .and_then(|()| writer.flush())
            .expect("written");
        assert_eq!(String::from_utf8_lossy(&writer.out), "a::b\n:\\:c");
    }

    #[test]
    fn records_escape_and_our_own_commands_stay() {
        assert_eq!(
            written(
                &["{\"text\":\"::x ##[y] \\\\##vso[z]\"}\n"],
                Logged::Records
            ),
            "{\"text\":\"::x #\\u0023[y] \\\\#\\u0023vso[z]\"}\n"
        );
        assert_eq!(
            written(&["::error file=x::a ##[y]\n"], Logged::Commands),
            "::error file=x::a #\\#[y]\n"
        );
    }

    #[test]
    fn bytes_that_are_no_text_pass() {
        let mut writer = LogWriter::new(Vec::new(), Logged::Text);
        writer
            .write_all(b"\xff::\xe2\x80 #[\x1b]\x1b[")
            .expect("written");
        writer.flush().expect("written");
        assert_eq!(writer.out, b"\xff::\xe2\x80 #[\x1b]\x1b[");
    }
}
