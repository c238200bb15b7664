//! What indices and documents of the cluster are called.
//!
//! An index of ours is a set of indices of the cluster: `NAME.owners` with a document for each owner, and for each
//! format and analysis `NAME.fNaM.forms`; for each owner and format `NAME.OWNER.fN.sections` and `NAME.OWNER.fN.sources`, which are
//! aliases, so that a rebuild takes their place at once.

use std::borrow::Cow;

use twox_hash::XxHash3_128;

use crate::analysis::{self, marked};
use crate::article::PartPath;
use crate::source::StoredPath;

/// The format of what this program writes to a cluster: of the indices, their fields and documents.
pub(super) const FORMAT: u32 = 1;

/// The owner that has no prefix before its paths.
pub(super) const MAIN_OWNER: &str = "main";

/// What stands before the paths of an owner.
pub(super) fn prefix_of(owner: &str) -> String {
    match owner {
        MAIN_OWNER => String::new(),
        owner => format!("{owner}/"),
    }
}

/// The names of an owner's indices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexNames {
    name: String,
}

impl std::fmt::Display for IndexNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl IndexNames {
    pub(super) fn new(name: &str) -> IndexNames {
        IndexNames {
            name: name.to_string(),
        }
    }

    /// The index of the owners.
    pub(super) fn owners(&self) -> String {
        format!("{}.owners", self.name)
    }

    /// The index of the forms: other stemmers find others.
    pub(super) fn forms(&self) -> String {
        format!("{}.f{FORMAT}a{}.forms", self.name, analysis::VERSION)
    }

    /// The indices of the forms of all versions, as a pattern.
    pub(super) fn all_forms(&self) -> String {
        format!("{}.f*.forms", self.name)
    }

    /// The alias of an owner's sections.
    pub(super) fn sections(&self, owner: &str) -> String {
        format!("{}.{owner}.f{FORMAT}.sections", self.name)
    }

    /// The alias of an owner's sources.
    pub(super) fn sources(&self, owner: &str) -> String {
        format!("{}.{owner}.f{FORMAT}.sources", self.name)
    }
}

/// The index behind an alias that the run of this generation made.
pub(super) fn behind(alias: &str, generation: u64) -> String {
    format!("{alias}.{generation}")
}

/// What the ids of an article's sections begin with.
pub(super) fn article_id(owner: &str, path: &StoredPath, part: &PartPath) -> String {
    hashed(&[owner.as_bytes(), path.as_bytes(), &part.encode()])
}

/// The id of the document of a source.
pub(super) fn source_id(owner: &str, path: &StoredPath) -> String {
    hashed(&[owner.as_bytes(), path.as_bytes()])
}

/// The id of the `order`-th section of an article that the run of this generation wrote.
pub(super) fn section_id(article: &str, generation: u64, order: u32) -> String {
    format!("{article}:{generation}:{order}")
}

/// The id of the document of a form.
pub(super) fn form_id(form: &str) -> String {
    hashed(&[form.as_bytes()])
}

/// The longest token that the analyzer `whitespace` leaves whole, in UTF-16 units.
const LONGEST_TOKEN: usize = 255;

/// A form as it stands in the fields of sections: a longer one by its hash, which no other form is.
pub(super) fn token_of(form: &str) -> Cow<'_, str> {
    // A unit takes a byte at least.
    match form.len() <= LONGEST_TOKEN || form.encode_utf16().count() <= LONGEST_TOKEN {
        true => Cow::Borrowed(form),
        false => Cow::Owned(marked(HASH_MARK, &hashed(&[form.as_bytes()]))),
    }
}

/// What the hash of a long form begins with; no word has it.
const HASH_MARK: char = '\u{3}';

/// The hash of some bytes, each led by their number, so that no two lists have the same.
fn hashed(parts: &[&[u8]]) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    format!("{:032x}", XxHash3_128::oneshot(&bytes))
}

/// Whether an owner may be called so: 1 to 40 of `a` to `z`, digits, `-` and `_`.
#[must_use]
pub fn is_owner_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    (1..=40).contains(&name.len()) && name.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_owners_paths_and_parts_apart() {
        let path = |text: &str| StoredPath::from_bytes(text.as_bytes());
        let whole = PartPath::default();
        let part = whole.child("b");
        let all = [
            article_id("main", &path("a"), &whole),
            article_id("mai", &path("na"), &whole),
            article_id("main", &path("a"), &part),
            article_id("main", &path("ab"), &whole),
            source_id("main", &path("a")),
        ];
        for (i, id) in all.iter().enumerate() {
            assert!(id.len() == 32 && all.iter().skip(i + 1).all(|other| other != id));
        }
    }

    #[test]
    fn a_token_is_never_too_long() {
        assert_eq!(token_of("word"), "word");
        let long = [
            "\u{e9}".repeat(255),
            "\u{e9}".repeat(256),
            "\u{1d538}".repeat(128),
        ];
        let tokens = long
            .each_ref()
            .map(|form| token_of(form).encode_utf16().count());
        assert_eq!(tokens, [255, 33, 33]);
    }

    #[test]
    fn owners_have_plain_names() {
        assert!(is_owner_name("laptop-2") && is_owner_name("a"));
        for name in ["", "A", "a.b", "a b", &"x".repeat(41)] {
            assert!(!is_owner_name(name), "{name}");
        }
    }
}
