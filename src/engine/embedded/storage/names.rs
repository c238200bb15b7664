//! The names of an index's files. Only what is named so, and listed by the index, is ever removed.

use std::ops::RangeInclusive;

/// The manifest's file.
pub(in crate::engine::embedded) const MANIFEST: &str = "manifest";
/// A manifest that is not the index's yet.
pub(super) const NEXT_MANIFEST: &str = "manifest.part";
/// The commit of an index of format 1.
pub(in crate::engine::embedded) const OLD_MANIFEST: &str = "meta.json";
/// The endings of the files of a segment; those of deleted sections have a number before `del`.
const SEGMENT_ENDINGS: [&str; 6] = ["store", "term", "idx", "pos", "fieldnorm", "fast"];
/// What Tantivy writes while it sorts a segment's store.
const TEMPORARY_STORE: &str = "store.temp";
/// What format 1 had beside.
const OLD_NAMES: [&str; 4] = [
    "meta.json",
    ".managed.json",
    ".tantivy-meta.lock",
    ".tantivy-writer.lock",
];

/// Whether a name is one that an index gives its files. None of them can lead out of the folder.
pub(in crate::engine::embedded) fn is_own(name: &str) -> bool {
    is_of_segment(name)
        || is_named_by_content(name, "catalog-", ".bin")
        || is_named_by_content(name, "settings-", ".json")
        || is_of_classes(name)
        || is_of_segment_alone(name)
        || name == NEXT_MANIFEST
}

/// Whether a name is one that formats 1 to 3 gave their files.
pub(super) fn is_old(name: &str) -> bool {
    let of_tantivy = name
        .strip_prefix(".tmp")
        .is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
    is_own(name) || OLD_NAMES.contains(&name) || of_tantivy
}

/// The names of the files that a segment has from the start.
pub(super) fn of_segment(id: &str) -> Vec<String> {
    let endings = SEGMENT_ENDINGS.iter().chain([&TEMPORARY_STORE]);
    endings.map(|ending| format!("{id}.{ending}")).collect()
}

/// The segment whose file has this name.
pub(super) fn segment_of(name: &str) -> Option<&str> {
    let (id, _) = name.split_once('.')?;
    is_of_segment(name).then_some(id)
}

/// The names that content of this hash may have: one of them is free, whatever stands in the folder.
pub(super) fn by_content(prefix: &str, hash: &str, ending: &str) -> impl Iterator<Item = String> {
    let further = (1..=9).map(move |n| format!("-{n}"));
    let names = std::iter::once(String::new()).chain(further);
    let (prefix, hash, ending) = (prefix.to_string(), hash.to_string(), ending.to_string());
    names.map(move |n| format!("{prefix}{hash}{n}{ending}"))
}

fn is_of_segment(name: &str) -> bool {
    let Some((id, ending)) = name.split_once('.') else {
        return false;
    };
    let is_deletes = || {
        let number = ending.strip_suffix(".del");
        number.is_some_and(|n| is_made_of(n, 1..=20, |b| b.is_ascii_digit()))
    };
    is_hex(id, 32)
        && (SEGMENT_ENDINGS.contains(&ending) || ending == TEMPORARY_STORE || is_deletes())
}

fn is_named_by_content(name: &str, prefix: &str, ending: &str) -> bool {
    let middle = name
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_suffix(ending));
    middle.is_some_and(|middle| match middle.split_once('-') {
        None => is_hex(middle, 16),
        Some((hash, n)) => is_hex(hash, 16) && is_made_of(n, 1..=1, |b| b.is_ascii_digit()),
    })
}

/// `classes-SEGMENT-LANGUAGES.bin`; format 1 had no languages.
fn is_of_classes(name: &str) -> bool {
    let middle = name
        .strip_prefix("classes-")
        .and_then(|rest| rest.strip_suffix(".bin"));
    middle.is_some_and(|middle| match middle.split_once('-') {
        None => is_hex(middle, 32),
        Some((segment, languages)) => is_hex(segment, 32) && is_hex(languages, 16),
    })
}

/// `bounds-SEGMENT.bin`, `anchors-SEGMENT.bin`.
fn is_of_segment_alone(name: &str) -> bool {
    let rest = ["bounds-", "anchors-"]
        .iter()
        .find_map(|own| name.strip_prefix(own));
    let middle = rest.and_then(|rest| rest.strip_suffix(".bin"));
    middle.is_some_and(|segment| is_hex(segment, 32))
}

fn is_hex(text: &str, len: usize) -> bool {
    is_made_of(text, len..=len, |b| {
        b.is_ascii_digit() || (b'a'..=b'f').contains(&b)
    })
}

fn is_made_of(text: &str, len: RangeInclusive<usize>, is_one: fn(u8) -> bool) -> bool {
    len.contains(&text.len()) && text.bytes().all(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7765c8aa1daf406cba21b37172d77c77";

    #[test]
    fn only_exact_names_are_ours() {
        let own = [
            format!("{ID}.store"),
            format!("{ID}.17.del"),
            format!("classes-{ID}-16a52579b4ffd0f6.bin"),
            format!("bounds-{ID}.bin"),
            format!("anchors-{ID}.bin"),
            "catalog-0a8072822cd5c23e.bin".into(),
            "settings-fcebaac6ef6b46de-3.json".into(),
            "manifest.part".into(),
        ];
        for name in &own {
            assert!(is_own(name), "{name}");
        }
        let names = by_content("catalog-", "0a8072822cd5c23e", ".bin");
        assert_eq!(names.filter(|name| is_own(name)).count(), 10);
        assert!(of_segment(ID).iter().all(|name| is_own(name)));
        assert_eq!(segment_of(&own[1]), Some(ID));
    }

    #[test]
    fn names_of_the_users_files_are_not() {
        for name in [
            "settings-prod.json",
            "catalog-2024.csv",
            "catalog-0a8072822cd5c23e.bin.bak",
            ".tmpnotes",
            ".tmp-notes.txt",
            "manifest",
            "LOCK",
            &format!("{ID}.jpg"),
            &format!("{ID}.del"),
            &format!("{}.store", ID.to_uppercase()),
            &format!("../{ID}.store"),
            &format!("{ID}.store/../../x"),
        ] {
            assert!(!is_own(name) && !is_old(name), "{name}");
        }
        assert!(is_old("meta.json") && !is_own("meta.json"));
    }
}
