//! Writes a change: sections out, sections in, one commit with the catalog.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{OpenReadError, OpenWriteError};
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::schema::Term;
use tantivy::{Index, IndexWriter, SegmentReader, TantivyError};

use super::classes::{table_name, write_table};
use super::document::SectionDocument;
use super::schema::{Fields, TOKENIZER};
use super::tokenizer::WordTokenizer;
use super::{FORMAT, Payload, catalog_name, hash_of, storage, tantivy_error};
use crate::analysis::{self, Language, Morphology, count_words};
use crate::article::Article;
use crate::engine::{CatalogDraft, EngineError, SectionWriter};

/// What all indexing threads together may hold before they write a segment, in bytes.
const MEMORY_BYTES: usize = 256 << 20;
/// Text that waits to be indexed, in bytes.
const WAITING_BYTES: usize = 24 << 20;
/// Sections are handed over in batches of about this many bytes.
const BATCH_BYTES: usize = 256 << 10;
/// A change of less text is made by one thread, as one segment.
const SMALL_CHANGE_BYTES: u64 = 8 << 20;
/// Above this share of deleted sections a segment is merged.
const MAX_DELETED_SHARE: f32 = 0.3;
/// How often the lock is tried, and how long after each try.
const LOCK_TRIES: u32 = 12;
const LOCK_WAIT: Duration = Duration::from_millis(4);

/// A change in the making. Tantivy's own lock file lets no second one begin.
pub(super) struct Writer {
    folder: PathBuf,
    inner: IndexWriter<SectionDocument>,
    fields: Fields,
    budget: Arc<Budget>,
    /// Sections that are not handed over yet.
    pending: Mutex<Batch>,
}

/// Opens the one writer that an index can have. The lock of one that was just closed may be there for a moment: a
/// process that was started meanwhile has a copy of it until it runs its program.
fn lock(index: &Index, threads: usize) -> Result<IndexWriter<SectionDocument>, EngineError> {
    let options = || {
        IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(MEMORY_BYTES / threads)
            .num_merge_threads(1)
            .build()
    };
    let mut tries = 1;
    loop {
        match index.writer_with_options(options()).map_err(writer_error) {
            Err(EngineError::Busy) if tries < LOCK_TRIES => tries += 1,
            result => return result,
        }
        std::thread::sleep(LOCK_WAIT);
    }
}

impl Writer {
    pub(super) fn open(folder: &Path, volume_bytes: u64) -> Result<Writer, EngineError> {
        let directory =
            MmapDirectory::open(folder).map_err(|e| EngineError::Storage(e.to_string()))?;
        let index = Index::open(directory).map_err(writer_error)?;
        index.tokenizers().register(TOKENIZER, WordTokenizer);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if volume_bytes < SMALL_CHANGE_BYTES {
            1
        } else {
            cores.clamp(1, 8)
        };
        let inner = lock(&index, threads)?;
        let mut policy = tantivy::merge_policy::LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        inner.set_merge_policy(Box::new(policy));
        let fields = Fields::of(&index.schema())
            .ok_or_else(|| EngineError::Damaged("a field is missing".into()))?;
        Ok(Writer {
            folder: folder.to_path_buf(),
            inner,
            fields,
            budget: Arc::new(Budget::default()),
            pending: Mutex::default(),
        })
    }

    fn pending(&self) -> MutexGuard<'_, Batch> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what waits.
    fn flush(&self) -> Result<(), EngineError> {
        let batch = std::mem::take(&mut *self.pending());
        self.send(batch)
    }

    /// Hands sections to the indexing threads, once there is room.
    fn send(&self, batch: Batch) -> Result<(), EngineError> {
        if batch.documents.is_empty() {
            return Ok(());
        }
        let permit = Arc::new(self.budget.take(batch.bytes));
        let operations: Vec<_> = batch
            .documents
            .into_iter()
            .map(|document| UserOperation::Add(document.with_permit(Arc::clone(&permit))))
            .collect();
        self.inner.run(operations).map_err(tantivy_error)?;
        Ok(())
    }

    /// Writes the catalog under the name of its hash; an equal one is there already.
    fn write_catalog(&self, draft: &CatalogDraft) -> Result<String, EngineError> {
        let bytes = draft.encode();
        let hash = hash_of(&bytes);
        let path = self.folder.join(catalog_name(&hash));
        let part = self.folder.join(format!("{}.part", catalog_name(&hash)));
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&part)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&part, &path)
        };
        write().map_err(|e| storage(&e))?;
        Ok(hash)
    }
}

/// Writes the classes of the segments that have no table yet.
fn write_classes(folder: &Path, fields: Fields) -> Result<Vec<String>, EngineError> {
    let directory = MmapDirectory::open(folder).map_err(|e| EngineError::Storage(e.to_string()))?;
    let index = Index::open(directory).map_err(tantivy_error)?;
    let morphology = Morphology::new(Language::English);
    let mut names = Vec::new();
    for segment in index.searchable_segments().map_err(tantivy_error)? {
        let name = table_name(&segment.id().uuid_string());
        if !folder.join(&name).exists() {
            let reader = SegmentReader::open(&segment).map_err(tantivy_error)?;
            write_table(folder, &reader, fields.text, &morphology).map_err(tantivy_error)?;
        }
        names.push(name);
    }
    Ok(names)
}

