//! Numbers of 32 bits as [`crate::article::write_varint`] writes them, for where the lists of a batch are joined.

/// The most bytes that a number takes.
pub(super) const MOST_BYTES: usize = 5;

/// Writes a number to an array and tells how many bytes it takes.
#[inline]
pub(super) fn number_bytes(mut number: u32) -> ([u8; MOST_BYTES], usize) {
    let mut bytes = [0; MOST_BYTES];
    let mut len = 0;
    for byte in &mut bytes {
        len += 1;
        if number < 0x80 {
            *byte = number as u8;
            break;
        }
        *byte = number as u8 | 0x80;
        number >>= 7;
    }
    (bytes, len)
}

/// Reads a number from the front of `bytes`; `None` at their end.
#[inline]
pub(super) fn next_number(bytes: &mut &[u8]) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
        if shift > 28 {
            shift = 28;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::write_varint;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = (0..32).flat_map(|bit| [1_u32 << bit, (1 << bit) - 1, u32::MAX >> bit]);
        let numbers: Vec<u32> = numbers.collect();
        let mut bytes = Vec::new();
        for &number in &numbers {
            let start = bytes.len();
            write_varint(&mut bytes, u64::from(number));
            let (array, len) = number_bytes(number);
            assert_eq!(array.get(..len), bytes.get(start..));
        }
        let mut rest = bytes.as_slice();
        for &number in &numbers {
            assert_eq!(next_number(&mut rest), Some(number));
        }
        assert_eq!(next_number(&mut rest), None);
    }
}
