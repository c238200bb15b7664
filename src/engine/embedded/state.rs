//! An opened state of the index: its manifest, its segments and its catalog.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use tantivy::directory::error::OpenReadError;
use tantivy::{Index, TantivyError};
use twox_hash::XxHash3_64;

use super::checked::{Damage, content_bytes};
use super::classes::{ClassTable, table_name};
use super::directory::StateDirectory;
use super::disk::Disk;
use super::manifest::{
    MANIFEST, Manifest, OLD_MANIFEST, old_settings, old_version, own_version, settings_of,
};
use super::publish::is_ours;
use super::schema::Fields;
use super::segment::OpenSegment;
use crate::analysis::Language;
use crate::engine::{Catalog, EngineError, IndexVersion};

/// What the names of the files begin with that keep the settings.
const SETTINGS: &str = "settings-";
/// What the catalog's name begins with.
const CATALOG: &str = "catalog-";

/// A state of the index.
pub(super) struct State {
    /// What it consists of; `None` before the first commit.
    pub(super) manifest: Option<Manifest>,
    /// The manifest that is replaced by a change to this state, as it was read.
    pub(super) seen: Option<Vec<u8>>,
    pub(super) segments: Vec<OpenSegment>,
    pub(super) catalog: Arc<Catalog>,
    damage: Damage,
}

impl State {
    /// An empty state in place of what `seen` was.
    pub(super) fn blank(seen: Option<Vec<u8>>) -> State {
        State {
            manifest: None,
            seen,
            segments: Vec::new(),
            catalog: Arc::new(Catalog::empty()),
            damage: Damage::default(),
        }
    }

    pub(super) fn settings(&self) -> &str {
        self.manifest.as_ref().map_or("", |m| &m.settings)
    }

    pub(super) fn version(&self) -> IndexVersion {
        let made = self.manifest.as_ref().map(|m| m.version.clone());
        made.unwrap_or_else(own_version)
    }

