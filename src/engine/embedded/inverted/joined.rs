//! The lists of a segment in the making, joined from those of its batches.

use std::io::Write;

use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};

use super::super::bounds::{BoundsDraft, FieldBounds};
use super::super::form_table::FormTable;
use super::super::stem_table::KeptForms;
use super::batch::{BatchList, FieldLists, InvertedBatch};
use super::byte_lists::{ByteList, ByteLists};
use super::list_files::{FieldBytes, ListFiles, ListedField};
use super::varint::{next_number, number_bytes};
use crate::query::Field as TextField;
use crate::source::both;

const BODY: usize = TextField::Body.index();
/// Lists of at most so many bytes are held while others are written.
const MOST_APART_BYTES: usize = 16 << 20;
/// So few forms are sorted sooner than a thread is started.
const FEW_FORMS: usize = 1 << 12;

/// The lists of the text fields of a segment.
#[derive(Debug, Default)]
pub(super) struct JoinedLists {
    fields: [JoinedField; TextField::COUNT],
    bytes: ByteLists,
}

/// The forms of each field in order.
pub(super) struct SortedForms(Vec<Vec<SortedForm>>);

/// The lists of a field.
#[derive(Debug, Default)]
struct JoinedField {
    forms: FormTable,
    /// That of each form by its number.
    lists: Vec<JoinedList>,
    tokens: u64,
    /// The bytes of its lists.
    bytes: usize,
}

/// The list of one form, as [`FieldLists::bytes`] says, with the first document among the others.
#[derive(Debug, Clone, Copy, Default)]
struct JoinedList {
    bytes: ByteList,
    last: u32,
    docs: u32,
}

impl JoinedLists {
    /// What they take, in bytes, with what writing them takes.
    pub(super) fn size_bytes(&self) -> usize {
        let field = |field: &JoinedField| {
            let list_bytes = size_of::<JoinedList>() * field.lists.capacity();
            field.forms.size_bytes() + list_bytes + size_of::<SortedForm>() * field.forms.len()
        };
        self.bytes.size_bytes() + self.fields.iter().map(field).sum::<usize>()
    }

    /// Appends the lists of a batch whose first document is the segment's `base`.
    pub(super) fn append(&mut self, base: u32, batch: &InvertedBatch) {
        for (own, lists) in self.fields.iter_mut().zip(&batch.fields) {
            own.append(&mut self.bytes, base, lists);
        }
    }

    /// About what [`JoinedLists::write`] keeps, in bytes.
    pub(super) fn kept_bytes(&self) -> usize {
        let forms = |field: &JoinedField| field.forms.parts().0.len() + 2 * field.forms.len();
        self.fields.iter().map(forms).sum()
    }

    /// The forms of each field in order.
    pub(super) fn sorted(&self) -> SortedForms {
        let count: usize = self.fields.iter().map(|field| field.forms.len()).sum();
        // Texts have more forms than all else.
        let bodies = || self.fields.get(BODY).map(JoinedField::sorted);
        let others = || {
            let fields = self.fields.iter().enumerate();
            let sorted = fields.map(|(i, field)| match i {
                BODY => Vec::new(),
                _ => field.sorted(),
            });
            sorted.collect::<Vec<_>>()
        };
        let (bodies, mut all) = match count < FEW_FORMS {
            true => (bodies(), others()),
            false => both(bodies, others),
        };
        if let Some((own, bodies)) = all.get_mut(BODY).zip(bodies) {
            *own = bodies;
        }
        SortedForms(all)
    }

