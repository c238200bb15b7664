//! Parses a query: tokens to a tree.
//!
//! ```text
//! group  = and ("OR" and)*                         with `any`: group = or or*, or = all ("OR" all)*, all = unary ("AND" unary)*
//! and    = unary ("AND"? unary)*
//! unary  = ("-" | "NOT") unary | [field] (word | phrase | "(" group ")") | filter
//! ```

use std::ops::Range;

use super::Field;
use super::ast::{Mode, Node, Query};
use super::error::QueryError;
use super::lexer::{Spanned, Token, WEIGHTS, tokens};
use crate::analysis::{FunctionWords, Morphology, has_tones, words};

/// A longer query is an error, in bytes.
pub const MAX_QUERY_BYTES: usize = 16 << 10;
/// Deeper brackets and negations are an error.
pub const MAX_NESTING: usize = 64;
/// More words are an error.
pub const MAX_TERMS: usize = 1024;

/// Parses a query.
///
/// # Errors
/// [`QueryError`] with the place and what was expected there.
///
/// ```
/// use excerpt::analysis::{Language, Morphology};
/// use excerpt::query::{Mode, parse};
///
/// let english = Morphology::of([Language::ENGLISH]);
/// let query = parse("\"Minsk agreements\" -draft", Mode::default(), &english)?;
/// assert_eq!(query.terms().len(), 1);
/// assert_eq!(parse("\"Minsk", Mode::default(), &english).unwrap_err().at, 0..1);
/// # Ok::<(), excerpt::query::QueryError>(())
/// ```
pub fn parse(text: &str, mode: Mode, morphology: &Morphology) -> Result<Query, QueryError> {
    if text.len() > MAX_QUERY_BYTES {
        let message = format!(
            "the query is {} bytes long; at most {MAX_QUERY_BYTES} are read",
            text.len()
        );
        return Err(QueryError::new(text, 0..0, message));
    }
    let mut parser = Parser {
        text,
        mode,
        morphology,
        function_words: function_words(text, morphology),
        ignores_tones: !has_tones(text),
        tokens: Vec::new(),
        at: 0,
        depth: 0,
        words: 0,
        field: None,
    };
    let root = if mode.phrase {
        parser.whole_phrase()?
    } else if mode.plain {
        parser.plain_words()?
    } else {
        parser.tokens = tokens(text)?;
        parser.query()?
    };
    Ok(Query {
        text: text.to_string(),
        root,
    })
}

/// The function words of the language that the query is in.
fn function_words(text: &str, morphology: &Morphology) -> FunctionWords {
    let forms: Vec<String> = words(text).into_iter().map(|word| word.form).collect();
    morphology.function_words(forms.iter().map(String::as_str))
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) mode: Mode,
    pub(super) morphology: &'a Morphology,
    pub(super) function_words: FunctionWords,
    /// Whether no word of the query has tones: else those without are meant so.
    pub(super) ignores_tones: bool,
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    words: usize,
    pub(super) field: Option<Field>,
}

