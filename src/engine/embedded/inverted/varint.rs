//! Numbers of 32 bits in as few bytes as they need: seven bits a byte, the lowest first.

/// The most bytes that a number takes.
pub(super) const MOST_BYTES: usize = 5;

/// Writes a number.
#[inline]
pub(super) fn push_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

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

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = (0..32).flat_map(|bit| [1_u32 << bit, (1 << bit) - 1, u32::MAX >> bit]);
        let numbers: Vec<u32> = numbers.collect();
        let mut bytes = Vec::new();
        for &number in &numbers {
            let start = bytes.len();
            push_number(&mut bytes, number);
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
