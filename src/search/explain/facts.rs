//! Why a section scored so, or did not match, as plain data for printers and callers.

use crate::analysis::Language;
use crate::engine::Form;
use crate::engine::Record;
use crate::query::{Field, FormKind};
use crate::search::SourceState;

/// Why a section scored as it did, or why it is no hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The query as it was written.
    pub query: String,
    /// The section's id.
    pub id: String,
    /// What is known of its source.
    pub record: Record,
    /// Its headings, outermost first.
    pub headings: Vec<String>,
    /// Its order in the article, 1-based.
    pub order: u32,
    /// Where it begins in the source.
    pub start: crate::article::Place,
    /// How the section was chosen where only a file was named.
    pub chosen: Option<Chosen>,
    /// How the source stands to what was indexed of it.
    pub source: SourceState,
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
    /// Whether it is a hit.
    pub verdict: Verdict,
    /// The score; `None` where it is no hit.
    pub score: Option<ScoreFacts>,
    /// How many sections are hits.
    pub matched: u64,
    /// The live sections of the index.
    pub sections: u64,
    /// The words of its title, headings and text.
    pub lens: [u64; Field::MEASURED],
    /// The mean of those over the live sections.
    pub average_lens: [f64; Field::MEASURED],
    /// The query's tree.
    pub root: Clause,
}

/// How a section of a file was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// It is the file's best hit.
    Best,
    /// No section of the file is a hit; it is the first.
    First,
}

/// Whether a section is a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Hit,
    /// It matches, but only through the article's title, and is not the article's first section.
    TitleAlone,
    /// It does not match.
    NoMatch,
}

/// A score, and what it is the sum of.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreFacts {
    /// `coordination · ((base + cover) + near)`, unrounded.
    pub score: f64,
    /// What the sum is multiplied by for the part of the query that counts.
    pub coordination: f64,
    /// The share of the query's weight that counts.
    pub counted: f64,
    /// The sum of the terms' contributions.
    pub base: f64,
    /// The sum of what title and heading add that the query's words make up.
    pub cover: f64,
    /// The sum of the pairs' contributions.
    pub near: f64,
    /// The place among all hits, 1-based.
    pub rank: Option<usize>,
    /// The title and the heading, where words of the query stand in them.
    pub covers: Vec<CoverFacts>,
    /// The pairs of words that stand near each other.
    pub pairs: Vec<PairFacts>,
}

/// A title or a heading path with words of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverFacts {
    /// Which of the two.
    pub field: Field,
    /// The weight of the terms in it.
    pub weight: f64,
    /// How many of its words they are.
    pub words: u64,
    /// How many words it has.
    pub len: u64,
    /// What such a field counts.
    pub factor: f64,
    /// What it adds to the score.
    pub contribution: f64,
}

/// Two words that stand near each other.
#[derive(Debug, Clone, PartialEq)]
pub struct PairFacts {
    /// The two words as in the query.
    pub words: [String; 2],
    /// How often and how near they stand to each other, by field.
    pub nearness: [f64; Field::COUNT],
    /// The smaller of their weighted idf.
    pub idf: f64,
    /// The frequency over all fields.
    pub tf: f64,
    /// What that frequency earns.
    pub saturation: f64,
    /// What nearness counts beside words.
    pub factor: f64,
    /// What it adds to the score.
    pub contribution: f64,
}

/// A node of the query's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The clause as it is written in queries.
    pub text: String,
    /// Whether the section satisfies it.
    pub matches: bool,
    /// Whether the section need not satisfy it.
    pub is_optional: bool,
    /// What it is.
    pub kind: ClauseKind,
}

/// What a clause is.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// A word or a phrase.
    Term(Box<TermFacts>),
    /// All of these.
    All(Vec<Clause>),
    /// Any of these.
    Any(Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
    /// A property of the article.
    Filter {
        /// Its name for people, such as `language`.
        property: &'static str,
        /// What the article has.
        value: Option<String>,
    },
}

