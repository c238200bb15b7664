//! Parses groups under `any`, where juxtaposition joins loosest of all.

use super::ast::Node;
use super::error::QueryError;
use super::lexer::Token;
use super::parser::Parser;
use super::roles::{Unit, with_roles};

impl Parser<'_> {
    /// A group under `any`: neighbours are alternatives; negations and filters among them stay required.
    pub(super) fn any_group(&mut self, start: usize) -> Result<Option<Node>, QueryError> {
        let mut alternatives = Vec::new();
        let mut required = Vec::new();
        while !matches!(self.peek(), None | Some(Token::Close(_))) {
            let first = self.sequence(false)?;
            let unit = match self.peek() {
                Some(Token::Or) => self.branches(first, start)?,
                _ => first,
            };
            match unit {
                Some(unit) if matches!(unit.node, Node::Not(_)) || unit.node.is_filter() => {
                    required.push(unit.node);
                }
                unit => alternatives.extend(unit),
            }
        }
        let mut alternatives = with_roles(alternatives);
        if alternatives.len() > 1 {
            alternatives = vec![Node::Or(alternatives)];
        }
        alternatives.append(&mut required);
        self.join_and(alternatives, start)
    }

    /// The operands of `OR` from this first one on, under `any`.
    fn branches(&mut self, first: Option<Unit>, start: usize) -> Result<Option<Unit>, QueryError> {
        let mut branches = vec![first.map(|unit| unit.node)];
        while matches!(self.peek(), Some(Token::Or)) {
            self.operator("OR", branches.last().is_some_and(Option::is_some))?;
            branches.push(self.sequence(false)?.map(|unit| unit.node));
        }
        let node = self.join_or(branches.into_iter().flatten().collect(), start)?;
        Ok(node.map(Unit::held))
    }
}
