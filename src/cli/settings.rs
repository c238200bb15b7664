//! Settings: defaults that a configuration file or the environment may change. One table holds them all; what reads,
//! checks, applies and shows them derives from it.

mod lowered;
mod options;

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::anyhow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::args::{parse_language, parse_size};
use super::config::inside;
use crate::analysis::did_you_mean;
use crate::printer;
use crate::source::FileError;

/// A setting.
pub(super) struct Setting {
    /// Its table and key in the file.
    pub(super) table: &'static str,
    pub(super) key: &'static str,
    kind: Kind,
    /// Its value where nothing else is said, as it would be written.
    default: &'static str,
}

/// What a setting's value may be.
enum Kind {
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
    kind: Kind,
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

/// All settings. The limits' and the ranking's defaults are those of the code; a test holds them equal.
pub(super) static SETTINGS: [Setting; 35] = [
    setting("index", "max-filesize", Kind::Size, "64M"),
    setting("index", "max-nesting", Kind::Count(ANY_COUNT), "200000"),
    setting("index", "max-elements", Kind::Count(ANY_COUNT), "10000000"),
    setting("index", "max-sections", Kind::Count(ANY_COUNT), "50000"),
    setting("index", "max-steps", Kind::Count(ANY_COUNT), "1000000000"),
    setting(
        "index",
        "stat",
        Kind::Name(|| vec!["full", "basic"]),
        "full",
    ),
    setting("query", "any", Kind::Switch, "false"),
    setting("query", "plain", Kind::Switch, "false"),
    setting("query", "phrase", Kind::Switch, "false"),
    setting("query", "limit", Kind::Count(0..=u64::MAX / 2), "10"),
    setting("query", "passages", Kind::Count(1..=100), "2"),
    setting("query", "width", Kind::Count(20..=100_000), "300"),
    setting(
        "query",
        "sort",
        Kind::Name(|| vec!["score", "path", "date"]),
        "score",
    ),
    setting(
        "query",
        "format",
        Kind::Name(|| printer::FORMATS.iter().map(|format| format.name).collect()),
        "text",
    ),
    setting(
        "query",
        "color",
        Kind::Name(|| vec!["auto", "always", "never"]),
        "auto",
    ),
    setting("query", "scores", Kind::Switch, "false"),
    setting("query", "lang", Kind::Languages, "auto"),
    setting("query", "aliases", Kind::File, ""),
    setting("query", "refresh", Kind::Switch, "true"),
    setting("query", "strict", Kind::Switch, "false"),
    setting("ranking", "k1", Kind::Number(0.01..=100.0), "1.5"),
    setting("ranking", "b", Kind::Number(0.0..=1.0), "0.75"),
    setting("ranking", "title-weight", Kind::Number(0.0..=1000.0), "1.5"),
    setting(
        "ranking",
        "heading-weight",
        Kind::Number(0.0..=1000.0),
        "3.5",
    ),
    setting("ranking", "other-form", Kind::Number(0.0..=1.0), "0.55"),
    setting(
        "ranking",
        "function-words",
        Kind::Number(0.001..=1.0),
        "0.2",
    ),
    setting("ranking", "alone", Kind::Number(0.0..=100.0), "0.6"),
    setting("ranking", "title-cover", Kind::Number(0.0..=100.0), "1.75"),
    setting("ranking", "first-cover", Kind::Number(0.0..=100.0), "0.4"),
    setting("ranking", "heading-cover", Kind::Number(0.0..=100.0), "0.4"),
    setting("ranking", "nearness", Kind::Number(0.0..=100.0), "0.4"),
    setting("ranking", "coordination", Kind::Number(0.0..=100.0), "0.5"),
    setting("limits", "max-forms", Kind::Count(ANY_COUNT), "1000000"),
    setting(
        "limits",
        "max-postings",
        Kind::Count(ANY_COUNT),
        "4000000000",
    ),
    setting("limits", "max-query-memory", Kind::Size, "1G"),
];

/// The tables of the file.
const TABLES: [&str; 4] = ["index", "query", "ranking", "limits"];
/// The table of what a query may take, which all commands that run queries take.
const LIMITS: &str = "limits";
/// The key of `[index]` that is a list of tables.
const FILES_KEY: &str = "files";
/// The keys of `[index]` that are lists of texts; they are read elsewhere.
const LIST_KEYS: [&str; 2] = ["paths", "globs"];
/// The keys of `[[index.files]]`.
const FILES_KEYS: [&str; 4] = ["glob", "split", "split-at", "encoding"];

/// Which settings of `[query]` the commands take.
const APPLIES: [(&str, &[&str]); 5] = [
    (
        "query",
        &[
            "any", "plain", "phrase", "limit", "passages", "width", "sort", "format", "color",
            "scores", "lang", "aliases", "refresh", "strict",
        ],
    ),
    ("check", &["lang", "aliases", "refresh", "strict"]),
    ("eval", &["lang", "aliases", "refresh", "strict"]),
    ("quote", &["refresh"]),
    ("explain", &["lang", "aliases", "refresh"]),
];

/// The commands that give verdicts.
const VERDICTS: [&str; 3] = ["check", "eval", "quote"];

impl Setting {
    /// The environment's variable.
    pub(super) fn variable(&self) -> String {
        format!("EXCERPT_{}", self.key.replace('-', "_").to_uppercase())
    }

