//! Values that settings and arguments may have, and how they are read.

use crate::analysis::Language;

/// A language, or those of the articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LanguageChoice {
    Auto,
    Of(Language),
}

/// Reads a language's tag or name.
pub(crate) fn parse_language(text: &str) -> Result<LanguageChoice, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("auto") {
        return Ok(LanguageChoice::Auto);
    }
    let known = Language::of_tag(text).map(LanguageChoice::Of);
    known.ok_or_else(|| {
        let tags: Vec<&str> = Language::all().map(Language::tag).collect();
        format!(
            "no such language; expected auto or some of {}",
            tags.join(" ")
        )
    })
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    Always,
    Never,
}

/// Reads a number of bytes, with K, M or G.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let units = [('K', 1 << 10), ('M', 1 << 20), ('G', 1 << 30)];
    let unit = units
        .iter()
        .find(|(letter, _)| text.to_ascii_uppercase().ends_with(*letter));
    let digits = if unit.is_some() {
        &text[..text.len() - 1]
    } else {
        text
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a number of bytes, with K, M or G".to_string())?;
    number
        .checked_mul(unit.map_or(1, |&(_, factor)| factor))
        .ok_or_else(|| "too large".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("12"), Ok(12));
        assert_eq!(parse_size("2k"), Ok(2048));
        assert_eq!(parse_size("1G"), Ok(1 << 30));
        assert!(
            parse_size("x").is_err()
                && parse_size("").is_err()
                && parse_size("99999999999G").is_err()
        );
    }
}
