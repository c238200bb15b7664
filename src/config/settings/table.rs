//! The table of all settings; what reads, checks, applies and shows them derives from it.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::config::values::{LanguageChoice, parse_language, parse_size};
use crate::engine::ranking;
use crate::printer;

/// A setting.
pub(crate) struct Setting {
    /// Its table in the file.
    pub(crate) table: &'static str,
    /// Its key there.
    pub(crate) key: &'static str,
    pub(super) kind: SettingKind,
    /// Its value where nothing else is said, as it would be written.
    pub(super) default: &'static str,
}

/// What a setting's value may be.
pub(super) enum SettingKind {
    /// true or false; on the command line a flag and its `--no-` twin.
    Switch,
    Count(RangeInclusive<u64>),
    Size,
    Number(RangeInclusive<f64>),
    Name(fn() -> Vec<&'static str>),
    /// Languages, with commas between them.
    Languages,
    /// A file; in the configuration one below its folder.
    File,
}

const fn setting(
    table: &'static str,
    key: &'static str,
    kind: SettingKind,
    default: &'static str,
) -> Setting {
    Setting {
        table,
        key,
        kind,
        default,
    }
}

const ANY_COUNT: RangeInclusive<u64> = 1..=u64::MAX / 2;

/// What a setting says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SettingValue {
    Switch(bool),
    /// A count, or a size in bytes.
    Count(u64),
    Number(f64),
    Name(&'static str),
    Languages(Vec<LanguageChoice>),
    File(PathBuf),
}

/// All settings; those of the ranking are what its ingredients say. The limits' defaults are those of the code; a test
/// holds them equal.
pub(super) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let of_ranking = ranking::settings().map(|own| {
        let (least, most) = own.bounds;
        setting(
            "ranking",
            own.key,
            SettingKind::Number(least..=most),
            own.default,
        )
    });
    let before = INDEX_AND_QUERY.into_iter().chain(of_ranking);
    before.chain(QUERY_LIMITS).collect()
});

const INDEX_AND_QUERY: [Setting; 21] = [
    setting("index", "max-filesize", SettingKind::Size, "64M"),
    setting(
        "index",
        "max-nesting",
        SettingKind::Count(ANY_COUNT),
        "200000",
    ),
    setting(
        "index",
        "max-elements",
        SettingKind::Count(ANY_COUNT),
        "10000000",
    ),
    setting(
        "index",
        "max-sections",
        SettingKind::Count(ANY_COUNT),
        "50000",
    ),
    setting(
        "index",
        "max-steps",
        SettingKind::Count(ANY_COUNT),
        "1000000000",
    ),
    setting(
        "index",
        "stat",
        SettingKind::Name(|| vec!["full", "basic"]),
        "full",
    ),
    setting("query", "any", SettingKind::Switch, "false"),
    setting("query", "plain", SettingKind::Switch, "false"),
    setting("query", "phrase", SettingKind::Switch, "false"),
    setting("query", "exact", SettingKind::Switch, "false"),
    setting("query", "limit", SettingKind::Count(0..=u64::MAX / 2), "10"),
    setting("query", "passages", SettingKind::Count(1..=100), "2"),
    setting("query", "width", SettingKind::Count(20..=100_000), "300"),
    setting(
        "query",
        "sort",
        SettingKind::Name(|| vec!["score", "path", "date"]),
        "score",
    ),
    setting(
        "query",
        "format",
        SettingKind::Name(|| printer::FORMATS.iter().map(|format| format.name).collect()),
        "text",
    ),
    setting(
        "query",
        "color",
        SettingKind::Name(|| vec!["auto", "always", "never"]),
        "auto",
    ),
    setting("query", "scores", SettingKind::Switch, "false"),
    setting("query", "lang", SettingKind::Languages, "auto"),
    setting("query", "aliases", SettingKind::File, ""),
    setting("query", "refresh", SettingKind::Switch, "true"),
    setting("query", "strict", SettingKind::Switch, "false"),
];

const QUERY_LIMITS: [Setting; 3] = [
    setting(
        "limits",
        "max-forms",
        SettingKind::Count(ANY_COUNT),
        "1000000",
    ),
    setting(
        "limits",
        "max-postings",
        SettingKind::Count(ANY_COUNT),
        "4000000000",
    ),
    setting("limits", "max-query-memory", SettingKind::Size, "1G"),
];

/// The table of what a query may take, which all commands that run queries take.
pub(super) const LIMITS: &str = "limits";

/// What a switch of the environment says.
fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

impl Setting {
    /// The environment's variable.
    pub(crate) fn variable(&self) -> String {
        format!("EXCERPT_{}", self.key.replace('-', "_").to_uppercase())
    }

    /// What a text says; an error where it is no value of the setting.
    pub(super) fn read(&self, text: &str) -> Result<SettingValue, String> {
        let digits = text.replace('_', "");
        let read = match &self.kind {
            SettingKind::Switch => switch(text).map(SettingValue::Switch),
            SettingKind::Count(range) => {
                let count = digits.parse().ok().filter(|n| range.contains(n));
                count.map(SettingValue::Count)
            }
            SettingKind::Size => parse_size(text).ok().map(SettingValue::Count),
            SettingKind::Number(range) => {
                let number = digits.parse().ok().filter(|n| range.contains(n));
                number.map(SettingValue::Number)
            }
            SettingKind::Name(names) => {
                let name = names().into_iter().find(|name| *name == text);
                name.map(SettingValue::Name)
            }
            SettingKind::Languages => {
                let read = text.split(',').map(parse_language);
                read.collect::<Result<_, _>>()
                    .ok()
                    .map(SettingValue::Languages)
            }
            SettingKind::File => Some(SettingValue::File(PathBuf::from(text))),
        };
        read.ok_or_else(|| format!("expected {}, not `{text}`", self.expected()))
    }

    /// What its values are, in words.
    pub(super) fn expected(&self) -> String {
        match &self.kind {
            SettingKind::Switch => "true or false".to_string(),
            SettingKind::Count(range) if *range.end() >= u64::MAX / 2 => {
                format!("a number from {}", range.start())
            }
            SettingKind::Count(range) => {
                format!("a number from {} to {}", range.start(), range.end())
            }
            SettingKind::Size => "a number of bytes, with K, M or G".to_string(),
            SettingKind::Number(range) => {
                format!("a number from {} to {}", range.start(), range.end())
            }
            SettingKind::Name(names) => format!("one of {}", names().join(", ")),
            SettingKind::Languages => "auto, or tags of languages such as `de,en`".to_string(),
            SettingKind::File => "the path of a file".to_string(),
        }
    }
}
