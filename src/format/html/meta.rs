//! What a page says of its article: in JSON-LD, in `<meta>`, and in the markup of bylines and dates.

use super::element::Element;
use super::hints::Hints;
use super::json_ld::{self, Said};
use super::tree::Tree;
use crate::article::Metadata;
use crate::format::metadata::dates::read_date;

/// A longer byline is prose, in characters.
const MAX_BYLINE_CHARS: usize = 80;
/// How many nodes of a heading or a byline are read.
const MAX_TEXT_NODES: usize = 64;

/// What stands before a name in a byline, in lower case.
static BYLINE_FRONTS: [&str; 14] = [
    "written by ",
    "posted by ",
    "published by ",
    "reported by ",
    "story by ",
    "by: ",
    "by ",
    "author: ",
    "von ",
    "par ",
    "por ",
    "di ",
    "автор: ",
    "door ",
];

/// What stands after a name in a byline.
static BYLINE_BACKS: [&str; 4] = [" Published", " Updated", " Posted", " Last "];

/// What a page says in its head.
#[derive(Debug, Default)]
pub(super) struct PageSays {
    pub(super) data: Said,
    /// The title in Open Graph or a similar vocabulary.
    pub(super) title: Option<String>,
    /// The content of `<title>`.
    pub(super) head_title: Option<String>,
    pub(super) site: Option<String>,
    date: Option<String>,
    authors: Vec<String>,
    /// The key under which they are given: another one repeats them.
    authors_key: String,
    lang: Option<String>,
    locale: Option<String>,
    canonical: Option<String>,
    url: Option<String>,
}

/// Reads what the head and the data of a page say.
pub(super) fn said(tree: &Tree, text: &str) -> PageSays {
    let mut said = PageSays::default();
    for range in &tree.data {
        json_ld::read(text.get(range.clone()).unwrap_or_default(), &mut said.data);
    }
    said.data.title = said.data.title.take().map(|title| clean(&title));
    said.head_title = tree
        .title
        .clone()
        .and_then(|range| text.get(range))
        .map(clean)
        .filter(|title| !title.is_empty());
    for tag in &tree.tags {
        if let Some(lang) = tag.get("lang").or_else(|| tag.get("xml:lang")) {
            put(&mut said.lang, lang);
        }
        if let (Some("canonical"), Some(href)) = (tag.get("rel"), tag.get("href")) {
            put(&mut said.canonical, href);
        }
        let keys = ["property", "name", "itemprop", "http-equiv"];
        if let Some(content) = tag.get("content") {
            for key in keys.iter().filter_map(|key| tag.get(key)) {
                said.set(&key.to_ascii_lowercase(), content);
            }
        }
    }
    said
}

impl PageSays {
    fn set(&mut self, key: &str, content: &str) {
        match key {
            "og:title" | "twitter:title" | "dc.title" | "headline" => put(&mut self.title, content),
            "og:site_name" => put(&mut self.site, content),
            "author" | "article:author" | "dc.creator" | "parsely-author" | "sailthru.author" => {
                self.add_author(key, content);
            }
            "date"
            | "article:published_time"
            | "dc.date"
            | "dc.date.issued"
            | "datepublished"
            | "pubdate"
            | "publish-date"
            | "publishdate"
            | "publication_date"
            | "parsely-pub-date"
            | "sailthru.date"
            | "dcterms.created"
            | "og:published_time"
                if self.date.is_none() =>
            {
                self.date = read_date(content);
            }
            "og:url" => put(&mut self.url, content),
            "og:locale" => put(&mut self.locale, content),
            "content-language" => put(&mut self.locale, content),
            _ => {}
        }
    }

    fn add_author(&mut self, key: &str, content: &str) {
        let is_new = self.authors.is_empty() || self.authors_key == key;
        if let Some(name) = as_name(content).filter(|name| is_new && !self.authors.contains(name)) {
            self.authors.push(name);
            self.authors_key = key.to_string();
        }
    }
}

