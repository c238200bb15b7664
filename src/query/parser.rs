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
use super::lexer::{Spanned, Token, tokens};
use super::raw_words::WEIGHTS;
use super::roles::{Unit, bare_forms, has_small_letters, with_roles};
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
        function_words: morphology.function_words([]),
        has_small_letters: text.contains(char::is_lowercase),
        ignores_tones: !has_tones(text),
        tokens: Vec::new(),
        at: 0,
        depth: 0,
        words: 0,
        field: None,
        is_negated: false,
    };
    let root = if mode.phrase {
        parser.whole_phrase()?
    } else if mode.plain {
        let forms: Vec<String> = words(text).into_iter().map(|word| word.form).collect();
        parser.set_language(&forms);
        parser.plain_words()?
    } else {
        parser.tokens = tokens(text, mode.exact)?;
        parser.has_small_letters = has_small_letters(&parser.tokens);
        parser.set_language(&bare_forms(&parser.tokens));
        parser.query()?
    };
    Ok(Query {
        text: text.to_string(),
        root,
    })
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) mode: Mode,
    pub(super) morphology: &'a Morphology,
    pub(super) function_words: FunctionWords,
    /// Whether its words have small letters.
    pub(super) has_small_letters: bool,
    /// Whether no word of the query has tones: else those without are meant so.
    pub(super) ignores_tones: bool,
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    words: usize,
    pub(super) field: Option<Field>,
    /// Whether what is read is excluded.
    is_negated: bool,
}

impl Parser<'_> {
    /// Takes the function words of the language that a query with these bare words is in.
    fn set_language(&mut self, forms: &[String]) {
        let forms = forms.iter().map(String::as_str);
        self.function_words = self.morphology.function_words(forms);
    }

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

    pub(super) fn peek(&self) -> Option<&Token> {
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
            branches.push(self.sequence(true)?.map(|unit| unit.node));
            if !matches!(self.peek(), Some(Token::Or)) {
                break;
            }
            self.operator("OR", branches.last().is_some_and(Option::is_some))?;
        }
        self.join_or(branches.into_iter().flatten().collect(), start)
    }

    /// Units joined by `AND`, and where `implicit` by mere juxtaposition.
    pub(super) fn sequence(&mut self, implicit: bool) -> Result<Option<Unit>, QueryError> {
        let start = self.here().start;
        let mut units: Vec<Unit> = Vec::new();
        loop {
            match self.peek() {
                None | Some(Token::Close(_) | Token::Or) => break,
                Some(Token::And) => self.operator("AND", !units.is_empty())?,
                _ if !implicit && !units.is_empty() && !self.is_behind_and() => break,
                _ => {}
            }
            units.extend(self.unit()?);
        }
        if units.len() == 1 {
            return Ok(units.pop());
        }
        let joined = self.join_and(with_roles(units), start)?;
        Ok(joined.map(Unit::held))
    }

    /// One unit of a sequence.
    fn unit(&mut self) -> Result<Option<Unit>, QueryError> {
        let is_word = matches!(self.peek(), Some(Token::Word(_))) && !self.is_negated;
        let is_operand = self.is_behind_and();
        let Some(node) = self.unary()? else {
            return Ok(None);
        };
        let is_operand = is_operand || matches!(self.peek(), Some(Token::And));
        let is_function = matches!(&node, Node::Term(term) if term.is_function);
        Ok(Some(Unit {
            is_loose: is_word && is_function && !is_operand,
            node,
        }))
    }

    fn is_behind_and(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|before| matches!(before.token, Token::And))
    }

    /// Steps over an operator, which needs something on both sides.
    pub(super) fn operator(&mut self, name: &str, has_left: bool) -> Result<(), QueryError> {
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

    pub(super) fn join_and(
        &self,
        mut nodes: Vec<Node>,
        start: usize,
    ) -> Result<Option<Node>, QueryError> {
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

    pub(super) fn join_or(
        &self,
        mut nodes: Vec<Node>,
        start: usize,
    ) -> Result<Option<Node>, QueryError> {
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
        let was_negated = std::mem::replace(&mut self.is_negated, true);
        let inner = self.nested(at.clone(), Parser::unary);
        self.is_negated = was_negated;
        match inner? {
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
        let is_word = matches!(self.peek(), Some(Token::Word(_)));
        self.field = Some(field);
        let node = self.unary();
        self.field = None;
        // A word with a field of its own is meant.
        Ok(node?.map(|node| match node {
            Node::Term(mut term) if is_word => {
                term.is_function = false;
                Node::Term(term)
            }
            node => node,
        }))
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
