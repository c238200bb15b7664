//! Reads the articles of a catalog.

use super::encode::UNIT_INNER;
use super::layout::{ARTICLE_ENTRY_LEN, ARTICLE_LEN, FIELDS, NO_ARTICLE, VACANT};
use super::read::{Catalog, CatalogError};
use super::records::{ArticleRecord, Outcome, Record, SourceCounts, SourceFilter, SourceKey};
use crate::analysis::Language;
use crate::article::{FilterFacts, Metadata, PartPath};
use crate::source::{ReasonKind, StoredPath};

impl Catalog {
    /// The numbers of the articles of a source, in their order.
    pub fn articles_of(&self, source: u32) -> impl Iterator<Item = u32> + '_ {
        let list = || {
            let at = self.record_start(source).filter(|_| self.layout.is_own())?;
            Some((self.bytes.u32_at(at + 76)?, self.bytes.u32_at(at + 80)?))
        };
        let (first, count) = list().unwrap_or((0, 0));
        (first..first.saturating_add(count))
            .map_while(|i| self.bytes.u32_at(self.parts.lists + 4 * i as usize))
    }

    /// The article of a source that is this part of it.
    #[must_use]
    pub fn find_part(&self, source: u32, part: &PartPath) -> Option<u32> {
        self.articles_of(source)
            .find(|&article| self.part(article).as_ref() == Some(part))
    }

    /// The number of an article's source.
    #[must_use]
    pub fn source_of(&self, article: u32) -> Option<u32> {
        self.bytes.u32_at(self.article_start(article)?)
    }

    /// The place of an article among all, by the path of its source and its order there; the largest number for one that
    /// is not there.
    #[must_use]
    pub fn article_rank(&self, article: u32) -> u32 {
        let entry = self.article_entry(article);
        entry
            .and_then(|at| self.bytes.u32_at(at + 8))
            .unwrap_or(VACANT)
    }

    /// The part of its source that an article is.
    #[must_use]
    pub fn part(&self, article: u32) -> Option<PartPath> {
        let (part, _) = self.string_at(self.article_start(article)? + ARTICLE_LEN)?;
        PartPath::decode(part)
    }

    /// The language that an article is told.
    #[must_use]
    pub fn language(&self, article: u32) -> Option<Language> {
        let at = self.article_start(article)?;
        Language::of_code(self.bytes.byte_at(at + 14)?)
    }

    /// What is known of an article; `None` for one that is not there.
    #[must_use]
    pub fn article(&self, article: u32) -> Option<ArticleRecord> {
        let at = self.article_start(article)?;
        let mut words = [0; FIELDS];
        for (field, words) in words.iter_mut().enumerate() {
            *words = self.bytes.u64_at(at + 17 + 8 * field)?;
        }
        let mut next = at + ARTICLE_LEN;
        let mut string = || -> Option<&[u8]> {
            let (bytes, end) = self.string_at(next)?;
            next = end;
            Some(bytes)
        };
        let part = PartPath::decode(string()?)?;
        let mut text = || -> Option<Option<String>> {
            let text = std::str::from_utf8(string()?).ok()?;
            Some(text.strip_prefix('=').map(str::to_string))
        };
        let (title, date, lang, url) = (text()?, text()?, text()?, text()?);
        let authors = self.bytes.byte_at(next)?;
        next += 1;
        let mut names = Vec::with_capacity(usize::from(authors));
        for _ in 0..authors {
            let (bytes, end) = self.string_at(next)?;
            next = end;
            names.push(std::str::from_utf8(bytes).ok()?.to_string());
        }
        let metadata = Metadata {
            title,
            date,
            authors: names,
            lang,
            url,
        };
        Some(ArticleRecord {
            source: SourceKey(self.bytes.u32_at(at)?),
            order: self.bytes.u32_at(at + 4)?,
            sections: self.bytes.u32_at(at + 8)?,
            part,
            is_inner: self.bytes.byte_at(at + 15)? == UNIT_INNER,
            words,
            metadata,
        })
    }

    /// What is known of an article and its source; `None` for one that is not there.
    #[must_use]
    pub fn record(&self, article: u32) -> Option<Record> {
        let article = self.article(article)?;
        Some(Record {
            source: self.source(article.source.0)?,
            article,
        })
    }

    /// Whether each article lies within these paths, by number: its source is one of them or below one, or its own path
    /// is, `path!/part`.
    #[must_use]
    pub fn within(&self, paths: &[StoredPath]) -> Vec<bool> {
        // Only a path with the mark of parts can name one.
        let name_parts = paths.iter().any(|path| path.as_bytes().contains(&b'!'));
        self.check();
        let mut selected = vec![false; self.article_slots() as usize];
        for source in self.sources() {
            let path = self.path(source);
            let is_whole = path.is_under_any(paths);
            if !is_whole && !name_parts {
                continue;
            }
            let text = path.to_text();
            let is_named = |path: &str| StoredPath::from_bytes(path.as_bytes()).is_under_any(paths);
            let is_part = |article| {
                let inner = self.part(article).and_then(|part| part.below(&text));
                let facts = FilterFacts {
                    path: &text,
                    inner: inner.as_deref(),
                    ..FilterFacts::default()
                };
                facts.inner.is_some_and(is_named) || facts.outer_parts().any(is_named)
            };
            for article in self.articles_of(source) {
                if let Some(selected) = selected.get_mut(article as usize) {
                    *selected = is_whole || is_part(article);
                }
            }
        }
        selected
    }

    /// Whether each article is within some paths, by number, all where there are none, and of none of these sources.
    #[must_use]
    pub fn selected(&self, within: &[StoredPath], without: &[StoredPath]) -> Vec<bool> {
        let mut selected = match within.is_empty() {
            true => vec![true; self.article_slots() as usize],
            false => self.within(within),
        };
        let without = without.iter().filter_map(|path| self.find(path));
        for article in without.flat_map(|source| self.articles_of(source)) {
            if let Some(is_selected) = selected.get_mut(article as usize) {
                *is_selected = false;
            }
        }
        selected
    }

    /// What is known of the sources below these paths, counted; of all where there are none.
    ///
    /// # Errors
    /// Where a source or an article cannot be read.
    pub fn counts(&self, within: &[StoredPath]) -> Result<SourceCounts, CatalogError> {
        let mut counts = SourceCounts::default();
        let is_within = match within.is_empty() {
            true => Vec::new(),
            false => self.within(within),
        };
        for row in self.rows(SourceFilter::default()) {
            let row = row?;
            if !within.is_empty() && !row.path().is_under_any(within) {
                self.count_parts(row.key, &is_within, &mut counts)?;
                continue;
            }
            match row.record.outcome {
                Outcome::Indexed => {
                    counts.files += 1;
                    counts.articles += u64::from(row.articles);
                    counts.parts_passed_over += u64::from(row.record.passed_over);
                    counts.sections += u64::from(row.record.sections);
                }
                Outcome::Unread(reason) if reason.kind() == ReasonKind::Failed => {
                    counts.unreadable += 1;
                }
                Outcome::Unread(_) => counts.skipped += 1,
            }
        }
        Ok(counts)
    }

    /// Counts the parts of a source that lie within what was named, which the source does not.
    fn count_parts(
        &self,
        source: SourceKey,
        is_within: &[bool],
        counts: &mut SourceCounts,
    ) -> Result<(), CatalogError> {
        let is_named = |&article: &u32| is_within.get(article as usize) == Some(&true);
        let mut parts = 0;
        for article in self.articles_of(source.0).filter(is_named) {
            let part = self.article(article).ok_or(CatalogError)?;
            counts.sections += u64::from(part.sections);
            parts += 1;
        }
        counts.files += u64::from(parts > 0);
        counts.articles += parts;
        Ok(())
    }

    /// Whether each article passes, by number.
    pub fn select(&self, mut passes: impl FnMut(&FilterFacts<'_>) -> bool) -> Vec<bool> {
        self.check();
        let mut selected = vec![false; self.article_slots() as usize];
        for source in self.sources() {
            let path = self.path(source);
            let path = path.to_text();
            for number in self.articles_of(source) {
                let Some(article) = self.article(number) else {
                    continue;
                };
                let inner = article.part.below(&path);
                if let Some(selected) = selected.get_mut(number as usize) {
                    *selected = passes(&article.facts(&path, inner.as_deref()));
                }
            }
        }
        selected
    }

    /// The bytes of an article's record.
    pub(super) fn article_bytes(&self, article: u32) -> Option<&[u8]> {
        let at = self.article_start(article)?;
        let mut end = at + ARTICLE_LEN;
        for _ in 0..5 {
            end = self.string_at(end)?.1;
        }
        let authors = self.bytes.byte_at(end)?;
        end += 1;
        for _ in 0..authors {
            end = self.string_at(end)?.1;
        }
        self.bytes.get(at..end)
    }

    fn article_entry(&self, article: u32) -> Option<usize> {
        (article < self.article_slots())
            .then(|| self.parts.article_table + ARTICLE_ENTRY_LEN * article as usize)
    }

    fn article_start(&self, article: u32) -> Option<usize> {
        let offset = self.bytes.u64_at(self.article_entry(article)?)?;
        let offset = usize::try_from(offset)
            .ok()
            .filter(|_| offset != NO_ARTICLE)?;
        self.parts.articles.checked_add(offset)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::catalog::{CatalogDraft, Origin, Outcome, SourceRecord};
    use crate::source::{Encoding, StatKey};

    fn source(path: &str) -> SourceRecord {
        SourceRecord {
            stat: StatKey {
                size: 7,
                modified_ns: -3,
                changed_ns: -4,
                inode: u64::MAX,
            },
            hash: u128::MAX - 5,
            outcome: Outcome::Indexed,
            format: 2,
            reader: 513,
            encoding: Encoding::UTF_16LE,
            reading: u64::MAX - 7,
            invalid_sequences: 4,
            sections: 3,
            passed_over: 9,
            is_truncated: true,
            has_bad_records: true,
            ..SourceRecord::blank(StoredPath::from_bytes(path.as_bytes()), Origin::Named)
        }
    }

    fn article(source: u32, order: u32, part: &str) -> ArticleRecord {
        let whole = PartPath::default();
        ArticleRecord {
            source: SourceKey(source),
            order,
            part: match part {
                "" => whole,
                part => whole.child(part),
            },
            is_inner: order == 1,
            sections: 3,
            words: [1, 2, 3],
            metadata: Metadata {
                title: Some(String::new()),
                authors: vec!["Ann".into(), "Bob, Jr.".into()],
                lang: Some("en".into()),
                ..Metadata::default()
            },
        }
    }

    fn add(draft: &mut CatalogDraft, path: &str, parts: &[&str]) -> u32 {
        let record = source(path);
        let number = draft.add(&record.path, record.origin);
        draft.set(number, Box::new(record));
        for part in parts {
            let reserved = draft.reserve_article();
            draft.put_article(reserved, article(number, 0, part));
        }
        number
    }

    fn open(draft: &CatalogDraft) -> Arc<Catalog> {
        Arc::new(Catalog::open(Box::new(draft.encode())).expect("a catalog"))
    }

    #[test]
    fn sources_and_their_articles_read_back_by_number_and_by_path() {
        let mut draft = CatalogDraft::default();
        for (path, parts) in [("b", &[""][..]), ("a/x", &["1", "2"]), ("c", &[""])] {
            add(&mut draft, path, parts);
        }
        draft.remove(0);
        let catalog = open(&draft);
        assert_eq!(
            (catalog.len(), catalog.slots(), catalog.articles()),
            (2, 3, 3)
        );
        assert_eq!((catalog.sections(), catalog.words()), (9, [3, 6, 9]));
        assert_eq!(catalog.languages()[0].1, 9);
        assert_eq!(catalog.source(1), Some(source("a/x")));
        assert_eq!(catalog.source(0), None);
        assert_eq!(catalog.sources().collect::<Vec<_>>(), [1, 2]);
        assert_eq!([1, 2, 0].map(|s| catalog.rank(s)), [0, 1, u32::MAX]);
        assert_eq!(catalog.find(&StoredPath::from_bytes(b"c")), Some(2));
        assert_eq!(catalog.find(&StoredPath::from_bytes(b"b")), None);
        let articles: Vec<u32> = catalog.articles_of(1).collect();
        assert_eq!(articles, [1, 2]);
        assert_eq!(
            catalog.article(2),
            Some(ArticleRecord {
                is_inner: false,
                ..article(1, 1, "2")
            })
        );
        assert_eq!(
            [1, 2, 3, 0].map(|a| catalog.article_rank(a)),
            [0, 1, 2, u32::MAX]
        );
        let part = PartPath::default().child("2");
        assert_eq!(catalog.find_part(1, &part), Some(2));
        assert_eq!(catalog.record(3).expect("one").id_of("top"), "c#top");
    }

    #[test]
    fn what_did_not_change_is_copied_and_vacant_numbers_are_given_again() {
        let mut draft = CatalogDraft::default();
        let sources = ["b", "a", "c"].map(|path| add(&mut draft, path, &["1", "2"]));
        let first = open(&draft);
        assert_eq!(first.draft().encode(), draft.encode());
        let mut draft = first.draft();
        draft.withdraw(sources[0]);
        let number = draft.reserve_article();
        assert_eq!(number, 6);
        draft.put_article(number, article(sources[0], 0, "3"));
        draft.remove(sources[1]);
        let second = open(&draft);
        assert_eq!(second.articles_of(0).collect::<Vec<_>>(), [6]);
        assert_eq!(second.article(4), first.article(4));
        assert_eq!((second.articles(), second.article(0)), (3, None));
        assert_eq!(second.article_rank(6), 0);
        let mut draft = second.draft();
        assert_eq!(draft.reserve_article(), 0);
        assert_eq!(draft.add(&StoredPath::from_bytes(b"d"), Origin::Named), 1);
        assert_eq!(open(&draft).articles_of(1).count(), 0);
    }

    #[test]
    fn damaged_bytes_are_an_error_or_no_record_and_never_a_panic() {
        let mut draft = CatalogDraft::default();
        add(&mut draft, "a", &["1"]);
        let bytes = draft.encode();
        for cut in 0..bytes.len() {
            if let Ok(catalog) = Catalog::open(Box::new(bytes[..cut].to_vec())) {
                assert_eq!(catalog.record(0), None, "cut at {cut}");
            }
        }
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0xff;
            if let Ok(catalog) = Catalog::open(Box::new(bytes)) {
                let _ = (catalog.record(0), catalog.articles_of(0).take(9).count());
            }
        }
        assert!(Catalog::empty().is_empty());
    }
}
