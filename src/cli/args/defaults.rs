//! Settings in the place of the arguments' defaults: what the command line gives goes before them.

use clap::ArgMatches;

use super::given::Given;
use super::query::{AmountArgs, QueryArgs};
use super::{Arguments, Command, OutputArgs};
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
        self.amount.take(defaults, given, !self.output.shows_hits());
        self.output.take(defaults, given);
        self.mode.take(defaults, given);
        self.words.take(defaults, given);
        self.freshness.take(defaults, given);
        self.strictness.take(defaults, given);
        self.limits.take(defaults);
    }
}

impl AmountArgs {
    /// `counts_all` where all hits count unless the command line itself says how many.
    fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>, counts_all: bool) {
        self.limit = match counts_all || self.all {
            true => self.limit,
            false => self.limit.or(defaults.limit),
        };
        given.or_else(&["passages"], &mut self.passages, defaults.passages);
        given.or_else(&["width"], &mut self.width, defaults.width);
        let sort = defaults.sort.map(Into::into);
        given.or_else(&["sort"], &mut self.sort, sort);
    }
}

impl OutputArgs {
    fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        let format = defaults.format.map(str::to_string);
        given.or_else(&["format", "json"], &mut self.format, format);
        given.or_else(&["scores", "no_scores"], &mut self.scores, defaults.scores);
        let color = defaults.color.map(Into::into);
        given.or_else(&["color"], &mut self.color, color);
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::query::Mode;

    /// The arguments of `excerpt query x` with `flags`, under these settings.
    fn query(flags: &[&str], defaults: &CommandDefaults) -> QueryArgs {
        let line = [&["excerpt", "query", "x"], flags].concat();
        let matches = Arguments::command().get_matches_from(line);
        let mut arguments = Arguments::from_arg_matches(&matches).expect("good arguments");
        arguments.take_defaults(defaults, &matches);
        match arguments.command {
            Command::Query(args) => *args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_goes_before_settings_also_before_those_that_it_excludes() {
        let plain = CommandDefaults {
            any: Some(true),
            plain: Some(true),
            ..CommandDefaults::default()
        };
        let mode = |flags: &[&str]| {
            let Mode {
                any, plain, phrase, ..
            } = query(flags, &plain).mode.mode();
            (any, plain, phrase)
        };
        assert_eq!(mode(&[]), (true, true, false));
        assert_eq!(mode(&["--no-any"]), (false, true, false));
        assert_eq!(mode(&["--any", "--no-any"]), (false, true, false));
        assert_eq!(mode(&["--phrase"]), (true, false, true));
        assert_eq!(mode(&["--no-phrase"]), (true, true, false));
        assert_eq!(mode(&["--no-plain"]), (true, false, false));
    }

    #[test]
    fn a_flag_that_stands_for_another_goes_before_the_setting_of_that_one() {
        let defaults = CommandDefaults {
            format: Some("csv"),
            limit: Some(3),
            refresh: Some(false),
            scores: Some(true),
            ..CommandDefaults::default()
        };
        let shown = |flags: &[&str]| {
            let args = query(flags, &defaults);
            let format = args.output.format_name().to_string();
            (
                format,
                args.amount.limit,
                args.freshness.wants_refresh(),
                args.output.scores,
            )
        };
        let of =
            |format: &str, limit, refresh, scores| (format.to_string(), limit, refresh, scores);
        assert_eq!(shown(&[]), of("csv", Some(3), false, true));
        assert_eq!(shown(&["--json"]), of("ndjson", Some(3), false, true));
        assert_eq!(
            shown(&["--format", "text"]),
            of("text", Some(3), false, true)
        );
        assert_eq!(
            shown(&["-k", "5", "--refresh"]),
            of("csv", Some(5), true, true)
        );
        assert_eq!(shown(&["--no-scores"]), of("csv", Some(3), false, false));
        // All count, unless the command line itself says how many.
        assert_eq!(shown(&["-c"]).1, None);
        assert_eq!(shown(&["-c", "-k", "5"]).1, Some(5));
    }
}
