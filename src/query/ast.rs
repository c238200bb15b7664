//! The query as data.

use serde::{Deserialize, Serialize};

use super::Filter;
use crate::analysis::{
    Class, Language, LanguageSet, Word, WordKind, within_distance, without_held_end, without_tones,
};

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
}

impl Field {
    /// All fields; a field's place here is its index in arrays by field.
    pub const ALL: [Field; 3] = [Field::Title, Field::Heading, Field::Body];

    /// The field's index in [`Field::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Which words of a text a query word stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// This form.
    Exact,
    /// This form, and with `'s` behind it: the last word of a quotation.
    Quoted,
    /// Every form of these classes: those of the word's stem in each language that inflects it.
    Inflected {
        /// The classes; at least one.
        classes: Vec<Class>,
    },
    /// The character, wherever it stands: every word that begins with it, in a script that is cut into pairs.
    Character,
    /// Every word that begins so.
    Prefix,
    /// Every word within so many edits.
    Fuzzy {
        /// 1 or 2.
        edits: u8,
    },
}

/// What is behind a word of which something is, folded, whatever the language.
pub const POSSESSIVE: &str = "'s";

/// One word of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryWord {
    /// The folded form as written.
    pub form: String,
    /// Which words it stands for.
    pub how: How,
    /// What else it stands for: its aliases. Their forms count as other forms of it.
    pub also: Vec<QueryWord>,
    /// Whether it also stands for the words that are written so but for their tones: `viet` for `việt`.
    pub ignores_tones: bool,
    /// The spelling that is asked for: case and marks. Such a word stands for its form alone.
    pub spelling: Option<String>,
}

impl QueryWord {
    /// The word as it is written.
    #[must_use]
    pub fn exact(form: impl Into<String>) -> QueryWord {
        QueryWord {
            form: form.into(),
            how: How::Exact,
            also: Vec::new(),
            ignores_tones: true,
            spelling: None,
        }
    }

    /// Whether `form`, which it stands for, is the word as it is written, not another form of it.
    #[must_use]
    pub fn is_written(&self, form: &str) -> bool {
        self.form == form || self.how == How::Character
    }

    /// Whether the word stands for `form`, a folded form of the text of a section that is told this language.
    #[must_use]
    pub fn matches(&self, form: &str, told: Option<Language>) -> bool {
        let section = LanguageSet::of(told);
        self.holds_in(form, section)
            || (self.ignores_tones
                && without_tones(form).is_some_and(|plain| self.holds_in(&plain, section)))
            || self.also.iter().any(|word| word.matches(form, told))
    }

    /// [`QueryWord::holds`], in these sections.
    fn holds_in(&self, form: &str, section: LanguageSet) -> bool {
        match &self.how {
            How::Inflected { classes } => {
                let mut classes = classes.iter();
                self.form == form
                    || classes
                        .any(|class| class.sections_of(form).holds(section) && class.holds(form))
            }
            _ => self.holds(form),
        }
    }

    /// In which sections the word stands for `form`.
    #[must_use]
    pub fn sections_of(&self, form: &str) -> LanguageSet {
        let mut sections = self.own_sections_of(form);
        if self.ignores_tones
            && let Some(plain) = without_tones(form)
        {
            sections = sections.with(self.own_sections_of(&plain));
        }
        let aliases = self.also.iter().map(|word| word.sections_of(form));
        aliases.fold(sections, LanguageSet::with)
    }

    /// The languages in which `form` is a form of the word or of an alias, by their stemmers.
    #[must_use]
    pub fn languages_of(&self, form: &str) -> Vec<Language> {
        let own = match &self.how {
            How::Inflected { classes } => classes.as_slice(),
            _ => &[],
        };
        let own = own.iter().filter(|class| class.holds(form));
        let mut languages: Vec<Language> = own.map(|class| class.language).collect();
        languages.extend(self.also.iter().flat_map(|word| word.languages_of(form)));
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    fn own_sections_of(&self, form: &str) -> LanguageSet {
        match &self.how {
            How::Inflected { classes } if self.form != form => {
                let own = classes.iter().filter(|class| class.holds(form));
                let sections = own.map(|class| class.sections_of(form));
                sections.fold(LanguageSet::NONE, LanguageSet::with)
            }
            _ if self.holds(form) => LanguageSet::ALL,
            _ => LanguageSet::NONE,
        }
    }

    /// Whether `form` has tones and the word stands for it as it is written without them.
    pub(crate) fn holds_without_tones(&self, form: &str) -> bool {
        without_tones(form).is_some_and(|plain| self.holds(&plain))
    }

    /// Whether the word stands for `form` in any section, tones as they are written.
    pub(crate) fn holds(&self, form: &str) -> bool {
        match &self.how {
            How::Exact => self.form == form,
            How::Quoted => {
                let ending = form.strip_prefix(self.form.as_str());
                ending.is_some_and(|ending| ending.is_empty() || ending == POSSESSIVE)
            }
            How::Inflected { classes } => classes.iter().any(|class| class.holds(form)),
            How::Prefix | How::Character => form.starts_with(&self.form),
            How::Fuzzy { edits } => within_distance(&self.form, form, *edits),
        }
    }
}

/// The words of a phrase that is written so. Of a script that is cut into pairs the last character of a run is left
/// out, which the pair before it holds; where it is all there is, it may stand anywhere in a text.
#[must_use]
pub fn phrase_words(written: &[Word]) -> Vec<QueryWord> {
    let written = without_held_end(written);
    let mut words: Vec<QueryWord> = Vec::with_capacity(written.len());
    for (i, word) in written.iter().enumerate() {
        match word.kind {
            WordKind::Last if i + 1 == written.len() => words.push(QueryWord {
                how: How::Character,
                ..QueryWord::exact(word.form.as_str())
            }),
            _ => words.push(QueryWord::exact(word.form.as_str())),
        }
    }
    words
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
        let mut terms = Vec::new();
        collect(&self.root, &mut terms);
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

fn collect<'a>(node: &'a Node, terms: &mut Vec<&'a Term>) {
    match node {
        Node::Term(term) => terms.push(term),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| collect(node, terms)),
        Node::Not(_) | Node::Filter(_) => {}
    }
}