impl Clause {
    /// The clauses for which the section does not satisfy this one, as deep in the tree as can be; none where it does.
    #[must_use]
    pub fn failures(&self) -> Vec<&Clause> {
        match &self.kind {
            _ if self.matches => Vec::new(),
            ClauseKind::All(clauses) | ClauseKind::Any(clauses) => {
                // Where all are optional, as an optional word and its aliases, these fail together.
                let is_whole = clauses.iter().all(|clause| clause.is_optional);
                let required = clauses.iter().filter(|own| is_whole || !own.is_optional);
                required.flat_map(Clause::failures).collect()
            }
            ClauseKind::Term(_) | ClauseKind::Not(_) | ClauseKind::Filter { .. } => vec![self],
        }
    }
}

/// A word or a phrase in the section.
#[derive(Debug, Clone, PartialEq)]
pub struct TermFacts {
    /// The only field it is looked for in; `None` for all.
    pub field: Option<Field>,
    /// Its words.
    pub words: Vec<WordFacts>,
    /// The word that its words are joined to, which it occurs as too.
    pub joined: Option<String>,
    /// How often it occurs in each field.
    pub frequencies: [u64; Field::COUNT],
    /// How often of those in another form than the query's.
    pub other_forms: [u64; Field::COUNT],
    /// How often of those as a part of another word.
    pub parts: [u64; Field::COUNT],
    /// In which fields it occurs in the spelling that the query asks for; wherever it occurs, where it asks for none.
    pub spelled: [bool; Field::COUNT],
    /// What it adds to the score; `None` where it does not count.
    pub share: Option<Share>,
    /// Why a phrase, or a word in its spelling, does not occur though the section holds its words.
    pub gap: Option<PhraseGap>,
}

/// What a term adds to the score, and of what.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The weight of the query.
    pub weight: f64,
    /// What a function word's weight is multiplied by; 1 for others.
    pub function: f64,
    /// The sum of its words' idf.
    pub idf: f64,
    /// The frequency over all fields, by their weights and lengths.
    pub tf: f64,
    /// What that frequency earns of the idf.
    pub saturation: f64,
    /// What the title and the heading earn by themselves.
    pub alone: f64,
    /// What it adds.
    pub contribution: f64,
}

/// A word of the query, in the section and in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct WordFacts {
    /// The word as in the query.
    pub text: String,
    /// What else it stands for by the list of aliases.
    pub aliases: Vec<String>,
    /// In how many sections it stands, its forms added up, at most all.
    pub df: u64,
    /// Its rarity.
    pub idf: f64,
    /// Its forms in this section, by their text.
    pub found: Vec<FormFacts>,
    /// All its forms in the index, the commonest first.
    pub forms: Vec<Form>,
    /// How often it occurs in fields of the section that the query does not ask for.
    pub elsewhere: [u64; Field::COUNT],
    /// Other forms of it in the section, for a word that is wanted as written and is not there.
    pub inflected: Vec<String>,
    /// Words of the section that are forms of it in other languages than the article's, for a word that is not there.
    pub foreign: Vec<ForeignForm>,
}

impl WordFacts {
    /// How often the section has the word in a field as the query writes it.
    pub(super) fn of_kind(&self, kind: FormKind, field: Field) -> u64 {
        let own = self.found.iter().filter(|form| form.kind == kind);
        own.map(|form| form.frequencies[field.index()]).sum()
    }
}

/// A word of the section that is a form of the query's in other languages only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignForm {
    /// The folded form.
    pub text: String,
    /// The languages.
    pub languages: Vec<Language>,
    /// What the article is told.
    pub told: Option<Language>,
}

/// A form of a word that occurs in the section.
#[derive(Debug, Clone, PartialEq)]
pub struct FormFacts {
    /// The mark of a part or join of other words.
    pub mark: Option<char>,
    /// The folded form.
    pub text: String,
    /// As what it counts.
    pub kind: FormKind,
    /// In how many sections it stands.
    pub df: u64,
    /// How often it occurs in each field.
    pub frequencies: [u64; Field::COUNT],
}

/// Why words make no phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhraseGap {
    /// No field holds all of them.
    Fields,
    /// They stand together only with moves.
    Moved {
        /// The least slop that would match.
        slop: u32,
        /// How they stand.
        text: String,
    },
    /// They are spelled otherwise than the query asks for.
    Spelled {
        /// How.
        found: Vec<String>,
    },
    /// No slop would match: they stand in different blocks, or too far from each other.
    Apart,
}
