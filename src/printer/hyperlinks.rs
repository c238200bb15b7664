//! Links that terminals follow: where a hit stands, as a URL in the escape sequence OSC 8.
//!
//! Source: "Hyperlinks (a.k.a. HTML-like anchors) in terminal emulators", the format of OSC 8; the names and places of
//! templates are those of ripgrep's `--hyperlink-format`.

use std::io::{self, Write};
use std::path::Path;

use crate::article::Place;
use crate::source::StoredPath;

/// The templates that have names.
const NAMED: [(&str, &str); 6] = [
    ("file", "file://{host}{path}"),
    ("vscode", "vscode://file{path}:{line}:{column}"),
    ("cursor", "cursor://file{path}:{line}:{column}"),
    ("vscodium", "vscodium://file{path}:{line}:{column}"),
    ("kitty", "file://{host}{path}#{line}"),
    ("none", ""),
];
/// What a template may leave to be filled in.
const VARIABLES: [&str; 5] = ["path", "line", "column", "page", "host"];

/// How the URL of a place is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTemplate {
    text: String,
    host: String,
}

impl LinkTemplate {
    /// The template of this name, or that is written so, for files on the machine `host`; `None` for no links.
    ///
    /// # Errors
    /// What is neither a name nor a URL with known places, in words.
    ///
    /// ```
    /// # use excerpt::printer::LinkTemplate;
    /// assert!(LinkTemplate::read("vscode", "").is_ok_and(|template| template.is_some()));
    /// assert!(LinkTemplate::read("none", "").is_ok_and(|template| template.is_none()));
    /// assert!(LinkTemplate::read("x://{file}", "").is_err());
    /// ```
    pub fn read(text: &str, host: &str) -> Result<Option<LinkTemplate>, String> {
        let named = NAMED.iter().find(|(name, _)| *name == text);
        let text = named.map_or(text, |(_, template)| *template);
        if text.is_empty() {
            return Ok(None);
        }
        let names = NAMED.map(|(name, _)| name).join(", ");
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(format!("expected one of {names}, or a URL with {{path}}"));
        };
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        if scheme.is_empty() || !scheme.chars().all(is_scheme) {
            return Err("a link begins with a scheme, such as `file://`".into());
        }
        if !rest.chars().all(|c| c.is_ascii_graphic()) {
            return Err("a link has no spaces and no controls".into());
        }
        for part in rest.split('{').skip(1) {
            let name = part.split_once('}').map(|(name, _)| name);
            if !name.is_some_and(|name| VARIABLES.contains(&name)) {
                let known = VARIABLES.map(|name| format!("{{{name}}}")).join(" ");
                return Err(format!("unknown place in a link; there are {known}"));
            }
        }
        if !rest.contains("{path}") {
            return Err("a link needs {path}".into());
        }
        Ok(Some(LinkTemplate {
            text: text.to_string(),
            host: host.to_string(),
        }))
    }

    /// The URL of a place in a file below `base`.
    pub(super) fn url(&self, path: &StoredPath, base: &Path, place: Place) -> String {
        let absolute = StoredPath::from_path(&path.below(base));
        let mut url = String::new();
        let mut parts = self.text.split('{');
        url.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, behind) = part.split_once('}').unwrap_or((part, ""));
            match name {
                "path" => url.push_str(&url_path(absolute.as_bytes())),
                "line" => url.push_str(&place.line.to_string()),
                "column" => url.push_str(&place.column.to_string()),
                "host" => url.push_str(&url_path(self.host.as_bytes())),
                // No source has pages yet.
                _ => {}
            }
            url.push_str(behind);
        }
        url
    }
}

/// The bytes of a path as part of a URL: all but letters, digits and `/.-_~` percent-encoded.
pub(super) fn url_path(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    for &byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Writes what `text` writes as a link to `url`, where there is one.
pub(super) fn linked(
    url: Option<&str>,
    out: &mut dyn Write,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let Some(url) = url else {
        return text(out);
    };
    write!(out, "\u{1b}]8;;{url}\u{1b}\\")?;
    text(out)?;
    out.write_all(b"\x1b]8;;\x1b\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(template: &str, path: &str) -> String {
        let place = Place {
            byte: 0,
            line: 14,
            column: 3,
        };
        let template = LinkTemplate::read(template, "desk").expect("a template");
        let path = StoredPath::from_path(Path::new(path));
        template
            .expect("links")
            .url(&path, Path::new("/a b"), place)
    }

    #[test]
    fn a_place_has_the_url_that_its_template_says() {
        assert_eq!(url("file", "n/x.md"), "file://desk/a%20b/n/x.md");
        assert_eq!(url("kitty", "n/x.md"), "file://desk/a%20b/n/x.md#14");
        assert_eq!(url("vscode", "x.md"), "vscode://file/a%20b/x.md:14:3");
        assert_eq!(
            url("x-emacs:open?f={path}&l={line}", "x.md"),
            "x-emacs:open?f=/a%20b/x.md&l=14"
        );
        // Nothing in a name ends the escape sequence, or means something in a URL.
        assert_eq!(
            url("file", "\u{1b}\\é#?%:x"),
            "file://desk/a%20b/%1B%5C%C3%A9%23%3F%25%3Ax"
        );
    }

    #[test]
    fn what_is_no_template_is_an_error() {
        for text in [
            "nonsense",
            "x://",
            "x://{path",
            "x://{file}{path}",
            "x://{path}\u{1b}",
            "x y://{path}",
            "://{path}",
        ] {
            assert!(LinkTemplate::read(text, "").is_err(), "{text:?}");
        }
    }
}
