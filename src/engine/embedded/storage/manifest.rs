//! The manifest: what belongs to the state of an index, one small file whose replacement is the commit.
//!
//! Two lines: an object of JSON, and the XXH3 of that line without its end, in 16 hexadecimal digits. `format` and
//! `analysis` stand in the manifest of every version, so that another version can tell that it is not its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use super::checksums::SummedFile;
use super::names::{MANIFEST, OLD_MANIFEST, is_old, is_own};
use crate::catalog::SourceCounts;
use crate::engine::{EngineError, IndexVersion};

/// The version of what lies in the index's folder.
pub(super) const FORMAT: u32 = 6;

/// A state of the index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::engine::embedded) struct Manifest {
    #[serde(flatten)]
    pub(in crate::engine::embedded) version: IndexVersion,
    /// The index's public id: 32 hexadecimal digits, made at random when it was.
    pub(in crate::engine::embedded) id: String,
    /// What the index covers.
    pub(in crate::engine::embedded) settings: String,
    /// The catalog's file.
    pub(in crate::engine::embedded) catalog: String,
    /// What the catalog counts in all: an answer says so, and would have to read it as a whole. Manifests of before have
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::engine::embedded) counts: Option<SourceCounts>,
    /// What Tantivy knows of the segments, as it writes it.
    pub(in crate::engine::embedded) segments: String,
    /// All files but this one, by their names.
    pub(in crate::engine::embedded) files: BTreeMap<String, SummedFile>,
}

/// The version that this program makes.
pub(in crate::engine::embedded) fn own_version() -> IndexVersion {
    IndexVersion::of_format(FORMAT)
}

impl Manifest {
    pub(super) fn encode(&self) -> Result<Vec<u8>, EngineError> {
        let line = serde_json::to_string(self).map_err(|e| EngineError::Storage(e.to_string()))?;
        let hash = XxHash3_64::oneshot(line.as_bytes());
        Ok(format!("{line}\n{hash:016x}\n").into_bytes())
    }

    /// Reads a manifest of this version.
    ///
    /// # Errors
    /// [`EngineError::Damaged`], and where it is of another version.
    pub(in crate::engine::embedded) fn decode(bytes: &[u8]) -> Result<Manifest, EngineError> {
        let line = sound_line(bytes)?;
        let found: IndexVersion = serde_json::from_str(line).map_err(|_| foreign())?;
        found.check(&own_version())?;
        let manifest: Manifest = serde_json::from_str(line).map_err(|_| foreign())?;
        match manifest.is_plain() {
            true => Ok(manifest),
            false => Err(foreign()),
        }
    }

    /// Whether all names are those of an index's files, which do not lead out of its folder.
    fn is_plain(&self) -> bool {
        is_id(&self.id) && self.files.keys().all(|name| is_own(name)) && is_own(&self.catalog)
    }
}

fn is_id(text: &str) -> bool {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 32 && text.bytes().all(is_hex)
}

/// Whether bytes are the manifest, or what format 1 had instead, of an index of any version.
pub(super) fn is_of_index(name: &str, bytes: &[u8]) -> bool {
    match name {
        MANIFEST => {
            sound_line(bytes).is_ok_and(|line| serde_json::from_str::<IndexVersion>(line).is_ok())
        }
        _ => old_payload(bytes).is_some(),
    }
}

/// The files that the manifest of an index of format 2 or 3, or what format 1 had instead, lists.
pub(super) fn old_files(manifest: Option<&[u8]>, old: Option<&[u8]>) -> BTreeSet<String> {
    let listed = |bytes: &[u8]| -> Option<Vec<String>> {
        let value: serde_json::Value = serde_json::from_str(sound_line(bytes).ok()?).ok()?;
        Some(value.get("files")?.as_object()?.keys().cloned().collect())
    };
    let of_manifest = manifest.and_then(listed).unwrap_or_default();
    let of_old = old
        .filter(|bytes| old_payload(bytes).is_some())
        .map(|_| OLD_MANIFEST.into());
    of_manifest
        .into_iter()
        .chain(of_old)
        .filter(|name| is_old(name))
        .collect()
}

/// The first line, which has to fit its hash.
fn sound_line(bytes: &[u8]) -> Result<&str, EngineError> {
    let text = std::str::from_utf8(bytes).ok();
    let lines = text
        .and_then(|text| text.strip_suffix('\n'))
        .and_then(|text| text.split_once('\n'));
    let Some((line, hash)) = lines else {
        return Err(foreign());
    };
    if format!("{:016x}", XxHash3_64::oneshot(line.as_bytes())) == hash {
        Ok(line)
    } else {
        Err(foreign())
    }
}