    /// What is wrong with a value, if anything.
    fn check(&self, text: &str) -> Result<(), String> {
        let is_good = match &self.kind {
            Kind::Switch => matches!(text, "true" | "false"),
            Kind::Count(range) => text
                .replace('_', "")
                .parse()
                .is_ok_and(|n| range.contains(&n)),
            Kind::Size => parse_size(text).is_ok(),
            Kind::Number(range) => text
                .replace('_', "")
                .parse()
                .is_ok_and(|n| range.contains(&n)),
            Kind::Name(names) => names().contains(&text),
            Kind::Languages => text.split(',').all(|tag| parse_language(tag).is_ok()),
            Kind::File => true,
        };
        match is_good {
            true => Ok(()),
            false => Err(format!("expected {}, not `{text}`", self.expected())),
        }
    }

    fn expected(&self) -> String {
        match &self.kind {
            Kind::Switch => "true or false".to_string(),
            Kind::Count(range) if *range.end() >= u64::MAX / 2 => {
                format!("a number from {}", range.start())
            }
            Kind::Count(range) => format!("a number from {} to {}", range.start(), range.end()),
            Kind::Size => "a number of bytes, with K, M or G".to_string(),
            Kind::Number(range) => format!("a number from {} to {}", range.start(), range.end()),
            Kind::Name(names) => format!("one of {}", names().join(", ")),
            Kind::Languages => "auto, or tags of languages such as `de,en`".to_string(),
            Kind::File => "the path of a file".to_string(),
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    /// The environment's variable.
    Environment(String),
    /// `path:line`.
    File(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::Environment(name) | Origin::File(name) => f.write_str(name),
        }
    }
}

/// The value of each setting and where it came from, in the order of [`SETTINGS`].
#[derive(Debug, Clone)]
pub(super) struct Settings {
    values: Vec<(String, Origin)>,
}

impl Settings {
    /// The defaults.
    pub(super) fn new() -> Settings {
        let default = |setting: &Setting| (setting.default.to_string(), Origin::Default);
        Settings {
            values: SETTINGS.iter().map(default).collect(),
        }
    }

    /// Takes what the file `name` says.
    pub(super) fn take_file(&mut self, name: &str, text: &str) -> Result<(), FileError> {
        let table = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            FileError::at(name, text, start, error.message().trim_end())
        })?;
        let mut reader = FileReader {
            name,
            text,
            settings: self,
        };
        reader.tables(table.get_ref())
    }

    /// Takes what the environment says.
    pub(super) fn take_environment(
        &mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<()> {
        for (setting, value) in SETTINGS.iter().zip(&mut self.values) {
            let name = setting.variable();
            let Some(mut text) = variable(&name).filter(|text| !text.is_empty()) else {
                continue;
            };
            if setting.key == "refresh" && text == "never" {
                text = "false".to_string();
            }
            setting
                .check(&text)
                .map_err(|message| anyhow!("{name}: {message}"))?;
            *value = (text, Origin::Environment(name));
        }
        Ok(())
    }

    /// Each setting with its value and where that came from.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static Setting, &str, &Origin)> {
        SETTINGS
            .iter()
            .zip(&self.values)
            .map(|(setting, (text, origin))| (setting, text.as_str(), origin))
    }

    /// The value of a setting where it is not the default.
    fn given(&self, table: &str, key: &str) -> Option<&str> {
        let mut all = self.all();
        let found = all.find(|(setting, _, _)| setting.table == table && setting.key == key)?;
        (*found.2 != Origin::Default).then_some(found.1)
    }

    /// The value of a setting.
    pub(super) fn value(&self, table: &str, key: &str) -> &str {
        let mut all = self.all();
        let found = all.find(|(setting, _, _)| setting.table == table && setting.key == key);
        found.map_or("", |(_, text, _)| text)
    }

