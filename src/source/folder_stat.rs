//! Looks at the files of one folder after the other. The system walks down to the folder once, and not for each file.

use std::fs::Metadata;
use std::path::Path;

use super::StatKey;

/// What a walk asks of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileFacts {
    pub(super) is_file: bool,
    pub(super) stat: StatKey,
}

impl FileFacts {
    pub(super) fn of(metadata: &Metadata) -> FileFacts {
        FileFacts {
            is_file: metadata.is_file(),
            stat: StatKey::of(metadata),
        }
    }
}

/// The folder whose files are looked at.
#[derive(Default)]
pub(super) struct FolderStat {
    #[cfg(target_os = "linux")]
    open: Option<(Vec<u8>, std::os::fd::OwnedFd)>,
}

#[cfg(target_os = "linux")]
impl FolderStat {
    /// What stands at a path, which is not followed; `None` where that cannot be told so.
    pub(super) fn look(&mut self, path: &Path) -> Option<FileFacts> {
        use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat};
        use std::os::unix::ffi::OsStrExt;

        let bytes = path.as_os_str().as_bytes();
        let (folder, name) = bytes.split_at(memchr::memrchr(b'/', bytes)? + 1);
        if self.open.as_ref().is_none_or(|(own, _)| own != folder) {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let opened = openat(CWD, folder, flags, Mode::empty()).ok()?;
            self.open = Some((folder.to_vec(), opened));
        }
        let (_, folder) = self.open.as_ref()?;
        let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(FileFacts {
            is_file: FileType::from_raw_mode(stat.st_mode).is_file(),
            stat: StatKey::of_stat(&stat),
        })
    }
}

#[cfg(not(target_os = "linux"))]
impl FolderStat {
    /// Nothing is told here so.
    pub(super) fn look(&mut self, _: &Path) -> Option<FileFacts> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn it_says_what_the_metadata_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut seen = FolderStat::default();
        for (inner, name) in [("a", "x.md"), ("a", "y.md"), ("b", "x.md"), ("a", "z.md")] {
            let path = folder.path().join(inner).join(name);
            fs::create_dir_all(folder.path().join(inner)).expect("a folder");
            fs::write(&path, name.repeat(3)).expect("a file");
            let metadata = fs::symlink_metadata(&path).expect("there");
            let facts = seen.look(&path).expect("facts");
            assert_eq!((facts.is_file, facts.stat), (true, StatKey::of(&metadata)));
        }
        let link = folder.path().join("a/link.md");
        std::os::unix::fs::symlink("x.md", &link).expect("a link");
        assert!(!seen.look(&link).expect("facts").is_file);
        assert!(!seen.look(&folder.path().join("a")).expect("facts").is_file);
        assert!(seen.look(&folder.path().join("a/none.md")).is_none());
        assert!(seen.look(Path::new("x.md")).is_none());
    }
}
