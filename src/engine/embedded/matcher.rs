//! Matching in one segment: the query's tree over postings.

use std::sync::Arc;

use tantivy::{DocId, TERMINATED};

use super::expand::Expansion;
use super::plan::{Plan, PlannedChild, PlannedTerm};
use super::postings::WordPostings;
use super::segment::OpenSegment;
use super::spelled::SpelledTexts;
use crate::engine::ranking::Counts;
use crate::query::{Field, count_occurrences};

/// A node of the tree, standing at a document.
pub(super) enum Matcher<'a> {
    Term(Box<TermMatcher<'a>>),
    And(AndMatcher<'a>),
    Or(OrMatcher<'a>),
    /// The sections of the articles that are set.
    Articles {
        segment: &'a OpenSegment,
        passes: Arc<Vec<bool>>,
        doc: DocId,
    },
}

/// Children of which the required ones all match, and children of which none may.
pub(super) struct AndMatcher<'a> {
    /// In query order.
    children: Vec<Matcher<'a>>,
    /// The required children, rarest first.
    by_cost: Vec<usize>,
    excluded: Vec<Matcher<'a>>,
    doc: DocId,
}

/// Children of which any required one matches.
pub(super) struct OrMatcher<'a> {
    /// In query order.
    children: Vec<Matcher<'a>>,
    /// The required children.
    required: Vec<usize>,
}

impl<'a> Matcher<'a> {
    /// The matcher of `plan` in `segment`, which is the `index`-th; it stands at its first document.
    pub(super) fn open(
        plan: &'a Plan<'a>,
        texts: &'a SpelledTexts<'a>,
        segment: &'a OpenSegment,
        index: usize,
    ) -> tantivy::Result<Matcher<'a>> {
        let open = |plan: &'a Plan<'a>| Matcher::open(plan, texts, segment, index);
        let open_all = |children: &'a [PlannedChild<'a>]| -> tantivy::Result<Vec<Matcher<'a>>> {
            children.iter().map(|child| open(&child.plan)).collect()
        };
        Ok(match plan {
            Plan::Term(term) => {
                let place = (segment, index);
                Matcher::Term(Box::new(TermMatcher::open(term, texts, place)?))
            }
            Plan::Or(children) => Matcher::Or(OrMatcher {
                required: required(children),
                children: open_all(children)?,
            }),
            Plan::Articles(passes) => {
                let mut matcher = Matcher::Articles {
                    segment,
                    passes: Arc::clone(passes),
                    doc: 0,
                };
                if let Matcher::Articles { doc, .. } = &mut matcher {
                    *doc = next_passing(segment, passes, 0);
                }
                matcher
            }
            Plan::And { children, excluded } => {
                let mut by_cost = required(children);
                by_cost.sort_by_key(|&i| children[i].plan.cost());
                let mut and = AndMatcher {
                    children: open_all(children)?,
                    by_cost,
                    excluded: excluded.iter().map(open).collect::<tantivy::Result<_>>()?,
                    doc: 0,
                };
                and.settle(0);
                Matcher::And(and)
            }
        })
    }

    /// The current document.
    pub(super) fn doc(&self) -> DocId {
        match self {
            Matcher::Term(term) => term.doc,
            Matcher::And(and) => and.doc,
            Matcher::Or(or) => {
                let docs = or.required.iter().map(|&i| or.children[i].doc());
                docs.min().unwrap_or(TERMINATED)
            }
            Matcher::Articles { doc, .. } => *doc,
        }
    }

    /// Moves to the first matching document from `target` on, and not back.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() >= target {
            return self.doc();
        }
        match self {
            Matcher::Term(term) => term.settle(target),
            Matcher::And(and) => and.settle(target),
            Matcher::Or(or) => or.required.iter().for_each(|&i| {
                or.children[i].seek(target);
            }),
            Matcher::Articles {
                segment,
                passes,
                doc,
            } => *doc = next_passing(segment, passes, target),
        }
        self.doc()
    }

    /// Calls `each` for the terms that satisfy the query in the current document, in query order.
    pub(super) fn satisfied(&mut self, doc: DocId, each: &mut impl FnMut(&mut TermMatcher<'a>)) {
        if self.doc() != doc {
            return;
        }
        match self {
            Matcher::Term(term) => each(term),
            Matcher::And(AndMatcher { children, .. }) | Matcher::Or(OrMatcher { children, .. }) => {
                for child in children {
                    // An optional child may still stand before.
                    child.seek(doc);
                    child.satisfied(doc, each);
                }
            }
            Matcher::Articles { .. } => {}
        }
    }
}

