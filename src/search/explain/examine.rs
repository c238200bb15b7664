//! Looks at one section: which clauses of a query it meets, and what each adds to its score.

use super::facts::{
    Clause, ClauseKind, Explanation, FormFacts, PhraseGap, Share, TermFacts, Verdict, WordFacts,
};
use super::section_words::SectionWords;
use super::sums::{Counted, ScoreSums, SectionScore, TermTally};
use super::target::SectionTarget;
use crate::article::{FilterFacts, Section};
use crate::engine::ranking::Totals;
use crate::engine::{EngineError, Form, QueryLimits, Record, Snapshot};
use crate::query::{
    Below, EvaluatedNode, Field, Filter, FormKind, Leaves, Node, Query, QueryWord, Term, evaluate,
};
use crate::search::citation::Now;
use crate::search::{Error, Index};

/// Looks at one section.
pub(super) struct Examiner<'a> {
    snapshot: &'a dyn Snapshot,
    limits: QueryLimits,
    record: &'a Record,
    path: String,
    /// The path of the article below that, where it is a part.
    inner: Option<String>,
    order: u32,
    words: SectionWords<'a>,
    totals: Totals,
}

impl<'a> Examiner<'a> {
    pub(super) fn new(index: &'a Index, target: &'a SectionTarget) -> Examiner<'a> {
        let section: &Section = &target.stored.section;
        let title = target
            .record
            .article
            .metadata
            .title
            .clone()
            .unwrap_or_default();
        let name = target.record.name_of(target.stored.order).into_owned();
        let headings = section.heading_text().into_owned();
        let texts = [title, headings, section.text.clone(), name];
        let told = target.record.article.language();
        Examiner {
            snapshot: index.snapshot(),
            limits: index.limits(),
            words: SectionWords::new(index.morphology(), told, texts),
            record: &target.record,
            inner: target
                .record
                .article
                .part
                .below(&target.record.source.path.to_text()),
            path: target.record.source.path.to_text().into_owned(),
            order: target.stored.order,
            totals: Totals::new(index.ranking(), index.totals.sections, index.totals.words),
        }
    }

    /// What the score is made of.
    fn scored(&self) -> SectionScore<'_> {
        SectionScore {
            words: &self.words,
            totals: &self.totals,
            order: self.order,
        }
    }

    pub(super) fn examine(self, query: &Query) -> Result<Examined<'_>, Error> {
        let mut examined = &self;
        let mut root = self.clause(evaluate(&query.root, &mut examined)?);
        let mut tally = TermTally {
            terms: query.terms(),
            weight: 0.0,
            at: 0,
            counted: Vec::new(),
        };
        self.count(&mut root, &mut tally, true);
        let is_own = tally.counted.iter().any(|counted| {
            let [_, own @ ..] = counted.spelled;
            tally.terms[counted.index].is_required() && own.contains(&true)
        });
        let verdict = match root.matches {
            false => Verdict::NoMatch,
            true if is_own || self.order == 0 || tally.terms.is_empty() => Verdict::Hit,
            true => Verdict::TitleAlone,
        };
        let sums = (verdict == Verdict::Hit).then(|| self.scored().sums(query, &tally));
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

    /// A node of the query as it is explained.
    fn clause(&self, evaluation: EvaluatedNode<'_, TermFacts>) -> Clause {
        let kind = match (evaluation.below, evaluation.node) {
            (Below::Term { found, .. }, _) => ClauseKind::Term(Box::new(found)),
            (Below::Group(group), node) => {
                let clauses = group.into_iter().map(|own| self.clause(own)).collect();
                match node {
                    Node::Or(_) => ClauseKind::Any(clauses),
                    _ => ClauseKind::All(clauses),
                }
            }
            (Below::Not(inner), _) => ClauseKind::Not(Box::new(self.clause(*inner))),
            (Below::Filter, Node::Filter(filter)) => self.filter(filter),
            (Below::Filter, _) => ClauseKind::All(Vec::new()),
        };
        Clause {
            text: evaluation.node.to_string(),
            matches: evaluation.matches,
            is_optional: evaluation.node.is_optional(),
            kind,
        }
    }

    fn facts(&self) -> FilterFacts<'_> {
        (self.record.article).facts(&self.path, self.inner.as_deref())
    }

    fn filter(&self, filter: &Filter) -> ClauseKind {
        let facts = self.facts();
        let text = |value: Option<&str>| value.map(str::to_string);
        let (property, value) = match filter {
            Filter::Path(_) => ("path", text(Some(facts.path))),
            Filter::Lang { .. } => ("language", text(facts.lang)),
            Filter::Author(_) => ("author", self.record.article.metadata.author()),
            Filter::Date(_) => ("date", text(facts.date)),
        };
        ClauseKind::Filter { property, value }
    }

    fn term_facts(&self, term: &Term, scores: bool) -> Result<TermFacts, Error> {
        let forms = self.snapshot.forms(term, self.limits)?;
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
            (true, [word]) => self.words.frequency(word, field),
            (true, _) => self.words.occurrences(term, field, term.slop).len() as u64,
        });
        let joined = Field::ALL.map(|field| match &term.joined {
            Some(word) if term.covers(field) => self.words.positions(word, field).len() as u64,
            _ => 0,
        });
        let frequencies = Field::INDEXES.map(|f| frequencies[f] + joined[f]);
        let of_kind = |kind| match &words[..] {
            [word] => Field::ALL.map(|field| word.of_kind(kind, field)),
            _ => [0; Field::COUNT],
        };
        let other_forms = match &words[..] {
            [_] => of_kind(FormKind::Other),
            _ => joined,
        };
        let parts = of_kind(FormKind::Part);
        let spelled = self.words.spelled(term, frequencies);
        let occurs = spelled.contains(&true);
        let share =
            (scores && occurs).then(|| self.share(term, &words, [frequencies, other_forms, parts]));
        let has_words = words.iter().all(|word| !word.found.is_empty());
        let is_folded = frequencies.iter().any(|&n| n > 0);
        let gap = (!occurs && has_words).then(|| match is_folded {
            true => PhraseGap::Spelled {
                found: self.words.spellings(term),
            },
            false => self.words.gap(term),
        });
        Ok(TermFacts {
            field: term.field,
            words,
            joined: (term.joined.as_ref()).map(ToString::to_string),
            frequencies,
            other_forms,
            parts,
            spelled,
            share,
            gap,
        })
    }

    fn share(
        &self,
        term: &Term,
        words: &[WordFacts],
        [frequencies, others, parts]: [[u64; Field::COUNT]; 3],
    ) -> Share {
        let ranking = &self.totals.ranking;
        let (idf, lens) = (sum_of_idf(words), self.words.lens());
        let exact = |f: usize| frequencies[f] - others[f] - parts[f];
        let count = |f: usize| ranking.count([exact(f), others[f], parts[f]]);
        let norms = self.totals.norms(|f| lens[f]);
        let earned = self.totals.earned(Field::INDEXES.map(count), &norms);
        Share {
            weight: term.weight,
            function: match term.is_function {
                true => ranking.function_words,
                false => 1.0,
            },
            idf,
            tf: earned.tf,
            saturation: earned.saturation,
            alone: earned.alone,
            contribution: earned.of(ranking.weight(term, idf)),
        }
    }

    fn word(&self, term: &Term, word: &QueryWord, mut forms: Vec<Form>) -> WordFacts {
        let df: u64 = forms.iter().map(|form| form.df).sum();
        let found: Vec<FormFacts> = forms
            .iter()
            .map(|form| self.form(term, word, form))
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
            aliases: word.also.iter().map(ToString::to_string).collect(),
            idf: self.totals.idf(df),
            df: df.min(self.totals.sections),
            inflected: match found.is_empty() {
                true => self.words.inflected(term, word),
                false => Vec::new(),
            },
            foreign: match found.is_empty() {
                true => self.words.foreign(term, word),
                false => Vec::new(),
            },
            found,
            forms,
            elsewhere,
        }
    }

    fn form(&self, term: &Term, word: &QueryWord, form: &Form) -> FormFacts {
        let indexed = form.indexed();
        let is_here = self.words.stands_for(word, &indexed);
        let count = |field: Field| match is_here && term.covers(field) {
            true => self.words.count(&indexed, field),
            false => 0,
        };
        FormFacts {
            kind: word.kind_of(&indexed),
            mark: form.mark,
            text: form.text.clone(),
            df: form.df,
            frequencies: Field::ALL.map(count),
        }
    }

    /// Lists the terms that count, in query order, and takes the shares of the others away.
    fn count(&self, clause: &mut Clause, tally: &mut TermTally<'_>, on: bool) {
        let counts = on && clause.matches;
        match &mut clause.kind {
            ClauseKind::Term(facts) => {
                let index = tally.at;
                let idf = sum_of_idf(&facts.words);
                let weight = self.totals.ranking.weight(tally.terms[index], idf);
                tally.at += 1;
                tally.weight += weight;
                facts.share = facts.share.take().filter(|_| counts);
                tally
                    .counted
                    .extend(facts.share.iter().map(|share| Counted {
                        index,
                        weight,
                        whole: Field::INDEXES.map(|f| facts.frequencies[f] - facts.parts[f]),
                        spelled: facts.spelled,
                        contribution: share.contribution,
                    }));
            }
            ClauseKind::All(clauses) | ClauseKind::Any(clauses) => {
                for clause in clauses {
                    self.count(clause, tally, counts);
                }
            }
            // What is under a negation has no number among the terms.
            ClauseKind::Not(_) | ClauseKind::Filter { .. } => {}
        }
    }
}

