//! A tiny engine in memory: the naive scan of all sections, behind the boundary.
//!
//! It shares the evaluator and the scorer with the other engines, and nothing else: it has no dictionary, no postings,
//! and no bounds.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use excerpt::analysis::{Language, Word, parts, words};
use excerpt::article::{Article, FilterFacts, PartPath, Section};
use excerpt::catalog::{Catalog, CatalogDraft, CatalogError};
use excerpt::engine::ranking::{Counts, Evidence, Score, Scorer, Totals};
use excerpt::engine::{
    ArticleKey, ArticlePart, CatalogChange, Depth, Engine, EngineError, EngineFeatures, Form, Hit,
    Hits, IndexTotals, IndexVersion, Origin, QueryBudget, QueryLimits, Record, Recovered,
    SearchOptions, SectionKey, SectionWriter, Snapshot, Sort, SourceCounts, SourceFilter,
    SourceKey, SourceRow, SourceRows, StoredSection, Verification, WriterOptions,
};
use excerpt::query::{
    Field, Filter, FormKind, Leaves, Node, Query, QueryWord, Term, evaluate, occurrences,
};
use excerpt::source::StoredPath;

/// A section with its words.
#[derive(Clone)]
struct MemorySection {
    source: SourceKey,
    article: ArticleKey,
    order: u32,
    section: Section,
    fields: [Vec<Word>; Field::COUNT],
    /// The parts and joins among them.
    parts: [Vec<Word>; Field::COUNT],
}

impl MemorySection {
    /// The words of a field, its parts and joins behind them.
    fn all_in(&self, field: Field) -> impl Iterator<Item = &Word> {
        let (words, parts) = (&self.fields[field.index()], &self.parts[field.index()]);
        words.iter().chain(parts)
    }
}

/// What one commit made.
struct Committed {
    catalog: Arc<Catalog>,
    settings: String,
    id: Option<String>,
    sections: Vec<MemorySection>,
}

impl Committed {
    fn nothing() -> Committed {
        Committed {
            catalog: Arc::new(Catalog::empty()),
            settings: String::new(),
            id: None,
            sections: Vec::new(),
        }
    }
}

#[derive(Default)]
struct Shared {
    last: Mutex<Option<Arc<Committed>>>,
    is_writing: AtomicBool,
}

/// An index in memory.
#[derive(Default)]
pub(crate) struct MemoryEngine {
    shared: Arc<Shared>,
}

struct MemorySnapshot {
    state: Arc<Committed>,
    /// The state that a change to this one replaces.
    replaces: Option<Arc<Committed>>,
    shared: Arc<Shared>,
    is_renamed: bool,
}

impl MemoryEngine {
    fn last(&self) -> Option<Arc<Committed>> {
        self.shared.last.lock().expect("a state").clone()
    }
}

impl Engine for MemoryEngine {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, EngineError> {
        let state = self
            .last()
            .ok_or_else(|| EngineError::Missing("memory".into()))?;
        Ok(Arc::new(MemorySnapshot {
            replaces: Some(Arc::clone(&state)),
            state,
            shared: Arc::clone(&self.shared),
            is_renamed: false,
        }))
    }

    fn blank(&self, is_renamed: bool) -> Result<Arc<dyn Snapshot>, EngineError> {
        Ok(Arc::new(MemorySnapshot {
            state: Arc::new(Committed::nothing()),
            replaces: self.last(),
            shared: Arc::clone(&self.shared),
            is_renamed,
        }))
    }

    fn recover(&self) -> Result<Recovered, EngineError> {
        let last = self.last();
        let recovered = Recovered {
            settings: last.as_ref().map(|state| state.settings.clone()),
            id: last.as_ref().and_then(|state| state.id.clone()),
            sources: None,
        };
        Ok(recovered.with_catalog(last.as_ref().map(|state| state.catalog.as_ref())))
    }

    fn features(&self) -> EngineFeatures {
        EngineFeatures {
            ranks_all: true,
            is_atomic: true,
        }
    }

    fn size_bytes(&self) -> Result<u64, EngineError> {
        let texts = self.last().map_or(0, |state| {
            state
                .sections
                .iter()
                .map(|own| own.section.text.len())
                .sum()
        });
        Ok(texts as u64)
    }

    fn verify(&self, _: Depth) -> Result<Verification, EngineError> {
        let state = self
            .last()
            .ok_or_else(|| EngineError::Missing("memory".into()))?;
        let mut faults = Vec::new();
        if state.catalog.sections() != state.sections.len() as u64 {
            faults.push("other sections than the catalog says".to_string());
        }
        Ok(Verification {
            sections: state.catalog.sections(),
            faults,
            ..Verification::default()
        })
    }
}

