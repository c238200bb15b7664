//! Words that are asked for in their spelling: `=US`.
//!
//! # Definition
//!
//! Such a word stands for its folded form alone, without inflections, tones and aliases; its df, its frequency and its
//! score are those of that form, whatever its spelling. It is required where it is a function word too. But it occurs in
//! a field only where a word of it has the spelling ([`spelling`](crate::analysis::spelling)) that the query has, and a
//! phrase of such words only where it occurs ([`occurrences`]) among the words that are spelled so. A term occurs in a
//! section where it does in a field that it covers, and what it finds, its highlights too, are these places alone. Of a
//! single character of a script that is cut into pairs, the spelling is that of the character.

use std::ops::Range;

use super::ast::Term;
use super::phrase::occurrences;
use super::query_word::{How, QueryWord};
use crate::analysis::{Language, Word, Words, spelling, words};

impl QueryWord {
    /// The word as it is asked for in its spelling.
    #[must_use]
    pub(super) fn spelled(self, written: &str) -> QueryWord {
        QueryWord {
            spelling: Some(spelling(written)),
            ignores_tones: false,
            ..self
        }
    }

    /// Whether a word of `text` for whose form the word stands is spelled as it is asked for; any, where that is not.
    #[must_use]
    pub fn is_spelled(&self, word: &Word, text: &str) -> bool {
        self.is_spelled_at(word.range.clone(), word.lead_end, text)
    }

    /// [`QueryWord::is_spelled`] of the word that lies there, the first character of which ends at `lead_end` if it is a
    /// pair.
    fn is_spelled_at(&self, range: Range<usize>, lead_end: usize, text: &str) -> bool {
        let Some(wanted) = &self.spelling else {
            return true;
        };
        let end = match self.how {
            How::Character => lead_end,
            _ => range.end,
        };
        let own = text.get(range.start..end);
        own.is_some_and(|own| own == wanted || spelling(own) == *wanted)
    }

    /// Whether a text is surely without the spelling: both are in ASCII, where a word is written in one way.
    fn is_absent_from(&self, text: &str) -> bool {
        let is_single = |b: u8| b.is_ascii() && !matches!(b, b'\'' | b'`');
        self.spelling.as_ref().is_some_and(|wanted| {
            wanted.bytes().all(is_single) && text.is_ascii() && !text.contains(wanted.as_str())
        })
    }
}

impl Term {
    /// Whether the term is asked for in its spelling.
    #[must_use]
    pub fn has_spelling(&self) -> bool {
        self.words.iter().any(|word| word.spelling.is_some())
    }

    /// Whether the term occurs in a field of this text, in its spelling.
    #[must_use]
    pub fn occurs_spelled(&self, text: &str, told: Option<Language>) -> bool {
        if self.words.iter().any(|word| word.is_absent_from(text)) {
            return false;
        }
        if let [word] = self.words.as_slice() {
            let mut stream = Words::new(text);
            while stream.advance() {
                if word.matches(stream.form(), told)
                    && word.is_spelled_at(stream.range(), stream.lead_end(), text)
                {
                    return true;
                }
            }
            return false;
        }
        let written = words(text);
        let mut positions: Vec<Vec<u32>> = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let is_meant =
                |own: &&Word| word.matches(&own.form, told) && word.is_spelled(own, text);
            let own = written.iter().filter(is_meant).map(|own| own.position);
            positions.push(own.collect());
        }
        let lists: Vec<&[u32]> = positions.iter().map(Vec::as_slice).collect();
        !occurrences(&lists, self.slop).is_empty()
    }
}