    /// The flags that stand for the settings of a command, to be put before those of the command line.
    pub(super) fn flags(&self, command: &str) -> Vec<String> {
        let keys = APPLIES
            .iter()
            .find(|(name, _)| *name == command)
            .map_or(&[][..], |(_, keys)| *keys);
        // Those of the environment come behind those of the file, so that they win where two exclude each other.
        let is_of_file = |origin: &Origin| matches!(origin, Origin::File(_));
        // A verdict rests on files as they are, whatever a file in their folder says.
        let may_say = |setting: &Setting, origin: &Origin| {
            !(is_of_file(origin) && setting.key == "refresh" && VERDICTS.contains(&command))
        };
        let own = self.all().filter(|(setting, _, origin)| {
            let is_taken = match setting.table {
                "query" => keys.contains(&setting.key),
                table => table == LIMITS,
            };
            is_taken && **origin != Origin::Default && may_say(setting, origin)
        });
        let (of_file, others): (Vec<_>, Vec<_>) =
            own.partition(|(_, _, origin)| is_of_file(origin));
        let flag = |(setting, text, _): (&Setting, &str, &Origin)| match (&setting.kind, text) {
            (Kind::Switch, "true") => format!("--{}", setting.key),
            (Kind::Switch, _) => format!("--no-{}", setting.key),
            (Kind::Count(_), _) => format!("--{}={}", setting.key, text.replace('_', "")),
            _ => format!("--{}={text}", setting.key),
        };
        of_file.into_iter().chain(others).map(flag).collect()
    }
}

/// Reads the values of a file.
struct FileReader<'a> {
    name: &'a str,
    text: &'a str,
    settings: &'a mut Settings,
}

impl FileReader<'_> {
    fn error(&self, start: usize, message: &str) -> FileError {
        FileError::at(self.name, self.text, start, message)
    }

    fn tables(&mut self, root: &DeTable<'_>) -> Result<(), FileError> {
        for (key, value) in root {
            let name = key.get_ref().as_ref();
            let at = key.span().start;
            if !TABLES.contains(&name) {
                return Err(self.error(
                    at,
                    &unknown(&format!("unknown table `{name}`"), name, &TABLES),
                ));
            }
            let DeValue::Table(table) = value.get_ref() else {
                return Err(self.error(at, &format!("`{name}` is a table: write `[{name}]`")));
            };
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    FILES_KEY if name == "index" => self.files(value)?,
                    own if name == "index" && LIST_KEYS.contains(&own) => {}
                    own => self.value(name, own, key.span().start, value)?,
                }
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        table: &str,
        key: &str,
        at: usize,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), FileError> {
        let found = SETTINGS
            .iter()
            .position(|setting| setting.table == table && setting.key == key);
        let Some(index) = found else {
            let mut names: Vec<&str> = SETTINGS
                .iter()
                .filter(|s| s.table == table)
                .map(|s| s.key)
                .collect();
            if table == "index" {
                names.push(FILES_KEY);
                names.extend(LIST_KEYS);
            }
            return Err(self.error(
                at,
                &unknown(&format!("unknown key `{key}` in `[{table}]`"), key, &names),
            ));
        };
        let setting = &SETTINGS[index];
        let text = match (&setting.kind, value.get_ref()) {
            (Kind::Switch, DeValue::Boolean(value)) => value.to_string(),
            (Kind::Count(_) | Kind::Size | Kind::Number(_), DeValue::Integer(number)) => {
                number.as_str().to_string()
            }
            (Kind::Number(_), DeValue::Float(number)) => number.as_str().to_string(),
            (Kind::Size | Kind::Name(_) | Kind::Languages, DeValue::String(text)) => {
                text.to_string()
            }
            (Kind::File, DeValue::String(text)) => self.file(value.span().start, text)?,
            _ => {
                return Err(self.error(
                    value.span().start,
                    &format!("expected {}", setting.expected()),
                ));
            }
        };
        setting
            .check(&text)
            .map_err(|message| self.error(value.span().start, &message))?;
        let line = FileError::at(self.name, self.text, at, "").line;
        self.settings.values[index] = (text, Origin::File(format!("{}:{line}", self.name)));
        Ok(())
    }

    /// The path of a file that the configuration names at `at`: one in its folder.
    fn file(&self, at: usize, text: &str) -> Result<String, FileError> {
        let file = inside(self.name, Path::new(text))
            .ok_or_else(|| self.error(at, "a path of the configuration lies in its folder"))?;
        // A pipe that was found would be waited for.
        if fs::metadata(&file).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(self.error(at, &format!("`{text}` is not a file")));
        }
        Ok(file.display().to_string())
    }

    /// The keys of `[[index.files]]`; what they hold is read elsewhere.
    fn files(&self, value: &Spanned<DeValue<'_>>) -> Result<(), FileError> {
        let DeValue::Array(tables) = value.get_ref() else {
            return Err(self.error(
                value.span().start,
                "`files` is a list of tables: write `[[index.files]]`",
            ));
        };
        for table in tables {
            let DeValue::Table(table) = table.get_ref() else {
                continue;
            };
            let stray = table
                .keys()
                .find(|key| !FILES_KEYS.contains(&key.get_ref().as_ref()));
            if let Some(key) = stray {
                let name = key.get_ref().as_ref();
                let message = unknown(
                    &format!("unknown key `{name}` in `[[index.files]]`"),
                    name,
                    &FILES_KEYS,
                );
                return Err(self.error(key.span().start, &message));
            }
        }
        Ok(())
    }
}

