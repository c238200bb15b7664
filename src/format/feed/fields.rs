//! The fields of a record: which one says what, and what it says.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

use crate::format::assembled::Assembled;
use crate::format::metadata::dates::read_date;
use crate::format::metadata::one_line;

use super::unescape::push_string;

/// From this number on a time counts milliseconds: the seconds of the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// The usual names of each field, the likeliest first.
pub(super) static ID: [&str; 4] = ["id", "_id", "guid", "key"];
pub(super) static TITLE: [&str; 4] = ["title", "headline", "name", "subject"];
pub(super) static BODY: [&str; 7] = [
    "body",
    "text",
    "content",
    "html",
    "message",
    "content_text",
    "content_html",
];
pub(super) static DATE: [&str; 7] = [
    "date",
    "published",
    "published_at",
    "created_at",
    "timestamp",
    "date_published",
    "pubDate",
];
/// Of the usual names those whose text is a page.
static PAGES: [&str; 2] = ["html", "content_html"];
pub(super) static AUTHOR: [&str; 3] = ["author", "byline", "creator"];
pub(super) static URL: [&str; 2] = ["url", "link"];
pub(super) static LANG: [&str; 2] = ["lang", "language"];

/// An object, its values unread.
type Object<'a> = BTreeMap<String, &'a RawValue>;

/// A record: an object on a line.
pub(super) struct RecordFields<'a> {
    line: &'a str,
    object: Object<'a>,
}

impl<'a> RecordFields<'a> {
    /// The object on `line`; `None` where it is none.
    pub(super) fn of(line: &'a str) -> Option<RecordFields<'a>> {
        let object = serde_json::from_str(line).ok()?;
        Some(RecordFields { line, object })
    }

    /// The value of the field `rule`, where there is a rule, else of the first of `usual` that has one.
    pub(super) fn find(&self, rule: Option<&str>, usual: &[&str]) -> Option<&'a RawValue> {
        let is_there = |value: &&RawValue| !matches!(value.get(), "null" | "\"\"");
        match rule {
            Some(path) => value_at(&self.object, path).filter(is_there),
            None => usual
                .iter()
                .filter_map(|name| self.object.get(*name).copied())
                .find(is_there),
        }
    }

    /// Whether nothing but its name says how the text of this value is read, and the name says that it is a page.
    pub(super) fn is_page(&self, value: &RawValue) -> bool {
        PAGES.iter().any(|name| {
            let own = self.object.get(*name);
            own.is_some_and(|own| std::ptr::eq(*own, value))
        })
    }

    /// Adds the text of a value, a string or a list of strings, each a paragraph, to `text`.
    pub(super) fn push_text(&self, value: &RawValue, text: &mut Assembled) {
        if value.get().starts_with('"') {
            push_string(text, self.line.as_bytes(), self.range(value));
        } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            for item in items.iter().filter(|item| item.get().starts_with('"')) {
                if !text.bytes().is_empty() {
                    let at = self.range(item).start;
                    text.push_unit(b"\n\n", at..at);
                }
                push_string(text, self.line.as_bytes(), self.range(item));
            }
        }
    }

    /// Where a value stands in the line.
    pub(super) fn range(&self, value: &RawValue) -> Range<usize> {
        let (all, own) = (self.line.as_ptr().addr(), value.get().as_ptr().addr());
        let start = own.saturating_sub(all).min(self.line.len());
        start..(start + value.get().len()).min(self.line.len())
    }
}

/// The value at a path: a field of that very name, dots included, else one in a nested object.
fn value_at<'a>(object: &Object<'a>, path: &str) -> Option<&'a RawValue> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    path.match_indices('.').find_map(|(dot, _)| {
        let (name, rest) = (path.get(..dot)?, path.get(dot + 1..)?);
        let inner: Object<'a> = serde_json::from_str(object.get(name)?.get()).ok()?;
        value_at(&inner, rest)
    })
}

