//! What is known of an index as a whole: its version, what was recovered of it, what reading all of it found.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher, RandomState};

use serde::{Deserialize, Serialize};

use super::EngineError;
use crate::analysis;
use crate::catalog::{Catalog, Origin};
use crate::source::StoredPath;

/// The version of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexVersion {
    /// Of the files.
    pub format: u32,
    /// Of what words are made of text.
    pub analysis: u32,
    /// Of the program.
    pub program: String,
}

impl IndexVersion {
    /// The version that this program makes, with files of this format.
    pub(super) fn of_format(format: u32) -> IndexVersion {
        IndexVersion {
            format,
            analysis: analysis::VERSION,
            program: env!("CARGO_PKG_VERSION").to_string(),
        }
    }

    /// An error where an index of this version is not one of `own`, the version that this program makes.
    pub(super) fn check(&self, own: &IndexVersion) -> Result<(), EngineError> {
        let numbers = |version: &IndexVersion| (version.format, version.analysis);
        match numbers(self).cmp(&numbers(own)) {
            Ordering::Equal => Ok(()),
            Ordering::Less => Err(EngineError::OlderVersion {
                found: self.to_string(),
                own: own.to_string(),
            }),
            Ordering::Greater => Err(EngineError::NewerVersion {
                found: self.to_string(),
                own: own.to_string(),
            }),
        }
    }
}

impl std::fmt::Display for IndexVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "format {}, analysis {} (excerpt {})",
            self.format, self.analysis, self.program
        )
    }
}

/// A new index's id: 32 hexadecimal digits that no other has.
pub(super) fn new_id() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

/// What reading all of an index found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// The files that belong to the index.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The live sections.
    pub sections: u64,
    /// What is wrong; where it is much, the first of it.
    pub faults: Vec<String>,
    /// Files that killed runs left. They do no harm.
    pub strays: u64,
    /// The sources that were read again and compared, where that was asked.
    pub compared: Option<u64>,
    /// Those that were not: they changed since, cannot be read, or would be read in another manner.
    pub not_compared: u64,
}

/// How deep an index is looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Its files are held against their sums.
    Sums,
    /// Everything is read, and what belongs together held against each other.
    Full,
}

/// What an engine can do beside what all can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineFeatures {
    /// Whether the ranking is made over all that matches, however many are wanted.
    pub ranks_all: bool,
    /// Whether a change is visible whole or not at all.
    pub is_atomic: bool,
}

/// What was sent to an engine on other machines, and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct EngineTraffic {
    /// The requests, those that were sent again among them.
    pub requests: u64,
    /// The bytes that were sent.
    pub bytes_sent: u64,
    /// The bytes that were received.
    pub bytes_received: u64,
}

/// One of those who write to an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexOwner {
    /// Its name.
    pub owner: String,
    /// Its sources, read or not.
    pub files: u64,
    /// Their sections.
    pub sections: u64,
    /// When its last run ended, in seconds since 1970; `None` where none did.
    pub refreshed: Option<u64>,
    /// Whether a run began and did not end.
    pub busy: bool,
}

/// What can still be read of an index that cannot be opened.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The settings that its last commit kept; `None` where they are lost.
    pub settings: Option<String>,
    /// Its id.
    pub id: Option<String>,
    /// The sources that it had, with how they came to be known; `None` where that is lost.
    pub sources: Option<Vec<(StoredPath, Origin)>>,
}

impl Recovered {
    /// With the sources of a catalog that was kept.
    #[must_use]
    pub fn with_catalog(self, catalog: Option<&Catalog>) -> Recovered {
        let sources = catalog.map(|catalog| {
            let of = |source| Some((catalog.path(source), catalog.origin(source)?));
            catalog.sources().filter_map(of).collect()
        });
        Recovered { sources, ..self }
    }
}
