//! Anchors: what identifies a section in its article.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Hands out anchors, each once.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// Each anchor that is taken, with the last number that was put behind it.
    taken: HashMap<String, u32>,
}

impl Anchors {
    /// `wanted`, or where it is taken the next free of `wanted-1`, `wanted-2` and so on.
    pub(super) fn claim(&mut self, wanted: String) -> String {
        let mut n = match self.taken.entry(wanted.clone()) {
            Entry::Vacant(free) => {
                free.insert(0);
                return wanted;
            }
            Entry::Occupied(taken) => *taken.get(),
        };
        let mut anchor = wanted.clone();
        while self.taken.contains_key(&anchor) {
            n += 1;
            anchor = format!("{wanted}-{n}");
        }
        self.taken.insert(wanted, n);
        self.taken.insert(anchor.clone(), 0);
        anchor
    }
}

/// A heading as GitHub makes it an anchor: lower case, without punctuation, spaces as hyphens.
///
/// Source: the filter of `html-pipeline` (`TableOfContentsFilter`), which drops all but word characters, hyphens and
/// spaces.
pub(super) fn slug(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    for c in heading.trim().chars() {
        match c {
            ' ' => out.push('-'),
            _ if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            '-' | '_' => out.push(c),
            _ if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => {
                out.extend(c.to_lowercase());
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        assert_eq!(slug("The Ukraine Conflict"), "the-ukraine-conflict");
        assert_eq!(slug("Putin's Track Record"), "putins-track-record");
        assert_eq!(slug("C++ & Rust: a_b, c-d"), "c--rust-a_b-c-d");
        assert_eq!(slug("Über 北京"), "über-北京");
        assert_eq!(slug("!!!"), "");
    }

    #[test]
    fn a_taken_anchor_gets_the_next_free_number() {
        let mut anchors = Anchors::default();
        let all: Vec<String> = ["a", "a", "a-1", "a", "top"]
            .iter()
            .map(|&s| anchors.claim(s.to_string()))
            .collect();
        assert_eq!(all, ["a", "a-1", "a-1-1", "a-2", "top"]);
    }
}
