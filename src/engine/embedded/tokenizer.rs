//! Our words as Tantivy's tokens.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::repeated::RepeatedText;
use crate::analysis::{PartFinder, Words};

/// Hands Tantivy the words that [`Words`] reads, each followed by the parts and joins that stand at it. A section has
/// several texts, most of them short: what reading one takes is kept for the next one. The sections of an article all
/// have its title, whose tokens are kept too.
#[derive(Clone)]
pub(super) struct WordTokenizer {
    /// Those of the current word that are still to come.
    parts: PartFinder,
    token: Token,
    /// Room for a form.
    form: String,
    repeated: RepeatedText,
}

impl Default for WordTokenizer {
    fn default() -> WordTokenizer {
        WordTokenizer {
            parts: PartFinder::counting(),
            token: Token::default(),
            form: String::new(),
            repeated: RepeatedText::default(),
        }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.parts.restart();
        let from = match self.repeated.begin(text) {
            true => TokenSource::Kept(0),
            false => {
                let mut words = Words::new(text);
                words.swap_form(&mut self.form);
                TokenSource::Read(words)
            }
        };
        WordStream { from, kept: self }
    }
}

/// Where the tokens of a text come from.
enum TokenSource<'a> {
    /// They are read from it.
    Read(Words<'a>),
    /// They were kept; so many are given.
    Kept(usize),
}

/// The words of one text.
pub(super) struct WordStream<'a> {
    from: TokenSource<'a>,
    kept: &'a mut WordTokenizer,
}

impl Drop for WordStream<'_> {
    fn drop(&mut self) {
        if let TokenSource::Read(words) = &mut self.from {
            words.swap_form(&mut self.kept.form);
        }
    }
}

impl WordTokenizer {
    /// Reads the next token of a text; false behind the last.
    fn read(&mut self, words: &mut Words<'_>) -> bool {
        let WordTokenizer { parts, token, .. } = self;
        if let Some((mut form, whole)) = parts.found.pop() {
            std::mem::swap(&mut token.text, &mut form);
            parts.give_back(form);
            token.offset_from = whole.start;
            token.offset_to = whole.end;
            return true;
        }
        if !words.advance() {
            return false;
        }
        parts.find(words);
        let range = words.range();
        token.position = words.position() as usize;
        token.offset_from = range.start;
        token.offset_to = range.end;
        words.swap_form(&mut token.text);
        true
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        match &mut self.from {
            TokenSource::Read(words) => {
                let is_one = self.kept.read(words);
                let WordTokenizer {
                    repeated, token, ..
                } = &mut *self.kept;
                repeated.keep(is_one.then_some(token));
                is_one
            }
            TokenSource::Kept(given) => {
                let WordTokenizer {
                    repeated, token, ..
                } = &mut *self.kept;
                *given += 1;
                repeated.give(*given - 1, token)
            }
        }
    }

    fn token(&self) -> &Token {
        &self.kept.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.kept.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(tokenizer: &mut WordTokenizer, text: &str) -> Vec<Token> {
        let mut stream = tokenizer.token_stream(text);
        let mut all = Vec::new();
        while stream.advance() {
            all.push(stream.token().clone());
        }
        all
    }

    #[test]
    fn a_text_that_comes_again_has_the_same_tokens() {
        let texts = [
            "The fooBar wi-fi of U.S. readers",
            "",
            "Another",
            "北京大学 l'État",
        ];
        let mut kept = WordTokenizer::default();
        for turn in [0, 0, 0, 1, 0, 2, 2, 2, 2, 3, 3, 3, 1, 1, 1, 0] {
            let expected = tokens(&mut WordTokenizer::default(), texts[turn]);
            assert_eq!(tokens(&mut kept, texts[turn]), expected, "{turn}");
        }
    }

    #[test]
    fn a_stream_that_is_left_before_its_end_is_not_kept() {
        let mut kept = WordTokenizer::default();
        let text = "one two three";
        for _ in 0..3 {
            assert!(kept.token_stream(text).advance());
        }
        assert_eq!(tokens(&mut kept, text).len(), 3);
        assert_eq!(tokens(&mut kept, text).len(), 3);
        assert_eq!(tokens(&mut kept, text).len(), 3);
    }
}