/// A text on one line: of a string, a number or a truth; of a list the first that has one.
pub(super) fn line_of(value: &RawValue) -> Option<String> {
    let text = match value.get().as_bytes().first()? {
        b'"' => string_of(value),
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
            return items
                .iter()
                .copied()
                .filter(|v| !v.get().starts_with('['))
                .find_map(line_of);
        }
        b'{' => return None,
        _ => value.get().to_string(),
    };
    one_line(&text)
}

fn string_of(value: &RawValue) -> String {
    let mut text = Assembled::new(0);
    push_string(&mut text, value.get().as_bytes(), 0..value.get().len());
    String::from_utf8_lossy(text.bytes()).into_owned()
}

/// The names of authors: of a string, of an object its name, of a list all of them.
pub(super) fn authors_of(value: &RawValue) -> Vec<String> {
    let items: Vec<&RawValue> = match value.get().starts_with('[') {
        true => serde_json::from_str(value.get()).unwrap_or_default(),
        false => vec![value],
    };
    items.into_iter().filter_map(author_of).collect()
}

fn author_of(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'{' => {
            let object: Object<'_> = serde_json::from_str(value.get()).ok()?;
            let names = ["name", "display_name", "username", "login"];
            names.iter().find_map(|name| author_of(object.get(*name)?))
        }
        b'"' => line_of(value),
        _ => None,
    }
}

/// A date: as people and programs write it, or seconds or milliseconds since 1970.
pub(super) fn date_of(value: &RawValue) -> Option<String> {
    let text = line_of(value)?;
    if let Some(date) = read_date(&text) {
        return Some(date);
    }
    let seconds = text
        .parse::<f64>()
        .ok()
        .filter(|seconds| seconds.is_finite())? as i64;
    let seconds = match seconds.abs() >= MILLISECONDS_FROM {
        true => seconds / 1000,
        false => seconds,
    };
    day(seconds.div_euclid(SECONDS_A_DAY))
}

/// The day so many days after the first of January 1970.
///
/// Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`.
fn day(days: i64) -> Option<String> {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (1000..=9999)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> RecordFields<'_> {
        RecordFields::of(line).expect("an object")
    }

    #[test]
    fn rules_name_nested_fields_and_usual_names_are_guessed() {
        let line = r#"{"a":{"b.c":{"d":"deep"}},"a.x":"flat","title":"","name":"n","id":7}"#;
        let fields = fields(line);
        let text = |rule, usual: &[&str]| fields.find(rule, usual).and_then(line_of);
        assert_eq!(text(Some("a.b.c.d"), &[]).as_deref(), Some("deep"));
        assert_eq!(text(Some("a.x"), &[]).as_deref(), Some("flat"));
        assert_eq!(text(Some("a.y"), &TITLE), None);
        assert_eq!(text(None, &TITLE).as_deref(), Some("n"));
        assert_eq!(text(None, &ID).as_deref(), Some("7"));
        assert!(RecordFields::of("[1]").is_none() && RecordFields::of("{\"a\":}").is_none());
    }

    #[test]
    fn authors_and_dates_are_read_as_programs_write_them() {
        let line = r#"{"author":[{"name":"Ann  B"},"Cy",3],"d":1393932780,"m":"1393932780123","i":"2014-03-04T11:33:00Z","x":5}"#;
        let fields = fields(line);
        let authors = fields.find(None, &AUTHOR).map(authors_of);
        assert_eq!(authors.unwrap_or_default(), ["Ann B", "Cy"]);
        for name in ["d", "m", "i"] {
            let date = fields.find(Some(name), &[]).and_then(date_of);
            assert_eq!(date.as_deref(), Some("2014-03-04"), "{name}");
        }
        assert_eq!(day(0).as_deref(), Some("1970-01-01"));
        assert_eq!(day(11_016).as_deref(), Some("2000-02-29"));
    }
}
