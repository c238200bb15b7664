//! The options that settings make.

use super::ChosenSettings;
use super::table::SettingValue;
use crate::engine::ranking::{Ranking, settings};
use crate::format::GivenLimits;

impl ChosenSettings {
    /// The limits that were set.
    pub(in crate::config) fn limits(&self) -> GivenLimits {
        let count = |key: &str| match self.given("index", key) {
            Some(SettingValue::Count(count)) => Some(*count),
            _ => None,
        };
        GivenLimits {
            max_filesize: count("max-filesize"),
            max_nesting: count("max-nesting"),
            max_elements: count("max-elements"),
            max_sections: count("max-sections"),
            max_steps: count("max-steps"),
        }
    }

    /// What scores are made with.
    pub(crate) fn ranking(&self) -> Ranking {
        let mut ranking = Ranking::default();
        for setting in settings() {
            if let Some(SettingValue::Number(number)) = self.given("ranking", setting.key) {
                (setting.set)(&mut ranking, *number);
            }
        }
        ranking
    }
}
