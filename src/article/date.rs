//! The date of an article, as precise as its source was.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A year, a month, or a day. A coarser date comes before the finer ones that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleDate {
    /// The year, from 0 to 9999.
    pub year: u16,
    /// The month, from 1 to 12.
    pub month: Option<u8>,
    /// The day of the month, from 1 on.
    pub day: Option<u8>,
}

/// A text that is no date of the form `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct DateError;

impl FromStr for ArticleDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<ArticleDate, DateError> {
        let mut parts = text.split('-');
        let mut number = |len: usize, most: u16| -> Result<Option<u16>, DateError> {
            let Some(part) = parts.next() else {
                return Ok(None);
            };
            let is_number = part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
            let number = part.parse().ok().filter(|&n: &u16| is_number && n <= most);
            number.map(Some).ok_or(DateError)
        };
        let year = number(4, 9999)?.ok_or(DateError)?;
        let (month, day) = (number(2, 12)?, number(2, 31)?);
        if parts.next().is_some() || month == Some(0) || day == Some(0) {
            return Err(DateError);
        }
        let small = |number: Option<u16>| number.and_then(|n| u8::try_from(n).ok());
        Ok(ArticleDate {
            year,
            month: small(month),
            day: small(day),
        })
    }
}

impl fmt::Display for ArticleDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

impl Serialize for ArticleDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_back_and_coarser_ones_come_first() {
        for text in ["2014", "2014-03", "2014-03-09", "0099"] {
            assert_eq!(
                text.parse::<ArticleDate>().map(|d| d.to_string()),
                Ok(text.into())
            );
        }
        for text in [
            "",
            "14",
            "2014-13",
            "2014-00",
            "2014-3",
            "2014-03-32",
            "2014-03-09-1",
            "+014",
        ] {
            assert_eq!(text.parse::<ArticleDate>(), Err(DateError), "{text}");
        }
        let date = |text: &str| text.parse::<ArticleDate>().expect(text);
        assert!(date("2014") < date("2014-01") && date("2014-01") < date("2014-01-01"));
    }
}
