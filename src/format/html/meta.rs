//! What a page says of its article: in JSON-LD, in `<meta>`, and in the markup of bylines and dates.

use super::author_names::{as_name, has_front, is_company};
use super::byline;
use super::dateline;
use super::json_ld::{self, Said};
use super::node_text::{clean, front};
use super::pieces::PagePiece;
use super::surroundings::Surroundings;
use super::tree::Tree;
use super::vocabulary::{PageFact, fact_of};
use crate::analysis::fold;
use crate::article::Metadata;
use crate::format::metadata::dates::read_date;

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
    /// Whether `date` is the day of a time in UTC.
    is_date_utc: bool,
    created: Option<String>,
    modified: Option<String>,
    /// The authors by the key under which they are given: another one repeats them.
    authors: Vec<(String, Vec<String>)>,
    /// The last label of a pair of label and value.
    label: String,
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
    said.data.title = said.data.title.take().map(|title| clean(front(&title)));
    said.data.name = said.data.name.take().map(|name| clean(front(&name)));
    said.head_title = tree
        .title
        .clone()
        .and_then(|range| text.get(range))
        .map(|title| clean(front(title)))
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
            "og:title" | "twitter:title" | "dc.title" | "headline" => {
                put(&mut self.title, front(content));
            }
            "og:site_name" => put(&mut self.site, front(content)),
            "twitter:label1" | "twitter:label2" => self.label = content.trim().to_lowercase(),
            "twitter:data1" | "twitter:data2" if has_front(&self.label) => {
                self.add_author(key, content);
            }
            "og:url" => put(&mut self.url, content),
            "og:locale" => put(&mut self.locale, content),
            "content-language" => put(&mut self.locale, content),
            _ => self.set_origin(key, content),
        }
    }

    /// Takes who wrote the page, and when.
    fn set_origin(&mut self, key: &str, content: &str) {
        let date = match fact_of(key) {
            Some(PageFact::Author) => return self.add_author(key, content),
            Some(PageFact::Published) => return self.set_published(content),
            Some(PageFact::Created) => &mut self.created,
            Some(PageFact::Modified) => &mut self.modified,
            None => return,
        };
        if date.is_none() {
            *date = read_date(content);
        }
    }

    /// Takes the day of publication: the first one that is told, but a local time before one in UTC, where the day may be
    /// another one.
    fn set_published(&mut self, content: &str) {
        let is_local = content.contains(':') && !is_utc(content);
        let is_better = self.date.is_none() || (self.is_date_utc && is_local);
        if is_better && let Some(date) = read_date(content) {
            self.date = Some(date);
            self.is_date_utc = is_utc(content);
        }
    }

    fn add_author(&mut self, key: &str, content: &str) {
        let Some(name) = as_name(content) else { return };
        let last = self.authors.last_mut().filter(|(known, _)| known == key);
        match last {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => self.authors.push((key.to_string(), vec![name])),
        }
    }
}

/// The metadata of a page, but its title.
pub(super) fn metadata(page: &Surroundings<'_>, said: PageSays) -> Metadata {
    let is_address = |url: &String| url.contains("://");
    let near = page.near_title();
    let authors = authors(page, &said, &near);
    let url = said
        .canonical
        .or(said.url.filter(is_address))
        .or(said.data.url);
    let day = |text: &String| read_date(text);
    let date = said.data.date.as_ref().and_then(day);
    let date = date.or(said.date).or(said.created);
    let modified = said.data.modified.as_ref().and_then(day).or(said.modified);
    let lang = said.lang.or(said.data.lang).or(said.locale);
    Metadata {
        title: None,
        date: date
            .or_else(|| dateline::find(page, &near))
            .or_else(|| dateline::of_address(url.as_deref()?))
            .or(modified),
        authors,
        lang: lang
            .map(|lang| lang.to_ascii_lowercase().replace('_', "-"))
            .filter(|lang| !lang.contains([',', ' '])),
        url,
    }
}

