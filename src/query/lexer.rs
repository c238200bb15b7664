//! Cuts a query into tokens.

use std::ops::Range;

use super::ast::MAX_SLOP;
use super::error::QueryError;
use super::quotes::{closing, is_quote, opening};
use super::raw_words::{
    RawPhrase, RawWord, WEIGHT_EXPECTED, field_name, parse_weight, raw_word, split_mark,
    wants_spelling,
};
use super::{DateRange, Field, Filter};

/// A token and the bytes of the query it was read from.
#[derive(Debug, Clone)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) at: Range<usize>,
}

/// What a query is made of.
#[derive(Debug, Clone)]
pub(super) enum Token {
    Open,
    /// A closing bracket and the weight of its group.
    Close(f64),
    And,
    Or,
    Not,
    /// A hyphen that negates.
    Minus,
    /// A field that the next token belongs to.
    Field(Field),
    Filter(Filter),
    Word(RawWord),
    Phrase(RawPhrase),
}

/// The names before a colon.
const FIELD_NAMES: [&str; 7] = ["title", "heading", "body", "path", "lang", "author", "date"];

/// The tokens of `query`, all its words asked for in their spelling where `exact`. Punctuation without a word gives none.
pub(super) fn tokens(query: &str, exact: bool) -> Result<Vec<Spanned>, QueryError> {
    let mut lexer = Lexer {
        query,
        exact,
        has_sign: false,
        at: 0,
        tokens: Vec::new(),
    };
    while lexer.skip_space() {
        lexer.token()?;
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    query: &'a str,
    /// Whether all words are asked for in their spelling.
    exact: bool,
    /// Whether the next word has the sign for it.
    has_sign: bool,
    at: usize,
    tokens: Vec<Spanned>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.query[self.at..]
    }

    /// Skips white space; false at the end.
    fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.at < self.query.len()
    }

    fn push(&mut self, start: usize, token: Token) {
        self.tokens.push(Spanned {
            token,
            at: start..self.at,
        });
    }

    fn error(&self, at: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError::new(self.query, at, message)
    }

    fn token(&mut self) -> Result<(), QueryError> {
        self.has_sign = wants_spelling(self.rest());
        if self.has_sign {
            self.at += 1;
        } else if self.rest().starts_with("=(") {
            let message = "`=` takes a word or a \"phrase\" right behind it, no group";
            return Err(self.error(self.at..self.at + 1, message));
        }
        let start = self.at;
        let mut chars = self.rest().chars();
        match chars.next() {
            Some('(') => {
                self.at += 1;
                self.push(start, Token::Open);
            }
            Some(')') => {
                self.at += 1;
                let weight = self.weight()?;
                self.push(start, Token::Close(weight));
            }
            Some('-')
                if chars.next().is_some_and(|c| {
                    c.is_alphanumeric() || is_quote(c) || matches!(c, '(' | '‘' | '=')
                }) =>
            {
                self.at += 1;
                self.push(start, Token::Minus);
            }
            _ if opening(self.rest()).is_some() => self.phrase(start)?,
            _ => self.word(start)?,
        }
        Ok(())
    }

    /// What stands between the mark at `start` and the one that closes it, and moves behind that.
    fn quoted(&mut self, start: usize) -> Result<Range<usize>, QueryError> {
        let rest = &self.query[start..];
        let open = rest.chars().next().unwrap_or('"');
        let inner = start + open.len_utf8();
        let Some((len, mark_len)) = closing(open, &self.query[inner..]) else {
            let message = format!("this quote is never closed; expected another `{open}`");
            return Err(self.error(start..inner, message));
        };
        self.at = inner + len + mark_len;
        Ok(inner..inner + len)
    }

    fn phrase(&mut self, start: usize) -> Result<(), QueryError> {
        let inner = self.quoted(start)?;
        let content = self.query[inner.clone()].trim_end();
        let stripped = content.strip_suffix('*');
        let text = stripped.unwrap_or(content).to_string();
        if let Some(star) = text.find('*') {
            let at = inner.start + star;
            return Err(self.error(at..at + 1, "`*` in a phrase may only end its last word"));
        }
        if stripped.is_some() && !text.ends_with(char::is_alphanumeric) {
            let at = inner.start + text.len();
            return Err(self.error(
                at..at + 1,
                "`*` needs the beginning of a word right before it",
            ));
        }
        let tilde = self.at;
        let slop = self.slop()?;
        let weight = self.weight()?;
        if stripped.is_some() {
            self.refuse_spelled(inner.start + text.len())?;
        }
        if self.query[tilde..].starts_with('~') {
            self.refuse_spelled(tilde)?;
        }
        self.push(
            start,
            Token::Phrase(RawPhrase {
                text,
                is_prefix: stripped.is_some(),
                slop,
                weight,
                is_spelled: self.exact || self.has_sign,
            }),
        );
        Ok(())
    }

    /// Reads `~N` behind a phrase.
    fn slop(&mut self) -> Result<u32, QueryError> {
        let Some(rest) = self.rest().strip_prefix('~') else {
            return Ok(0);
        };
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        let slop = rest[..len]
            .parse::<u32>()
            .ok()
            .filter(|&slop| slop <= MAX_SLOP);
        let at = self.at..self.at + 1 + len;
        self.at = at.end;
        slop.ok_or_else(|| {
            self.error(
                at,
                format!("expected a number of moves from 0 to {MAX_SLOP} after `~`"),
            )
        })
    }

    /// Reads `^W` behind a phrase or a group.
    fn weight(&mut self) -> Result<f64, QueryError> {
        let Some(rest) = self.rest().strip_prefix('^') else {
            return Ok(1.0);
        };
        let len = rest
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        let at = self.at..self.at + 1 + len;
        let weight = parse_weight(&rest[..len]);
        self.at = at.end;
        weight.ok_or_else(|| self.error(at, WEIGHT_EXPECTED))
    }

    fn word(&mut self, start: usize) -> Result<(), QueryError> {
        let raw = raw_word(self.rest()).to_string();
        if let Some(error) = self.foreign_operator(start, &raw) {
            return Err(error);
        }
        if let Some(field) = self.field(start, &raw)? {
            return {
                self.push(start, field);
                Ok(())
            };
        }
        self.at = start + raw.len();
        match raw.as_str() {
            "AND" if !self.has_sign => self.push(start, Token::And),
            "OR" if !self.has_sign => self.push(start, Token::Or),
            "NOT" if !self.has_sign => self.push(start, Token::Not),
            _ => {
                if let Some(word) = self.marks(start, &raw)? {
                    self.push(start, Token::Word(word));
                }
            }
        }
        Ok(())
    }

    /// What is wrong with a word that is written with an operator of other search programs.
    fn foreign_operator(&self, start: usize, raw: &str) -> Option<QueryError> {
        for (sign, meant) in [("||", "OR"), ("&&", "AND"), ("|", "OR")] {
            if let Some(at) = raw.find(sign).map(|at| start + at) {
                let message = format!("`{sign}` is no operator; expected `{meant}`, or quotes");
                return Some(self.error(at..at + sign.len(), message));
            }
        }
        let behind = raw.strip_prefix('!').map(|_| &self.query[start + 1..])?;
        let negates = behind.starts_with(|c: char| c.is_alphanumeric() || c == '(' || is_quote(c));
        let message = "`!` is no operator; expected `-` or `NOT`, or quotes";
        negates.then(|| self.error(start..start + 1, message))
    }

    /// Takes the marks `*`, `~N` and `^W` off a word. `None` for punctuation without a word.
    fn marks(&self, start: usize, raw: &str) -> Result<Option<RawWord>, QueryError> {
        let mut word = RawWord {
            text: raw.to_string(),
            is_prefix: false,
            edits: 0,
            weight: 1.0,
            is_spelled: self.exact || self.has_sign,
        };
        if let Some((base, mark)) = split_mark(raw, '^') {
            let at = start + base.len()..start + raw.len();
            word.weight = parse_weight(mark).ok_or_else(|| self.error(at, WEIGHT_EXPECTED))?;
            word.text = base.to_string();
        }
        if let Some((base, mark)) = split_mark(&word.text, '~')
            && mark.bytes().all(|b| b.is_ascii_digit())
        {
            let at = start + base.len()..start + word.text.len();
            word.edits = match mark {
                "" | "1" => 1,
                "2" => 2,
                _ => return Err(self.error(at, "expected 1 or 2 edits after `~`")),
            };
            self.refuse_spelled(start + base.len())?;
            word.text = base.to_string();
        }
        if let Some(base) = word
            .text
            .strip_suffix('*')
            .filter(|base| base.ends_with(char::is_alphanumeric))
        {
            self.refuse_spelled(start + base.len())?;
            word.is_prefix = true;
            word.text = base.to_string();
        }
        if let Some(star) = word.text.find('*') {
            let at = start + star;
            return Err(self.error(
                at..at + 1,
                "`*` may only end a word: expected letters right before it, none behind",
            ));
        }
        if word.is_prefix && word.edits > 0 {
            let end = start + raw.len();
            return Err(self.error(start..end, "a word is a prefix or fuzzy, not both"));
        }
        Ok(word.text.contains(char::is_alphanumeric).then_some(word))
    }

    /// Refuses the mark at `at` on what is asked for in its spelling.
    fn refuse_spelled(&self, at: usize) -> Result<(), QueryError> {
        let mark = self.query[at..].chars().next().unwrap_or('*');
        let asked = if self.has_sign { "`=`" } else { "`--exact`" };
        let message =
            format!("{asked} asks for a word as it is spelled; leave `{mark}` out, or {asked}");
        match self.exact || self.has_sign {
            true => Err(self.error(at..at + mark.len_utf8(), message)),
            false => Ok(()),
        }
    }

    /// Reads `name:` where a term begins so, and a filter's value with it.
    fn field(&mut self, start: usize, raw: &str) -> Result<Option<Token>, QueryError> {
        let Some((name, rest)) = field_name(raw) else {
            return Ok(None);
        };
        let behind = start + name.len() + 1;
        let is_empty = self.query[behind..]
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || c == ')');
        if !FIELD_NAMES.contains(&name) {
            if is_empty && rest.is_empty() {
                return Ok(None);
            }
            let list = FIELD_NAMES.map(|name| format!("`{name}:`")).join(", ");
            return Err(self.error(
                start..behind,
                format!("`{name}:` is no field; expected {list}, or quotes"),
            ));
        }
        if is_empty {
            return Err(self.error(
                start..behind,
                format!("expected a value right after `{name}:`"),
            ));
        }
        self.at = behind;
        let text_field = match name {
            "title" => Some(Field::Title),
            "heading" => Some(Field::Heading),
            "body" => Some(Field::Body),
            _ => None,
        };
        if self.has_sign {
            let message = match text_field {
                Some(_) => format!("`=` stands behind a field; expected `{name}:=`"),
                None => format!("`=` asks for a word; `{name}:` is a filter"),
            };
            return Err(self.error(start - 1..behind, message));
        }
        match text_field {
            Some(field) => Ok(Some(Token::Field(field))),
            None => self.filter(name).map(Some),
        }
    }

    fn filter(&mut self, name: &str) -> Result<Token, QueryError> {
        let start = self.at;
        let value = if opening(self.rest()).is_some() {
            let inner = self.quoted(start)?;
            &self.query[inner]
        } else {
            let raw = raw_word(self.rest());
            self.at = start + raw.len();
            &self.query[start..self.at]
        };
        let (filter, expected) = match name {
            "path" => {
                let filter = Some(Filter::path_anywhere(value));
                (filter, "a glob such as `news/**` or a folder")
            }
            "lang" => (Some(Filter::lang(value)), "a language such as `en`"),
            "author" => (Filter::author(value), "a name"),
            _ => (
                DateRange::parse(value).map(Filter::Date),
                "a date such as `2014`, `2014-09`, `2014-09-05`, or a range `2014..2015`",
            ),
        };
        let at = start..self.at;
        filter
            .filter(|_| !value.is_empty())
            .map(Token::Filter)
            .ok_or_else(|| self.error(at, format!("cannot read `{value}`; expected {expected}")))
    }
}
