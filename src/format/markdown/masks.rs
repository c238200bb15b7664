//! Writes over what is hidden from the parser.

pub(super) fn fill(hidden: &mut [u8], front: &[u8]) {
    fill_with(hidden, front, b',');
}

/// Puts `front` and then `rest` over the bytes of `hidden`, which keep their line ends.
pub(super) fn fill_with(hidden: &mut [u8], front: &[u8], rest: u8) {
    for (at, byte) in hidden.iter_mut().enumerate() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = front.get(at).copied().unwrap_or(rest);
        }
    }
}

/// `{: #id}` and `{/* #id */}` as `{   #id   }`.
pub(super) fn clear_marks(hidden: &mut [u8]) {
    for byte in hidden {
        if matches!(byte, b':' | b'/' | b'*') || *byte >= 0x80 {
            *byte = b' ';
        }
    }
}
