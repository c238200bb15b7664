//! Arguments that several commands take.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use crate::analysis::Language;
use crate::engine::QueryLimits;
use crate::format::GivenLimits;
use crate::query::Mode;

/// How queries are read.
#[derive(Debug, Args)]
pub(in crate::cli) struct ModeArgs {
    /// Any of the words will do
    #[arg(long, overrides_with = "no_any")]
    any: bool,
    #[arg(long, hide = true, overrides_with = "any")]
    no_any: bool,
    /// The whole query is one phrase, without syntax
    #[arg(short = 'F', long, overrides_with_all = ["no_phrase", "plain"])]
    phrase: bool,
    #[arg(long, hide = true, overrides_with = "phrase")]
    no_phrase: bool,
    /// The query is plain words, without syntax
    #[arg(long, overrides_with_all = ["no_plain", "phrase"])]
    plain: bool,
    #[arg(long, hide = true, overrides_with = "plain")]
    no_plain: bool,
}

impl ModeArgs {
    /// The mode that the flags say.
    pub(in crate::cli) fn mode(&self) -> Mode {
        Mode {
            any: self.any,
            plain: self.plain,
            phrase: self.phrase,
        }
    }
}

/// Which words a word stands for.
#[derive(Debug, Args)]
pub(in crate::cli) struct WordArgs {
    /// The languages whose forms a word matches, such as de,en; auto: those of the articles [default: auto]
    #[arg(long, value_name = "LANG", value_delimiter = ',', value_parser = parse_language)]
    pub(super) lang: Vec<LangArg>,
    /// Other names for the same, a line each (Kyiv, Kiev), that bare words stand for too
    #[arg(long, value_name = "FILE", overrides_with = "no_aliases")]
    pub(in crate::cli) aliases: Option<PathBuf>,
    #[arg(long, hide = true, overrides_with = "aliases")]
    no_aliases: bool,
}

/// A language, or those of the articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum LangArg {
    Auto,
    Of(Language),
}

/// Reads a language's tag or name.
pub(in crate::cli) fn parse_language(text: &str) -> Result<LangArg, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("auto") {
        return Ok(LangArg::Auto);
    }
    let known = Language::of_tag(text).map(LangArg::Of);
    known.ok_or_else(|| {
        let tags: Vec<&str> = Language::all().map(Language::tag).collect();
        format!(
            "no such language; expected auto or some of {}",
            tags.join(" ")
        )
    })
}

impl WordArgs {
    /// The languages, where they are not those of the articles.
    pub(in crate::cli) fn languages(&self) -> Option<Vec<Language>> {
        let own = self.lang.iter().map(|lang| match lang {
            LangArg::Auto => None,
            LangArg::Of(language) => Some(*language),
        });
        own.collect::<Option<Vec<_>>>()
            .filter(|own| !own.is_empty())
    }
}

/// Bounds on what a query takes; one that goes beyond is an error that names the part of the query.
#[derive(Debug, Args)]
pub(in crate::cli) struct QueryLimitArgs {
    /// How many forms the words of a query may stand for [default: 1000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Limits")]
    max_forms: Option<u64>,
    /// How many postings these may have, a section that holds a form being one [default: 4000000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Limits")]
    max_postings: Option<u64>,
    /// How much memory these may take; a number of bytes, with K, M or G [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Limits")]
    max_query_memory: Option<u64>,
}

impl QueryLimitArgs {
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
    /// Take the index as it is, without a look for changed files
    #[arg(long, overrides_with = "refresh")]
    no_refresh: bool,
    #[arg(long, hide = true, overrides_with = "no_refresh")]
    refresh: bool,
    #[command(flatten)]
    pub(in crate::cli) waiting: WaitArgs,
}

/// How long the end of another process's refresh is waited for.
#[derive(Debug, Args)]
pub(in crate::cli) struct WaitArgs {
    /// Wait at most SECONDS for another process that refreshes the index, where that is needed [default: no bound]
    #[arg(long, value_name = "SECONDS", overrides_with = "no_wait")]
    wait: Option<u64>,
    /// Do not wait for another process
    #[arg(long, overrides_with = "wait")]
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
    /// Whether changed files are looked for first.
    pub(in crate::cli) fn wants_refresh(&self) -> bool {
        self.refresh || !self.no_refresh
    }
}

/// Whether skipped files are errors.
#[derive(Debug, Args)]
pub(in crate::cli) struct StrictnessArgs {
    /// Skipped files are errors too
    #[arg(long, overrides_with = "no_strict")]
    pub(in crate::cli) strict: bool,
    #[arg(long, hide = true, overrides_with = "strict")]
    no_strict: bool,
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
    /// Skip larger files; a number of bytes, with K, M or G [default: 64M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Limits")]
    max_filesize: Option<u64>,
    /// Skip files whose elements nest deeper [default: 200000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_nesting: Option<u64>,
    /// Skip files of more elements (tags, paragraphs, list items) [default: 10000000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_elements: Option<u64>,
    /// Skip files of more sections [default: 50000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_sections: Option<u64>,
    /// Give a file up that takes more steps to read, a few for each byte [default: 1000000000]
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

/// Reads a number of bytes, with K, M or G.
pub(in crate::cli) fn parse_size(text: &str) -> Result<u64, String> {
    let units = [('K', 1 << 10), ('M', 1 << 20), ('G', 1 << 30)];
    let unit = units
        .iter()
        .find(|(letter, _)| text.to_ascii_uppercase().ends_with(*letter));
    let digits = if unit.is_some() {
        &text[..text.len() - 1]
    } else {
        text
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a number of bytes, with K, M or G".to_string())?;
    number
        .checked_mul(unit.map_or(1, |&(_, factor)| factor))
        .ok_or_else(|| "too large".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("12"), Ok(12));
        assert_eq!(parse_size("2k"), Ok(2048));
        assert_eq!(parse_size("1G"), Ok(1 << 30));
        assert!(
            parse_size("x").is_err()
                && parse_size("").is_err()
                && parse_size("99999999999G").is_err()
        );
    }
}
