//! What every engine has to do: the same cases run on each of them, and their answers are held against each other.

use std::path::Path;
use std::sync::Arc;

use excerpt::analysis::{Language, Morphology};
use excerpt::article::{Article, PartPath};
use excerpt::engine::{
    ArticleKey, ArticlePart, CatalogChange, Depth, Engine, EngineError, EngineLocation, Origin,
    Outcome, QueryLimits, SearchOptions, Snapshot, Sort, SourceFilter, SourceRecord, WriterOptions,
};
use excerpt::format::{ReadOptions, detect};
use excerpt::query::{Mode, parse};
use excerpt::source::StoredPath;
use excerpt::source::trust::Users;

use crate::memory::MemoryEngine;

/// An engine, and what it needs to live.
struct Conforming {
    name: &'static str,
    engine: Arc<dyn Engine>,
    _kept: Option<Box<dyn std::any::Any>>,
}

fn engines() -> Vec<Conforming> {
    let folder = tempfile::tempdir().expect("a folder");
    let location = EngineLocation::Folder {
        folder: folder.path().to_path_buf(),
        users: Users::of_process(None),
    };
    let mut engines = vec![
        Conforming {
            name: "embedded",
            engine: excerpt::engine::open(&location).expect("an engine"),
            _kept: Some(Box::new(folder)),
        },
        Conforming {
            name: "memory",
            engine: Arc::new(MemoryEngine::default()),
            _kept: None,
        },
    ];
    #[cfg(feature = "cluster")]
    engines.extend(
        crate::real_cluster::RealIndex::new().map(|index| Conforming {
            name: "cluster",
            engine: excerpt::engine::open(&index.location()).expect("an engine"),
            _kept: Some(Box::new(index)),
        }),
    );
    engines
}

/// A change: sources with their parts, the empty name being all of a source, and sources that go.
pub(crate) struct Step<'a> {
    pub(crate) put: &'a [(&'a str, &'a [(&'a str, &'a str)])],
    pub(crate) gone: &'a [&'a str],
}

const HARBOUR: &str = "---\nauthor: Ann Keller\ndate: 2023-05\nlang: en\n---\n# Harbour talks\n\nThe talks on the harbour \
                       ended without a deal.\n\n## What happens next\n\nA mediator hears both sides. The agreements stay in force \
                       until the harbour talks go on.\n";
const MINSK: &str = "# Minsk\n\nThe Minsk agreements aimed at a cease-fire. Agreement was near.\n\n## The agreements fail\n\nWithout a \
                     deal the agreements failed; no agreement, no harbour.\n";
const LETTER: &str = "---\nauthor: Bob\ndate: 2024-01-02\n---\n# Re: deal\n\nNo deal on the harbour, wrote the mediator.\n";

const STEPS: [Step<'_>; 3] = [
    Step {
        put: &[
            ("news/harbour.md", &[("", HARBOUR)]),
            ("minsk.md", &[("", MINSK)]),
            ("box.mbox", &[("<1@a>", LETTER), ("2", HARBOUR)]),
        ],
        gone: &[],
    },
    Step {
        put: &[("minsk.md", &[("", LETTER)])],
        gone: &["news/harbour.md"],
    },
    Step {
        put: &[
            ("news/harbour.md", &[("", MINSK)]),
            (
                "box.mbox",
                &[("2", HARBOUR), ("3", MINSK), ("<1@a>", LETTER)],
            ),
        ],
        gone: &[],
    },
];

const QUERIES: [&str; 36] = [
    "harbour",
    "the agreements",
    "agreement deal",
    "deal OR minsk",
    "\"the harbour\"",
    "\"harbour talks\"~2",
    "\"agreements stay\"",
    "agree*",
    "harbuor~",
    "\"without a dea*\"",
    "mediator -minsk",
    "deal -(minsk OR talks)",
    "title:minsk",
    "heading:agreements",
    "body:(deal harbour)",
    "harbour^3 deal",
    "author:keller",
    "deal date:2024",
    "path:news/**",
    "path:box.mbox deal",
    "talks (path:box.mbox OR author:bob)",
    "lang:en deal",
    "cease-fire",
    "the agreement of diplom*",
    "(the harbour) OR (of \"the boats\")",
    "the reader path:corpus",
    "heading:(the harbour) OR title:(of agreement)",
    "nothingofthekind",
    "=Agreement",
    "=agreement deal",
    "=\"The agreements\" OR =the",
    "title:=Minsk harbour",
    "heading:=minsk",
    "harbour -=The",
    "=Harbour path:box.mbox",
    "=the AND =Harbour",
];

