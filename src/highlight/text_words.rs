//! The words of a field that words of the query stand for.

use std::ops::Range;

use crate::analysis::{Language, PartFinder, Word, WordKind, Words, fold, joined_initials};
use crate::query::{How, QueryWord, ToldMatcher, WordMatcher};

/// A word of the text, or a part or join ([`crate::analysis::parts`]), that a word of the query stands for.
#[derive(Debug)]
pub(super) struct TextWord {
    /// Its bytes; those of its whole.
    pub(super) range: Range<usize>,
    /// Where its first character ends if it is a pair, else where it ends itself.
    lead_end: usize,
    /// Where its span ends; that of initials with the full stop behind the last one.
    span_end: usize,
    /// The position.
    pub(super) position: u32,
    /// Whether it is no word, but a part or a join.
    pub(super) is_part: bool,
}

impl TextWord {
    /// Whether it is spelled as `word` asks for.
    pub(super) fn is_spelled_as(&self, word: Option<&QueryWord>, text: &str) -> bool {
        let Some(word) = word.filter(|word| word.spelling.is_some()) else {
            return true;
        };
        let own = Word {
            form: String::new(),
            range: self.range.clone(),
            lead_end: self.lead_end,
            kind: WordKind::default(),
            position: self.position,
        };
        word.is_spelled(&own, text)
    }

    /// Where its span ends, for a word that stands for it.
    pub(super) fn end_for(&self, word: Option<&QueryWord>) -> usize {
        match word.map(|word| &word.how) {
            Some(How::Character) => self.lead_end,
            _ => self.span_end,
        }
    }
}

/// The words of a field that words of the query stand for, in the order of the text.
#[derive(Debug)]
pub(super) struct FieldWords {
    all: Vec<TextWord>,
    /// Which of them each word of the query stands for, by its number.
    by_number: Vec<Vec<usize>>,
}

impl FieldWords {
    /// None yet, for so many words of the query.
    pub(super) fn new(count: usize) -> FieldWords {
        FieldWords {
            all: Vec::new(),
            by_number: vec![Vec::new(); count],
        }
    }

    /// Forgets the last text.
    pub(super) fn clear(&mut self) {
        if !self.all.is_empty() {
            self.all.clear();
            self.by_number.iter_mut().for_each(Vec::clear);
        }
    }

    /// Reads a text once, for all words of the query.
    pub(super) fn read(
        &mut self,
        text: &str,
        told: Option<Language>,
        words: &mut WordMatcher<'_>,
        finder: &mut PartFinder,
    ) {
        let takes_parts = words.takes_parts();
        finder.restart();
        let mut told = words.in_sections_told(told);
        let mut stream = Words::new(text);
        while stream.advance_unfolded() {
            let may_match = !stream.is_small() || told.may_match_plain(stream.written());
            if !may_match {
                if takes_parts {
                    finder.find_join(&stream);
                    self.add_found(&stream, text, &mut told, finder);
                }
                continue;
            }
            stream.fold_form();
            let word = TextWord {
                range: stream.range(),
                lead_end: stream.lead_end(),
                span_end: 0,
                position: stream.position(),
                is_part: false,
            };
            self.add(stream.form(), word, text, &mut told);
            if !takes_parts {
                continue;
            }
            finder.find(&stream);
            self.add_found(&stream, text, &mut told, finder);
        }
    }

    /// Adds the parts and joins that were found at a word.
    fn add_found(
        &mut self,
        stream: &Words<'_>,
        text: &str,
        told: &mut ToldMatcher<'_, '_>,
        finder: &mut PartFinder,
    ) {
        if finder.found.is_empty() {
            return;
        }
        let mut found = std::mem::take(&mut finder.found);
        for (form, range) in found.drain(..) {
            let part = TextWord {
                lead_end: range.end,
                span_end: 0,
                range,
                position: stream.position(),
                is_part: true,
            };
            self.add(&form, part, text, told);
            finder.give_back(form);
        }
        finder.found = found;
    }

    /// Adds a word of this form, if a word of the query stands for it.
    fn add(&mut self, form: &str, word: TextWord, text: &str, told: &mut ToldMatcher<'_, '_>) {
        let numbers = told.matching(form);
        if numbers.is_empty() {
            return;
        }
        for &number in numbers {
            let own = self.by_number.get_mut(number);
            own.into_iter().for_each(|own| own.push(self.all.len()));
        }
        let ends_with_stop = match word.is_part {
            true => {
                let whole = text.get(word.range.clone()).unwrap_or_default();
                are_initials(&fold(whole))
            }
            false => are_initials(form),
        } && text.as_bytes().get(word.range.end) == Some(&b'.');
        self.all.push(TextWord {
            span_end: word.range.end + usize::from(ends_with_stop),
            ..word
        });
    }

    /// Those that the word of the query with this number stands for.
    pub(super) fn of(&self, number: usize) -> impl Iterator<Item = &TextWord> {
        let own = self.by_number.get(number).into_iter().flatten();
        own.filter_map(|&at| self.all.get(at))
    }

    /// The word at a position that a word of the query stands for.
    pub(super) fn at(&self, position: u32) -> Option<&TextWord> {
        // A word stands before its parts.
        let at = self.all.partition_point(|w| w.position < position);
        self.all.get(at)
    }

    /// Whether the word of the query with this number stands for this word, whatever its spelling.
    pub(super) fn is_for(&self, word: &TextWord, number: usize) -> bool {
        let own = self.by_number.get(number);
        let position = |&at: &usize| self.all.get(at).map(|w| (w.position, w.is_part));
        let wanted = Some((word.position, word.is_part));
        own.is_some_and(|own| own.binary_search_by_key(&wanted, position).is_ok())
    }
}

/// Whether a form is of single letters with full stops between them.
fn are_initials(form: &str) -> bool {
    form.contains('.') && joined_initials(form).is_some()
}
