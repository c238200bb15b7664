//! Random histories of an index, and the index that one leaves.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use excerpt::article::Article;
use excerpt::engine::embedded::EmbeddedSnapshot;
use excerpt::engine::{
    ArticlePart, CatalogChange, EngineError, Origin, Outcome, SectionWriter, Snapshot, SourceKey,
    SourceRecord, WriterOptions,
};
use excerpt::source::{StatKey, StoredPath};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

use super::articles::{Vocabulary, article};
use crate::oracle::Oracle;

/// Paths whose order by bytes is not that of letters, one of them no UTF-8.
const PATHS: [&[u8]; 16] = [
    b"a.md",
    b"a/b.md",
    b"a/c/d.txt",
    b"a-b.md",
    b"news/2022/x.txt",
    b"news/x.txt",
    b"\xc3\xa9.txt",
    b"n\xff.txt",
    b"/tmp/x",
    b"b/1.md",
    b"b/2.md",
    b"b/10.md",
    b"c.txt",
    b"c/c.txt",
    b"d",
    b"z/z.md",
];

/// What is done to one source.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Adds the source, or replaces its article.
    Put(StoredPath, Article),
    /// Removes the source, where it is there.
    Delete(StoredPath),
}

/// What one writer does.
#[derive(Debug, Clone)]
pub(super) struct Change {
    steps: Vec<Step>,
    /// Whether the writer is told that much text is to come, and so uses several threads.
    is_large: bool,
    /// Whether the writer is dropped without a commit.
    is_abandoned: bool,
}

/// A few changes of some steps; many of one step, which make segments enough for a merge; or a large one first, whose
/// segment then stays though sections of it are deleted.
pub(super) fn history(words: &Vocabulary) -> impl Strategy<Value = Vec<Change>> + use<> {
    let few = vec(change(words, 1..5), 1..5);
    let many = vec(change(words, 1..2), 9..13);
    let large_first = (change(words, 14..20), vec(change(words, 1..2), 1..3))
        .prop_map(|(first, rest)| std::iter::once(first).chain(rest).collect());
    prop_oneof![3 => few, 1 => many, 7 => large_first]
}

fn change(words: &Vocabulary, steps: Range<usize>) -> impl Strategy<Value = Change> + use<> {
    (
        vec(step(words), steps),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(steps, is_large, is_abandoned)| Change {
            steps,
            is_large,
            is_abandoned,
        })
}

fn step(words: &Vocabulary) -> impl Strategy<Value = Step> + use<> {
    let put = (path(), article(words)).prop_map(|(path, article)| Step::Put(path, article));
    prop_oneof![3 => put, 1 => path().prop_map(Step::Delete)]
}

/// One of the paths.
pub(super) fn path() -> impl Strategy<Value = StoredPath> {
    select(&PATHS).prop_map(StoredPath::from_bytes)
}

/// The live sources: their numbers and articles.
type Live = BTreeMap<StoredPath, (SourceKey, Article)>;

/// An index and what it is to hold.
pub(super) struct Index {
    folder: TempDir,
    /// The last state.
    pub(super) engine: EmbeddedSnapshot,
    /// The sources that are there.
    pub(super) live: Live,
}

impl Index {
    /// A new index, changed so.
    pub(super) fn after(changes: &[Change]) -> Index {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedSnapshot::blank(folder.path()).expect("an empty index");
        let mut index = Index {
            folder,
            engine,
            live: Live::new(),
        };
        changes.iter().for_each(|change| index.apply(change));
        index
    }

    /// Its folder.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The oracle over the same sections.
    pub(super) fn oracle(&self) -> Oracle {
        Oracle::new(self.live.iter().map(|(path, (_, article))| (path, article)))
    }

