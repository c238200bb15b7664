//! What settings say in place of the defaults of a command's arguments.

use std::path::PathBuf;

use super::ChosenSettings;
use super::chosen::{ChosenValue, SettingOrigin};
use super::table::{LIMITS, Setting, SettingValue};
use crate::config::values::{Color, LanguageChoice};
use crate::engine::Sort;

/// Which settings of `[query]` the commands take.
const APPLIES: [(&str, &[&str]); 5] = [
    (
        "query",
        &[
            "any", "plain", "phrase", "exact", "limit", "passages", "width", "sort", "format",
            "color", "scores", "lang", "aliases", "refresh", "strict",
        ],
    ),
    ("check", &["lang", "aliases", "refresh", "strict"]),
    ("eval", &["lang", "aliases", "refresh", "strict"]),
    ("quote", &["refresh"]),
    ("explain", &["lang", "aliases", "refresh"]),
];

/// The commands that give verdicts.
const VERDICTS: [&str; 3] = ["check", "eval", "quote"];

/// What settings say in place of the defaults of a command's arguments; `None` where they say nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CommandDefaults {
    pub(crate) any: Option<bool>,
    pub(crate) plain: Option<bool>,
    pub(crate) phrase: Option<bool>,
    pub(crate) exact: Option<bool>,
    pub(crate) limit: Option<usize>,
    pub(crate) passages: Option<u16>,
    /// In characters.
    pub(crate) width: Option<u32>,
    pub(crate) sort: Option<Sort>,
    pub(crate) format: Option<&'static str>,
    pub(crate) color: Option<Color>,
    pub(crate) scores: Option<bool>,
    pub(crate) lang: Option<Vec<LanguageChoice>>,
    pub(crate) aliases: Option<PathBuf>,
    pub(crate) refresh: Option<bool>,
    pub(crate) strict: Option<bool>,
    pub(crate) max_forms: Option<u64>,
    pub(crate) max_postings: Option<u64>,
    /// In bytes.
    pub(crate) max_query_memory: Option<u64>,
}

impl ChosenSettings {
    /// What stands in place of the defaults of a command's arguments.
    pub(crate) fn defaults_of(&self, command: &str) -> CommandDefaults {
        let keys = APPLIES
            .iter()
            .find(|(name, _)| *name == command)
            .map_or(&[][..], |(_, keys)| *keys);
        // Those of the environment come behind those of the file, so that they win where two exclude each other.
        let is_of_file = |chosen: &ChosenValue| matches!(chosen.origin, SettingOrigin::File(_));
        // A verdict rests on files as they are, whatever a file in their folder says.
        let may_say = |setting: &Setting, chosen: &ChosenValue| {
            !(is_of_file(chosen) && setting.key == "refresh" && VERDICTS.contains(&command))
        };
        let own = self.chosen().filter(|(setting, chosen)| {
            let is_taken = match setting.table {
                "query" => keys.contains(&setting.key),
                table => table == LIMITS,
            };
            is_taken && may_say(setting, chosen)
        });
        let (of_file, others): (Vec<_>, Vec<_>) = own.partition(|(_, chosen)| is_of_file(chosen));
        let mut defaults = CommandDefaults::default();
        for (setting, chosen) in of_file.into_iter().chain(others) {
            defaults.take(setting.key, &chosen.value);
        }
        defaults
    }
}

impl CommandDefaults {
    fn take(&mut self, key: &str, value: &SettingValue) {
        match value {
            SettingValue::Switch(on) => self.take_switch(key, *on),
            SettingValue::Count(count) => self.take_count(key, *count),
            SettingValue::Name(name) => self.take_name(key, name),
            SettingValue::Languages(languages) => self.lang = Some(languages.clone()),
            SettingValue::File(file) => self.aliases = Some(file.clone()),
            // Those are of the ranking.
            SettingValue::Number(_) => {}
        }
    }

    fn take_switch(&mut self, key: &str, on: bool) {
        match key {
            "any" => self.any = Some(on),
            "plain" => self.plain = Some(on),
            "phrase" => self.phrase = Some(on),
            "exact" => self.exact = Some(on),
            "scores" => self.scores = Some(on),
            "refresh" => self.refresh = Some(on),
            "strict" => self.strict = Some(on),
            _ => {}
        }
        // The two exclude each other; the later one holds.
        match (key, on) {
            ("plain", true) => self.phrase = None,
            ("phrase", true) => self.plain = None,
            _ => {}
        }
    }

    fn take_count(&mut self, key: &str, count: u64) {
        match key {
            "limit" => self.limit = usize::try_from(count).ok(),
            "passages" => self.passages = u16::try_from(count).ok(),
            "width" => self.width = u32::try_from(count).ok(),
            "max-forms" => self.max_forms = Some(count),
            "max-postings" => self.max_postings = Some(count),
            "max-query-memory" => self.max_query_memory = Some(count),
            _ => {}
        }
    }

    fn take_name(&mut self, key: &str, name: &'static str) {
        match (key, name) {
            ("format", _) => self.format = Some(name),
            ("sort", "score") => self.sort = Some(Sort::Score),
            ("sort", "path") => self.sort = Some(Sort::Path),
            ("sort", "date") => self.sort = Some(Sort::Date),
            ("color", "auto") => self.color = Some(Color::Auto),
            ("color", "always") => self.color = Some(Color::Always),
            ("color", "never") => self.color = Some(Color::Never),
            _ => {}
        }
    }
}
