//! `excerpt completions` and `excerpt man`: what shells and manuals make of the arguments.

use std::io::Write;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_complete_nushell::Nushell;

use crate::cli::args::{Arguments, ManArgs, ShellArg};
use crate::cli::exit_status::Status;

/// The name of the program in scripts.
const NAME: &str = "excerpt";

/// Prints a shell's completion script.
pub(in crate::cli) fn completions(shell: ShellArg, out: &mut dyn Write) -> anyhow::Result<Status> {
    let mut command = Arguments::command();
    // The generators cannot fail on memory, and a reader that goes away is told from what is written here.
    let mut script = Vec::new();
    match shell {
        ShellArg::Bash => generate(Shell::Bash, &mut command, NAME, &mut script),
        ShellArg::Zsh => generate(Shell::Zsh, &mut command, NAME, &mut script),
        ShellArg::Fish => generate(Shell::Fish, &mut command, NAME, &mut script),
        ShellArg::Powershell => generate(Shell::PowerShell, &mut command, NAME, &mut script),
        ShellArg::Elvish => generate(Shell::Elvish, &mut command, NAME, &mut script),
        ShellArg::Nushell => generate(Nushell, &mut command, NAME, &mut script),
    }
    out.write_all(&script)?;
    Ok(Status::Success)
}

/// Prints the manual page of the program, or of one of its commands.
pub(in crate::cli) fn man(args: &ManArgs, out: &mut dyn Write) -> anyhow::Result<Status> {
    let mut all = Arguments::command();
    all.build();
    let command = match &args.command {
        None => all,
        Some(name) => {
            let found = all.find_subcommand(name);
            let found = found.with_context(|| format!("there is no command `{name}`"))?;
            let page = format!("{NAME}-{}", found.get_name());
            found.clone().name(page)
        }
    };
    // Manual pages have no place for what stands before the arguments.
    let before = command.get_before_help().map(ToString::to_string);
    let after = command.get_after_help().map(ToString::to_string);
    let command = match (before, after) {
        (Some(before), Some(after)) => command.after_help(format!("{before}\n{after}")),
        _ => command,
    };
    clap_mangen::Man::new(command).render(&mut &mut *out)?;
    Ok(Status::Success)
}
