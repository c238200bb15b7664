//! The anchors of a segment's sections, written once beside it: an id is told without unpacking the section's text.
//!
//! A table is a file of the state like others; where a state has none of a segment, or the table does not fit it, anchors
//! are read of the stored sections.
//!
//! Many sections have one of few anchors, as templates have it, and most of the others have one of their own. The commonest
//! are listed and told by a byte; the rest are in order, each written by what it does not share with the one before,
//! and that in codes for what often stands together.
//!
//! # Layout
//!
//! All numbers are little-endian; `v` is a variable-length number. Offsets count from the start of the file.
//!
//! | what | how |
//! |---|---|
//! | [`MAGIC`] | 8 bytes |
//! | where the header ends, the documents, the rare anchors | u32, u32, u32 |
//! | the codes, and each with the two, bytes or codes of before, that it stands for | v, 3 bytes, … |
//! | the common anchors, each as a text | v, text, … |
//! | end of the header; for each [`DOC_BLOCK`] documents, where their anchors are told | u32, … |
//! | for each [`RARE_BLOCK`] rare anchors, where they begin | u32, … |
//! | the anchor of each document: a common one's number; above, that of a rare one, see [`DocCode`] | 1, 3 or 5 bytes, … |
//! | the rare anchors: how many bytes each shares with the one before in its block, the rest in codes | byte, text, … |

mod codes;
mod pair_sample;
mod write;

pub(super) use self::write::SegmentAnchors;

use std::ops::Range;

use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::{DocId, HasLen};

use self::codes::PairCodes;
use super::storage::checksums::CheckedFile;
use crate::article::{read_text, read_varint};
use crate::catalog::CatalogBytes;

/// What such a file begins with, its version at the end.
const MAGIC: &[u8; 8] = b"exanchr1";
/// How many documents are told together.
const DOC_BLOCK: usize = 64;
/// How many rare anchors are written together: half of them are read on the way to one.
const RARE_BLOCK: usize = 16;
/// How many common anchors there are at most.
const MOST_COMMON: usize = 192;
/// Before the codes.
const FIXED_BYTES: usize = 8 + 3 * 4;
/// What a document's anchor begins with whose number does not fit into less.
const LONG: u8 = u8::MAX;

/// The name of the table of a segment.
pub(super) fn anchors_name(segment: &str) -> String {
    format!("anchors-{segment}.bin")
}

/// How the anchor of a document is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DocCode {
    /// The common one with this number: a byte below [`MOST_COMMON`].
    Common(u8),
    /// The rare one with this number: a byte from [`MOST_COMMON`] on for what is above 16 bits, and those; or [`LONG`] and
    /// 32 bits.
    Rare(u32),
}

impl DocCode {
    fn write(self, out: &mut Vec<u8>) {
        match self {
            DocCode::Common(number) => out.push(number),
            DocCode::Rare(number) => {
                let high = (number >> 16) as usize + MOST_COMMON;
                match u8::try_from(high).ok().filter(|&high| high != LONG) {
                    Some(high) => {
                        out.push(high);
                        out.extend_from_slice(&(number as u16).to_le_bytes());
                    }
                    None => {
                        out.push(LONG);
                        out.extend_from_slice(&number.to_le_bytes());
                    }
                }
            }
        }
    }

    /// How many bytes one has that begins so.
    fn len(first: u8) -> usize {
        match first {
            LONG => 5,
            _ if usize::from(first) < MOST_COMMON => 1,
            _ => 3,
        }
    }

    /// Reads one from the front of `bytes`.
    fn read(bytes: &[u8]) -> Option<DocCode> {
        let (&first, rest) = bytes.split_first()?;
        Some(match DocCode::len(first) {
            1 => DocCode::Common(first),
            3 => {
                let low = u16::from_le_bytes(rest.get(..2)?.try_into().ok()?);
                let high = usize::from(first) - MOST_COMMON;
                DocCode::Rare((high as u32) << 16 | u32::from(low))
            }
            _ => DocCode::Rare(u32::from_le_bytes(rest.get(..4)?.try_into().ok()?)),
        })
    }
}

/// The anchors of a segment. Of its file is read what is asked for.
pub(super) struct AnchorTable {
    file: CheckedFile,
    docs: usize,
    rare: usize,
    codes: PairCodes,
    common: Vec<String>,
    /// Where the blocks of documents are listed, and those of rare anchors.
    doc_blocks: usize,
    rare_blocks: usize,
}

impl AnchorTable {
    /// The table that this file is; `None` where it is none, or damaged.
    pub(super) fn open(file: CheckedFile) -> Option<AnchorTable> {
        let fixed = file.read_bytes(0..FIXED_BYTES.min(file.len())).ok()?;
        fixed.starts_with(MAGIC).then_some(())?;
        let doc_blocks = file.number_at(8)?;
        let (docs, rare) = (file.number_at(12)?, file.number_at(16)?);
        let rare_blocks = doc_blocks.checked_add(4 * docs.div_ceil(DOC_BLOCK))?;
        let end = rare_blocks.checked_add(4 * rare.div_ceil(RARE_BLOCK))?;
        (FIXED_BYTES <= doc_blocks && end <= file.len()).then_some(())?;
        let header = file.read_bytes(FIXED_BYTES..doc_blocks).ok()?;
        let mut header = header.as_slice();
        let codes = PairCodes::read(&mut header)?;
        let count = read_varint(&mut header).ok()?;
        let text = |_| String::from_utf8(read_text(&mut header).ok()?.to_vec()).ok();
        let common = (0..count).map(text).collect::<Option<Vec<String>>>()?;
        Some(AnchorTable {
            file,
            docs,
            rare,
            codes,
            common,
            doc_blocks,
            rare_blocks,
        })
    }

