//! What a configuration that was found, not named, may not raise: a stranger may have written it.

use super::{Kind, LIMITS, Origin, SETTINGS, Setting, Settings};
use crate::cli::args::parse_size;

impl Setting {
    /// A value that is a count or a size.
    pub(super) fn amount(&self, text: &str) -> Option<u64> {
        match self.kind {
            Kind::Size => parse_size(text).ok(),
            _ => text.replace('_', "").parse().ok(),
        }
    }
}

impl Settings {
    /// Puts the limits of queries that the file raised back to their defaults, and says so of each: a file that was not
    /// named may only lower them.
    pub(in crate::cli) fn lower_only(&mut self) -> Vec<String> {
        let mut raised = Vec::new();
        for (setting, value) in SETTINGS.iter().zip(&mut self.values) {
            let (text, Origin::File(place)) = &value else {
                continue;
            };
            if setting.table == LIMITS && setting.amount(text) > setting.amount(setting.default) {
                raised.push(format!(
                    "{place}: `{}` stays at {}; only a configuration that is named raises it (--config)",
                    setting.key, setting.default
                ));
                *value = (setting.default.to_string(), Origin::Default);
            }
        }
        raised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_found_only_lowers() {
        let mut set = Settings::new();
        let text =
            "[limits]\nmax-forms = 5\nmax-postings = 9_000_000_000\nmax-query-memory = '2G'\n";
        set.take_file("x.toml", text).expect("a good file");
        let raised = set.lower_only();
        assert_eq!(
            raised[0],
            "x.toml:3: `max-postings` stays at 4000000000; only a configuration that is named raises it (--config)"
        );
        assert!(
            raised.len() == 2 && raised[1].starts_with("x.toml:4: `max-query-memory` stays at 1G")
        );
        assert_eq!(set.flags("query"), ["--max-forms=5"]);
    }
}