    /// Makes this index hold the sections of `other`, by changes whose order `seed` gives.
    pub(super) fn become_like(&mut self, other: &Index, seed: u64) {
        let gone = self
            .live
            .keys()
            .filter(|path| !other.live.contains_key(*path));
        let mut steps: Vec<Step> = gone.cloned().map(Step::Delete).collect();
        for (path, (_, article)) in &other.live {
            if self.live.get(path).map(|(_, own)| own) != Some(article) {
                steps.push(Step::Put(path.clone(), article.clone()));
            }
        }
        let mut state = seed;
        while !steps.is_empty() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(state >> 33).expect("31 bits") % steps.len();
            let count = 1 + at.min(2);
            steps.rotate_left(at);
            let now = steps.drain(..count.min(steps.len())).collect();
            self.apply(&Change {
                steps: now,
                is_large: false,
                is_abandoned: false,
            });
        }
    }

    /// How many segments the live sections lie in.
    pub(super) fn segments_seen(&self) -> usize {
        let mut seen: Vec<u32> = self.keys().map(|key| (key.0 >> 32) as u32).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    }

    /// Whether a section that is gone still lies before a live one in its segment.
    pub(super) fn has_deletions(&self) -> bool {
        let mut seen: Vec<(u32, u32)> = self
            .keys()
            .map(|key| ((key.0 >> 32) as u32, key.0 as u32))
            .collect();
        seen.sort_unstable();
        let first_docs_are_there = seen.chunk_by(|a, b| a.0 == b.0).all(|of_one| {
            of_one
                .iter()
                .enumerate()
                .all(|(i, &(_, doc))| usize::try_from(doc).is_ok_and(|doc| doc == i))
        });
        !first_docs_are_there
    }

    fn keys(&self) -> impl Iterator<Item = excerpt::engine::SectionKey> {
        self.live
            .values()
            .flat_map(|(source, _)| self.engine.articles_of(*source).expect("articles"))
            .flat_map(|article| self.engine.sections_of(article).expect("sections"))
    }

    fn apply(&mut self, change: &Change) {
        let volume_bytes = if change.is_large { 64 << 20 } else { 0 };
        let options = WriterOptions {
            volume_bytes,
            ..WriterOptions::default()
        };
        let writer = self.engine.write(&options).expect("a writer");
        let mut changed = CatalogChange {
            settings: "settings".into(),
            ..CatalogChange::default()
        };
        let mut live = self.live.clone();
        for step in &change.steps {
            match step {
                Step::Put(path, article) => put(&*writer, &mut changed, &mut live, path, article),
                Step::Delete(path) => delete(&*writer, &mut live, path),
            }
        }
        if !change.is_abandoned {
            writer.commit(changed).expect("a commit");
            self.live = live;
        }
        self.engine = match EmbeddedSnapshot::open(self.folder.path()) {
            Err(EngineError::Missing(_)) => EmbeddedSnapshot::blank(self.folder.path()),
            opened => opened,
        }
        .expect("an index");
    }
}

fn put(
    writer: &dyn SectionWriter,
    changed: &mut CatalogChange,
    live: &mut Live,
    path: &StoredPath,
    article: &Article,
) {
    let source = match live.get(path) {
        Some((source, _)) => {
            writer.withdraw(*source).expect("a removal");
            *source
        }
        None => (writer.begin(path, Origin::Walked)).expect("a source"),
    };
    let added = writer.add(source, ArticlePart::default(), article.clone());
    added.expect("an addition");
    changed
        .sources
        .insert(source, Box::new(record(path, article)));
    live.insert(path.clone(), (source, article.clone()));
}

fn delete(writer: &dyn SectionWriter, live: &mut Live, path: &StoredPath) {
    if let Some((source, _)) = live.remove(path) {
        writer.remove(source).expect("a removal");
    }
}

fn record(path: &StoredPath, article: &Article) -> SourceRecord {
    SourceRecord {
        stat: StatKey {
            size: 1,
            modified_ns: 2,
            ..StatKey::default()
        },
        reader: 1,
        hash: 3,
        outcome: Outcome::Indexed,
        sections: section_count(article),
        ..SourceRecord::blank(path.clone(), Origin::Walked)
    }
}

fn section_count(article: &Article) -> u32 {
    u32::try_from(article.sections.len()).expect("few sections")
}
