//! The postings of a query word in one segment: all its forms and fields as one list.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::expand::FormList;
use super::languages::UncountedDocs;
use super::segment::OpenSegment;
use crate::engine::ranking::Counts;
use crate::query::{Field, FormKind};

/// A word with more lists than this, whose positions are not asked for, is added up once into a table.
const MAX_MERGED_LISTS: usize = 16;

fn add_all(counts: &mut Counts, more: Counts) {
    for field in Field::INDEXES {
        counts.exact[field] += more.exact[field];
        counts.others[field] += more.others[field];
        counts.parts[field] += more.parts[field];
    }
}

fn add(counts: &mut Counts, list: &FieldList) {
    counts.of_kind(list.kind)[list.field] += list.postings.term_freq();
}

/// Where a word has fewer entries than this share of the documents, these are sorted instead of laid out.
const SPARSE_SHARE: u64 = 16;

/// The documents that hold a word, with its frequency in each field.
pub(super) enum WordPostings {
    /// The lists side by side.
    Lists(MergedLists),
    /// The documents and their frequencies, added up.
    Table(Table),
}

impl WordPostings {
    /// Opens the postings; positions can be read where `with_positions`.
    pub(super) fn open(
        segment: &OpenSegment,
        lists: &[&FormList],
        with_positions: bool,
    ) -> tantivy::Result<WordPostings> {
        let option = if with_positions {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        let open = |list: &&FormList| -> tantivy::Result<FieldList> {
            let inverted = &segment.inverted[list.field];
            Ok(FieldList {
                field: list.field,
                kind: list.kind,
                postings: inverted.read_postings_from_terminfo(&list.info, option)?,
                left_out: UncountedDocs::new(&list.left_out),
            }
            .begun())
        };
        if lists.len() > MAX_MERGED_LISTS && !with_positions {
            let opened = lists
                .iter()
                .map(open)
                .collect::<tantivy::Result<Vec<_>>>()?;
            let entries: u64 = lists.iter().map(|list| u64::from(list.info.doc_freq)).sum();
            let is_dense = entries * SPARSE_SHARE > u64::from(segment.max_doc());
            return Ok(WordPostings::Table(match is_dense {
                true => Table::dense(opened, segment.max_doc()),
                false => Table::sparse(opened),
            }));
        }
        Ok(WordPostings::Lists(MergedLists::new(
            lists.iter().map(open).collect::<tantivy::Result<_>>()?,
        )))
    }

    /// The current document.
    pub(super) fn doc(&self) -> DocId {
        match self {
            WordPostings::Lists(lists) => lists.doc,
            WordPostings::Table(table) => table.docs.get(table.at).copied().unwrap_or(TERMINATED),
        }
    }

    /// Moves to the first document from `target` on, and not back.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            WordPostings::Lists(lists) => lists.seek(target),
            WordPostings::Table(table) => table.seek(target),
        }
        self.doc()
    }

    /// How often the word stands in each field of the current document.
    pub(super) fn counts(&self) -> Counts {
        match self {
            WordPostings::Lists(lists) => lists.counts(),
            WordPostings::Table(table) => table.counts[table.at],
        }
    }

    /// The fields of the current document in which the word stands, as bits.
    pub(super) fn fields(&self) -> u32 {
        match self {
            WordPostings::Lists(lists) => lists.here().fold(0, |all, list| all | 1 << list.field),
            WordPostings::Table(table) => {
                let counts = &table.counts[table.at];
                let is_in = |field: &usize| counts.all(*field) > 0;
                let fields = Field::INDEXES.into_iter().filter(is_in);
                fields.fold(0, |all, field| all | 1 << field)
            }
        }
    }

    /// The positions in a field of the current document, ascending, into `out`; parts of other words have none.
    pub(super) fn positions(&mut self, field: usize, out: &mut Vec<u32>) {
        out.clear();
        if let WordPostings::Lists(lists) = self {
            lists.positions(field, out);
        }
    }
}

/// The postings of one form in one field.
struct FieldList {
    field: usize,
    kind: FormKind,
    postings: SegmentPostings,
    /// What of them does not count.
    left_out: UncountedDocs,
}

