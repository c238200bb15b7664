//! What each block of a plain text is in its article: title, heading, text, or none of it.

use super::blocks::{Kind, TextBlock};
use super::candidates::{Candidate, candidates};
use super::case::LetterCase;
use super::code::is_code;
use super::features::THRESHOLD;
use super::numbers::Number;
use super::patterns::{is_boilerplate, is_byline, is_date};
use super::profile::Profile;
use super::score::{Scored, score};
use super::shape::has_columns;
use crate::analysis::fold;

/// How many blocks behind the title may repeat it.
const ECHO_BLOCKS: usize = 3;
/// The title is looked for in so many blocks.
const TITLE_BLOCKS: usize = 6;

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

/// The roles of all blocks, and the lines that were weighed for them.
pub(super) struct Roles {
    pub(super) roles: Vec<Role>,
    pub(super) scored: Vec<Scored>,
}

/// Finds the role of each block; where `is_full`, all features of the lines that were weighed.
pub(super) fn roles_of(blocks: &[TextBlock<'_>], profile: &Profile, is_full: bool) -> Roles {
    let end = article_end(blocks);
    let own = blocks.get(..end).unwrap_or(blocks);
    let title = title_block(own, false);
    let scored = score(candidates(own, profile, title, is_full), blocks);
    let mut roles = plain_roles(blocks, end, title, profile);
    let levels = Levels::of(&scored, blocks);
    for line in scored.iter().filter(|line| line.points() >= THRESHOLD) {
        let at = line.candidate.block;
        let is_echo = title.is_some_and(|title| is_echo(blocks, title, at));
        if let Some(role) = roles.get_mut(at).filter(|_| !is_echo) {
            *role = Role::Heading(levels.level(&line.candidate, blocks));
        }
    }
    for (at, pair) in blocks.windows(2).enumerate() {
        let ([above, block], Some([over, role])) = (pair, roles.get_mut(at..at + 2)) else {
            continue;
        };
        // The line above an underlined heading, as wide as the one below it.
        let is_overline = matches!(role, Role::Heading(_) | Role::Title)
            && block.underline.is_some()
            && above.kind == Kind::Rule
            && block.gap == Some(0);
        if is_overline {
            *over = Role::Left;
        }
    }
    Roles { roles, scored }
}

/// The roles of all blocks where none is a heading. `is_followed` says that there is more of the article behind them.
pub(super) fn roles_without_headings(
    blocks: &[TextBlock<'_>],
    profile: &Profile,
    is_followed: bool,
) -> Vec<Role> {
    let end = if is_followed {
        blocks.len()
    } else {
        article_end(blocks)
    };
    let title = title_block(blocks.get(..end).unwrap_or(blocks), is_followed);
    plain_roles(blocks, end, title, profile)
}

/// The roles that have nothing to do with headings.
fn plain_roles(
    blocks: &[TextBlock<'_>],
    end: usize,
    title: Option<usize>,
    profile: &Profile,
) -> Vec<Role> {
    let breaks = rare_gaps(blocks.get(..end).unwrap_or(blocks), profile.gap);
    let role = |(at, block): (usize, &TextBlock<'_>)| {
        if at >= end || title.is_some_and(|title| is_echo(blocks, title, at)) {
            Role::Left
        } else if title == Some(at) {
            Role::Title
        } else if block.kind == Kind::Rule && block.line_count() == 1 && is_divider(block.text) {
            Role::Break
        } else if breaks.binary_search(&at).is_ok() {
            Role::FirstText
        } else {
            Role::Text
        }
    };
    blocks.iter().enumerate().map(role).collect()
}

/// Whether a block repeats the title right below it.
fn is_echo(blocks: &[TextBlock<'_>], title: usize, at: usize) -> bool {
    if at <= title || at > title + ECHO_BLOCKS {
        return false;
    }
    // To fold a paragraph takes longer than to see by its first word that it is another text.
    let text = |at: usize| blocks.get(at).map_or("", TextBlock::own_text);
    let first = |at: usize| fold(text(at).split_whitespace().next().unwrap_or_default());
    first(at) == first(title) && fold(text(at)) == fold(text(title))
}

/// The number of blocks without the page's own lines at the end.
fn article_end(blocks: &[TextBlock<'_>]) -> usize {
    let is_own = |block: &TextBlock<'_>| block.words > 8 || !is_boilerplate(block.text);
    let last = blocks.iter().rposition(is_own).unwrap_or(0);
    blocks.len().min(last + 1)
}

/// The first block that is none of a page's head, where it is short, does not end as a sentence, and something follows.
fn title_block(blocks: &[TextBlock<'_>], is_followed: bool) -> Option<usize> {
    let is_passed = |block: &TextBlock<'_>| {
        let text = block.text;
        block.kind == Kind::Rule
            || is_date(text)
            || is_byline(text)
            || is_boilerplate(text)
            || text.lines().any(has_columns)
    };
    let mut first = blocks.iter().enumerate().take(TITLE_BLOCKS);
    let (at, block) = first.find(|(_, block)| !is_passed(block))?;
    let next = blocks.get(at + 1);
    if next.is_none() && !is_followed {
        return None;
    }
    let is_short =
        block.words <= 30 && block.text.chars().nth(200).is_none() && block.line_count() <= 3;
    let has_form = is_short
        && block.kind != Kind::List
        && !is_code(block.text)
        && !block.text.ends_with(['.', ',', ';', ':']);
    let is_apart = next.is_none_or(|next| next.gap > Some(0)) || block.line_count() == 1;
    (block.underline.is_some() || (has_form && is_apart)).then_some(at)
}

/// Paragraphs behind a gap larger than usual, where such gaps are rare and each paragraph is one line.
fn rare_gaps(blocks: &[TextBlock<'_>], usual: usize) -> Vec<usize> {
    let one_line = blocks.iter().all(|b| b.line_count() == 1);
    let is_body = |block: &TextBlock<'_>| block.kind == Kind::Body;
    let pairs = blocks.iter().zip(blocks.iter().skip(1)).enumerate();
    let wide: Vec<usize> = pairs
        .filter(|(_, (above, own))| own.gap > Some(usual) && is_body(own) && is_body(above))
        .map(|(i, _)| i + 1)
        .collect();
    let are_rare = wide.len() <= 3 || wide.len() * 100 <= blocks.len() * 15;
    if one_line && are_rare {
        wide
    } else {
        Vec::new()
    }
}

/// Whether a line of punctuation divides sections: one mark, three times or more.
fn is_divider(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else {
        return false;
    };
    let rest: Vec<char> = marks.take(120).collect();
    rest.len() >= 2
        && matches!(first, '*' | '-' | '_' | '~' | '#' | '=')
        && rest.iter().all(|&c| c == first)
}

/// The styles of heading in a text, for their levels.
struct Levels {
    /// The marks of underlines in the order in which they first stand.
    underlines: Vec<char>,
    has_chapters: bool,
    /// Headings in capitals stand above others.
    has_capitals: bool,
}

impl Levels {
    fn of(scored: &[Scored], blocks: &[TextBlock<'_>]) -> Levels {
        let headings = || scored.iter().filter(|line| line.points() >= THRESHOLD);
        let mut underlines = Vec::new();
        for mark in headings().filter_map(|line| blocks.get(line.candidate.block)?.underline) {
            if !underlines.contains(&mark) {
                underlines.push(mark);
            }
        }
        let capitals = headings()
            .filter(|l| l.candidate.case == LetterCase::Capitals)
            .count();
        let others = headings().count() - capitals;
        Levels {
            underlines,
            has_chapters: headings().any(|line| line.candidate.number == Number::Chapter),
            has_capitals: capitals >= 2 && others >= 2,
        }
    }

    /// The title is level 1; a heading is level 2, deeper by its number, its underline, its case.
    fn level(&self, candidate: &Candidate, blocks: &[TextBlock<'_>]) -> u8 {
        let below_chapters = 2 + u8::from(self.has_chapters);
        let is_capitals = candidate.case == LetterCase::Capitals;
        let mark = blocks
            .get(candidate.block)
            .and_then(|block| block.underline);
        let rank = mark.and_then(|mark| self.underlines.iter().position(|&m| m == mark));
        match (candidate.number, rank) {
            (Number::Chapter, _) => 2,
            (Number::Decimal(depth), _) => (1 + depth).min(6),
            (_, Some(rank)) => (2 + rank).min(6) as u8,
            (Number::One | Number::Roman, _) => below_chapters,
            _ if self.has_capitals && !is_capitals => below_chapters + 1,
            _ => below_chapters,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

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
