//! Which sources a document is judged against: not itself, and no copy of it.

use std::collections::{BTreeSet, HashSet};

use crate::search::{Coverage, Error, Index, Selection};
use crate::source::{BYTE_ORDER_MARK, StoredPath, content_hash};

/// A document under check, as a source would be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderCheck {
    /// Its paths, as the index keeps them; none for standard input.
    pub paths: Vec<StoredPath>,
    /// The sizes and hashes of its content, as it is and with other line ends or another byte order mark.
    contents: HashSet<(u64, u128)>,
}

impl UnderCheck {
    /// A document at these paths with this content.
    #[must_use]
    pub fn new(paths: Vec<StoredPath>, bytes: &[u8]) -> UnderCheck {
        UnderCheck {
            paths,
            contents: variants(bytes)
                .iter()
                .map(|bytes| (bytes.len() as u64, content_hash(bytes)))
                .collect(),
        }
    }
}

/// What editors and version control make of a text: with LF or CRLF, with or without a byte order mark, with or without
/// the end of the last line.
fn variants(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut lines = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let is_end = byte == b'\r' && text.get(at + 1) == Some(&b'\n');
        if !is_end {
            lines.push(byte);
        }
        at += 1;
    }
    let bare = lines.strip_suffix(b"\n").unwrap_or(&lines).to_vec();
    let with_crlf = |text: &[u8]| {
        let mut all = Vec::with_capacity(text.len());
        for &byte in text {
            if byte == b'\n' {
                all.push(b'\r');
            }
            all.push(byte);
        }
        all
    };
    let ended = [bare.as_slice(), b"\n"].concat();
    let ends = [with_crlf(&bare), with_crlf(&ended), bare, ended];
    let marked = ends.iter().map(|text| [BYTE_ORDER_MARK, text].concat());
    let mut all: Vec<Vec<u8>> = marked.collect();
    all.push(bytes.to_vec());
    all.extend(ends);
    all
}

/// The sources that documents are judged against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuoteSources {
    /// Those of each document, in their order.
    pub of_documents: Vec<Selection>,
    /// All that were left out for some document, by path.
    pub left_out: Vec<StoredPath>,
    /// Those of them that were left out for all documents.
    of_none: Vec<StoredPath>,
}

impl QuoteSources {
    /// The sources of `index` below the paths that were named, or all, without the documents and their copies. A document
    /// that was named as a source is left out for its own quotations alone.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn new(
        index: &Index,
        documents: &[UnderCheck],
        named: &[StoredPath],
    ) -> Result<QuoteSources, Error> {
        let own = same_sources(index, documents)?;
        let is_within = |path: &StoredPath| path.is_under_any(named);
        let all: BTreeSet<&StoredPath> = own.iter().flatten().collect();
        let of_none: HashSet<&StoredPath> = all
            .iter()
            .copied()
            .filter(|path| !is_within(path))
            .collect();
        let of_document = |own: &Vec<StoredPath>| {
            let is_left_out = |path: &&&StoredPath| of_none.contains(**path) || own.contains(path);
            let without = all.iter().filter(is_left_out);
            Selection {
                within: named.to_vec(),
                without: without.map(|&path| path.clone()).collect(),
            }
        };
        // Where sources are named, others are none anyway.
        let counts = |path: &&&StoredPath| named.is_empty() || is_within(path);
        let none_for_all = all
            .iter()
            .filter(|path| named.is_empty() && of_none.contains(**path));
        Ok(QuoteSources {
            of_documents: own.iter().map(of_document).collect(),
            left_out: all
                .iter()
                .filter(counts)
                .map(|&path| path.clone())
                .collect(),
            of_none: none_for_all.map(|&path| path.clone()).collect(),
        })
    }

    /// What is left of a coverage without the sources that are none for all documents.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn covered(&self, index: &Index, coverage: Coverage) -> Result<Coverage, Error> {
        if self.of_none.is_empty() {
            return Ok(coverage);
        }
        let none = index.coverage(&self.of_none)?;
        Ok(Coverage {
            files: coverage.files.saturating_sub(none.files),
            articles: coverage.articles.saturating_sub(none.articles),
            sections: coverage.sections.saturating_sub(none.sections),
            ..coverage
        })
    }
}

/// The sources that are each document, or have the same bytes but for line ends and a byte order mark.
fn same_sources(index: &Index, documents: &[UnderCheck]) -> Result<Vec<Vec<StoredPath>>, Error> {
    let contents = documents.iter().flat_map(|document| &document.contents);
    let found = index.sources_with(&contents.copied().collect())?;
    let of_document = |document: &UnderCheck| {
        let mut own = Vec::new();
        for path in &document.paths {
            if index.knows(path)? {
                own.push(path.clone());
            }
        }
        let same = found
            .iter()
            .filter(|(_, content)| document.contents.contains(content));
        own.extend(same.map(|(path, _)| path.clone()));
        Ok(own)
    };
    documents.iter().map(of_document).collect()
}