pub(crate) fn read_markdown(text: &str) -> Article {
    let format = detect(Path::new("x.md")).expect("a format");
    let options = ReadOptions::default();
    let source = format.decode(text.as_bytes().to_vec(), &options);
    format
        .read(&source.expect("a text"), &options)
        .expect("an article")
}

/// Makes a change to `snapshot`; committed where `commits`.
pub(crate) fn change(
    snapshot: &dyn Snapshot,
    step: &Step<'_>,
    commits: bool,
) -> Result<(), EngineError> {
    let writer = snapshot.write(&WriterOptions::default())?;
    let mut changed = CatalogChange {
        settings: "settings".into(),
        ..CatalogChange::default()
    };
    for (path, parts) in step.put {
        let path = StoredPath::from_bytes(path.as_bytes());
        let record = SourceRecord {
            outcome: Outcome::Indexed,
            ..SourceRecord::blank(path.clone(), Origin::Walked)
        };
        let source = match snapshot.source_at(&path)? {
            Some(known) => {
                writer.withdraw(known.key)?;
                known.key
            }
            None => writer.begin(&path, Origin::Walked)?,
        };
        let mut sections = 0;
        for (part, text) in *parts {
            let article = read_markdown(text);
            sections += article.sections.len() as u32;
            let whole = PartPath::default();
            let part = ArticlePart {
                path: match *part {
                    "" => whole,
                    part => whole.child(part),
                },
                is_inner: false,
            };
            writer.add(source, part, article)?;
        }
        let record = SourceRecord { sections, ..record };
        changed.sources.insert(source, Box::new(record));
    }
    for path in step.gone {
        let path = StoredPath::from_bytes(path.as_bytes());
        let source = snapshot.source_at(&path)?.expect("a source").key;
        writer.remove(source)?;
    }
    match commits {
        true => writer.commit(changed),
        false => Ok(()),
    }
}

/// All that a query answers: each hit's id, score and text, what was counted, and the weights.
fn answer(snapshot: &dyn Snapshot, query: &str, options: &SearchOptions) -> Vec<String> {
    let morphology = Morphology::of([Language::ENGLISH]);
    let query = parse(query, Mode::default(), &morphology).expect(query);
    let found = snapshot.search(&query, options).expect("an answer");
    let keys: Vec<_> = found.hits.iter().map(|hit| hit.key).collect();
    let sections = snapshot.sections(&keys).expect("the sections");
    let mut lines: Vec<String> = found
        .hits
        .iter()
        .zip(sections)
        .map(|(hit, stored)| {
            let records = snapshot.articles(&[hit.article]).expect("a record");
            assert_eq!(stored.order, hit.order);
            let id = records[0].id_of(&stored.section.anchor);
            format!("{id} {:016x} {}", hit.score.to_bits(), stored.section.text)
        })
        .collect();
    if found.is_counted {
        lines.push(format!("matched {}", found.matched));
    }
    let bits: Vec<u64> = found
        .weights
        .iter()
        .map(|weight| weight.to_bits())
        .collect();
    lines.push(format!("weights {bits:x?}"));
    for term in query.terms() {
        let forms = snapshot.forms(term, QueryLimits::default());
        lines.push(format!("forms {:?}", forms.expect("the forms")));
    }
    lines
}

/// The texts of each article's sections, all asked for at once; one after the other they are the same.
fn texts(snapshot: &dyn Snapshot) -> Vec<Vec<String>> {
    let rows = snapshot.sources(SourceFilter::default()).expect("rows");
    let mut articles: Vec<ArticleKey> = rows
        .flat_map(|row| snapshot.articles_of(row.expect("a row").key))
        .flatten()
        .collect();
    // In another order, one again, and one that is not there.
    articles.reverse();
    articles.extend(articles.first().copied());
    articles.push(ArticleKey(u32::MAX - 1));
    let all = snapshot.sections_of_all(&articles).expect("their keys");
    for (article, keys) in articles.iter().zip(&all) {
        let own = snapshot.sections_of(*article).expect("its keys");
        assert_eq!(own, *keys);
    }
    let text = |keys: &Vec<_>| {
        let sections = snapshot.sections(keys).expect("the sections");
        sections.into_iter().map(|own| own.section.text).collect()
    };
    all.iter().map(text).collect()
}

