//! The owners of an index of several, for people.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::engine::IndexOwner;
use crate::printer::clean;
use crate::printer::counts::counted;

/// An owner of an index of several, with what it has, and when it last refreshed.
pub(super) fn owner_line(owner: &IndexOwner) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_secs());
    let refreshed = match owner.refreshed.map(|at| now.saturating_sub(at)) {
        None => "never refreshed".to_string(),
        Some(seconds) if seconds < 120 => format!("refreshed {seconds} s ago"),
        Some(seconds) if seconds < 7200 => format!("refreshed {} min ago", seconds / 60),
        Some(seconds) if seconds < 172_800 => format!("refreshed {} h ago", seconds / 3600),
        Some(seconds) => format!("refreshed {} days ago", seconds / 86_400),
    };
    let busy = if owner.busy {
        "; a run is under way, or did not end"
    } else {
        ""
    };
    format!(
        "{}: {}, {}, {refreshed}{busy}",
        clean(&owner.owner),
        counted(owner.files, "file", "files"),
        counted(owner.sections, "section", "sections")
    )
}
