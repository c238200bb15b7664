//! A quotation as something to look for: its words, and what it leaves open.
//!
//! Three dots, with or without brackets, stand for any text. Words in brackets were put in by whoever quotes: they stand
//! for up to [`MAX_REPLACED`] words of the source, `[sic]` for none. A letter in brackets that begins a word
//! (`[E]very`) was written in the other case; one that ends a word (`agree[d]`) makes it any one word.

use crate::analysis::{without_held_end, words};

/// How many words of the source a bracket stands for at most.
pub(super) const MAX_REPLACED: usize = 6;

/// What is matched against one word of the source, or against more or fewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// This word; the fragment it belongs to, and its place among the fragment's words.
    Word { form: String, fragment: usize },
    /// Any word, or none.
    Any,
    /// Any words.
    Gap,
}

/// A stretch that is quoted without a gap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fragment {
    /// Its text, from its first word to its last.
    pub(super) text: String,
    /// The bytes of letters whose case is free.
    pub(super) free: Vec<usize>,
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) tokens: Vec<Token>,
    pub(super) fragments: Vec<Fragment>,
}

impl Pattern {
    /// Reads a quotation.
    pub(super) fn new(text: &str) -> Pattern {
        let mut reader = Reader::default();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = match c {
                '[' => reader.bracket(rest),
                '…' => {
                    reader.open_up(&[Token::Gap]);
                    &rest[c.len_utf8()..]
                }
                '.' if dots(rest) > 0 => {
                    reader.open_up(&[Token::Gap]);
                    &rest[dots(rest)..]
                }
                _ => {
                    reader.open.text.push(c);
                    &rest[c.len_utf8()..]
                }
            };
        }
        reader.open_up(&[]);
        let mut pattern = reader.pattern;
        let is_open = |token: &Token| !matches!(token, Token::Word { .. });
        let last = pattern.tokens.iter().rposition(|token| !is_open(token));
        pattern.tokens.truncate(last.map_or(0, |at| at + 1));
        let first = pattern
            .tokens
            .iter()
            .position(|token| !is_open(token))
            .unwrap_or(0);
        pattern.tokens.drain(..first);
        pattern
    }

    /// The words of each fragment.
    pub(super) fn words_of(&self, fragment: usize) -> Vec<&str> {
        let of =
            |token: &Token| matches!(token, Token::Word { fragment: own, .. } if *own == fragment);
        let own = self.tokens.iter().filter(|token| of(token));
        own.filter_map(Token::form).collect()
    }
}

impl Token {
    pub(super) fn form(&self) -> Option<&str> {
        match self {
            Token::Word { form, .. } => Some(form),
            Token::Any | Token::Gap => None,
        }
    }
}

#[derive(Default)]
struct Reader {
    pattern: Pattern,
    open: Fragment,
}

impl Reader {
    /// Ends the open fragment; `tokens` stand behind it.
    fn open_up(&mut self, tokens: &[Token]) {
        let open = std::mem::take(&mut self.open);
        let mut words = words(&open.text);
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let range = first.range.start..last.range.end;
            let fragment = self.pattern.fragments.len();
            let free = open
                .free
                .iter()
                .filter(|at| range.contains(at))
                .map(|at| at - range.start);
            self.pattern.fragments.push(Fragment {
                text: open.text[range.clone()].to_string(),
                free: free.collect(),
            });
            // Behind a quotation the run of characters may go on, in which the last one is no word by itself.
            words.truncate(without_held_end(&words).len());
            let tokens = words.into_iter().map(|word| Token::Word {
                form: word.form,
                fragment,
            });
            self.pattern.tokens.extend(tokens);
        }
        self.pattern.tokens.extend_from_slice(tokens);
    }

    /// Reads a bracket at the start of `rest`, and returns what stands behind it.
    fn bracket<'a>(&mut self, rest: &'a str) -> &'a str {
        let Some(end) = rest.find(']') else {
            self.open.text.push('[');
            return &rest[1..];
        };
        let (inside, behind) = (rest[1..end].trim(), &rest[end + 1..]);
        let is_dots = inside.chars().all(|c| matches!(c, '.' | '…' | ' '));
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let joins_before = is_letter(self.open.text.chars().next_back());
        let joins_behind = is_letter(behind.chars().next());
        if is_dots {
            self.open_up(&[Token::Gap]);
        } else if inside.eq_ignore_ascii_case("sic") {
            // It says of the words before it that they stand so in the source.
        } else if joins_before {
            self.drop_last_word();
            self.open_up(&[Token::Any]);
            return behind.trim_start_matches(char::is_alphanumeric);
        } else if joins_behind {
            let from = self.open.text.len();
            self.open.text.push_str(inside);
            self.open.free.extend(from..self.open.text.len());
        } else {
            self.open_up(&[const { Token::Any }; MAX_REPLACED]);
        }
        behind
    }

    fn drop_last_word(&mut self) {
        let kept = self.open.text.trim_end_matches(char::is_alphanumeric).len();
        self.open.text.truncate(kept);
    }
}

/// The bytes of an ellipsis of full stops at the start of `text`: three of them, with or without spaces between.
fn dots(text: &str) -> usize {
    let mut end = 0;
    for i in 0..3 {
        let rest = &text[end..];
        let spaces = if i == 0 {
            0
        } else {
            rest.len() - rest.trim_start_matches(' ').len()
        };
        if !rest[spaces..].starts_with('.') {
            return 0;
        }
        end += spaces + 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let pattern = Pattern::new(text);
        let token = |token: &Token| match token {
            Token::Word { form, fragment } => format!("{form}{fragment}"),
            Token::Any => "?".to_string(),
            Token::Gap => "*".to_string(),
        };
        pattern
            .tokens
            .iter()
            .map(token)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn dots_and_brackets_leave_words_open() {
        assert_eq!(shown("The talks […] failed."), "the0 talks0 * failed1");
        assert_eq!(
            shown("… the talks... failed. . . ."),
            "the0 talks0 * failed1"
        );
        assert_eq!(
            shown("Then [he] left"),
            format!("then0 {}left1", "? ".repeat(MAX_REPLACED))
        );
        assert_eq!(shown("the tlaks [sic] failed"), "the0 tlaks0 failed0");
        assert_eq!(shown("they agree[d] to it"), "they0 ? to1 it1");
        assert_eq!(shown("an [open bracket"), "an0 open0 bracket0");
        assert_eq!(shown("[…]"), "");
        assert_eq!(shown("停火协议"), "停火0 火协0 协议0");
        assert_eq!(shown("停火[…]器"), "停火0 * 器1");
        let pattern = Pattern::new("“[E]verything” failed");
        assert_eq!(
            pattern.fragments,
            [Fragment {
                text: "Everything” failed".into(),
                free: vec![0]
            }]
        );
    }
}
