//! Metadata above an article in other forms than YAML and TOML between marks: a JSON object, `Key: value` lines, `%` lines.
//!
//! Source: Hugo, front matter in JSON; MultiMarkdown 6, metadata; Pandoc's manual, extension `pandoc_title_block`.

use super::front_matter::{is_key, set};
use crate::article::Metadata;

/// A longer block is text, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// Reads what stands above the article, and says how many bytes it takes; 0 where there is nothing of the kind.
pub(in crate::format) fn read_head_block(text: &str, metadata: &mut Metadata) -> usize {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let rest = &text[start..];
    let len = match rest.as_bytes().first() {
        Some(b'{') => read_json(rest, metadata),
        Some(b'%') => read_percent_lines(rest, metadata),
        Some(b'a'..=b'z' | b'A'..=b'Z') => read_key_lines(rest, metadata),
        _ => None,
    };
    len.map_or(0, |len| start + len)
}

fn read_json(text: &str, metadata: &mut Metadata) -> Option<usize> {
    let window = (0..4).find_map(|less| text.get(..MAX_BYTES - less));
    let window = window.unwrap_or(text);
    let values = serde_json::Deserializer::from_str(window);
    let mut values = values.into_iter::<serde_json::Map<String, serde_json::Value>>();
    let entries = values.next()?.ok()?;
    let len = values.byte_offset();
    entries.keys().any(|key| is_key(key)).then_some(())?;
    for (key, value) in &entries {
        let mut texts = Vec::new();
        flatten(value, &mut texts);
        set(metadata, key, &texts);
    }
    Some(len)
}

fn flatten(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Number(number) => out.push(number.to_string()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| flatten(item, out)),
        serde_json::Value::Object(entries) => {
            if let Some(name) = entries.get("name") {
                flatten(name, out);
            }
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

/// `% Title`, `% Author; Author`, `% Date`.
fn read_percent_lines(text: &str, metadata: &mut Metadata) -> Option<usize> {
    let mut len = 0;
    let mut fields: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        if let Some(field) = content.strip_prefix('%') {
            let is_field = field.is_empty() || field.starts_with(' ');
            (is_field && fields.len() < 3).then_some(())?;
            fields.push(field.trim().to_string());
        } else if content.starts_with("  ") && !fields.is_empty() {
            let last = fields.last_mut()?;
            last.push(' ');
            last.push_str(content.trim());
        } else {
            break;
        }
        len += line.len();
    }
    let [title, authors, date] = std::array::from_fn(|i| fields.get(i).cloned());
    let authors = authors.unwrap_or_default();
    let authors: Vec<String> = authors
        .split(';')
        .map(|name| name.trim().to_string())
        .collect();
    set(metadata, "title", &[title?]);
    set(metadata, "author", &authors);
    set(metadata, "date", &[date.unwrap_or_default()]);
    Some(len)
}

/// `Title: …`, `Author: …`: the first one, or two of them, have keys that are known: else it is text.
fn read_key_lines(text: &str, metadata: &mut Metadata) -> Option<usize> {
    let (entries, len) = key_lines(text)?;
    let known = entries.iter().filter(|(key, _)| is_key(key)).count();
    let begins_so = entries.first()?.0.eq_ignore_ascii_case("title");
    (begins_so || known >= 2).then_some(())?;
    for (key, value) in entries {
        set(metadata, key, &[value]);
    }
    Some(len)
}

/// The lines `Key: value` from the first one up to a blank line, each with the lines that are indented below it, and how
/// many bytes they take. `None` where there is another line among them.
pub(in crate::format) fn key_lines(text: &str) -> Option<(Vec<(&str, String)>, usize)> {
    let mut entries: Vec<(&str, String)> = Vec::new();
    let mut len = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        if content.is_empty() {
            break;
        }
        (len + line.len() <= MAX_BYTES).then_some(())?;
        if content.starts_with([' ', '\t']) {
            let (_, value) = entries.last_mut()?;
            value.push(' ');
            value.push_str(content.trim());
        } else {
            let (key, value) = content.split_once(':')?;
            let is_name = key
                .chars()
                .all(|c| c.is_alphanumeric() || " -_.".contains(c));
            let is_value = value.is_empty() || value.starts_with([' ', '\t']);
            (is_name && !key.is_empty() && key.len() <= 40 && is_value).then_some(())?;
            entries.push((key, value.trim().to_string()));
        }
        len += line.len();
    }
    (!entries.is_empty()).then_some((entries, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_key_lines_and_percent_lines_are_read() {
        for (text, body) in [
            (
                "{\n \"title\": \"The quay\",\n \"authors\": [{\"name\": \"Ann Berg\"}],\n \"date\": \"2023-04-05\"\n}\n\nText.\n",
                "\n\nText.\n",
            ),
            (
                "Title: The quay\nAuthor: Ann\n  Berg\nDate: 2023-04-05\nKeywords: x\n\nText.\n",
                "\nText.\n",
            ),
            (
                "% The\n  quay\n% Ann Berg\n% 2023-04-05\n\nText.\n",
                "\nText.\n",
            ),
        ] {
            let mut metadata = Metadata::default();
            let len = read_head_block(text, &mut metadata);
            assert_eq!(&text[len..], body);
            assert_eq!(metadata.title.as_deref(), Some("The quay"), "{text}");
            assert_eq!(metadata.authors, ["Ann Berg"], "{text}");
            assert_eq!(metadata.date.as_deref(), Some("2023-04-05"), "{text}");
        }
    }

    #[test]
    fn text_is_no_metadata() {
        for text in [
            "Note: this is text.\n",
            "By the quay: ships.\nMore text.\n",
            "{ x } is a set\n",
            "{\"a\": 1}\n",
            "%d is a format\n",
            "Date: to be said\n\nText.\n",
            "http://a.b: c\n",
        ] {
            let mut metadata = Metadata::default();
            assert_eq!(read_head_block(text, &mut metadata), 0, "{text}");
            assert_eq!(metadata, Metadata::default(), "{text}");
        }
    }
}
