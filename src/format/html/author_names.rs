//! Tells names from what stands around them in bylines.

use super::node_text::{clean, front};
use crate::analysis::fold;
use crate::format::metadata::months::month;

/// A longer byline is prose, in characters.
pub(super) const MAX_BYLINE_CHARS: usize = 80;
/// A name has no more words.
const MAX_NAME_WORDS: usize = 7;

/// What stands before a name in a byline, in lower case.
static FRONTS: [&str; 32] = [
    "written by",
    "posted by",
    "published by",
    "reported by",
    "story by",
    "words by",
    "text by",
    "article by",
    "by",
    "authors",
    "author",
    "von",
    "text",
    "autor",
    "autorin",
    "par",
    "por",
    "di",
    "de",
    "av",
    "af",
    "door",
    "tekst",
    "автор",
    "yazan",
    "penulis",
    "oleh",
    "tác giả",
    "作者",
    "文",
    "著者",
    "기자",
];
/// Fronts that need a colon or a break behind them, as names and titles begin with them too.
static WEAK_FRONTS: [&str; 9] = [
    "text", "de", "di", "av", "af", "文", "tekst", "authors", "기자",
];
/// What stands after a name in a byline.
static BACKS: [&str; 7] = [
    " Published",
    " Updated",
    " Posted",
    " Last ",
    " View ",
    " Follow ",
    " Share",
];
/// How the job begins that stands behind a name.
static JOBS: [&str; 24] = [
    "Associate",
    "Assistant",
    "Author",
    "Chief",
    "Columnist",
    "Contributor",
    "Contributing",
    "Correspondent",
    "Deputy",
    "Digital",
    "Director",
    "Editor",
    "Executive",
    "Freelance",
    "Guest",
    "Journalist",
    "Managing",
    "News",
    "Reporter",
    "Senior",
    "Special",
    "Sports",
    "Staff",
    "Writer",
];
/// How lines begin that are no names.
static NO_NAMES: [&str; 17] = [
    "about",
    "more",
    "read",
    "see",
    "view",
    "comments",
    "email",
    "facebook",
    "follow",
    "last",
    "posted",
    "published",
    "publié",
    "share",
    "twitter",
    "updated",
    "veröffentlicht",
];
/// What stands between names.
pub(super) static CONNECTORS: [&str; 11] = [
    ",", "and", "&", "und", "et", "y", "e", "en", "og", "och", "и",
];

/// A name without what stands around it; `None` for what is an address, or too long for a name.
pub(super) fn as_name(text: &str) -> Option<String> {
    if text.contains("://") {
        return None;
    }
    let plain = without_tags(front(text));
    let plain = clean(&plain);
    let dated = plain
        .to_ascii_lowercase()
        .rfind(" by ")
        .and_then(|at| plain.split_at_checked(at));
    let plain = match dated {
        // The date stands first: `March 5, 2014 by Ann Berg`.
        Some((date, back)) if date.contains(|c: char| c.is_ascii_digit()) => back,
        _ => plain.as_str(),
    };
    let name = without_front(plain.trim());
    // After the name stand a date, an address, a job.
    let ends = |c: char| c.is_ascii_digit() || matches!(c, '|' | '•' | '·' | '@' | '<');
    let end = name.find(ends).unwrap_or(name.len());
    let (mut name, behind) = name.split_at_checked(end)?;
    name = name.split_once(" / ").map_or(name, |(front, _)| front);
    for back in BACKS {
        name = name.split_once(back).map_or(name, |(front, _)| front);
    }
    let name = without_job(name);
    let is_dated = behind.starts_with(|c: char| c.is_ascii_digit());
    let name = if is_dated { without_month(name) } else { name };
    let name = name.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '(')
    });
    let is_name = name.chars().count() <= MAX_BYLINE_CHARS && name.chars().any(char::is_alphabetic);
    is_name.then(|| name.to_string())
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    for (order, part) in text.split('<').enumerate() {
        match part.split_once('>') {
            Some((_, behind)) if order > 0 => {
                plain.push(' ');
                plain.push_str(behind);
            }
            _ => {
                plain.push_str(if order > 0 { "<" } else { "" });
                plain.push_str(part);
            }
        }
    }
    plain
}

