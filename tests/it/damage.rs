//! Damaged files: the same answer or a clean error, and the next `index` mends it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use excerpt::analysis::{Language, Morphology};
use excerpt::engine::embedded::EmbeddedSnapshot;
use excerpt::engine::{EngineError, SearchOptions, Snapshot};
use excerpt::query::{Mode, parse};

use crate::disks::MemoryDisk;
use crate::env::{TestEnv, number};
use crate::random::Random;

const QUERIES: [&str; 9] = [
    "agreement",
    "\"Minsk agreements\"",
    "minsk OR linker OR harbour",
    "title:talks",
    "the talks -harbour",
    "agre*",
    "agrement~",
    "\"talks agreements\"~8",
    "path:corpus/docs/**",
];

/// An index of several segments, one with deleted sections; its files.
fn index_files(env: &TestEnv) -> Vec<(String, Vec<u8>)> {
    let filler: String = (0..30)
        .map(|i| format!("## Part {i}\n\nOf something else.\n\n"))
        .collect();
    env.write("corpus/filler.md", filler);
    env.run(&["index", "."]).success();
    env.write(
        "corpus/more.md",
        "# More talks\n\nThe agreements of Minsk.\n",
    );
    env.write(
        "corpus/news/harbour-talks.txt",
        "The harbour talks, shorter now.\n",
    );
    env.run(&["index"]).success();
    let entries = fs::read_dir(env.path().join(".excerpt")).expect("the index");
    let files: Vec<_> = entries
        .map(|entry| {
            let entry = entry.expect("a file");
            let name = entry.file_name().into_string().expect("a name");
            (name, fs::read(entry.path()).expect("its bytes"))
        })
        .collect();
    assert!(
        files.iter().any(|(name, _)| name.ends_with(".del")),
        "no deleted sections"
    );
    files
}

/// All that the queries give, with the sections that they find.
fn answers(disk: &MemoryDisk) -> Result<String, EngineError> {
    let engine = EmbeddedSnapshot::open_on(disk.shared())?;
    let morphology = Morphology::of([Language::ENGLISH]);
    let mut out = format!("{:?}\n", engine.settings());
    for query in QUERIES {
        let query = parse(query, Mode::default(), &morphology).expect("a query");
        let found = engine.search(&query, &SearchOptions::default())?;
        out += &format!("{}\n", found.matched);
        for hit in &found.hits {
            let record = engine.articles(&[hit.article])?;
            out += &format!(
                "{:?} {:?} {record:?} {:?}\n",
                hit.score,
                hit.order,
                engine.section(hit.key)?
            );
        }
    }
    Ok(out)
}

/// Damages one of the files and says how.
fn damage(files: &mut Vec<(String, Vec<u8>)>, random: &mut Random) -> String {
    let at = random.below(files.len());
    let (name, bytes) = &mut files[at];
    let name = name.clone();
    let len = bytes.len().max(1);
    let place = random.below(len);
    let how = match random.below(8) {
        0 => {
            bytes.truncate(place);
            "cut"
        }
        1 => {
            let end = bytes.len().min(place + 512);
            bytes[place.min(end)..end].fill(0);
            "zeroed"
        }
        2 => {
            bytes.extend_from_slice(b"more");
            "longer"
        }
        3 => {
            files.remove(at);
            "gone"
        }
        4 => {
            let other = random.below(files.len());
            files[at].1 = files[other].1.clone();
            "another's"
        }
        _ => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << random.below(8);
            }
            "flipped"
        }
    };
    format!("`{name}` of {len} bytes {how} at {place}")
}

#[test]
fn a_damaged_file_is_an_error_or_changes_nothing() {
    let env = TestEnv::with_corpus();
    let files = index_files(&env);
    let expected = answers(&MemoryDisk::with(files.clone())).expect("answers");
    let mut random = Random::new();
    let (mut errors, mut same) = (0, 0);
    for _ in 0..number("EXCERPT_DAMAGES", 1_000) {
        let mut damaged = files.clone();
        let what = damage(&mut damaged, &mut random);
        let disk = MemoryDisk::with(damaged);
        let result = catch_unwind(AssertUnwindSafe(|| answers(&disk)));
        match result.unwrap_or_else(|_| panic!("{what}: a panic; {random:?}")) {
            Ok(found) => {
                assert!(found == expected, "{what}: another answer; {random:?}");
                same += 1;
            }
            Err(
                EngineError::Damaged(_)
                | EngineError::Missing(_)
                | EngineError::Foreign(_)
                | EngineError::NewerVersion { .. }
                | EngineError::OlderVersion { .. },
            ) => errors += 1,
            Err(error) => panic!("{what}: {error}; {random:?}"),
        }
    }
    assert!(
        errors > same && same > 0,
        "{errors} errors, {same} the same"
    );
}