/// The required children, by their places.
fn required(children: &[PlannedChild<'_>]) -> Vec<usize> {
    let all = children.iter().enumerate();
    let required = all.filter(|(_, child)| child.is_required);
    required.map(|(i, _)| i).collect()
}

fn next_passing(segment: &OpenSegment, passes: &[bool], from: DocId) -> DocId {
    let is_set = |&doc: &DocId| {
        passes
            .get(segment.article_of(doc) as usize)
            .copied()
            .unwrap_or(false)
    };
    (from..segment.max_doc()).find(is_set).unwrap_or(TERMINATED)
}

impl AndMatcher<'_> {
    /// Moves to the first document from `target` on where all required children match and nothing excluded does.
    fn settle(&mut self, target: DocId) {
        let mut doc = target;
        loop {
            doc = self.agree_from(doc);
            if doc == TERMINATED || self.excluded.iter_mut().all(|child| child.seek(doc) != doc) {
                self.doc = doc;
                return;
            }
            doc += 1;
        }
    }

    /// The first document from `doc` on where all required children stand.
    fn agree_from(&mut self, mut doc: DocId) -> DocId {
        'again: loop {
            for &i in &self.by_cost {
                let at = self.children[i].seek(doc);
                if at == TERMINATED {
                    return TERMINATED;
                }
                if at > doc {
                    doc = at;
                    continue 'again;
                }
            }
            return doc;
        }
    }
}

/// A word or a phrase in one segment.
pub(super) struct TermMatcher<'a> {
    pub(super) planned: &'a PlannedTerm<'a>,
    words: Vec<WordPostings>,
    doc: DocId,
    /// For a phrase: the document from the current one on in which it occurs, and how often in each field.
    phrase_doc: DocId,
    phrase_counts: Counts,
    /// Where the word stands that the words of the phrase are joined to.
    joined: Option<WordPostings>,
    /// The positions of each word in a field of a document.
    buffers: Vec<Vec<u32>>,
    /// Where the texts are read of a term that is asked for in its spelling.
    texts: Option<&'a SpelledTexts<'a>>,
    place: (&'a OpenSegment, usize),
    /// The fields of the current document that have it in another spelling only.
    misspelled: [bool; Field::COUNT],
}

impl<'a> TermMatcher<'a> {
    fn open(
        planned: &'a PlannedTerm<'a>,
        texts: &'a SpelledTexts<'a>,
        place: (&'a OpenSegment, usize),
    ) -> tantivy::Result<TermMatcher<'a>> {
        let (segment, index) = place;
        let with_positions = planned.term.words.len() > 1 || planned.is_paired;
        let fields = common_fields(planned, index);
        let open = |expansion: &Arc<Expansion>| {
            let lists = expansion.lists[index].iter();
            let lists = lists.filter(|list| fields & 1 << list.field != 0);
            WordPostings::open(segment, &lists.collect::<Vec<_>>(), with_positions)
        };
        let words = planned.expansions.iter().map(open);
        let words = words.collect::<tantivy::Result<Vec<_>>>()?;
        let joined = planned.joined.as_ref();
        let joined = joined
            .map(|expansion| {
                let lists = expansion.lists[index].iter();
                WordPostings::open(segment, &lists.collect::<Vec<_>>(), false)
            })
            .transpose()?;
        let buffers = vec![Vec::new(); words.len()];
        let mut matcher = TermMatcher {
            planned,
            words,
            doc: 0,
            phrase_doc: 0,
            phrase_counts: Counts::default(),
            joined,
            buffers,
            texts: planned.term.has_spelling().then_some(texts),
            place,
            misspelled: [false; Field::COUNT],
        };
        matcher.phrase_doc = matcher.next_from(0);
        matcher.settle(0);
        Ok(matcher)
    }

