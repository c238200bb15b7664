//! Our words as Tantivy's tokens.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::analysis::{PartFinder, Words};

/// Hands Tantivy the words that [`Words`] reads, each followed by the parts and joins that stand at it.
#[derive(Clone, Copy)]
pub(super) struct WordTokenizer;

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream {
            words: Words::new(text),
            parts: PartFinder::counting(),
            token: Token::default(),
        }
    }
}

/// The words of one text.
pub(super) struct WordStream<'a> {
    words: Words<'a>,
    /// Those of the current word that are still to come.
    parts: PartFinder,
    token: Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some((form, whole)) = self.parts.found.pop() {
            self.token.text = form;
            self.token.offset_from = whole.start;
            self.token.offset_to = whole.end;
            return true;
        }
        if !self.words.advance() {
            return false;
        }
        self.parts.find(&self.words);
        let range = self.words.range();
        self.token.text.clear();
        self.token.text.push_str(self.words.form());
        self.token.position = self.words.position() as usize;
        self.token.offset_from = range.start;
        self.token.offset_to = range.end;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