/// Terms of a query looked up in one section.
struct Looked<'a> {
    section: &'a MemorySection,
    facts: FilterFacts<'a>,
    /// The texts of title, headings, body and name.
    texts: [&'a str; Field::COUNT],
}

/// Where a term stands in each field.
#[derive(Clone, Default)]
struct Stands {
    counts: Counts,
    positions: [Vec<u32>; Field::COUNT],
    /// In which fields it is spelled as the query asks for.
    spelled: [bool; Field::COUNT],
}

impl Looked<'_> {
    /// Whether a term occurs in a field in its spelling; true where it asks for none.
    fn is_spelled(&self, term: &Term, field: usize) -> bool {
        if term.words.iter().all(|word| word.spelling.is_none()) {
            return true;
        }
        let (text, own) = (self.texts[field], &self.section.fields[field]);
        let of_word = |word: &QueryWord| -> Vec<u32> {
            let is_meant = |w: &&Word| word.matches(&w.form, None) && word.is_spelled(w, text);
            own.iter().filter(is_meant).map(|w| w.position).collect()
        };
        let lists: Vec<Vec<u32>> = term.words.iter().map(of_word).collect();
        let lists: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
        !occurrences(&lists, term.slop).is_empty()
    }

    /// Where a word stands, parts of other words left out, and how often it occurs of each kind.
    fn positions(&self, word: &QueryWord, field: Field) -> (Vec<u32>, [u32; 3]) {
        let own = self.section.all_in(field);
        let told = self.facts.lang.and_then(Language::of_tag);
        let found: Vec<&Word> = own.filter(|w| word.matches(&w.form, told)).collect();
        let kinds = [FormKind::Written, FormKind::Other, FormKind::Part].map(|kind| {
            let own = found.iter().filter(|w| word.kind_of(&w.form) == kind);
            let mut forms: Vec<&str> = own.map(|w| w.form.as_str()).collect();
            if kind == FormKind::Part {
                forms.sort_unstable();
                forms.dedup();
            }
            forms.len() as u32
        });
        let own = found
            .iter()
            .filter(|w| word.kind_of(&w.form) != FormKind::Part);
        let mut positions: Vec<u32> = own.map(|w| w.position).collect();
        positions.sort_unstable();
        (positions, kinds)
    }
}

impl Leaves for Looked<'_> {
    type Found = Stands;
    type Error = Infallible;

    fn term(&mut self, term: &Term, _: Option<usize>) -> Result<Stands, Infallible> {
        let mut stands = Stands::default();
        for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
            let f = field.index();
            stands.spelled[f] = self.is_spelled(term, f);
            if let [word] = term.words.as_slice() {
                let (positions, [written, others, parts]) = self.positions(word, field);
                stands.counts.exact[f] = written;
                stands.counts.others[f] = others;
                stands.counts.parts[f] = parts;
                stands.positions[f] = positions;
                continue;
            }
            let lists: Vec<Vec<u32>> = term
                .words
                .iter()
                .map(|word| self.positions(word, field).0)
                .collect();
            let lists: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
            if lists.iter().all(|list| !list.is_empty()) {
                stands.counts.exact[f] = occurrences(&lists, term.slop).len() as u32;
            }
            if let Some(word) = &term.joined {
                stands.counts.others[f] = self.positions(word, field).0.len() as u32;
            }
        }
        stands.counts.misspelled =
            Field::INDEXES.map(|f| stands.counts.all(f) > 0 && !stands.spelled[f]);
        Ok(stands)
    }

    fn occurs(&self, found: &Stands) -> bool {
        Field::INDEXES
            .into_iter()
            .any(|f| found.counts.all(f) > 0 && !found.counts.misspelled[f])
    }

    fn passes(&mut self, filter: &Filter) -> bool {
        filter.passes(&self.facts)
    }
}

/// The terms of a matching section that count.
struct Matched<'a> {
    section: &'a MemorySection,
    terms: Vec<(usize, Stands)>,
}

impl Evidence for Matched<'_> {
    fn order(&self) -> u32 {
        self.section.order
    }

    fn len(&self, field: usize) -> u64 {
        self.section.fields[field].len() as u64
    }

    fn terms(&mut self, out: &mut Vec<(usize, Counts)>) {
        let terms = self.terms.iter();
        out.extend(terms.map(|(place, stands)| (*place, stands.counts)));
    }

    fn positions(&mut self, _: &Scorer, out: &mut [[Vec<u32>; Field::COUNT]]) {
        for (place, stands) in &self.terms {
            out[*place] = stands.positions.clone();
        }
    }
}