fn foreign() -> EngineError {
    EngineError::Damaged(format!("`{MANIFEST}` is not what was written"))
}

/// The settings of a manifest of any version that has them; `None` where it is damaged.
pub(in crate::engine::embedded) fn settings_of(bytes: &[u8]) -> Option<String> {
    let line = sound_line(bytes).ok()?;
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(value.get("settings")?.as_str()?.to_string())
}

/// The id in a manifest of any version that has one; `None` where it is damaged.
pub(in crate::engine::embedded) fn id_of(bytes: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(sound_line(bytes).ok()?).ok()?;
    let id = value.get("id")?.as_str()?;
    is_id(id).then(|| id.to_string())
}

/// What the commit of an index of format 1 says.
#[derive(Deserialize)]
struct OldPayload {
    settings: String,
    #[serde(flatten)]
    version: IndexVersion,
}

fn old_payload(bytes: &[u8]) -> Option<OldPayload> {
    let meta: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    serde_json::from_str(meta.get("payload")?.as_str()?).ok()
}

/// The settings of an index of format 1.
pub(in crate::engine::embedded) fn old_settings(bytes: &[u8]) -> Option<String> {
    Some(old_payload(bytes)?.settings)
}

/// The error for an index of format 1; `None` where the bytes are not of one.
pub(in crate::engine::embedded) fn old_version(bytes: &[u8]) -> Option<EngineError> {
    Some(EngineError::OlderVersion {
        found: old_payload(bytes)?.version.to_string(),
        own: own_version().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::new_id;

    fn manifest() -> Manifest {
        Manifest {
            version: own_version(),
            id: new_id(),
            settings: "{\"roots\":[]}".into(),
            catalog: "catalog-0123456789abcdef.bin".into(),
            counts: Some(SourceCounts::default()),
            segments: "{\n}\n".into(),
            files: BTreeMap::from([(
                "catalog-0123456789abcdef.bin".into(),
                SummedFile {
                    bytes: u64::MAX - 3,
                    sums: u64::MAX,
                },
            )]),
        }
    }

    #[test]
    fn it_reads_back_and_every_other_byte_is_damage() {
        let manifest = manifest();
        let bytes = manifest.encode().expect("encoded");
        assert_eq!(Manifest::decode(&bytes).expect("decoded"), manifest);
        assert_eq!(settings_of(&bytes), Some(manifest.settings));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            for damaged in [&flipped[..], &bytes[..at]] {
                let decoded = Manifest::decode(damaged);
                assert!(matches!(decoded, Err(EngineError::Damaged(_))), "{at}");
            }
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_or_an_odd_id_is_damage() {
        let sound = manifest();
        let entry = SummedFile { bytes: 1, sums: 1 };
        let with = |name: &str| {
            let mut manifest = sound.clone();
            manifest.files.insert(name.into(), entry);
            manifest
        };
        let odd_id = |id: &str| Manifest {
            id: id.into(),
            ..sound.clone()
        };
        for bad in [
            with("../x"),
            with("settings-prod.json"),
            with("/etc/passwd"),
            odd_id("../../x"),
            odd_id(""),
            Manifest {
                catalog: "../catalog-0123456789abcdef.bin".into(),
                ..sound.clone()
            },
        ] {
            let bytes = bad.encode().expect("encoded");
            let decoded = Manifest::decode(&bytes);
            assert!(matches!(decoded, Err(EngineError::Damaged(_))), "{bad:?}");
        }
    }

    #[test]
    fn newer_ones_are_told_from_older_ones() {
        let of = |format, analysis| {
            let version = IndexVersion {
                format,
                analysis,
                ..own_version()
            };
            let bytes = Manifest {
                version,
                ..manifest()
            }
            .encode()
            .expect("encoded");
            Manifest::decode(&bytes)
        };
        let own = own_version();
        assert!(of(own.format, own.analysis).is_ok());
        for (format, analysis) in [(own.format + 1, 0), (own.format, own.analysis + 1)] {
            assert!(matches!(
                of(format, analysis),
                Err(EngineError::NewerVersion { .. })
            ));
        }
        for (format, analysis) in [
            (own.format - 1, own.analysis + 9),
            (own.format, own.analysis - 1),
        ] {
            assert!(matches!(
                of(format, analysis),
                Err(EngineError::OlderVersion { .. })
            ));
        }
    }
}