/// The metadata of a page whose content stands at `root`, but its title.
pub(super) fn metadata(
    tree: &Tree,
    text: &str,
    said: PageSays,
    is_dropped: &[bool],
    root: usize,
) -> Metadata {
    let lang = said.lang.or(said.data.lang).or(said.locale);
    let is_address = |url: &String| url.contains("://");
    let mut authors: Vec<String> = (said.data.authors.iter())
        .filter_map(|name| as_name(name))
        .collect();
    if authors.is_empty() {
        authors = said.authors;
    }
    if authors.is_empty() {
        authors.extend(byline(tree, text, root));
    }
    Metadata {
        title: None,
        date: said
            .data
            .date
            .and_then(|date| read_date(&date))
            .or(said.date)
            .or_else(|| marked_date(tree, is_dropped, root)),
        authors,
        lang: lang
            .map(|lang| lang.to_ascii_lowercase().replace('_', "-"))
            .filter(|lang| !lang.contains([',', ' '])),
        url: said
            .canonical
            .or(said.url.filter(is_address))
            .or(said.data.url),
    }
}

/// The first date of a `<time>` in or above the content.
fn marked_date(tree: &Tree, is_dropped: &[bool], root: usize) -> Option<String> {
    let end = tree.end(root);
    let times = tree.tags.iter().filter_map(|tag| {
        let value = tag.get("datetime").filter(|_| tag.at < end)?;
        Some((tag.at, read_date(value)?))
    });
    let times: Vec<(usize, String)> = times.collect();
    let is_seen = |at: usize| is_dropped.get(at) == Some(&false);
    let best = times.iter().find(|(at, _)| is_seen(*at));
    best.or(times.first()).map(|(_, date)| date.clone())
}

/// The author that a byline names, in or above the content.
fn byline(tree: &Tree, text: &str, root: usize) -> Option<String> {
    let is_byline = |at: &usize| {
        let hints = tree.node(*at).hints;
        hints.any(Hints::AUTHOR) && !hints.any(Hints::COMMENTS)
    };
    (0..tree.end(root))
        .filter(is_byline)
        .find_map(|at| as_name(&node_text(tree, text, &[], at)))
}

/// A name without `By` before it; `None` for what is an address, or too long for a name.
fn as_name(text: &str) -> Option<String> {
    // After the name stand a date, an address, a job.
    let ends = |c: char| c.is_ascii_digit() || matches!(c, '|' | '•' | '·' | '@');
    let front = text.trim_start().split(ends).next().unwrap_or_default();
    let mut name = clean(front);
    for front in BYLINE_FRONTS {
        if let Some(start) = name.get(..front.len())
            && start.to_lowercase() == front
        {
            name = name[front.len()..].trim().to_string();
            break;
        }
    }
    for back in BYLINE_BACKS {
        if let Some((front, _)) = name.split_once(back) {
            name = front.to_string();
        }
    }
    let is_name = name.chars().count() <= MAX_BYLINE_CHARS
        && name.chars().any(char::is_alphabetic)
        && !text.contains("://");
    is_name.then_some(name)
}

fn put(field: &mut Option<String>, value: &str) {
    let value = clean(value);
    if field.is_none() && !value.is_empty() {
        *field = Some(value);
    }
}

/// Text with its character references read, its white space folded, and without hints of where lines may break.
fn clean(text: &str) -> String {
    let text = htmlize::unescape(text).replace(['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text under a node without what is dropped, as a title or a name.
pub(super) fn node_text(tree: &Tree, text: &str, is_dropped: &[bool], at: usize) -> String {
    let mut raw = String::new();
    let kept = (at..tree.end(at)).filter(|&n| is_dropped.get(n) != Some(&true));
    for n in kept.take(MAX_TEXT_NODES) {
        match tree.node(n).element {
            Element::Text => raw.push_str(text.get(tree.span(n)).unwrap_or_default()),
            Element::Break => raw.push(' '),
            element if element.is_block() => raw.push(' '),
            _ => {}
        }
    }
    clean(&raw)
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

    fn authors(head: &str) -> Vec<String> {
        let page = format!("<html><head>{head}</head><body><p>Some text.</p></body></html>");
        read_str("html", &page).metadata.authors
    }

    #[test]
    fn each_tag_of_one_vocabulary_names_an_author_and_strings_are_not_parted() {
        let head = "<meta name=author content='Ann Berg'><meta name=author content='Lee, Bo'>\
                    <meta name=author content='Ann Berg'><meta property='article:author' content='A. Berg'>";
        assert_eq!(authors(head), ["Ann Berg", "Lee, Bo"]);
        let data = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":\
                    [{\"name\":\"By Cy\"},{\"name\":\"Eva and Ed\"}]}</script>";
        assert_eq!(authors(&format!("{head}{data}")), ["Cy", "Eva and Ed"]);
    }
}
