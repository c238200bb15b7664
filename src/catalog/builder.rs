//! A catalog in the making: the last one and what changed. What did not change is copied as it stands, so that a change
//! of one source costs no memory for the others.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use super::encode::{ARTICLES_AT, Header, encode_article, encode_source, language_of, sections_of};
use super::layout::{NO_ARTICLE, VACANT};
use super::read::Catalog;
use super::records::{ArticleRecord, Origin, SourceRecord};
use crate::analysis::Language;
use crate::source::StoredPath;

/// A catalog in the making.
#[derive(Debug, Clone)]
pub struct CatalogDraft {
    base: Arc<Catalog>,
    /// Sources that changed, by number.
    sources: BTreeMap<u32, DraftSource>,
    /// The articles of the sources whose articles changed, in their order.
    lists: BTreeMap<u32, Vec<u32>>,
    /// The records of new articles, encoded: there may be a million of them.
    articles: BTreeMap<u32, Box<[u8]>>,
    /// Articles of the last catalog that are gone.
    gone: BTreeSet<u32>,
    /// One more than the largest number of a source.
    slots: u32,
    /// From which number on a new source is looked a place for.
    next_source: u32,
    /// From which number on a new article is looked a place for.
    next_article: u32,
}

/// What became of a source. There may be a million that are begun, so that of each its path alone is held until more is
/// known.
#[derive(Debug, Clone)]
enum DraftSource {
    /// It is new.
    Begun { path: Box<[u8]>, origin: Origin },
    /// This is known of it.
    Set(Box<SourceRecord>),
    /// It is gone.
    Gone,
}

impl DraftSource {
    fn path_bytes(&self) -> &[u8] {
        match self {
            DraftSource::Begun { path, .. } => path,
            DraftSource::Set(record) => record.path.as_bytes(),
            DraftSource::Gone => &[],
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            DraftSource::Begun { path, origin } => {
                let path = StoredPath::from_bytes(path);
                encode_source(&SourceRecord::blank(path, *origin))
            }
            DraftSource::Set(record) => encode_source(record),
            DraftSource::Gone => Vec::new(),
        }
    }
}

impl Catalog {
    /// A draft of the next catalog, in which nothing changed yet.
    #[must_use]
    pub fn draft(self: &Arc<Catalog>) -> CatalogDraft {
        CatalogDraft::of(Arc::clone(self))
    }
}

impl Default for CatalogDraft {
    fn default() -> CatalogDraft {
        CatalogDraft::of(Arc::new(Catalog::empty()))
    }
}

impl CatalogDraft {
    /// What `base` says, to be changed.
    pub(super) fn of(base: Arc<Catalog>) -> CatalogDraft {
        CatalogDraft {
            slots: base.slots(),
            next_source: 0,
            base,
            sources: BTreeMap::new(),
            lists: BTreeMap::new(),
            articles: BTreeMap::new(),
            gone: BTreeSet::new(),
            next_article: 0,
        }
    }

    /// Adds a source of which nothing is known yet, and returns its number: one that none has, larger than those that were
    /// given before.
    pub fn add(&mut self, path: &StoredPath, origin: Origin) -> u32 {
        while self.has(self.next_source) {
            self.next_source += 1;
        }
        let slot = self.next_source;
        self.next_source += 1;
        self.slots = self.slots.max(slot + 1);
        let path = path.as_bytes().into();
        self.sources
            .insert(slot, DraftSource::Begun { path, origin });
        slot
    }

    /// Forgets a source and its articles.
    pub fn remove(&mut self, source: u32) {
        self.withdraw(source);
        self.sources.insert(source, DraftSource::Gone);
    }

    /// Forgets the articles of a source.
    pub fn withdraw(&mut self, source: u32) {
        match self.lists.insert(source, Vec::new()) {
            Some(new) => {
                for article in new {
                    self.articles.remove(&article);
                }
            }
            None => self.gone.extend(self.base.articles_of(source)),
        }
    }

