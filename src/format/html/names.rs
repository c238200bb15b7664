//! What the attributes of an element say of its content: the words of its classes and id, its role, whether it is seen.
//! Pages in all languages take those words from English.

use super::hints::Hints;

impl Hints {
    /// Adds what an attribute other than the id says.
    pub(super) fn read(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"aria-controls" | b"aria-expanded" => self.add(Hints::OPENS),
            b"itemprop" => self.add(of_property(value)),
            b"role" => self.add(of_role(value)),
            b"rel" if value == b"author" => self.add(Hints::AUTHOR),
            b"style" if hides(value) => self.add(Hints::HIDDEN),
            b"hidden" => self.add(Hints::HIDDEN),
            b"aria-hidden" if value == b"true" => self.add(Hints::HIDDEN),
            b"href" if !value.starts_with(b"#") => self.add(of_address(value)),
            _ => {}
        }
    }
}

/// Words that mark what stands around an article, with those that follow from the front of a longer word (`sharebar`).
static CHROME_PREFIXES: [&str; 26] = [
    "advert",
    "affiliate",
    "breadcrumb",
    "carousel",
    "disclaimer",
    "donat",
    "dropdown",
    "editsection",
    "footer",
    "headerlink",
    "masthead",
    "navbar",
    "navigation",
    "newsletter",
    "outbrain",
    "paginat",
    "permalink",
    "popup",
    "promo",
    "recommend",
    "related",
    "sharing",
    "sidebar",
    "social",
    "sponsor",
    "subscri",
];
/// Words that mark what stands around an article, whole.
static CHROME_WORDS: [&str; 43] = [
    "ad",
    "ads",
    "adv",
    "banner",
    "bio",
    "bookmark",
    "dfp",
    "dock",
    "extra",
    "follow",
    "foot",
    "gallery",
    "interstitial",
    "menu",
    "mobilemenu",
    "modal",
    "more",
    "morefrom",
    "mostpopular",
    "mostread",
    "nav",
    "overlay",
    "pager",
    "paywall",
    "popular",
    "print",
    "prompt",
    "rail",
    "rating",
    "readmore",
    "share",
    "sharebar",
    "signup",
    "skip",
    "skyscraper",
    "slideshow",
    "taboola",
    "teaser",
    "toolbar",
    "tooltip",
    "trending",
    "widget",
    "yarpp",
];
/// Words that mark what readers wrote.
static COMMENT_PREFIXES: [&str; 3] = ["comment", "disqus", "respond"];
/// Words that mark what asks for consent.
static CONSENT_PREFIXES: [&str; 4] = ["ccpa", "consent", "cookie", "gdpr"];
/// Words that mark what describes the article.
static ABOUT_WORDS: [&str; 14] = [
    "author",
    "authors",
    "byline",
    "category",
    "categories",
    "copyright",
    "credits",
    "dateline",
    "meta",
    "metadata",
    "tag",
    "taglist",
    "tags",
    "timestamp",
];
/// Words that mark a date.
static DATE_WORDS: [&str; 11] = [
    "created",
    "date",
    "dateline",
    "datetime",
    "datum",
    "fecha",
    "posted",
    "pubdate",
    "published",
    "time",
    "timestamp",
];
/// Words that mark a caption or the credit of a picture.
static CAPTION_PREFIXES: [&str; 3] = ["caption", "credit", "figcaption"];
/// Words that mark what only screen readers see, run together.
static HIDDEN_WORDS: [&str; 5] = [
    "sronly",
    "visuallyhidden",
    "screenreader",
    "printonly",
    "noprint",
];
/// Words that mark what is quoted from elsewhere into the article.
static EMBED_WORDS: [&str; 3] = ["embed", "tweet", "oembed"];
/// The first of two words that mark the body of an article.
static BODY_FIRST: [&str; 9] = [
    "article", "blog", "content", "entry", "main", "news", "page", "post", "story",
];
/// The second of two words that mark the body of an article.
static BODY_SECOND: [&str; 4] = ["body", "content", "text", "copy"];
/// The two, run together.
static BODY_WORDS: [&str; 8] = [
    "articlebody",
    "articlecontent",
    "articletext",
    "entrycontent",
    "postbody",
    "postcontent",
    "storybody",
    "storytext",
];

/// Longer class lists and ids are not read to their end, in bytes: they name widgets, and cost time.
const MAX_WORDS_BYTES: usize = 400;
/// A longer word is one in which two or more run together; only its front is compared.
const MAX_WORD_BYTES: usize = 24;

pub(super) fn of_words(value: &[u8]) -> Hints {
    let mut hints = Hints::default();
    let value = &value[..value.len().min(MAX_WORDS_BYTES)];
    for name in value.split(u8::is_ascii_whitespace) {
        of_name(name, &mut hints);
    }
    hints
}

/// The first words of names that say what an article is about, not what an element is (`tag-advertising`).
static TOPICS: [&[u8]; 4] = [b"tag-", b"category-", b"topic-", b"post_tag-"];

/// Reads one class name or id, part by part.
fn of_name(name: &[u8], hints: &mut Hints) {
    if TOPICS.iter().any(|topic| name.starts_with(topic)) && !name.ends_with(b"list") {
        return;
    }
    if name == b"section" {
        hints.add(Hints::SECTION);
    }
    let mut last = HintWord::default();
    let mut word = HintWord::default();
    let mut was_lower = false;
    for &byte in name.iter().chain(b"-") {
        let breaks = !byte.is_ascii_alphabetic() || (was_lower && byte.is_ascii_uppercase());
        if breaks && word.len > 0 {
            word.hint(&last, hints);
            last = std::mem::take(&mut word);
        }
        if byte.is_ascii_alphabetic() {
            word.push(byte.to_ascii_lowercase());
        }
        was_lower = byte.is_ascii_lowercase();
    }
}

