//! Arguments that several commands take.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

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

/// Whether changed files are looked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct FreshnessArgs {
    /// Take the index as it is, without a look for changed files
    #[arg(long, overrides_with = "refresh")]
    no_refresh: bool,
    #[arg(long, hide = true, overrides_with = "no_refresh")]
    refresh: bool,
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
pub(in crate::cli) fn names(
    all: impl Iterator<Item = (&'static str, &'static str)>,
) -> PossibleValuesParser {
    PossibleValuesParser::new(all.map(|(name, about)| PossibleValue::new(name).help(about)))
}
