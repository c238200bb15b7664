//! Writes a change: sections out, sections in, one commit with the catalog.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::index::SegmentComponent;
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::schema::Term;
use tantivy::{Index, IndexWriter};

use super::backlog::Backlog;
use super::document::{DocumentArticle, SectionDocument};
use super::inverted::{KeptSegments, PostingsPlugin, SilentTokenizer};
use super::merge_policy::Merges;
use super::pending::{Pending, TakenBatch};
use super::schema::{self, Fields, TOKENIZER};
use super::segment_tables::TableWriter;
use super::snapshot::{State, catalog_hash, catalog_parts, hash_of, settings_parts};
use super::storage::commit::Change;
use super::storage::directory::StateDirectory;
use super::storage::disk::Disk;
use super::storage::faults::{storage_error, tantivy_error};
use super::storage::manifest::{Manifest, own_version};
use crate::analysis::Language;
use crate::article::{Article, Section};
use crate::catalog::{Catalog, CatalogDraft, CatalogError, Origin, SourceKey, listed};
use crate::engine::{ArticlePart, CatalogChange, EngineError, SectionWriter, WriterOptions};
use crate::query::Field;
use crate::source::{StoredPath, both};

/// What all indexing threads together may hold before they write a segment, in bytes.
const MEMORY_BYTES: usize = 256 << 20;
/// The same for a change of more than [`LARGE_CHANGE_BYTES`] of text, of whose many sources each takes memory of its own:
/// five million sections in half a million files take 200 MB.
const LARGE_MEMORY_BYTES: usize = 96 << 20;
const LARGE_CHANGE_BYTES: u64 = 1 << 29;
/// The same where sources are read as streams: an archive of any size is to take little memory. 24 MiB would take a fifth
/// less time for 171 MB of mail, and 820 bytes of memory a message at the peak instead of 440.
const STREAM_MEMORY_BYTES: usize = 16 << 20;
/// What Tantivy wants for a thread at least, in bytes.
const MIN_MEMORY_BYTES: usize = 16 << 20;
/// A change of less text is made by one thread, as one segment.
const SMALL_CHANGE_BYTES: u64 = 8 << 20;
/// A catalog of at most so many bytes is held while it is written.
const HELD_BYTES: usize = 8 << 20;
/// The catalog of at most so many sources and articles is written while the last segment is; that of more would add to the
/// most memory that a change takes.
const MOST_BESIDE: u32 = 1 << 16;
/// The files of a segment.
const COMPONENTS: [SegmentComponent; 7] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::Delete,
];

/// A change in the making.
pub(super) struct EmbeddedWriter {
    inner: IndexWriter<SectionDocument>,
    /// What is known of the segments that this change makes.
    kept: KeptSegments,
    backlog: Arc<Backlog>,
    pending: Pending,
    /// The next catalog.
    draft: Mutex<CatalogDraft>,
    /// The id of the index.
    id: String,
    /// Ends after the threads of `inner`.
    change: Change,
}

impl EmbeddedWriter {
    /// Begins a change to `state`.
    pub(super) fn open(
        disk: &Arc<dyn Disk>,
        state: &State,
        options: &WriterOptions,
    ) -> Result<EmbeddedWriter, EngineError> {
        let manifest = state.manifest.as_ref();
        // What did not change is copied.
        if !state.catalog.check() {
            state.sound(())?;
            return Err(CatalogError.into());
        }
        let change = Change::begin(disk, manifest, state.seen.as_deref(), &options.wait)?;
        let directory = change.directory.clone();
        let opened = match manifest {
            Some(_) => Index::open(directory),
            None => Index::create(
                directory,
                schema::build().0,
                tantivy::IndexSettings::default(),
            ),
        };
        let mut index = opened.map_err(tantivy_error)?;
        Fields::of(&index.schema()).ok_or_else(|| {
            EngineError::Damaged("the fields are not those of this version".into())
        })?;
        index
            .tokenizers()
            .register(TOKENIZER, SilentTokenizer::default());
        let kept = KeptSegments::default();
        index.register_plugin(PostingsPlugin::shared(kept.clone()));
        let inner: IndexWriter<SectionDocument> = index
            .writer_with_options(threads_of(options))
            .map_err(tantivy_error)?;
        inner.set_merge_policy(Box::new(Merges::new(options.is_brief)));
        Ok(EmbeddedWriter {
            inner,
            kept,
            backlog: Arc::new(Backlog::new(options.is_streamed)),
            pending: Pending::default(),
            draft: Mutex::new(state.catalog.draft()),
            id: state.next_id(),
            change,
        })
    }

    fn draft(&self) -> MutexGuard<'_, CatalogDraft> {
        self.draft.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the sections of a source out of the segments, those added later excepted.
    fn delete_sections(&self, source: SourceKey) -> Result<(), EngineError> {
        // What was added before is removed too, so that it has to go first, also where another thread took it.
        while let Some(batch) = self.pending.take_holding(source.0) {
            self.send(batch)?;
        }
        let term = Term::from_field_u64(Fields::OWN.source, u64::from(source.0));
        self.inner.delete_term(term);
        Ok(())
    }

