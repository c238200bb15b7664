//! Texts that an article defines once, and that stand for their names elsewhere in it.

use std::cell::Cell;
use std::collections::HashMap;

/// How much text is put in for names in an article at most, in bytes: a short article could grow without end.
const MAX_PUT_BYTES: usize = 1 << 20;
/// Longer texts are not put in, in bytes.
const MAX_TEXT_BYTES: usize = 4 << 10;

/// The texts that stand for names.
#[derive(Debug)]
pub(super) struct Replacements {
    texts: HashMap<String, String>,
    /// How many bytes may still be put in.
    left_bytes: Cell<usize>,
}

impl Default for Replacements {
    fn default() -> Replacements {
        Replacements {
            texts: HashMap::new(),
            left_bytes: Cell::new(MAX_PUT_BYTES),
        }
    }
}

impl Replacements {
    /// `text` stands for `name`, unless it is too long, or another one does already.
    pub(super) fn define(&mut self, name: String, text: String) {
        if text.len() <= MAX_TEXT_BYTES {
            self.texts.entry(name).or_insert(text);
        }
    }

    /// From here on `text` stands for `name`, unless it is too long.
    pub(super) fn redefine(&mut self, name: String, text: String) {
        if text.len() <= MAX_TEXT_BYTES {
            self.texts.insert(name, text);
        }
    }

    /// The text that stands for `name`.
    pub(super) fn of(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// `text`, if as much may still be put in.
    pub(super) fn put<T: AsRef<str>>(&self, text: T) -> Option<T> {
        let left = self.left_bytes.get().checked_sub(text.as_ref().len())?;
        self.left_bytes.set(left);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_bounded() {
        let mut all = Replacements::default();
        all.define("a".into(), "x".repeat(MAX_TEXT_BYTES));
        all.define("a".into(), "y".into());
        all.define("b".into(), "x".repeat(MAX_TEXT_BYTES + 1));
        assert_eq!(all.of("b"), None);
        let text = all.of("a").expect("a text");
        let put = (0..1000).filter_map(|_| all.put(text)).count();
        assert_eq!(put, MAX_PUT_BYTES / MAX_TEXT_BYTES);
    }
}