/// The message with the nearest name, or with all of them where none is near.
fn unknown(message: &str, name: &str, names: &[&str]) -> String {
    format!("{message}; {}", did_you_mean(name, names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::QueryLimits;
    use crate::engine::ranking::Ranking;
    use crate::format::Limits;

    #[test]
    fn defaults_are_those_of_the_code() {
        let mut set = Settings::new();
        for value in &mut set.values {
            value.1 = Origin::Environment(String::new());
        }
        assert_eq!(set.limits().limits(), Limits::default());
        assert_eq!(set.ranking(), Ranking::default());
        let limits = QueryLimits::default();
        let values = [limits.forms, limits.postings, limits.memory_bytes];
        let own = SETTINGS.iter().filter(|setting| setting.table == LIMITS);
        assert!(own.map(|own| own.amount(own.default)).eq(values.map(Some)));
        for (setting, text, _) in set.all() {
            assert_eq!(setting.check(text), Ok(()), "{}", setting.key);
        }
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let mut set = Settings::new();
        let text = "[query]\nlimit = 1_000\nany = true\nformat = 'csv'\n[ranking]\nk1 = 2\n";
        set.take_file("x.toml", text).expect("a good file");
        let variable = |name: &str| match name {
            "EXCERPT_LIMIT" => Some("5".to_string()),
            "EXCERPT_REFRESH" => Some("never".to_string()),
            _ => None,
        };
        set.take_environment(variable).expect("good values");
        assert_eq!(
            set.flags("query"),
            ["--any", "--format=csv", "--limit=5", "--no-refresh"]
        );
        assert_eq!(set.flags("quote"), ["--no-refresh"]);
        assert_eq!((set.ranking().k1, set.ranking().nearness), (2.0, 0.4));
        let origins: Vec<String> = set.all().map(|(_, _, origin)| origin.to_string()).collect();
        assert!(
            origins.contains(&"x.toml:6".to_string())
                && origins.contains(&"EXCERPT_LIMIT".to_string())
        );
        let bad = |_: &str| Some("x".to_string());
        assert!(
            set.take_environment(bad)
                .expect_err("a bad value")
                .to_string()
                .starts_with("EXCERPT_MAX_FILESIZE: ")
        );
    }

    #[test]
    fn what_is_wrong_has_a_place_and_the_nearest_name() {
        for (text, message) in [
            (
                "[index]\nmax-filsize = 3\n",
                "2:1: unknown key `max-filsize` in `[index]`; did you mean `max-filesize`?",
            ),
            (
                "[indx]\n",
                "1:2: unknown table `indx`; did you mean `index`?",
            ),
            (
                "[query]\nk1 = 3\n",
                "2:1: unknown key `k1` in `[query]`; there are any, plain,",
            ),
            ("query = 3\n", "1:1: `query` is a table"),
            ("[query]\nlimit = 'x'\n", "2:9: expected a number from 0"),
            (
                "[query]\nlimit = -1\n",
                "2:9: expected a number from 0, not `-1`",
            ),
            (
                "[query]\nwidth = 5\n",
                "2:9: expected a number from 20 to 100000, not `5`",
            ),
            (
                "[query]\nformat = 'xml'\n",
                "2:10: expected one of text, ndjson",
            ),
            (
                "[ranking]\nb = nan\n",
                "2:5: expected a number from 0 to 1, not `nan`",
            ),
            (
                "[index]\nmax-filesize = 'x'\n",
                "2:16: expected a number of bytes",
            ),
            ("[index]\nfiles = 3\n", "2:9: `files` is a list of tables"),
            (
                "[[index.files]]\nglobs = 'a'\n",
                "2:1: unknown key `globs` in `[[index.files]]`; did you mean `glob`?",
            ),
            ("[query\n", "1:"),
        ] {
            let error = Settings::new()
                .take_file("x.toml", text)
                .expect_err(text)
                .to_string();
            assert!(
                error.starts_with(&format!("x.toml:{message}")) && !error.contains('\n'),
                "{text:?}: {error}"
            );
        }
    }
}
