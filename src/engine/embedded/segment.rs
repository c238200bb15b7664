//! One opened segment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::postings::TermInfo;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, InvertedIndexReader, Segment, SegmentReader, TERMINATED};

use super::anchors::AnchorTable;
use super::bounds::BoundTable;
use super::document::StoredFields;
use super::fuzzy::FormAutomata;
use super::languages::SegmentLanguages;
use super::number_column::NumberColumn;
use super::schema::{Fields, LEN_NAMES};
use super::stem_table::ClassTable;
use super::storage::checksums::{CheckedFile, Damage};
use crate::engine::stored_section::decode_section;
use crate::engine::{SectionKey, StoredSection};
use crate::query::Field as TextField;

/// How many blocks of stored sections are kept decompressed.
const STORE_CACHE_BLOCKS: usize = 16;

/// The key of a document of the `segment`-th segment.
pub(super) fn key_of(segment: u32, doc: DocId) -> SectionKey {
    SectionKey(u64::from(segment) << 32 | u64::from(doc))
}

/// The segment and the document that a key stands for.
pub(super) fn place_of(key: SectionKey) -> (u32, DocId) {
    ((key.0 >> 32) as u32, key.0 as u32)
}

/// A segment, its dictionaries and its columns.
pub(super) struct OpenSegment {
    reader: SegmentReader,
    /// The dictionaries of title, heading, body and name.
    pub(super) inverted: [Arc<InvertedIndexReader>; TextField::COUNT],
    automata: OnceLock<FormAutomata>,
    /// The forms of each class, where they are written.
    pub(super) classes: Option<ClassTable>,
    bounds: LazyTable<BoundTable>,
    anchors: LazyTable<AnchorTable>,
    article: NumberColumn,
    order: NumberColumn,
    lens: [NumberColumn; TextField::MEASURED],
    pub(super) languages: SegmentLanguages,
    store: OnceLock<StoreReader>,
    deleted: OnceLock<Vec<DocId>>,
    /// The live df of lists that were counted, by field and by where their postings begin.
    live_dfs: Mutex<HashMap<(usize, usize), u64>>,
}

/// What is written beside a segment, as far as it is.
pub(super) struct SegmentTables {
    pub(super) classes: Option<ClassTable>,
    pub(super) bounds: Option<CheckedFile>,
    pub(super) anchors: Option<CheckedFile>,
}

impl OpenSegment {
    /// Opens a segment of a state in which this damage is noted.
    pub(super) fn open(
        segment: &Segment,
        tables: SegmentTables,
        damage: &Damage,
    ) -> tantivy::Result<OpenSegment> {
        let reader = SegmentReader::open(segment)?;
        let column = |name| NumberColumn::of(&reader, name, damage);
        let [title, heading, body, name] = Fields::OWN.text;
        Ok(OpenSegment {
            inverted: [
                reader.inverted_index(title)?,
                reader.inverted_index(heading)?,
                reader.inverted_index(body)?,
                reader.inverted_index(name)?,
            ],
            automata: OnceLock::new(),
            classes: tables.classes,
            bounds: LazyTable::of(tables.bounds),
            anchors: LazyTable::of(tables.anchors),
            article: column("article"),
            order: column("order"),
            lens: LEN_NAMES.map(column),
            languages: SegmentLanguages::open(&reader, damage)?,
            store: OnceLock::new(),
            deleted: OnceLock::new(),
            live_dfs: Mutex::default(),
            reader,
        })
    }

    pub(super) fn reader(&self) -> &SegmentReader {
        &self.reader
    }

    /// The dictionaries of title, heading, body and name, to be walked along an automaton.
    pub(super) fn automata(&self) -> tantivy::Result<&FormAutomata> {
        if let Some(automata) = self.automata.get() {
            return Ok(automata);
        }
        let opened = FormAutomata::open(&self.reader, Fields::OWN.text)?;
        Ok(self.automata.get_or_init(|| opened))
    }

    /// One more than the last document.
    pub(super) fn max_doc(&self) -> DocId {
        self.reader.max_doc()
    }