    /// Writes the lists of the fields that have any; `bounds`, where they are wanted, take note of them.
    pub(super) fn write(
        &self,
        sorted: &SortedForms,
        fields: [Field; TextField::COUNT],
        out: &mut ListFiles,
        bounds: Option<&mut BoundsDraft>,
    ) -> tantivy::Result<()> {
        let listed = |i: usize| self.listed(sorted, i, *fields.get(i)?);
        match bounds {
            Some(bounds) if self.may_write_apart() => {
                JoinedLists::write_apart(&listed, out, bounds)?;
                bounds.finish();
            }
            mut bounds => {
                for (i, own) in (0..fields.len()).filter_map(|i| Some((i, listed(i)?))) {
                    let noted = bounds.as_ref().map(|bounds| bounds.field(i));
                    let noted = own.write(out.field(own.listed)?, noted)?;
                    if let Some((bounds, noted)) = bounds.as_mut().zip(noted) {
                        bounds.set_field(i, noted);
                    }
                }
                bounds.into_iter().for_each(BoundsDraft::finish);
            }
        }
        Ok(())
    }

    /// Writes the lists of texts and those of all else at once.
    fn write_apart<'a>(
        listed: &(impl Fn(usize) -> Option<ListsOfField<'a>> + Sync),
        out: &mut ListFiles,
        bounds: &mut BoundsDraft,
    ) -> tantivy::Result<()> {
        let draft: &BoundsDraft = bounds;
        let noted = |i: usize| Some(draft.field(i));
        let others = || {
            let others = (0..TextField::COUNT).filter(|&i| i != BODY);
            let written = others
                .filter_map(|i| Some((i, listed(i)?)))
                .map(|(i, own)| {
                    let written = FieldBytes::of(own.listed, |out| own.write(out, noted(i)))?;
                    Ok((i, own.listed.field, written))
                });
            written.collect::<tantivy::Result<Vec<_>>>()
        };
        let bodies = || match listed(BODY) {
            Some(own) => own.write(out.field(own.listed)?, noted(BODY)),
            None => Ok(None),
        };
        let (others, bodies) = both(others, bodies);
        if let Some(noted) = bodies? {
            bounds.set_field(BODY, noted);
        }
        for (i, field, (bytes, noted)) in others? {
            out.append(field, &bytes)?;
            if let Some(noted) = noted {
                bounds.set_field(i, noted);
            }
        }
        Ok(())
    }

    /// Whether the lists of all fields but the texts are small enough to be held while those of the texts are written.
    fn may_write_apart(&self) -> bool {
        let others = self.fields.iter().enumerate().filter(|(i, _)| *i != BODY);
        others.map(|(_, own)| own.bytes).sum::<usize>() <= MOST_APART_BYTES
    }

    /// A field's lists, if it has any.
    fn listed<'a>(
        &'a self,
        sorted: &'a SortedForms,
        number: usize,
        field: Field,
    ) -> Option<ListsOfField<'a>> {
        let forms = sorted.0.get(number).filter(|forms| !forms.is_empty())?;
        let own = self.fields.get(number)?;
        Some(ListsOfField {
            own,
            bytes: &self.bytes,
            forms,
            listed: ListedField {
                field,
                option: IndexRecordOption::WithFreqsAndPositions,
                tokens: own.tokens,
            },
        })
    }

    /// The forms of all fields, in order.
    pub(super) fn forms(&self, sorted: &SortedForms) -> KeptForms {
        let mut kept = KeptForms::default();
        let mut rest = Vec::with_capacity(TextField::COUNT);
        for (forms, field) in sorted.0.iter().zip(&self.fields) {
            let form = |form: &SortedForm| (form.front, field.forms.form(form.number as usize));
            rest.push(forms.iter().map(form));
        }
        let mut heads: Vec<_> = rest.iter_mut().map(Iterator::next).collect();
        while let Some(least) = heads.iter().flatten().min().copied() {
            let mut held_by = 0;
            for (field, (head, rest)) in heads.iter_mut().zip(&mut rest).enumerate() {
                if *head == Some(least) {
                    held_by |= 1 << field;
                    *head = rest.next();
                }
            }
            kept.push(least.1, held_by);
        }
        kept
    }
}

