//! From a query word to the forms of the dictionaries it stands for, and to its rarity.

use std::collections::BTreeMap;

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field as SchemaField, Term as SchemaTerm};

use super::classes::ClassForm;
use super::segment::OpenSegment;
use crate::analysis::Class;
use crate::query::{Field, How, QueryWord, Term};

/// The postings of one form in one field of a segment.
pub(super) struct List {
    /// The field's index.
    pub(super) field: usize,
    /// Whether the form is the one that was written.
    pub(super) is_exact: bool,
    /// Where they lie.
    pub(super) info: TermInfo,
}

/// The lists of a word in one segment.
pub(super) type Lists = Vec<List>;

/// A query word over the whole index.
pub(super) struct Expansion {
    /// The lists in each segment.
    pub(super) lists: Vec<Lists>,
    /// Σ over the forms of their live df, not yet capped by the number of sections.
    pub(super) df: u64,
    /// How many entries all lists have.
    pub(super) postings: u64,
    /// How many sections hold a form in heading or text, at least.
    pub(super) least_own: u64,
    /// The live df of each form in each field.
    dfs: BTreeMap<Vec<u8>, [u64; 3]>,
}

impl Expansion {
    /// The forms, each with its live df, the largest over the fields.
    pub(super) fn forms(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let dfs = self.dfs.iter();
        dfs.map(|(form, by_field)| (form.as_slice(), largest(by_field)))
    }
}

fn largest(by_field: &[u64; 3]) -> u64 {
    by_field.iter().copied().max().unwrap_or(0)
}

/// Expands `word` of `term` through the dictionaries of all segments.
pub(super) fn expand(
    segments: &[OpenSegment],
    term: &Term,
    word: &QueryWord,
) -> tantivy::Result<Expansion> {
    let mut dfs: BTreeMap<Vec<u8>, [u64; 3]> = BTreeMap::new();
    let mut lists = Vec::with_capacity(segments.len());
    for segment in segments {
        let mut found: Lists = Vec::new();
        for (field, form, info) in all_forms_in(segment, term, word)? {
            let df = segment.live_df(field, &info)?;
            if df == 0 {
                continue;
            }
            let is_exact = std::str::from_utf8(&form).is_ok_and(|form| word.is_written(form));
            dfs.entry(form).or_default()[field] += df;
            found.push(List {
                field,
                is_exact,
                info,
            });
        }
        lists.push(found);
    }
    let df = dfs.values().map(largest).sum();
    let own = dfs.values().flat_map(|by_field| &by_field[1..]);
    let least_own = own.copied().max().unwrap_or(0);
    let entries = lists
        .iter()
        .flatten()
        .map(|list| u64::from(list.info.doc_freq));
    let postings = entries.sum();
    Ok(Expansion {
        lists,
        df,
        postings,
        least_own,
        dfs,
    })
}

/// The forms of a segment that `word` and its aliases stand for, in the fields that `term` covers; each once.
fn all_forms_in(
    segment: &OpenSegment,
    term: &Term,
    word: &QueryWord,
) -> tantivy::Result<Vec<(usize, Vec<u8>, TermInfo)>> {
    let mut found = forms_in(segment, term, word)?;
    let own = found.len();
    if word.ignores_tones {
        found.extend(toned_forms_in(segment, term, word)?);
    }
    for alias in &word.also {
        found.extend(all_forms_in(segment, term, alias)?);
    }
    if found.len() > own {
        found.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        found.dedup_by(|a, b| (&a.1, a.0) == (&b.1, b.0));
    }
    Ok(found)
}

/// The forms of a segment that `word` stands for but for their tones.
fn toned_forms_in(
    segment: &OpenSegment,
    term: &Term,
    word: &QueryWord,
) -> tantivy::Result<Vec<(usize, Vec<u8>, TermInfo)>> {
    let listed = segment.classes.as_ref();
    if let Some(forms) = listed.and_then(|table| table.toned_forms(|plain| word.holds(plain))) {
        return look_up(segment, term, forms);
    }
    let mut found = Vec::new();
    for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
        let is_toned = |form: &str| word.holds_without_tones(form);
        each_that(&segment.inverted[field.index()], is_toned, |form, info| {
            found.push((field.index(), form.to_vec(), info.clone()));
        })?;
    }
    Ok(found)
}

