//! From a query word to the forms of the dictionaries it stands for, and to its rarity.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::{DocId, InvertedIndexReader};

use super::form_collector::{Collector, FoundForm};
use super::fuzzy::NearForms;
use super::limited::SearchError;
use super::segment::OpenSegment;
use super::stem_table::ClassForm;
use crate::analysis::{Class, JOIN_MARK, LanguageSet, PART_MARK, is_marked, marked};
use crate::engine::limits::QueryBudget;
use crate::query::{Field, FormKind, How, POSSESSIVE, QueryWord, Term};

/// The postings of one form in one field of a segment.
pub(super) struct FormList {
    /// The field's index.
    pub(super) field: usize,
    /// As what its occurrences count.
    pub(super) kind: FormKind,
    /// Where they lie.
    pub(super) info: TermInfo,
    /// The documents among them that do not count: the form is one of the word in other languages than theirs.
    pub(super) left_out: Arc<[DocId]>,
}

/// The lists of a word in one segment.
pub(super) type Lists = Vec<FormList>;

/// A query word over the whole index.
pub(super) struct Expansion {
    /// The lists in each segment.
    pub(super) lists: Vec<Lists>,
    /// Σ over the forms of their live df, not yet capped by the number of sections.
    pub(super) df: u64,
    /// How many sections hold a form in heading or text, at least.
    pub(super) least_own: u64,
}

/// The forms of a word, in order, each with its live df in each field.
pub(super) type Forms = BTreeMap<Arc<[u8]>, [u64; Field::COUNT]>;

/// The live df of a form: the largest over the fields.
pub(super) fn largest(by_field: &[u64; Field::COUNT]) -> u64 {
    by_field.iter().copied().max().unwrap_or(0)
}

/// Expands `word` of `term` through the dictionaries of all segments, and counts its forms.
pub(super) fn expand(
    segments: &[OpenSegment],
    term: &Term,
    word: &QueryWord,
    budget: &mut QueryBudget<'_>,
) -> Result<(Expansion, Forms), SearchError> {
    let mut gathered = Gathered {
        room: budget.room(),
        forms: Forms::new(),
        lists: Vec::with_capacity(segments.len()),
    };
    for segment in segments {
        gathered.lists.push(Lists::new());
        for found in all_forms_in(segment, term, (word, word), gathered.room)? {
            gathered.take(word, found);
        }
    }
    let Gathered { forms, lists, .. } = gathered;
    forms.values().try_for_each(|dfs| budget.count(dfs))?;
    let df = forms.values().map(largest).sum();
    let own = forms.values().flat_map(|by_field| &by_field[1..]);
    let least_own = own.copied().max().unwrap_or(0);
    let expansion = Expansion {
        lists,
        df,
        least_own,
    };
    Ok((expansion, forms))
}

/// The forms of a word that were found so far.
struct Gathered {
    /// How many the query may still have. One more is kept, the first ones, to tell which form goes beyond the limit:
    /// the same in whatever segments the forms lie.
    room: usize,
    forms: Forms,
    lists: Vec<Lists>,
}

impl Gathered {
    fn take(&mut self, word: &QueryWord, found: FoundForm) {
        let kind = word.kind_of(std::str::from_utf8(&found.form).unwrap_or_default());
        self.forms.entry(found.form).or_default()[found.field] += found.df;
        if self.forms.len() > self.room {
            // No answer is made of these.
            self.lists.clear();
            if self.forms.len() > self.room.saturating_add(1) {
                self.forms.pop_last();
            }
        } else if let Some(lists) = self.lists.last_mut() {
            lists.push(FormList {
                field: found.field,
                kind,
                info: found.info,
                left_out: found.left_out,
            });
        }
    }
}

/// The forms of a segment that `word` and its aliases stand for, in the fields that `term` covers; each once. Of more than
/// `room` in a field only the first ones. `whole` is the word of the query, which `word` is or is an alias of.
fn all_forms_in(
    segment: &OpenSegment,
    term: &Term,
    (whole, word): (&QueryWord, &QueryWord),
    room: usize,
) -> tantivy::Result<Vec<FoundForm>> {
    let mut found = forms_in(term, word, Collector::new(segment, whole, room))?;
    let own = found.len();
    if word.ignores_tones {
        let collector = Collector::new(segment, whole, room);
        found.extend(toned_forms_in(term, word, collector)?);
    }
    for alias in &word.also {
        found.extend(all_forms_in(segment, term, (whole, alias), room)?);
    }
    if found.len() > own {
        found.sort_by(|a, b| (&a.form, a.field).cmp(&(&b.form, b.field)));
        found.dedup_by(|a, b| (&a.form, a.field) == (&b.form, b.field));
    }
    Ok(found)
}

/// The forms of a segment that `word` stands for but for their tones.
fn toned_forms_in(
    term: &Term,
    word: &QueryWord,
    mut collector: Collector<'_>,
) -> tantivy::Result<Vec<FoundForm>> {
    let segment = collector.segment;
    let listed =
        (segment.classes.as_ref()).and_then(|table| table.toned_forms(|plain| word.holds(plain)));
    if let Some(mut forms) = listed {
        forms.sort_by(|a, b| a.form.cmp(&b.form));
        look_up(&mut collector, term, forms)?;
        return Ok(collector.found);
    }
    for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
        let is_toned = |form: &str| word.holds_without_tones(form);
        each_that(&segment.inverted[field.index()], is_toned, |form, info| {
            collector.take(field.index(), form, info)
        })?;
    }
    Ok(collector.found)
}

