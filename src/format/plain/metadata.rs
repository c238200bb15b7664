//! Author and date that a plain text's own lines tell: bylines, datelines, labels, lines that are a date.
//!
//! A wrong author or date is worse than none, so that only lines near the top count, and some at the end.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::PlainLine;
use super::numbers::regex;
use crate::article::Metadata;
use crate::format::metadata::dates::read_date;
use crate::format::metadata::message_head::read_message_head;
use crate::format::metadata::names::names_with_addresses;

/// How many lines with text at the top are looked at.
const HEAD_LINES: usize = 25;
/// How many of them may be a date without a label.
const DATE_LINES: usize = 8;
/// How far a date may stand from a byline, in lines with text.
const BESIDE_LINES: usize = 3;
/// How many lines with text at the end are looked at.
const TAIL_LINES: usize = 6;
/// Longer lines are sentences, but for a dateline in front.
const MAX_CHARS: usize = 140;

/// A capitalised name of two words or more.
const NAME: &str = "(?:\\p{Lu}[\\p{L}\\p{M}'’.-]*(?:\\s+(?:(?:de|da|del|della|der|den|di|do|dos|du|la|le|van|von|zu|ten|ter|\
    al|el|bin|ibn|y)\\s+)*\\p{Lu}[\\p{L}\\p{M}'’.-]*){1,4})";

/// Between two names.
const AND: &str = "(?:\\s*,\\s*(?:and\\s+)?|\\s+(?:and|&|und|et|y|e|и)\\s+)";

/// A day, a month or both and a year, as people write them; [`read_date`] has the last word.
const DAY: &str = "(?:\\d{4}-\\d{2}-\\d{2}|\\d{4}/\\d{1,2}/\\d{1,2}|\\d{4}年\\d{1,2}月\\d{1,2}日|\\d{1,2}\\.\\s?\\d{1,2}\\.\\s?\\d{4}|\
    \\d{1,2}/\\d{1,2}/\\d{4}|\\d{1,2}(?:st|nd|rd|th|er|\\.)?\\s+(?:of\\s+|de\\s+)?\\p{L}{3,12}\\.?,?\\s+(?:de\\s+)?\\d{4}|\
    \\p{L}{3,12}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4}|\\p{L}{3,12}\\.?,?\\s+\\d{4})";

/// `By Jane Doe and John Roe, Staff Writer`; the names, and what stands behind them.
static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^\\(?(?:(?i:by|von|par|por|di|от)|(?i:written|words|text|story|report(?:ed|ing)?) (?i:by))\\s+({NAME}(?:{AND}{NAME}){{0,5}})\
         (\\s*(?:[,;|•·–—/()<@-]|\\s(?:in|for|on|at)\\s).*)?$"
    ))
});

/// `Author: Jane Doe`.
static LABELLED_AUTHOR: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "^(?i:authors?|autor(?:in|en)?|auteurs?|autore|автор|by-?line|written by)\\s*:\\s*(\\S.{1,100})$|^作者\\s*[:：]\\s*(\\S.{0,40})$",
    )
});

/// `Published: 3 May 2014`; the label, then a date right behind it.
static LABELLED_DATE: LazyLock<Regex> = LazyLock::new(|| {
    let said = "(?:first )?published|posted|date|released|issued|datum|veröffentlicht|erschienen|publié|fecha|publicado|\
        pubblicato|дата|опубликовано|发布时间|发布日期|日期";
    let again =
        "(?:last )?(?:updated|modified|revised)|stand|aktualisiert|mis à jour|обновлено|更新时间";
    regex(&format!(
        "^(?:(?i:{said})|((?i:{again})))\\s*(?:[:：]|\\s(?i:on|am|le|the))?\\s*(?:\\p{{L}}{{3,10}}\\.?,\\s+)?({DAY})"
    ))
});

/// A line that is a date, with a weekday before and a time or such behind.
static DATE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^(?:\\p{{L}}{{2,10}}\\.?,?\\s+)?({DAY})\\.?(?:\\s*[,|·•–—-].{{0,40}}|,?\\s+(?:at\\s+)?\\d{{1,2}}[:.h]\\d{{2}}.{{0,24}})?$"
    ))
});

/// A date in the right column of a memo's head.
static COLUMN_DATE: LazyLock<Regex> = LazyLock::new(|| regex(&format!("\\s{{3,}}({DAY})$")));