/// The forms of a segment that `word` stands for, in the fields that `term` covers; tones as they are written.
fn forms_in(
    segment: &OpenSegment,
    term: &Term,
    word: &QueryWord,
) -> tantivy::Result<Vec<(usize, Vec<u8>, TermInfo)>> {
    if let How::Inflected { classes } = &word.how
        && let Some(forms) = listed_forms(segment, classes)
    {
        return look_up(segment, term, forms);
    }
    let mut found = Vec::new();
    for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
        let inverted = &segment.inverted[field.index()];
        each_form(inverted, word, |form, info| {
            found.push((field.index(), form.to_vec(), info.clone()));
        })?;
    }
    Ok(found)
}

/// The forms of all of these classes by the segment's table, in order; `None` where it does not have them.
fn listed_forms(segment: &OpenSegment, classes: &[Class]) -> Option<Vec<ClassForm>> {
    let table = segment.classes.as_ref()?;
    let mut all = Vec::new();
    for class in classes {
        let forms = table.forms(class)?;
        if forms.is_empty() {
            // Such a class has its own stem as its only form, if that.
            let named = class.holds(&class.stem).then_some(class.stem.as_str());
            all.extend(named.map(ClassForm::anywhere));
        }
        all.extend(forms);
    }
    all.sort_by(|a, b| a.form.cmp(&b.form));
    all.dedup_by(|a, b| a.form == b.form);
    Some(all)
}

/// Those of these forms that the dictionaries of the segment have, in the fields that `term` covers.
fn look_up(
    segment: &OpenSegment,
    term: &Term,
    forms: Vec<ClassForm>,
) -> tantivy::Result<Vec<(usize, Vec<u8>, TermInfo)>> {
    let mut found = Vec::new();
    for ClassForm { form, fields } in forms {
        for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
            let terms = segment.inverted[field.index()].terms();
            if fields & 1 << field.index() != 0
                && let Some(info) = terms.get(&form)?
            {
                found.push((field.index(), form.clone(), info));
            }
        }
    }
    Ok(found)
}

/// Calls `each` for every form in the dictionary that `word` stands for.
fn each_form(
    inverted: &InvertedIndexReader,
    word: &QueryWord,
    mut each: impl FnMut(&[u8], &TermInfo),
) -> tantivy::Result<()> {
    match &word.how {
        How::Exact => {
            if let Some(info) = inverted.terms().get(word.form.as_bytes())? {
                each(word.form.as_bytes(), &info);
            }
            Ok(())
        }
        // A stemmer may change the beginnings of words.
        How::Inflected { .. } => each_that(inverted, |form| word.holds(form), each),
        How::Prefix | How::Character => each_with_prefix(inverted, &word.form, each),
        How::Fuzzy { edits } => {
            // The field of the term is not looked at; the automaton reads forms of any dictionary.
            let term = SchemaTerm::from_field_text(SchemaField::from_field_id(0), &word.form);
            let automaton = FuzzyTermQuery::new(term, *edits, true).automaton()?;
            let mut stream = inverted.terms().search(automaton).into_stream()?;
            while stream.advance() {
                each(stream.key(), stream.value());
            }
            Ok(())
        }
    }
}

/// Calls `each` for every form of the dictionary of which `stands` holds.
fn each_that(
    inverted: &InvertedIndexReader,
    stands: impl Fn(&str) -> bool,
    mut each: impl FnMut(&[u8], &TermInfo),
) -> tantivy::Result<()> {
    each_with_prefix(inverted, "", |form, info| {
        if std::str::from_utf8(form).is_ok_and(&stands) {
            each(form, info);
        }
    })
}

fn each_with_prefix(
    inverted: &InvertedIndexReader,
    prefix: &str,
    mut each: impl FnMut(&[u8], &TermInfo),
) -> tantivy::Result<()> {
    let mut stream = inverted
        .terms()
        .range()
        .ge(prefix.as_bytes())
        .into_stream()?;
    while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
        each(stream.key(), stream.value());
    }
    Ok(())
}
