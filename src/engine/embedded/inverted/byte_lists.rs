//! Many lists of bytes that grow side by side in one piece of memory: the first block of a list is small, since most forms
//! stand in few sections, and each further one twice as large.

/// The bytes of a page; a power of two.
const PAGE_BYTES: usize = 1 << 18;
/// The bytes of a list's first block, and of its largest ones; powers of two.
const FIRST_BLOCK: usize = 8;
const LARGEST_BLOCK: usize = 1 << 15;
/// At the end of a block stands where the next one begins.
const LINK_BYTES: usize = 4;

/// Many lists of bytes.
#[derive(Debug, Default)]
pub(super) struct ByteLists {
    pages: Vec<Vec<u8>>,
    /// How many bytes are taken of the last page.
    taken: usize,
}

/// One of the lists. The addresses are page × [`PAGE_BYTES`] + place there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ByteList {
    first: u32,
    /// Where the next byte goes.
    at: u32,
    /// How many bytes the block has left.
    left: u16,
    /// The bytes of the block, as a power of two; 0 for a list of nothing.
    block_bits: u8,
}

impl ByteLists {
    /// What they take, in bytes.
    pub(super) fn size_bytes(&self) -> usize {
        PAGE_BYTES * self.pages.len()
    }

    /// Appends bytes to a list.
    #[inline]
    pub(super) fn append(&mut self, list: &mut ByteList, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if list.left == 0 {
                self.begin_block(list);
            }
            let here = bytes.len().min(usize::from(list.left));
            let (now, later) = bytes.split_at(here);
            self.put(list.at, now);
            list.at += here as u32;
            list.left -= here as u16;
            bytes = later;
        }
    }

    /// Writes the bytes of a list in place of what `out` holds.
    pub(super) fn read(&self, list: &ByteList, out: &mut Vec<u8>) {
        out.clear();
        if list.block_bits == 0 {
            return;
        }
        let (mut start, mut block) = (list.first, FIRST_BLOCK);
        let last = list.at + u32::from(list.left) + LINK_BYTES as u32 - (1 << list.block_bits);
        while start != last {
            let bytes = self.bytes(start, block);
            let (bytes, link) = bytes
                .split_last_chunk()
                .unwrap_or((bytes, &[0; LINK_BYTES]));
            out.extend_from_slice(bytes);
            start = u32::from_le_bytes(*link);
            block = (block * 2).min(LARGEST_BLOCK);
        }
        out.extend_from_slice(self.bytes(start, (list.at - start) as usize));
    }

    #[cold]
    fn begin_block(&mut self, list: &mut ByteList) {
        let block = match list.block_bits {
            0 => FIRST_BLOCK,
            bits => (2 << bits).min(LARGEST_BLOCK),
        };
        if self.pages.is_empty() || self.taken + block > PAGE_BYTES {
            self.pages.push(vec![0; PAGE_BYTES]);
            self.taken = 0;
        }
        let start = ((self.pages.len() - 1) * PAGE_BYTES + self.taken) as u32;
        self.taken += block;
        match list.block_bits {
            0 => list.first = start,
            _ => self.put(list.at, &start.to_le_bytes()),
        }
        list.at = start;
        list.left = (block - LINK_BYTES) as u16;
        list.block_bits = block.ilog2() as u8;
    }

    #[inline]
    fn put(&mut self, at: u32, bytes: &[u8]) {
        let (page, place) = (at as usize / PAGE_BYTES, at as usize % PAGE_BYTES);
        let page = self.pages.get_mut(page);
        if let Some(room) = page.and_then(|page| page.get_mut(place..place + bytes.len())) {
            room.copy_from_slice(bytes);
        }
    }

    fn bytes(&self, at: u32, len: usize) -> &[u8] {
        let (page, place) = (at as usize / PAGE_BYTES, at as usize % PAGE_BYTES);
        let page = self.pages.get(page);
        page.and_then(|page| page.get(place..place + len))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_numbers::RandomNumbers;

    #[test]
    fn lists_hold_what_was_appended_to_each() {
        let mut numbers = RandomNumbers::new();
        let seed = numbers.seed;
        let mut lists = ByteLists::default();
        let mut all: Vec<(ByteList, Vec<u8>)> = vec![<(ByteList, Vec<u8>)>::default(); 200];
        for step in 0..40_000_usize {
            // Few of them grow long.
            let most = if numbers.below(4) == 0 { all.len() } else { 5 };
            let (list, expected) = &mut all[numbers.below(most)];
            let count = numbers.below(if step % 100 == 0 { 3_000 } else { 20 });
            let bytes: Vec<u8> = (0..count).map(|i| (i + step) as u8).collect();
            lists.append(list, &bytes);
            expected.extend(bytes);
        }
        let mut out = Vec::new();
        for (list, expected) in &all {
            lists.read(list, &mut out);
            assert!(out == *expected, "seed {seed}");
        }
        assert!(all.iter().any(|(_, bytes)| bytes.len() > 3 * LARGEST_BLOCK));
    }
}
