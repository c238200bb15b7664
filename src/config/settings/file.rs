//! Reads the settings of a configuration file.

use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::chosen::{ChosenValue, SettingOrigin};
use super::table::{SETTINGS, SettingKind};

use crate::analysis::did_you_mean;
use crate::config::text::ConfigText;
use crate::source::FileError;

/// The tables of the file.
const TABLES: [&str; 4] = ["index", "query", "ranking", "limits"];
/// The keys of `[index]` that are lists of tables, with the keys of these.
const TABLE_KEYS: [(&str, &[&str]); 2] = [
    ("files", &["glob", "split", "split-at", "encoding"]),
    (
        "feeds",
        &[
            "glob", "id", "title", "body", "date", "author", "url", "lang", "format",
        ],
    ),
];
/// The keys of `[index]` that are texts, or lists of them; they are read elsewhere.
const LIST_KEYS: [&str; 3] = ["paths", "globs", "location"];

/// Reads the settings of a file: each with its number in [`SETTINGS`].
pub(super) fn read_settings(
    config: ConfigText<'_>,
) -> Result<Vec<(usize, ChosenValue)>, FileError> {
    let table = DeTable::parse(config.text).map_err(|error| config.error_of(&error))?;
    let mut reader = FileReader {
        config,
        read: Vec::new(),
    };
    reader.tables(table.get_ref())?;
    Ok(reader.read)
}

/// Reads the values of a file.
struct FileReader<'a> {
    config: ConfigText<'a>,
    read: Vec<(usize, ChosenValue)>,
}

impl FileReader<'_> {
    fn tables(&mut self, root: &DeTable<'_>) -> Result<(), FileError> {
        for (key, value) in root {
            let name = key.get_ref().as_ref();
            let at = key.span().start;
            if !TABLES.contains(&name) {
                return Err(self.config.error(
                    at,
                    unknown(&format!("unknown table `{name}`"), name, &TABLES),
                ));
            }
            let DeValue::Table(table) = value.get_ref() else {
                return Err(self
                    .config
                    .error(at, format!("`{name}` is a table: write `[{name}]`")));
            };
            for (key, value) in table {
                let own = key.get_ref().as_ref();
                let tables = TABLE_KEYS.iter().find(|(key, _)| *key == own);
                match tables.filter(|_| name == "index") {
                    Some(tables) => self.list_of_tables(*tables, value)?,
                    None if name == "index" && LIST_KEYS.contains(&own) => {}
                    None => self.value(name, own, key.span().start, value)?,
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
            .enumerate()
            .find(|(_, setting)| setting.table == table && setting.key == key);
        let Some((index, setting)) = found else {
            let mut names: Vec<&str> = SETTINGS
                .iter()
                .filter(|s| s.table == table)
                .map(|s| s.key)
                .collect();
            if table == "index" {
                names.extend(TABLE_KEYS.iter().map(|(key, _)| *key));
                names.extend(LIST_KEYS);
            }
            return Err(self.config.error(
                at,
                unknown(&format!("unknown key `{key}` in `[{table}]`"), key, &names),
            ));
        };
        let text = match (&setting.kind, value.get_ref()) {
            (SettingKind::Switch, DeValue::Boolean(value)) => value.to_string(),
            (
                SettingKind::Count(_) | SettingKind::Size | SettingKind::Number(_),
                DeValue::Integer(number),
            ) => number.as_str().to_string(),
            (SettingKind::Number(_), DeValue::Float(number)) => number.as_str().to_string(),
            (
                SettingKind::Size | SettingKind::Name(_) | SettingKind::Languages,
                DeValue::String(text),
            ) => text.to_string(),
            (SettingKind::File, DeValue::String(text)) => self.file(value.span().start, text)?,
            _ => {
                return Err(self.config.error(
                    value.span().start,
                    format!("expected {}", setting.expected()),
                ));
            }
        };
        let start = value.span().start;
        let read = setting.read(&text);
        let value = read.map_err(|message| self.config.error(start, message))?;
        let (name, line) = (self.config.name, self.config.error(at, "").line);
        let chosen = ChosenValue {
            text,
            value,
            origin: SettingOrigin::File(format!("{name}:{line}")),
        };
        self.read.push((index, chosen));
        Ok(())
    }

    /// The path of a file that the configuration names at `at`: one in its folder.
    fn file(&self, at: usize, text: &str) -> Result<String, FileError> {
        let file = self.config.inside(at, Path::new(text))?;
        // A pipe that was found would be waited for.
        if fs::metadata(&file).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(self.config.error(at, format!("`{text}` is not a file")));
        }
        Ok(file.display().to_string())
    }

    /// The keys of a list of tables; what they hold is read elsewhere.
    fn list_of_tables(
        &self,
        (name, keys): (&str, &[&str]),
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), FileError> {
        let DeValue::Array(tables) = value.get_ref() else {
            return Err(self.config.error(
                value.span().start,
                format!("`{name}` is a list of tables: write `[[index.{name}]]`"),
            ));
        };
        for table in tables {
            let DeValue::Table(table) = table.get_ref() else {
                continue;
            };
            let stray = table
                .keys()
                .find(|key| !keys.contains(&key.get_ref().as_ref()));
            if let Some(key) = stray {
                let own = key.get_ref().as_ref();
                let message = unknown(
                    &format!("unknown key `{own}` in `[[index.{name}]]`"),
                    own,
                    keys,
                );
                return Err(self.config.error(key.span().start, &message));
            }
        }
        Ok(())
    }
}

/// The message with the nearest name, or with all of them where none is near.
fn unknown(message: &str, name: &str, names: &[&str]) -> String {
    format!("{message}; {}", did_you_mean(name, names))
}
