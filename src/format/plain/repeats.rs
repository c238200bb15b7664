//! Finds lines that stand several times in a text.

use std::collections::HashMap;

use super::topic::{HASH_START, hash_small};

/// The hash of the text in small letters, numbers alike: what is compared to find repeats.
pub(super) fn fingerprint(text: &str) -> u64 {
    let mut last = ' ';
    let mut print = HASH_START;
    for c in text.chars() {
        let sign = if c.is_ascii_digit() { '#' } else { c };
        if sign == '#' && last == '#' {
            continue;
        }
        last = sign;
        print = hash_small(print, sign);
    }
    print
}

/// How often each fingerprint is there.
pub(super) fn counts(prints: &[u64]) -> HashMap<u64, u32> {
    let mut counts = HashMap::with_capacity(prints.len());
    for print in prints {
        *counts.entry(*print).or_insert(0) += 1;
    }
    counts
}
