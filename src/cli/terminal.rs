//! What the terminal can show, and what the arguments say of it.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::anyhow;

use super::args::{ColorArg, QueryArgs};
use crate::printer::{LinkTemplate, Style};
use crate::source::host_name;

/// The width of a terminal that does not say.
const DEFAULT_WIDTH: usize = 80;

/// How the results of a query are shown to somebody in the folder `current`.
pub(super) fn style(args: &QueryArgs, current: &Path) -> anyhow::Result<Style> {
    let is_terminal = io::stdout().is_terminal();
    let output = &args.output;
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    let color = match output.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => is_terminal && !no_color && !is_dumb,
    };
    Ok(Style {
        color,
        width: width(),
        scores: output.scores,
        totals: is_terminal && args.queries.is_none(),
        each: output.each.into(),
        current: Some(current.to_path_buf()),
        links: links(args, is_terminal && !is_dumb)?,
    })
}

/// How a section is shown to somebody in the folder `current`.
pub(super) fn section_style(current: &Path) -> Style {
    Style {
        width: width(),
        ..Style::seen_from(current)
    }
}

/// The width of standard output, where that is a terminal.
fn width() -> Option<usize> {
    let columns =
        || terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
    io::stdout().is_terminal().then(columns)
}

fn links(args: &QueryArgs, may_link: bool) -> anyhow::Result<Option<LinkTemplate>> {
    let output = &args.output;
    let format = match &output.hyperlink {
        _ if output.no_hyperlink => return Ok(None),
        Some(format) => format.as_str(),
        None if may_link && has_links() => "file",
        None => return Ok(None),
    };
    LinkTemplate::read(format, &host_name()).map_err(|message| anyhow!("--hyperlink: {message}"))
}

/// Whether the terminal is known to show links. Others may show the bytes of one; within a multiplexer nothing tells.
///
/// Source: the list of terminals in "OSC 8 adoption in terminal emulators", and what each sets in the environment.
fn has_links() -> bool {
    let of = |name| env::var(name).unwrap_or_default();
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("TMUX") || is_set("STY") {
        return false;
    }
    let programs = [
        "iTerm.app",
        "WezTerm",
        "vscode",
        "ghostty",
        "Hyper",
        "rio",
        "Tabby",
    ];
    let terms = [
        "xterm-kitty",
        "xterm-ghostty",
        "alacritty",
        "foot",
        "wezterm",
        "contour",
    ];
    // VTE shows links from 0.50 on.
    let vte = of("VTE_VERSION").parse::<u32>().is_ok_and(|v| v >= 5000);
    vte || is_set("WT_SESSION")
        || is_set("KONSOLE_VERSION")
        || is_set("DOMTERM")
        || programs.contains(&of("TERM_PROGRAM").as_str())
        || terms.contains(&of("TERM").as_str())
}
