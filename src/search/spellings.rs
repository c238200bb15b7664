//! Paths whose letters are composed otherwise than those of the name on the disk.
//!
//! `é` is one character in the normal form NFC and two in NFD: keyboards give the one, some file systems and archives
//! the other, and both look the same.

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::analysis::composed;

/// The path with its names as they are on the disk, where it is not there as it is written; as it is where none of the
/// names there differs in its normal form alone.
#[must_use]
pub fn on_disk(path: &Path) -> PathBuf {
    let is_ascii = path.as_os_str().as_encoded_bytes().is_ascii();
    if is_ascii || fs::symlink_metadata(path).is_ok() {
        return path.to_path_buf();
    }
    let mut found = PathBuf::new();
    for component in path.components() {
        let next = found.join(component);
        let other = match component {
            Component::Normal(name) if fs::symlink_metadata(&next).is_err() => {
                name.to_str().and_then(|name| name_in(&found, name))
            }
            _ => None,
        };
        found = other.map_or(next, |name| found.join(name));
    }
    found
}

/// The name in a folder that differs from `name` in its normal form alone; of several the first.
fn name_in(folder: &Path, name: &str) -> Option<OsString> {
    if name.is_ascii() {
        return None;
    }
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let names = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.file_name());
    let same = |other: &OsString| {
        let other = other.to_str().map(composed);
        other.is_some_and(|other| other == composed(name))
    };
    names.filter(same).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_on_the_disk_is_found_in_either_normal_form() {
        let folder = tempfile::tempdir().expect("a folder");
        let decomposed = folder.path().join("cafe\u{301}/re\u{301}sume\u{301}.md");
        fs::create_dir_all(decomposed.parent().expect("a parent")).expect("made");
        fs::write(&decomposed, "x").expect("written");
        let typed = folder.path().join("caf\u{e9}/r\u{e9}sum\u{e9}.md");
        assert_eq!(on_disk(&typed), decomposed);
        assert_eq!(on_disk(&decomposed), decomposed);
        let other = folder.path().join("caf\u{e9}/x.md");
        assert_eq!(on_disk(&other), folder.path().join("cafe\u{301}/x.md"));
        let ascii = folder.path().join("cafe/x.md");
        assert_eq!(on_disk(&ascii), ascii);
    }
}