    /// As it was written.
    pub(super) fn bytes(&self) -> std::io::Result<OwnedBytes> {
        self.file.read_all()
    }

    /// The anchor of a document; `None` where it cannot be told.
    pub(super) fn anchor(&self, doc: DocId) -> Option<String> {
        let doc = doc as usize;
        (doc < self.docs).then_some(())?;
        let last = self.docs.div_ceil(DOC_BLOCK) - 1;
        let rare_start = || match self.rare {
            0 => Some(self.file.len()),
            _ => self.file.number_at(self.rare_blocks),
        };
        let block = self.block(self.doc_blocks, (doc / DOC_BLOCK, last), rare_start)?;
        let mut rest = block.as_slice();
        for _ in 0..doc % DOC_BLOCK {
            rest = rest.get(DocCode::len(*rest.first()?)..)?;
        }
        match DocCode::read(rest)? {
            DocCode::Common(number) => self.common.get(usize::from(number)).cloned(),
            DocCode::Rare(number) => self.rare(number as usize),
        }
    }

    fn rare(&self, number: usize) -> Option<String> {
        (number < self.rare).then_some(())?;
        let last = self.rare.div_ceil(RARE_BLOCK) - 1;
        let end = || Some(self.file.len());
        let block = self.block(self.rare_blocks, (number / RARE_BLOCK, last), end)?;
        let mut rest = block.as_slice();
        let mut anchor = Vec::new();
        for _ in 0..=number % RARE_BLOCK {
            let (&shared, behind) = rest.split_first()?;
            rest = behind;
            anchor.truncate(usize::from(shared));
            self.codes.decode(read_text(&mut rest).ok()?, &mut anchor);
        }
        String::from_utf8(anchor).ok()
    }

    /// The bytes of a block among those listed at `list`; behind the last one is what `end` says.
    fn block(
        &self,
        list: usize,
        (number, last): (usize, usize),
        end: impl Fn() -> Option<usize>,
    ) -> Option<OwnedBytes> {
        let at = list + 4 * number;
        let range: Range<usize> = match number < last {
            true => self.file.number_at(at)?..self.file.number_at(at + 4)?,
            false => self.file.number_at(at)?..end()?,
        };
        (range.start <= range.end && range.end <= self.file.len()).then_some(())?;
        self.file.read_bytes(range).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::embedded::EmbeddedSnapshot;
    use crate::engine::{ArticlePart, CatalogChange, Origin, Snapshot, WriterOptions};
    use crate::source::StoredPath;

    /// An index of so many articles, of which the headings of each section are made.
    fn index_of(folder: &std::path::Path, articles: usize) -> EmbeddedSnapshot {
        let engine = EmbeddedSnapshot::blank(folder).expect("an index");
        let writer = engine.write(&WriterOptions::default()).expect("a writer");
        for i in 0..articles {
            let mut text = String::from("Before all.\n\n");
            for heading in ["Remarks", "See also", "Überblick", "Remarks"] {
                let number = i * 7919 % 10_007;
                text += &format!("# {heading}\n\nx\n\n## {number} devices {heading}\n\ny\n\n");
            }
            let path = StoredPath::from_bytes(format!("{i}.md").as_bytes());
            let source = writer.begin(&path, Origin::Walked).expect("a source");
            let article = crate::format::read_str("markdown", &text);
            let added = writer.add(source, ArticlePart::default(), article);
            added.expect("added");
        }
        writer.commit(CatalogChange::default()).expect("committed");
        EmbeddedSnapshot::open(folder).expect("the index")
    }

    #[test]
    fn the_anchors_are_those_of_the_stored_sections() {
        for articles in [1, 20, 300] {
            let folder = tempfile::tempdir().expect("a folder");
            let engine = index_of(folder.path(), articles);
            let mut seen = std::collections::HashSet::new();
            for segment in &engine.state.segments {
                let table = segment.anchors().expect("a table");
                assert_eq!(articles == 300, table.codes.decodes());
                for doc in 0..segment.max_doc() {
                    let stored = segment.stored(doc).expect("read").expect("a section");
                    assert_eq!(table.anchor(doc), Some(stored.section.anchor.clone()));
                    seen.insert(stored.section.anchor);
                }
                assert_eq!(table.anchor(segment.max_doc()), None);
            }
            assert!(seen.len() > 4 * articles, "{}", seen.len());
        }
    }

    #[test]
    fn the_anchor_of_a_document_reads_back() {
        let most = (u32::from(LONG) - MOST_COMMON as u32) << 16;
        let codes = [
            DocCode::Common(0),
            DocCode::Common(MOST_COMMON as u8 - 1),
            DocCode::Rare(0),
            DocCode::Rare(70_000),
            DocCode::Rare(most - 1),
            DocCode::Rare(most),
            DocCode::Rare(u32::MAX),
        ];
        for code in codes {
            let mut out = Vec::new();
            code.write(&mut out);
            assert_eq!(DocCode::len(out[0]), out.len());
            assert_eq!(DocCode::read(&out), Some(code));
            assert_eq!(DocCode::read(&out[..out.len() - 1]), None);
        }
    }
}
