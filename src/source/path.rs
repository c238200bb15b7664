//! Paths as an index keeps them: relative to its folder, with `/`, as bytes.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A source's path relative to the folder of the index (absolute where it lies outside), with `/`, ordered bytewise.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StoredPath(Vec<u8>);

impl StoredPath {
    /// The stored form of `path`, without `.` components.
    #[must_use]
    pub fn from_path(path: &Path) -> StoredPath {
        let mut bytes = Vec::new();
        for component in path.components() {
            match component {
                Component::CurDir => continue,
                Component::RootDir => {
                    bytes.push(b'/');
                    continue;
                }
                _ => {}
            }
            if !bytes.is_empty() && bytes.last() != Some(&b'/') {
                bytes.push(b'/');
            }
            bytes.extend_from_slice(&os_bytes(component.as_os_str()));
        }
        StoredPath(bytes)
    }

    /// The stored form of `path`, relative to `base` where it lies below it.
    #[must_use]
    pub(crate) fn below_base(path: &Path, base: &Path) -> StoredPath {
        let (bytes, base_bytes) = (os_bytes(path.as_os_str()), os_bytes(base.as_os_str()));
        let relative = bytes
            .strip_prefix(base_bytes.as_ref())
            .and_then(|rest| rest.strip_prefix(b"/"));
        match relative {
            // A walk gives plain paths; only such as begin with a dot may need more care.
            Some(rest) if cfg!(unix) && !rest.starts_with(b".") && !rest.starts_with(b"/") => {
                StoredPath(rest.to_vec())
            }
            _ => StoredPath::from_path(path.strip_prefix(base).unwrap_or(path)),
        }
    }

    /// The path of these bytes, as [`StoredPath::as_bytes`] gave them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> StoredPath {
        StoredPath(bytes.to_vec())
    }

    /// The bytes of the path.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text, where it is UTF-8.
    #[must_use]
    pub fn as_utf8(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The path as text, what is no UTF-8 replaced.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The name of the file without its ending, as text.
    #[must_use]
    pub fn stem(&self) -> Cow<'_, str> {
        let name = self.0.rsplit(|&byte| byte == b'/').next();
        let name = name.unwrap_or_default();
        let end = name.iter().rposition(|&byte| byte == b'.');
        // A dot at the beginning hides a file, and begins no ending.
        let stem = end.filter(|&end| end > 0).and_then(|end| name.get(..end));
        String::from_utf8_lossy(stem.unwrap_or(name))
    }

    /// The path as ids have it, so that no two have the same: `%`, `#` and what is no UTF-8 are percent-encoded.
    #[must_use]
    pub fn to_id(&self) -> Cow<'_, str> {
        match self.as_utf8() {
            Some(text) if !text.contains(['%', '#']) => Cow::Borrowed(text),
            _ => Cow::Owned(percent_encoded(&self.0)),
        }
    }

    /// The path that is written so in ids.
    #[must_use]
    pub fn from_id(id: &str) -> StoredPath {
        StoredPath(percent_decoded(id))
    }

    /// The path as it is typed in the folder `current`, where it is relative to `base`; as it is where `current` is the
    /// base, and absolute where it lies outside of the base.
    #[must_use]
    pub fn seen_from(&self, base: &Path, current: &Path) -> StoredPath {
        let is_absolute = self.0.first() == Some(&b'/');
        if base == current && !is_absolute {
            return self.clone();
        }
        let absolute = self.below(base);
        if let Ok(inside) = absolute.strip_prefix(current) {
            return StoredPath::from_path(inside);
        }
        if is_absolute {
            return self.clone();
        }
        let mut up = 0;
        let shared = current.ancestors().find(|folder| {
            let is_shared = absolute.starts_with(folder);
            up += usize::from(!is_shared);
            is_shared
        });
        let Some(rest) = shared.and_then(|folder| absolute.strip_prefix(folder).ok()) else {
            return StoredPath::from_path(&absolute);
        };
        let ups = std::iter::repeat_n(Component::ParentDir, up);
        StoredPath::from_path(&ups.chain(rest.components()).collect::<PathBuf>())
    }

    /// The file below `base`.
    #[must_use]
    pub fn below(&self, base: &Path) -> PathBuf {
        base.join(self.to_path())
    }

    /// Whether this is `folder` or lies below it. The empty path holds every relative one.
    #[must_use]
    pub fn is_under(&self, folder: &StoredPath) -> bool {
        if folder.0.is_empty() {
            return self.0.first() != Some(&b'/');
        }
        self.0
            .strip_prefix(folder.0.as_slice())
            .is_some_and(|rest| {
                rest.is_empty() || rest.first() == Some(&b'/') || folder.0.last() == Some(&b'/')
            })
    }

    /// Whether it is one of `folders`, or below one.
    #[must_use]
    pub fn is_under_any(&self, folders: &[StoredPath]) -> bool {
        folders.iter().any(|folder| self.is_under(folder))
    }

    /// The folder that holds it.
    #[must_use]
    pub fn parent(&self) -> StoredPath {
        let end = self.0.iter().rposition(|&b| b == b'/').unwrap_or(0);
        StoredPath(self.0.split_at(end).0.to_vec())
    }

    #[cfg(unix)]
    pub(crate) fn to_path(&self) -> PathBuf {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(OsStr::from_bytes(&self.0))
    }

    #[cfg(not(unix))]
    pub(crate) fn to_path(&self) -> PathBuf {
        PathBuf::from(self.to_text().into_owned())
    }
}

