//! Settings: defaults that a configuration file or the environment may change. One table holds them all; what reads,
//! checks, applies and shows them derives from it.

mod chosen;
mod defaults;
mod file;
mod lowered;
mod options;
mod table;

use self::chosen::{ChosenValue, SettingOrigin};
pub(crate) use self::defaults::CommandDefaults;
use self::file::read_settings;
use self::table::{SETTINGS, Setting, SettingValue};
use super::error::ConfigError;
use super::text::ConfigText;
use crate::source::FileError;

/// What was set, in the order of [`SETTINGS`]; `None` of a setting that has its default.
#[derive(Debug, Clone)]
pub(crate) struct ChosenSettings {
    chosen: Vec<Option<ChosenValue>>,
}

impl ChosenSettings {
    /// The defaults.
    pub(super) fn new() -> ChosenSettings {
        ChosenSettings {
            chosen: vec![None; SETTINGS.len()],
        }
    }

    /// Takes what a file says.
    pub(super) fn take_file(&mut self, config: ConfigText<'_>) -> Result<(), FileError> {
        for (index, chosen) in read_settings(config)? {
            if let Some(own) = self.chosen.get_mut(index) {
                *own = Some(chosen);
            }
        }
        Ok(())
    }

    /// Takes what the environment says.
    pub(super) fn take_environment(
        &mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(), ConfigError> {
        for (setting, chosen) in SETTINGS.iter().zip(&mut self.chosen) {
            let name = setting.variable();
            let Some(mut text) = variable(&name).filter(|text| !text.is_empty()) else {
                continue;
            };
            if setting.key == "refresh" && text == "never" {
                text = "false".to_string();
            }
            let value = match setting.read(&text) {
                Ok(value) => value,
                Err(message) => return Err(ConfigError::Variable { name, message }),
            };
            *chosen = Some(ChosenValue {
                text,
                value,
                origin: SettingOrigin::Environment(name),
            });
        }
        Ok(())
    }

    /// Each setting with its value, as it is written, and where that came from.
    pub(crate) fn all<'a>(
        &'a self,
    ) -> impl Iterator<Item = (&'static Setting, &'a str, &'a SettingOrigin)> {
        let shown = |(setting, chosen): (&'static Setting, &'a Option<ChosenValue>)| match chosen {
            Some(chosen) => (setting, chosen.text.as_str(), &chosen.origin),
            None => (setting, setting.default, &SettingOrigin::Default),
        };
        SETTINGS.iter().zip(&self.chosen).map(shown)
    }

    /// What was set in place of a default.
    fn chosen(&self) -> impl Iterator<Item = (&'static Setting, &ChosenValue)> {
        let all = SETTINGS.iter().zip(&self.chosen);
        all.filter_map(|(setting, chosen)| Some((setting, chosen.as_ref()?)))
    }

    /// The value of a setting where it was set.
    fn given(&self, table: &str, key: &str) -> Option<&SettingValue> {
        let is_meant = |setting: &Setting| setting.table == table && setting.key == key;
        let mut all = self.chosen();
        all.find_map(|(setting, chosen)| is_meant(setting).then_some(&chosen.value))
    }

    /// Whether a setting was set to this name.
    pub(super) fn is_named(&self, table: &str, key: &str, name: &str) -> bool {
        matches!(self.given(table, key), Some(SettingValue::Name(own)) if *own == name)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::table::LIMITS;
    use super::*;
    use crate::engine::QueryLimits;
    use crate::engine::ranking::Ranking;
    use crate::format::Limits;

    fn take(set: &mut ChosenSettings, text: &str) -> Result<(), FileError> {
        set.take_file(ConfigText {
            name: "x.toml",
            text,
            current: Path::new(""),
        })
    }

    #[test]
    fn defaults_are_those_of_the_code() {
        let mut set = ChosenSettings::new();
        for (setting, chosen) in SETTINGS.iter().zip(&mut set.chosen) {
            let value = setting.read(setting.default).expect(setting.key);
            *chosen = Some(ChosenValue {
                text: setting.default.to_string(),
                value,
                origin: SettingOrigin::Environment(String::new()),
            });
        }
        assert_eq!(set.limits().limits(), Limits::default());
        assert_eq!(set.ranking(), Ranking::default());
        let limits = QueryLimits::default();
        let values = [limits.forms, limits.postings, limits.memory_bytes];
        let own = SETTINGS.iter().filter(|setting| setting.table == LIMITS);
        assert!(own.map(Setting::default_amount).eq(values.map(Some)));
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let mut set = ChosenSettings::new();
        let text = "[query]\nlimit = 1_000\nany = true\nformat = 'csv'\n[ranking]\nk1 = 2\n";
        take(&mut set, text).expect("a good file");
        let variable = |name: &str| match name {
            "EXCERPT_LIMIT" => Some("5".to_string()),
            "EXCERPT_REFRESH" => Some("never".to_string()),
            _ => None,
        };
        set.take_environment(variable).expect("good values");
        let query = set.defaults_of("query");
        assert_eq!((query.any, query.format), (Some(true), Some("csv")));
        assert_eq!((query.limit, query.refresh), (Some(5), Some(false)));
        let quote = CommandDefaults {
            refresh: Some(false),
            ..CommandDefaults::default()
        };
        assert_eq!(set.defaults_of("quote"), quote);
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
            let error = take(&mut ChosenSettings::new(), text)
                .expect_err(text)
                .to_string();
            assert!(
                error.starts_with(&format!("x.toml:{message}")) && !error.contains('\n'),
                "{text:?}: {error}"
            );
        }
    }
}
