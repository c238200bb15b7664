//! Front matter: the metadata above an article, in YAML or TOML. What cannot be read is no metadata; the article stays.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser};

use super::dates::read_date;
use super::one_line;
use crate::article::Metadata;

/// Longer front matter is not read, in bytes.
const MAX_BYTES: usize = 64 << 10;

/// Takes from YAML the scalars, and the lists of scalars, of its top level. Aliases are not expanded.
pub(in crate::format) fn read_yaml(text: &str, metadata: &mut Metadata) {
    if text.len() > MAX_BYTES {
        return;
    }
    let wanted = wanted_entries(text);
    let mut depth = 0u32;
    let mut key: Option<String> = None;
    let mut values: Vec<String> = Vec::new();
    for event in Parser::new_from_str(&wanted) {
        let Ok((event, _)) = event else { return };
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            Event::Scalar(value, ..) if depth == 1 && key.is_none() => {
                key = Some(value.into_owned());
                continue;
            }
            Event::Scalar(value, ..) if depth <= 2 => values.push(value.into_owned()),
            _ => {}
        }
        if depth == 1 {
            if let Some(key) = key.take() {
                set(metadata, &key, &values);
            }
            values.clear();
        }
    }
}

/// The keys that are read.
static KEYS: [&str; 9] = [
    "title",
    "author",
    "authors",
    "lang",
    "language",
    "date",
    "url",
    "canonical_url",
    "canonical",
];

/// The entries of a block mapping that have a wanted key, with the lines that go on with them: front matter can be
/// longer than its article. Anything but a block mapping is kept whole.
fn wanted_entries(text: &str) -> Cow<'_, str> {
    if text
        .trim_start()
        .starts_with(['{', '[', '"', '\'', '?', '%'])
    {
        return Cow::Borrowed(text);
    }
    let mut wanted = String::new();
    let mut is_wanted = false;
    for line in text.split_inclusive('\n') {
        let begins = !line.starts_with([' ', '\t', '-', '#', '\r', '\n']);
        if begins {
            let key = line.split(':').next().unwrap_or_default().trim_end();
            is_wanted = KEYS.iter().any(|wanted| key.eq_ignore_ascii_case(wanted));
        }
        if is_wanted {
            wanted.push_str(line);
        }
    }
    Cow::Owned(wanted)
}

/// Takes from TOML the scalars, and the lists of scalars, of its top level.
pub(in crate::format) fn read_toml(text: &str, metadata: &mut Metadata) {
    if text.len() > MAX_BYTES {
        return;
    }
    let Ok(table) = text.parse::<toml::Table>() else {
        return;
    };
    for (key, value) in &table {
        let values: Vec<String> = match value {
            toml::Value::Array(items) => items.iter().filter_map(toml_scalar).collect(),
            scalar => toml_scalar(scalar).into_iter().collect(),
        };
        set(metadata, key, &values);
    }
}

fn toml_scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        toml::Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

fn set(metadata: &mut Metadata, key: &str, values: &[String]) {
    let values: Vec<&str> = (values.iter().map(|v| v.trim()))
        .filter(|v| !v.is_empty())
        .collect();
    let joined = values.join(", ");
    if joined.is_empty() || joined == "null" || joined == "~" {
        return;
    }
    match key.to_ascii_lowercase().as_str() {
        "title" => metadata.title = one_line(&joined),
        "author" | "authors" => metadata.authors = values.into_iter().map(str::to_string).collect(),
        "lang" | "language" => metadata.lang = Some(joined.to_ascii_lowercase()),
        "date" => metadata.date = read_date(&joined).or(metadata.date.take()),
        "url" | "canonical_url" | "canonical" => metadata.url = Some(joined),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_gives_scalars_and_lists_and_keeps_its_bombs() {
        let mut m = Metadata::default();
        read_yaml(
            "title: 'A: B'\ndate: 2023-11-01 10:00\nauthors:\n  - Ann\n  - Bob\nnested:\n  title: no\nlang: EN\na: &a [x]\nb: [*a, *a]\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("A: B"));
        assert_eq!(m.date.as_deref(), Some("2023-11-01"));
        assert_eq!(m.authors, ["Ann", "Bob"]);
        assert_eq!(m.lang.as_deref(), Some("en"));
    }

    #[test]
    fn entries_that_nobody_asks_for_are_not_read() {
        let mut m = Metadata::default();
        read_yaml(
            "keys:\n- a\n- [b\ntitle: >\n  folded\n  title\nother: {x\nauthors:\n- Ann\n# c\n- Bob\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("folded title"));
        assert_eq!(m.authors, ["Ann", "Bob"]);
        read_yaml("{title: Flow, date: 2020}", &mut m);
        assert_eq!(
            (m.title.as_deref(), m.date.as_deref()),
            (Some("Flow"), Some("2020"))
        );
    }

    #[test]
    fn toml_gives_the_same() {
        let mut m = Metadata::default();
        read_toml(
            "title = 'A'\ndate = 2023-11-01T10:00:00Z\nauthors = ['Ann', 'Bob']\n[nested]\ntitle = 'no'\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("A"));
        assert_eq!(m.date.as_deref(), Some("2023-11-01"));
        assert_eq!(m.authors, ["Ann", "Bob"]);
    }

    #[test]
    fn broken_front_matter_is_no_metadata() {
        let mut m = Metadata::default();
        read_yaml("title: [unclosed\n: : :", &mut m);
        read_toml("title = ", &mut m);
        assert_eq!(m, Metadata::default());
    }
}