    /// Adds the sections of an article, and returns the words of its fields, each summed over the sections.
    fn add_sections(
        &self,
        article: &DocumentArticle,
        sections: Vec<Section>,
    ) -> Result<[u64; Field::MEASURED], EngineError> {
        let mut sums = [0; Field::MEASURED];
        let mut batch = self.pending.fill(article.source);
        for (order, section) in sections.into_iter().enumerate() {
            let lens = batch.add(article, order, &section);
            // Whoever hands over may have to wait.
            drop(section);
            for (sum, len) in sums.iter_mut().zip(lens) {
                *sum += len;
            }
            if batch.is_full() {
                self.send(batch)?;
                batch = self.pending.fill(article.source);
            }
        }
        Ok(sums)
    }

    /// Hands sections to the indexing threads, once there is room.
    fn send(&self, mut batch: TakenBatch<'_>) -> Result<(), EngineError> {
        let sections = batch.finish();
        let permit = self.backlog.take(sections.size_bytes());
        let documents = sections.documents(Some(permit));
        (self.inner.run(documents.map(UserOperation::Add))).map_err(tantivy_error)?;
        Ok(())
    }
}

/// How many threads index so much, and what each may hold.
fn threads_of(options: &WriterOptions) -> IndexWriterOptions {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let is_one = options.is_streamed || options.volume_bytes < SMALL_CHANGE_BYTES;
    // These threads join and write what was read, on two cores a third of all CPU; each makes a segment with
    // dictionaries of its own.
    let threads = match is_one {
        true => 1,
        false => options.threads.unwrap_or(cores.div_ceil(2)).clamp(1, 8),
    };
    let memory_bytes = match options.volume_bytes {
        _ if options.is_streamed => STREAM_MEMORY_BYTES,
        LARGE_CHANGE_BYTES.. => LARGE_MEMORY_BYTES,
        _ => MEMORY_BYTES,
    };
    IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread((memory_bytes / threads).max(MIN_MEMORY_BYTES))
        .num_merge_threads(1)
        .build()
}

/// Writes the catalog and returns its file's name. A large one is not held as a whole, and so made twice.
fn write_catalog(directory: &StateDirectory, catalog: &CatalogDraft) -> io::Result<String> {
    let mut held = HeldBytes::default();
    if catalog.write(&mut held).is_ok() {
        let hash = hash_of(&held.bytes);
        return directory.write_content(catalog_parts(&hash), &|out| out.write_all(&held.bytes));
    }
    drop(held);
    let hash = catalog_hash(catalog)?;
    directory.write_content(catalog_parts(&hash), &|out| catalog.write(out))
}

/// What was written, up to [`HELD_BYTES`].
#[derive(Default)]
struct HeldBytes {
    bytes: Vec<u8>,
}

