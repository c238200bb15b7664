//! The bytes of a catalog, which may be checked as they are used: an answer uses few of them.

use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::layout::{u32_at, u64_at};

/// Where a catalog's bytes are held.
pub trait CatalogBytes: Send + Sync {
    /// All bytes, whether they were checked or not.
    fn bytes(&self) -> &[u8];

    /// Checks some of the bytes; whether they are sound.
    fn is_sound(&self, range: Range<usize>) -> bool {
        let _ = range;
        true
    }

    /// So many bytes from a place on; `None` where there are not so many, or they are not sound.
    fn sound_bytes(&self, at: usize, len: usize) -> Option<&[u8]> {
        let range = at..at.checked_add(len)?;
        let bytes = self.bytes().get(range.clone())?;
        self.is_sound(range).then_some(bytes)
    }

    /// The little-endian number of 32 bits at a place; `None` where there is none, or it is not sound.
    fn number_at(&self, at: usize) -> Option<usize> {
        let bytes = self.sound_bytes(at, 4)?;
        u32_at(bytes, 0).map(|number| number as usize)
    }
}

impl<T: Deref<Target = [u8]> + Send + Sync> CatalogBytes for T {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// Whoever looks so often at single records looks at many: all are checked then.
const MOST_LOOKS: u32 = 2000;

/// The bytes of a catalog; none that were not checked are given.
pub(super) struct CheckedBytes {
    held: Box<dyn CatalogBytes>,
    /// Whether all are sound.
    are_sound: AtomicBool,
    looks: AtomicU32,
}

impl CheckedBytes {
    pub(super) fn new(held: Box<dyn CatalogBytes>) -> CheckedBytes {
        CheckedBytes {
            held,
            are_sound: AtomicBool::new(false),
            looks: AtomicU32::new(0),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.held.bytes().len()
    }

    /// Some of the bytes; `None` where there are not so many, or they are not sound.
    pub(super) fn get(&self, range: Range<usize>) -> Option<&[u8]> {
        if !self.are_sound.load(Ordering::Relaxed) && !self.look(&range) {
            return None;
        }
        self.held.bytes().get(range)
    }

    /// Checks all bytes; whether they are sound.
    pub(super) fn check(&self) -> bool {
        let are_sound = self.are_sound.load(Ordering::Relaxed) || self.held.is_sound(0..self.len());
        self.are_sound.store(are_sound, Ordering::Relaxed);
        are_sound
    }

    #[cold]
    fn look(&self, range: &Range<usize>) -> bool {
        match self.looks.fetch_add(1, Ordering::Relaxed) {
            MOST_LOOKS => self.check(),
            _ => range.end <= self.len() && self.held.is_sound(range.clone()),
        }
    }

    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        self.get(at..at.checked_add(1)?)?.first().copied()
    }

    pub(super) fn u32_at(&self, at: usize) -> Option<u32> {
        u32_at(self.get(at..at.checked_add(4)?)?, 0)
    }

    pub(super) fn u64_at(&self, at: usize) -> Option<u64> {
        u64_at(self.get(at..at.checked_add(8)?)?, 0)
    }
}
