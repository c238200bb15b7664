//! Tells the headings of a text without markup from its paragraphs: by length, case, closing punctuation and what
//! stands around a line.

use std::collections::HashMap;

use super::plain::{Block, Shape, ends_sentence};
use crate::analysis::fold;

/// A heading has at most this many words.
const MAX_WORDS: usize = 12;
/// A heading has at most this many characters.
const MAX_CHARS: usize = 80;
/// A line in sentence case is a heading only where at least this many words follow.
const MIN_WORDS_BELOW: usize = 8;
/// How many blocks behind the title may repeat it.
const ECHO_BLOCKS: usize = 3;

/// What a block is in its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Heading(u8),
    Text,
    /// Text that begins a section without a heading.
    FirstText,
    /// A rule between two sections.
    Break,
    /// Not part of the article.
    Left,
}

/// The role of each block.
pub(super) fn roles(blocks: &[Block<'_>]) -> Vec<Role> {
    let end = article_end(blocks);
    let title = title_block(&blocks[..end]);
    let counts = repeats(blocks);
    let usual_gap = usual_gap(blocks);
    let breaks = rare_gaps(&blocks[..end], usual_gap);
    let mut roles = vec![Role::Text; blocks.len()];
    for (i, block) in blocks.iter().enumerate() {
        let is_echo =
            |t: usize| i > t && i <= t + ECHO_BLOCKS && fold(block.text) == fold(blocks[t].text);
        roles[i] = if i >= end || title.is_some_and(is_echo) {
            Role::Left
        } else if title == Some(i) {
            Role::Title
        } else if block.shape == Shape::Rule {
            if block.line_count == 1 && is_divider(block.text) {
                Role::Break
            } else {
                Role::Text
            }
        } else if is_heading(&blocks[..end], i, &counts) {
            Role::Heading(level(block))
        } else if breaks.contains(&i) {
            Role::FirstText
        } else {
            Role::Text
        };
    }
    roles
}

/// The number of blocks without the page's own lines at the end.
fn article_end(blocks: &[Block<'_>]) -> usize {
    let mut end = blocks.len();
    while end > 1 && is_boilerplate(blocks[end - 1].text) {
        end -= 1;
    }
    end
}

/// The first block, where it is short and does not end as a sentence, and something follows.
fn title_block(blocks: &[Block<'_>]) -> Option<usize> {
    let first = blocks.first()?;
    let is_short = first.words <= 30 && first.text.chars().count() <= 200 && first.line_count <= 3;
    let is_title = first.underline.is_some()
        || (is_short
            && first.shape != Shape::Item
            && first.shape != Shape::Rule
            && !first.text.ends_with(['.', ',', ';', ':']));
    let is_apart = first.underline.is_some()
        || blocks
            .get(1)
            .is_some_and(|next| next.gap > 0 || first.line_count == 1);
    (blocks.len() > 1 && is_title && is_apart).then_some(0)
}

fn repeats(blocks: &[Block<'_>]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for block in blocks.iter().filter(|b| b.shape == Shape::Short) {
        *counts.entry(fold(block.text)).or_insert(0) += 1;
    }
    counts
}

/// The commonest number of blank lines between blocks.
fn usual_gap(blocks: &[Block<'_>]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for block in blocks.iter().skip(1).filter(|b| b.gap > 0) {
        *counts.entry(block.gap).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(gap, count)| (count, usize::MAX - gap))
        .map_or(1, |(gap, _)| gap)
}

/// Paragraphs behind a gap larger than usual, where such gaps are rare and each paragraph is one line.
fn rare_gaps(blocks: &[Block<'_>], usual: usize) -> Vec<usize> {
    let one_line = blocks.iter().all(|b| b.line_count == 1);
    let is_body = |i: usize| blocks[i].shape == Shape::Body;
    let wide: Vec<usize> = (1..blocks.len())
        .filter(|&i| blocks[i].gap > usual && is_body(i) && is_body(i - 1))
        .collect();
    let are_rare = wide.len() <= 3 || wide.len() * 100 <= blocks.len() * 15;
    if one_line && are_rare {
        wide
    } else {
        Vec::new()
    }
}

fn is_heading(blocks: &[Block<'_>], i: usize, counts: &HashMap<String, usize>) -> bool {
    let block = &blocks[i];
    if block.underline.is_some() {
        return true;
    }
    let Some(next) = blocks.get(i + 1) else {
        return false;
    };
    let stands_alone = block.line_count == 1 && (block.gap > 0 || i == 0) && next.gap > 0;
    let is_small = block.words <= MAX_WORDS && block.text.chars().count() <= MAX_CHARS;
    if block.shape == Shape::Item || !stands_alone || !is_small || !has_headings_form(block.text) {
        return false;
    }
    let after_colon = i > 0 && blocks[i - 1].text.ends_with(':');
    let repeated = counts.get(&fold(block.text)).is_some_and(|&n| n >= 3);
    if after_colon || repeated || is_boilerplate(block.text) {
        return false;
    }
    match case(block.text) {
        Case::Titled => next.shape != Shape::Short || leads_to_text(blocks, i + 1),
        Case::Sentence => {
            next.shape == Shape::Body && next.words >= MIN_WORDS_BELOW && block.words <= 8
        }
        Case::Other => false,
    }
}

/// Whether a short block stands right above a paragraph, as a heading below a heading does.
fn leads_to_text(blocks: &[Block<'_>], i: usize) -> bool {
    let has_form = has_headings_form(blocks[i].text) && case(blocks[i].text) == Case::Titled;
    has_form
        && blocks
            .get(i + 1)
            .is_some_and(|next| next.shape != Shape::Short && next.gap > 0)
}

/// Whether a line begins and ends as headings do.
fn has_headings_form(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let last = text.chars().next_back().unwrap_or(' ');
    let starts_well = first.is_uppercase()
        || first.is_numeric()
        || (first.is_alphabetic() && !first.is_lowercase());
    let ends_well = !matches!(
        last,
        '.' | ',' | ';' | ':' | '!' | '…' | '-' | '–' | '—' | '。' | '，' | '；' | '：'
    );
    let is_address = text.contains("://") || text.contains("www.") || text.contains('@');
    let is_byline = ["By ", "Published", "Updated", "Posted", "Photo", "Source"]
        .iter()
        .any(|s| text.starts_with(s));
    let mut letters = 0;
    let mut signs = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if c.is_alphabetic() {
            letters += 1;
        } else {
            signs += 1;
        }
    }
    starts_well
        && ends_well
        && !is_address
        && !is_byline
        && letters >= signs
        && !is_code(text)
        && !has_inner_sentence(text)
}

fn is_code(text: &str) -> bool {
    text.contains(['{', '}', '<', '>', '|', '=']) || text.contains("::") || text.contains("->")
}

fn has_inner_sentence(text: &str) -> bool {
    let pieces: Vec<&str> = text.split_whitespace().collect();
    pieces
        .iter()
        .skip(1)
        .rev()
        .skip(1)
        .any(|word| word.chars().count() > 3 && ends_sentence(word))
}

#[derive(Debug, PartialEq, Eq)]
enum Case {
    /// Words with capitals, all capitals, a number in front, or a single word.
    Titled,
    /// Only the first word begins with a capital.
    Sentence,
    Other,
}

/// Words that stay small inside a title.
static SMALL_WORDS: [&str; 27] = [
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "is", "it", "nor",
    "of", "off", "on", "or", "over", "per", "the", "than", "to", "up", "via", "vs", "with",
];

fn case(text: &str) -> Case {
    if section_number(text).is_some() {
        return Case::Titled;
    }
    let is_small = |w: &&str| {
        SMALL_WORDS
            .binary_search(&w.to_lowercase().as_str())
            .is_ok()
    };
    let big: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
        .filter(|w| w.chars().any(char::is_alphabetic) && !is_small(w))
        .collect();
    let capital = |w: &&&str| {
        w.chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
    };
    let capitals = big.iter().filter(capital).count();
    if !big.is_empty() && capitals * 4 >= big.len() * 3 {
        Case::Titled
    } else if capitals > 0 {
        Case::Sentence
    } else {
        Case::Other
    }
}

/// The depth of a section number such as `2.1` at the front of a line.
fn section_number(text: &str) -> Option<u8> {
    let word = text.split_whitespace().next()?;
    let parts: Vec<&str> = word.strip_suffix('.').unwrap_or(word).split('.').collect();
    let is_number = parts
        .iter()
        .all(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
    let has_words = text.len() > word.len();
    (is_number && has_words && (parts.len() > 1 || word.ends_with('.')))
        .then_some(parts.len() as u8)
}

/// The title is level 1; a heading is level 2, deeper by its number or its underline.
fn level(block: &Block<'_>) -> u8 {
    match (section_number(block.text), block.underline) {
        (Some(depth), _) => (1 + depth).min(6),
        (None, Some('-' | '~' | '^' | '_')) => 3,
        _ => 2,
    }
}

/// Whether a line of punctuation divides sections: one mark, three times or more.
fn is_divider(text: &str) -> bool {
    let marks: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    marks.len() >= 3
        && matches!(marks[0], '*' | '-' | '_' | '~' | '#' | '=')
        && marks.iter().all(|&c| c == marks[0])
}

/// Lines of the page around an article, in lower case.
static BOILERPLATE: [&str; 34] = [
    "add a comment",
    "advertisement",
    "all rights reserved",
    "also read",
    "back to top",
    "click here",
    "comments",
    "continue reading",
    "follow us",
    "join the conversation",
    "leave a comment",
    "leave a reply",
    "log in",
    "more from",
    "more stories",
    "newsletter",
    "no comments",
    "post a comment",
    "print this",
    "read also",
    "read more",
    "read next",
    "related articles",
    "related posts",
    "related stories",
    "share this",
    "share on",
    "sign up",
    "skip to",
    "subscribe",
    "terms of use",
    "view comments",
    "you may also like",
    "you might also like",
];

fn is_boilerplate(text: &str) -> bool {
    if text.len() > 100 {
        return false;
    }
    let line = text
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ')
        .to_lowercase();
    let core = line.trim_end_matches(['.', '!', ':', '…', '»', '>', ' ']);
    BOILERPLATE.iter().any(|entry| {
        core.strip_prefix(entry)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }) && text.split_whitespace().count() <= 8
}

#[cfg(test)]
mod tests {
    use super::super::read_str;

    fn headings(text: &str) -> Vec<String> {
        read_str("text", text)
            .sections
            .iter()
            .filter(|s| s.heading_line.is_some())
            .map(|s| s.headings.join(">"))
            .collect()
    }

    const BODY: &str = "This paragraph has a good many words in it, so that it reads as one and not as anything else, and ends well.";

    #[test]
    fn title_case_capitals_numbers_and_single_words_head_a_paragraph() {
        for line in [
            "The Ukraine Conflict",
            "THE ROAD TO NORMANDY",
            "2.1 what came next",
            "Background",
            "What happened then?",
        ] {
            let text = format!("Title Line\n\n{BODY}\n\n{line}\n\n{BODY}\n");
            assert_eq!(headings(&text), [line], "{line}");
        }
    }

    #[test]
    fn sentences_bylines_items_and_last_lines_head_nothing() {
        for line in [
            "He said no.",
            "By John Smith",
            "- An Item",
            "and so on",
            "Note:",
            "(Reuters)",
            "http://x.y/z",
            "let x = 1",
        ] {
            let text = format!("Title Line\n\n{BODY}\n\n{line}\n\n{BODY}\n");
            assert_eq!(headings(&text), Vec::<String>::new(), "{line}");
        }
        assert_eq!(
            headings(&format!("Title Line\n\n{BODY}\n\nThe Last Words\n")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn numbers_give_levels() {
        let text = format!(
            "Title\n\n1. First Part\n\n{BODY}\n\n1.1 Its Detail\n\n{BODY}\n\n2. Second\n\n{BODY}\n"
        );
        assert_eq!(
            headings(&text),
            ["1. First Part", "1. First Part>1.1 Its Detail", "2. Second"]
        );
    }

    #[test]
    fn boilerplate_at_the_end_and_the_repeated_title_are_left_out() {
        let text = format!(
            "The Title\n\n\nThe Title\n\n{BODY}\n\n\n{BODY}\n\nPost a Comment\n\n3 comments\n"
        );
        let article = read_str("text", &text);
        assert_eq!(article.metadata.title.as_deref(), Some("The Title"));
        let seen: Vec<_> = article
            .sections
            .iter()
            .map(|s| (s.anchor.as_str(), s.text.as_str()))
            .collect();
        assert_eq!(seen, [("top", BODY), ("section-2", BODY)]);
    }
}