impl MemorySnapshot {
    /// The forms of a word, in order, each with its df in each field.
    fn expand(
        &self,
        term: &Term,
        word: &QueryWord,
        budget: &mut QueryBudget<'_>,
    ) -> Result<BTreeMap<String, [u64; Field::COUNT]>, EngineError> {
        let mut forms: BTreeMap<String, [u64; Field::COUNT]> = BTreeMap::new();
        for own in &self.state.sections {
            let told = self.state.catalog.language(own.article.0);
            for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
                let mut seen: Vec<&str> = own
                    .all_in(field)
                    .filter(|w| word.matches(&w.form, told))
                    .map(|w| w.form.as_str())
                    .collect();
                seen.sort_unstable();
                seen.dedup();
                for form in seen {
                    forms.entry(form.to_string()).or_default()[field.index()] += 1;
                }
            }
        }
        for dfs in forms.values() {
            budget.count(dfs)?;
        }
        Ok(forms)
    }

    /// The idf of the terms that score, in query order; negated ones are counted too.
    fn idfs<'q>(
        &self,
        node: &'q Node,
        (totals, budget): (&Totals, &mut QueryBudget<'q>),
        negated: bool,
        out: &mut Vec<f64>,
    ) -> Result<(), EngineError> {
        match node {
            Node::Term(term) => {
                budget.begin(term);
                let mut idf = 0.0;
                for word in &term.words {
                    let forms = self.expand(term, word, budget)?;
                    let largest =
                        |dfs: &[u64; Field::COUNT]| dfs.iter().copied().max().unwrap_or(0);
                    idf += totals.idf(forms.values().map(largest).sum());
                }
                if let Some(word) = &term.joined {
                    self.expand(term, word, budget)?;
                }
                if !negated {
                    out.push(idf);
                }
                Ok(())
            }
            Node::And(nodes) | Node::Or(nodes) => nodes
                .iter()
                .try_for_each(|node| self.idfs(node, (totals, budget), negated, out)),
            Node::Not(inner) => self.idfs(inner, (totals, budget), true, out),
            Node::Filter(_) => Ok(()),
        }
    }

    fn record(&self, own: &MemorySection) -> Record {
        let record = self.state.catalog.record(own.article.0);
        record.expect("the catalog knows each article")
    }

    /// The score of a section, where it is a hit.
    fn score(
        &self,
        own: &MemorySection,
        (query, options, scorer): (&Query, &SearchOptions, &Scorer),
    ) -> Option<f64> {
        let record = self.record(own);
        let source = &record.source.path;
        let path = source.to_text();
        let inner = record.article.part.below(&path);
        let is_in = |path: &StoredPath| options.within.iter().any(|folder| path.is_under(folder));
        let part = (inner.as_ref()).map(|inner| StoredPath::from_bytes(inner.as_bytes()));
        let is_within =
            options.within.is_empty() || is_in(source) || part.is_some_and(|part| is_in(&part));
        if !is_within || options.without.contains(source) {
            return None;
        }
        let metadata = &record.article.metadata;
        let (title, headings) = (metadata.title.as_deref(), own.section.heading_text());
        let name = record.name_of(own.order);
        let facts = FilterFacts {
            path: &path,
            inner: inner.as_deref(),
            lang: metadata.lang.as_deref(),
            authors: &metadata.authors,
            date: metadata.date.as_deref(),
        };
        let mut looked = Looked {
            section: own,
            facts,
            texts: [
                title.unwrap_or_default(),
                &headings,
                &own.section.text,
                &name,
            ],
        };
        let Ok(evaluated) = evaluate(&query.root, &mut looked);
        if !evaluated.matches {
            return None;
        }
        let mut terms = Vec::new();
        evaluated.satisfied(&mut |place, stands| terms.push((place, stands.clone())));
        let mut matched = Matched {
            section: own,
            terms,
        };
        match scorer.score(&mut matched, &mut scorer.buffers(), |_| true) {
            Score::Hit { score, .. } => Some(score),
            Score::NoHit | Score::Below(_) => None,
        }
    }
}

impl Snapshot for MemorySnapshot {
    fn totals(&self) -> Result<IndexTotals, EngineError> {
        Ok(self.state.catalog.totals())
    }

