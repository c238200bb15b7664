//! Files that the user names for a cluster: secrets, keys, certificates.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Why a file that the user named is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum OwnFileError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// It is larger than it may be, in bytes.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    /// Others can read or change it.
    #[error("others can read it; `chmod 600` it")]
    Exposed,
}

/// The bytes of a file of any kind, at most `limit`; of a secret only where nobody but its owner can read it (Unix).
pub(super) fn read_own_file(
    path: &Path,
    limit: u64,
    is_secret: bool,
) -> Result<Vec<u8>, OwnFileError> {
    let file = File::open(path)?;
    // Asked of the file that was opened, so that nobody puts another one in its place.
    if is_secret && is_exposed(&file)? {
        return Err(OwnFileError::Exposed);
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(OwnFileError::TooLarge(limit)),
        false => Ok(bytes),
    }
}

/// Whether others than its owner can read or change the file.
#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Not checked, since rights are not bits of a file there.
#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}
