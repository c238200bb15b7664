//! What is said of an element: what it is called, its role, whether it is seen.

/// What is said of an element, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hints(u32);

impl Hints {
    /// Its words are those of navigation, advertising, sharing and so on.
    pub(super) const CHROME: Hints = Hints(1);
    /// It holds what readers wrote.
    pub(super) const COMMENTS: Hints = Hints(2);
    /// It is not shown.
    pub(super) const HIDDEN: Hints = Hints(4);
    /// It says of itself that it is the body of an article.
    pub(super) const BODY: Hints = Hints(8);
    /// It is the main part of the page.
    pub(super) const MAIN: Hints = Hints(16);
    /// It describes the article: byline, date, tags.
    pub(super) const ABOUT: Hints = Hints(32);
    /// It leads somewhere (`href`).
    pub(super) const LINK: Hints = Hints(64);
    /// It names the author.
    pub(super) const AUTHOR: Hints = Hints(128);
    /// Its end tag was found.
    pub(super) const CLOSED: Hints = Hints(256);
    /// It is the body of an article in the page's own data (`itemprop`).
    pub(super) const ITEM_BODY: Hints = Hints(512);
    /// It is about the reader's consent.
    pub(super) const CONSENT: Hints = Hints(4096);
    /// It is quoted from elsewhere.
    pub(super) const EMBED: Hints = Hints(2048);
    /// The caption of a picture, or the credit of its maker.
    pub(super) const CAPTION: Hints = Hints(1024);

    /// It is a section of a text by its element or class.
    pub(super) const SECTION: Hints = Hints(1 << 13);
    /// It opens and closes another element (`aria-controls`, `aria-expanded`).
    pub(super) const OPENS: Hints = Hints(1 << 14);
    /// It is shown when something else opens it: the panel of a tab or of an accordion.
    pub(super) const PANEL: Hints = Hints(1 << 15);
    /// It says when the article was published.
    pub(super) const PUBLISHED: Hints = Hints(1 << 16);
    /// It says when something happened to the article.
    pub(super) const DATED: Hints = Hints(1 << 17);
    /// It says when the article was changed.
    pub(super) const UPDATED: Hints = Hints(1 << 18);
    /// It leads to the page of an author.
    pub(super) const AUTHOR_LINK: Hints = Hints(1 << 19);

    /// It is a name in the page's own data (`itemprop`).
    pub(super) const NAME: Hints = Hints(1 << 20);

    pub(super) fn add(&mut self, other: Hints) {
        self.0 |= other.0;
    }

    /// Whether any of `other` holds.
    pub(super) fn any(self, other: Hints) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn or(self, other: Hints) -> Hints {
        Hints(self.0 | other.0)
    }
}