impl FieldList {
    /// The list at its first document that counts.
    fn begun(mut self) -> FieldList {
        self.pass_left_out(self.doc());
        self
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn advance(&mut self) -> DocId {
        let doc = self.postings.advance();
        self.pass_left_out(doc)
    }

    /// Moves to the first document from `target` on, which lies behind the current one.
    fn seek(&mut self, target: DocId) -> DocId {
        let doc = self.postings.seek(target);
        self.pass_left_out(doc)
    }

    /// Moves on from `doc`, where it stands, to one that counts.
    fn pass_left_out(&mut self, mut doc: DocId) -> DocId {
        while self.left_out.has(doc) {
            doc = self.postings.advance();
        }
        doc
    }
}

/// Lists side by side, few enough to look at all of them in each step.
pub(super) struct MergedLists {
    lists: Vec<FieldList>,
    /// The current document: the first of those at which the lists stand.
    doc: DocId,
}

impl MergedLists {
    fn new(lists: Vec<FieldList>) -> MergedLists {
        let first = lists.iter().map(FieldList::doc).min();
        MergedLists {
            lists,
            doc: first.unwrap_or(TERMINATED),
        }
    }

    fn seek(&mut self, target: DocId) {
        if self.doc >= target {
            return;
        }
        self.doc = TERMINATED;
        for list in &mut self.lists {
            let mut doc = list.doc();
            if doc < target {
                doc = list.seek(target);
            }
            self.doc = self.doc.min(doc);
        }
    }

    /// The lists that stand at the current document.
    fn here(&self) -> impl Iterator<Item = &FieldList> {
        let doc = self.doc;
        self.lists.iter().filter(move |list| list.doc() == doc)
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for list in self.here() {
            add(&mut counts, list);
        }
        counts
    }

    fn positions(&mut self, field: usize, out: &mut Vec<u32>) {
        let mut lists = 0;
        for list in &mut self.lists {
            let has_positions = list.field == field && list.kind != FormKind::Part;
            if has_positions && list.doc() == self.doc {
                list.postings.append_positions_with_offset(0, out);
                lists += 1;
            }
        }
        if lists > 1 {
            out.sort_unstable();
        }
    }
}

/// Documents in order and their frequencies.
pub(super) struct Table {
    docs: Vec<DocId>,
    counts: Vec<Counts>,
    at: usize,
}

impl Table {
    /// By a place for each document of the segment; only the kinds that occur have places.
    fn dense(lists: Vec<FieldList>, max_doc: DocId) -> Table {
        let len = max_doc as usize;
        let mut is_in = vec![0_u8; len];
        let mut by_kind: [Vec<[u32; Field::COUNT]>; 3] = Default::default();
        for mut list in lists {
            let own = &mut by_kind[list.kind as usize];
            if own.is_empty() {
                *own = vec![[0; Field::COUNT]; len];
            }
            while list.doc() != TERMINATED {
                let doc = list.doc() as usize;
                own[doc][list.field] += list.postings.term_freq();
                is_in[doc] = 1;
                list.advance();
            }
        }
        let docs = (0..max_doc).filter(|&doc| is_in[doc as usize] != 0);
        let docs: Vec<DocId> = docs.collect();
        let of = |kind: FormKind, doc: DocId| {
            let own = by_kind[kind as usize].get(doc as usize);
            own.copied().unwrap_or_default()
        };
        let counts = docs.iter().map(|&doc| Counts {
            exact: of(FormKind::Written, doc),
            others: of(FormKind::Other, doc),
            parts: of(FormKind::Part, doc),
            ..Counts::default()
        });
        Table {
            counts: counts.collect(),
            docs,
            at: 0,
        }
    }

    /// By sorting the documents of all lists.
    fn sparse(lists: Vec<FieldList>) -> Table {
        let mut entries = Vec::new();
        for mut list in lists {
            while list.doc() != TERMINATED {
                let mut counts = Counts::default();
                add(&mut counts, &list);
                entries.push((list.doc(), counts));
                list.advance();
            }
        }
        entries.sort_unstable_by_key(|(doc, _)| *doc);
        let (mut docs, mut counts) = (Vec::new(), Vec::<Counts>::new());
        for (doc, more) in entries {
            match counts.last_mut().filter(|_| docs.last() == Some(&doc)) {
                Some(last) => add_all(last, more),
                None => {
                    docs.push(doc);
                    counts.push(more);
                }
            }
        }
        Table {
            docs,
            counts,
            at: 0,
        }
    }

    fn seek(&mut self, target: DocId) {
        self.at += self.docs[self.at..].partition_point(|&doc| doc < target);
    }
}
