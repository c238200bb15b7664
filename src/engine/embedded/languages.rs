//! Which sections of a segment are told which language, and which of a list's are left out for that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::number_column::NumberColumn;
use super::schema::Fields;
use super::storage::checksums::Damage;
use crate::analysis::{Language, LanguageSet};

/// The languages of a segment's sections.
pub(super) struct SegmentLanguages {
    /// The sections of each language.
    inverted: Arc<InvertedIndexReader>,
    /// The code of each section's language.
    codes: NumberColumn,
    /// The languages that occur, that none is told among them.
    told: OnceLock<Vec<ToldLanguage>>,
    /// The sections that are told none of some languages, where they are few.
    others: Mutex<Vec<(LanguageSet, Arc<[DocId]>)>>,
    /// What was found to be left out.
    left_out: Mutex<LeftOutLists>,
}

/// So many sections are held at most that are told none of some languages; more are looked up one by one.
const MOST_OTHERS: u64 = 1 << 16;

/// What was found to be left out of lists, so that a word that is asked for again is not looked through again.
#[derive(Default)]
struct LeftOutLists {
    /// By field, by where the list's postings begin, and by the sections that count.
    known: HashMap<(usize, usize, LanguageSet), Arc<[DocId]>>,
    /// How many documents they hold together.
    docs: usize,
}

/// So many documents are kept at most: 16 MiB.
const MOST_KEPT_DOCS: usize = 4 << 20;

impl LeftOutLists {
    fn keep(&mut self, key: (usize, usize, LanguageSet), docs: &Arc<[DocId]>) {
        if self.docs + docs.len() > MOST_KEPT_DOCS {
            *self = LeftOutLists::default();
        }
        self.docs += docs.len();
        self.known.insert(key, Arc::clone(docs));
    }
}

struct ToldLanguage {
    language: LanguageSet,
    sections: TermInfo,
}

impl SegmentLanguages {
    pub(super) fn open(
        reader: &SegmentReader,
        damage: &Damage,
    ) -> tantivy::Result<SegmentLanguages> {
        Ok(SegmentLanguages {
            inverted: reader.inverted_index(Fields::OWN.language)?,
            codes: NumberColumn::of(reader, "language", damage),
            told: OnceLock::new(),
            others: Mutex::default(),
            left_out: Mutex::default(),
        })
    }

    /// The language that a section is told.
    pub(super) fn of(&self, doc: DocId) -> Option<Language> {
        language_of(self.codes.get(doc))
    }

    /// The sections of a list of a text field, in order, that are told none of these languages. `inverted` is the field's.
    pub(super) fn left_out(
        &self,
        (field, inverted): (usize, &InvertedIndexReader),
        info: &TermInfo,
        counted: LanguageSet,
    ) -> tantivy::Result<Arc<[DocId]>> {
        let is_other = |told: &&ToldLanguage| !counted.holds(told.language);
        let told = self.told()?;
        if !told.iter().any(|told| is_other(&told)) {
            return Ok(Arc::default());
        }
        let lists = || {
            let lists = self.left_out.lock();
            lists.unwrap_or_else(PoisonError::into_inner)
        };
        let key = (field, info.postings_range.start, counted);
        if let Some(docs) = lists().known.get(&key) {
            return Ok(Arc::clone(docs));
        }
        let others: Vec<&ToldLanguage> = told.iter().filter(is_other).collect();
        let of_others: u64 = others
            .iter()
            .map(|own| u64::from(own.sections.doc_freq))
            .sum();
        // Whichever are fewer are looked through.
        let is_met = of_others <= MOST_OTHERS && of_others < u64::from(info.doc_freq);
        let docs: Arc<[DocId]> = match is_met {
            true => SegmentLanguages::met(inverted, info, &self.others(counted, &others)?)?.into(),
            false => self.looked_through(inverted, info, counted)?.into(),
        };
        lists().keep(key, &docs);
        Ok(docs)
    }

