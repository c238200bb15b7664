//! The command line: arguments to options, results to output, errors to hints and exit statuses.

mod args;
mod cluster;
mod commands;
mod editor;
mod error;
mod exit_status;
mod progress;
mod system_limits;
mod terminal;
mod trust;

use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use self::args::{Arguments, Command};
use self::commands::Workspace;
use self::exit_status::Status;
use crate::printer::LogWriter;

/// The exit status after Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let (arguments, matches) = parse().unwrap_or_else(|error| error::exit_with(&error));
    // Nothing is committed before a run's end, so that stopping at once leaves the index as it was.
    system_limits::end_on_signals(INTERRUPTED);
    system_limits::take_errors_for_signals();
    std::panic::set_hook(Box::new(error::note_panic));
    let ran = catch_unwind(AssertUnwindSafe(|| dispatch(arguments, &matches)));
    match ran {
        Ok(Ok(status)) => status.into(),
        Ok(Err(error)) if error::is_broken_pipe(&error) => Status::Success.into(),
        Ok(Err(error)) => {
            error::report(&error);
            Status::Error.into()
        }
        Err(_) => {
            error::report_panic();
            Status::Error.into()
        }
    }
}

fn dispatch(arguments: Arguments, matches: &ArgMatches) -> anyhow::Result<Status> {
    let workspace = Workspace::of(&arguments);
    let command = with_settings(arguments, matches, &workspace)?.command;
    let mut out = output(&command);
    let status = match command {
        Command::Index(args) => commands::index::run(&workspace, &args, &mut out),
        Command::Query(args) => commands::query::run(&workspace, &args, &mut out),
        Command::Check(args) => commands::check::run(&workspace, &args, &mut out),
        Command::Eval(args) => commands::eval::run(&workspace, &args, &mut out),
        Command::Outline(args) => commands::outline::run(&workspace, &args, &mut out),
        Command::Quote(args) => commands::quote::run(&workspace, &args, &mut out),
        Command::Show(args) => commands::show::run(&workspace, &args, &mut out),
        Command::Explain(args) => commands::explain::run(&workspace, &args, &mut out),
        Command::Status(args) => commands::status::run(&workspace, &args, &mut out),
        Command::Verify(args) => commands::verify::run(&workspace, &args, &mut out),
        Command::Completions { shell } => commands::completions::completions(shell, &mut out),
        Command::Man(args) => commands::completions::man(&args, &mut out),
    }?;
    out.flush()?;
    Ok(status)
}

/// Standard output; where a log is written, without commands to it.
fn output(command: &Command) -> Box<dyn Write> {
    let out = BufWriter::new(io::stdout().lock());
    match command.logged().filter(|_| error::writes_log()) {
        Some(logged) => Box::new(LogWriter::new(out, logged)),
        None => Box::new(out),
    }
}

/// The arguments with the settings of the configuration and the environment where the command line says nothing.
fn with_settings(
    mut arguments: Arguments,
    matches: &ArgMatches,
    workspace: &Workspace,
) -> anyhow::Result<Arguments> {
    if let Some(command) = arguments.command.takes_settings() {
        let (_, location) = workspace.locate()?;
        let defaults = workspace
            .read_config(&location)?
            .settings
            .defaults_of(command);
        arguments.take_defaults(&defaults, matches);
    }
    Ok(arguments)
}

/// The arguments of the process, and what clap tells of them.
fn parse() -> Result<(Arguments, ArgMatches), clap::Error> {
    let matches = Arguments::command().try_get_matches()?;
    let mut taken = matches.clone();
    let arguments = Arguments::from_arg_matches_mut(&mut taken);
    let arguments = arguments.map_err(|error| error.format(&mut Arguments::command()))?;
    Ok((arguments, matches))
}