impl JoinedField {
    fn append(&mut self, bytes: &mut ByteLists, base: u32, batch: &FieldLists) {
        let mut start = 0;
        for list in &batch.lists {
            let (form, end) = (
                list.form.start as usize..list.form.end as usize,
                list.end as usize,
            );
            let form = batch.forms.get(form).unwrap_or_default();
            let behind_first = batch.bytes.get(start..end).unwrap_or_default();
            start = end;
            let number = self.forms.number_of(form, list.form.key) as usize;
            if number == self.lists.len() {
                self.lists.push(JoinedList::default());
            }
            if let Some(own) = self.lists.get_mut(number) {
                own.append(bytes, base, list, behind_first);
            }
        }
        self.tokens += batch.tokens;
        self.bytes += batch.bytes.len();
    }

    /// The forms in order.
    fn sorted(&self) -> Vec<SortedForm> {
        let sorted = (0..self.forms.len()).map(|number| SortedForm {
            front: front_of(self.forms.form(number)),
            number: number as u32,
        });
        let mut sorted: Vec<SortedForm> = sorted.collect();
        sorted.sort_unstable_by(|a, b| {
            let form = |of: &SortedForm| self.forms.form(of.number as usize);
            a.front.cmp(&b.front).then_with(|| form(a).cmp(form(b)))
        });
        sorted
    }
}

/// The lists of a field, to be written.
struct ListsOfField<'a> {
    own: &'a JoinedField,
    bytes: &'a ByteLists,
    forms: &'a [SortedForm],
    listed: ListedField,
}

impl ListsOfField<'_> {
    /// Writes them; `noted`, where it is given, has their bounds then.
    fn write<W: Write>(
        &self,
        mut out: FieldSerializer<'_, W>,
        mut noted: Option<FieldBounds>,
    ) -> tantivy::Result<Option<FieldBounds>> {
        let (mut encoded, mut moves) = (Vec::new(), Vec::new());
        for form in self.forms {
            let number = form.number as usize;
            let Some(list) = self.own.lists.get(number) else {
                continue;
            };
            let mut bounds = noted.as_mut().filter(|_| FieldBounds::takes(list.docs));
            let form = self.own.forms.form(number);
            out.new_term(form, list.docs, true)?;
            self.bytes.read(&list.bytes, &mut encoded);
            let mut rest = encoded.as_slice();
            let mut doc = 0;
            while let Some(head) = next_number(&mut rest) {
                doc += head >> 1;
                let count = match head & 1 {
                    1 => 1,
                    _ => next_number(&mut rest).unwrap_or(0),
                };
                moves.clear();
                moves.extend((0..count).map_while(|_| next_number(&mut rest)));
                out.write_doc(doc, moves.len() as u32, &moves);
                if let Some(bounds) = &mut bounds {
                    bounds.add(doc, count);
                }
            }
            out.close_term()?;
            if let Some(bounds) = bounds {
                bounds.end_list(form);
            }
        }
        out.close()?;
        Ok(noted)
    }
}

impl JoinedList {
    #[inline]
    fn append(&mut self, bytes: &mut ByteLists, base: u32, batch: &BatchList, behind_first: &[u8]) {
        let first = base + (batch.first >> 1);
        let head = (first - self.last) << 1 | batch.first & 1;
        let (head, len) = number_bytes(head);
        bytes.append(&mut self.bytes, head.get(..len).unwrap_or_default());
        bytes.append(&mut self.bytes, behind_first);
        self.last = base + batch.last;
        self.docs += batch.docs;
    }
}

/// A form with its first bytes, by which most are told apart.
#[derive(Debug, Clone, Copy)]
struct SortedForm {
    front: u64,
    number: u32,
}

/// The first eight bytes, in order as they are; zeros where there are fewer.
fn front_of(form: &[u8]) -> u64 {
    let mut front = [0; 8];
    for (to, &byte) in front.iter_mut().zip(form) {
        *to = byte;
    }
    u64::from_be_bytes(front)
}
