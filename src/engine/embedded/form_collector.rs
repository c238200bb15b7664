//! Collects the forms of a segment's dictionaries that a query word stands for.

use std::ops::ControlFlow;
use std::sync::Arc;

use tantivy::DocId;
use tantivy::postings::TermInfo;

use super::segment::OpenSegment;
use super::stem_table::ClassForm;
use crate::analysis::LanguageSet;
use crate::query::{Field, QueryWord};

/// A form in a field of a segment.
pub(super) struct FoundForm {
    pub(super) field: usize,
    pub(super) form: Arc<[u8]>,
    pub(super) info: TermInfo,
    pub(super) left_out: Arc<[DocId]>,
    /// In how many live sections it counts; above 0.
    pub(super) df: u64,
}

/// Collects forms of a segment, those of each field in order of their bytes.
pub(super) struct Collector<'a> {
    pub(super) segment: &'a OpenSegment,
    /// The word of the query, with its aliases.
    word: &'a QueryWord,
    /// How many forms of a field are wanted; those behind them go beyond the query's limit for certain.
    most: usize,
    in_field: [usize; Field::COUNT],
    pub(super) found: Vec<FoundForm>,
    /// The last form, and in sections of which languages it is one of the word: it is asked for field by field.
    last: Option<(Vec<u8>, LanguageSet)>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(segment: &'a OpenSegment, word: &'a QueryWord, room: usize) -> Collector<'a> {
        Collector {
            segment,
            word,
            most: room.saturating_add(1),
            in_field: [0; Field::COUNT],
            found: Vec::new(),
            last: None,
        }
    }

    /// Takes a form where a live section holds it in which it is one of the word; breaks where no more of its field are wanted.
    pub(super) fn take(
        &mut self,
        field: usize,
        form: &[u8],
        info: &TermInfo,
    ) -> tantivy::Result<ControlFlow<()>> {
        let left_out = self.left_out((field, form), info, None)?;
        self.take_but(left_out, (field, form), info)
    }

    /// Takes a form that a table of classes lists, as [`Collector::take`] does.
    pub(super) fn take_listed(
        &mut self,
        field: usize,
        listed: &ClassForm,
        info: &TermInfo,
    ) -> tantivy::Result<ControlFlow<()>> {
        // A form may be one of an alias too, or of the word but for its tones, which no ASCII letter has.
        let has_tones = self.word.ignores_tones && !listed.form.is_ascii();
        let is_alone = self.word.also.is_empty() && !has_tones;
        let counted = listed.counted.filter(|_| is_alone);
        let left_out = self.left_out((field, &listed.form), info, counted)?;
        self.take_but(left_out, (field, &listed.form), info)
    }

    fn take_but(
        &mut self,
        left_out: Arc<[DocId]>,
        (field, form): (usize, &[u8]),
        info: &TermInfo,
    ) -> tantivy::Result<ControlFlow<()>> {
        let gone = left_out.iter().filter(|&&doc| self.segment.is_alive(doc));
        let df = self.segment.live_df(field, info)? - gone.count() as u64;
        if df > 0 {
            self.in_field[field] += 1;
            self.found.push(FoundForm {
                field,
                form: self.shared(form),
                info: info.clone(),
                left_out,
                df,
            });
        }
        Ok(match self.in_field[field] < self.most {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        })
    }
}

impl Collector<'_> {
    /// A form, which is mostly the one that was found last, in another field.
    fn shared(&self, form: &[u8]) -> Arc<[u8]> {
        let last = self.found.last().filter(|last| *last.form == *form);
        last.map_or_else(|| form.into(), |last| Arc::clone(&last.form))
    }

    /// The sections that hold the form and in which it is none of the word.
    fn left_out(
        &mut self,
        (field, form): (usize, &[u8]),
        info: &TermInfo,
        counted: Option<LanguageSet>,
    ) -> tantivy::Result<Arc<[DocId]>> {
        // Prefixes and fuzzy words have many forms, which need not be held against them again.
        if self.word.is_uninflected() {
            return Ok(Arc::default());
        }
        let counted = match counted {
            Some(counted) => counted,
            None => self.counted(form),
        };
        debug_assert!(counted == self.counted(form), "{form:?}");
        if counted == LanguageSet::ALL {
            return Ok(Arc::default());
        }
        let list = (field, self.segment.inverted[field].as_ref());
        self.segment.languages.left_out(list, info, counted)
    }

    /// The languages in whose sections the form is one of the word.
    fn counted(&mut self, form: &[u8]) -> LanguageSet {
        if let Some((_, counted)) = self.last.as_ref().filter(|(last, _)| last == form) {
            return *counted;
        }
        let text = std::str::from_utf8(form).unwrap_or_default();
        let counted = self.word.sections_of(text);
        self.last = Some((form.to_vec(), counted));
        counted
    }
}
