//! The texts of sections that terms are asked for in their spelling: the index holds folded forms alone.

use std::cell::RefCell;
use std::rc::Rc;

use tantivy::{DocId, TantivyError};

use super::segment::{OpenSegment, key_of};
use crate::article::Section;
use crate::catalog::Catalog;
use crate::engine::SectionKey;
use crate::query::{Field, Term};

/// Reads the sections in which terms are looked for in their spelling. What cannot be read matches nothing, and is said
/// by [`SpelledTexts::finish`].
pub(super) struct SpelledTexts<'a> {
    catalog: &'a Catalog,
    /// Kept, as the query's other terms may ask for the same one.
    last: RefCell<Option<(SectionKey, Rc<Section>)>>,
    failed: RefCell<Option<TantivyError>>,
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
    ) -> [bool; Field::COUNT] {
        let occurs = |field: usize| {
            let has = |text: &str| Ok(term.occurs_spelled(text, None));
            match field {
                _ if !is_in(field) => Ok(false),
                0 => has(&self.title(segment, doc)?),
                1 => has(&self.section(segment, index, doc)?.heading_text()),
                2 => has(&self.section(segment, index, doc)?.text),
                _ => has(&self.name(segment, doc)?),
            }
        };
        Field::INDEXES.map(|field| self.noted(occurs(field)).unwrap_or(false))
    }

    /// Keeps what failed first.
    fn noted<T>(&self, result: tantivy::Result<T>) -> Option<T> {
        match result {
            Ok(found) => Some(found),
            Err(error) => {
                self.failed.borrow_mut().get_or_insert(error);
                None
            }
        }
    }

    fn title(&self, segment: &OpenSegment, doc: DocId) -> tantivy::Result<String> {
        let article = self.catalog.article(segment.article_of(doc));
        let title = article.ok_or_else(damaged)?.metadata.title;
        Ok(title.unwrap_or_default())
    }

    fn name(&self, segment: &OpenSegment, doc: DocId) -> tantivy::Result<String> {
        let record = self.catalog.record(segment.article_of(doc));
        let record = record.ok_or_else(damaged)?;
        Ok(record.name_of(segment.order_of(doc)).into_owned())
    }

    fn section(
        &self,
        segment: &OpenSegment,
        index: usize,
        doc: DocId,
    ) -> tantivy::Result<Rc<Section>> {
        let key = key_of(index as u32, doc);
        let mut last = self.last.borrow_mut();
        if let Some((_, section)) = last.as_ref().filter(|(own, _)| *own == key) {
            return Ok(Rc::clone(section));
        }
        let section = Rc::new(segment.stored(doc)?.ok_or_else(damaged)?.section);
        *last = Some((key, Rc::clone(&section)));
        Ok(section)
    }
}

fn damaged() -> TantivyError {
    TantivyError::InternalError("a section cannot be read".into())
}
