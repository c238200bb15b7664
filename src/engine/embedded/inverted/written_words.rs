//! What is indexed of a text: its words, each followed by the parts and joins that stand at it. Words are known by how they
//! are written: what a word is folded to, and the parts it has, are found out once a batch.

use std::ops::Range;

use tantivy::tokenizer::MAX_TOKEN_LEN;

use super::super::form_table::{FormKey, FormTable};
use crate::analysis::{PART_MARK, PartFinder, WordKind, Words};

/// Reads what is indexed of texts. What reading one takes is kept for the next one.
#[derive(Debug, Default)]
pub(super) struct WrittenWords {
    parts: PartFinder,
    /// Room for a form.
    form: String,
}

/// What is indexed of a field's texts.
#[derive(Debug, Default)]
pub(super) struct FieldTokens {
    pub(super) forms: FormTable,
    /// What stands in the texts, one behind the other.
    pub(super) all: Vec<FormToken>,
    /// Whole words as they are written.
    written: FormTable,
    /// What each of them is.
    known: Vec<KnownWord>,
    /// The parts and joins of initials of all of them.
    own: Vec<OwnForm>,
    /// For each form the number of the text that it was last seen in as a part.
    seen_in: Vec<u32>,
    /// The number of the text at hand.
    text: u32,
}

/// A form at a position.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FormToken {
    pub(super) form: u32,
    pub(super) position: u32,
}

/// What a written word is.
#[derive(Debug, Clone, Copy)]
struct KnownWord {
    form: u32,
    /// Its parts and the join of its initials.
    own_start: u32,
    own_end: u32,
}

/// A part of a word or the join of its initials.
#[derive(Debug, Clone, Copy)]
struct OwnForm {
    form: u32,
    /// Whether it counts once in a text.
    is_part: bool,
}

/// No form has this number.
const NO_FORM: u32 = u32::MAX;

impl WrittenWords {
    /// Adds what is indexed of a text, and counts its words: parts and joins are none.
    pub(super) fn read(&mut self, text: &str, tokens: &mut FieldTokens) -> u64 {
        self.parts.restart();
        tokens.text += 1;
        let mut count = 0;
        let mut words = Words::new(text);
        words.swap_form(&mut self.form);
        while words.advance_unfolded() {
            count += 1;
            let position = words.position();
            if words.kind() == WordKind::Whole {
                self.add_whole(&mut words, position, tokens);
            } else {
                words.fold_form();
                tokens.add(words.form(), position);
            }
        }
        words.swap_form(&mut self.form);
        count
    }

    #[inline]
    fn add_whole(&mut self, words: &mut Words<'_>, position: u32, tokens: &mut FieldTokens) {
        let written = words.written().as_bytes();
        let number = tokens.written.number_of(written, FormKey::of(written)) as usize;
        let known = match tokens.known.get(number) {
            Some(known) => *known,
            None => self.learn(words, tokens),
        };
        if known.form != NO_FORM {
            tokens.all.push(FormToken {
                form: known.form,
                position,
            });
        }
        if known.own_start < known.own_end {
            tokens.add_own(known.own_start as usize..known.own_end as usize, position);
        }
        self.parts.find_join(words);
        while let Some((join, _)) = self.parts.found.pop() {
            tokens.add(&join, position);
            self.parts.give_back(join);
        }
    }

    /// Finds out what the word is that `words` stands at, which is the next one of those that are known.
    #[cold]
    fn learn(&mut self, words: &mut Words<'_>, tokens: &mut FieldTokens) -> KnownWord {
        words.fold_form();
        let form = tokens.number_of(words.form()).unwrap_or(NO_FORM);
        let own_start = tokens.own.len() as u32;
        self.parts.find_own(words);
        for (form, _) in self.parts.found.drain(..) {
            let is_part = form.starts_with(PART_MARK);
            if let Some(form) = tokens.number_of(&form) {
                tokens.own.push(OwnForm { form, is_part });
            }
        }
        let known = KnownWord {
            form,
            own_start,
            own_end: tokens.own.len() as u32,
        };
        tokens.known.push(known);
        known
    }
}

impl FieldTokens {
    /// Forgets all, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.forms.clear();
        self.all.clear();
        self.written.clear();
        self.known.clear();
        self.own.clear();
        self.seen_in.clear();
        self.text = 0;
    }

    /// The number of a form; `None` for one that is too long for Tantivy, as no word is.
    fn number_of(&mut self, form: &str) -> Option<u32> {
        let form = form.as_bytes();
        (form.len() <= MAX_TOKEN_LEN).then(|| self.forms.number_of(form, FormKey::of(form)))
    }

    fn add(&mut self, form: &str, position: u32) {
        if let Some(form) = self.number_of(form) {
            self.all.push(FormToken { form, position });
        }
    }

    /// Adds the parts of a word, each once in a text, and the join of its initials.
    fn add_own(&mut self, own: Range<usize>, position: u32) {
        self.seen_in.resize(self.forms.len(), 0);
        for own in self.own.get(own).unwrap_or_default() {
            let form = own.form;
            if own.is_part
                && let Some(seen_in) = self.seen_in.get_mut(form as usize)
                && std::mem::replace(seen_in, self.text) == self.text
            {
                continue;
            }
            self.all.push(FormToken { form, position });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::analysis::{JOIN_MARK, count_words, parts, words};

    #[test]
    fn words_parts_and_joins_are_those_that_a_text_has_each_part_once() {
        let texts = [
            "The fooBar wi-fi of U.S. readers fooBar barFoo U.S.",
            "fooBar barBaz FooBar foobar FOOBAR fooBar's",
            "北京大学 l'État ÉcoleÉtat Wi-Fi\u{2019}s wi-fi e.g. E.G.",
            "",
        ];
        let (mut reader, mut tokens) = (WrittenWords::default(), FieldTokens::default());
        for round in 0..3 {
            for text in texts {
                let start = tokens.all.len();
                let count = reader.read(text, &mut tokens);
                assert_eq!(count, count_words(text));
                let given = tokens.all.get(start..).expect("the text's");
                let form = |token: &FormToken| {
                    let form = tokens.forms.form(token.form as usize);
                    String::from_utf8(form.to_vec()).expect("a form")
                };
                let mut given: Vec<_> = given.iter().map(|t| (t.position, form(t))).collect();
                let mut seen = BTreeSet::new();
                let mut is_new =
                    |form: &str| form.starts_with(JOIN_MARK) || seen.insert(form.to_string());
                let all = words(text)
                    .into_iter()
                    .map(|word| (word.position, word.form));
                let own = parts(text)
                    .into_iter()
                    .map(|part| (part.position, part.form));
                let mut expected: Vec<_> =
                    all.chain(own.filter(|(_, form)| is_new(form))).collect();
                given.sort();
                expected.sort();
                assert_eq!(given, expected, "{round}: {text}");
            }
            if round == 1 {
                tokens.clear();
            }
        }
    }
}
