//! How much text stands under each node, and how much of it reads like prose.

use super::element::Element;
use super::fate::Fates;
use super::hints::Hints;
use super::tree::Tree;

/// A block with less text than this is no paragraph, in characters.
const MIN_PARAGRAPH_CHARS: u32 = 60;
/// Where there is hardly any prose, shorter ones count, in characters.
const MIN_SHORT_CHARS: u32 = 20;
/// Less prose than this is hardly any, in characters.
const MIN_PROSE_CHARS: u32 = 500;
/// An item, a definition or a cell needs more to count as prose, in characters.
const MIN_ITEM_CHARS: u32 = 120;
/// A block with more than this share of links is no paragraph, in percent.
const MAX_LINK_PERCENT: u32 = 40;
/// A link with so many line breaks is text,
const MIN_VERSE_BREAKS: usize = 2;
/// which are looked for in so many nodes.
const MAX_VERSE_NODES: usize = 64;

/// What stands under a node.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TextMeasure {
    /// Characters of text, white space folded.
    pub(super) chars: u32,
    /// Of these, how many are in links.
    pub(super) link_chars: u32,
    /// Of these, how many are in paragraphs.
    pub(super) prose: u32,
    /// How many paragraphs there are.
    pub(super) paragraphs: u32,
}

impl TextMeasure {
    fn add(&mut self, other: TextMeasure) {
        self.chars = self.chars.saturating_add(other.chars);
        self.link_chars = self.link_chars.saturating_add(other.link_chars);
        self.prose = self.prose.saturating_add(other.prose);
        self.paragraphs = self.paragraphs.saturating_add(other.paragraphs);
    }

    /// The share of links in the text, in percent.
    pub(super) fn link_percent(&self) -> u32 {
        (u64::from(self.link_chars) * 100 / u64::from(self.chars.max(1))) as u32
    }
}

/// The measures of a page.
pub(super) struct Measures {
    under: Vec<TextMeasure>,
    own: Vec<TextMeasure>,
    block: Vec<u32>,
    beside: Vec<u32>,
}

impl Measures {
    /// Of a node, with all under it.
    pub(super) fn under(&self, at: usize) -> TextMeasure {
        self.under.get(at).copied().unwrap_or_default()
    }

    /// Of a block, the text that is in no block inside it.
    pub(super) fn own(&self, at: usize) -> TextMeasure {
        self.own.get(at).copied().unwrap_or_default()
    }

    /// The block that a node stands in; itself for a block.
    pub(super) fn block(&self, at: usize) -> usize {
        self.block.get(at).map_or(at, |&block| block as usize)
    }

    /// The prose in paragraphs right under a node, in characters.
    pub(super) fn beside(&self, at: usize) -> u32 {
        self.beside.get(at).copied().unwrap_or_default()
    }

    /// The prose of what is kept, in characters.
    pub(super) fn kept_prose(&self, fates: &Fates) -> u32 {
        let own = self.own.iter().enumerate();
        let kept = own.filter(|(at, _)| fates.is_kept(*at));
        kept.fold(0, |sum, (_, own)| sum.saturating_add(own.prose))
    }

    /// Measures a page without what is dropped.
    pub(super) fn of(tree: &Tree, text: &str, fates: &Fates) -> Measures {
        let count = tree.nodes.len();
        let mut own = vec![TextMeasure::default(); count];
        let mut block = vec![0; count];
        let mut link_end = 0;
        for (at, node) in tree.nodes.iter().enumerate() {
            block[at] = if node.element.is_block() {
                at as u32
            } else {
                block[node.parent as usize]
            };
            let is_link = node.element == Element::Anchor && node.hints.any(Hints::LINK);
            if is_link && !holds_verse(tree, at) {
                // A link may stand in another one, which goes on behind it.
                link_end = link_end.max(node.end as usize);
            }
            if node.element != Element::Text || !fates.is_kept(at) {
                continue;
            }
            let chars = count_chars(text.get(tree.span(at)).unwrap_or_default());
            own[block[at] as usize].add(TextMeasure {
                chars,
                link_chars: if at < link_end { chars } else { 0 },
                ..TextMeasure::default()
            });
        }
        if count_prose(tree, &mut own, prose) < MIN_PROSE_CHARS {
            count_prose(tree, &mut own, short_prose);
        }
        let mut beside = vec![0u32; count];
        for (own, node) in own.iter().zip(&tree.nodes) {
            if node.element == Element::Paragraph {
                let sum = &mut beside[node.parent as usize];
                *sum = sum.saturating_add(own.prose);
            }
        }
        Measures {
            under: accumulate(tree, &own),
            own,
            block,
            beside,
        }
    }
}

/// Whether a link holds so many lines that they are text with a note to it, as the verses of a song are.
fn holds_verse(tree: &Tree, link: usize) -> bool {
    let inside = (link + 1..tree.end(link)).take(MAX_VERSE_NODES);
    let breaks = inside.filter(|&at| tree.node(at).element == Element::Break);
    breaks.count() >= MIN_VERSE_BREAKS
}

/// Adds up what stands under each node. Children come after their parents, so one pass from the end does.
pub(super) fn accumulate(tree: &Tree, own: &[TextMeasure]) -> Vec<TextMeasure> {
    let mut under = own.to_vec();
    for at in (1..under.len()).rev() {
        let measure = under[at];
        under[tree.parent(at)].add(measure);
    }
    under
}

/// Counts the prose of each block by `prose`; returns the sum.
fn count_prose(
    tree: &Tree,
    own: &mut [TextMeasure],
    prose: fn(&TextMeasure, Element) -> u32,
) -> u32 {
    let mut sum = 0u32;
    for (own, node) in own.iter_mut().zip(&tree.nodes) {
        own.prose = prose(own, node.element);
        own.paragraphs = u32::from(own.prose > 0);
        sum = sum.saturating_add(own.prose);
    }
    sum
}

fn short_prose(own: &TextMeasure, element: Element) -> u32 {
    let counts = !matches!(element, Element::Heading(_) | Element::Caption);
    if counts && own.chars >= MIN_SHORT_CHARS && own.link_percent() <= MAX_LINK_PERCENT {
        own.chars - own.link_chars
    } else {
        0
    }
}

fn prose(own: &TextMeasure, element: Element) -> u32 {
    let least = match element {
        Element::Item | Element::Definition | Element::Cell | Element::Block => MIN_ITEM_CHARS,
        Element::Heading(_) | Element::Caption => return 0,
        _ => MIN_PARAGRAPH_CHARS,
    };
    if own.chars < least || own.link_percent() > MAX_LINK_PERCENT {
        return 0;
    }
    own.chars - own.link_chars
}

/// Characters with white space folded; those of scripts that write words in one or two characters count twice.
fn count_chars(text: &str) -> u32 {
    let mut count = 0;
    let mut after_space = true;
    for &byte in text.as_bytes() {
        let is_space = byte <= b' ';
        count += match byte {
            0x80..=0xbf => 0,
            0xe3..=0xed => 2,
            _ => u32::from(!(is_space && after_space)),
        };
        after_space = is_space;
    }
    count
}
