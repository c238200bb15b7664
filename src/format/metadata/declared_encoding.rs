//! What a text says of its own encoding.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::source::Encoding;

/// How many bytes of a page are looked at. The standard says 1,024; pages put scripts before.
const PAGE_BYTES: usize = 4096;
/// How many bytes of other texts are looked at.
const COMMENT_BYTES: usize = 256;

/// `<meta charset=…>`, the one in `<meta http-equiv>`, and the one of XML.
static PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i-u)(?:<meta\s[^>]{0,300}?charset\s*=|^\s*<\?xml\s[^>]{0,200}?encoding\s*=)\s*["']?\s*([a-z0-9_:.+-]+)"#,
    )
    .ok()
});

/// Emacs's, which Org and docutils know too: `-*- coding: koi8-r -*-`.
static COMMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i-u)-\*-(?:[^\n]*[;\s])?coding:\s*([a-z0-9_.-]+?)(?:-unix|-dos|-mac)?[;\s]").ok()
});

/// What a web page says. Source: the HTML Living Standard, section 13.2.3.2 (prescan), in short.
pub(in crate::format) fn of_page(bytes: &[u8]) -> Option<Encoding> {
    label(&PAGE, bytes, PAGE_BYTES)
}

/// What a comment near the top says.
pub(in crate::format) fn of_comment(bytes: &[u8]) -> Option<Encoding> {
    label(&COMMENT, bytes, COMMENT_BYTES)
}

/// Formats that are UTF-8 by their standard, or do not say.
pub(in crate::format) fn none(_: &[u8]) -> Option<Encoding> {
    None
}

fn label(pattern: &LazyLock<Option<Regex>>, bytes: &[u8], len: usize) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(len)];
    let found = pattern.as_ref()?.captures(head)?.get(1)?;
    Encoding::of_label(std::str::from_utf8(found.as_bytes()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_comments_say_their_encoding() {
        let page = |html: &str| of_page(html.as_bytes()).map(Encoding::name);
        for html in [
            "<!doctype html><meta charset=windows-1251>",
            "<html><head><title>x</title><META http-equiv='Content-Type' content='text/html; charset=cp1251'>",
            "<?xml version=\"1.0\" encoding=\"windows-1251\"?><html>",
            "<meta name=x content=y><meta charset = \"Windows-1251\" >",
        ] {
            assert_eq!(page(html), Some("windows-1251"), "{html}");
        }
        for html in [
            "<meta charset=nonsense>",
            "<p>charset=koi8-r",
            "<meta name=a>charset=koi8-r",
        ] {
            assert_eq!(page(html), None, "{html}");
        }
        let comment = |text: &str| of_comment(text.as_bytes()).map(Encoding::name);
        assert_eq!(
            comment("# -*- mode: org; coding: koi8-r-unix; -*-\n"),
            Some("koi8-r")
        );
        assert_eq!(comment(".. -*- coding: latin-1 -*-\n"), None);
        assert_eq!(comment("-*- coding: latin1 -*-\n"), Some("windows-1252"));
        assert_eq!(comment("coding: koi8-r\n"), None);
    }
}