impl Parser<'_> {
    fn query(&mut self) -> Result<Node, QueryError> {
        let node = self.group()?;
        if let Some(Spanned { at, .. }) = self.tokens.get(self.at) {
            return Err(self.error(at.clone(), "this bracket was never opened"));
        }
        match node {
            Some(Node::Not(inner)) if !inner.is_filter() => {
                Err(self.only_negations(0..self.text.len()))
            }
            Some(node) => Ok(node),
            None => Err(self.no_words()),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|t| &t.token)
    }

    fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.text.len()..self.text.len(), |t| t.at.clone())
    }

    pub(super) fn error(&self, at: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError::new(self.text, at, message)
    }

    pub(super) fn no_words(&self) -> QueryError {
        self.error(
            0..self.text.len(),
            "the query has no word; expected a word, a \"phrase\" or a filter",
        )
    }

    fn only_negations(&self, at: Range<usize>) -> QueryError {
        self.error(at, "only excluded words here; add a word to search for")
    }

    /// What stands up to a closing bracket or the end; `None` where that is nothing but punctuation.
    fn group(&mut self) -> Result<Option<Node>, QueryError> {
        let start = self.here().start;
        if self.mode.any {
            return self.any_group(start);
        }
        let mut branches = Vec::new();
        loop {
            branches.push(self.sequence(true)?);
            if !matches!(self.peek(), Some(Token::Or)) {
                break;
            }
            self.operator("OR", branches.last().is_some_and(Option::is_some))?;
        }
        self.join_or(branches.into_iter().flatten().collect(), start)
    }

    /// A group under `any`: neighbours are alternatives; negations and filters among them stay required.
    fn any_group(&mut self, start: usize) -> Result<Option<Node>, QueryError> {
        let mut alternatives = Vec::new();
        let mut required = Vec::new();
        while !matches!(self.peek(), None | Some(Token::Close(_))) {
            let mut branches = vec![self.sequence(false)?];
            while matches!(self.peek(), Some(Token::Or)) {
                self.operator("OR", branches.last().is_some_and(Option::is_some))?;
                branches.push(self.sequence(false)?);
            }
            match self.join_or(branches.into_iter().flatten().collect(), start)? {
                Some(node @ Node::Not(_)) => required.push(node),
                Some(node) if node.is_filter() => required.push(node),
                node => alternatives.extend(node),
            }
        }
        if alternatives.len() > 1 {
            alternatives = vec![Node::Or(alternatives)];
        }
        alternatives.append(&mut required);
        self.join_and(alternatives, start)
    }

    /// Units joined by `AND`, and where `implicit` by mere juxtaposition.
    fn sequence(&mut self, implicit: bool) -> Result<Option<Node>, QueryError> {
        let start = self.here().start;
        let mut nodes = Vec::new();
        loop {
            match self.peek() {
                None | Some(Token::Close(_) | Token::Or) => break,
                Some(Token::And) => self.operator("AND", !nodes.is_empty())?,
                _ if !implicit && !nodes.is_empty() && !self.is_behind_and() => break,
                _ => {}
            }
            nodes.extend(self.unary()?);
        }
        self.join_and(nodes, start)
    }

    fn is_behind_and(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|before| matches!(before.token, Token::And))
    }

    /// Steps over an operator, which needs something on both sides.
    fn operator(&mut self, name: &str, has_left: bool) -> Result<(), QueryError> {
        let at = self.here();
        self.at += 1;
        let has_right = !matches!(
            self.peek(),
            None | Some(Token::Close(_) | Token::And | Token::Or)
        );
        match (has_left, has_right) {
            (true, true) => Ok(()),
            (false, _) => Err(self.error(
                at,
                format!("expected something to look for before `{name}`"),
            )),
            (true, false) => {
                Err(self.error(at, format!("expected something to look for after `{name}`")))
            }
        }
    }

    fn join_and(&self, mut nodes: Vec<Node>, start: usize) -> Result<Option<Node>, QueryError> {
        if nodes.len() <= 1 {
            return Ok(nodes.pop());
        }
        let is_negation = |node: &Node| matches!(node, Node::Not(inner) if !inner.is_filter());
        let has_positive = nodes.iter().any(|node| !matches!(node, Node::Not(_)));
        if !has_positive && nodes.iter().any(is_negation) {
            return Err(self.only_negations(start..self.here().start));
        }
        Ok(Some(Node::And(nodes)))
    }

    fn join_or(&self, mut nodes: Vec<Node>, start: usize) -> Result<Option<Node>, QueryError> {
        if nodes.len() <= 1 {
            return Ok(nodes.pop());
        }
        let at = start..self.here().start;
        if nodes
            .iter()
            .any(|node| matches!(node, Node::Not(inner) if !inner.is_filter()))
        {
            return Err(self.only_negations(at));
        }
        let filters = nodes.iter().filter(|node| !node.has_words()).count();
        if filters > 0 && filters < nodes.len() {
            return Err(self.error(
                at,
                "a filter can be joined by `OR` with filters only; expected it beside the words",
            ));
        }
        Ok(Some(Node::Or(nodes)))
    }

    /// One unit; `None` where it holds no word.
    fn unary(&mut self) -> Result<Option<Node>, QueryError> {
        let Some(Spanned { token, at }) = self.tokens.get(self.at).cloned() else {
            return Ok(None);
        };
        self.at += 1;
        match token {
            Token::Minus | Token::Not => self.negation(at),
            Token::Open => self.brackets(at),
            Token::Field(field) => self.in_field(field, at),
            Token::Filter(filter) if self.field.is_none() => {
                self.count_word(at)?;
                Ok(Some(Node::Filter(filter)))
            }
            Token::Filter(_) => Err(self.error(at, "a filter cannot stand inside a field")),
            Token::Word(word) => self.word(&word, at),
            Token::Phrase(phrase) => self.phrase(&phrase, at),
            Token::And | Token::Or | Token::Close(_) => {
                Err(self.error(at, "expected something to look for"))
            }
        }
    }

    fn nested<T>(
        &mut self,
        at: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth >= MAX_NESTING {
            return Err(self.error(at, format!("nested deeper than {MAX_NESTING}")));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn negation(&mut self, at: Range<usize>) -> Result<Option<Node>, QueryError> {
        if matches!(
            self.peek(),
            None | Some(Token::Close(_) | Token::And | Token::Or)
        ) {
            return Err(self.error(at, "expected something to exclude after the negation"));
        }
        match self.nested(at.clone(), Parser::unary)? {
            Some(Node::Not(_)) => Err(self.error(
                at,
                "a negation of a negation; expected a word, a phrase or a group",
            )),
            node => Ok(node.map(|node| Node::Not(Box::new(node)))),
        }
    }

    fn brackets(&mut self, at: Range<usize>) -> Result<Option<Node>, QueryError> {
        let node = self.nested(at.clone(), Parser::group)?;
        let Some(Token::Close(weight)) = self.peek().cloned() else {
            return Err(self.error(at, "this bracket is never closed; expected `)`"));
        };
        let whole = at.start..self.here().end;
        self.at += 1;
        match node {
            None => Err(self.error(
                whole,
                "an empty group; expected a word between the brackets",
            )),
            Some(Node::Not(inner)) if !inner.is_filter() => Err(self.only_negations(whole)),
            Some(mut node) => match multiply(&mut node, weight) {
                true => Ok(Some(node)),
                false => Err(self.error(
                    whole,
                    "the weights of these groups multiply to too much or too little",
                )),
            },
        }
    }

    fn in_field(&mut self, field: Field, at: Range<usize>) -> Result<Option<Node>, QueryError> {
        if self.field.is_some() {
            return Err(self.error(at, "a field inside a field"));
        }
        if !matches!(
            self.peek(),
            Some(Token::Open | Token::Word(_) | Token::Phrase(_))
        ) {
            return Err(self.error(
                at,
                "expected a word, a \"phrase\" or a (group) right after the field",
            ));
        }
        self.field = Some(field);
        let node = self.unary();
        self.field = None;
        node
    }

    pub(super) fn count_word(&mut self, at: Range<usize>) -> Result<(), QueryError> {
        self.words += 1;
        if self.words > MAX_TERMS {
            return Err(self.error(at, format!("more than {MAX_TERMS} words")));
        }
        Ok(())
    }
}

/// Multiplies the weights below `node`; false where one leaves [`WEIGHTS`].
fn multiply(node: &mut Node, weight: f64) -> bool {
    match node {
        Node::Term(term) => {
            term.weight *= weight;
            WEIGHTS.contains(&term.weight)
        }
        Node::And(nodes) | Node::Or(nodes) => nodes.iter_mut().all(|node| multiply(node, weight)),
        Node::Not(_) | Node::Filter(_) => true,
    }
}
