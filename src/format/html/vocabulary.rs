//! The keys under which pages tell of themselves in `<meta>` and `itemprop`: Open Graph, Dublin Core, schema.org, and what
//! programs that count readers ask for.

/// What a key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageFact {
    Author,
    Created,
    Modified,
    Published,
}

/// The names of vocabularies, which stand before the key.
static VOCABULARIES: [&str; 18] = [
    "article",
    "bt",
    "citation",
    "cxenseparse",
    "dc",
    "dcsext",
    "dcterms",
    "mediator",
    "og",
    "parsely",
    "question",
    "recs",
    "rnews",
    "sailthru",
    "shareaholic",
    "twt",
    "vf",
    "vr",
];
static AUTHOR_KEYS: [&str; 8] = [
    "author",
    "authorname",
    "authors",
    "byl",
    "byline",
    "creator",
    "creatoraut",
    "rbauthors",
];
static PUBLISHED_KEYS: [&str; 30] = [
    "date",
    "dateissued",
    "dateoriginal",
    "dateposted",
    "datepublication",
    "datepublished",
    "displaydate",
    "docdate",
    "firstpublished",
    "articlefirstpublished",
    "issued",
    "originaldate",
    "originalpublicationdate",
    "pdate",
    "ptime",
    "pubdate",
    "publicationdate",
    "publicationtime",
    "published",
    "publishedat",
    "publisheddate",
    "publishedtime",
    "publishdate",
    "publishingdate",
    "publishtime",
    "pubtime",
    "regdate",
    "releasedate",
    "timestamp",
    "articlepublishedtime",
];
static CREATED_KEYS: [&str; 3] = ["created", "createdtime", "datecreated"];
static MODIFIED_KEYS: [&str; 8] = [
    "datemodified",
    "dateupdated",
    "lastmodified",
    "modified",
    "modifieddate",
    "modifiedtime",
    "updated",
    "updatedtime",
];

/// What a key tells, whatever its vocabulary and how its words are joined.
pub(super) fn fact_of(key: &str) -> Option<PageFact> {
    let parts = key.split(|c: char| !c.is_ascii_alphanumeric());
    let own: String = parts
        .map(str::to_ascii_lowercase)
        .skip_while(|part| VOCABULARIES.contains(&part.as_str()))
        .filter(|part| part != "recs")
        .collect();
    let is_in = |keys: &[&str]| keys.contains(&own.as_str());
    match () {
        () if is_in(&AUTHOR_KEYS) => Some(PageFact::Author),
        () if is_in(&PUBLISHED_KEYS) => Some(PageFact::Published),
        () if is_in(&CREATED_KEYS) => Some(PageFact::Created),
        () if is_in(&MODIFIED_KEYS) => Some(PageFact::Modified),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{PageFact, fact_of};

    #[test]
    fn keys_are_known_in_all_vocabularies() {
        for (key, fact) in [
            ("article:published_time", PageFact::Published),
            ("og:article:published_time", PageFact::Published),
            ("article_date_original", PageFact::Published),
            ("DC.date.issued", PageFact::Published),
            ("cXenseParse:recs:publishtime", PageFact::Published),
            ("pubdate", PageFact::Published),
            ("parsely-pub-date", PageFact::Published),
            ("dcterms.creator", PageFact::Author),
            ("article.author", PageFact::Author),
            ("dcterms.created", PageFact::Created),
            ("og:updated_time", PageFact::Modified),
            ("last-modified", PageFact::Modified),
        ] {
            assert_eq!(fact_of(key), Some(fact), "{key}");
        }
        for key in [
            "og:type",
            "article:tag",
            "article",
            "birth-date",
            "twitter:creator",
            "",
        ] {
            assert_eq!(fact_of(key), None, "{key}");
        }
    }
}
