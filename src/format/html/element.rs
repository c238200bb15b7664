//! The elements that matter to a reader of pages, and what each means for its text.

/// An element, as far as it is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Element {
    /// A stretch of text.
    Text,
    Anchor,
    /// How the characters before it are read (`<rt>`).
    Annotation,
    Article,
    Aside,
    /// A block without a meaning of its own, as `<address>`.
    Block,
    Body,
    Break,
    Button,
    Caption,
    Cell,
    /// A block that holds others: `<div>`, `<section>`.
    Container,
    Definition,
    Dialog,
    Figure,
    Footer,
    Form,
    Header,
    Heading(u8),
    /// An element whose content is no text of the article.
    Hidden,
    Html,
    Item,
    Link,
    List,
    Main,
    Meta,
    Nav,
    Paragraph,
    Preformatted,
    Quote,
    /// Words of somebody else within a line (`<q>`), which are shown in quotation marks.
    Quoted,
    /// Text above the line.
    Raised,
    /// Content that is one string and no text: scripts, styles.
    Raw,
    Row,
    Rule,
    Span,
    Table,
    Time,
    Title,
}

impl Element {
    /// The element of this name, in lower case. Inline markup that means nothing to the text (`<b>`) is `None`.
    pub(in crate::format) fn named(name: &[u8]) -> Option<Element> {
        Some(match name {
            b"a" => Element::Anchor,
            b"article" => Element::Article,
            b"aside" => Element::Aside,
            b"address" | b"caption" | b"legend" | b"summary" | b"tbody" | b"tfoot" | b"thead" => {
                Element::Block
            }
            b"blockquote" => Element::Quote,
            b"body" => Element::Body,
            b"br" => Element::Break,
            b"button" => Element::Button,
            b"center" | b"details" | b"div" | b"fieldset" | b"hgroup" | b"section" => {
                Element::Container
            }
            b"dd" | b"dt" => Element::Definition,
            b"dialog" => Element::Dialog,
            b"dir" | b"dl" | b"menu" | b"ol" | b"ul" => Element::List,
            b"figcaption" => Element::Caption,
            b"figure" => Element::Figure,
            b"footer" => Element::Footer,
            b"form" => Element::Form,
            [b'h', level @ b'1'..=b'6'] => Element::Heading(level - b'0'),
            b"header" => Element::Header,
            b"hr" => Element::Rule,
            b"html" => Element::Html,
            b"li" => Element::Item,
            b"link" => Element::Link,
            b"main" => Element::Main,
            b"math" | b"object" | b"select" | b"svg" | b"template" => Element::Hidden,
            b"meta" => Element::Meta,
            b"nav" => Element::Nav,
            b"p" => Element::Paragraph,
            b"rp" | b"rt" => Element::Annotation,
            b"pre" | b"xmp" => Element::Preformatted,
            b"q" => Element::Quoted,
            b"iframe" | b"noembed" | b"noscript" | b"script" | b"style" | b"textarea" => {
                Element::Raw
            }
            b"abbr" | b"span" => Element::Span,
            b"sup" => Element::Raised,
            b"table" => Element::Table,
            b"td" | b"th" => Element::Cell,
            b"time" => Element::Time,
            b"title" => Element::Title,
            b"tr" => Element::Row,
            _ => return None,
        })
    }

    /// Whether it begins and ends a block of text.
    pub(super) fn is_block(self) -> bool {
        !self.is_inline() && !self.is_void() && !matches!(self, Element::Raw | Element::Title)
            || self == Element::Rule
    }

    /// Whether it stands within a block.
    pub(super) fn is_inline(self) -> bool {
        matches!(
            self,
            Element::Anchor
                | Element::Annotation
                | Element::Button
                | Element::Hidden
                | Element::Quoted
                | Element::Raised
                | Element::Span
                | Element::Text
                | Element::Time
        )
    }

    /// Whether it has no content, and so no end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(
            self,
            Element::Break | Element::Link | Element::Meta | Element::Rule
        )
    }

    /// Whether its end tag may be left out.
    pub(super) fn may_lack_end(self) -> bool {
        matches!(
            self,
            Element::Block
                | Element::Cell
                | Element::Definition
                | Element::Item
                | Element::Paragraph
                | Element::Row
        ) || self.is_void()
    }

    /// Whether it closes an open paragraph or heading, as blocks do.
    pub(super) fn ends_paragraph(self) -> bool {
        self.is_block() && !matches!(self, Element::Html | Element::Body)
    }

    pub(super) fn is_heading(self) -> bool {
        matches!(self, Element::Heading(_))
    }

    /// Whether an open item outside of it is not closed by an item inside.
    pub(super) fn holds_items(self) -> bool {
        matches!(
            self,
            Element::List | Element::Cell | Element::Table | Element::Main | Element::Article
        )
    }
}
