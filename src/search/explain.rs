//! Explains a section's score, or why it is no hit, from the stored section and the definition of
//! [`crate::engine::ranking`].

use super::cite::{Now, Sources};
use super::explanation::{
    Clause, ClauseKind, Explanation, FormFacts, PairFacts, ScoreFacts, Share, TermFacts, Verdict,
    WordFacts,
};
use super::section_words::SectionWords;
use super::target::{Target, target};
use super::{Error, Index, id_of};
use crate::article::Section;
use crate::engine::ranking::{Totals, WINDOW, pairs};
use crate::engine::{Engine, EngineError, Form, Record, SearchOptions};
use crate::query::{
    Field, Filter, FilterFacts, Mode, Node, Query, QueryWord, Term, nearness, parse,
};

impl Index {
    /// Explains why the section with this id scored so, or is no hit. Where `id` is the path of an indexed file, its
    /// best hit is explained, else its first section.
    ///
    /// # Errors
    /// A query that cannot be read, an id that names nothing in the index, and what the engine says.
    ///
    /// ```
    /// # use excerpt::index::{NoProgress, RefreshRequest};
    /// # use excerpt::query::Mode;
    /// # use excerpt::search::{Index, Location, Verdict};
    /// # use excerpt::source::StoredPath;
    /// # let folder = std::env::temp_dir().join(format!("excerpt-explain-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # std::fs::write(folder.join("talks.md"), "# Talks\n\nThe Minsk agreements failed.\n")?;
    /// # let mut index = Index::open_or_create(Location::nearest(&folder))?;
    /// # let everything = RefreshRequest { add: vec![StoredPath::default()], ..RefreshRequest::default() };
    /// # index.refresh(&everything, &NoProgress)?;
    /// let explained = index.explain("minsk accords", Mode::default(), "talks.md#top")?;
    /// assert_eq!(explained.verdict, Verdict::NoMatch);
    /// assert_eq!(explained.root.failures()[0].text, "accords");
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, text: &str, mode: Mode, id: &str) -> Result<Explanation, Error> {
        let query = parse(text, mode, self.morphology())?;
        let options = SearchOptions {
            ranking: self.ranking(),
            ..SearchOptions::default()
        };
        let found = self.engine().search(&query, &options)?;
        let target = target(self, id, &found.hits)?;
        let place = found.hits.iter().position(|hit| hit.key == target.key);
        let now = Sources::new(&self.location().base).now(&target.record);
        let examined = Examiner::new(self, &target).examine(&query)?;
        Ok(examined.explain(self, &target, &now, place, found.matched))
    }
}

/// What is computed of a section and a query.
struct Examined<'a> {
    query: &'a Query,
    root: Clause,
    verdict: Verdict,
    sums: Option<Sums>,
    totals: Totals,
    lens: [u64; 3],
}

/// What a score is the sum of.
struct Sums {
    base: f64,
    near: f64,
    pairs: Vec<PairFacts>,
}

impl Examined<'_> {
    fn explain(
        self,
        index: &Index,
        target: &Target,
        now: &Now,
        place: Option<usize>,
        matched: u64,
    ) -> Explanation {
        let section = &target.stored.section;
        let score = self.sums.map(|sums| ScoreFacts {
            score: sums.base + sums.near,
            base: sums.base,
            near: sums.near,
            rank: place.map(|i| i + 1),
            pairs: sums.pairs,
        });
        Explanation {
            query: self.query.text.clone(),
            id: id_of(&target.record.path, &section.anchor),
            record: target.record.clone(),
            headings: section.headings.clone(),
            order: target.stored.order + 1,
            start: section.start,
            chosen: target.chosen,
            source: now.state(),
            verified: now.verifies(section, &(0..section.text.len())),
            verdict: self.verdict,
            score,
            matched,
            sections: index.catalog().sections(),
            lens: self.lens,
            average_lens: self.totals.average_len,
            root: self.root,
        }
    }
}

/// A term that scores, as it stands in the section.
struct Counted {
    /// Its place among all of the query.
    index: usize,
    weight: f64,
    frequencies: [u64; 3],
    contribution: f64,
}

/// Looks at one section.
struct Examiner<'a> {
    engine: &'a dyn Engine,
    record: &'a Record,
    path: String,
    order: u32,
    words: SectionWords<'a>,
    totals: Totals,
}

