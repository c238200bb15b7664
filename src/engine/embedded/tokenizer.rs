//! Our words as Tantivy's tokens.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::analysis::{PartFinder, Words};

/// Hands Tantivy the words that [`Words`] reads, each followed by the parts and joins that stand at it. A section has
/// several texts, most of them short: what reading one takes is kept for the next one.
#[derive(Clone)]
pub(super) struct WordTokenizer {
    /// Those of the current word that are still to come.
    parts: PartFinder,
    token: Token,
    /// Room for a form.
    form: String,
}

impl Default for WordTokenizer {
    fn default() -> WordTokenizer {
        WordTokenizer {
            parts: PartFinder::counting(),
            token: Token::default(),
            form: String::new(),
        }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.parts.restart();
        let mut words = Words::new(text);
        words.swap_form(&mut self.form);
        WordStream { words, kept: self }
    }
}

/// The words of one text.
pub(super) struct WordStream<'a> {
    words: Words<'a>,
    kept: &'a mut WordTokenizer,
}

impl Drop for WordStream<'_> {
    fn drop(&mut self) {
        self.words.swap_form(&mut self.kept.form);
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let WordTokenizer { parts, token, .. } = &mut *self.kept;
        if let Some((form, whole)) = parts.found.pop() {
            token.text.clear();
            token.text.push_str(&form);
            token.offset_from = whole.start;
            token.offset_to = whole.end;
            return true;
        }
        if !self.words.advance() {
            return false;
        }
        parts.find(&self.words);
        let range = self.words.range();
        token.position = self.words.position() as usize;
        token.offset_from = range.start;
        token.offset_to = range.end;
        self.words.swap_form(&mut token.text);
        true
    }

    fn token(&self) -> &Token {
        &self.kept.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.kept.token
    }
}
