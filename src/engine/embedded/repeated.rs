//! The tokens of a text that comes again and again, as an article's title does with each of its sections.

use tantivy::tokenizer::Token;

/// A longer text is no title; in bytes.
const MOST_BYTES: usize = 128;

/// The last text, and its tokens once it came twice: most texts come once, and cost no more than the look at the last one.
#[derive(Debug, Clone, Default)]
pub(super) struct RepeatedText {
    text: String,
    state: Repetition,
    /// The forms of the tokens, one behind the other.
    forms: String,
    tokens: Vec<KeptToken>,
}

/// How much is known of the last text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Repetition {
    /// It came once.
    #[default]
    Once,
    /// It comes the second time, and its tokens are being kept.
    Keeping,
    /// All of its tokens are kept.
    Kept,
}

#[derive(Debug, Clone, Copy)]
struct KeptToken {
    /// Where its form ends.
    form_end: usize,
    offset_from: usize,
    offset_to: usize,
    position: usize,
}

impl RepeatedText {
    /// Begins with a text; whether its tokens are kept.
    pub(super) fn begin(&mut self, text: &str) -> bool {
        if self.text != text || text.is_empty() {
            self.state = Repetition::Once;
            self.text.clear();
            if text.len() <= MOST_BYTES {
                self.text.push_str(text);
            }
            return false;
        }
        if self.state == Repetition::Kept {
            return true;
        }
        self.state = Repetition::Keeping;
        self.forms.clear();
        self.tokens.clear();
        false
    }

    /// Keeps a token of the text that was begun, where it came before; `None` stands for its end.
    pub(super) fn keep(&mut self, token: Option<&mut Token>) {
        if self.state != Repetition::Keeping {
            return;
        }
        let Some(token) = token else {
            self.state = Repetition::Kept;
            return;
        };
        self.forms.push_str(&token.text);
        self.tokens.push(KeptToken {
            form_end: self.forms.len(),
            offset_from: token.offset_from,
            offset_to: token.offset_to,
            position: token.position,
        });
    }

    /// Gives a token of the text that was begun; false behind the last.
    pub(super) fn give(&self, index: usize, token: &mut Token) -> bool {
        let Some(kept) = self.tokens.get(index) else {
            return false;
        };
        let before = index.checked_sub(1).and_then(|last| self.tokens.get(last));
        let start = before.map_or(0, |before| before.form_end);
        token.text.clear();
        (token.text).push_str(self.forms.get(start..kept.form_end).unwrap_or_default());
        token.offset_from = kept.offset_from;
        token.offset_to = kept.offset_to;
        token.position = kept.position;
        true
    }
}