/// `KYIV, Ukraine, Sept. 5, 2014 (AP) —`; the date in it.
static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^\\p{{Lu}}[\\p{{Lu}} .'’-]+,(?:\\s\\p{{Lu}}[\\p{{L}}. ]{{0,20}},)?\\s({DAY})\\s*(?:\\([\\p{{L}} /]+\\)\\s*)?[—–:-]"
    ))
});

static ANY_DAY: LazyLock<Regex> = LazyLock::new(|| regex(DAY));

/// Words of a role or a house, not of a name.
static ROLES: [&str; 62] = [
    "administrator",
    "afp",
    "agency",
    "analyst",
    "ap",
    "assistant",
    "associate",
    "associated",
    "bbc",
    "bureau",
    "ceo",
    "chief",
    "cnn",
    "columnist",
    "contributor",
    "coordinator",
    "correspondent",
    "cto",
    "deputy",
    "director",
    "editor",
    "engineer",
    "executive",
    "for",
    "founder",
    "guest",
    "head",
    "journal",
    "lead",
    "lecturer",
    "magazine",
    "manager",
    "managing",
    "member",
    "minister",
    "network",
    "news",
    "of",
    "office",
    "officer",
    "ph.d",
    "phd",
    "post",
    "president",
    "press",
    "producer",
    "professor",
    "program",
    "project",
    "reporter",
    "researcher",
    "reuters",
    "secretary",
    "senior",
    "service",
    "special",
    "staff",
    "team",
    "times",
    "university",
    "vice",
    "writer",
];

/// Takes what the header of a message above the text says, and marks its lines as no part of the text.
pub(super) fn take_head(metadata: &mut Metadata, text: &str, lines: &mut [PlainLine]) {
    let len = read_message_head(text, metadata);
    for line in lines.iter_mut().take_while(|line| line.trimmed.end <= len) {
        line.is_furniture = len > 0;
    }
}

/// Adds what the lines tell to what is known already.
pub(super) fn complete(metadata: &mut Metadata, text: &str, lines: &[PlainLine]) {
    let mut found = FoundMetadata::default();
    let shown: Vec<&str> = lines
        .iter()
        .map(|l| &text[l.trimmed.clone()])
        .filter(|l| !l.is_empty())
        .take(HEAD_LINES)
        .collect();
    let is_mail = is_mail(&shown);
    for (at, line) in shown.iter().enumerate() {
        found.head_line(line, at, is_mail);
    }
    let tail = lines
        .iter()
        .rev()
        .map(|l| &text[l.trimmed.clone()])
        .filter(|l| !l.is_empty());
    for line in tail.take(TAIL_LINES) {
        found.tail_line(line);
    }
    let line = found.date_line();
    if metadata.authors.is_empty() {
        metadata.authors = found.authors;
    }
    metadata.date = metadata
        .date
        .take()
        .or(found.published)
        .or(found.seen)
        .or(line)
        .or(found.updated);
}

/// What was found so far.
#[derive(Default)]
struct FoundMetadata {
    authors: Vec<String>,
    /// A date that is labelled as the one of publication.
    published: Option<String>,
    /// A date without a label.
    seen: Option<String>,
    updated: Option<String>,
    /// Lines that are a date, and the one that is a byline.
    days: Vec<(usize, String)>,
    author_at: Option<usize>,
}

impl FoundMetadata {
    fn head_line(&mut self, line: &str, at: usize, is_mail: bool) {
        if self.seen.is_none()
            && may_be_dateline(line)
            && let Some(day) = captured(&DATELINE, line, 1)
        {
            self.seen = day_of(day);
        }
        if line.len() > MAX_CHARS && line.chars().nth(MAX_CHARS).is_some() {
            return;
        }
        let may_have_day = line.bytes().any(|byte| byte.is_ascii_digit());
        if may_have_day {
            self.labelled_date(line);
        }
        // The first line is the title, such as `By Popular Demand`.
        if at > 0 {
            self.byline(line);
            if !self.authors.is_empty() {
                self.author_at.get_or_insert(at);
            }
        }
        self.labelled_author(line);
        if is_mail
            && self.authors.is_empty()
            && let Some(from) = line.strip_prefix("From:")
        {
            self.authors = names_with_addresses(from);
        }
        if may_have_day {
            let day = captured(&DATE_LINE, line, 1).or_else(|| captured(&COLUMN_DATE, line, 1));
            self.days.extend(day.and_then(day_of).map(|day| (at, day)));
        }
    }

    /// The first line that is a date, near the top or beside the byline.
    fn date_line(&self) -> Option<String> {
        let is_ours = |(at, _): &&(usize, String)| {
            let is_beside = |author: usize| author.abs_diff(*at) <= BESIDE_LINES;
            *at < DATE_LINES || self.author_at.is_some_and(is_beside)
        };
        self.days.iter().find(is_ours).map(|(_, day)| day.clone())
    }