fn options() -> Vec<SearchOptions> {
    let all = SearchOptions::default();
    vec![
        all.clone(),
        SearchOptions {
            limit: Some(2),
            ..all.clone()
        },
        SearchOptions {
            sort: Sort::Path,
            ..all.clone()
        },
        SearchOptions {
            sort: Sort::Date,
            limit: Some(3),
            ..all.clone()
        },
        SearchOptions {
            within: vec![StoredPath::from_bytes(b"news")],
            ..all.clone()
        },
        SearchOptions {
            within: vec![StoredPath::from_bytes(b"box.mbox!/2")],
            ..all.clone()
        },
        SearchOptions {
            without: vec![StoredPath::from_bytes(b"box.mbox")],
            ..all
        },
    ]
}

#[test]
fn all_engines_give_the_same_answers_whatever_the_history() {
    let cases = engines();
    for (i, step) in STEPS.iter().enumerate() {
        let mut answers: Vec<Vec<Vec<String>>> = Vec::new();
        let mut stored = Vec::new();
        for case in &cases {
            let snapshot = match i {
                0 => case.engine.blank(false),
                _ => case.engine.snapshot(),
            };
            change(snapshot.expect("a state").as_ref(), step, true).expect(case.name);
            let snapshot = case.engine.snapshot().expect("the new state");
            let verified = case.engine.verify(Depth::Full).expect("verified");
            assert_eq!(verified.faults, Vec::<String>::new(), "{}", case.name);
            let of = |query: &&str| {
                let each = options().into_iter();
                each.flat_map(|options| answer(snapshot.as_ref(), query, &options))
                    .collect()
            };
            answers.push(QUERIES.iter().map(of).collect());
            stored.push(texts(snapshot.as_ref()));
        }
        for (other, case) in (1..).zip(&cases[1..]) {
            assert_eq!(stored[0], stored[other], "{} after step {i}", case.name);
            for (query, (own, other)) in QUERIES.iter().zip(answers[0].iter().zip(&answers[other]))
            {
                assert_eq!(own, other, "`{query}` on {} after step {i}", case.name);
            }
        }
    }
    let snapshot = cases[0].engine.snapshot().expect("a state");
    let hits = |query| answer(snapshot.as_ref(), query, &SearchOptions::default());
    assert!(
        hits("path:box.mbox")[0].starts_with("box.mbox!/2#"),
        "{:?}",
        hits("path:box.mbox")
    );
    assert!(hits("author:keller")[0].starts_with("box.mbox!/2#"));
    assert_eq!(hits("\"no deal\" author:bob").len(), 2 + 1 + 1 + 1);
}

#[test]
fn a_snapshot_outlives_a_commit_and_only_the_last_one_can_be_changed() {
    for case in engines() {
        assert!(matches!(
            case.engine.snapshot().err(),
            Some(EngineError::Missing(_))
        ));
        let blank = case.engine.blank(false).expect("a blank state");
        assert_eq!(blank.id(), None, "{}", case.name);
        change(blank.as_ref(), &STEPS[0], false).expect("a change that is given up");
        assert!(case.engine.snapshot().is_err(), "{}", case.name);
        change(blank.as_ref(), &STEPS[0], true).expect("a change");
        let first = case.engine.snapshot().expect("a state");
        let before = answer(first.as_ref(), "harbour", &SearchOptions::default());
        change(first.as_ref(), &STEPS[1], false).expect("a change that is given up");
        change(first.as_ref(), &STEPS[1], true).expect("a change");
        let after = answer(first.as_ref(), "harbour", &SearchOptions::default());
        // What is not atomic shows a change of others as it comes.
        if case.engine.features().is_atomic {
            assert_eq!(before, after, "{}", case.name);
        }
        let second = case.engine.snapshot().expect("a state");
        assert_ne!(
            answer(second.as_ref(), "harbour", &SearchOptions::default()),
            before,
            "{}",
            case.name
        );
        assert!(
            matches!(
                change(first.as_ref(), &STEPS[2], true),
                Err(EngineError::Outdated)
            ),
            "{}",
            case.name
        );
        assert_eq!((second.id(), second.settings()), (first.id(), "settings"));
        assert_eq!(second.id().map(str::len), Some(32));
    }
}

