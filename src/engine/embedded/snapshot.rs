//! An opened state of the index: its manifest, its segments and its catalog.

use std::hash::Hasher;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use tantivy::{Index, TantivyError};
use twox_hash::XxHash3_64;

use super::anchors::anchors_name;
use super::bounds::bounds_name;
use super::schema::Fields;
use super::segment::{OpenSegment, SegmentTables};
use super::stem_table::{ClassTable, table_name};
use super::storage::checksums::{Damage, content_bytes};
use super::storage::claim::{FolderStanding, standing};
use super::storage::directory::StateDirectory;
use super::storage::disk::Disk;
use super::storage::faults::{read_if_there, tantivy_error};
use super::storage::manifest::{
    Manifest, id_of, old_settings, old_version, own_version, settings_of,
};
use super::storage::names::{MANIFEST, OLD_MANIFEST, is_own};
use crate::analysis::Language;
use crate::catalog::{Catalog, CatalogDraft};
use crate::engine::state::new_id;
use crate::engine::{EngineError, IndexVersion};

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
    /// Whether the next state has an id of its own, not that of the index it replaces.
    pub(super) is_renamed: bool,
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
            is_renamed: false,
            damage: Damage::default(),
        }
    }

    pub(super) fn settings(&self) -> &str {
        self.manifest.as_ref().map_or("", |m| &m.settings)
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.manifest.as_ref().map(|m| m.id.as_str())
    }

    /// The id of the next state: an index that is built anew keeps its own, unless it was renamed.
    pub(super) fn next_id(&self) -> String {
        if self.is_renamed {
            return new_id();
        }
        let kept = || self.seen.as_deref().and_then(id_of);
        self.id()
            .map(str::to_string)
            .or_else(kept)
            .unwrap_or_else(new_id)
    }

    pub(super) fn version(&self) -> IndexVersion {
        let made = self.manifest.as_ref().map(|m| m.version.clone());
        made.unwrap_or_else(own_version)
    }

    /// Gives what was read of the catalog, unless damage was seen.
    pub(super) fn sound<T>(&self, read: T) -> Result<T, EngineError> {
        match self.damage.seen() {
            Some(message) => Err(EngineError::Damaged(message.to_string())),
            None => Ok(read),
        }
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
            return Err(no_manifest(disk)?);
        };
        let manifest = Manifest::decode(&seen).map_err(|error| match error {
            EngineError::Damaged(_) if is_foreign(disk.as_ref()) => {
                EngineError::Foreign(format!("{disk:?}"))
            }
            error => error,
        })?;
        match open_manifest(disk, manifest, &seen) {
            Err(_) if read_if_there(disk.as_ref(), MANIFEST)?.as_ref() != Some(&seen) => {}
            opened => return opened,
        }
    }
}

/// What it means that there is no manifest: no index, one of format 1, or a folder of something else.
fn no_manifest(disk: &Arc<dyn Disk>) -> Result<EngineError, EngineError> {
    if let Some(old) = read_if_there(disk.as_ref(), OLD_MANIFEST)?
        && let Some(error) = old_version(&old)
    {
        return Ok(error);
    }
    Ok(match is_foreign(disk.as_ref()) {
        true => EngineError::Foreign(format!("{disk:?}")),
        false => EngineError::Missing(format!("{disk:?}")),
    })
}

/// Whether the folder is something else's; where it cannot be listed, nothing tells that.
pub(super) fn is_foreign(disk: &dyn Disk) -> bool {
    standing(disk).is_ok_and(|standing| standing == FolderStanding::Foreign)
}

