//! Why an index is built anew, and of what.

use super::Location;
use crate::engine::{Origin, Recovered};
use crate::refresh::Settings;
use crate::source::StoredPath;

/// Why an index is built anew, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuild {
    /// What is wrong with the one that is there.
    pub cause: String,
    /// Whether the folders that it covered are not known any more.
    pub is_lost: bool,
    /// The files that were named one by one, which are there.
    pub named: Vec<StoredPath>,
    /// How many more were, which are not known any more.
    pub unknown: u64,
    /// How many texts cannot be read again, such as those from standard input.
    pub texts: u64,
}

impl Rebuild {
    /// What can be told of the index at `location`, of which so much was recovered.
    pub(super) fn of(
        location: &Location,
        cause: &str,
        settings: Option<&Settings>,
        recovered: &Recovered,
    ) -> Rebuild {
        let of_origin = |origin: Origin| {
            let sources = recovered.sources.iter().flatten();
            let own = sources.filter(move |(_, own)| *own == origin);
            own.map(|(path, _)| path.clone()).collect::<Vec<_>>()
        };
        let is_there = |path: &StoredPath| path.below(&location.base).is_file();
        let known = recovered.sources.is_some();
        Rebuild {
            cause: cause.to_string(),
            is_lost: settings.is_none(),
            named: of_origin(Origin::Named)
                .into_iter()
                .filter(is_there)
                .collect(),
            unknown: settings.map_or(0, |settings| if known { 0 } else { settings.named }),
            texts: of_origin(Origin::Stdin).len() as u64,
        }
    }
}
