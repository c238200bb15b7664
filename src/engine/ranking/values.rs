//! The values that ranking may be given, and what a setting of one is.

use crate::query::Field;

/// The values that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// In place of [`super::K1`]; above 0.
    pub k1: f64,
    /// In place of [`super::FIELD_WEIGHTS`]; not below 0.
    pub field_weights: [f64; Field::COUNT],
    /// In place of [`super::FIELD_B`]; from 0 to 1.
    pub field_b: [f64; Field::MEASURED],
    /// In place of [`super::OTHER_FORM`]; from 0 to 1.
    pub other_form: f64,
    /// In place of [`super::PART`]; from 0 to 1.
    pub part: f64,
    /// In place of [`super::FUNCTION_WORDS`]; above 0.
    pub function_words: f64,
    /// In place of [`super::ALONE`]; not below 0.
    pub alone: f64,
    /// In place of [`super::COVER`]; not below 0.
    pub cover: [f64; 2],
    /// In place of [`super::FIRST`]; not below 0.
    pub first: f64,
    /// In place of [`super::NEARNESS`]; not below 0.
    pub nearness: f64,
    /// In place of [`super::COORDINATION`]; not below 0.
    pub coordination: f64,
}

/// A value of the ranking that a configuration may give.
#[derive(Debug)]
pub struct RankingSetting {
    /// Its key in the table `[ranking]`.
    pub key: &'static str,
    /// The least and the most that it may be.
    pub bounds: (f64, f64),
    /// The value where nothing else is said, as it would be written.
    pub default: &'static str,
    /// Sets it.
    pub set: fn(&mut Ranking, f64),
}
