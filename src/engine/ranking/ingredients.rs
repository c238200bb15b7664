//! The table of the ingredients: their values where nothing else is said, and their settings.

use super::alone::ALONE;
use super::coordination::COORDINATION;
use super::cover::{COVER, FIRST};
use super::forms::{OTHER_FORM, PART};
use super::frequency::{FIELD_B, FIELD_WEIGHTS, K1};
use super::function_words::FUNCTION_WORDS;
use super::nearness::NEARNESS;
use super::values::{Ranking, RankingSetting};

impl Default for Ranking {
    fn default() -> Ranking {
        Ranking {
            k1: K1,
            field_weights: FIELD_WEIGHTS,
            field_b: FIELD_B,
            other_form: OTHER_FORM,
            part: PART,
            function_words: FUNCTION_WORDS,
            alone: ALONE,
            cover: COVER,
            first: FIRST,
            nearness: NEARNESS,
            coordination: COORDINATION,
        }
    }
}

/// The settings, ingredient by ingredient.
pub fn settings() -> impl Iterator<Item = &'static RankingSetting> {
    let of_ingredients: [&[RankingSetting]; 7] = [
        &super::frequency::SETTINGS,
        &super::forms::SETTINGS,
        &super::function_words::SETTINGS,
        &super::alone::SETTINGS,
        &super::cover::SETTINGS,
        &super::nearness::SETTINGS,
        &super::coordination::SETTINGS,
    ];
    of_ingredients.into_iter().flatten()
}
