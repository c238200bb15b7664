//! Opens an index, or one in place of what cannot be used.

use super::{Error, Index, Location};
use crate::engine::embedded::EmbeddedEngine;
use crate::engine::{Engine, EngineError, Verification};
use crate::index::Settings;

/// Why an index is built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuild {
    /// What is wrong with the one that is there.
    pub cause: String,
    /// Whether what it covered is not known any more.
    pub is_lost: bool,
}

impl Index {
    /// Opens an index that is there.
    ///
    /// # Errors
    /// Where it is not there or cannot be read; one of an older version too, see [`Index::open_or_create`].
    pub fn open(location: Location) -> Result<Index, Error> {
        let engine = EmbeddedEngine::open(&location.folder)?;
        let settings = Settings::read(engine.settings());
        Ok(Index::opened(location, Box::new(engine), settings))
    }

    /// Opens an index; where there is none, or one of an older version, an empty one, which its first refresh makes: of
    /// what the older one covered.
    ///
    /// # Errors
    /// Where it cannot be read or made.
    pub fn open_or_create(location: Location) -> Result<Index, Error> {
        if !location.exists() {
            location.create()?;
            let engine = EmbeddedEngine::blank(&location.folder)?;
            let settings = first_settings(&location);
            return Ok(Index::opened(location, Box::new(engine), settings));
        }
        match Index::open(location.clone()) {
            Err(Error::Engine(error @ EngineError::OlderVersion { .. })) => {
                Index::in_place_of(location, &error)
            }
            result => result,
        }
    }

    /// As [`Index::open_or_create`], but all files are read, and a damaged index is built anew too; where `force` says
    /// so, even one of a newer version.
    ///
    /// # Errors
    /// The same.
    pub fn open_or_mend(location: Location, force: bool) -> Result<Index, Error> {
        loop {
            let opened = Index::open_or_create(location.clone()).and_then(|index| {
                index.engine().check_sums()?;
                Ok(index)
            });
            return match opened {
                // Another process was faster.
                Err(Error::Engine(EngineError::Outdated)) => continue,
                Err(Error::Engine(error @ EngineError::Damaged(_))) => {
                    Index::in_place_of(location, &error)
                }
                Err(Error::Engine(error @ EngineError::NewerVersion { .. })) if force => {
                    Index::in_place_of(location, &error)
                }
                result => result,
            };
        }
    }

    /// An empty index in place of one that cannot be used, which stays until the next refresh is done.
    fn in_place_of(location: Location, cause: &EngineError) -> Result<Index, Error> {
        let kept = EmbeddedEngine::kept_settings(&location.folder);
        let rebuild = Rebuild {
            cause: cause.to_string(),
            is_lost: kept.is_none(),
        };
        let settings = kept.map_or_else(|| first_settings(&location), |text| Settings::read(&text));
        let engine = EmbeddedEngine::blank(&location.folder)?;
        let mut index = Index::opened(location, Box::new(engine), settings);
        index.rebuild = Some(rebuild);
        Ok(index)
    }

    /// Reads all of the index and says what is wrong with it.
    ///
    /// # Errors
    /// Where it cannot be read, or is of another version.
    pub fn verify(location: &Location) -> Result<Verification, Error> {
        loop {
            let opened = EmbeddedEngine::open(&location.folder);
            let verified = opened.and_then(|engine| engine.verify());
            return match verified {
                Err(EngineError::Outdated) => continue,
                Err(EngineError::Damaged(fault)) => Ok(Verification {
                    faults: vec![fault],
                    ..Verification::default()
                }),
                result => Ok(result?),
            };
        }
    }
}

/// The settings of an index that covers nothing yet.
fn first_settings(location: &Location) -> Settings {
    let base = location.base.display().to_string();
    Settings {
        base: location.is_named.then_some(base),
        ..Settings::default()
    }
}