#[test]
fn one_change_at_a_time_and_a_rebuild_keeps_its_id_unless_it_is_renamed() {
    for case in engines() {
        let blank = case.engine.blank(false).expect("a blank state");
        change(blank.as_ref(), &STEPS[0], true).expect("a change");
        let state = case.engine.snapshot().expect("a state");
        let held = state.write(&WriterOptions::default()).expect("a writer");
        assert!(
            matches!(
                state.write(&WriterOptions::default()).err(),
                Some(EngineError::Busy(_))
            ),
            "{}",
            case.name
        );
        drop(held);
        let recovered = case.engine.recover().expect("recovered");
        assert_eq!(recovered.settings.as_deref(), Some("settings"));
        assert_eq!(recovered.id.as_deref(), state.id());
        assert_eq!(recovered.sources.expect("the sources").len(), 3);
        for (is_renamed, keeps) in [(false, true), (true, false)] {
            let had = case.engine.snapshot().expect("a state");
            let blank = case.engine.blank(is_renamed).expect("a blank state");
            change(blank.as_ref(), &STEPS[0], true).expect("a rebuild");
            let now = case.engine.snapshot().expect("a state");
            assert_eq!(now.id() == had.id(), keeps, "{}", case.name);
        }
        assert!(case.engine.size_bytes().expect("a size") > 0);
    }
}

#[test]
fn a_source_of_which_other_facts_are_known_keeps_its_sections() {
    for case in engines() {
        let blank = case.engine.blank(false).expect("a blank state");
        change(blank.as_ref(), &STEPS[0], true).expect("a change");
        let state = case.engine.snapshot().expect("a state");
        let before = answer(state.as_ref(), "harbour", &SearchOptions::default());
        let path = StoredPath::from_bytes(b"news/harbour.md");
        let row = state.source_at(&path).expect("a look").expect("a source");
        let (key, mut record) = (row.key, row.into_record());
        record.stat.size += 1;
        let writer = state.write(&WriterOptions::default()).expect("a writer");
        let changed = CatalogChange {
            sources: [(key, Box::new(record.clone()))].into(),
            settings: "settings".into(),
        };
        writer.commit(changed).expect("a commit");
        let now = case.engine.snapshot().expect("a state");
        let after = answer(now.as_ref(), "harbour", &SearchOptions::default());
        assert_eq!(after, before, "{}", case.name);
        let row = now.source_at(&path).expect("a look").expect("a source");
        assert_eq!(row.record.stat, record.stat, "{}", case.name);
        let verified = case.engine.verify(Depth::Full).expect("verified");
        assert_eq!(verified.faults, Vec::<String>::new(), "{}", case.name);
        // And again in the state that others read.
        let again = case.engine.snapshot().expect("a state");
        let row = again.source_at(&path).expect("a look").expect("a source");
        assert_eq!(
            again
                .sections_of_all(&again.articles_of(row.key).expect("articles"))
                .expect("keys")
                .len(),
            1
        );
    }
}

#[test]
fn limits_end_a_query_alike() {
    let limits = QueryLimits {
        forms: 2,
        ..QueryLimits::default()
    };
    let options = SearchOptions {
        limits,
        ..SearchOptions::default()
    };
    let errors = engines().into_iter().map(|case| {
        let blank = case.engine.blank(false).expect("a blank state");
        change(blank.as_ref(), &STEPS[0], true).expect("a change");
        let state = case.engine.snapshot().expect("a state");
        let morphology = Morphology::of([Language::ENGLISH]);
        let query = parse("deal -a* harbour", Mode::default(), &morphology).expect("a query");
        let error = state.search(&query, &options).expect_err("too many forms");
        error.to_string()
    });
    let errors: Vec<String> = errors.collect();
    assert!(errors.iter().all(|error| *error == errors[0]), "{errors:?}");
    assert!(errors[0].contains("by `a*` (--max-forms)"), "{errors:?}");
}
