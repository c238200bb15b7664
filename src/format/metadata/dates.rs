//! Reads dates as people and programs write them.

use unicode_normalization::UnicodeNormalization;

use super::months;

/// Longer text is not read for a date, in bytes.
const MAX_BYTES: usize = 120;

/// How many parts stand between a month and the numbers beside it at most.
const MAX_BETWEEN: usize = 3;
/// How many parts a time has that stands between the day and the year: `10:00:00 UTC`.
const MAX_TIME_PARTS: usize = 9;
/// The bytes of a date that names a day.
const DAY_BYTES: usize = 10;

/// An earlier year is what programs write for no date.
const MIN_YEAR: u32 = 1000;

/// The date in `text` as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as the text; a time after it is passed over.
/// `None` where there is none, where it is impossible, and where day and month cannot be told apart (`03/04/2014`).
pub(in crate::format) fn read_date(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    if let Some(digits) = compact_digits(text) {
        return compact(digits);
    }
    let parts = parts(text);
    numeric(&parts)
        .or_else(|| in_units(&parts))
        .or_else(|| named(&parts))
}

/// The first day that is named anywhere in a short text.
pub(in crate::format) fn day_in(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let parts = parts(text);
    let is_day = |date: &String| date.len() == DAY_BYTES;
    let fronts = (0..parts.len()).filter(|&at| {
        let before = at.checked_sub(1).and_then(|before| parts.get(before));
        // `1.2024-03-05` is the number of a version.
        !matches!(before, Some(DatePart::Sign('.' | '-' | '/' | ':')))
    });
    let numbers = fronts.filter_map(|at| numeric(parts.get(at..)?));
    (numbers.into_iter().find(is_day))
        .or_else(|| in_units(&parts).filter(is_day))
        .or_else(|| named(&parts).filter(is_day))
}

