//! Where a text can be cut.

/// The last place up to `at`, in bytes, where a character begins or the text ends.
pub(crate) fn boundary_at(text: &str, at: usize) -> usize {
    let mut places = (0..=at.min(text.len())).rev();
    places.find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::boundary_at;

    #[test]
    fn no_character_is_cut() {
        let text = "aé京x";
        let places: Vec<usize> = (0..10).map(|at| boundary_at(text, at)).collect();
        assert_eq!(places, [0, 1, 1, 3, 3, 3, 6, 7, 7, 7]);
        assert_eq!(boundary_at("", 3), 0);
    }
}
