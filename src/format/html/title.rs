//! Finds the title of a page's article, and the heading it stands in.

use super::element::Element;
use super::fate::Fates;
use super::hints::Hints;
use super::meta::PageSays;
use super::node_text::node_text;
use super::tree::Tree;
use crate::analysis::{fold, is_unspaced};
use crate::article::TitleFrom;

/// How many top headings of a page are looked at.
const MAX_HEADINGS: usize = 20;
/// A shorter text inside a longer one says nothing, in bytes.
const MIN_AGREEING_BYTES: usize = 8;
/// A word tells something of a title from so many characters on,
const MIN_TELLING_CHARS: usize = 5;
/// where words are not divided by spaces, so many in a row,
const MIN_TELLING_UNSPACED: usize = 4;
/// One part in so many, and one more, has to be shared,
const MAX_PARTS_A_SHARED_ONE: usize = 6;
/// of which so many are looked at.
const MAX_PARTS: usize = 60;
/// What stands between an article's title and the name of its site.
static SEPARATORS: [&str; 13] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " : ", "_", "|", "｜", " / ",
];

/// A title, and the heading that it was read from.
#[derive(Debug, Default)]
pub(super) struct Title {
    pub(super) text: Option<String>,
    pub(super) heading: Option<usize>,
    pub(super) from: TitleFrom,
}

impl Title {
    fn of_heading((at, text): (usize, String)) -> Title {
        Title {
            text: Some(text),
            heading: Some(at),
            from: TitleFrom::Heading,
        }
    }
}

/// The title of a page: the top heading that agrees with what the page says of itself; else one that says the same in
/// other words; else what it says; else the first top heading of the page; else `<title>`. The site's name is cut off,
/// and a heading that is nothing but the site's name is no title.
pub(super) fn find(tree: &Tree, text: &str, said: &PageSays, fates: &Fates) -> Title {
    let all = headings(tree, text, fates, 1);
    let (sites, mut tops): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, text)| is_sites(text, said));
    let sites: Vec<String> = sites.iter().map(|(_, text)| in_words(text)).collect();
    let seconds = match tops.is_empty() {
        true => headings(tree, text, fates, 2),
        false => Vec::new(),
    };
    tops.extend(seconds.iter().cloned());
    let headings = tops;
    let cut = |name: &String| without_site(name, said, &headings, &sites);
    let named: Vec<String> = [&said.data.title, &said.title]
        .into_iter()
        .flatten()
        .map(cut)
        .collect();
    let head: Option<String> = said.head_title.as_ref().map(cut);
    let others: Vec<String> = head.iter().cloned().chain(said.data.name.clone()).collect();
    let known = if named.is_empty() { &others } else { &named };
    // Where the top headings are about something else, as the part of a site, a lower one may have the title.
    let lower = || {
        let lower = [2, 3]
            .map(|rank| self::headings(tree, text, fates, rank))
            .concat();
        let is_alone = named.is_empty() && seconds.is_empty();
        is_alone
            .then(|| agreeing(&lower, &others).cloned())
            .flatten()
    };
    let agreed = agreeing(&headings, &named)
        .or_else(|| agreeing(&headings, &others))
        .or_else(|| related(&headings, known, said))
        .cloned()
        .or_else(lower);
    if let Some(heading) = agreed {
        return Title::of_heading(heading);
    }
    if let Some(name) = named.into_iter().next() {
        return Title {
            text: Some(name),
            ..Title::default()
        };
    }
    let first = headings.first().filter(|_| seconds.is_empty());
    if let Some(heading) = first {
        return Title::of_heading(heading.clone());
    }
    match head {
        Some(head) => Title {
            text: Some(head),
            ..Title::default()
        },
        None => Title {
            text: sites_title(tree, text, fates),
            heading: None,
            from: TitleFrom::Heading,
        },
    }
}

/// Whether a heading is nothing but the name of the site: what the page calls its site, or the end of `<title>`.
fn is_sites(heading: &str, said: &PageSays) -> bool {
    let heading = in_words(heading);
    if said
        .site
        .as_deref()
        .is_some_and(|site| in_words(site) == heading)
    {
        return true;
    }
    let Some(head) = &said.head_title else {
        return false;
    };
    let ends = SEPARATORS
        .iter()
        .filter_map(|separator| head.rsplit_once(separator));
    ends.into_iter()
        .any(|(front, site)| in_words(site) == heading && front.len() > site.len())
}

/// The words of a text, folded, with single spaces between them.
fn in_words(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(fold).collect::<Vec<_>>().join(" ")
}