    pub(super) fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }

    pub(super) fn article_of(&self, doc: DocId) -> u32 {
        self.article.get(doc) as u32
    }

    pub(super) fn order_of(&self, doc: DocId) -> u32 {
        self.order.get(doc) as u32
    }

    /// The words of a text field of a document.
    pub(super) fn len_of(&self, doc: DocId, field: usize) -> u64 {
        self.lens[field].get(doc)
    }

    /// Opens what is else opened when it is first asked for, so that no damage is met later.
    pub(super) fn open_columns(&self) {
        if self.max_doc() > 0 {
            self.article_of(0);
            self.order_of(0);
            self.lens.iter().for_each(|len| {
                len.get(0);
            });
            self.languages.of(0);
        }
    }

    /// The deleted documents, in order.
    pub(super) fn deleted(&self) -> &[DocId] {
        self.deleted
            .get_or_init(|| match self.reader.alive_bitset() {
                Some(alive) => (0..self.max_doc())
                    .filter(|&doc| alive.is_deleted(doc))
                    .collect(),
                None => Vec::new(),
            })
    }

    /// The bounds of its lists, where they are written.
    pub(super) fn bounds(&self) -> Option<&BoundTable> {
        self.bounds.get(BoundTable::open)
    }

    /// The anchors of its sections, where they are written.
    pub(super) fn anchors(&self) -> Option<&AnchorTable> {
        self.anchors.get(AnchorTable::open)
    }

    /// The anchor of a section, without its text where that is written apart; `None` where it is damaged.
    pub(super) fn anchor(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        if let Some(anchor) = self.anchors().and_then(|table| table.anchor(doc)) {
            return Ok(Some(anchor));
        }
        let stored = self.stored(doc)?;
        Ok(stored.map(|stored| stored.section.anchor))
    }

    /// In how many live sections a list of a field stands.
    pub(super) fn live_df(&self, field: usize, info: &TermInfo) -> tantivy::Result<u64> {
        if self.deleted().is_empty() {
            return Ok(u64::from(info.doc_freq));
        }
        let known = || {
            let known = self.live_dfs.lock();
            known.unwrap_or_else(PoisonError::into_inner)
        };
        let key = (field, info.postings_range.start);
        if let Some(&df) = known().get(&key) {
            return Ok(df);
        }
        let df = self.count_live(field, info)?;
        known().insert(key, df);
        Ok(df)
    }

    /// All sections of a list less the deleted ones. Whichever are fewer are looked through.
    fn count_live(&self, field: usize, info: &TermInfo) -> tantivy::Result<u64> {
        let inverted = &self.inverted[field];
        let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        let deleted = self.deleted();
        if (info.doc_freq as usize) < deleted.len() {
            let mut live = 0;
            while postings.doc() != TERMINATED {
                live += u64::from(self.is_alive(postings.doc()));
                postings.advance();
            }
            return Ok(live);
        }
        let mut gone = 0;
        for &doc in deleted {
            let at = match postings.doc() < doc {
                true => postings.seek(doc),
                false => postings.doc(),
            };
            if at == TERMINATED {
                break;
            }
            gone += u64::from(at == doc);
        }
        Ok(u64::from(info.doc_freq) - gone)
    }

    /// Calls `each` for the live sections of a source: their article, their order in it, and their document.
    pub(super) fn each_of(
        &self,
        source: u32,
        mut each: impl FnMut(u32, u32, DocId),
    ) -> tantivy::Result<()> {
        let inverted = self.reader.inverted_index(Fields::OWN.source)?;
        let term = Term::from_field_u64(Fields::OWN.source, u64::from(source));
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(());
        };
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            if self.is_alive(doc) {
                each(self.article_of(doc), self.order_of(doc), doc);
            }
            postings.advance();
        }
        Ok(())
    }

    /// A stored section; `None` where it is damaged.
    pub(super) fn stored(&self, doc: DocId) -> tantivy::Result<Option<StoredSection>> {
        if doc >= self.max_doc() {
            return Ok(None);
        }
        let store = match self.store.get() {
            Some(store) => store,
            None => {
                let opened = self.reader.get_store_reader(STORE_CACHE_BLOCKS)?;
                self.store.get_or_init(|| opened)
            }
        };
        let StoredFields { body, stored } = store.get(doc)?;
        let section = stored.and_then(|stored| decode_section(&stored, body.unwrap_or_default()));
        Ok(section.map(|section| StoredSection {
            order: self.order_of(doc),
            section,
        }))
    }
}

/// A table beside a segment, opened when it is first asked for.
struct LazyTable<T> {
    /// Its file, where there is one, until then.
    file: Mutex<Option<CheckedFile>>,
    table: OnceLock<Option<T>>,
}

impl<T> LazyTable<T> {
    fn of(file: Option<CheckedFile>) -> LazyTable<T> {
        LazyTable {
            file: Mutex::new(file),
            table: OnceLock::new(),
        }
    }

    /// The table; `None` where there is none, or `open` finds it damaged.
    fn get(&self, open: impl FnOnce(CheckedFile) -> Option<T>) -> Option<&T> {
        let open = || {
            let file = self.file.lock();
            open(file.unwrap_or_else(PoisonError::into_inner).take()?)
        };
        self.table.get_or_init(open).as_ref()
    }
}
