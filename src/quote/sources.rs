//! Which sources a document is judged against: not itself, and no copy of it.

use std::collections::HashSet;

use twox_hash::XxHash3_128;

use crate::catalog::Catalog;
use crate::search::{Coverage, Index, Selection};
use crate::source::StoredPath;

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
                .map(|bytes| (bytes.len() as u64, XxHash3_128::oneshot(bytes)))
                .collect(),
        }
    }
}

/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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
    of_none: Vec<u32>,
}

impl QuoteSources {
    /// The sources of `index` below the paths that were named, or all, without the documents and their copies. A document
    /// that was named as a source is left out for its own quotations alone.
    #[must_use]
    pub fn new(index: &Index, documents: &[UnderCheck], named: &[StoredPath]) -> QuoteSources {
        let catalog = index.catalog();
        let own: Vec<Vec<u32>> = same_sources(catalog, documents);
        let path = |source: u32| StoredPath::from_bytes(catalog.path_bytes(source));
        let is_within = |path: &StoredPath| named.iter().any(|folder| path.is_under(folder));
        let mut all: Vec<u32> = own.iter().flatten().copied().collect();
        all.sort_unstable_by_key(|&source| catalog.rank(source));
        all.dedup();
        let of_none: Vec<u32> = all
            .iter()
            .copied()
            .filter(|&source| !is_within(&path(source)))
            .collect();
        let of_document = |own: &Vec<u32>| {
            let without: HashSet<u32> = of_none.iter().chain(own).copied().collect();
            let without = all.iter().filter(|source| without.contains(source));
            Selection {
                within: named.to_vec(),
                without: without.map(|&source| path(source)).collect(),
            }
        };
        // Where sources are named, others are none anyway.
        let counts = |source: &&u32| named.is_empty() || is_within(&path(**source));
        QuoteSources {
            of_documents: own.iter().map(of_document).collect(),
            left_out: all
                .iter()
                .filter(counts)
                .map(|&source| path(source))
                .collect(),
            of_none: of_none.into_iter().filter(|_| named.is_empty()).collect(),
        }
    }

    /// What is left of a coverage without the sources that are none for all documents.
    #[must_use]
    pub fn covered(&self, index: &Index, coverage: Coverage) -> Coverage {
        let catalog = index.catalog();
        let indexed = self
            .of_none
            .iter()
            .filter(|&&source| catalog.is_indexed(source));
        let mut coverage = coverage;
        for &source in indexed {
            let sections = catalog.outcome(source).map_or(0, |(_, sections)| sections);
            coverage.files = coverage.files.saturating_sub(1);
            let articles = u64::from(catalog.count_articles(source));
            coverage.articles = coverage.articles.saturating_sub(articles);
            coverage.sections = coverage.sections.saturating_sub(u64::from(sections));
        }
        coverage
    }
}

/// The sources that are each document, or have the same bytes but for line ends and a byte order mark.
fn same_sources(catalog: &Catalog, documents: &[UnderCheck]) -> Vec<Vec<u32>> {
    let by_path = |document: &UnderCheck| -> Vec<u32> {
        document
            .paths
            .iter()
            .filter_map(|path| catalog.find(path))
            .collect()
    };
    let mut own: Vec<Vec<u32>> = documents.iter().map(by_path).collect();
    let contents = documents.iter().flat_map(|document| &document.contents);
    let sizes: HashSet<u64> = contents.map(|&(size, _)| size).collect();
    for source in catalog.sources() {
        let size = catalog.stat(source).map(|stat| stat.size);
        if !size.is_some_and(|size| sizes.contains(&size)) {
            continue;
        }
        let Some(record) = catalog.source(source) else {
            continue;
        };
        for (document, own) in documents.iter().zip(&mut own) {
            if document.contents.contains(&(record.stat.size, record.hash)) {
                own.push(source);
            }
        }
    }
    own
}
