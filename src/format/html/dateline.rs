//! Finds the day of publication where the head of a page does not say it: in what the page marks as a date, in the
//! lines around the title, in the page's address.

use super::element::Element;
use super::fate::{Fate, Fates};
use super::hints::Hints;
use super::node_text::node_text;
use super::pieces::PagePiece;
use super::surroundings::Surroundings;
use crate::format::metadata::dates::{day_in, day_of_seconds, read_date};

/// So many nodes that are marked as dates are looked at.
const MAX_MARKED: usize = 100;

/// How far a date is marked with what it says, as a number: the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DateRank {
    Published,
    Seen,
    Unseen,
    Updated,
}

/// The day of publication.
pub(super) fn find(page: &Surroundings<'_>, near: &[PagePiece<()>]) -> Option<String> {
    let end = page.article().1;
    let (mut best, mut rank) = (None, DateRank::Updated);
    for (at, date) in told(page, end).chain(marked(page, end)) {
        let own = rank_of(page, at);
        if best.is_none() || own < rank {
            (best, rank) = (Some(date), own);
        }
    }
    if best.is_some() && rank < DateRank::Updated {
        return best;
    }
    let dated = near
        .iter()
        .filter_map(|piece| Some((is_update(&piece.text), day_in(&piece.text)?)));
    let dated: Vec<(bool, String)> = dated.collect();
    let first = dated.iter().find(|(is_update, _)| !is_update);
    let line = first.or(dated.first()).map(|(_, date)| date.clone());
    line.or(best)
}

/// The dates of attributes, with their nodes.
fn told<'p>(page: &'p Surroundings<'_>, end: usize) -> impl Iterator<Item = (usize, String)> + 'p {
    let start = page.article().0;
    let tags = page.tree.tags.iter().filter(move |tag| tag.at < end);
    tags.filter_map(move |tag| {
        let value = tag.get("datetime").or_else(|| tag.get("data"));
        let date = value.and_then(read_date);
        let seconds = tag.get("seconds").filter(|_| tag.at >= start);
        Some((tag.at, date.or_else(|| day_of_seconds(seconds?))?))
    })
}

/// The dates in the text of what is marked as one, with their nodes.
fn marked<'p>(
    page: &'p Surroundings<'_>,
    end: usize,
) -> impl Iterator<Item = (usize, String)> + 'p {
    let start = page.article().0;
    let is_dated = |at: &usize| {
        let node = page.tree.node(*at);
        let is_named = node.hints.any(Hints::DATED.or(Hints::PUBLISHED));
        (node.element == Element::Time || is_named) && !matches!(node.element, Element::Text)
    };
    let nodes = (start..end).filter(is_dated).take(MAX_MARKED);
    nodes.filter_map(|at| {
        Some((
            at,
            day_in(&node_text(page.tree, page.text, &Fates::default(), at))?,
        ))
    })
}

fn rank_of(page: &Surroundings<'_>, at: usize) -> DateRank {
    let mut hints = Hints::default();
    if at < page.tree.nodes.len() {
        let parent = page.tree.node(page.tree.parent(at));
        hints = page.tree.node(at).hints.or(parent.hints);
    }
    let fate = page.chrome.of(at);
    match hints {
        _ if fate == Fate::Comments || hints.any(Hints::COMMENTS) => DateRank::Updated,
        _ if hints.any(Hints::PUBLISHED) => DateRank::Published,
        _ if hints.any(Hints::UPDATED) => DateRank::Updated,
        _ if fate == Fate::Kept => DateRank::Seen,
        _ => DateRank::Unseen,
    }
}

/// Whether a line says when the article was changed.
fn is_update(line: &str) -> bool {
    let line = line.to_lowercase();
    [
        "updat",
        "modif",
        "aktualisier",
        "mis à jour",
        "actualiz",
        "aggiorn",
        "更新",
        "обновл",
    ]
    .iter()
    .any(|word| line.contains(word))
}

/// The day, or the month, in an address: `/2014/03/05/`, `/2014/03/`.
pub(super) fn of_address(address: &str) -> Option<String> {
    let parts: Vec<&str> = address.split('/').collect();
    parts.windows(3).find_map(|window| {
        let &[year, month, day] = window else {
            return None;
        };
        let is_number = |part: &str, digits: usize| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(year, 4) || !is_number(month, 2) || !year.starts_with(['1', '2']) {
            return None;
        }
        let month = format!("{year}-{month}");
        match is_number(day, 2) {
            true => read_date(&format!("{month}-{day}")),
            false => read_date(&month),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::of_address;

    #[test]
    fn addresses_tell_days_and_months() {
        let of = |address: &str| of_address(address);
        assert_eq!(
            of("https://x.y/2014/03/05/harbour").as_deref(),
            Some("2014-03-05")
        );
        assert_eq!(
            of("https://x.y/en/2014/03/harbour").as_deref(),
            Some("2014-03")
        );
        for address in [
            "https://x.y/2014/harbour",
            "https://x.y/2014/13/05",
            "https://x.y/1234567/03/05",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
    }
}
