//! The embedded engine: Tantivy's segments, dictionaries and postings, matched and ranked by our own rules.

mod best;
mod classes;
mod collect;
mod directory;
mod document;
mod expand;
mod flat;
mod matcher;
mod plan;
mod postings;
mod schema;
mod scorer;
mod scout;
mod segment;
mod tokenizer;
mod writer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, MmapDirectory};
use tantivy::{Index, TantivyError};
use twox_hash::XxHash3_64;

use self::classes::ClassTable;
use self::directory::ReadDirectory;
use self::expand::expand;
use self::schema::Fields;
use self::segment::OpenSegment;
use super::{
    Catalog, Engine, EngineError, Form, Hits, SearchOptions, SectionKey, SectionWriter,
    StoredSection,
};
use crate::analysis::{self, Language, Morphology};
use crate::query::{Query, Term};

/// The version of what lies in the index's folder. An index of another version is rebuilt.
const FORMAT: u32 = 1;
/// How often opening is tried again where a commit took files away meanwhile.
const OPEN_TRIES: u32 = 3;

/// What a commit keeps beside the segments.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    format: u32,
    analysis: u32,
    program: String,
    /// The hash of the catalog, which its file is named for.
    catalog: String,
    settings: String,
}

/// An opened state of an index. It stays as it is while others commit.
pub struct EmbeddedEngine {
    folder: PathBuf,
    segments: Vec<OpenSegment>,
    catalog: Arc<Catalog>,
    settings: String,
    morphology: Morphology,
}

