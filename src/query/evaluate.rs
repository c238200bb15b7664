//! The evaluator: walks a query's tree over what one section holds, for all that have the section's words at hand.

use std::convert::Infallible;

use super::{Filter, Node, Term};
use crate::article::FilterFacts;

/// What the leaves of a query find in one section.
pub trait Leaves {
    /// What is found of a term.
    type Found;
    /// Why it cannot be told.
    type Error;

    /// What is found of a term; `number` is its place in [`super::Query::terms`], `None` below a negation.
    ///
    /// # Errors
    /// Where it cannot be told.
    fn term(&mut self, term: &Term, number: Option<usize>) -> Result<Self::Found, Self::Error>;

    /// Whether a term of which this was found occurs.
    fn occurs(&self, found: &Self::Found) -> bool;

    /// Whether the section passes a filter.
    fn passes(&mut self, filter: &Filter) -> bool;
}

/// A node of the query, and whether the section matches it.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluatedNode<'q, F> {
    /// The node.
    pub node: &'q Node,
    /// Whether the section matches it.
    pub matches: bool,
    /// What was found below it.
    pub below: Below<'q, F>,
}

/// What was found below a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Below<'q, F> {
    /// What the term found, and its place in [`super::Query::terms`].
    Term {
        /// The place; `None` below a negation.
        number: Option<usize>,
        /// What it found.
        found: F,
    },
    /// Of all of these, or any.
    Group(Vec<EvaluatedNode<'q, F>>),
    /// Of what must not match.
    Not(Box<EvaluatedNode<'q, F>>),
    /// A filter finds nothing.
    Filter,
}

/// Evaluates a query. All of its nodes are walked, whether they decide anything or not.
///
/// # Errors
/// The first that a leaf says.
pub fn evaluate<'q, L: Leaves>(
    root: &'q Node,
    leaves: &mut L,
) -> Result<EvaluatedNode<'q, L::Found>, L::Error> {
    TreeWalk { leaves, next: 0 }.node(root, true)
}

struct TreeWalk<'l, L> {
    leaves: &'l mut L,
    /// The place of the next term.
    next: usize,
}

impl<L: Leaves> TreeWalk<'_, L> {
    /// `counts` is false below a negation.
    fn node<'q>(
        &mut self,
        node: &'q Node,
        counts: bool,
    ) -> Result<EvaluatedNode<'q, L::Found>, L::Error> {
        let (matches, below) = match node {
            Node::Term(term) => {
                let number = counts.then_some(self.next);
                self.next += usize::from(counts);
                let found = self.leaves.term(term, number)?;
                let occurs = self.leaves.occurs(&found);
                (occurs, Below::Term { number, found })
            }
            Node::And(nodes) => {
                let group = self.group(nodes, counts)?;
                let matches = matching(nodes, &group).all(|matches| matches);
                (matches, Below::Group(group))
            }
            Node::Or(nodes) => {
                let group = self.group(nodes, counts)?;
                let matches = matching(nodes, &group).any(|matches| matches);
                (matches, Below::Group(group))
            }
            Node::Not(inner) => {
                let inner = self.node(inner, false)?;
                (!inner.matches, Below::Not(Box::new(inner)))
            }
            Node::Filter(filter) => (self.leaves.passes(filter), Below::Filter),
        };
        Ok(EvaluatedNode {
            node,
            matches,
            below,
        })
    }

    fn group<'q>(
        &mut self,
        nodes: &'q [Node],
        counts: bool,
    ) -> Result<Vec<EvaluatedNode<'q, L::Found>>, L::Error> {
        nodes.iter().map(|node| self.node(node, counts)).collect()
    }
}

/// Whether each of the required children of a group matches.
fn matching<'a, F>(
    nodes: &'a [Node],
    group: &'a [EvaluatedNode<'_, F>],
) -> impl Iterator<Item = bool> {
    let children = Node::required(nodes).zip(group);
    let required = children.filter(|(is_required, _)| *is_required);
    required.map(|(_, own)| own.matches)
}

impl<F> EvaluatedNode<'_, F> {
    /// Calls `each` for the terms that satisfy the query, in its order, with their places: none under an alternative
    /// that does not match, or under a negation.
    pub fn satisfied<'a>(&'a self, each: &mut impl FnMut(usize, &'a F)) {
        if !self.matches {
            return;
        }
        match &self.below {
            Below::Term { number, found } => {
                if let Some(number) = number {
                    each(*number, found);
                }
            }
            Below::Group(group) => group.iter().for_each(|own| own.satisfied(each)),
            Below::Not(_) | Below::Filter => {}
        }
    }
}

impl Node {
    /// Whether an article passes a tree of filters alone.
    pub(crate) fn passes(&self, facts: &FilterFacts<'_>) -> bool {
        let Ok(evaluation) = evaluate(self, &mut Filtered(facts));
        evaluation.matches
    }
}

/// An article of which filters alone are asked.
struct Filtered<'a>(&'a FilterFacts<'a>);

impl Leaves for Filtered<'_> {
    type Found = ();
    type Error = Infallible;

    fn term(&mut self, _: &Term, _: Option<usize>) -> Result<(), Infallible> {
        Ok(())
    }

    fn occurs(&self, (): &()) -> bool {
        false
    }

    fn passes(&mut self, filter: &Filter) -> bool {
        filter.passes(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Language, Morphology};
    use crate::query::{Mode, parse};

    /// A section of these words; it passes no filter.
    struct Words<'a>(&'a [&'a str]);

    impl Leaves for Words<'_> {
        type Found = bool;
        type Error = Infallible;

        fn term(&mut self, term: &Term, _: Option<usize>) -> Result<bool, Infallible> {
            let word = term.words.first().map(|word| word.form.as_str());
            Ok(word.is_some_and(|word| self.0.contains(&word)))
        }

        fn occurs(&self, found: &bool) -> bool {
            *found
        }

        fn passes(&mut self, _: &Filter) -> bool {
            false
        }
    }

    #[test]
    fn the_terms_that_satisfy_a_query_are_those_of_what_matches() {
        let morphology = Morphology::of([Language::ENGLISH]);
        for (query, matches, satisfied) in [
            ("a b", true, vec![0, 1]),
            ("a x", false, vec![]),
            ("a OR x", true, vec![0]),
            ("(a x) OR b", true, vec![2]),
            ("a -x b", true, vec![0, 1]),
            ("a -b", false, vec![]),
            ("a -(x OR y) c", true, vec![0, 1]),
            ("a path:p", false, vec![]),
            ("a -path:p", true, vec![0]),
            ("b the", true, vec![0]),
            ("the b OR x", true, vec![1]),
            ("the x", false, vec![]),
        ] {
            let query = parse(query, Mode::default(), &morphology).expect(query);
            let Ok(evaluation) = evaluate(&query.root, &mut Words(&["a", "b", "c"]));
            let mut found = Vec::new();
            evaluation.satisfied(&mut |number, _| found.push(number));
            assert_eq!(evaluation.matches, matches, "{}", query.text);
            assert_eq!(found, satisfied, "{}", query.text);
        }
    }
}
