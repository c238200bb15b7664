//! What each command writes to standard output, as the readers of logs see it.

use super::{Command, ReportFormat};
use crate::printer::Logged;

impl Command {
    /// What is written to standard output, as logs see it; `None` where it has to be as it is.
    pub(in crate::cli) fn logged(&self) -> Option<Logged> {
        match self {
            Command::Query(args) if args.output.schema || args.output.files_with_matches => None,
            Command::Query(args) if args.output.count => Some(Logged::Text),
            Command::Query(args) => Logged::of_format(args.output.format_name()),
            Command::Check(args) if args.update => Some(Logged::Text),
            Command::Check(args) => Logged::of_format(&args.format),
            Command::Quote(args) => Logged::of_format(args.format()),
            Command::Index(args) => Some(args.format.logged()),
            Command::Eval(args) => Some(args.format.logged()),
            Command::Outline(args) => Some(args.format.logged()),
            Command::Show(args) => Some(args.format.logged()),
            Command::Explain(args) => Some(args.format.logged()),
            Command::Status(args) => Some(args.format.logged()),
            Command::Verify(args) => Some(args.format.logged()),
            Command::Completions { .. } | Command::Man(_) => None,
        }
    }
}

impl ReportFormat {
    fn logged(self) -> Logged {
        match self {
            ReportFormat::Text => Logged::Text,
            ReportFormat::Ndjson => Logged::Records,
        }
    }
}
