//! The texts of sections that terms are asked for in their spelling: the index holds folded forms alone.

use std::cell::RefCell;
use std::rc::Rc;

use tantivy::{DocId, TantivyError};

use super::segment::{OpenSegment, key_of};
use crate::analysis::{Word, words};
use crate::catalog::Catalog;
use crate::engine::SectionKey;
use crate::query::{Field, Term};

/// Reads the sections in which terms are looked for in their spelling. What cannot be read matches nothing, and is said
/// by [`SpelledTexts::finish`].
pub(super) struct SpelledTexts<'a> {
    catalog: &'a Catalog,
    last: RefCell<Option<(SectionKey, Rc<SpelledSection>)>>,
    failed: RefCell<Option<TantivyError>>,
}

/// The texts of title, headings and body, and their words.
struct SpelledSection {
    texts: [String; 3],
    words: [Vec<Word>; 3],
}

impl<'a> SpelledTexts<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> SpelledTexts<'a> {
        SpelledTexts {
            catalog,
            last: RefCell::new(None),
            failed: RefCell::new(None),
        }
    }

    /// The first failure.
    pub(super) fn finish(&self) -> tantivy::Result<()> {
        self.failed.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// In which of these fields of a document of the `index`-th segment a term occurs in its spelling.
    pub(super) fn fields_of(
        &self,
        term: &Term,
        (segment, index): (&OpenSegment, usize),
        doc: DocId,
        is_in: impl Fn(usize) -> bool,
    ) -> [bool; 3] {
        let Some(section) = self.section(segment, index, doc) else {
            return [false; 3];
        };
        Field::ALL.map(Field::index).map(|field| {
            let (text, words) = (&section.texts[field], &section.words[field]);
            is_in(field) && term.occurs_spelled(text, words, None)
        })
    }

    fn section(
        &self,
        segment: &OpenSegment,
        index: usize,
        doc: DocId,
    ) -> Option<Rc<SpelledSection>> {
        let key = key_of(index as u32, doc);
        let mut last = self.last.borrow_mut();
        if let Some((_, section)) = last.as_ref().filter(|(own, _)| *own == key) {
            return Some(Rc::clone(section));
        }
        match self.read(segment, doc) {
            Ok(section) => {
                let section = Rc::new(section);
                *last = Some((key, Rc::clone(&section)));
                Some(section)
            }
            Err(error) => {
                self.failed.borrow_mut().get_or_insert(error);
                None
            }
        }
    }

    fn read(&self, segment: &OpenSegment, doc: DocId) -> tantivy::Result<SpelledSection> {
        let damaged = || TantivyError::InternalError("a section cannot be read".into());
        let section = segment.stored(doc)?.ok_or_else(damaged)?.section;
        let article = self.catalog.article(segment.article_of(doc));
        let title = article.ok_or_else(damaged)?.metadata.title;
        let texts = [
            title.unwrap_or_default(),
            section.heading_text(),
            section.text,
        ];
        Ok(SpelledSection {
            words: [0, 1, 2].map(|field| words(&texts[field])),
            texts,
        })
    }
}
