//! What a page says of its article in JSON-LD. Broken data says nothing.
//!
//! Source: schema.org, `Article` and the types below it.

use serde_json::Value;

/// More data than this is not read, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// How deep lists and graphs are looked into for an article.
const MAX_DEPTH: usize = 4;

/// The endings of the types that are articles.
static TYPES: [&str; 6] = [
    "Article",
    "BlogPosting",
    "Report",
    "Posting",
    "Review",
    "Recipe",
];
/// The types that hold an article's page rather than an article.
static PAGE_TYPES: [&str; 2] = ["WebPage", "CreativeWork"];

/// What is said of an article.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) lang: Option<String>,
    pub(super) url: Option<String>,
    /// The text of the article, as it was written into the data.
    pub(super) body: Option<String>,
}

/// Reads one block of data; keeps what `said` already holds.
pub(super) fn read(json: &str, said: &mut Said) {
    if json.len() > MAX_BYTES {
        return;
    }
    // Line breaks inside strings are an error in JSON, and common in pages.
    let json = json.replace(char::is_control, " ");
    let Ok(value) = serde_json::from_str::<Value>(json.trim()) else {
        return;
    };
    let found = find(&value, &TYPES, 0).or_else(|| find(&value, &PAGE_TYPES, 0));
    if let Some(article) = found {
        take(article, said);
    }
}

fn find<'v>(value: &'v Value, types: &[&str], depth: usize) -> Option<&'v Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().find_map(|item| find(item, types, depth + 1)),
        Value::Object(object) if is_of(object.get("@type"), types) => Some(value),
        Value::Object(object) => ["@graph", "mainEntity", "mainEntityOfPage"]
            .iter()
            .find_map(|key| find(object.get(*key)?, types, depth + 1)),
        _ => None,
    }
}

fn is_of(value: Option<&Value>, types: &[&str]) -> bool {
    match value {
        Some(Value::String(name)) => types.iter().any(|known| name.ends_with(known)),
        Some(Value::Array(names)) => names.iter().any(|name| is_of(Some(name), types)),
        _ => false,
    }
}

fn take(article: &Value, said: &mut Said) {
    let text = |key: &str| article.get(key).and_then(plain);
    let set = |field: &mut Option<String>, value: Option<String>| {
        if field.is_none() {
            *field = value;
        }
    };
    set(&mut said.title, text("headline"));
    set(&mut said.date, text("datePublished"));
    if said.authors.is_empty() {
        said.authors = article.get("author").map(names).unwrap_or_default();
    }
    set(&mut said.lang, text("inLanguage"));
    set(&mut said.body, text("articleBody"));
    let page = article.get("mainEntityOfPage");
    let address = page.and_then(|p| p.get("@id").unwrap_or(p).as_str());
    let address = address.or_else(|| article.get("url")?.as_str());
    set(
        &mut said.url,
        address.filter(|a| a.contains("://")).map(str::to_string),
    );
}

/// A text, or the first of a list of them.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(items) => items.first()?.as_str()?,
        other => other.as_str()?,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_string())
}

/// The names of persons.
fn names(value: &Value) -> Vec<String> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let names = items
        .iter()
        .filter_map(|item| item.get("name").unwrap_or(item).as_str())
        .map(str::trim)
        .filter(|name| !name.is_empty() && !name.contains("://"));
    names.map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Said {
        let mut said = Said::default();
        read(json, &mut said);
        said
    }

    #[test]
    fn an_article_is_found_in_graphs_and_lists() {
        let article = r#"{"@type":["NewsArticle"],"headline":"H","datePublished":"2014-03-05","author":[{"name":"Ann"},"Bob",
            {"name":"https://x.y/z"}],"inLanguage":"en","mainEntityOfPage":{"@id":"https://x.y/a"},"articleBody":"Text."}"#;
        let expected = said(article);
        assert_eq!(expected.title.as_deref(), Some("H"));
        assert_eq!(expected.authors, ["Ann", "Bob"]);
        assert_eq!(expected.url.as_deref(), Some("https://x.y/a"));
        assert_eq!(expected.body.as_deref(), Some("Text."));
        let graph = format!(
            r#"{{"@context":"x","@graph":[{{"@type":"Organization","headline":"no"}},{article}]}}"#
        );
        assert_eq!(said(&graph), expected);
        assert_eq!(said(&format!("[{article}]")), expected);
    }

    #[test]
    fn broken_deep_and_other_data_say_nothing() {
        let deep = "[".repeat(100_000);
        for json in [
            "",
            "{",
            "{\"@type\":\"NewsArticle\",",
            "[1,null,{}]",
            deep.as_str(),
        ] {
            assert_eq!(said(json), Said::default());
        }
        assert_eq!(
            said(r#"{"@type":"Organization","headline":"x"}"#),
            Said::default()
        );
        assert_eq!(
            said(r#"{"@type":"Article","headline":7,"author":{"name":null}}"#),
            Said::default()
        );
    }
}