/// The heading that shares the most words with one of `names`, if it shares any that tell something.
fn related<'h>(
    headings: &'h [(usize, String)],
    names: &[String],
    said: &PageSays,
) -> Option<&'h (usize, String)> {
    let site = said.site.as_deref().map(in_words).unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| in_words(name)).collect();
    let shared = |heading: &str| {
        let heading = in_words(heading);
        let words = heading.split(|c: char| !c.is_alphanumeric());
        let telling = words.flat_map(telling_parts);
        let telling = telling.filter(|word| !site.contains(word));
        telling
            .filter(|word| names.iter().any(|name| name.contains(word)))
            .count()
    };
    // The name of a part of the site, as `Technology`, shares one word with many titles.
    let telling = |name: &String| name.split(' ').flat_map(telling_parts).count();
    let least = names.iter().map(telling).min().unwrap_or(0) / MAX_PARTS_A_SHARED_ONE;
    let counted = headings
        .iter()
        .rev()
        .map(|heading| (shared(&heading.1), heading));
    let best = counted.max_by_key(|(count, _)| *count);
    best.filter(|(count, _)| *count > least)
        .map(|(_, heading)| heading)
}

/// The parts of a word that tell something: all of it where it is long enough, and its pieces where words are not
/// divided by spaces.
fn telling_parts(word: &str) -> Vec<&str> {
    let chars: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    let is_unspaced = word.chars().any(is_unspaced);
    if !is_unspaced {
        return if chars.len() >= MIN_TELLING_CHARS {
            vec![word]
        } else {
            Vec::new()
        };
    }
    let starts = chars.iter().take(MAX_PARTS).enumerate();
    starts
        .filter_map(|(order, &from)| {
            let to = chars.get(order + MIN_TELLING_UNSPACED)?;
            word.get(from..*to)
        })
        .collect()
}

/// The first heading, where the page has none but its site's name.
fn sites_title(tree: &Tree, text: &str, fates: &Fates) -> Option<String> {
    let first = headings(tree, text, fates, 1).into_iter().next();
    first.map(|(_, text)| text)
}

/// The headings of a rank that are seen, with their texts.
fn headings(tree: &Tree, text: &str, fates: &Fates, rank: u8) -> Vec<(usize, String)> {
    (0..tree.nodes.len())
        .filter(|&at| {
            let node = tree.node(at);
            node.element == Element::Heading(rank)
                && !node.hints.any(Hints::HIDDEN)
                && fates.is_kept(at)
        })
        .take(MAX_HEADINGS)
        .map(|at| (at, node_text(tree, text, fates, at)))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// The longest heading that agrees with one of `names`; the first of equals.
fn agreeing<'h>(headings: &'h [(usize, String)], names: &[String]) -> Option<&'h (usize, String)> {
    headings
        .iter()
        .rev()
        .filter(|(_, text)| names.iter().any(|name| agree(text, name)))
        .max_by_key(|(_, text)| text.len())
}

/// Whether two titles are the same, or one is a good part of the other.
fn agree(one: &str, other: &str) -> bool {
    let (one, other) = (in_words(one), in_words(other));
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    short == long
        || (short.len() >= MIN_AGREEING_BYTES
            && short.len() * 2 >= long.len()
            && long.contains(&short))
}

/// A name without that of the site, where the site's own name or a heading confirms the cut.
fn without_site(
    name: &str,
    said: &PageSays,
    headings: &[(usize, String)],
    sites: &[String],
) -> String {
    let site = said.site.as_deref().map(in_words).unwrap_or_default();
    let is_site = |part: &str| {
        let part = in_words(part);
        let is_like =
            site.contains(&part) || (part.contains(&site) && part.len() <= site.len() * 2);
        !site.is_empty() && !part.is_empty() && is_like
    };
    let is_heading = |part: &str| {
        let part = in_words(part);
        headings.iter().any(|(_, text)| in_words(text) == part)
    };
    // A heading says all of it.
    if is_heading(name) {
        return name.to_string();
    }
    for separator in SEPARATORS {
        for (first, last) in [name.rsplit_once(separator), name.split_once(separator)]
            .into_iter()
            .flatten()
        {
            let is_last = is_site(last) || sites.iter().any(|site| *site == in_words(last));
            if is_last && !is_site(first) || is_heading(first) {
                return first.trim().to_string();
            }
            if is_site(first) && !is_last || is_heading(last) {
                return last.trim().to_string();
            }
        }
    }
    name.to_string()
}
