//! The query's tree, expanded and weighed, ready for any segment.

use std::sync::Arc;

use super::expand::{Expansion, expand};
use super::limited::SearchError;
use super::segment::OpenSegment;
use crate::catalog::Catalog;
use crate::engine::limits::QueryBudget;
use crate::engine::ranking::Totals;
use crate::query::{Field, Node, QueryWord, Term};

/// A term, expanded and weighed.
pub(super) struct PlannedTerm<'q> {
    pub(super) term: &'q Term,
    /// One for each word of the term.
    pub(super) expansions: Vec<Arc<Expansion>>,
    /// That of the word that its words are joined to.
    pub(super) joined: Option<Arc<Expansion>>,
    /// Its index among the terms that score; `None` under a negation.
    pub(super) index: Option<usize>,
    /// Whether nearness asks for its positions.
    pub(super) is_paired: bool,
}

/// The query's tree, ready for any segment.
pub(super) enum Plan<'q> {
    Term(PlannedTerm<'q>),
    And {
        children: Vec<PlannedChild<'q>>,
        excluded: Vec<Plan<'q>>,
    },
    Or(Vec<PlannedChild<'q>>),
    Articles(Arc<Vec<bool>>),
}

/// A child of a group. Those that are required find its documents; the others are looked up there.
pub(super) struct PlannedChild<'q> {
    pub(super) plan: Plan<'q>,
    pub(super) is_required: bool,
}

impl<'q> PlannedChild<'q> {
    pub(super) fn required(plan: Plan<'q>) -> PlannedChild<'q> {
        PlannedChild {
            plan,
            is_required: true,
        }
    }
}

impl Plan<'_> {
    /// About how many documents there are to look at.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Plan::Term(term) => {
                let own = term.expansions.iter().map(|e| e.df).min().unwrap_or(0);
                own + term.joined.as_ref().map_or(0, |joined| joined.df)
            }
            Plan::And { children, .. } => costs(children).min().unwrap_or(0),
            Plan::Or(children) => costs(children).fold(0, u64::saturating_add),
            Plan::Articles(_) => u64::MAX,
        }
    }
}

/// What each of the required children costs.
fn costs(children: &[PlannedChild<'_>]) -> impl Iterator<Item = u64> {
    let required = children.iter().filter(|child| child.is_required);
    required.map(|child| child.plan.cost())
}

/// Turns the query's tree into a plan.
pub(super) struct Planner<'a> {
    pub(super) segments: &'a [OpenSegment],
    pub(super) catalog: &'a Catalog,
    pub(super) totals: Totals,
    pub(super) pairs: &'a [(usize, usize)],
    /// The idf of the terms that score, in query order.
    pub(super) idfs: Vec<f64>,
    /// What the query takes.
    pub(super) budget: QueryBudget<'a>,
    /// The words that were expanded.
    pub(super) expanded: Vec<Expanded<'a>>,
}

/// A word that was expanded, to be counted anew where it is written again.
pub(super) struct Expanded<'q> {
    word: &'q QueryWord,
    field: Option<Field>,
    expansion: Arc<Expansion>,
    /// The live df of each form in each field, in order of the forms.
    dfs: Vec<[u64; Field::COUNT]>,
}

impl<'a> Planner<'a> {
    pub(super) fn plan(&mut self, node: &'a Node, negated: bool) -> Result<Plan<'a>, SearchError> {
        if node.is_filter() {
            return Ok(Plan::Articles(Arc::new(
                self.catalog.select(|facts| node.passes(facts)),
            )));
        }
        Ok(match node {
            Node::Term(term) => Plan::Term(self.term(term, negated)?),
            Node::Or(nodes) => {
                let mut children = Vec::with_capacity(nodes.len());
                for (node, is_required) in nodes.iter().zip(Node::required(nodes)) {
                    let plan = self.plan(node, negated)?;
                    children.push(PlannedChild { plan, is_required });
                }
                Plan::Or(children)
            }
            Node::And(nodes) => {
                let (mut children, mut excluded) = (Vec::new(), Vec::new());
                for (node, is_required) in nodes.iter().zip(Node::required(nodes)) {
                    match node {
                        Node::Not(inner) if !inner.is_filter() => {
                            excluded.push(self.plan(inner, true)?);
                        }
                        node => {
                            let plan = self.plan(node, negated)?;
                            children.push(PlannedChild { plan, is_required });
                        }
                    }
                }
                Plan::And { children, excluded }
            }
            // The parser lets a negation of words stand only in a group with something positive.
            Node::Not(_) | Node::Filter(_) => Plan::Or(Vec::new()),
        })
    }

    fn expand(
        &mut self,
        term: &'a Term,
        word: &'a QueryWord,
    ) -> Result<Arc<Expansion>, SearchError> {
        let is_same = |known: &&Expanded<'_>| known.word == word && known.field == term.field;
        if let Some(known) = self.expanded.iter().find(is_same) {
            known
                .dfs
                .iter()
                .try_for_each(|dfs| self.budget.count(dfs))?;
            return Ok(known.expansion.clone());
        }
        let (expansion, forms) = expand(self.segments, term, word, &mut self.budget)?;
        let expansion = Arc::new(expansion);
        self.expanded.push(Expanded {
            word,
            field: term.field,
            expansion: expansion.clone(),
            dfs: forms.into_values().collect(),
        });
        Ok(expansion)
    }

    fn term(&mut self, term: &'a Term, negated: bool) -> Result<PlannedTerm<'a>, SearchError> {
        self.budget.begin(term);
        let expansions = term
            .words
            .iter()
            .map(|word| self.expand(term, word))
            .collect::<Result<Vec<_>, SearchError>>()?;
        let joined = term.joined.as_ref().map(|word| self.expand(term, word));
        let joined = joined.transpose()?;
        let mut idf = 0.0;
        for expansion in &expansions {
            idf += self.totals.idf(expansion.df);
        }
        let mut planned = PlannedTerm {
            term,
            expansions,
            joined,
            index: None,
            is_paired: false,
        };
        if !negated {
            let index = self.idfs.len();
            self.idfs.push(idf);
            planned.index = Some(index);
            planned.is_paired = self.pairs.iter().any(|&(i, j)| i == index || j == index);
        }
        Ok(planned)
    }
}
