//! Paths in serialised requests and results: as the text that ids have.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::source::StoredPath;

/// Writes one path.
pub(super) fn path<S: Serializer>(path: &StoredPath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_id())
}

/// Writes paths.
pub(super) fn paths<S: Serializer>(paths: &[StoredPath], serializer: S) -> Result<S::Ok, S::Error> {
    let texts: Vec<_> = paths.iter().map(StoredPath::to_id).collect();
    texts.serialize(serializer)
}

/// Reads paths.
pub(super) fn read_paths<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<StoredPath>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    Ok(texts.iter().map(|text| StoredPath::from_id(text)).collect())
}