impl std::fmt::Debug for EmbeddedEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedEngine")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl EmbeddedEngine {
    /// Makes an empty index in `folder`, which is created where it is not there.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn create(folder: &Path) -> Result<EmbeddedEngine, EngineError> {
        fs::create_dir_all(folder).map_err(|e| storage(&e))?;
        let directory =
            MmapDirectory::open(folder).map_err(|e| EngineError::Storage(e.to_string()))?;
        let (schema, _) = schema::build();
        Index::create(directory, schema, tantivy::IndexSettings::default())
            .map_err(tantivy_error)?;
        EmbeddedEngine::open(folder)
    }

    /// Makes an empty index in place of the one in `folder`.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn recreate(folder: &Path) -> Result<EmbeddedEngine, EngineError> {
        for entry in fs::read_dir(folder).map_err(|e| storage(&e))? {
            let entry = entry.map_err(|e| storage(&e))?;
            let is_file = entry.file_type().map_err(|e| storage(&e))?.is_file();
            if is_file && entry.file_name() != ".gitignore" {
                fs::remove_file(entry.path()).map_err(|e| storage(&e))?;
            }
        }
        EmbeddedEngine::create(folder)
    }

    /// Opens the last committed state. Nothing is written, so that a read-only folder will do.
    ///
    /// # Errors
    /// [`EngineError::Missing`] where there is none, [`EngineError::OtherVersion`], and where it cannot be read.
    pub fn open(folder: &Path) -> Result<EmbeddedEngine, EngineError> {
        if !folder.join("meta.json").exists() {
            return Err(EngineError::Missing(folder.display().to_string()));
        }
        let mut tries = 1;
        loop {
            match EmbeddedEngine::open_once(folder) {
                Err(EngineError::Storage(_)) if tries < OPEN_TRIES => tries += 1,
                result => return result,
            }
        }
    }

    fn open_once(folder: &Path) -> Result<EmbeddedEngine, EngineError> {
        let directory =
            MmapDirectory::open(folder).map_err(|e| EngineError::Storage(e.to_string()))?;
        let index = Index::open(ReadDirectory::new(directory.clone())).map_err(tantivy_error)?;
        let metas = index.load_metas().map_err(tantivy_error)?;
        let Some(payload) = metas.payload else {
            return Ok(EmbeddedEngine::opened(
                folder,
                Vec::new(),
                Catalog::empty(),
                String::new(),
            ));
        };
        let payload = read_payload(&payload)?;
        let catalog = open_catalog(&directory, &payload.catalog)?;
        let fields = Fields::of(&index.schema())
            .ok_or_else(|| EngineError::Damaged("a field is missing".into()))?;
        let segments = metas
            .segments
            .iter()
            .map(|meta| {
                let classes = ClassTable::open(&directory, &meta.id().uuid_string());
                OpenSegment::open(&index.segment(meta.clone()), fields, classes)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(tantivy_error)?;
        Ok(EmbeddedEngine::opened(
            folder,
            segments,
            catalog,
            payload.settings,
        ))
    }

    fn opened(
        folder: &Path,
        segments: Vec<OpenSegment>,
        catalog: Catalog,
        settings: String,
    ) -> EmbeddedEngine {
        let morphology = Morphology::new(Language::English);
        EmbeddedEngine {
            folder: folder.to_path_buf(),
            segments,
            catalog: Arc::new(catalog),
            settings,
            morphology,
        }
    }

    fn segment(&self, key: SectionKey) -> Result<&OpenSegment, EngineError> {
        self.segments
            .get(key.segment as usize)
            .ok_or_else(|| EngineError::Damaged("no such section".into()))
    }
}

impl Engine for EmbeddedEngine {
    fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    fn settings(&self) -> &str {
        &self.settings
    }

    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError> {
        collect::search(
            &self.segments,
            &self.catalog,
            &self.morphology,
            query,
            options,
        )
        .map_err(tantivy_error)
    }

    fn forms(&self, term: &Term) -> Result<Vec<Vec<Form>>, EngineError> {
        let forms_of = |word| {
            let expansion = expand(&self.segments, &self.morphology, term, word)?;
            let forms = expansion.forms().map(|(form, df)| Form {
                text: String::from_utf8_lossy(form).into_owned(),
                df,
            });
            Ok(forms.collect())
        };
        let forms: tantivy::Result<_> = term.words.iter().map(forms_of).collect();
        forms.map_err(tantivy_error)
    }

    fn section(&self, key: SectionKey) -> Result<StoredSection, EngineError> {
        let stored = self.segment(key)?.stored(key.doc).map_err(tantivy_error)?;
        stored.ok_or_else(|| EngineError::Damaged("a stored section cannot be read".into()))
    }

    fn sections_of(&self, source: u32) -> Result<Vec<SectionKey>, EngineError> {
        let mut found = Vec::new();
        for (i, segment) in self.segments.iter().enumerate() {
            for (order, doc) in segment.sections_of(source).map_err(tantivy_error)? {
                found.push((
                    order,
                    SectionKey {
                        segment: i as u32,
                        doc,
                    },
                ));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }

    fn size_bytes(&self) -> Result<u64, EngineError> {
        let mut sum = 0;
        for entry in fs::read_dir(&self.folder).map_err(|e| storage(&e))? {
            sum += entry
                .and_then(|entry| entry.metadata())
                .map_err(|e| storage(&e))?
                .len();
        }
        Ok(sum)
    }

    fn writer(&self, volume_bytes: u64) -> Result<Box<dyn SectionWriter>, EngineError> {
        Ok(Box::new(writer::Writer::open(&self.folder, volume_bytes)?))
    }
}

fn read_payload(text: &str) -> Result<Payload, EngineError> {
    let needed = format!("{FORMAT}.{}", analysis::VERSION);
    let value: serde_json::Value = serde_json::from_str(text)
        .map_err(|_| EngineError::Damaged("its commit cannot be read".into()))?;
    let number = |key: &str| {
        value
            .get(key)
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0)
    };
    let found = format!("{}.{}", number("format"), number("analysis"));
    if found != needed {
        let settings = value
            .get("settings")
            .and_then(|s| s.as_str())
            .map(str::to_string);
        return Err(EngineError::OtherVersion {
            found,
            needed,
            settings,
        });
    }
    serde_json::from_value(value)
        .map_err(|_| EngineError::Damaged("its commit cannot be read".into()))
}

fn catalog_name(hash: &str) -> String {
    format!("catalog-{hash}.bin")
}

fn hash_of(bytes: &[u8]) -> String {
    format!("{:016x}", XxHash3_64::oneshot(bytes))
}

fn open_catalog(directory: &MmapDirectory, hash: &str) -> Result<Catalog, EngineError> {
    let name = catalog_name(hash);
    let file = directory
        .open_read(Path::new(&name))
        .map_err(|e| EngineError::Storage(e.to_string()))?;
    let bytes = file.read_bytes().map_err(|e| storage(&e))?;
    if hash_of(&bytes) != hash {
        return Err(EngineError::Damaged(format!(
            "`{name}` is not what was written"
        )));
    }
    Catalog::open(Box::new(bytes)).map_err(|e| EngineError::Damaged(e.to_string()))
}

fn storage(error: &io::Error) -> EngineError {
    if is_read_only(error) {
        return EngineError::ReadOnly(error.to_string());
    }
    EngineError::Storage(error.to_string())
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

fn tantivy_error(error: TantivyError) -> EngineError {
    match error {
        TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => {
            EngineError::Busy
        }
        TantivyError::LockFailure(tantivy::directory::error::LockError::IoError(io), _) => {
            storage(&io)
        }
        TantivyError::IoError(io) => storage(&io),
        TantivyError::DataCorruption(error) => EngineError::Damaged(format!("{error:?}")),
        TantivyError::IncompatibleIndex(error) => EngineError::OtherVersion {
            found: format!("{error:?}"),
            needed: FORMAT.to_string(),
            settings: None,
        },
        other => EngineError::Storage(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Metadata;
    use crate::engine::{Origin, Record};
    use crate::source::{Encoding, StoredPath};

    /// Lengths are counted when a section is cut; they have to be the tokens that Tantivy indexed.
    #[test]
    fn counted_lengths_are_the_tokens_indexed() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedEngine::create(folder.path()).expect("an index");
        let text = "# The Title\n\nSome *wo\u{ad}rds*, l'\u{c9}tat; 北京 U.S. 3.14\n\n## A heading\n\n| a | b |\n|---|---|\n| c | |\n\n### Deeper, ـ \n\n- x\n";
        let article = crate::format::read_str("markdown", text);
        let writer = engine.writer(0).expect("a writer");
        let words = writer.add(0, article).expect("added");
        let mut draft = engine.catalog().draft();
        let record = Record {
            path: StoredPath::from_bytes(b"a.md"),
            size: 0,
            modified_ns: 0,
            hash: 0,
            origin: Origin::Walked,
            outcome: crate::engine::Outcome::Indexed,
            format: 0,
            encoding: Encoding::UTF_8,
            reading: 0,
            invalid_sequences: 0,
            sections: 3,
            words,
            metadata: Metadata::default(),
        };
        draft.add(record, 0);
        writer.commit(&draft, "").expect("committed");
        let engine = EmbeddedEngine::open(folder.path()).expect("the index");
        let tokens = |field: usize| {
            engine
                .segments
                .iter()
                .map(|s| s.inverted[field].total_num_tokens())
                .sum::<u64>()
        };
        assert_eq!([0, 1, 2].map(tokens), words);
        assert_eq!(engine.catalog().words(), words);
    }
}
