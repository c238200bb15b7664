//! Forms by number: each form that is met gets the next one.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

/// What hashes begin with, another number in each process: texts are a stranger's, who is not to choose forms that meet.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish() | 1);
/// The fractional digits of pi.
const FIRST: u64 = 0x243f_6a88_85a3_08d3;
const SECOND: u64 = 0x1319_8a2e_0370_7344;
/// The slots of a table that has any, at least; a power of two.
const LEAST_SLOTS: usize = 64;

/// Forms by number.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct FormTable {
    /// The upper half of a form's hash, and its number + 1; 0 where there is none. A power of two of them, or none.
    slots: Vec<u64>,
    /// The forms, one behind the other.
    bytes: Vec<u8>,
    forms: Vec<KeyedForm>,
}

/// What is kept of a form beside its bytes.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine::embedded) struct KeyedForm {
    pub(in crate::engine::embedded) key: FormKey,
    /// Where its bytes begin.
    pub(in crate::engine::embedded) start: u32,
    /// Where its bytes end.
    pub(in crate::engine::embedded) end: u32,
}

/// By what forms are told apart, most of them without a look at their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::embedded) struct FormKey {
    /// The same for equal forms in one process.
    hash: u64,
    /// The first eight bytes; of a shorter form all of them, folded in a way that its length tells.
    front: u64,
    /// The last eight bytes; 0 of a shorter form.
    back: u64,
}

impl FormTable {
    /// How many forms there are.
    pub(in crate::engine::embedded) fn len(&self) -> usize {
        self.forms.len()
    }

    /// Forgets all forms, and keeps the memory.
    pub(in crate::engine::embedded) fn clear(&mut self) {
        self.slots.fill(0);
        self.bytes.clear();
        self.forms.clear();
    }

    /// What the table takes, in bytes.
    pub(in crate::engine::embedded) fn size_bytes(&self) -> usize {
        size_of::<u64>() * self.slots.capacity()
            + self.bytes.capacity()
            + size_of::<KeyedForm>() * self.forms.capacity()
    }

    /// All forms, one behind the other, and where each begins and ends.
    pub(in crate::engine::embedded) fn parts(&self) -> (&[u8], &[KeyedForm]) {
        (&self.bytes, &self.forms)
    }

    /// A form's bytes.
    #[inline]
    pub(in crate::engine::embedded) fn form(&self, number: usize) -> &[u8] {
        let own = self.forms.get(number);
        let bytes = own.and_then(|own| self.bytes.get(own.start as usize..own.end as usize));
        bytes.unwrap_or_default()
    }

    /// The number of a form, which is added where it is new; `key` is the form's.
    #[inline]
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: for each word that is indexed; the mask keeps the place inside"
    )]
    pub(in crate::engine::embedded) fn number_of(&mut self, form: &[u8], key: FormKey) -> u32 {
        // One half of the slots stays empty, so that a run of taken ones is short.
        if self.forms.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let tag = key.hash & !u64::from(u32::MAX);
        let mut at = key.hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                let number = self.forms.len() as u32;
                self.slots[at] = tag | u64::from(number + 1);
                let start = self.bytes.len() as u32;
                self.bytes.extend_from_slice(form);
                let end = self.bytes.len() as u32;
                self.forms.push(KeyedForm { key, start, end });
                return number;
            }
            if slot & !u64::from(u32::MAX) == tag {
                let number = slot as u32 - 1;
                if self.is(number as usize, form, key) {
                    return number;
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn is(&self, number: usize, form: &[u8], key: FormKey) -> bool {
        let Some(own) = self.forms.get(number) else {
            return false;
        };
        let (start, end) = (own.start as usize, own.end as usize);
        own.key == key
            && end - start == form.len()
            && (form.len() <= 2 * KEY_BYTES || self.bytes.get(start..end) == Some(form))
    }

    #[cold]
    #[allow(
        clippy::indexing_slicing,
        reason = "the mask keeps the place inside the slots"
    )]
    fn grow(&mut self) {
        let count = (self.slots.len() * 2).max(LEAST_SLOTS);
        self.slots.clear();
        self.slots.resize(count, 0);
        for (number, form) in self.forms.iter().enumerate() {
            let mut at = form.key.hash as usize & (count - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (count - 1);
            }
            self.slots[at] = form.key.hash & !u64::from(u32::MAX) | (number as u64 + 1);
        }
    }
}

/// How many bytes of either end of a form its key holds.
const KEY_BYTES: usize = 8;

impl FormKey {
    /// The key of a form.
    #[inline]
    pub(in crate::engine::embedded) fn of(form: &[u8]) -> FormKey {
        let mut hash = *SEED ^ (form.len() as u64).wrapping_mul(FIRST);
        let (steps, rest) = form.as_chunks::<KEY_BYTES>();
        for step in steps {
            hash = mixed(hash ^ u64::from_le_bytes(*step), SECOND);
        }
        // The halves of what is left may overlap: its length is known.
        let last = match (rest.first_chunk(), rest.last_chunk()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
            }
            _ => rest.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)),
        };
        FormKey {
            hash: mixed(hash ^ last, FIRST),
            front: steps.first().map_or(last, |step| u64::from_le_bytes(*step)),
            back: form
                .last_chunk()
                .map_or(0, |back| u64::from_le_bytes(*back)),
        }
    }
}

/// Both halves of a product: each bit of it depends on all of the factors.
#[inline]
fn mixed(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_one_number_however_often_it_comes() {
        let mut table = FormTable::default();
        for _ in 0..2 {
            for round in 0..3 {
                for number in 0..5_000_usize {
                    let form = "x".repeat(number % 21) + &number.to_string();
                    let key = FormKey::of(form.as_bytes());
                    let given = table.number_of(form.as_bytes(), key);
                    assert_eq!(given as usize, number, "{round}");
                    assert_eq!(table.form(number), form.as_bytes());
                }
            }
            assert_eq!(table.len(), 5_000);
            table.clear();
            assert_eq!(table.form(0), b"");
        }
    }

    #[test]
    fn forms_that_share_both_ends_are_told_apart() {
        let mut table = FormTable::default();
        let mut forms = Vec::new();
        for middle in ["", "x", "y", "xy", "yx", "abcdefgh", "abcdefgX", "Xbcdefgh"] {
            for (front, back) in [
                ("", ""),
                ("abcdefgh", ""),
                ("abcdefgh", "abcdefgh"),
                ("a", "h"),
            ] {
                forms.push(format!("{front}{middle}{back}"));
            }
        }
        forms.sort();
        forms.dedup();
        for _ in 0..2 {
            for (number, form) in forms.iter().enumerate() {
                let key = FormKey::of(form.as_bytes());
                assert_eq!(
                    table.number_of(form.as_bytes(), key) as usize,
                    number,
                    "{form}"
                );
                assert_eq!(table.form(number), form.as_bytes());
            }
        }
    }

    #[test]
    fn forms_that_differ_in_little_have_other_keys() {
        let texts = [
            "",
            "\0",
            "\0\0",
            "a",
            "b",
            "ab",
            "ba",
            "abcdefgh",
            "abcdefghi",
            "abcdefgh\0",
        ];
        for a in texts {
            for b in texts {
                let (key_a, key_b) = (FormKey::of(a.as_bytes()), FormKey::of(b.as_bytes()));
                assert_eq!(key_a.hash == key_b.hash, a == b);
            }
        }
    }
}