    fn tail_line(&mut self, line: &str) {
        if line.chars().nth(MAX_CHARS).is_some() {
            return;
        }
        self.labelled_date(line);
        if line
            .trim_start_matches('(')
            .to_lowercase()
            .starts_with("report")
        {
            self.byline(line);
        }
    }

    fn labelled_date(&mut self, line: &str) {
        let Some(found) = LABELLED_DATE.captures(line) else {
            return;
        };
        let day = found.get(2).and_then(|day| day_of(day.as_str()));
        let slot = match found.get(1) {
            Some(_) => &mut self.updated,
            None => &mut self.published,
        };
        *slot = slot.take().or(day);
    }

    fn byline(&mut self, line: &str) {
        let first = line.trim_start_matches('(').as_bytes().first();
        let may_begin =
            |byte: &u8| !byte.is_ascii() || b"bvpdwtsr".contains(&byte.to_ascii_lowercase());
        if !self.authors.is_empty() || !first.is_some_and(may_begin) {
            return;
        }
        let Some(found) = BYLINE.captures(line) else {
            return;
        };
        self.authors = names(&found[1]);
        let behind = found.get(2).map_or("", |rest| rest.as_str());
        if !self.authors.is_empty() && self.seen.is_none() {
            self.seen = captured(&ANY_DAY, behind, 0).and_then(day_of);
        }
    }

    fn labelled_author(&mut self, line: &str) {
        if !line.contains([':', '：']) {
            return;
        }
        let Some(found) = LABELLED_AUTHOR
            .captures(line)
            .filter(|_| self.authors.is_empty())
        else {
            return;
        };
        let said = found
            .get(1)
            .or(found.get(2))
            .map_or("", |said| said.as_str());
        let name = said
            .split(['<', '(', '|', '['])
            .next()
            .unwrap_or_default()
            .trim();
        let is_name =
            name.split_whitespace().count() <= 10 && name.chars().any(char::is_alphabetic);
        self.authors.extend(is_name.then(|| cased(name)));
    }
}

/// Whether a line begins with the name of a place in capitals.
fn may_be_dateline(line: &str) -> bool {
    let mut front = line.chars();
    let is_inner = |c: char| c.is_uppercase() || matches!(c, ' ' | '.' | '\'' | '’' | '-');
    front.next().is_some_and(char::is_uppercase) && front.next().is_some_and(is_inner)
}

fn captured<'t>(pattern: &Regex, line: &'t str, group: usize) -> Option<&'t str> {
    Some(pattern.captures(line)?.get(group)?.as_str())
}

fn day_of(text: &str) -> Option<String> {
    read_date(&text.replace(['年', '月'], "-").replace('日', ""))
}

/// The names of a byline, up to the first part that is a role or a house.
fn names(text: &str) -> Vec<String> {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| regex(AND));
    let is_role = |part: &&str| {
        let mut words = part.split_whitespace();
        words.any(|word| ROLES.contains(&word.to_lowercase().trim_end_matches('.')))
    };
    let all: Vec<String> = BETWEEN
        .split(text)
        .take_while(|part| !is_role(part))
        .map(cased)
        .collect();
    let begins_as_name =
        |name: &String| !matches!(name.split(' ').next(), Some("The" | "A" | "An"));
    match all.iter().all(begins_as_name) {
        true => all,
        false => Vec::new(),
    }
}

/// A name in capitals with only its first letters so.
fn cased(name: &str) -> String {
    if name.chars().any(char::is_lowercase) || !name.contains(' ') {
        return name.to_string();
    }
    let mut after_letter = false;
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match after_letter {
            true => out.extend(c.to_lowercase()),
            false => out.push(c),
        }
        after_letter = c.is_alphabetic();
    }
    out
}

