//! The files of an index: their names, their sums, who may write them, and the commit that makes new ones visible.

pub(super) mod begun;
pub(super) mod checksums;
pub(super) mod claim;
pub(super) mod commit;
pub(super) mod directory;
pub mod disk;
pub(super) mod faults;
pub(super) mod manifest;
pub(super) mod names;
