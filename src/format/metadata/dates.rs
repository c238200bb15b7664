//! Reads dates as people and programs write them.

use unicode_normalization::UnicodeNormalization;

/// Longer text is not read for a date, in bytes.
const MAX_BYTES: usize = 120;

/// An earlier year is what programs write for no date.
const MIN_YEAR: u32 = 1000;

/// The names of the months in English, German, French, Spanish, Italian, Portuguese and Russian, and how they are
/// shortened; in lower case, without marks.
static MONTHS: [&str; 12] = [
    "jan january januar janner janvier janv janeiro gen gennaio ene enero января январь янв",
    "feb february februar febrero febbraio fev fevr fevrier fevereiro февраля февраль фев февр",
    "mar march marz maerz mrz mars marzo marco марта март мар",
    "apr april aprile avr avril abr abril апреля апрель апр",
    "may mai mayo maio mag maggio мая маи май",
    "jun june juni juin junio junho giu giugno июня июнь июн",
    "jul july juli juil juillet julio julho lug luglio июля июль июл",
    "aug august aout agosto ago августа август авг",
    "sep sept september septembre septiembre set settembre setembro сентября сентябрь сен сент",
    "oct october okt oktober octobre octubre ott ottobre out outubro октября октябрь окт",
    "nov november novembre noviembre novembro ноября ноябрь ноя нояб",
    "dec december dez dezember decembre dic diciembre dicembre dezembro декабря декабрь дек",
];

/// The date in `text` as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as the text; a time after it is passed over.
/// `None` where there is none, where it is impossible, and where day and month cannot be told apart (`03/04/2014`).
pub(in crate::format) fn read_date(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return compact(text);
    }
    let parts = parts(text);
    numeric(&parts).or_else(|| named(&parts))
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DatePart {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
    Word,
    Sign(char),
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

fn parts(text: &str) -> Vec<DatePart> {
    let plain: Vec<char> = text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(&first) = plain.get(at) {
        let same = |c: &&char| {
            if first.is_ascii_digit() {
                c.is_ascii_digit()
            } else {
                c.is_alphabetic()
            }
        };
        let run: String = plain[at..].iter().take_while(same).collect();
        at += run.chars().count().max(1);
        if first.is_ascii_digit() {
            parts.push(DatePart::Number(run.parse().unwrap_or(u32::MAX), run.len()));
        } else if !run.is_empty() {
            parts.push(month(&run).map_or(DatePart::Word, DatePart::Month));
        } else if !first.is_whitespace() {
            parts.push(DatePart::Sign(first));
        }
    }
    parts
}

fn month(word: &str) -> Option<u32> {
    let at = MONTHS
        .iter()
        .position(|names| names.split(' ').any(|name| name == word))?;
    Some(at as u32 + 1)
}

/// A date in numbers at the front: `2014-03-05T10:00`, `2014/03/05`, `05.03.2014`, `13/04/2014`.
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
    if !matches!(sign, '-' | '/' | '.') || seconds > 2 {
        return None;
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

/// A date with a month's name: `March 5, 2014`, `5th of March 2014`, `Wed, 05 Mar 2014 10:00:00 GMT`, `March 2014`.
fn named(parts: &[DatePart]) -> Option<String> {
    let at = parts.iter().position(|p| matches!(p, DatePart::Month(_)))?;
    let &DatePart::Month(month) = parts.get(at)? else {
        return None;
    };
    let is_day = |p: &DatePart| matches!(p, DatePart::Number(1..=31, 1..=2));
    let is_year = |p: &DatePart| matches!(p, DatePart::Number(_, 4));
    let number = |p: &DatePart| match p {
        DatePart::Number(number, _) => Some(*number),
        _ => None,
    };
    // Between day and month stand an ordinal's end, a stop, `of`, `de`.
    let before = parts[..at]
        .iter()
        .rev()
        .take(3)
        .find(|p| matches!(p, DatePart::Number(..)));
    let mut after = parts[at + 1..].iter().take(5);
    let first = after.find(|p| matches!(p, DatePart::Number(..)))?;
    if is_year(first) {
        return date(
            number(first)?,
            Some(month),
            before.filter(|p| is_day(p)).and_then(number),
        );
    }
    let year = after.find(|p| matches!(p, DatePart::Number(..)))?;
    (is_day(first) && is_year(year))
        .then(|| date(number(year)?, Some(month), number(first)))
        .flatten()
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
        ] {
            assert_eq!(read_date(text).as_deref(), Some(date), "{text}");
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