impl Leaves for &Examiner<'_> {
    type Found = TermFacts;
    type Error = Error;

    fn term(&mut self, term: &Term, number: Option<usize>) -> Result<TermFacts, Error> {
        self.term_facts(term, number.is_some())
    }

    fn occurs(&self, found: &TermFacts) -> bool {
        found.spelled.contains(&true)
    }

    fn passes(&mut self, filter: &Filter) -> bool {
        filter.passes(&self.facts())
    }
}

/// The idf of a term of these words.
fn sum_of_idf(words: &[WordFacts]) -> f64 {
    let mut idf = 0.0;
    for word in words {
        idf += word.idf;
    }
    idf
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

/// What is computed of a section and a query.
pub(super) struct Examined<'a> {
    query: &'a Query,
    root: Clause,
    verdict: Verdict,
    sums: Option<ScoreSums>,
    totals: Totals,
    lens: [u64; Field::MEASURED],
}

impl Examined<'_> {
    pub(super) fn explain(
        self,
        index: &Index,
        target: &SectionTarget,
        now: &Now,
        place: Option<usize>,
        matched: u64,
    ) -> Explanation {
        let section = &target.stored.section;
        let totals = &self.totals;
        let score = self.sums.map(|sums| sums.facts(totals, place));
        Explanation {
            query: self.query.text.clone(),
            id: target.record.id_of(&section.anchor),
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
            sections: index.totals.sections,
            lens: self.lens,
            average_lens: self.totals.average_len,
            root: self.root,
        }
    }
}