/// Whether the lines begin as a message's head does.
fn is_mail(lines: &[&str]) -> bool {
    let has = |label: &str| lines.iter().take(10).any(|line| line.starts_with(label));
    has("From:") && has("Subject:") && (has("Date:") || has("To:"))
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

    fn found(text: &str) -> (Option<String>, Option<String>) {
        let metadata = read_str("text", text).metadata;
        (metadata.author(), metadata.date)
    }

    /// What is told by a line between a title and a text.
    fn told(line: &str) -> (Option<String>, Option<String>) {
        found(&format!(
            "Harbour talks fail\n\n{line}\n\nThe talks on the harbour ended without a deal, both sides said.\n"
        ))
    }

    #[test]
    fn bylines_tell_authors() {
        for (line, author) in [
            ("By Jane Doe", "Jane Doe"),
            ("By Jane Doe and John O'Neil", "Jane Doe, John O'Neil"),
            ("BY JANE DOE", "Jane Doe"),
            ("By Jane Doe, Staff Writer", "Jane Doe"),
            (
                "By Jane Doe, John Roe and Ann van der Berg, Associated Press",
                "Jane Doe, John Roe, Ann van der Berg",
            ),
            ("by Jane Doe | March 3, 2014", "Jane Doe"),
            (
                "By Jane Doe, GSA Administrator and John Roe, Program Director",
                "Jane Doe",
            ),
            ("Written by Jane B. Doe", "Jane B. Doe"),
            ("Von Jürgen Müller", "Jürgen Müller"),
            ("От Анна Иванова", "Анна Иванова"),
            ("Author: Jane Doe <jane@example.org>", "Jane Doe"),
            ("Автор: Анна Иванова", "Анна Иванова"),
            ("作者：王小明", "王小明"),
        ] {
            assert_eq!(told(line).0.as_deref(), Some(author), "{line}");
        }
        for line in [
            "By the time the talks ended, it was dark.",
            "By Train",
            "By The Sea",
            "From Kyiv With Love",
            "By Staff Writer",
            "Author: ",
            "By January the ice had gone, and with it the last of the ships.",
        ] {
            assert_eq!(told(line).0, None, "{line}");
        }
        assert_eq!(
            found("By Popular Demand\n\nThe show goes on, said the theatre on Monday night.\n").0,
            None
        );
        let tail = "Talks fail\n\nThe talks ended.\n\nThey ended late.\n\n(Reporting by Jane Doe in Kyiv; editing by John Roe)\n";
        assert_eq!(found(tail).0.as_deref(), Some("Jane Doe"));
    }

    #[test]
    fn labels_datelines_and_lines_of_their_own_tell_dates() {
        for (line, date) in [
            ("Published: 2023-11-01", "2023-11-01"),
            ("Posted on 3 March 2014", "2014-03-03"),
            ("Published: Monday, March 3, 2014 10:00 am", "2014-03-03"),
            ("Date: March 1997", "1997-03"),
            ("3 May 2014", "2014-05-03"),
            ("Mon, May 3, 2014", "2014-05-03"),
            ("May 3, 2014 | 4 min read", "2014-05-03"),
            ("2014-05-03 10:00", "2014-05-03"),
            ("Stand: 5. März 2014", "2014-03-05"),
            ("5 марта 2014", "2014-03-05"),
            ("发布时间：2014年3月5日", "2014-03-05"),
            ("By Jane Doe | Updated March 3, 2014", "2014-03-03"),
            (
                "KYIV, Ukraine, Sept. 5, 2014 (AP) — The talks ended.",
                "2014-09-05",
            ),
            (
                "Network Working Group                               S. Bradner            March 1997",
                "1997-03",
            ),
        ] {
            assert_eq!(told(line).1.as_deref(), Some(date), "{line}");
        }
        for line in [
            "Date: TBD",
            "Date palms grow in 2014 as they did before.",
            "KYIV (Reuters) — The talks ended.",
            "Posted on the door was a note of 3 March 2014 that nobody had read.",
            "March of the Penguins 2005",
            "03/04/2014",
        ] {
            assert_eq!(told(line).1, None, "{line}");
        }
        let both = "Talks\n\nUpdated: 5 May 2014\nPublished: 3 May 2014\n\nThe talks ended, and nobody was glad of it.\n";
        assert_eq!(found(both).1.as_deref(), Some("2014-05-03"));
        let late = "Talks\n\nThe talks ended, and nobody was glad of it.\n\nThey went home.\n\nLast updated: 5 May 2014\n";
        assert_eq!(found(late).1.as_deref(), Some("2014-05-05"));
    }

    #[test]
    fn a_messages_head_tells_both() {
        let mail = "From: \"Jane Doe\" <jane@example.org>\nTo: all@example.org\nDate: Wed, 05 Mar 2014 10:00:00 +0000\n\
            Subject: Talks\n\nThe talks ended, and nobody was glad of it.\n";
        assert_eq!(
            found(mail),
            (Some("Jane Doe".into()), Some("2014-03-05".into()))
        );
        assert_eq!(
            found("From: here to there\n\nA walk along the harbour, and back.\n").0,
            None
        );
    }
}
