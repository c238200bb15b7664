//! Arguments that several commands take.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use super::given::Given;
use crate::analysis::Language;
use crate::config::{CommandDefaults, LanguageChoice, parse_language, parse_size};
use crate::engine::QueryLimits;
use crate::format::GivenLimits;
use crate::query::Mode;

/// How queries are read.
#[derive(Debug, Args)]
pub(in crate::cli) struct ModeArgs {
    /// Match sections containing any of the words
    #[arg(help_heading = "What is searched", long, overrides_with = "no_any")]
    any: bool,
    #[arg(long, hide = true, overrides_with = "any")]
    no_any: bool,
    /// Read the whole query as one phrase, without syntax
    #[arg(help_heading = "What is searched", short = 'F', long, overrides_with_all = ["no_phrase", "plain"])]
    phrase: bool,
    #[arg(long, hide = true, overrides_with = "phrase")]
    no_phrase: bool,
    /// Read the query as plain words, without syntax
    #[arg(help_heading = "What is searched", long, overrides_with_all = ["no_plain", "phrase"])]
    plain: bool,
    #[arg(long, hide = true, overrides_with = "plain")]
    no_plain: bool,
    /// Match words as they are spelled: case and accents count, inflections do not match
    #[arg(help_heading = "What is searched", long, overrides_with = "no_exact")]
    exact: bool,
    #[arg(long, hide = true, overrides_with = "exact")]
    no_exact: bool,
}

impl ModeArgs {
    /// Takes the settings where the command line says nothing.
    pub(super) fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        given.or_else(&["any", "no_any"], &mut self.any, defaults.any);
        given.or_else(&["exact", "no_exact"], &mut self.exact, defaults.exact);
        // The two exclude each other.
        let excluded = (given.any(&["plain"]), given.any(&["phrase"]));
        if !excluded.1 {
            given.or_else(&["plain", "no_plain"], &mut self.plain, defaults.plain);
        }
        if !excluded.0 {
            given.or_else(&["phrase", "no_phrase"], &mut self.phrase, defaults.phrase);
        }
    }

    /// The mode that the flags say.
    pub(in crate::cli) fn mode(&self) -> Mode {
        Mode {
            any: self.any,
            plain: self.plain,
            phrase: self.phrase,
            exact: self.exact,
        }
    }
}

/// Which words a word stands for.
#[derive(Debug, Args)]
pub(in crate::cli) struct WordArgs {
    /// Match the forms of words in these languages, such as de,en; auto: those of the articles [default: auto]
    #[arg(help_heading = "What is searched", long, value_name = "LANG", value_delimiter = ',', value_parser = parse_language)]
    pub(super) lang: Vec<LanguageChoice>,
    /// File of synonyms, one group a line: `Kyiv, Kiev`
    #[arg(
        help_heading = "What is searched",
        long,
        value_name = "FILE",
        overrides_with = "no_aliases"
    )]
    pub(in crate::cli) aliases: Option<PathBuf>,
    #[arg(long, hide = true, overrides_with = "aliases")]
    no_aliases: bool,
}

impl WordArgs {
    /// Takes the settings where the command line says nothing.
    pub(super) fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        given.or_else(&["lang"], &mut self.lang, defaults.lang.clone());
        let aliases = defaults.aliases.clone().map(Some);
        given.or_else(&["aliases", "no_aliases"], &mut self.aliases, aliases);
    }

    /// The languages, where they are not those of the articles.
    pub(in crate::cli) fn languages(&self) -> Option<Vec<Language>> {
        let own = self.lang.iter().map(|lang| match lang {
            LanguageChoice::Auto => None,
            LanguageChoice::Of(language) => Some(*language),
        });
        own.collect::<Option<Vec<_>>>()
            .filter(|own| !own.is_empty())
    }
}

/// Bounds on what a query takes; one that goes beyond is an error that names the part of the query.
#[derive(Debug, Args)]
pub(in crate::cli) struct QueryLimitArgs {
    /// Refuse a query whose words have more than N forms [default: 1000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Limits")]
    max_forms: Option<u64>,
    /// Refuse a query whose forms have more than N postings, one for each section that holds a form [default: 4000000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Limits")]
    max_postings: Option<u64>,
    /// Refuse a query whose postings need more memory; bytes, with K, M or G [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Limits")]
    max_query_memory: Option<u64>,
}