    fn counts(&self, within: &[StoredPath]) -> Result<SourceCounts, EngineError> {
        Ok(self.state.catalog.counts(within)?)
    }

    fn sources<'a>(&'a self, filter: SourceFilter<'a>) -> Result<SourceRows<'a>, EngineError> {
        let rows = self.state.catalog.rows(filter);
        Ok(Box::new(rows.map(|row| Ok(row?))))
    }

    fn source_at(&self, path: &StoredPath) -> Result<Option<SourceRow<'_>>, EngineError> {
        let catalog = &self.state.catalog;
        Ok(catalog.find(path).and_then(|source| catalog.row(source)))
    }

    fn articles_of(&self, source: SourceKey) -> Result<Vec<ArticleKey>, EngineError> {
        let articles = self.state.catalog.articles_of(source.0);
        Ok(articles.map(ArticleKey).collect())
    }

    fn article_at(
        &self,
        source: SourceKey,
        part: &PartPath,
    ) -> Result<Option<ArticleKey>, EngineError> {
        let article = self.state.catalog.find_part(source.0, part);
        Ok(article.map(ArticleKey))
    }

    fn articles(&self, keys: &[ArticleKey]) -> Result<Vec<Record>, EngineError> {
        let record = |key: &ArticleKey| {
            let record = self.state.catalog.record(key.0);
            Ok(record.ok_or(CatalogError)?)
        };
        keys.iter().map(record).collect()
    }

    fn has_article(&self, filter: &Filter) -> Result<bool, EngineError> {
        let passing = self.state.catalog.select(|facts| filter.passes(facts));
        Ok(passing.contains(&true))
    }

    fn settings(&self) -> &str {
        &self.state.settings
    }

    fn id(&self) -> Option<&str> {
        self.state.id.as_deref()
    }

    fn version(&self) -> IndexVersion {
        IndexVersion {
            format: 0,
            analysis: excerpt::analysis::VERSION,
            program: "memory".into(),
        }
    }

    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError> {
        let catalog = &self.state.catalog;
        let totals = Totals::new(options.ranking, catalog.sections(), catalog.words());
        let (mut budget, mut idfs) = (QueryBudget::new(options.limits), Vec::new());
        self.idfs(&query.root, (&totals, &mut budget), false, &mut idfs)?;
        let scorer = Scorer::new(totals, query, &idfs);
        let mut hits = Vec::new();
        for (key, own) in (0..).zip(&self.state.sections) {
            if let Some(score) = self.score(own, (query, options, &scorer)) {
                hits.push(Hit {
                    score,
                    article: own.article,
                    order: own.order,
                    key: SectionKey(key),
                });
            }
        }
        let place = |hit: &Hit| (catalog.article_rank(hit.article.0), hit.order);
        match options.sort {
            Sort::Score => {
                hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(place(a).cmp(&place(b))));
            }
            Sort::Path => hits.sort_by_key(place),
            Sort::Date => hits.sort_by_key(|hit| {
                let article = catalog.article(hit.article.0).expect("an article");
                (std::cmp::Reverse(article.metadata.date), place(hit))
            }),
        }
        let matched = hits.len() as u64;
        hits.truncate(options.limit.unwrap_or(usize::MAX));
        Ok(Hits {
            hits,
            matched,
            is_counted: true,
            weights: scorer.terms().iter().map(|term| term.weight).collect(),
            proposed: None,
        })
    }

    fn forms(&self, term: &Term, limits: QueryLimits) -> Result<Vec<Vec<Form>>, EngineError> {
        let mut budget = QueryBudget::new(limits);
        budget.begin(term);
        let mut forms_of = |word| {
            let forms = self.expand(term, word, &mut budget)?;
            let form = |(text, dfs): (String, [u64; Field::COUNT])| {
                Form::of(&text, dfs.into_iter().max().unwrap_or(0))
            };
            Ok(forms.into_iter().map(form).collect())
        };
        term.words.iter().map(&mut forms_of).collect()
    }

    fn sections(&self, keys: &[SectionKey]) -> Result<Vec<StoredSection>, EngineError> {
        let read = |key: &SectionKey| {
            let own = self.state.sections.get(key.0 as usize);
            let own = own.ok_or_else(|| EngineError::Damaged("no such section".into()))?;
            Ok(StoredSection {
                order: own.order,
                section: own.section.clone(),
            })
        };
        keys.iter().map(read).collect()
    }

    fn sections_of_all(
        &self,
        articles: &[ArticleKey],
    ) -> Result<Vec<Vec<SectionKey>>, EngineError> {
        let of_one = |&article: &ArticleKey| {
            let all = (0..).map(SectionKey).zip(&self.state.sections);
            let mut own: Vec<(u32, SectionKey)> = all
                .filter(|(_, own)| own.article == article)
                .map(|(key, own)| (own.order, key))
                .collect();
            own.sort_unstable();
            own.into_iter().map(|(_, key)| key).collect()
        };
        Ok(articles.iter().map(of_one).collect())
    }

    fn write(&self, _: &WriterOptions) -> Result<Box<dyn SectionWriter>, EngineError> {
        if self.shared.is_writing.swap(true, Ordering::SeqCst) {
            return Err(EngineError::Busy("another process".into()));
        }
        let writer = MemoryWriter {
            draft: Mutex::new(self.state.catalog.draft()),
            sections: Mutex::new(self.state.sections.clone()),
            id: match (&self.state.id, &self.replaces) {
                (Some(id), _) => Some(id.clone()),
                (None, Some(old)) if !self.is_renamed => old.id.clone(),
                _ => None,
            },
            shared: Arc::clone(&self.shared),
        };
        let last = self.shared.last.lock().expect("a state").clone();
        let is_last = match (&last, &self.replaces) {
            (Some(last), Some(own)) => Arc::ptr_eq(last, own),
            (None, None) => true,
            _ => false,
        };
        match is_last {
            true => Ok(Box::new(writer)),
            false => Err(EngineError::Outdated),
        }
    }

    fn tidy(&self) {}
}