    /// Those of these sections that a list has.
    fn met(
        inverted: &InvertedIndexReader,
        info: &TermInfo,
        sections: &[DocId],
    ) -> tantivy::Result<Vec<DocId>> {
        let basic = IndexRecordOption::Basic;
        let mut list = inverted.read_block_postings_from_terminfo(info, basic)?;
        let mut found = Vec::new();
        let mut rest = sections;
        while let Some(&doc) = rest.first() {
            let at = list.seek(doc);
            let Some(behind) = list.docs().get(at..).filter(|docs| !docs.is_empty()) else {
                break;
            };
            // Both are in order: what is left of the block meets what is left of the sections.
            let end = behind.last().copied().unwrap_or(doc);
            let here = rest.partition_point(|&own| own <= end);
            let own = rest.iter().take(here);
            found.extend(own.filter(|own| behind.binary_search(own).is_ok()));
            rest = rest.get(here..).unwrap_or_default();
        }
        Ok(found)
    }

    /// The sections that are told one of these languages, in order.
    fn sections_of(&self, languages: &[&ToldLanguage]) -> tantivy::Result<Vec<DocId>> {
        let mut sections = Vec::new();
        for language in languages {
            let info = &language.sections;
            let basic = IndexRecordOption::Basic;
            let mut own = self.inverted.read_postings_from_terminfo(info, basic)?;
            while own.doc() != TERMINATED {
                sections.push(own.doc());
                own.advance();
            }
        }
        sections.sort_unstable();
        Ok(sections)
    }

    /// The sections that are told none of these languages, `others` being the languages that are left; kept for the
    /// lists of a query's other forms.
    fn others(
        &self,
        counted: LanguageSet,
        others: &[&ToldLanguage],
    ) -> tantivy::Result<Arc<[DocId]>> {
        let mut kept = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, sections)) = kept.iter().find(|(own, _)| *own == counted) {
            return Ok(Arc::clone(sections));
        }
        let sections: Arc<[DocId]> = self.sections_of(others)?.into();
        kept.push((counted, Arc::clone(&sections)));
        Ok(sections)
    }

    /// The sections of a list that are told none of these languages.
    fn looked_through(
        &self,
        inverted: &InvertedIndexReader,
        info: &TermInfo,
        counted: LanguageSet,
    ) -> tantivy::Result<Vec<DocId>> {
        let basic = IndexRecordOption::Basic;
        let mut list = inverted.read_postings_from_terminfo(info, basic)?;
        let mut found = Vec::new();
        while list.doc() != TERMINATED {
            let told = LanguageSet::of(self.of(list.doc()));
            if !counted.holds(told) {
                found.push(list.doc());
            }
            list.advance();
        }
        Ok(found)
    }

    fn told(&self) -> tantivy::Result<&[ToldLanguage]> {
        if let Some(told) = self.told.get() {
            return Ok(told);
        }
        let mut told = Vec::new();
        let mut terms = self.inverted.terms().stream()?;
        while terms.advance() {
            let code = terms.key().try_into().map_or(0, u64::from_be_bytes);
            told.push(ToldLanguage {
                language: LanguageSet::of(language_of(code)),
                sections: terms.value().clone(),
            });
        }
        Ok(self.told.get_or_init(|| told))
    }
}

fn language_of(code: u64) -> Option<Language> {
    u8::try_from(code).ok().and_then(Language::of_code)
}

/// The documents of a list that are left out, passed by one after the other.
#[derive(Clone)]
pub(super) struct UncountedDocs {
    docs: Arc<[DocId]>,
    at: usize,
}

impl UncountedDocs {
    pub(super) fn new(docs: &Arc<[DocId]>) -> UncountedDocs {
        UncountedDocs {
            docs: Arc::clone(docs),
            at: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// Whether a document is left out; none that lies before is asked for afterwards.
    pub(super) fn has(&mut self, doc: DocId) -> bool {
        match self.docs.get(self.at) {
            Some(&next) if next < doc => {
                let rest = self.docs.get(self.at..).unwrap_or_default();
                self.at += rest.partition_point(|&own| own < doc);
                self.docs.get(self.at) == Some(&doc)
            }
            next => next == Some(&doc),
        }
    }
}