/// The day in UTC that many seconds, or thousandths of them, after the first of January 1970: a number of 10 or 13 digits,
/// as programs write the times since 2001.
///
/// Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
pub(in crate::format) fn day_of_seconds(text: &str) -> Option<String> {
    const DAYS_TO_1970: u64 = 719_468;
    const DAYS_IN_ERA: u64 = 146_097;
    let seconds = match text.len() {
        10 => text,
        13 => text.get(..10)?,
        _ => return None,
    };
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.starts_with('0') {
        return None;
    }
    let days = seconds.parse::<u64>().ok()? / 86_400 + DAYS_TO_1970;
    let (era, day) = (days / DAYS_IN_ERA, days % DAYS_IN_ERA);
    let year = (day - day / 1460 + day / 36_524 - day / (DAYS_IN_ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Years begin in March here.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    date(year as u32, Some(month as u32), Some(day as u32))
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DatePart {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
    /// A word and how many characters it has.
    Word(usize),
    Sign(char),
}

/// The digits of `2014`, `20140305` or `20140305T100000Z`, without the time.
fn compact_digits(text: &str) -> Option<&str> {
    let digits = text.split(['T', 't']).next()?;
    let has_day_or_is_all = digits.len() == text.len() || digits.len() == 8;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (has_day_or_is_all && is_number).then_some(digits)
}

/// `2014` or `20140305`.
fn compact(text: &str) -> Option<String> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    match text.len() {
        4 => date(number(0, 4)?, None, None),
        8 => date(number(0, 4)?, number(4, 6), number(6, 8)),
        _ => None,
    }
}

/// The characters of a text in lower case, without marks.
fn plain(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text
            .bytes()
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    let whole = text.chars().map(|c| match c {
        // A syllable would come apart into its letters.
        '년' => '年',
        '월' => '月',
        '일' => '日',
        other => western_digit(other),
    });
    whole
        .flat_map(UnicodeNormalization::nfkd)
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn parts(text: &str) -> Vec<DatePart> {
    let plain = plain(text);
    let mut parts = Vec::new();
    let mut after_thang = false;
    let mut at = 0;
    while let Some(&first) = plain.get(at) {
        let same = |c: &&char| {
            if first.is_ascii_digit() {
                c.is_ascii_digit()
            } else {
                c.is_alphabetic() && !is_unit(**c)
            }
        };
        let run: String = plain[at..].iter().take_while(same).collect();
        let chars = if run.is_ascii() {
            run.len()
        } else {
            run.chars().count()
        };
        at += chars.max(1);
        if first.is_whitespace() {
            continue;
        }
        if run == "thang" {
            after_thang = true;
            continue;
        }
        let number = run.parse().unwrap_or(u32::MAX);
        parts.push(match first.is_ascii_digit() {
            true if after_thang && (1..=12).contains(&number) => DatePart::Month(number),
            true => DatePart::Number(number, run.len()),
            false if run.is_empty() => DatePart::Sign(first),
            false => match months::vietnamese_month(&run).filter(|_| after_thang) {
                Some(month) => DatePart::Month(month),
                None => months::month(&run).map_or(DatePart::Word(chars), DatePart::Month),
            },
        });
        after_thang = false;
    }
    parts
}

/// Arabic and Persian digits as those of the West.
fn western_digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

/// The signs behind the numbers of years, months and days in Chinese and Japanese.
fn is_unit(c: char) -> bool {
    matches!(c, '年' | '月' | '日')
}

/// A date whose numbers have their units behind them: `2019年2月26日`.
fn in_units(parts: &[DatePart]) -> Option<String> {
    let at = parts
        .iter()
        .position(|part| *part == DatePart::Sign('年'))?;
    let DatePart::Number(year, 4) = *parts.get(at.checked_sub(1)?)? else {
        return None;
    };
    match parts.get(at + 1..)? {
        [
            DatePart::Number(month, 1..=2),
            DatePart::Sign('月'),
            DatePart::Number(day, 1..=2),
            DatePart::Sign('日'),
            ..,
        ] => date(year, Some(*month), Some(*day)),
        [DatePart::Number(month, 1..=2), DatePart::Sign('月'), ..] => {
            date(year, Some(*month), None)
        }
        _ => date(year, None, None),
    }
}

/// A date in numbers at the front: `2014-03-05T10:00`, `2014/03/05`, `05.03.2014`, `13/04/2014`, `03/2014`.
fn numeric(parts: &[DatePart]) -> Option<String> {
    let &[
        DatePart::Number(first, digits),
        DatePart::Sign(sign),
        DatePart::Number(second, seconds),
        ref rest @ ..,
    ] = parts
    else {
        return None;
    };
    if !matches!(sign, '-' | '/' | '.') {
        return None;
    }
    if seconds > 2 {
        let is_month = digits <= 2 && seconds == 4 && sign != '.' && rest.is_empty();
        return is_month.then(|| date(second, Some(first), None)).flatten();
    }
    let third = match rest {
        [DatePart::Sign(again), DatePart::Number(third, digits), ..] if *again == sign => {
            Some((*third, *digits))
        }
        _ => None,
    };
    match (digits, third) {
        // A lone number after the year and month is a time or nothing of the date.
        (4, None) if sign != '.' => (seconds == 2 && rest.is_empty())
            .then(|| date(first, Some(second), None))
            .flatten(),
        (4, Some((day, 1..=2))) => date(first, Some(second), Some(day)),
        (1..=2, Some((year, 4))) => match (sign, first > 12, second > 12) {
            ('.', ..) | (_, true, false) => date(year, Some(second), Some(first)),
            (_, false, true) => date(year, Some(first), Some(second)),
            _ => None,
        },
        _ => None,
    }
}

/// A date with a month's name: `March 5, 2014`, `5th of March 2014`, `Wed, 05 Mar 2014 10:00:00 GMT`, `March 2014`,
/// `2014. március 5.`, `Wed Mar 5 10:00:00 UTC 2014`.
fn named(parts: &[DatePart]) -> Option<String> {
    let months = parts.iter().enumerate();
    months
        .filter_map(|(at, part)| match part {
            DatePart::Month(month) => Some((at, *month)),
            _ => None,
        })
        .find_map(|(at, month)| around(parts, at, month))
}

/// The date around the month at `at`.
fn around(parts: &[DatePart], at: usize, month: u32) -> Option<String> {
    let (before, after) = (parts.get(..at)?, parts.get(at + 1..)?);
    let before = before
        .iter()
        .rev()
        .take(MAX_BETWEEN)
        .take_while(|part| is_between(part))
        .count();
    let before = at.checked_sub(before + 1).and_then(|at| parts.get(at));
    let day = |part: &DatePart| match part {
        DatePart::Number(day @ 1..=31, 1..=2) => Some(*day),
        _ => None,
    };
    let year = |part: &DatePart| match part {
        DatePart::Number(year, 4) => Some(*year),
        _ => None,
    };
    let skipped = after
        .iter()
        .take(MAX_BETWEEN)
        .take_while(|p| is_between(p))
        .count();
    let next = after.get(skipped);
    if let Some(year) = next.and_then(year) {
        return date(year, Some(month), before.and_then(day));
    }
    let next_day = next.and_then(day);
    if let Some(year) = before.and_then(year) {
        return date(year, Some(month), next_day);
    }
    let rest = after.get(skipped + 1..)?.iter().take(MAX_TIME_PARTS);
    date(
        rest.into_iter().find_map(year)?,
        Some(month),
        Some(next_day?),
    )
}

/// What may stand between the parts of a date: an ordinal's end, a stop, `of`, `de`, the same month in other words.
fn is_between(part: &DatePart) -> bool {
    match part {
        DatePart::Word(chars) => *chars <= 3,
        DatePart::Sign(_) | DatePart::Month(_) => true,
        DatePart::Number(..) => false,
    }
}

/// The date, if there is such a day.
fn date(year: u32, month: Option<u32>, day: Option<u32>) -> Option<String> {
    if !(MIN_YEAR..=9999).contains(&year) {
        return None;
    }
    let Some(month) = month else {
        return Some(format!("{year:04}"));
    };
    if !(1..=12).contains(&month) {
        return None;
    }
    match day {
        None => Some(format!("{year:04}-{month:02}")),
        Some(day) if (1..=days_in(year, month)).contains(&day) => {
            Some(format!("{year:04}-{month:02}-{day:02}"))
        }
        Some(_) => None,
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_programs_and_people_are_read() {
        for (text, date) in [
            ("2014", "2014"),
            ("2014-03", "2014-03"),
            ("2014-03-05", "2014-03-05"),
            ("2014-03-05T10:00:00.000Z", "2014-03-05"),
            (" 2014-03-05 10:00 +02:00 ", "2014-03-05"),
            ("2014/03/05", "2014-03-05"),
            ("20140305", "2014-03-05"),
            ("March 5, 2014", "2014-03-05"),
            ("Published on Mar. 5th, 2014 at 10:30", "2014-03-05"),
            ("5 March 2014", "2014-03-05"),
            ("5th of March 2014", "2014-03-05"),
            ("Wed, 05 Mar 2014 10:00:00 GMT", "2014-03-05"),
            ("March 2014", "2014-03"),
            ("5. März 2014", "2014-03-05"),
            ("1er août 2014", "2014-08-01"),
            ("5 de marzo de 2014", "2014-03-05"),
            ("5 dicembre 2014", "2014-12-05"),
            ("5 de março de 2014", "2014-03-05"),
            ("5 мая 2014 г.", "2014-05-05"),
            ("31 января 2014", "2014-01-31"),
            ("05.03.2014", "2014-03-05"),
            ("13/04/2014", "2014-04-13"),
            ("04/13/2014", "2014-04-13"),
            ("29 February 2012", "2012-02-29"),
            ("02/2013", "2013-02"),
            ("Thu May 2 10:00:00 UTC 2024", "2024-05-02"),
            ("20240502T100000Z", "2024-05-02"),
            ("公開日：2019年2月26日 14時30分", "2019-02-26"),
            ("2019年2月", "2019-02"),
            ("2019년 2월 26일", "2019-02-26"),
            ("26 februari 2019", "2019-02-26"),
            ("26 lutego 2019", "2019-02-26"),
            ("26 Şubat 2019", "2019-02-26"),
            ("3 Kasım 2019", "2019-11-03"),
            ("26. února 2019", "2019-02-26"),
            ("26. helmikuuta 2019", "2019-02-26"),
            ("2019. február 26.", "2019-02-26"),
            ("26 лютого 2019", "2019-02-26"),
            ("26 tháng 2, 2019", "2019-02-26"),
            ("ngày 26 tháng 2 năm 2019", "2019-02-26"),
            ("Tháng Hai 26, 2019", "2019-02-26"),
            ("26 augusti 2019", "2019-08-26"),
            ("26. desember 2019", "2019-12-26"),
            ("26 februarie 2019", "2019-02-26"),
            ("26 Φεβρουαρίου 2019", "2019-02-26"),
            ("26 Agustus 2019", "2019-08-26"),
            ("26 فبراير/شباط 2019", "2019-02-26"),
            ("٢٦ أبريل ٢٠١٩", "2019-04-26"),
            ("Le retour des prix, 5 mars 2014", "2014-03-05"),
        ] {
            assert_eq!(read_date(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn seconds_since_1970_tell_a_day() {
        for (text, day) in [
            ("1466522845", Some("2016-06-21")),
            ("1466522845000", Some("2016-06-21")),
            ("1709251199", Some("2024-02-29")),
            ("1709251200", Some("2024-03-01")),
            ("1000000000", Some("2001-09-09")),
            ("20160621", None),
            ("0466522845", None),
            ("14665228451", None),
            ("146652284x", None),
        ] {
            assert_eq!(day_of_seconds(text).as_deref(), day, "{text}");
        }
    }

    #[test]
    fn a_day_is_found_inside_a_line() {
        let day = |text: &str| day_in(text);
        assert_eq!(
            day("Posted 2014/03/05 by Ann").as_deref(),
            Some("2014-03-05")
        );
        assert_eq!(day("Ann Berg | 18/03/2019").as_deref(), Some("2019-03-18"));
        assert_eq!(
            day("This story is from October 9, 2019").as_deref(),
            Some("2019-10-09")
        );
        for text in [
            "in 2014",
            "March 2014",
            "version 1.2014-03-05",
            "call 03/04/2014 now",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_an_uncertain_one_is_none() {
        for text in [
            "",
            "2023-13",
            "2023-11-31",
            "29 February 2013",
            "03/04/05",
            "03/04/2014",
            "201403",
            "20141305",
            "call 2014 now",
            "March",
            "5 March",
            "x2014-03-05",
            "0001-01-01",
            "12345678901",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
        assert_eq!(read_date(&"March 5, 2014 ".repeat(20)), None);
    }
}