/// What is wrong is named, with the command that mends it; that command mends it, also where no query saw the damage.
#[test]
fn a_damaged_index_is_told_and_built_anew() {
    let env = TestEnv::with_corpus();
    let files = index_files(&env);
    let before = env.run(&["query", "--json", "agreement"]).success();
    let folder = env.path().join(".excerpt");
    for (name, bytes) in &files {
        // No answer rests on these.
        if [".gitignore", "LOCK", "excerpt.tag"].contains(&name.as_str()) {
            continue;
        }
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 16;
        fs::write(folder.join(name), flipped).expect("damaged");
        let verified = env.run(&["verify"]);
        assert_eq!(verified.status, 1, "{name}: {verified:?}");
        assert!(
            verified.stdout.contains(name)
                && verified.stderr.contains("`excerpt index` builds it anew"),
            "{verified:?}"
        );
        let query = env.run(&["query", "--json", "agreement"]);
        match query.status {
            2 => assert!(
                query.stderr.contains("is damaged") && query.stderr.contains("`excerpt index`"),
                "{query:?}"
            ),
            _ => assert_eq!(query.stdout, before, "{name}"),
        }
        let mended = env.run(&["index"]);
        assert_eq!(mended.status, 0, "{mended:?}");
        assert!(mended.stderr.contains("built anew"), "{name}: {mended:?}");
        assert_eq!(
            env.run(&["query", "--json", "agreement"]).success(),
            before,
            "{name}"
        );
        assert_eq!(env.run(&["verify"]).status, 0);
        fs::remove_dir_all(&folder).expect("removed");
        fs::create_dir(&folder).expect("a folder");
        for (name, bytes) in &files {
            fs::write(folder.join(name), bytes).expect("as before");
        }
    }
}

#[test]
fn where_all_that_was_covered_is_lost_it_has_to_be_named() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus/docs"]).success();
    let count = env.run(&["query", "-c", "path:corpus"]).success();
    let folder = env.path().join(".excerpt");
    for entry in fs::read_dir(&folder).expect("the index") {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name == "manifest" || name.starts_with("settings-") {
            fs::write(path, "nonsense").expect("damaged");
        }
    }
    let error = env.run(&["index"]).failure(2);
    assert!(error.contains("was lost; name them again"), "{error}");
    env.run(&["index", "corpus/docs"]).success();
    assert_eq!(env.run(&["query", "-c", "path:corpus"]).stdout, count);
}

/// What was named by itself is covered again, and what cannot be read again is said.
#[test]
fn files_that_were_named_by_themselves_are_kept_and_lost_texts_are_counted() {
    let env = TestEnv::with_corpus();
    let article = "corpus/news/harbour-talks.txt";
    env.run(&["index", "corpus/docs", article]).success();
    env.run_with_input(&["index", "-"], b"From a pipe.")
        .success();
    let folder = env.path().join(".excerpt");
    let damage = |kind: &str| {
        let entries = fs::read_dir(&folder).expect("the index");
        let paths = entries.map(|entry| entry.expect("a file").path());
        for path in paths.filter(|path| path.to_string_lossy().contains(kind)) {
            fs::write(path, "nonsense").expect("damaged");
        }
    };
    damage(".idx");
    let run = env.run(&["index"]);
    assert_eq!(run.status, 0, "{run:?}");
    let lost = "1 text from standard input is lost; index it again";
    assert!(run.stderr.contains(lost), "{run:?}");
    assert_eq!(
        env.run(&["query", "-l", "harbour"]).stdout,
        format!("{article}\n")
    );
    assert!(run.stdout.contains("3 added"), "{run:?}");
    damage("catalog-");
    let run = env.run(&["index"]);
    assert!(run.stdout.contains("2 added"), "{run:?}");
    let lost = "1 file that was named by itself is lost; index it again";
    assert!(run.stderr.contains(lost), "{run:?}");
}
