//! What a configuration that was found, not named, may not raise: a stranger may have written it.

use super::ChosenSettings;
use super::chosen::SettingOrigin;
use super::table::{LIMITS, SETTINGS, Setting, SettingValue};

impl Setting {
    /// The default, where that is a count or a size.
    pub(super) fn default_amount(&self) -> Option<u64> {
        match self.read(self.default) {
            Ok(SettingValue::Count(count)) => Some(count),
            _ => None,
        }
    }
}

impl ChosenSettings {
    /// Puts the limits of queries that the file raised back to their defaults, and says so of each: a file that was not
    /// named may only lower them.
    pub(in crate::config) fn lower_only(&mut self) -> Vec<String> {
        let mut raised = Vec::new();
        for (setting, chosen) in SETTINGS.iter().zip(&mut self.chosen) {
            let Some((SettingOrigin::File(place), SettingValue::Count(amount))) = chosen
                .as_ref()
                .map(|chosen| (&chosen.origin, &chosen.value))
            else {
                continue;
            };
            if setting.table == LIMITS && Some(*amount) > setting.default_amount() {
                raised.push(format!(
                    "{place}: `{}` stays at {}; only a configuration that is named raises it (--config)",
                    setting.key, setting.default
                ));
                *chosen = None;
            }
        }
        raised
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::settings::CommandDefaults;
    use crate::config::text::ConfigText;

    #[test]
    fn a_file_that_was_found_only_lowers() {
        let mut set = ChosenSettings::new();
        let text =
            "[limits]\nmax-forms = 5\nmax-postings = 9_000_000_000\nmax-query-memory = '2G'\n";
        let config = ConfigText {
            name: "x.toml",
            text,
            current: Path::new(""),
        };
        set.take_file(config).expect("a good file");
        let raised = set.lower_only();
        assert_eq!(
            raised[0],
            "x.toml:3: `max-postings` stays at 4000000000; only a configuration that is named raises it (--config)"
        );
        assert!(
            raised.len() == 2 && raised[1].starts_with("x.toml:4: `max-query-memory` stays at 1G")
        );
        let lowered = CommandDefaults {
            max_forms: Some(5),
            ..CommandDefaults::default()
        };
        assert_eq!(set.defaults_of("query"), lowered);
    }
}
