//! Names of authors, as heads of articles and messages have them.

use super::one_line;

/// The names in a list: `Ann Berg <ann@a.b>, bob@a.b (Bob Roe)`. Who has no name is known by the address.
pub(in crate::format) fn names_with_addresses(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    // `Berg, Ann; Roe, Bob`
    let between = if list.contains(';') { b';' } else { b',' };
    let (mut is_quoted, mut depth, mut from) = (false, 0usize, 0);
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'(' | b'<' => depth += 1,
            b')' | b'>' => depth = depth.saturating_sub(1),
            _ if byte == between && !is_quoted && depth == 0 => {
                names.extend(name_of(list.get(from..at).unwrap_or_default()));
                from = at + 1;
            }
            _ => {}
        }
    }
    names.extend(name_of(list.get(from..).unwrap_or_default()));
    names
}

/// The name in `Ann Berg <ann@a.b>`, `"Berg, Ann" <ann@a.b>` and `ann@a.b (Ann Berg)`, else the address.
fn name_of(author: &str) -> Option<String> {
    let author = author.trim();
    let unquoted = |name: &str| one_line(name.trim().trim_matches(['"', '\'']));
    if let Some((name, address)) = author.split_once('<') {
        return unquoted(name).or_else(|| one_line(address.trim_end_matches('>')));
    }
    let named = author.split_once('(').filter(|(front, _)| {
        let front = front.trim();
        front.contains('@') && !front.contains(' ')
    });
    if let Some((address, name)) = named {
        return unquoted(name.trim_end_matches(')')).or_else(|| one_line(address));
    }
    unquoted(author)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_before_and_behind_addresses() {
        for (list, names) in [
            ("Ann Berg <ann@a.b>", &["Ann Berg"][..]),
            ("ann@a.b (Ann Berg)", &["Ann Berg"]),
            (
                "\"Berg, Ann\" <ann@a.b>, Bob Roe",
                &["Berg, Ann", "Bob Roe"],
            ),
            ("ann@a.b (Ann Berg), bob@a.b", &["Ann Berg", "bob@a.b"]),
            ("<ann@a.b>", &["ann@a.b"]),
            ("ann@a.b ()", &["ann@a.b"]),
            ("Ann Berg (the editor)", &["Ann Berg (the editor)"]),
            (" , ,", &[]),
            ("Berg, Ann; Roe, Bob", &["Berg, Ann", "Roe, Bob"]),
        ] {
            assert_eq!(names_with_addresses(list), names, "{list}");
        }
    }
}
