//! From what is written to terms: the words that a word, a phrase or a plain question stands for.

use std::ops::Range;

use super::ast::{Node, Term, TermRole};
use super::error::QueryError;
use super::parser::Parser;
use super::query_word::{How, QueryWord, phrase_words};
use super::raw_words::{RawPhrase, RawWord};
use super::roles::{Unit, is_function_word, is_in_capitals, with_roles};
use crate::analysis::{
    JOIN_MARK, Word, WordKind, has_hiragana, is_of_letters, joined_initials, parts, words,
};

/// How many pairs a stretch of a plain query has that counts beside them, and its weight.
///
/// On three collections in Thai and two in Khmer all five rank better with these than without, and not all of them with
/// 5 pairs or a weight of 0.4; with any, Chinese, Japanese and Korean rank worse.
const STRETCH_PAIRS: usize = 4;
const STRETCH_WEIGHT: f64 = 0.2;

impl Parser<'_> {
    pub(super) fn whole_phrase(&mut self) -> Result<Node, QueryError> {
        let raw = RawPhrase {
            text: self.text.to_string(),
            is_prefix: false,
            slop: 0,
            weight: 1.0,
            is_spelled: self.mode.exact,
        };
        self.phrase(&raw, 0..self.text.len())?
            .ok_or_else(|| self.no_words())
    }

    pub(super) fn plain_words(&mut self) -> Result<Node, QueryError> {
        let mut units = Vec::new();
        let mut is_held = false;
        let written = words(self.text);
        for word in &written {
            let is_rest = is_held && word.kind == WordKind::Last;
            is_held = word.kind == WordKind::Pair;
            if !is_rest {
                self.count_word(word.range.clone())?;
                let term = self.plain_word(word);
                units.push(Unit {
                    is_loose: term.is_function && word.kind == WordKind::Whole,
                    node: Node::Term(term),
                });
            }
        }
        if self.mode.any {
            units.extend(self.stretches(&written).map(|term| Unit {
                node: Node::Term(term),
                is_loose: false,
            }));
        }
        let mut nodes = with_roles(units);
        match nodes.len() {
            0 => Err(self.no_words()),
            1 => Ok(nodes.remove(0)),
            _ if self.mode.any => Ok(Node::Or(nodes)),
            _ => Ok(Node::And(nodes)),
        }
    }

    /// Longer stretches of scripts whose letters are not words or syllables, where pairs say little.
    fn stretches<'a>(&'a self, written: &'a [Word]) -> impl Iterator<Item = Term> + 'a {
        let is_part = |word: &Word| word.kind == WordKind::Pair && is_of_letters(&word.form);
        let all = written.windows(STRETCH_PAIRS);
        all.filter(move |pairs| pairs.iter().all(is_part))
            .map(|pairs| Term {
                weight: STRETCH_WEIGHT,
                ..self.term(self.plain_phrase(pairs), false)
            })
    }

    /// The words of a phrase of a query without syntax.
    fn plain_phrase(&self, written: &[Word]) -> Vec<QueryWord> {
        match self.mode.exact {
            true => spelled_words(self.text, written),
            false => phrase_words(written),
        }
    }

    /// A word of a query without syntax.
    fn plain_word(&self, word: &Word) -> Term {
        if self.mode.exact {
            let words = self.plain_phrase(std::slice::from_ref(word));
            return self.term(words, word.kind != WordKind::Last);
        }
        match word.kind {
            WordKind::Whole => {
                let written = self.text.get(word.range.clone()).unwrap_or_default();
                self.bare(self.inflected(word.form.clone()), written)
            }
            WordKind::Pair => Term {
                is_function: has_hiragana(&word.form),
                ..self.term(vec![QueryWord::exact(word.form.as_str())], true)
            },
            WordKind::Last => self.term(phrase_words(std::slice::from_ref(word)), false),
        }
    }

    fn inflected(&self, form: String) -> QueryWord {
        let classes = self.morphology.classes(&form);
        let how = match classes.is_empty() {
            true => How::Exact,
            false => How::Inflected { classes },
        };
        QueryWord {
            how,
            ..QueryWord::exact(form)
        }
    }

    fn term(&self, mut words: Vec<QueryWord>, is_bare: bool) -> Term {
        for word in &mut words {
            word.ignores_tones = self.ignores_tones && word.spelling.is_none();
        }
        Term {
            words,
            slop: 0,
            field: self.field,
            weight: 1.0,
            is_bare,
            is_cut: false,
            joined: None,
            is_function: false,
            role: TermRole::Required,
        }
    }

    /// The word that initials with full stops make: `usa` for `u.s.a`. A function word is none: `U.S.` is no `us`.
    fn joined(&self, form: &str) -> Option<QueryWord> {
        let letters = form
            .contains('.')
            .then(|| joined_initials(form))
            .flatten()?;
        let lists = self.morphology.function_words([letters.as_str()]);
        let is_function = is_function_word(&letters, &lists);
        (!is_function).then(|| QueryWord::exact(letters))
    }

    /// The one word that hyphens join the words of a cut one to: `wifi` for `wi-fi`.
    fn joined_by_hyphens(&self, raw: &RawWord) -> Option<QueryWord> {
        let whole = raw.text.trim_end_matches('-').len();
        let mut all = parts(&raw.text).into_iter();
        let join = all.rfind(|part| part.range == (0..whole))?;
        let letters = join.form.strip_prefix(JOIN_MARK)?;
        Some(self.inflected(letters.to_string()))
    }

    /// A bare word and how it is written: `US` is no function word where the query is not written in capitals.
    fn bare(&self, word: QueryWord, written: &str) -> Term {
        let is_name = self.has_small_letters && is_in_capitals(written);
        let word = QueryWord {
            takes_parts: true,
            also: self.joined(&word.form).into_iter().collect(),
            ..word
        };
        Term {
            is_function: !is_name && is_function_word(&word.form, &self.function_words),
            ..self.term(vec![word], true)
        }
    }

    /// A bare word; one that analysis cuts is a phrase of its parts, the last one inflected.
    pub(super) fn word(
        &mut self,
        raw: &RawWord,
        at: Range<usize>,
    ) -> Result<Option<Node>, QueryError> {
        let written = words(&raw.text);
        let mut words = phrase_words(&written);
        for _ in &words {
            self.count_word(at.clone())?;
        }
        if raw.is_spelled && !words.is_empty() {
            let words = spelled_words(&raw.text, &written);
            let is_bare = words.iter().all(|word| word.how != How::Character) && words.len() == 1;
            return Ok(Some(Node::Term(Term {
                weight: raw.weight,
                is_cut: words.len() > 1,
                ..self.term(words, is_bare)
            })));
        }
        let (Some(last), Some(own)) = (words.pop(), written.last()) else {
            return Ok(None);
        };
        let is_whole = own.kind == WordKind::Whole;
        if raw.edits > 0 && !(words.is_empty() && is_whole) {
            return Err(self.error(
                at,
                "fuzzy matching takes a single word; this one is read as several",
            ));
        }
        let is_alone = words.is_empty() && last.how != How::Character;
        let is_bare = is_alone && !raw.is_prefix && raw.edits == 0;
        if is_bare && is_whole {
            let bare = self.bare(self.inflected(last.form), &raw.text);
            return Ok(Some(Node::Term(Term {
                weight: raw.weight,
                ..bare
            })));
        }
        words.push(match (raw.is_prefix, raw.edits) {
            // A stretch of characters is a prefix as it is.
            _ if !is_whole => last,
            (true, _) => QueryWord {
                how: How::Prefix,
                ..last
            },
            (false, 0) => self.inflected(last.form),
            (false, edits) => QueryWord {
                how: How::Fuzzy { edits },
                ..last
            },
        });
        let is_cut = words.len() > 1 && !raw.is_prefix;
        let joined = is_cut.then(|| self.joined_by_hyphens(raw)).flatten();
        Ok(Some(Node::Term(Term {
            weight: raw.weight,
            is_cut,
            joined,
            ..self.term(words, is_bare)
        })))
    }

    pub(super) fn phrase(
        &mut self,
        raw: &RawPhrase,
        at: Range<usize>,
    ) -> Result<Option<Node>, QueryError> {
        let written = words(&raw.text);
        let mut words = match raw.slop {
            0 if raw.is_spelled => spelled_words(&raw.text, &written),
            0 => phrase_words(&written),
            // What is written apart may stand apart.
            _ => raw
                .text
                .split_whitespace()
                .flat_map(|part| phrase_words(&self::words(part)))
                .collect(),
        };
        for _ in &words {
            self.count_word(at.clone())?;
        }
        let is_whole = written
            .last()
            .is_some_and(|word| word.kind == WordKind::Whole);
        if let Some(last) = words.last_mut().filter(|_| is_whole && !raw.is_spelled) {
            last.how = match raw.is_prefix {
                true => How::Prefix,
                false => How::Quoted,
            };
        }
        if words.is_empty() {
            return Ok(None);
        }
        Ok(Some(Node::Term(Term {
            weight: raw.weight,
            slop: raw.slop,
            ..self.term(words, false)
        })))
    }
}

/// [`phrase_words`] of a text that is written so, in their spelling.
fn spelled_words(text: &str, written: &[Word]) -> Vec<QueryWord> {
    let spelled = |(word, own): (QueryWord, &Word)| {
        word.spelled(text.get(own.range.clone()).unwrap_or_default())
    };
    let words = phrase_words(written).into_iter();
    words.zip(written).map(spelled).collect()
}
