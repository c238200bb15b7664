//! The list of the files that a change is about to write: whatever ends the change, the next one knows what to remove.
//!
//! A text file, a name a line. A name is listed, and the list synced, before its file is made; it stays there until the
//! file belongs to the index or is gone. A file that nobody listed is not ours, whatever it is called.

use std::collections::BTreeSet;
use std::io;

use super::disk::Disk;
use super::names::is_own;

/// The list's file.
pub(super) const BEGUN: &str = "begun";

/// The names that the list in the folder holds, damaged lines left out.
pub(super) fn read_begun(disk: &dyn Disk) -> BTreeSet<String> {
    let bytes = disk.read(BEGUN).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let names = text.lines().filter(|name| is_own(name));
    names.map(str::to_string).collect()
}

/// What a change has listed.
#[derive(Debug, Default)]
pub(super) struct Begun {
    names: BTreeSet<String>,
    is_there: bool,
}

impl Begun {
    /// Goes on with the list that another change left.
    pub(super) fn resumed(disk: &dyn Disk) -> Begun {
        let names = read_begun(disk);
        let is_there = disk.exists(BEGUN);
        Begun { names, is_there }
    }

    /// Lists names; returns once the list would survive a loss of power.
    pub(super) fn list(
        &mut self,
        disk: &dyn Disk,
        names: impl IntoIterator<Item = String>,
    ) -> io::Result<()> {
        let new = |name: &String| !self.names.contains(name);
        let new: BTreeSet<String> = names.into_iter().filter(new).collect();
        if new.is_empty() {
            return Ok(());
        }
        // A line that was cut ends here.
        let start = if self.is_there { "\n" } else { "" };
        let lines: String = new.iter().map(|name| format!("{name}\n")).collect();
        let is_first = !self.is_there;
        self.is_there = true;
        disk.append(BEGUN, format!("{start}{lines}").as_bytes())?;
        disk.sync(BEGUN)?;
        if is_first {
            disk.sync_folder()?;
        }
        self.names.extend(new);
        Ok(())
    }

    pub(super) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Removes the listed files, but those that `keeps` names, and then the list. What cannot be removed stays listed.
    pub(super) fn remove_all(
        &mut self,
        disk: &dyn Disk,
        keeps: impl Fn(&str) -> bool,
    ) -> io::Result<()> {
        let mut failed = Ok(());
        self.names.retain(|name| {
            if keeps(name) {
                return true;
            }
            match disk.remove(name) {
                Ok(()) => false,
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                // Something else has the name by now; it is not ours to remove.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => false,
                Err(error) => {
                    failed = Err(error);
                    true
                }
            }
        });
        failed?;
        if self.is_there {
            match disk.remove(BEGUN) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => *self = Begun::default(),
            }
        }
        Ok(())
    }
}