impl fmt::Display for StoredPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(unix)]
fn os_bytes(name: &OsStr) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    Cow::Borrowed(name.as_bytes())
}

#[cfg(not(unix))]
fn os_bytes(name: &OsStr) -> Cow<'_, [u8]> {
    Cow::Owned(name.to_string_lossy().into_owned().into_bytes())
}

/// The bytes that a percent-encoded text stands for; a `%` without two hexadecimal digits stands for itself.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let hex = behind.get(..2).filter(|_| first == b'%');
        let hex = hex.filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(byte.unwrap_or(first));
        rest = byte.and_then(|_| behind.get(2..)).unwrap_or(behind);
    }
    out
}

fn percent_encoded(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace('%', "%25").replace('#', "%23"));
        for byte in chunk.invalid() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str) -> StoredPath {
        StoredPath::from_path(Path::new(text))
    }

    #[test]
    fn paths_lose_their_dots_and_know_what_holds_them() {
        assert_eq!(stored("./news/./x.txt").to_text(), "news/x.txt");
        assert_eq!(stored("/tmp/x").to_text(), "/tmp/x");
        assert!(stored("news/x.txt").is_under(&stored("news")));
        assert!(stored("news").is_under(&stored("news")));
        assert!(!stored("newspaper/x").is_under(&stored("news")));
        assert!(stored("a/b").is_under(&stored(".")));
        assert!(!stored("/a/b").is_under(&stored("")));
        assert!(stored("/a/b").is_under(&stored("/")));
        assert_eq!(stored("news/x.txt").parent(), stored("news"));
        assert_eq!(stored("x.txt").parent(), stored(""));
    }

    #[test]
    fn no_two_paths_have_the_same_id_and_each_reads_back() {
        let path = StoredPath::from_bytes(b"a\xff%.txt");
        assert_eq!(path.as_utf8(), None);
        assert_eq!(path.to_id(), "a%FF%25.txt");
        assert_eq!(stored("bad%FF.md").to_id(), "bad%25FF.md");
        assert_eq!(stored("c#/100%.md").to_id(), "c%23/100%25.md");
        for bytes in [
            &b"a\xff%.txt"[..],
            b"bad%FF.md",
            b"bad\xff.md",
            b"%",
            b"a#b%2",
        ] {
            let path = StoredPath::from_bytes(bytes);
            assert_eq!(StoredPath::from_id(&path.to_id()), path);
        }
    }

    #[test]
    fn a_path_is_seen_from_the_current_folder() {
        let seen = |path: &str, current: &str| {
            let seen = stored(path).seen_from(Path::new("/a/b"), Path::new(current));
            seen.to_text().into_owned()
        };
        for (path, current, expected) in [
            ("n/x.md", "/a/b", "n/x.md"),
            ("n/x.md", "/a/b/n", "x.md"),
            ("n/x.md", "/a/b/m", "../n/x.md"),
            ("n/x.md", "/a/b/m/k", "../../n/x.md"),
            ("n/x.md", "/a", "b/n/x.md"),
            ("n/x.md", "/c/d", "../../a/b/n/x.md"),
            ("/tmp/x.md", "/a/b/n", "/tmp/x.md"),
            ("/tmp/x.md", "/tmp", "x.md"),
            ("/tmp/x.md", "/a/b", "/tmp/x.md"),
        ] {
            assert_eq!(seen(path, current), expected, "{path} from {current}");
        }
    }
}