impl Write for HeldBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.bytes.len() + bytes.len() <= HELD_BYTES {
            true => self.bytes.write(bytes),
            false => Err(io::ErrorKind::OutOfMemory.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what belongs to the new state beside its segments, and lists all of its files.
fn complete(
    change: &Change,
    kept: &KeptSegments,
    (file, languages): (String, &[Language]),
    settings: &str,
    id: String,
) -> Result<Manifest, EngineError> {
    let directory = &change.directory;
    let counts = directory.open(&file).map_err(|e| storage_error(&e))?;
    let counts = Catalog::open(Box::new(counts))?.counts(&[])?;
    let hash = hash_of(settings.as_bytes());
    let written = directory.write_content(settings_parts(&hash), &|out| {
        out.write_all(settings.as_bytes())
    });
    let settings_file = written.map_err(|e| storage_error(&e))?;
    let mut names = vec![file.clone(), settings_file];
    let index = Index::open(directory.clone()).map_err(tantivy_error)?;
    for segment in index.searchable_segments().map_err(tantivy_error)? {
        let files = COMPONENTS.map(|component| segment.relative_path(component));
        names.extend(files.map(|path| path.to_string_lossy().into_owned()));
        let tables = TableWriter::new(directory, &segment, kept);
        names.extend(tables.write(languages)?);
    }
    let files = names.into_iter().filter_map(|name| {
        let entry = directory.entry(&name)?;
        Some((name, entry))
    });
    Ok(Manifest {
        version: own_version(),
        id,
        settings: settings.to_string(),
        catalog: file,
        counts: Some(counts),
        files: files.collect(),
        segments: directory
            .segments()
            .ok_or_else(|| EngineError::Storage("no segments were listed".into()))?,
    })
}

impl SectionWriter for EmbeddedWriter {
    fn begin(&self, path: &StoredPath, origin: Origin) -> Result<SourceKey, EngineError> {
        Ok(SourceKey(self.draft().add(path, origin)))
    }

    fn add(
        &self,
        source: SourceKey,
        part: ArticlePart,
        article: Article,
    ) -> Result<(), EngineError> {
        let (number, name) = {
            let mut draft = self.draft();
            (draft.reserve_article(), draft.next_name(source.0))
        };
        let mut record = part.record(source, article.sections.len(), article.metadata);
        let title = record.metadata.title.as_deref().unwrap_or_default();
        let of_article = DocumentArticle {
            source: source.0,
            number,
            title: title.to_string(),
            language: record.language(),
            name,
        };
        record.words = self.add_sections(&of_article, article.sections)?;
        self.draft().put_article(number, record);
        Ok(())
    }

    fn withdraw(&self, source: SourceKey) -> Result<(), EngineError> {
        self.delete_sections(source)?;
        self.draft().withdraw(source.0);
        Ok(())
    }

    fn remove(&self, source: SourceKey) -> Result<(), EngineError> {
        self.delete_sections(source)?;
        self.draft().remove(source.0);
        Ok(())
    }

    fn commit(self: Box<Self>, changed: CatalogChange) -> Result<(), EngineError> {
        while let Some(batch) = self.pending.take() {
            self.send(batch)?;
        }
        let EmbeddedWriter {
            mut inner,
            kept,
            mut change,
            draft,
            id,
            ..
        } = *self;
        let mut draft = draft.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (source, record) in changed.sources {
            draft.set(source.0, record);
        }
        let languages = listed(draft.languages().into_keys());
        kept.set_languages(languages.clone());
        let damage = change.directory.damage().clone();
        let finish = || {
            let write = || write_catalog(&change.directory, &draft);
            let commit = || inner.commit().and_then(|_| inner.wait_merging_threads());
            let catalog = match draft.slots().max(draft.article_slots()) > MOST_BESIDE {
                false => {
                    let (catalog, committed) = both(write, commit);
                    committed.map_err(tantivy_error)?;
                    catalog
                }
                true => {
                    commit().map_err(tantivy_error)?;
                    write()
                }
            };
            let catalog = catalog.map_err(|e| storage_error(&e))?;
            let settings = changed.settings.as_str();
            complete(&change, &kept, (catalog, &languages), settings, id)
        };
        let manifest = finish();
        // A merge that failed is no error to Tantivy.
        if let Some(message) = damage.seen() {
            return Err(EngineError::Damaged(message.to_string()));
        }
        change.publish(&manifest?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::Snapshot;
    use crate::engine::embedded::EmbeddedSnapshot;

    #[test]
    fn a_lock_that_goes_away_in_a_moment_is_waited_for_and_a_held_one_is_busy() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedSnapshot::blank(folder.path()).expect("an index");
        let options = WriterOptions::default();
        let held = engine.write(&options).expect("a writer");
        let Some(EngineError::Busy(holder)) = engine.write(&options).err() else {
            panic!("two writers");
        };
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(8));
                drop(held);
            });
            assert!(engine.write(&options).is_ok());
        });
    }

    #[test]
    fn a_change_to_a_state_that_is_not_the_last_one_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedSnapshot::blank(folder.path()).expect("an index");
        let options = WriterOptions::default();
        let writer = engine.write(&options).expect("a writer");
        let nothing = CatalogChange::default();
        writer.commit(nothing).expect("a commit");
        let outdated = engine.write(&options).err();
        assert!(matches!(outdated, Some(EngineError::Outdated)));
        let engine = EmbeddedSnapshot::open(folder.path()).expect("the index");
        assert!(engine.write(&options).is_ok());
    }

    /// A source that changes while it is read is removed and added again, while other threads hand over batches that
    /// hold sections of it.
    #[test]
    fn what_is_removed_stays_removed_while_another_thread_hands_it_over() {
        const SOURCES: u32 = 100;
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedSnapshot::blank(folder.path()).expect("an index");
        let writer = engine.write(&WriterOptions::default()).expect("a writer");
        let read = |words| crate::format::read_str("text", &"word ".repeat(words));
        let (short, long) = (read(1), read(40_000));
        let path = StoredPath::from_bytes(b"a.md");
        let begin = |_| writer.begin(&path, Origin::Walked).expect("a source");
        let sources: Vec<SourceKey> = (0..SOURCES).map(begin).collect();
        let other = begin(SOURCES);
        let add = |source, article: &Article| {
            let part = ArticlePart::default();
            writer.add(source, part, article.clone()).expect("added");
        };
        let ended = std::sync::atomic::AtomicBool::new(false);
        // The backlog is full from the start, so that whoever hands over has to wait.
        (0..150).for_each(|_| add(other, &long));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                    add(other, &long);
                }
            });
            for &source in &sources {
                add(source, &short);
                std::thread::sleep(Duration::from_millis(5));
                writer.withdraw(source).expect("removed");
                add(source, &short);
            }
            ended.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        writer.remove(other).expect("removed");
        writer.commit(CatalogChange::default()).expect("committed");
        let engine = EmbeddedSnapshot::open(folder.path()).expect("the index");
        let segments = &engine.state.segments;
        let living = |s: &crate::engine::embedded::segment::OpenSegment| {
            (0..s.max_doc()).filter(|&doc| s.is_alive(doc)).count()
        };
        assert_eq!(segments.iter().map(living).sum::<usize>(), SOURCES as usize);
    }
}