/// A word of a class name, in lower case.
#[derive(Default, Clone, Copy)]
struct HintWord {
    bytes: [u8; MAX_WORD_BYTES],
    len: usize,
}

impl HintWord {
    fn push(&mut self, byte: u8) {
        if let Some(at) = self.bytes.get_mut(self.len) {
            *at = byte;
            self.len += 1;
        }
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn is_in(&self, table: &[&str]) -> bool {
        table.iter().any(|entry| entry.as_bytes() == self.text())
    }

    fn begins(&self, table: &[&str]) -> bool {
        table
            .iter()
            .any(|entry| self.text().starts_with(entry.as_bytes()))
    }

    /// The word joined to the one before it.
    fn after(&self, last: &HintWord) -> HintWord {
        let mut joined = *last;
        for &byte in self.text() {
            joined.push(byte);
        }
        joined
    }

    fn hint(&self, last: &HintWord, hints: &mut Hints) {
        let joined = self.after(last);
        let table: [(bool, Hints); 11] = [
            (
                self.begins(&CHROME_PREFIXES)
                    || self.is_in(&CHROME_WORDS)
                    || (last.len > 0 && joined.is_in(&CHROME_WORDS)),
                Hints::CHROME,
            ),
            (self.is_in(&DATE_WORDS), Hints::DATED),
            (self.begins(&["publish", "pubdate"]), Hints::PUBLISHED),
            (
                self.begins(&["updated", "modif", "lastmod"]),
                Hints::UPDATED,
            ),
            (self.begins(&COMMENT_PREFIXES), Hints::COMMENTS),
            (self.is_in(&ABOUT_WORDS), Hints::ABOUT),
            (self.is_in(&EMBED_WORDS), Hints::EMBED),
            (self.begins(&CONSENT_PREFIXES), Hints::CONSENT),
            (self.begins(&CAPTION_PREFIXES), Hints::CAPTION),
            (joined.begins(&HIDDEN_WORDS), Hints::HIDDEN),
            (
                self.is_in(&BODY_WORDS) || (self.is_in(&BODY_SECOND) && last.is_in(&BODY_FIRST)),
                Hints::BODY,
            ),
        ];
        for (holds, hint) in table {
            if holds {
                hints.add(hint);
            }
        }
        if self.is_in(&["author", "authors", "byline"]) {
            hints.add(Hints::AUTHOR);
        }
    }
}

/// The folders of a site that hold the pages of its authors.
static AUTHOR_FOLDERS: [&str; 13] = [
    "author",
    "authors",
    "autor",
    "autoren",
    "autores",
    "auteur",
    "by",
    "contributor",
    "contributors",
    "editors",
    "journalist",
    "staff",
    "writers",
];
/// Longer addresses are not read to their end, in bytes.
const MAX_ADDRESS_BYTES: usize = 200;

fn of_address(value: &[u8]) -> Hints {
    let mut parts = value
        .get(..MAX_ADDRESS_BYTES)
        .unwrap_or(value)
        .split(|&byte| byte == b'/');
    let is_author = parts.any(|part| AUTHOR_FOLDERS.iter().any(|known| known.as_bytes() == part))
        && parts.next().is_some_and(|name| !name.is_empty());
    match is_author {
        true => Hints::LINK.or(Hints::AUTHOR_LINK),
        false => Hints::LINK,
    }
}

fn of_property(value: &[u8]) -> Hints {
    match value {
        b"articleBody" | b"reviewBody" => Hints::ITEM_BODY,
        b"author" => Hints::AUTHOR.or(Hints::ABOUT),
        b"datePublished" => Hints::ABOUT.or(Hints::DATED).or(Hints::PUBLISHED),
        b"dateModified" => Hints::ABOUT.or(Hints::DATED).or(Hints::UPDATED),
        b"dateCreated" => Hints::ABOUT.or(Hints::DATED),
        b"image" | b"inLanguage" | b"keywords" | b"logo" | b"mainEntityOfPage" | b"publisher"
        | b"wordCount" => Hints::ABOUT,
        b"caption" => Hints::CAPTION,
        b"name" => Hints::NAME,
        b"comment" => Hints::COMMENTS,
        _ => Hints::default(),
    }
}

fn of_role(value: &[u8]) -> Hints {
    match value {
        b"main" => Hints::MAIN,
        b"tabpanel" => Hints::PANEL,
        b"navigation" | b"complementary" | b"contentinfo" | b"banner" | b"search" | b"menu"
        | b"menubar" | b"dialog" | b"alertdialog" | b"toolbar" | b"tablist" | b"button" => {
            Hints::CHROME
        }
        _ => Hints::default(),
    }
}

fn hides(style: &[u8]) -> bool {
    const MAX_STYLE_BYTES: usize = 200;
    let plain: Vec<u8> = style
        .iter()
        .take(MAX_STYLE_BYTES)
        .filter(|b| !b.is_ascii_whitespace())
        .map(u8::to_ascii_lowercase)
        .collect();
    [b"display:none".as_slice(), b"visibility:hidden"]
        .iter()
        .any(|hidden| memchr::memmem::find(&plain, hidden).is_some())
}