/// The authors that the data, the head or the byline names; the first of them that agrees
/// with the byline, else the first whose names are not the site's.
fn authors(page: &Surroundings<'_>, said: &PageSays, near: &[PagePiece<()>]) -> Vec<String> {
    let data: Vec<String> = (said.data.authors.iter())
        .filter_map(|name| as_name(name))
        .collect();
    let site = [&said.site, &said.data.publisher];
    let is_site = |name: &String| {
        let name = fold(name);
        let sites = site.iter().copied().flatten().map(|site| fold(site));
        sites
            .into_iter()
            .any(|site| !site.is_empty() && name.starts_with(&site))
    };
    let said = said.authors.iter().map(|(_, names)| names.clone());
    let known: Vec<Vec<String>> = std::iter::once(data).chain(said).collect();
    let (start, end) = page.article();
    let lines = byline::candidates(page.tree, page.text, near, start, end);
    let agrees = |names: &&Vec<String>| {
        let is_named = |name: &String| lines.iter().any(|line| fold(line) == fold(name));
        names.iter().any(|name| !is_site(name) && is_named(name))
    };
    let own = |names: &&Vec<String>| names.iter().any(|name| !is_site(name));
    if let Some(names) = known.iter().find(agrees).or_else(|| known.iter().find(own)) {
        let people = names.iter().filter(|name| !is_company(name));
        let people: Vec<String> = people.cloned().collect();
        return match people.is_empty() {
            true => names.clone(),
            false => people,
        };
    }
    match lines.into_iter().next() {
        Some(name) => vec![name],
        None => known
            .into_iter()
            .find(|names| !names.is_empty())
            .unwrap_or_default(),
    }
}

/// Whether a time is told in UTC.
fn is_utc(time: &str) -> bool {
    const ZONES: [&str; 5] = ["Z", "+00:00", "+0000", "GMT", "UTC"];
    time.contains(':') && ZONES.iter().any(|zone| time.trim_end().ends_with(zone))
}

fn put(field: &mut Option<String>, value: &str) {
    let value = clean(value);
    if field.is_none() && !value.is_empty() {
        *field = Some(value);
    }
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

    fn authors(head: &str) -> Vec<String> {
        let page = format!("<html><head>{head}</head><body><p>Some text.</p></body></html>");
        read_str("html", &page).metadata.authors
    }

    #[test]
    fn a_company_is_no_author_beside_a_person() {
        let company = "<meta name=author content='Tide Media Inc.'>";
        assert_eq!(authors(company), ["Tide Media Inc."]);
        let both = format!("{company}<meta name=author content='Ann Berg'>");
        assert_eq!(authors(&both), ["Ann Berg"]);
    }

    fn date(html: &str) -> Option<String> {
        read_str("html", html).metadata.date
    }

    #[test]
    fn a_local_day_counts_before_one_in_utc_and_seconds_are_read() {
        let utc = "<meta property='article:published_time' content='2016-12-23T00:47:31Z'>";
        let local =
            "<meta name=article_date_original content='Thursday, December 22, 2016, 06:47 PM'>";
        let text =
            "<p>Some text of the article, which is long enough to be a paragraph of its own.</p>";
        let of = |head: &str, line: &str| date(&format!("{head}<h1>Quay</h1>{line}{text}"));
        assert_eq!(
            of(&format!("{utc}{local}"), "").as_deref(),
            Some("2016-12-22")
        );
        assert_eq!(
            of(&format!("{local}{utc}"), "").as_deref(),
            Some("2016-12-22")
        );
        assert_eq!(of(utc, "").as_deref(), Some("2016-12-23"));
        let seconds = "<p><span class=when data-time=1466522845>Jun 21</span></p>";
        assert_eq!(of("", seconds).as_deref(), Some("2016-06-21"));
        let millis = "<p><abbr data-utime=1466522845000>1h</abbr></p>";
        assert_eq!(of("", millis).as_deref(), Some("2016-06-21"));
        assert_eq!(of("", "<p data-timestamp=17>x</p>"), None);
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