struct MemoryWriter {
    draft: Mutex<CatalogDraft>,
    sections: Mutex<Vec<MemorySection>>,
    id: Option<String>,
    shared: Arc<Shared>,
}

impl SectionWriter for MemoryWriter {
    fn begin(&self, path: &StoredPath, origin: Origin) -> Result<SourceKey, EngineError> {
        Ok(SourceKey(self.draft().add(path, origin)))
    }

    fn add(
        &self,
        source: SourceKey,
        part: ArticlePart,
        article: Article,
    ) -> Result<(), EngineError> {
        let number = self.draft().reserve_article();
        let name = self.draft().next_name(source.0);
        let mut record = part.record(source, article.sections.len(), article.metadata);
        let title = record.metadata.title.clone().unwrap_or_default();
        for (order, section) in (0..).zip(article.sections) {
            let name = if order == 0 { name.as_str() } else { "" };
            let headings = section.heading_text().into_owned();
            let texts = [&title, &headings, &section.text, name];
            let (fields, parts) = (texts.map(words), texts.map(parts));
            for (sum, field) in record.words.iter_mut().zip(&fields) {
                *sum += field.len() as u64;
            }
            self.sections
                .lock()
                .expect("the sections")
                .push(MemorySection {
                    source,
                    article: ArticleKey(number),
                    order,
                    section,
                    fields,
                    parts,
                });
        }
        self.draft().put_article(number, record);
        Ok(())
    }

    fn withdraw(&self, source: SourceKey) -> Result<(), EngineError> {
        let mut sections = self.sections.lock().expect("the sections");
        sections.retain(|own| own.source != source);
        self.draft().withdraw(source.0);
        Ok(())
    }

    fn remove(&self, source: SourceKey) -> Result<(), EngineError> {
        self.withdraw(source)?;
        self.draft().remove(source.0);
        Ok(())
    }

    fn commit(self: Box<Self>, change: CatalogChange) -> Result<(), EngineError> {
        for (source, record) in change.sources {
            self.draft().set(source.0, record);
        }
        let encoded = Catalog::open(Box::new(self.draft().encode()));
        let encoded = encoded.map_err(|error| EngineError::Storage(error.to_string()))?;
        static NEXT_ID: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let new_id = || format!("{:032x}", NEXT_ID.fetch_add(1, Ordering::SeqCst));
        let committed = Committed {
            catalog: Arc::new(encoded),
            settings: change.settings,
            id: Some(self.id.clone().unwrap_or_else(new_id)),
            sections: std::mem::take(&mut *self.sections.lock().expect("the sections")),
        };
        *self.shared.last.lock().expect("a state") = Some(Arc::new(committed));
        Ok(())
    }
}

impl MemoryWriter {
    fn draft(&self) -> std::sync::MutexGuard<'_, CatalogDraft> {
        self.draft.lock().expect("the draft")
    }
}

impl Drop for MemoryWriter {
    fn drop(&mut self) {
        self.shared.is_writing.store(false, Ordering::SeqCst);
    }
}