    /// Gives what `run` reads of the state, unless damage was seen: whatever became of that, it is no answer.
    pub(super) fn guard<T>(
        &self,
        run: impl FnOnce() -> tantivy::Result<T>,
    ) -> Result<T, EngineError> {
        let ran = catch_unwind(AssertUnwindSafe(run));
        if let Some(message) = self.damage.seen() {
            return Err(EngineError::Damaged(message.to_string()));
        }
        match ran {
            Ok(result) => result.map_err(tantivy_error),
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Opens the last state. A commit by another process may take files away meanwhile; then there is a newer state.
pub(super) fn open_state(disk: &Arc<dyn Disk>) -> Result<State, EngineError> {
    loop {
        let Some(seen) = read_if_there(disk.as_ref(), MANIFEST)? else {
            return Err(match read_if_there(disk.as_ref(), OLD_MANIFEST)? {
                Some(old) => old_version(&old),
                None => EngineError::Missing(format!("{disk:?}")),
            });
        };
        let manifest = Manifest::decode(&seen).map_err(|error| match error {
            EngineError::Damaged(_) if !has_own_files(disk.as_ref()) => {
                EngineError::Foreign(format!("{disk:?}/{MANIFEST}"))
            }
            error => error,
        })?;
        match open_manifest(disk, manifest, &seen) {
            Err(_) if read_if_there(disk.as_ref(), MANIFEST)?.as_ref() != Some(&seen) => {}
            opened => return opened,
        }
    }
}

/// Whether something tells that the folder is an index's; its manifest does not.
fn has_own_files(disk: &dyn Disk) -> bool {
    // Where the folder cannot be listed, nothing tells that it is another's.
    disk.list()
        .map_or(true, |files| files.iter().any(|(name, _)| is_ours(name)))
}

fn open_manifest(
    disk: &Arc<dyn Disk>,
    manifest: Manifest,
    seen: &[u8],
) -> Result<State, EngineError> {
    let directory = StateDirectory::new(
        Arc::clone(disk),
        manifest.files.clone(),
        Some(&manifest.segments),
        false,
    );
    let state = State {
        damage: directory.damage().clone(),
        ..State::blank(Some(seen.to_vec()))
    };
    let catalog = state.guard(|| Ok(directory.open(&manifest.catalog)?.read_all()?))?;
    let catalog =
        Catalog::open(Box::new(catalog)).map_err(|e| EngineError::Damaged(e.to_string()))?;
    let languages = catalog.listed();
    let segments = state.guard(|| open_segments(&directory, &languages))?;
    Ok(State {
        manifest: Some(manifest),
        segments,
        catalog: Arc::new(catalog),
        ..state
    })
}

fn open_segments(
    directory: &StateDirectory,
    languages: &[Language],
) -> tantivy::Result<Vec<OpenSegment>> {
    let index = Index::open(directory.clone())?;
    let fields = Fields::of(&index.schema())
        .ok_or_else(|| TantivyError::SchemaError("a field is missing".into()))?;
    let mut segments = Vec::new();
    for segment in index.searchable_segments()? {
        let name = table_name(&segment.id().uuid_string(), languages);
        let classes = match directory.has(&name) {
            true => ClassTable::open(directory.open(&name)?.read_all()?),
            false => None,
        };
        segments.push(OpenSegment::open(&segment, fields, classes)?);
    }
    Ok(segments)
}

/// The settings that were kept, wherever they can still be read.
pub(super) fn kept_settings(disk: &dyn Disk) -> Option<String> {
    let of_manifest = disk.read(MANIFEST).ok().and_then(|b| settings_of(&b));
    let of_file = || {
        let names = disk.list().ok()?.into_iter().map(|(name, _)| name);
        let mut kept = names.filter_map(|name| read_settings(disk, &name));
        kept.next().filter(|_| kept.next().is_none())
    };
    let of_old = || disk.read(OLD_MANIFEST).ok().and_then(|b| old_settings(&b));
    of_manifest.or_else(of_file).or_else(of_old)
}

/// The settings in a file that is named for them.
fn read_settings(disk: &dyn Disk, name: &str) -> Option<String> {
    if !name.starts_with(SETTINGS) {
        return None;
    }
    let mut bytes = disk.read(name).ok()?;
    bytes.truncate(content_bytes(bytes.len()));
    let text = String::from_utf8(bytes).ok()?;
    (settings_name(&text) == name).then_some(text)
}

/// The catalog that was kept, where it can still be read: it is named for its content, with sums or, in format 1,
/// without. Where there are several, nothing tells which it was.
pub(super) fn kept_catalog(disk: &dyn Disk) -> Option<Catalog> {
    let is_whole = |name: &str, bytes: &[u8]| catalog_name(bytes) == name;
    let read = |name: String| {
        let mut bytes = disk.read(&name).ok()?;
        if !is_whole(&name, &bytes) {
            bytes.truncate(content_bytes(bytes.len()));
        }
        is_whole(&name, &bytes).then_some(bytes)
    };
    let of_manifest = disk.read(MANIFEST).ok();
    let named = of_manifest.and_then(|bytes| Manifest::decode(&bytes).ok());
    let bytes = match named {
        Some(manifest) => read(manifest.catalog)?,
        None => {
            let names = disk.list().ok()?.into_iter().map(|(name, _)| name);
            let mut kept = names
                .filter(|name| name.starts_with(CATALOG))
                .filter_map(read);
            kept.next().filter(|_| kept.next().is_none())?
        }
    };
    Catalog::open(Box::new(bytes)).ok()
}

pub(super) fn settings_name(text: &str) -> String {
    format!("{SETTINGS}{}.json", hash_of(text.as_bytes()))
}

pub(super) fn catalog_name(bytes: &[u8]) -> String {
    format!("{CATALOG}{}.bin", hash_of(bytes))
}

fn hash_of(bytes: &[u8]) -> String {
    format!("{:016x}", XxHash3_64::oneshot(bytes))
}

/// Reads a small file; `None` where it is not there.
pub(super) fn read_if_there(disk: &dyn Disk, name: &str) -> Result<Option<Vec<u8>>, EngineError> {
    match disk.read(name) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(EngineError::Storage(format!("`{name}`: {error}"))),
    }
}

/// What a failure to write means: what may not be written is another's, or on a disk that nobody writes.
pub(super) fn storage(error: &io::Error) -> EngineError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            EngineError::ReadOnly(error.to_string())
        }
        _ => EngineError::Storage(error.to_string()),
    }
}

pub(super) fn tantivy_error(error: TantivyError) -> EngineError {
    use tantivy::directory::error::OpenWriteError;
    match error {
        TantivyError::IoError(io) => storage(&io),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => {
            storage(&io_error)
        }
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
            EngineError::Damaged(format!("`{}` is gone", path.display()))
        }
        TantivyError::DataCorruption(error) => EngineError::Damaged(format!("{error:?}")),
        TantivyError::IncompatibleIndex(error) => EngineError::Damaged(format!("{error:?}")),
        TantivyError::SchemaError(error) => EngineError::Damaged(error),
        other => EngineError::Storage(other.to_string()),
    }
}