    /// Changes what is known of a source that is there.
    pub fn set(&mut self, source: u32, record: Box<SourceRecord>) {
        if self.has(source) {
            self.sources.insert(source, DraftSource::Set(record));
        }
    }

    /// A number for a new article, which none has.
    pub fn reserve_article(&mut self) -> u32 {
        while self.base.source_of(self.next_article).is_some() {
            self.next_article += 1;
        }
        self.next_article += 1;
        self.next_article - 1
    }

    /// Adds an article under the number that was reserved for it, behind those that its source has.
    pub fn put_article(&mut self, number: u32, mut record: ArticleRecord) {
        if !self.lists.contains_key(&record.source.0) {
            self.withdraw(record.source.0);
        }
        let list = self.lists.entry(record.source.0).or_default();
        record.order = list.len() as u32;
        list.push(number);
        // What the vector has to spare is not kept.
        let bytes = encode_article(&record).as_slice().into();
        self.articles.insert(number, bytes);
    }

    /// What the first section of the article holds in its field "name" that is added to a source next: the name of the
    /// source's file where it is the first, else nothing.
    pub fn next_name(&self, source: u32) -> String {
        let is_first = self.lists.get(&source).is_none_or(Vec::is_empty);
        let path = is_first.then(|| StoredPath::from_bytes(self.path_bytes(source)));
        path.map_or_else(String::new, |path| path.stem().into_owned())
    }

    /// The sources, by number.
    fn sources(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.slots).filter(|&source| self.has(source))
    }

    fn has(&self, source: u32) -> bool {
        match self.sources.get(&source) {
            Some(changed) => !matches!(changed, DraftSource::Gone),
            None => self.base.stat(source).is_some(),
        }
    }

    fn path_bytes(&self, source: u32) -> &[u8] {
        match self.sources.get(&source) {
            Some(changed) => changed.path_bytes(),
            None => self.base.path_bytes(source),
        }
    }

    /// The articles of a source, in their order.
    fn articles_of(&self, source: u32) -> Cow<'_, [u32]> {
        match self.lists.get(&source) {
            Some(list) => list.into(),
            None => self.base.articles_of(source).collect(),
        }
    }

    fn article_bytes(&self, article: u32) -> Option<&[u8]> {
        match self.articles.get(&article) {
            Some(bytes) => Some(bytes),
            None if self.gone.contains(&article) => None,
            None => self.base.article_bytes(article),
        }
    }

    /// One more than the largest number of a source.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// One more than the largest number of an article.
    #[must_use]
    pub fn article_slots(&self) -> u32 {
        let new = self.articles.last_key_value();
        let new = new.map_or(0, |(&article, _)| article + 1);
        new.max(self.base.article_slots())
    }

    fn live_articles(&self) -> impl Iterator<Item = (u32, &[u8])> {
        (0..self.article_slots()).filter_map(|i| Some((i, self.article_bytes(i)?)))
    }

    /// The languages of the articles, and how many sections each has.
    #[must_use]
    pub fn languages(&self) -> BTreeMap<Language, u64> {
        let mut sections: BTreeMap<Language, u64> = BTreeMap::new();
        for (_, article) in self.live_articles() {
            if let Some(language) = language_of(article) {
                *sections.entry(language).or_default() += u64::from(sections_of(article));
            }
        }
        sections
    }

    /// Writes the catalog.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let languages = language_list(&self.languages());
        let sources = self.sources();
        let mut by_path: Vec<(&[u8], u32)> = sources.map(|s| (self.path_bytes(s), s)).collect();
        by_path.sort_unstable();
        let order: Vec<u32> = by_path.into_iter().map(|(_, source)| source).collect();
        let mut tables = Tables::new(self.slots, self.article_slots());
        for (rank, &source) in (0..).zip(&order) {
            tables.rank(source, rank, &self.articles_of(source));
        }
        let mut header = Header::default();
        for (_, article) in self.live_articles() {
            header.add(article);
        }
        header.counts = [
            self.slots,
            order.len() as u32,
            self.article_slots(),
            tables.listed,
        ];
        let sources_len = self.sources().map(|source| self.source_len(source)).sum();
        out.write_all(&header.encode(languages.len() as u32, sources_len))?;
        self.write_tables(&tables, &order, out)?;
        out.write_all(languages.as_bytes())?;
        for source in self.sources() {
            let (first, count) = tables.list_of(source);
            let record = self.source_bytes(source);
            let (Some(before), Some(behind)) = (
                record.get(..ARTICLES_AT.start),
                record.get(ARTICLES_AT.end..),
            ) else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            out.write_all(before)?;
            out.write_all(&first.to_le_bytes())?;
            out.write_all(&count.to_le_bytes())?;
            out.write_all(behind)?;
        }
        for (_, article) in self.live_articles() {
            out.write_all(article)?;
        }
        Ok(())
    }

    fn write_tables(&self, tables: &Tables, order: &[u32], out: &mut dyn Write) -> io::Result<()> {
        let mut offset = 0;
        for (source, rank) in (0..).zip(&tables.ranks) {
            let own = if self.has(source) { offset } else { VACANT };
            out.write_all(&own.to_le_bytes())?;
            out.write_all(&rank.to_le_bytes())?;
            if self.has(source) {
                offset += self.source_len(source) as u32;
            }
        }
        for source in order {
            out.write_all(&source.to_le_bytes())?;
        }
        for &source in order {
            for article in self.articles_of(source).iter() {
                out.write_all(&article.to_le_bytes())?;
            }
        }
        let mut offset = 0;
        for (article, rank) in (0..).zip(&tables.article_ranks) {
            let bytes = self.article_bytes(article);
            let own = bytes.map_or(NO_ARTICLE, |_| offset);
            out.write_all(&own.to_le_bytes())?;
            out.write_all(&rank.to_le_bytes())?;
            offset += bytes.map_or(0, |bytes| bytes.len() as u64);
        }
        Ok(())
    }

    fn source_bytes(&self, source: u32) -> Cow<'_, [u8]> {
        match self.sources.get(&source) {
            Some(changed) => changed.encode().into(),
            None => self.base.source_bytes(source).unwrap_or_default().into(),
        }
    }

    fn source_len(&self, source: u32) -> u64 {
        (ARTICLES_AT.end + 4 + self.path_bytes(source).len()) as u64
    }

    /// The encoded catalog.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // A vector takes all that is written.
        let _ = self.write(&mut out);
        out
    }
}

