//! What failures of the storage mean, and the reading of small files that may be missing.

use std::io;

use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;

use super::disk::Disk;
use crate::engine::EngineError;

/// Reads a small file; `None` where it is not there.
///
/// # Errors
/// [`EngineError::Damaged`] where something else than a file has its name.
pub(in crate::engine::embedded) fn read_if_there(
    disk: &dyn Disk,
    name: &str,
) -> Result<Option<Vec<u8>>, EngineError> {
    match disk.read(name) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Ok(None),
            io::ErrorKind::InvalidInput | io::ErrorKind::FileTooLarge => {
                let message = format!("`{name}` is not what was written: {error}");
                Err(EngineError::Damaged(message))
            }
            _ => Err(EngineError::Storage(format!("`{name}`: {error}"))),
        },
    }
}

/// What is read of a file to tell later whether it is the same; of something else than a file nothing.
pub(in crate::engine::embedded) fn seen(
    disk: &dyn Disk,
    name: &str,
) -> Result<Option<Vec<u8>>, EngineError> {
    match read_if_there(disk, name) {
        Err(EngineError::Damaged(_)) => Ok(Some(Vec::new())),
        read => read,
    }
}

/// What a failure to write means: what may not be written is another's, or on a disk that nobody writes.
pub(in crate::engine::embedded) fn storage_error(error: &io::Error) -> EngineError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            EngineError::ReadOnly(error.to_string())
        }
        _ => EngineError::Storage(error.to_string()),
    }
}

pub(in crate::engine::embedded) fn tantivy_error(error: TantivyError) -> EngineError {
    use tantivy::directory::error::OpenWriteError;
    match error {
        TantivyError::IoError(io) => storage_error(&io),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => {
            storage_error(&io_error)
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
