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
    pub(super) name: Option<String>,
    pub(super) date: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) publisher: Option<String>,
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
    let json = unwrapped(&json);
    let Ok(value) = serde_json::from_str::<Value>(json) else {
        return take_from_broken(json, said);
    };
    let found = find(&value, &TYPES, 0).or_else(|| find(&value, &PAGE_TYPES, 0));
    if let Some(article) = found {
        take(article, said);
    }
}

/// The data without the comment that hides it from old programs, and without what ends a statement.
fn unwrapped(json: &str) -> &str {
    let is_around = |c: char| c.is_whitespace() || matches!(c, '/' | '*' | ';');
    let mut json = json.trim_matches(is_around);
    for (front, back) in [("<!--", "-->"), ("<![CDATA[", "]]>")] {
        json = json.strip_prefix(front).unwrap_or(json);
        json = json.strip_suffix(back).unwrap_or(json);
        json = json.trim_matches(is_around);
    }
    json
}

/// Takes what one can be sure of from data with a fault somewhere: strings behind the keys of an article alone.
fn take_from_broken(json: &str, said: &mut Said) {
    let is_article = |kind: String| is_of(Some(&Value::String(kind)), &TYPES);
    if !string_behind(json, "@type").is_some_and(is_article) {
        return;
    }
    let set = |field: &mut Option<String>, key: &str| {
        if field.is_none() {
            *field = string_behind(json, key);
        }
    };
    set(&mut said.title, "headline");
    set(&mut said.date, "datePublished");
    set(&mut said.modified, "dateModified");
}

/// The string that is the value of the first such key.
fn string_behind(json: &str, key: &str) -> Option<String> {
    let (_, behind) = json.split_once(&format!("\"{key}\""))?;
    let value = behind.trim_start().strip_prefix(':')?.trim_start();
    let mut strings = serde_json::Deserializer::from_str(value).into_iter::<String>();
    strings.next()?.ok().filter(|text| !text.trim().is_empty())
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
    set(&mut said.name, text("name"));
    let published = text("datePublished").or_else(|| text("dateCreated"));
    set(&mut said.date, published);
    set(&mut said.modified, text("dateModified"));
    for key in ["author", "creator"] {
        if said.authors.is_empty() {
            said.authors = article.get(key).map(names).unwrap_or_default();
        }
    }
    set(&mut said.publisher, article.get("publisher").and_then(name));
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

/// How deep names stand in lists and in objects.
const MAX_NAME_DEPTH: usize = 3;

/// The names of the persons; of organizations only where there are no persons.
fn names(value: &Value) -> Vec<String> {
    let mut items = Vec::new();
    flatten(value, 0, &mut items);
    let is_person = |item: &&Value| !is_of(item.get("@type"), &["Organization"]);
    let persons: Vec<String> = items
        .iter()
        .copied()
        .filter(is_person)
        .filter_map(name)
        .collect();
    match persons.is_empty() {
        true => items.into_iter().filter_map(name).collect(),
        false => persons,
    }
}

fn flatten<'v>(value: &'v Value, depth: usize, items: &mut Vec<&'v Value>) {
    match value {
        Value::Array(inner) if depth < MAX_NAME_DEPTH => {
            for item in inner {
                flatten(item, depth + 1, items);
            }
        }
        Value::Array(_) => {}
        one => items.push(one),
    }
}

/// The name of one person: a string, `name`, which may be an object or a list itself, or its parts.
fn name(person: &Value) -> Option<String> {
    let mut value = person;
    for _ in 0..MAX_NAME_DEPTH {
        value = match value {
            Value::Object(object) => {
                let known = ["name", "@value"].iter().find_map(|key| object.get(*key));
                let Some(known) = known else { break };
                known
            }
            Value::Array(items) => items.first()?,
            _ => break,
        };
    }
    let text = match value.as_str() {
        Some(text) => text.to_string(),
        None => {
            let part = |key: &str| person.get(key).and_then(Value::as_str);
            let parts = [
                part("givenName"),
                part("additionalName"),
                part("familyName"),
            ];
            let parts: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
            parts.join(" ")
        }
    };
    let text = text.trim();
    (!text.is_empty() && !text.contains("://")).then(|| text.to_string())
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
    fn data_with_a_fault_or_in_a_comment_is_read_as_far_as_it_is_sure() {
        let broken = said(
            r#"{"@type":"NewsArticle","headline":"A \"B\"","author":{"name":"Ann",},"datePublished": "2014-03-05"}"#,
        );
        assert_eq!(broken.title.as_deref(), Some("A \"B\""));
        assert_eq!(broken.date.as_deref(), Some("2014-03-05"));
        let data = r#"{"@type":"Article","headline":"H"}"#;
        for wrapped in [
            format!("//<![CDATA[\n{data}\n//]]>"),
            format!("<!-- {data} -->"),
            format!("{data};"),
        ] {
            assert_eq!(said(&wrapped).title.as_deref(), Some("H"), "{wrapped}");
        }
    }

    #[test]
    fn broken_deep_and_other_data_say_nothing() {
        let deep = "[".repeat(100_000);
        for json in [
            "",
            "{",
            "{\"@type\":\"NewsArticle\",",
            "{\"@type\":\"Organization\",\"headline\":\"x\",}",
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
