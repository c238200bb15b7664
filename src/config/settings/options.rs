//! The options that settings make.

use super::Settings;
use super::table::Value;
use crate::engine::ranking::Ranking;
use crate::format::GivenLimits;

impl Settings {
    /// The limits that were set.
    pub(in crate::config) fn limits(&self) -> GivenLimits {
        let count = |key: &str| match self.given("index", key) {
            Some(Value::Count(count)) => Some(*count),
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
        let number = |key: &str| match self.given("ranking", key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let mut ranking = Ranking::default();
        let [title, heading, _] = &mut ranking.field_weights;
        let [title_cover, heading_cover] = &mut ranking.cover;
        let values = [
            ("k1", &mut ranking.k1),
            ("title-weight", title),
            ("heading-weight", heading),
            ("other-form", &mut ranking.other_form),
            ("function-words", &mut ranking.function_words),
            ("alone", &mut ranking.alone),
            ("title-cover", title_cover),
            ("first-cover", &mut ranking.first),
            ("heading-cover", heading_cover),
            ("nearness", &mut ranking.nearness),
            ("coordination", &mut ranking.coordination),
        ];
        for (key, value) in values {
            *value = number(key).unwrap_or(*value);
        }
        if let Some(b) = number("b") {
            ranking.field_b = [b; 3];
        }
        ranking
    }
}
