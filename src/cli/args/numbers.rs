//! Numbers on the command line, with words for those that will not do.

use std::fmt::Display;
use std::str::FromStr;

use crate::printer::grouped;

/// A number of hits that is shown.
pub(super) fn number_of_hits(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be 1 or more (-c counts hits, -q prints nothing)".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("expected a number (--all shows all hits)".into()),
    }
}

/// The place of a hit among all.
pub(super) fn rank(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be 1 or more".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("expected a number".into()),
    }
}

/// Reads numbers from `least` to `most`.
pub(super) fn number_within<N>(
    least: u32,
    most: u32,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static
where
    N: FromStr + TryFrom<u32> + Display,
{
    move |text| {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("expected a number".into());
        }
        let number = text.parse().ok().filter(|n| (least..=most).contains(n));
        let bounds = (u64::from(least), u64::from(most));
        let message = || format!("must be {} to {}", grouped(bounds.0), grouped(bounds.1));
        number.and_then(|n| N::try_from(n).ok()).ok_or_else(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_will_not_do_are_said_in_words() {
        let within = number_within::<u16>(20, 10_000);
        assert_eq!(within("20"), Ok(20));
        for text in ["0", "19", "10001", "99999999999999999999"] {
            assert_eq!(within(text), Err("must be 20 to 10,000".into()), "{text}");
        }
        for text in ["", "x", "-1", "1.5"] {
            assert_eq!(within(text), Err("expected a number".into()), "{text}");
        }
        assert!(number_of_hits("0").is_err());
        assert_eq!(number_of_hits("7"), Ok(7));
    }
}