fn open_manifest(
    disk: &Arc<dyn Disk>,
    manifest: Manifest,
    seen: &[u8],
) -> Result<State, EngineError> {
    let directory =
        StateDirectory::of_state(Arc::clone(disk), manifest.files.clone(), &manifest.segments);
    let state = State {
        damage: directory.damage().clone(),
        ..State::blank(Some(seen.to_vec()))
    };
    let catalog = state.guard(|| Ok(directory.open(&manifest.catalog)?))?;
    let catalog = state.sound(Catalog::open(Box::new(catalog)))??;
    let languages = state.sound(catalog.listed())?;
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
    Fields::of(&index.schema()).ok_or_else(|| {
        TantivyError::SchemaError("the fields are not those of this version".into())
    })?;
    let mut segments = Vec::new();
    for segment in index.searchable_segments()? {
        let name = table_name(&segment.id().uuid_string(), languages);
        let classes = match directory.has(&name) {
            true => ClassTable::open(Box::new(directory.open(&name)?)),
            false => None,
        };
        let file = |name: String| match directory.has(&name) {
            true => directory.open(&name).map(Some),
            false => Ok(None),
        };
        let id = segment.id().uuid_string();
        let tables = SegmentTables {
            classes,
            bounds: file(bounds_name(&id))?,
            anchors: file(anchors_name(&id))?,
        };
        segments.push(OpenSegment::open(&segment, tables, directory.damage())?);
    }
    Ok(segments)
}

/// The settings that were kept, wherever they can still be read.
pub(super) fn kept_settings(disk: &dyn Disk) -> Option<String> {
    let of_manifest = disk.read(MANIFEST).ok().and_then(|b| settings_of(&b));
    let of_file = || {
        let names = disk.list().ok()?.into_iter().map(|entry| entry.name);
        let mut kept = names.filter_map(|name| read_settings(disk, &name));
        kept.next().filter(|_| kept.next().is_none())
    };
    let of_old = || disk.read(OLD_MANIFEST).ok().and_then(|b| old_settings(&b));
    of_manifest.or_else(of_file).or_else(of_old)
}

/// The settings in a file that is named for them.
fn read_settings(disk: &dyn Disk, name: &str) -> Option<String> {
    if !is_own(name) || !name.starts_with(SETTINGS) {
        return None;
    }
    let mut bytes = disk.read(name).ok()?;
    bytes.truncate(content_bytes(bytes.len()));
    let text = String::from_utf8(bytes).ok()?;
    is_named_for(name, SETTINGS, text.as_bytes()).then_some(text)
}

/// The catalog that was kept, where it can still be read: it is named for its content, with sums or, in format 1,
/// without. Where there are several, nothing tells which it was.
pub(super) fn kept_catalog(disk: &dyn Disk) -> Option<Catalog> {
    let is_whole = |name: &str, bytes: &[u8]| is_named_for(name, CATALOG, bytes);
    let read = |name: String| {
        let bytes = disk.map(&name).ok()?;
        let content = match is_whole(&name, &bytes) {
            true => bytes.len(),
            false => content_bytes(bytes.len()),
        };
        is_whole(&name, bytes.get(..content)?).then(|| bytes.slice(0..content))
    };
    let of_manifest = disk.read(MANIFEST).ok();
    let named = of_manifest.and_then(|bytes| Manifest::decode(&bytes).ok());
    let bytes = match named {
        Some(manifest) => read(manifest.catalog)?,
        None => {
            let names = disk.list().ok()?.into_iter().map(|entry| entry.name);
            let mut kept = names
                .filter(|name| is_own(name) && name.starts_with(CATALOG))
                .filter_map(read);
            kept.next().filter(|_| kept.next().is_none())?
        }
    };
    Catalog::open(Box::new(bytes)).ok()
}

/// What the name of the settings' file is made of.
pub(super) fn settings_parts(hash: &str) -> (&'static str, &str, &'static str) {
    (SETTINGS, hash, ".json")
}

/// What the name of the catalog's file is made of.
pub(super) fn catalog_parts(hash: &str) -> (&'static str, &str, &'static str) {
    (CATALOG, hash, ".bin")
}

/// Whether a file that is named by content holds these bytes.
fn is_named_for(name: &str, prefix: &str, bytes: &[u8]) -> bool {
    let rest = name.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.starts_with(&hash_of(bytes)))
}

/// The hash that a file is named for which holds these bytes.
pub(super) fn hash_of(bytes: &[u8]) -> String {
    format!("{:016x}", XxHash3_64::oneshot(bytes))
}

/// That of an encoded catalog, which is not held as a whole.
pub(super) fn catalog_hash(catalog: &CatalogDraft) -> io::Result<String> {
    let mut hasher = Hasher64(XxHash3_64::new());
    catalog.write(&mut hasher)?;
    Ok(format!("{:016x}", hasher.0.finish()))
}

struct Hasher64(XxHash3_64);

impl Write for Hasher64 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
