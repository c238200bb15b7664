//! Opens a place in the user's editor, and text in the user's pager.
//!
//! What they are called comes from the environment, as a command of the shell; names of files are never part of that
//! command, but words behind it.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::article::Place;

/// The editor that the user wants, if any.
pub(super) fn editor() -> Option<String> {
    let named = |name| env::var(name).ok().filter(|text| !text.trim().is_empty());
    named("VISUAL").or_else(|| named("EDITOR"))
}

/// Opens a file at a place, and waits for the editor's end. Vim counts columns in bytes.
pub(super) fn edit(
    editor: &str,
    file: &Path,
    place: Place,
    byte_column: u64,
) -> io::Result<ExitStatus> {
    let mut command = shell(editor);
    command.args(arguments(editor, file, place, byte_column));
    command.status()
}

/// The words behind an editor's name that open a file at a place. The file's path is absolute, so that none begins
/// with a hyphen.
fn arguments(editor: &str, file: &Path, place: Place, byte_column: u64) -> Vec<OsString> {
    let Place { line, column, .. } = place;
    let at_end = || {
        let mut word = file.as_os_str().to_os_string();
        word.push(format!(":{line}:{column}"));
        word
    };
    let file = || file.as_os_str().to_os_string();
    match kind(editor) {
        EditorKind::Goto => vec!["--goto".into(), at_end()],
        EditorKind::PathLineColumn => vec![at_end()],
        EditorKind::PlusLineColumn(separator) => {
            vec![format!("+{line}{separator}{column}").into(), file()]
        }
        EditorKind::Vim => vec![format!("+call cursor({line},{byte_column})").into(), file()],
        EditorKind::PlusLine => vec![format!("+{line}").into(), file()],
        EditorKind::Unknown => vec![file()],
    }
}

/// How an editor is told of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EditorKind {
    /// `--goto FILE:LINE:COLUMN`
    Goto,
    /// `FILE:LINE:COLUMN`
    PathLineColumn,
    /// `+LINE:COLUMN FILE`, with this in place of the colon.
    PlusLineColumn(char),
    /// `+LINE FILE`, in which the column is reached by a command.
    Vim,
    /// `+LINE FILE`
    PlusLine,
    /// The file alone.
    Unknown,
}

fn kind(editor: &str) -> EditorKind {
    let program = editor.split_whitespace().next().unwrap_or_default();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.trim_matches(['"', '\'']).trim_end_matches(".exe");
    match name {
        "code" | "code-insiders" | "codium" | "vscodium" | "cursor" | "windsurf" => {
            EditorKind::Goto
        }
        "subl" | "hx" | "helix" | "zed" | "zeditor" => EditorKind::PathLineColumn,
        "emacs" | "emacsclient" | "kak" | "micro" => EditorKind::PlusLineColumn(':'),
        "nano" | "pico" => EditorKind::PlusLineColumn(','),
        "vim" | "nvim" | "gvim" | "mvim" => EditorKind::Vim,
        "vi" | "ex" | "joe" | "mg" | "ne" | "less" | "gedit" | "kate" => EditorKind::PlusLine,
        _ => EditorKind::Unknown,
    }
}

/// Shows text in the user's pager where standard output is a terminal, else prints it.
pub(super) fn page(text: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let pager = env::var("PAGER").unwrap_or_default();
    let pager = if pager.trim().is_empty() {
        "less"
    } else {
        pager.as_str()
    };
    if !io::stdout().is_terminal() {
        return out.write_all(text);
    }
    let started = shell(pager).stdin(Stdio::piped()).spawn();
    let Ok(mut child) = started else {
        return out.write_all(text);
    };
    if let Some(mut input) = child.stdin.take() {
        // Whoever leaves the pager early has read enough.
        let _ = input.write_all(text);
    }
    match child.wait()?.code() {
        // The shell found no such program.
        Some(127) => out.write_all(text),
        _ => Ok(()),
    }
}

/// A command of the shell that takes further words.
#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("{command} \"$@\""))
        .arg(command);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut words = command.split_whitespace();
    let mut program = Command::new(words.next().unwrap_or_default());
    program.args(words);
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_of_the_place_in_its_way() {
        let place = Place {
            byte: 0,
            line: 14,
            column: 3,
        };
        let words = |editor: &str| -> Vec<String> {
            let words = arguments(editor, Path::new("/a/-x y"), place, 5);
            words
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect()
        };
        assert_eq!(words("code --wait"), ["--goto", "/a/-x y:14:3"]);
        assert_eq!(words("/usr/bin/vim"), ["+call cursor(14,5)", "/a/-x y"]);
        assert_eq!(words("emacsclient -t"), ["+14:3", "/a/-x y"]);
        assert_eq!(words("nano"), ["+14,3", "/a/-x y"]);
        assert_eq!(words("hx"), ["/a/-x y:14:3"]);
        assert_eq!(words("vi"), ["+14", "/a/-x y"]);
        assert_eq!(words("my-editor"), ["/a/-x y"]);
    }
}