    /// Moves to the first document from `target` on in which the term occurs, and not back.
    fn settle(&mut self, target: DocId) {
        if self.phrase_doc < target {
            self.phrase_doc = self.next_from(target);
        }
        let joined = self.joined.as_mut().map(|joined| joined.seek(target));
        self.doc = joined.map_or(self.phrase_doc, |doc| doc.min(self.phrase_doc));
    }

    /// The first document from `target` on in which the words of the term occur.
    fn next_from(&mut self, target: DocId) -> DocId {
        let mut doc = target;
        loop {
            doc = self.agree_from(doc);
            if doc == TERMINATED || self.counts_at(doc) {
                return doc;
            }
            doc += 1;
        }
    }

    /// Whether the term occurs in the document that all words stand at.
    fn counts_at(&mut self, doc: DocId) -> bool {
        (self.words.len() == 1 || self.occurs()) && self.is_spelled(doc)
    }

    /// Whether the document has the term in the spelling that is asked for, where one is; deleted ones are not read.
    fn is_spelled(&mut self, doc: DocId) -> bool {
        let Some(texts) = self.texts else {
            return true;
        };
        self.misspelled = [false; Field::COUNT];
        let counts = self.word_counts();
        if !self.place.0.is_alive(doc) {
            return false;
        }
        let is_in = |field: usize| counts.all(field) > 0;
        let spelled = texts.fields_of(self.planned.term, self.place, doc, is_in);
        self.misspelled = Field::INDEXES.map(|field| is_in(field) && !spelled[field]);
        spelled.contains(&true)
    }

    /// The first document from `doc` on that holds all words.
    fn agree_from(&mut self, mut doc: DocId) -> DocId {
        let mut agreeing = 0;
        let mut i = 0;
        while agreeing < self.words.len() {
            let at = self.words[i].seek(doc);
            if at == TERMINATED {
                return TERMINATED;
            }
            agreeing = if at == doc { agreeing + 1 } else { 1 };
            doc = at;
            i = (i + 1) % self.words.len();
        }
        doc
    }

    /// Counts the phrase in each field of the document that all words stand at.
    fn occurs(&mut self) -> bool {
        let term = self.planned.term;
        let words = self.words.iter().map(WordPostings::fields);
        let fields = words.fold(u32::MAX, |common, fields| common & fields);
        self.phrase_counts = Counts::default();
        let mut is_in_any = false;
        for field in Field::INDEXES {
            if fields & 1 << field == 0 {
                continue;
            }
            for (word, buffer) in self.words.iter_mut().zip(&mut self.buffers) {
                word.positions(field, buffer);
            }
            let occurrences = count_occurrences(&self.buffers, term.slop) as u32;
            self.phrase_counts.exact[field] = occurrences;
            is_in_any |= occurrences > 0;
        }
        is_in_any
    }

    /// How often the term occurs in each field of the current document.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = match self.phrase_doc == self.doc {
            true => self.word_counts(),
            false => Counts::default(),
        };
        let joined = self.joined.as_ref();
        if let Some(joined) = joined.filter(|joined| joined.doc() == self.doc) {
            let more = joined.counts();
            for field in Field::INDEXES {
                counts.others[field] += more.all(field);
            }
        }
        Counts {
            misspelled: self.misspelled,
            ..counts
        }
    }

    /// How often its words occur in each field of the document that they stand at.
    fn word_counts(&self) -> Counts {
        match self.words.as_slice() {
            [word] => word.counts(),
            _ => self.phrase_counts,
        }
    }

    /// The positions of a single word in a field of the current document.
    pub(super) fn positions(&mut self, field: usize, out: &mut Vec<u32>) {
        self.words[0].positions(field, out);
    }
}

/// The fields, as bits, in which all words of a term stand: elsewhere it cannot occur.
fn common_fields(planned: &PlannedTerm<'_>, index: usize) -> u32 {
    let fields = planned.expansions.iter().map(|expansion| {
        let lists = expansion.lists[index].iter();
        lists.fold(0, |fields, list| fields | 1 << list.field)
    });
    fields.fold(u32::MAX, |common, fields| common & fields)
}
