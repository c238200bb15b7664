//! Dates in filters: `2014`, `2014-09`, `2014-09-05`, `2014..2015`, `2014..`, `..2014`.

/// A range of dates, both ends included, each as precise as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateRange {
    from: Option<String>,
    to: Option<String>,
}

impl DateRange {
    /// Reads a date or a range of dates. `None` where it is neither, or ends before it begins.
    #[must_use]
    pub fn parse(text: &str) -> Option<DateRange> {
        let Some((from, to)) = text.split_once("..") else {
            let date = date(text)?;
            return Some(DateRange {
                from: Some(date.clone()),
                to: Some(date),
            });
        };
        let end = |text: &str| {
            if text.is_empty() {
                Some(None)
            } else {
                date(text).map(Some)
            }
        };
        let range = DateRange {
            from: end(from)?,
            to: end(to)?,
        };
        let is_empty = range.from.is_none() && range.to.is_none();
        let is_ordered = match (&range.from, &range.to) {
            (Some(from), Some(to)) => coarser(from, to, |from, to| from <= to),
            _ => true,
        };
        (!is_empty && is_ordered).then_some(range)
    }

    /// Whether `date` (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`) lies within, compared at the coarser precision.
    #[must_use]
    pub fn contains(&self, date: &str) -> bool {
        self.from
            .as_ref()
            .is_none_or(|from| coarser(from, date, |from, date| from <= date))
            && self
                .to
                .as_ref()
                .is_none_or(|to| coarser(date, to, |date, to| date <= to))
    }
}

impl std::fmt::Display for DateRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (self.from.as_deref(), self.to.as_deref());
        if from == to {
            return f.write_str(from.unwrap_or_default());
        }
        write!(
            f,
            "{}..{}",
            from.unwrap_or_default(),
            to.unwrap_or_default()
        )
    }
}

/// Compares two dates at the precision of the coarser one.
fn coarser(a: &str, b: &str, compare: impl Fn(&str, &str) -> bool) -> bool {
    let len = a.len().min(b.len());
    compare(&a[..len], &b[..len])
}

fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, len: usize| {
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let year = number(parts.first()?, 4).is_some();
    let month = parts
        .get(1)
        .is_none_or(|m| number(m, 2).is_some_and(|m| (1..=12).contains(&m)));
    let day = parts
        .get(2)
        .is_none_or(|d| number(d, 2).is_some_and(|d| (1..=31).contains(&d)));
    (year && month && day && parts.len() <= 3).then(|| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::DateRange;

    #[test]
    fn dates_compare_at_the_coarser_precision() {
        for (range, date, within) in [
            ("2014-09", "2014-09-05", true),
            ("2014-09", "2014", true),
            ("2014-09-05", "2014-09", true),
            ("2014-09", "2014-10-01", false),
            ("2014..2015", "2015-12-31", true),
            ("2014..2015", "2016", false),
            ("2014..", "2013-12", false),
            ("2014..", "2020", true),
            ("..2014", "2014-12-31", true),
            ("..2014", "2015", false),
        ] {
            let parsed = DateRange::parse(range).expect(range);
            assert_eq!(parsed.contains(date), within, "{range} {date}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "..",
            "14",
            "2014-13",
            "2014-9",
            "2015..2014",
            "2014-01-01-01",
            "x..2014",
            "2014...2015",
        ] {
            assert_eq!(DateRange::parse(text), None, "{text}");
        }
    }
}