/// The forms of a segment that `word` stands for, in the fields that `term` covers; tones as they are written.
fn forms_in(
    term: &Term,
    word: &QueryWord,
    mut collector: Collector<'_>,
) -> tantivy::Result<Vec<FoundForm>> {
    let segment = collector.segment;
    if word.takes_parts {
        look_up(
            &mut collector,
            term,
            [PART_MARK, JOIN_MARK]
                .map(|mark| ClassForm::anywhere(&marked(mark, &word.form)))
                .into(),
        )?;
    }
    if let How::Inflected { classes } = &word.how
        && let Some(forms) = listed_forms(segment, word, classes)
    {
        look_up(&mut collector, term, forms)?;
        return Ok(collector.found);
    }
    if let How::Fuzzy { edits } = word.how {
        take_fuzzy(&mut collector, term, (word, edits))?;
        return Ok(collector.found);
    }
    for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
        let inverted = &segment.inverted[field.index()];
        each_form(inverted, word, |form, info| {
            collector.take(field.index(), form, info)
        })?;
    }
    Ok(collector.found)
}

/// The forms of all of these classes of a word by the segment's table, in order; `None` where it does not have them.
fn listed_forms(
    segment: &OpenSegment,
    word: &QueryWord,
    classes: &[Class],
) -> Option<Vec<ClassForm>> {
    let table = segment.classes.as_ref()?;
    let mut all = Vec::new();
    for class in classes {
        let mut forms = table.forms(class)?;
        if forms.is_empty() {
            // Such a class has its own stem as its only form, if that.
            let named = class.holds(&class.stem).then_some(class.stem.as_str());
            forms.extend(named.map(ClassForm::anywhere));
        }
        for form in &mut forms {
            form.counted =
                std::str::from_utf8(&form.form)
                    .ok()
                    .map(|form| match *form == word.form {
                        true => LanguageSet::ALL,
                        false => class.sections_of(form),
                    });
        }
        all.append(&mut forms);
    }
    all.sort_by(|a, b| a.form.cmp(&b.form));
    all.dedup_by(|next, kept| {
        let is_same = next.form == kept.form;
        if is_same {
            let both = kept.counted.zip(next.counted);
            kept.counted = both.map(|(kept, next)| kept.with(next));
        }
        is_same
    });
    Some(all)
}

/// Takes those of these forms, which are in order, that the dictionaries of the segment have, in the fields that `term`
/// covers.
fn look_up(
    collector: &mut Collector<'_>,
    term: &Term,
    forms: Vec<ClassForm>,
) -> tantivy::Result<()> {
    let segment = collector.segment;
    for listed in forms {
        let ClassForm { form, fields, .. } = &listed;
        for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
            let terms = segment.inverted[field.index()].terms();
            if fields & 1 << field.index() != 0
                && let Some(info) = terms.get(form)?
            {
                // Classes are short.
                let _ = collector.take_listed(field.index(), &listed, &info)?;
            }
        }
    }
    Ok(())
}

/// Calls `each` for every form in the dictionary that `word` stands for, in order, until it breaks.
fn each_form(
    inverted: &InvertedIndexReader,
    word: &QueryWord,
    mut each: impl FnMut(&[u8], &TermInfo) -> tantivy::Result<ControlFlow<()>>,
) -> tantivy::Result<()> {
    match &word.how {
        How::Exact => {
            if let Some(info) = inverted.terms().get(word.form.as_bytes())? {
                let _ = each(word.form.as_bytes(), &info)?;
            }
            Ok(())
        }
        How::Quoted => {
            for form in [word.form.clone(), format!("{}{POSSESSIVE}", word.form)] {
                if let Some(info) = inverted.terms().get(form.as_bytes())?
                    && each(form.as_bytes(), &info)?.is_break()
                {
                    break;
                }
            }
            Ok(())
        }
        // A stemmer may change the beginnings of words.
        How::Inflected { .. } => each_that(inverted, |form| word.holds(form), each),
        How::Prefix | How::Character => each_with_prefix(inverted, &word.form, each),
        // One automaton serves all fields, see `take_fuzzy`.
        How::Fuzzy { .. } => Ok(()),
    }
}

/// Takes the forms within so many edits of the word, in the fields that `term` covers.
fn take_fuzzy(
    collector: &mut Collector<'_>,
    term: &Term,
    (word, edits): (&QueryWord, u8),
) -> tantivy::Result<()> {
    let mut near = NearForms::of(&word.form, edits)?;
    let segment = collector.segment;
    let automata = segment.automata()?;
    for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
        let terms = segment.inverted[field.index()].terms();
        let Some(forms) = automata.of(field.index()) else {
            continue;
        };
        near.each_in(forms, |form| match terms.get(form)? {
            Some(info) => collector.take(field.index(), form, &info),
            None => Ok(ControlFlow::Continue(())),
        })?;
    }
    Ok(())
}

/// Calls `each` for every form of the dictionary of which `stands` holds.
fn each_that(
    inverted: &InvertedIndexReader,
    stands: impl Fn(&str) -> bool,
    mut each: impl FnMut(&[u8], &TermInfo) -> tantivy::Result<ControlFlow<()>>,
) -> tantivy::Result<()> {
    each_with_prefix(inverted, "", |form, info| {
        match !is_marked(form) && std::str::from_utf8(form).is_ok_and(&stands) {
            true => each(form, info),
            false => Ok(ControlFlow::Continue(())),
        }
    })
}

fn each_with_prefix(
    inverted: &InvertedIndexReader,
    prefix: &str,
    mut each: impl FnMut(&[u8], &TermInfo) -> tantivy::Result<ControlFlow<()>>,
) -> tantivy::Result<()> {
    let mut stream = inverted
        .terms()
        .range()
        .ge(prefix.as_bytes())
        .into_stream()?;
    while stream.advance()
        && stream.key().starts_with(prefix.as_bytes())
        && each(stream.key(), stream.value())?.is_continue()
    {}
    Ok(())
}
