//! Opens an index, or one in place of what cannot be used.

use super::access::IndexStanding;
use super::rebuild::Rebuild;
use super::{Error, Index, IndexOptions, Location};
use crate::engine::{self, Depth, EngineError, Verification};
use crate::refresh::Settings;
use crate::source::trust::give_to_owner_of;

impl IndexOptions {
    /// Opens an index that is there.
    ///
    /// # Errors
    /// Where it is not there or cannot be read; one of an older version too, see [`IndexOptions::open_or_create`].
    pub fn open(&self, location: Location) -> Result<Index, Error> {
        location.check()?;
        let engine = engine::open(&location.engine(self.users))?;
        let snapshot = engine.snapshot()?;
        let (settings, first) = match snapshot.settings() {
            // Others write to the index, and this machine not yet.
            "" => {
                let standing = IndexStanding::of_new(self, &location);
                (first_settings(&location), Some(standing))
            }
            settings => (Settings::read(settings), None),
        };
        let mut index = Index::opened(self, location, engine, snapshot, settings)?;
        index.standing = first.unwrap_or(index.standing);
        Ok(index)
    }

    /// Opens an index; where there is none, or one of an older version, an empty one, which its first refresh makes: of
    /// what the older one covered.
    ///
    /// # Errors
    /// Where it cannot be read or made.
    pub fn open_or_create(&self, location: Location) -> Result<Index, Error> {
        location.check()?;
        if !location.exists() {
            location.create()?;
            if self.users.acts_for_caller() {
                let above = location.folder.parent().unwrap_or(&location.folder);
                // Where it cannot be given, the caller is told with the next refresh.
                let _ = give_to_owner_of(above, &location.folder);
            }
            return self.first(location);
        }
        match self.open(location.clone()) {
            Err(Error::Engine(EngineError::Missing(_))) if location.is_remote() => {
                self.first(location)
            }
            Err(Error::Engine(error @ EngineError::OlderVersion { .. })) => {
                self.in_place_of(location, &error.to_string())
            }
            Ok(index) if self.for_verdict && index.is_hearsay() => {
                let cause = "the index was made elsewhere, and a verdict rests on it";
                self.in_place(location, cause, true)
            }
            result => result,
        }
    }

    /// Takes an owner out of an index of several, with all that it indexed.
    ///
    /// # Errors
    /// Where the index has one owner alone, or none of this name, or cannot be written.
    pub fn forget_owner(&self, location: &Location, owner: &str) -> Result<(), Error> {
        let engine = engine::open(&location.engine(self.users))?;
        Ok(engine.forget_owner(owner)?)
    }

    /// An empty index, which its first refresh makes.
    fn first(&self, location: Location) -> Result<Index, Error> {
        let engine = engine::open(&location.engine(self.users))?;
        let snapshot = engine.blank(false)?;
        let settings = first_settings(&location);
        let standing = IndexStanding::of_new(self, &location);
        let mut index = Index::opened(self, location, engine, snapshot, settings)?;
        index.standing = standing;
        Ok(index)
    }

    /// As [`IndexOptions::open_or_create`], but all files are read, and a damaged index is built anew too; where `force`
    /// says so, even one of a newer version.
    ///
    /// # Errors
    /// The same.
    pub fn open_or_mend(&self, location: Location, force: bool) -> Result<Index, Error> {
        loop {
            let opened = self.open_or_create(location.clone()).and_then(|index| {
                // A state that was never committed has no files.
                let is_committed = index.snapshot().id().is_some();
                let faults = match is_committed {
                    true => index.engine.verify(Depth::Sums)?.faults,
                    false => Vec::new(),
                };
                match faults.into_iter().next() {
                    Some(fault) => Err(EngineError::Damaged(fault).into()),
                    None => Ok(index),
                }
            });
            return match opened {
                // Another process was faster.
                Err(Error::Engine(EngineError::Outdated)) => continue,
                Err(Error::Engine(error @ EngineError::Damaged(_))) => {
                    self.in_place_of(location, &error.to_string())
                }
                Err(Error::Engine(error @ EngineError::NewerVersion { .. })) if force => {
                    self.in_place_of(location, &error.to_string())
                }
                result => result,
            };
        }
    }

    /// An empty index in place of one that cannot be used, which stays until the next refresh is done.
    fn in_place_of(&self, location: Location, cause: &str) -> Result<Index, Error> {
        self.in_place(location, cause, false)
    }

    fn in_place(&self, location: Location, cause: &str, is_renamed: bool) -> Result<Index, Error> {
        let engine = engine::open(&location.engine(self.users))?;
        let recovered = engine.recover()?;
        let kept = recovered.settings.as_deref().map(Settings::read);
        let settings = kept.clone().unwrap_or_else(|| first_settings(&location));
        let opened = (engine.clone(), engine.blank(is_renamed)?);
        let id = recovered.id.as_deref();
        let mut index = Index::opened_as(self, location, opened, settings, id)?;
        let rebuild = Rebuild::of(&index.location, cause, kept.as_ref(), &recovered);
        index.rebuild = Some(rebuild);
        Ok(index)
    }
}

impl Index {
    /// Opens an index that is there, for the user of this process.
    ///
    /// # Errors
    /// As [`IndexOptions::open`].
    pub fn open(location: Location) -> Result<Index, Error> {
        IndexOptions::default().open(location)
    }

    /// Opens an index, or an empty one where there is none, for the user of this process.
    ///
    /// # Errors
    /// As [`IndexOptions::open_or_create`].
    pub fn open_or_create(location: Location) -> Result<Index, Error> {
        IndexOptions::default().open_or_create(location)
    }

    /// Reads all of the index and says what is wrong with it.
    ///
    /// # Errors
    /// Where it cannot be read, or is of another version.
    pub fn verify(location: &Location) -> Result<Verification, Error> {
        location.check()?;
        let users = IndexOptions::default().users;
        let engine = engine::open(&location.engine(users))?;
        Ok(engine.verify(Depth::Full)?)
    }
}

/// The settings of an index that covers nothing yet.
fn first_settings(location: &Location) -> Settings {
    let base = location.base.display().to_string();
    Settings {
        base: (!location.tells_base()).then_some(base),
        ..Settings::default()
    }
}
