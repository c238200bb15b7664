//! The query as data.

use serde::{Deserialize, Serialize};

use super::Filter;
use super::query_word::QueryWord;

/// The largest slop of a phrase. The gap between blocks is larger, so that no phrase crosses one.
pub const MAX_SLOP: u32 = 100;

/// How a query is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mode {
    /// Words that merely stand beside each other are alternatives.
    pub any: bool,
    /// The query is plain words, without syntax.
    pub plain: bool,
    /// The query is one phrase, without syntax.
    pub phrase: bool,
    /// Every word is asked for in its spelling, as with `=` before it.
    pub exact: bool,
}

impl Mode {
    /// The flags of the command line that stand for it, each with a space before it.
    #[must_use]
    pub fn flags(self) -> String {
        let all = [
            (self.any, " --any"),
            (self.plain, " --plain"),
            (self.phrase, " --phrase"),
            (self.exact, " --exact"),
        ];
        let set = all.into_iter().filter(|(is_set, _)| *is_set);
        set.map(|(_, flag)| flag).collect()
    }
}

/// A part of a section that can be searched by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The article's title.
    Title,
    /// The section's heading path.
    Heading,
    /// The section's text.
    Body,
    /// The name of the article's file, without its ending; of the first section of its first article alone.
    Name,
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = 4;
    /// All fields; a field's place here is its index in arrays by field.
    pub const ALL: [Field; Field::COUNT] = [Field::Title, Field::Heading, Field::Body, Field::Name];
    /// The indexes of all fields.
    pub const INDEXES: [usize; Field::COUNT] = [0, 1, 2, 3];
    /// How many fields have lengths, the first ones: what an occurrence counts depends on them. A name has none.
    pub const MEASURED: usize = 3;

    /// The field's index in [`Field::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Whether a section has to hold a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TermRole {
    /// It has to.
    #[default]
    Required,
    /// It may: the term only adds to the score. The parser alone says so, of function words.
    Optional,
}

/// A word or a phrase: the unit that is matched, counted and weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The words, in order; more than one make a phrase.
    pub words: Vec<QueryWord>,
    /// How far the words of a phrase may be moved; 0 for a word.
    pub slop: u32,
    /// The only field it is looked for in; `None` for all.
    pub field: Option<Field>,
    /// What its score is multiplied by; above 0.
    pub weight: f64,
    /// Whether it was written as one word, without quotes, that analysis cuts into several.
    pub is_cut: bool,
    /// For a word that analysis cuts at hyphens, the word that its letters make in one: it occurs where that does too,
    /// each time in another form (`wifi` for `wi-fi`).
    pub joined: Option<QueryWord>,
    /// Whether it was written as a plain word: such neighbours raise the score where they stand near each other.
    pub is_bare: bool,
    /// Whether it is a plain word that only holds a sentence together: such words count less.
    pub is_function: bool,
    /// Whether a section has to hold it.
    pub role: TermRole,
}

impl Term {
    /// Whether a section has to hold it, where it is looked for at all.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.role == TermRole::Required
    }

    /// Whether the term is looked for in `field`.
    #[must_use]
    pub fn covers(&self, field: Field) -> bool {
        self.field.is_none_or(|own| own == field)
    }

    /// Whether `other` is the same but for its weight.
    #[must_use]
    pub fn is_again(&self, other: &Term) -> bool {
        (&self.words, self.slop, self.field) == (&other.words, other.slop, other.field)
    }
}

/// A node of the query's tree.
///
/// A child of a group is optional where it is an optional term, or a group of nothing else: that stands for an optional
/// word and its aliases. A group that is written has a required child; in one of aliases that is optional as a whole,
/// each child counts as required.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Matches where the term occurs.
    Term(Term),
    /// Matches where all required children match. A `Not` among them excludes.
    And(Vec<Node>),
    /// Matches where any required child matches.
    Or(Vec<Node>),
    /// Matches where the child does not. Only inside an `And`, or over filters alone.
    Not(Box<Node>),
    /// Matches the sections of articles with these properties. Does not score.
    Filter(Filter),
}