/// Removes the files whose names begin with `prefix`, but these: those of earlier commits, and what killed runs left.
fn remove_others(folder: &Path, prefix: &str, kept: &[String]) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_other = |name: &str| name.starts_with(prefix) && kept.iter().all(|own| own != name);
        if name.to_str().is_some_and(is_other) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl SectionWriter for Writer {
    fn remove(&self, source: u32) -> Result<(), EngineError> {
        // What was added before is removed too, so that it has to go first.
        if self.pending().sources.contains(&source) {
            self.flush()?;
        }
        self.inner
            .delete_term(Term::from_field_u64(self.fields.source, u64::from(source)));
        Ok(())
    }

    fn add(&self, source: u32, article: Article) -> Result<[u64; 3], EngineError> {
        let title: Arc<str> = article.metadata.title.unwrap_or_default().into();
        let title_len = count_words(&title);
        let mut sums = [0; 3];
        for (order, section) in article.sections.into_iter().enumerate() {
            let title = (Arc::clone(&title), title_len);
            let document = SectionDocument::new(self.fields, source, order, title, section);
            for (sum, len) in sums.iter_mut().zip(document.lens) {
                *sum += len;
            }
            let mut pending = self.pending();
            pending.push(source, document);
            if pending.bytes >= BATCH_BYTES {
                let batch = std::mem::take(&mut *pending);
                drop(pending);
                self.send(batch)?;
            }
        }
        Ok(sums)
    }

    fn commit(
        mut self: Box<Self>,
        catalog: &CatalogDraft,
        settings: &str,
    ) -> Result<(), EngineError> {
        self.flush()?;
        let hash = self.write_catalog(catalog)?;
        let payload = Payload {
            format: FORMAT,
            analysis: analysis::VERSION,
            program: env!("CARGO_PKG_VERSION").to_string(),
            catalog: hash.clone(),
            settings: settings.to_string(),
        };
        let payload =
            serde_json::to_string(&payload).map_err(|e| EngineError::Storage(e.to_string()))?;
        let mut prepared = self.inner.prepare_commit().map_err(tantivy_error)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(tantivy_error)?;
        sync_folder(&self.folder).map_err(|e| storage(&e))?;
        let Writer {
            folder,
            inner,
            fields,
            ..
        } = *self;
        remove_others(&folder, "catalog-", &[catalog_name(&hash)]).map_err(|e| storage(&e))?;
        inner.wait_merging_threads().map_err(tantivy_error)?;
        let tables = write_classes(&folder, fields)?;
        remove_others(&folder, "classes-", &tables).map_err(|e| storage(&e))?;
        share_commit(&folder).map_err(|e| storage(&e))
    }
}

/// An error of opening for a change. What only its owner may read is another user's index: not one to write.
fn writer_error(error: TantivyError) -> EngineError {
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => storage(&io_error),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => {
            storage(&io_error)
        }
        other => tantivy_error(other),
    }
}

/// Makes the renames of a commit durable.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Lets whoever may read the segments read the commit too: Tantivy writes it for its owner alone.
fn share_commit(folder: &Path) -> std::io::Result<()> {
    let meta = folder.join("meta.json");
    let like = fs::read_dir(folder)?.filter_map(Result::ok).find(|entry| {
        entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with("catalog-"))
    });
    match like {
        Some(entry) => fs::set_permissions(meta, entry.metadata()?.permissions()),
        None => Ok(()),
    }
}

/// Sections that are handed over together, of one article or many.
#[derive(Default)]
struct Batch {
    documents: Vec<SectionDocument>,
    bytes: usize,
    /// Whose sections they are.
    sources: Vec<u32>,
}

impl Batch {
    fn push(&mut self, source: u32, document: SectionDocument) {
        if self.sources.last() != Some(&source) {
            self.sources.push(source);
        }
        self.bytes += document.size_bytes();
        self.documents.push(document);
    }
}

/// Bounds the text that waits to be indexed.
#[derive(Default)]
pub(super) struct Budget {
    taken: Mutex<usize>,
    given_back: Condvar,
}

impl Budget {
    /// Waits until `bytes` fit. What is larger than the whole budget waits for it to be empty.
    fn take(self: &Arc<Budget>, bytes: usize) -> Permit {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken > 0 && *taken + bytes > WAITING_BYTES {
            taken = self
                .given_back
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *taken += bytes;
        Permit {
            budget: Arc::clone(self),
            bytes,
        }
    }
}

/// A part of a [`Budget`], given back when dropped.
pub(super) struct Permit {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        *self
            .budget
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.budget.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_goes_away_in_a_moment_is_waited_for_and_a_held_one_is_busy() {
        let folder = tempfile::tempdir().expect("a folder");
        crate::engine::embedded::EmbeddedEngine::create(folder.path()).expect("an index");
        let held = Writer::open(folder.path(), 0).expect("a writer");
        assert!(matches!(
            Writer::open(folder.path(), 0).err(),
            Some(EngineError::Busy)
        ));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(LOCK_WAIT * 2);
                drop(held);
            });
            assert!(Writer::open(folder.path(), 0).is_ok());
        });
    }
}
