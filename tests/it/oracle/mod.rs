//! The oracle: a naive scanner that answers queries by definition.
//!
//! Slow and simple. Written from the doc comments of `engine::ranking`, `query::phrase`, `query::spelled`, `highlight::spans` and from
//! decision D8 of the design, not from the code that they describe.

mod edits;
mod forms;
mod parts;
mod phrase;
mod score;
mod spans;
mod spelling;
mod view;

use std::collections::BTreeSet;

use excerpt::analysis::{Language, Word, words};
use excerpt::article::FilterFacts;
use excerpt::article::{Article, Metadata, Section};
use excerpt::engine::Sort;
use excerpt::highlight::{Highlights, SectionText};
use excerpt::query::{Query, Term, TermRole};
use excerpt::source::StoredPath;

use self::forms::FormsRule;
use self::score::{Scorer, Statistics};
use self::view::View;

/// A live section.
#[derive(Debug, Clone)]
pub(crate) struct LiveSection {
    /// Its source's path.
    pub(crate) path: StoredPath,
    /// Its order in the article, 0-based.
    pub(crate) order: u32,
    /// What is known of its article.
    pub(crate) metadata: Metadata,
    /// The section as it was added.
    pub(crate) section: Section,
    /// The name of its file, where it is the first section of the first article.
    name: String,
    /// The words of its title, heading path, body and name.
    pub(crate) fields: [Vec<Word>; 4],
    /// The parts and joins among them.
    parts: [Vec<Word>; 4],
    /// The language that its article is told.
    pub(crate) told: Option<Language>,
    path_text: String,
}

impl LiveSection {
    fn of(path: &StoredPath, order: usize, (article, name): (&Article, &str)) -> LiveSection {
        let section = article.sections[order].clone();
        let title = article.metadata.title.as_deref().unwrap_or("");
        // One heading a block.
        let headings = section.headings.join("\n");
        let texts = [title, &headings, &section.text, name];
        LiveSection {
            path: path.clone(),
            order: u32::try_from(order).expect("few sections"),
            metadata: article.metadata.clone(),
            fields: texts.map(words),
            parts: texts.map(parts::parts),
            name: name.to_string(),
            told: article.metadata.lang.as_deref().and_then(Language::of_tag),
            path_text: String::from_utf8_lossy(path.as_bytes()).into_owned(),
            section,
        }
    }

    /// The words of a field, its parts and joins behind them.
    fn all_in(&self, field: usize) -> impl Iterator<Item = &Word> {
        self.fields[field].iter().chain(&self.parts[field])
    }

    /// The text of a field.
    pub(crate) fn text_of(&self, field: usize) -> String {
        match field {
            0 => self.metadata.title.clone().unwrap_or_default(),
            1 => self.section.headings.join("\n"),
            2 => self.section.text.clone(),
            _ => self.name.clone(),
        }
    }

    /// What filters are asked about.
    pub(crate) fn facts(&self) -> FilterFacts<'_> {
        FilterFacts {
            path: &self.path_text,
            inner: None,
            lang: self.metadata.lang.as_deref(),
            authors: &self.metadata.authors,
            date: self.metadata.date.as_deref(),
        }
    }

    /// The section as the highlighter is given it.
    pub(crate) fn text(&self) -> SectionText<'_> {
        SectionText {
            title: self.metadata.title.as_deref().unwrap_or(""),
            headings: &self.section.headings,
            body: &self.section.text,
            name: &self.name,
            facts: self.facts(),
        }
    }
}

/// A hit, and where it stands in [`Oracle::sections`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OracleHit {
    /// The index of the section.
    pub(crate) section: usize,
    /// The score.
    pub(crate) score: f64,
}

/// Answers queries over a list of live sections.
pub(crate) struct Oracle {
    sections: Vec<LiveSection>,
    statistics: Statistics,
}

impl Oracle {
    /// An oracle over the sections of these articles, whatever their order.
    pub(crate) fn new<'a>(
        articles: impl IntoIterator<Item = (&'a StoredPath, &'a Article)>,
    ) -> Oracle {
        let mut sections = Vec::new();
        let mut named = BTreeSet::new();
        for (path, article) in articles {
            let is_first = named.insert(path);
            for order in 0..article.sections.len() {
                let name = match is_first && order == 0 {
                    true => name_of(path),
                    false => String::new(),
                };
                sections.push(LiveSection::of(path, order, (article, &name)));
            }
        }
        let statistics = Statistics::of(&sections);
        Oracle {
            sections,
            statistics,
        }
    }

    /// The same, words having the forms of each section's own language.
    pub(crate) fn with_own_languages(mut self) -> Oracle {
        self.statistics.rule = FormsRule::of(&self.sections);
        self
    }

    /// How many sections are told each language.
    pub(crate) fn languages(&self) -> Vec<(Language, u64)> {
        FormsRule::counts(&self.sections)
    }

    /// The live sections.
    pub(crate) fn sections(&self) -> &[LiveSection] {
        &self.sections
    }

    /// All hits of `query`, best first; ties by path, then by order in the article.
    pub(crate) fn hits(&self, query: &Query) -> Vec<OracleHit> {
        let scorer = Scorer::new(&self.statistics, query);
        let mut hits = Vec::new();
        for (section, live) in self.sections.iter().enumerate() {
            let view = self.view(live);
            if is_hit(&view, query) {
                hits.push(OracleHit {
                    section,
                    score: scorer.score(&view),
                });
            }
        }
        hits.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| self.place(a).cmp(&self.place(b)))
        });
        hits
    }

    /// Puts `hits` in another order.
    pub(crate) fn sort(&self, hits: &mut [OracleHit], sort: Sort) {
        let date = |hit: &OracleHit| self.sections[hit.section].metadata.date.clone();
        match sort {
            Sort::Score => {}
            Sort::Path => hits.sort_by(|a, b| self.place(a).cmp(&self.place(b))),
            // `None` is the smallest and so the last.
            Sort::Date => {
                hits.sort_by(|a, b| {
                    date(b)
                        .cmp(&date(a))
                        .then_with(|| self.place(a).cmp(&self.place(b)))
                });
            }
        }
    }

    fn place(&self, hit: &OracleHit) -> (&[u8], u32) {
        let live = &self.sections[hit.section];
        (live.path.as_bytes(), live.order)
    }

    fn view<'a>(&'a self, live: &'a LiveSection) -> View<'a> {
        View {
            live,
            rule: &self.statistics.rule,
        }
    }

    /// The highlights of `query` in a section.
    pub(crate) fn highlights(&self, query: &Query, live: &LiveSection) -> Highlights {
        spans::highlights(query, &self.view(live))
    }
}

/// The name of a file without its ending.
fn name_of(path: &StoredPath) -> String {
    let path = path.to_text().into_owned();
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_string(),
        _ => name.to_string(),
    }
}

/// Whether a section is a hit: through its own heading, text or name, as its article's first, or for filters alone.
fn is_hit(view: &View<'_>, query: &Query) -> bool {
    if !view.matches(&query.root) {
        return false;
    }
    let mut counting = Vec::new();
    view.counting(&query.root, &mut counting);
    let is_own = |term: &Term| {
        let own =
            view.spelled(term, 1).len() + view.spelled(term, 2).len() + view.spelled(term, 3).len();
        own > 0 && term.role == TermRole::Required
    };
    query.terms().is_empty() || view.live.order == 0 || counting.into_iter().any(is_own)
}
