//! What tells a changed file from one that is as it was, without reading it.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

/// A file that changed so shortly before it was read may change again within the same modification time: file systems
/// count it in steps of up to two seconds (FAT).
const FRESH_MODIFIED_NS: i64 = 2_000_000_000;
/// The same for the time of its status, which systems that have one count in steps of at most 10 ms.
const FRESH_CHANGED_NS: i64 = 20_000_000;

/// What the file system says of a file. Programs set the time of modification as they like; the time of the last
/// change of its status, and which file it is, they cannot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatKey {
    /// Its size in bytes.
    pub size: u64,
    /// Its time of modification, in nanoseconds since 1970; [`StatKey::UNTRUSTED`] where the file has to be read again.
    pub modified_ns: i64,
    /// The time of the last change of its status (ctime), in nanoseconds since 1970; 0 where the system has none.
    pub changed_ns: i64,
    /// Its number in its file system; 0 where the system has none.
    pub inode: u64,
}

impl StatKey {
    /// In place of a time of modification: one that no file has.
    pub const UNTRUSTED: i64 = i64::MIN;

    /// What `metadata` says.
    #[must_use]
    pub fn of(metadata: &Metadata) -> StatKey {
        let (changed_ns, inode) = status(metadata);
        StatKey {
            size: metadata.len(),
            modified_ns: modified_ns(metadata),
            changed_ns,
            inode,
        }
    }

    /// What the system's `stat` says.
    #[cfg(target_os = "linux")]
    #[allow(
        clippy::unnecessary_cast,
        reason = "the types of the numbers differ from machine to machine"
    )]
    pub(super) fn of_stat(stat: &rustix::fs::Stat) -> StatKey {
        let modified_ns = i128::from(stat.st_mtime as i64) * 1_000_000_000
            + i128::from(stat.st_mtime_nsec as i64);
        let largest = i128::from(i64::MAX);
        let changed_ns = (stat.st_ctime as i64).saturating_mul(1_000_000_000);
        StatKey {
            size: stat.st_size as u64,
            modified_ns: modified_ns.clamp(-largest, largest) as i64,
            changed_ns: changed_ns.saturating_add(stat.st_ctime_nsec as i64),
            inode: stat.st_ino as u64,
        }
    }

    /// Whether size and time of modification are the same.
    #[must_use]
    pub fn is_alike(&self, other: &StatKey) -> bool {
        (self.size, self.modified_ns) == (other.size, other.modified_ns)
    }

    /// The key as an index keeps it that read the file at `now_ns`: a file that may change again within the same times
    /// is never taken as unchanged.
    #[must_use]
    pub fn trusted(self, now_ns: i64) -> StatKey {
        let is_fresh = self.modified_ns > now_ns - FRESH_MODIFIED_NS
            || self.changed_ns > now_ns - FRESH_CHANGED_NS;
        match is_fresh {
            true => self.untrusted(),
            false => self,
        }
    }

    /// The key of a file that is read again with every look.
    #[must_use]
    pub fn untrusted(self) -> StatKey {
        StatKey {
            modified_ns: StatKey::UNTRUSTED,
            ..self
        }
    }
}

#[cfg(unix)]
fn status(metadata: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    let seconds = metadata.ctime().saturating_mul(1_000_000_000);
    (
        seconds.saturating_add(metadata.ctime_nsec()),
        metadata.ino(),
    )
}

#[cfg(not(unix))]
fn status(_: &Metadata) -> (i64, u64) {
    (0, 0)
}

fn modified_ns(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else {
        return 0;
    };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(-i64::MAX, |ns| -ns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_may_come_again_are_not_trusted() {
        let key = StatKey {
            size: 1,
            modified_ns: 5_000_000_000,
            changed_ns: 5_000_000_000,
            inode: 7,
        };
        assert_eq!(key.trusted(8_000_000_000), key);
        assert_eq!(key.trusted(6_000_000_000), key.untrusted());
        let set_back = StatKey {
            modified_ns: 1,
            ..key
        };
        assert_eq!(set_back.trusted(5_010_000_000), set_back.untrusted());
        assert_eq!(set_back.trusted(5_030_000_000), set_back);
    }
}