impl QueryLimitArgs {
    /// Takes the settings where the command line says nothing.
    pub(super) fn take(&mut self, defaults: &CommandDefaults) {
        self.max_forms = self.max_forms.or(defaults.max_forms);
        self.max_postings = self.max_postings.or(defaults.max_postings);
        self.max_query_memory = self.max_query_memory.or(defaults.max_query_memory);
    }

    /// The limits, those that were not given being the defaults.
    pub(in crate::cli) fn limits(&self) -> QueryLimits {
        let default = QueryLimits::default();
        QueryLimits {
            forms: self.max_forms.unwrap_or(default.forms),
            postings: self.max_postings.unwrap_or(default.postings),
            memory_bytes: self.max_query_memory.unwrap_or(default.memory_bytes),
        }
    }
}

/// Whether changed files are looked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct FreshnessArgs {
    /// Use the index as is; do not check for changed files
    #[arg(help_heading = "Index", long, overrides_with = "refresh")]
    no_refresh: bool,
    #[arg(long, hide = true, overrides_with = "no_refresh")]
    refresh: bool,
    #[command(flatten)]
    pub(in crate::cli) waiting: WaitArgs,
}

/// How long the end of another process's refresh is waited for.
#[derive(Debug, Args)]
pub(in crate::cli) struct WaitArgs {
    /// Wait at most SECONDS for another process that refreshes the index [default: no limit]
    #[arg(
        help_heading = "Index",
        long,
        value_name = "SECONDS",
        overrides_with = "no_wait"
    )]
    wait: Option<u64>,
    /// Do not wait for another process
    #[arg(help_heading = "Index", long, overrides_with = "wait")]
    no_wait: bool,
}

impl WaitArgs {
    /// The longest wait.
    pub(in crate::cli) fn at_most(&self) -> Duration {
        match (self.no_wait, self.wait) {
            (true, _) => Duration::ZERO,
            (false, Some(seconds)) => Duration::from_secs(seconds),
            (false, None) => Duration::MAX,
        }
    }
}

impl FreshnessArgs {
    /// Takes the settings where the command line says nothing.
    pub(super) fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        let no_refresh = defaults.refresh.map(|refresh| !refresh);
        given.or_else(&["refresh", "no_refresh"], &mut self.no_refresh, no_refresh);
    }

    /// Whether changed files are looked for first.
    pub(in crate::cli) fn wants_refresh(&self) -> bool {
        self.refresh || !self.no_refresh
    }
}

/// Whether skipped files are errors.
#[derive(Debug, Args)]
pub(in crate::cli) struct StrictnessArgs {
    /// Treat skipped files as errors
    #[arg(help_heading = "Index", long, overrides_with = "no_strict")]
    pub(in crate::cli) strict: bool,
    #[arg(long, hide = true, overrides_with = "strict")]
    no_strict: bool,
}

impl StrictnessArgs {
    /// Takes the settings where the command line says nothing.
    pub(super) fn take(&mut self, defaults: &CommandDefaults, given: Given<'_>) {
        given.or_else(&["strict", "no_strict"], &mut self.strict, defaults.strict);
    }
}

/// Values that are names, each with what it is for.
pub(super) fn names(
    all: impl Iterator<Item = (&'static str, &'static str)>,
) -> PossibleValuesParser {
    PossibleValuesParser::new(all.map(|(name, about)| PossibleValue::new(name).help(about)))
}

/// Formats of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
    /// For people
    Text,
    /// One JSON object a line, for programs
    Ndjson,
}

/// Bounds on what is read of a file; one that goes beyond is skipped or fails, and named.
#[derive(Debug, Args)]
pub(in crate::cli) struct LimitArgs {
    /// Skip larger files; bytes, with K, M or G [default: 64M; 16G for mail and feeds]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Limits")]
    max_filesize: Option<u64>,
    /// Skip files whose elements nest deeper than N [default: 200000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_nesting: Option<u64>,
    /// Skip files with more than N elements (tags, paragraphs, list items) [default: 10000000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_elements: Option<u64>,
    /// Skip files with more than N sections [default: 50000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_sections: Option<u64>,
    /// Skip a file that needs more than N parsing steps, a few for each byte [default: 1000000000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_steps: Option<u64>,
}

impl LimitArgs {
    /// The limits that were given.
    pub(in crate::cli) fn given(&self) -> GivenLimits {
        GivenLimits {
            max_filesize: self.max_filesize,
            max_nesting: self.max_nesting,
            max_elements: self.max_elements,
            max_sections: self.max_sections,
            max_steps: self.max_steps,
        }
    }
}
