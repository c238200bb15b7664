//! Settings in the place of the arguments' defaults: what the command line gives goes before them.

use clap::ArgMatches;

use super::given::Given;
use super::query::QueryArgs;
use super::{Arguments, Command};
use crate::config::CommandDefaults;

impl Arguments {
    /// Takes the settings where the command line says nothing; `matches` is what the arguments were read from.
    pub(in crate::cli) fn take_defaults(
        &mut self,
        defaults: &CommandDefaults,
        matches: &ArgMatches,
    ) {
        let Some((_, matches)) = matches.subcommand() else {
            return;
        };
        self.command.take(defaults, Given(matches));
    }
}

impl Command {
    fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        match self {
            Command::Query(args) => args.take(defaults, given),
            Command::Check(args) => {
                args.words.take(defaults, given);
                args.freshness.take(defaults, given);
                args.strictness.take(defaults, given);
                args.limits.take(defaults);
            }
            Command::Eval(args) => {
                args.words.take(defaults, given);
                args.freshness.take(defaults, given);
                args.strictness.take(defaults, given);
                args.limits.take(defaults);
            }
            Command::Quote(args) => {
                args.freshness.take(defaults, given);
                args.limits.take(defaults);
            }
            Command::Explain(args) => {
                args.words.take(defaults, given);
                args.freshness.take(defaults, given);
                args.limits.take(defaults);
            }
            _ => {}
        }
    }
}

impl QueryArgs {
    fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        // All count unless the command line itself says how many.
        let counts_all = self.count || self.files_with_matches || self.quiet;
        self.limit = match counts_all {
            true => self.limit,
            false => self.limit.or(defaults.limit),
        };
        given.or_else(&["passages"], &mut self.passages, defaults.passages);
        given.or_else(&["width"], &mut self.width, defaults.width);
        let sort = defaults.sort.map(Into::into);
        given.or_else(&["sort"], &mut self.sort, sort);
        let format = defaults.format.map(str::to_string);
        given.or_else(&["format", "json"], &mut self.format, format);
        given.or_else(&["scores", "no_scores"], &mut self.scores, defaults.scores);
        let color = defaults.color.map(Into::into);
        given.or_else(&["color"], &mut self.color, color);
        self.mode.take(defaults, given);
        self.words.take(defaults, given);
        self.freshness.take(defaults, given);
        self.strictness.take(defaults, given);
        self.limits.take(defaults);
    }
}