/// How the names of companies end, in lower case.
static COMPANIES: [&str; 10] = [
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "ag",
    "corp",
    "plc",
    "s.a",
    "co., ltd",
    "株式会社",
];

/// Whether a name is that of a company.
pub(super) fn is_company(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_lowercase();
    let is_end = |end: &str| {
        let front = name.strip_suffix(end);
        front.is_some_and(|front| front.is_empty() || !front.ends_with(char::is_alphanumeric))
    };
    COMPANIES.iter().any(|end| is_end(end)) || name.starts_with("株式会社")
}

/// Whether a line says that a name follows.
pub(super) fn has_front(line: &str) -> bool {
    without_front(line).len() < line.len()
}

/// A name without `By`, also where that is glued to it (`ByAnn Berg`).
fn without_front(name: &str) -> &str {
    if let Some(glued) = name.strip_prefix("By") {
        let mut chars = glued.chars();
        let is_glued = chars.next().is_some_and(char::is_uppercase)
            && chars.next().is_some_and(char::is_lowercase);
        if is_glued {
            return glued;
        }
    }
    for front in FRONTS {
        let Some((start, behind)) = name.split_at_checked(front.len()) else {
            continue;
        };
        if start.to_lowercase() != front {
            continue;
        }
        let has_colon = behind.trim_start().starts_with([':', '：']);
        let is_apart = behind.is_empty() || behind.starts_with(char::is_whitespace);
        if has_colon || (is_apart && !WEAK_FRONTS.contains(&front)) {
            return behind.trim_start_matches([' ', ':', '：']);
        }
    }
    name
}

/// A name without the job behind it, also where that is glued to it (`Ann BergStaff Writer`).
fn without_job(name: &str) -> &str {
    for (at, _) in name.char_indices().skip(1) {
        let Some((front, back)) = name.split_at_checked(at) else {
            continue;
        };
        let is_after = front.ends_with(char::is_lowercase) || front.ends_with(", ");
        let is_job = |job: &&str| {
            back.strip_prefix(*job)
                .is_some_and(|rest| !rest.starts_with(char::is_lowercase))
        };
        if is_after && JOBS.iter().any(is_job) {
            return front;
        }
    }
    name
}

/// A name without the month, and the day of the week, that the date behind it begins with.
fn without_month(name: &str) -> &str {
    let mut name = name.trim_end();
    while let Some((front, last)) = name.rsplit_once([' ', ',']) {
        let word = fold(last.trim_matches(['.', ',', '-', '–']));
        let is_gone =
            word.is_empty() || month(&word).is_some() || matches!(word.as_str(), "on" | "am");
        if !is_gone {
            break;
        }
        name = front.trim_end();
    }
    name
}

/// Whether what is marked as an author may be one although it has not the shape of a name: one word in lower case, or a
/// few that begin with a capital (`Tide wire services`).
pub(super) fn may_be_name(text: &str) -> bool {
    const MAX_WORDS: usize = 5;
    let lower = text.to_lowercase();
    let first = lower.split([' ', ':']).next().unwrap_or_default();
    let is_word = !text.contains(' ') && !text.contains(char::is_uppercase);
    let is_called = text.starts_with(char::is_uppercase) && text.contains(' ');
    let is_short = text.split(' ').count() <= MAX_WORDS;
    !has_front(text) && !NO_NAMES.contains(&first) && is_short && (is_word || is_called)
}

/// Whether a text has the shape of one name or of several: few words each, the last in capitals where the script has
/// them.
pub(super) fn reads_as_name(text: &str) -> bool {
    let is_capital = |word: &str| {
        let first = word.chars().find(|c| c.is_alphabetic());
        first.is_some_and(|c| !c.is_lowercase())
    };
    let mut run = 0;
    for word in text.split(' ') {
        run = if CONNECTORS.contains(&word) || word.ends_with(',') {
            0
        } else {
            run + 1
        };
        if run > MAX_NAME_WORDS {
            return false;
        }
    }
    let lower = text.to_lowercase();
    let first = lower.split([' ', ':']).next().unwrap_or_default();
    let last = text.split(' ').next_back();
    !FRONTS.contains(&lower.trim_end_matches(':'))
        && !NO_NAMES.contains(&first)
        && last.is_some_and(is_capital)
        && month(&fold(text)).is_none()
}