impl<'a> Examiner<'a> {
    fn new(index: &'a Index, target: &'a Target) -> Examiner<'a> {
        let section: &Section = &target.stored.section;
        let title = target.record.metadata.title.clone().unwrap_or_default();
        let texts = [title, section.heading_text(), section.text.clone()];
        let catalog = index.catalog();
        Examiner {
            engine: index.engine(),
            words: SectionWords::new(index.morphology(), texts),
            record: &target.record,
            path: target.record.path.to_text().into_owned(),
            order: target.stored.order,
            totals: Totals::new(index.ranking(), catalog.sections(), catalog.words()),
        }
    }

    fn examine(self, query: &Query) -> Result<Examined<'_>, Error> {
        let mut root = self.clause(&query.root, true)?;
        let mut counted = Vec::new();
        self.count(&mut root, &mut 0, &mut counted, true);
        let is_own = counted
            .iter()
            .any(|c| c.frequencies[1] > 0 || c.frequencies[2] > 0);
        let verdict = match root.matches {
            false => Verdict::NoMatch,
            true if is_own || self.order == 0 || query.terms().is_empty() => Verdict::Hit,
            true => Verdict::TitleAlone,
        };
        let sums = (verdict == Verdict::Hit).then(|| self.sums(query, &counted));
        if sums.is_none() {
            clear_shares(&mut root);
        }
        Ok(Examined {
            query,
            root,
            verdict,
            sums,
            totals: self.totals,
            lens: self.words.lens(),
        })
    }

    /// Base and nearness, added up in the order that the definition says.
    fn sums(&self, query: &Query, counted: &[Counted]) -> Sums {
        let mut base = 0.0;
        for term in counted {
            base += term.contribution;
        }
        let terms = query.terms();
        let of = |index: usize| counted.iter().find(|c| c.index == index);
        let (mut near, mut found) = (0.0, Vec::new());
        for (i, j) in pairs(query) {
            let (Some(first), Some(second)) = (of(i), of(j)) else {
                continue;
            };
            let both = [terms[i], terms[j]];
            if let Some(pair) = self.pair(both, first.weight.min(second.weight)) {
                near += pair.contribution;
                found.push(pair);
            }
        }
        Sums {
            base,
            near,
            pairs: found,
        }
    }

    fn pair(&self, [first, second]: [&Term; 2], idf: f64) -> Option<PairFacts> {
        let nearness = Field::ALL.map(|field| {
            let positions = |term: &Term| match term.covers(field) {
                true => self.words.positions(&term.words[0], field),
                false => Vec::new(),
            };
            nearness(&positions(first), &positions(second), WINDOW)
        });
        let lens = self.words.lens();
        let tf = self.totals.frequency(nearness, |field| lens[field]);
        let saturation = self.totals.ranking.saturation(tf);
        (tf > 0.0).then(|| PairFacts {
            words: [first.to_string(), second.to_string()],
            nearness,
            idf,
            tf,
            saturation,
            factor: self.totals.ranking.nearness,
            contribution: self.totals.ranking.pair(idf, tf),
        })
    }

    fn clause(&self, node: &Node, scores: bool) -> Result<Clause, Error> {
        let children = |nodes: &[Node]| -> Result<Vec<Clause>, Error> {
            nodes.iter().map(|n| self.clause(n, scores)).collect()
        };
        let (matches, kind) = match node {
            Node::Term(term) => {
                let facts = self.term(term, scores)?;
                let occurs = facts.frequencies.iter().any(|&n| n > 0);
                (occurs, ClauseKind::Term(facts))
            }
            Node::And(nodes) => {
                let clauses = children(nodes)?;
                (clauses.iter().all(|c| c.matches), ClauseKind::All(clauses))
            }
            Node::Or(nodes) => {
                let clauses = children(nodes)?;
                (clauses.iter().any(|c| c.matches), ClauseKind::Any(clauses))
            }
            Node::Not(inner) => {
                let clause = self.clause(inner, false)?;
                (!clause.matches, ClauseKind::Not(Box::new(clause)))
            }
            Node::Filter(filter) => self.filter(filter),
        };
        Ok(Clause {
            text: node.to_string(),
            matches,
            kind,
        })
    }

    fn filter(&self, filter: &Filter) -> (bool, ClauseKind) {
        let metadata = &self.record.metadata;
        let facts = FilterFacts {
            path: &self.path,
            lang: metadata.lang.as_deref(),
            author: metadata.author.as_deref(),
            date: metadata.date.as_deref(),
        };
        let (property, value) = match filter {
            Filter::Path { .. } => ("path", Some(facts.path)),
            Filter::Lang(_) => ("language", facts.lang),
            Filter::Author(_) => ("author", facts.author),
            Filter::Date(_) => ("date", facts.date),
        };
        let value = value.map(str::to_string);
        (
            filter.passes(&facts),
            ClauseKind::Filter { property, value },
        )
    }

    fn term(&self, term: &Term, scores: bool) -> Result<TermFacts, Error> {
        let forms = self.engine.forms(term)?;
        if forms.len() != term.words.len() {
            let message = "the forms are not those of the words".to_string();
            return Err(EngineError::Damaged(message).into());
        }
        let words: Vec<WordFacts> = term
            .words
            .iter()
            .zip(forms)
            .map(|(word, forms)| self.word(term, word, forms))
            .collect();
        let frequencies = Field::ALL.map(|field| match (term.covers(field), &term.words[..]) {
            (false, _) => 0,
            (true, [word]) => self.words.positions(word, field).len() as u64,
            (true, _) => self.words.occurrences(term, field, term.slop).len() as u64,
        });
        let occurs = frequencies.iter().any(|&n| n > 0);
        let share = (scores && occurs).then(|| self.share(term, &words, frequencies));
        let has_words = words.iter().all(|word| !word.found.is_empty());
        let gap = (!occurs && has_words).then(|| self.words.gap(term));
        Ok(TermFacts {
            field: term.field,
            words,
            frequencies,
            share,
            gap,
        })
    }

    fn share(&self, term: &Term, words: &[WordFacts], frequencies: [u64; 3]) -> Share {
        let mut idf = 0.0;
        for word in words {
            idf += word.idf;
        }
        let lens = self.words.lens();
        let tf = self
            .totals
            .frequency(frequencies.map(|n| n as f64), |field| lens[field]);
        let saturation = self.totals.ranking.saturation(tf);
        Share {
            weight: term.weight,
            idf,
            tf,
            saturation,
            contribution: term.weight * idf * saturation,
        }
    }

    fn word(&self, term: &Term, word: &QueryWord, mut forms: Vec<Form>) -> WordFacts {
        let df: u64 = forms.iter().map(|form| form.df).sum();
        let found: Vec<FormFacts> = forms
            .iter()
            .map(|form| self.form(term, form))
            .filter(|form| form.frequencies.iter().any(|&n| n > 0))
            .collect();
        forms.sort_by(|a, b| b.df.cmp(&a.df).then_with(|| a.text.cmp(&b.text)));
        let all = self.words.frequencies(word);
        let elsewhere = Field::ALL.map(|field| match term.covers(field) {
            true => 0,
            false => all[field.index()],
        });
        WordFacts {
            text: word.to_string(),
            idf: self.totals.idf(df),
            df: df.min(self.totals.sections),
            inflected: match found.is_empty() {
                true => self.words.inflected(term, word),
                false => Vec::new(),
            },
            found,
            forms,
            elsewhere,
        }
    }

    fn form(&self, term: &Term, form: &Form) -> FormFacts {
        let count = |field: Field| self.words.count(&form.text, field);
        FormFacts {
            text: form.text.clone(),
            df: form.df,
            frequencies: Field::ALL.map(|f| if term.covers(f) { count(f) } else { 0 }),
        }
    }

    /// Lists the terms that count, in query order, and takes the shares of the others away. `next` is the index of the
    /// first term below `clause`.
    fn count(&self, clause: &mut Clause, next: &mut usize, counted: &mut Vec<Counted>, on: bool) {
        let counts = on && clause.matches;
        match &mut clause.kind {
            ClauseKind::Term(facts) => {
                let index = *next;
                *next += 1;
                facts.share = facts.share.take().filter(|_| counts);
                counted.extend(facts.share.iter().map(|share| Counted {
                    index,
                    weight: share.weight * share.idf,
                    frequencies: facts.frequencies,
                    contribution: share.contribution,
                }));
            }
            ClauseKind::All(clauses) | ClauseKind::Any(clauses) => {
                for clause in clauses {
                    self.count(clause, next, counted, counts);
                }
            }
            // What is under a negation has no number among the terms.
            ClauseKind::Not(_) | ClauseKind::Filter { .. } => {}
        }
    }
}

/// Takes all contributions away: what is no hit has no score.
fn clear_shares(clause: &mut Clause) {
    match &mut clause.kind {
        ClauseKind::Term(facts) => facts.share = None,
        ClauseKind::All(clauses) | ClauseKind::Any(clauses) => {
            clauses.iter_mut().for_each(clear_shares);
        }
        ClauseKind::Not(_) | ClauseKind::Filter { .. } => {}
    }
}