/// Places of sources and articles in the order of their paths.
struct Tables {
    ranks: Vec<u32>,
    /// The first of each source's articles in the list of all, and how many.
    lists: Vec<(u32, u32)>,
    article_ranks: Vec<u32>,
    /// How many articles are listed.
    listed: u32,
}

impl Tables {
    fn new(slots: u32, article_slots: u32) -> Tables {
        Tables {
            ranks: vec![VACANT; slots as usize],
            lists: vec![(0, 0); slots as usize],
            article_ranks: vec![VACANT; article_slots as usize],
            listed: 0,
        }
    }

    fn rank(&mut self, source: u32, rank: u32, articles: &[u32]) {
        if let Some(own) = self.ranks.get_mut(source as usize) {
            *own = rank;
        }
        if let Some(list) = self.lists.get_mut(source as usize) {
            *list = (self.listed, articles.len() as u32);
        }
        for &article in articles {
            if let Some(own) = self.article_ranks.get_mut(article as usize) {
                *own = self.listed;
            }
            self.listed += 1;
        }
    }

    fn list_of(&self, source: u32) -> (u32, u32) {
        self.lists.get(source as usize).copied().unwrap_or_default()
    }
}

/// The languages and their sections, as they are written.
fn language_list(sections: &BTreeMap<Language, u64>) -> String {
    let listed = sections
        .iter()
        .map(|(language, count)| format!("{}:{count}", language.tag()));
    listed.collect::<Vec<_>>().join(" ")
}
