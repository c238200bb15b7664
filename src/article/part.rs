//! Which part of its source an article is.

use std::fmt;

use serde::Serialize;

/// What stands between the names of a part in ids and citations.
const SEPARATOR: &str = "!/";

/// The way to a part: the names of what holds it, outermost first, and its own; empty where an article is all of its
/// source.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PartPath(Vec<String>);

impl PartPath {
    /// The part of this name in this one. NUL, which no name has, becomes U+FFFD.
    #[must_use]
    pub fn child(&self, name: &str) -> PartPath {
        let mut names = self.0.clone();
        names.push(name.replace('\0', "\u{fffd}"));
        PartPath(names)
    }

    /// Whether it is all of the source.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, outermost first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The part as ids have it: `%`, `#`, `!/`, spaces and controls are encoded with `%`.
    #[must_use]
    pub fn to_id(&self) -> String {
        let names: Vec<String> = self.0.iter().map(|name| encoded(name)).collect();
        names.join(SEPARATOR)
    }

    /// The part that is written so in ids.
    #[must_use]
    pub fn from_id(id: &str) -> PartPath {
        let names = id.split(SEPARATOR).filter(|name| !name.is_empty());
        PartPath(names.map(decoded).collect())
    }

    /// The path of the part as filters and people see it, below that of its source; `None` where it is all of it.
    #[must_use]
    pub fn below(&self, path: &str) -> Option<String> {
        (!self.is_whole()).then(|| format!("{path}{SEPARATOR}{self}"))
    }

    /// The bytes that an index keeps.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.0.join("\0").into_bytes()
    }

    /// The part with these bytes; `None` where they are no text.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<PartPath> {
        if bytes.is_empty() {
            return Some(PartPath::default());
        }
        let text = std::str::from_utf8(bytes).ok()?;
        Some(PartPath(text.split('\0').map(str::to_string).collect()))
    }
}

impl fmt::Display for PartPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(SEPARATOR))
    }
}

fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let ends_name = c == '!' && chars.peek() == Some(&'/');
        if matches!(c, '%' | '#') || c.is_whitespace() || c.is_control() || ends_name {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn decoded(name: &str) -> String {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let hex = behind
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|_| first == b'%')
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(hex.unwrap_or(first));
        rest = match hex {
            Some(_) => behind.get(2..).unwrap_or_default(),
            None => behind,
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_read_back_from_ids_and_bytes() {
        for names in [
            &["<a@b.c>"][..],
            &["a b%20#c", "notes/x!/y.md"],
            &["ü\u{7}\t"],
            &[],
        ] {
            let part = names
                .iter()
                .fold(PartPath::default(), |part, name| part.child(name));
            assert_eq!(PartPath::from_id(&part.to_id()), part);
            assert_eq!(PartPath::decode(&part.encode()), Some(part.clone()));
            assert!(!part.to_id().contains(['#', ' ']));
        }
        let part = PartPath::default().child("a b").child("n.md");
        assert_eq!(part.to_id(), "a%20b!/n.md");
        assert_eq!(part.below("x.mbox").as_deref(), Some("x.mbox!/a b!/n.md"));
        assert_eq!(PartPath::default().below("x"), None);
    }
}