impl Node {
    /// Whether the node asks for a word, not only for filters or against words.
    #[must_use]
    pub fn has_words(&self) -> bool {
        match self {
            Node::Term(_) => true,
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(Node::has_words),
            Node::Not(_) | Node::Filter(_) => false,
        }
    }

    /// Whether the node is optional as a child of a group.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        match self {
            Node::Term(term) => !term.is_required(),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().all(Node::is_optional),
            Node::Not(_) | Node::Filter(_) => false,
        }
    }

    /// For each child of a group, whether it is required: those that are not optional, or all where all are.
    pub fn required(nodes: &[Node]) -> impl Iterator<Item = bool> + '_ {
        let is_whole = nodes.iter().all(Node::is_optional);
        nodes
            .iter()
            .map(move |node| is_whole || !node.is_optional())
    }

    /// The filters below the node, in order.
    #[must_use]
    pub fn filters(&self) -> Vec<&Filter> {
        match self {
            Node::Term(_) => Vec::new(),
            Node::Filter(filter) => vec![filter],
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().flat_map(Node::filters).collect(),
            Node::Not(node) => node.filters(),
        }
    }

    /// The node, paths that begin with `./` or `../` meant from `folder` instead of from the base.
    fn seen_from(self, folder: &str) -> Node {
        let all = |nodes: Vec<Node>| nodes.into_iter().map(|node| node.seen_from(folder));
        match self {
            Node::Filter(filter) => Node::Filter(filter.seen_from(folder)),
            Node::And(nodes) => Node::And(all(nodes).collect()),
            Node::Or(nodes) => Node::Or(all(nodes).collect()),
            Node::Not(node) => Node::Not(Box::new(node.seen_from(folder))),
            Node::Term(term) => Node::Term(term),
        }
    }

    /// Whether the node holds filters and no words.
    #[must_use]
    pub fn is_filter(&self) -> bool {
        match self {
            Node::Term(_) => false,
            Node::Filter(_) => true,
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().all(Node::is_filter),
            Node::Not(node) => node.is_filter(),
        }
    }
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The query as it was written.
    pub text: String,
    /// What it asks for.
    pub root: Node,
}

impl Query {
    /// The terms that score, in query order: all but those under a `Not`.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        let all = self.all_terms().into_iter();
        all.filter_map(|(term, scores)| scores.then_some(term))
            .collect()
    }

    /// All terms in the order of the evaluator, those under a `Not` among them, and whether each scores.
    #[must_use]
    pub fn all_terms(&self) -> Vec<(&Term, bool)> {
        let mut terms = Vec::new();
        collect(&self.root, true, &mut terms);
        terms
    }

    /// The query, paths that begin with `./` or `../` meant from `folder` instead of from the base.
    #[must_use]
    pub fn seen_from(self, folder: &str) -> Query {
        let root = self.root.seen_from(folder);
        Query { root, ..self }
    }

    /// The function words that a section need not hold, as folded forms in query order, each once.
    #[must_use]
    pub fn optional_words(&self) -> Vec<&str> {
        let mut forms: Vec<&str> = Vec::new();
        let terms = self.terms().into_iter();
        for term in terms.filter(|term| term.is_function && !term.is_required()) {
            let new = term.words.iter().map(|word| word.form.as_str());
            forms.extend(new.filter(|form| !forms.contains(form)).collect::<Vec<_>>());
        }
        forms
    }
}

fn collect<'a>(node: &'a Node, scores: bool, terms: &mut Vec<(&'a Term, bool)>) {
    match node {
        Node::Term(term) => terms.push((term, scores)),
        Node::And(nodes) | Node::Or(nodes) => {
            nodes.iter().for_each(|node| collect(node, scores, terms));
        }
        Node::Not(inner) => collect(inner, false, terms),
        Node::Filter(_) => {}
    }
}
