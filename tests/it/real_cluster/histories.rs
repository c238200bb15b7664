//! Random histories of a folder, indexed by the embedded engine and by the cluster: after each step their answers are
//! the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use excerpt::engine::Sort;
use excerpt::engine::opensearch::{ClusterOptions, Division};
use excerpt::query::Mode;
use excerpt::refresh::{NoProgress, RefreshRequest};
use excerpt::search::{Index, IndexOptions, Location, SearchRequest};
use excerpt::source::StoredPath;

use super::RealIndex;
use super::texts::{markdown, sentence};
use crate::env::TestEnv;
use crate::random::Random;

const STEPS: usize = 12;

const PATHS: [&str; 12] = [
    "news/harbour.md",
    "news/minsk.md",
    "news/2022/a.md",
    "news/2022/b.md",
    "docs/treaty of minsk.md",
    "docs/readme.md",
    "talks.md",
    "a#b.md",
    "Ünïcode/été.md",
    "box.mbox",
    "news/notes.txt",
    "docs/deep/er/agreement.md",
];

const QUERIES: [&str; 30] = [
    "harbour",
    "the agreements",
    "agreement deal",
    "deal OR minsk",
    "\"the harbour\"",
    "\"harbour talks\"~2",
    "\"minsk agree*\"",
    "agree*",
    "a*",
    "agrement~",
    "harbuor~2",
    "mediator -minsk",
    "deal -(minsk OR talks)",
    "title:minsk",
    "heading:(agreements OR deal)",
    "body:(deal harbour)",
    "name:agreement",
    "harbour^3 deal",
    "author:keller",
    "deal date:2014..2023",
    "path:news/**",
    "path:box.mbox deal",
    "lang:en deal",
    "wi-fi OR foobar",
    "=Agreement",
    "=\"Minsk agreements\" OR =der",
    "vertrag договор",
    "北京",
    "\"the deal of the\" OR (the of)",
    "nothingofthekind",
];

fn mbox(random: &mut Random) -> String {
    let mut text = String::new();
    for number in 0..1 + random.below(4) {
        let subject = sentence(random);
        write!(
            text,
            "From x@y Mon Jan  1 00:00:00 2024\nMessage-ID: <{number}@y>\nFrom: Bob <x@y>\nSubject: {}\nDate: Mon, 1 Jan 2024 \
             00:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{}\n\n{}\n\n",
            subject.replace(|c: char| !c.is_ascii(), ""),
            sentence(random),
            sentence(random)
        )
        .expect("written");
    }
    text
}

/// Changes the folder a little, and says how.
fn change(env: &TestEnv, files: &mut BTreeMap<String, String>, random: &mut Random) -> String {
    let mut said = String::new();
    for _ in 0..1 + random.below(3) {
        let path = PATHS[random.below(PATHS.len())].to_string();
        match (random.below(6), files.contains_key(&path)) {
            (0, true) => {
                env.remove(&path);
                files.remove(&path);
                write!(said, "- {path} ").expect("written");
            }
            (1, true) if !path.ends_with("mbox") => {
                let to = format!("moved/{}/{path}", random.below(3));
                fs::create_dir_all(env.path().join(&to).parent().expect("a folder"))
                    .expect("a folder");
                fs::rename(env.path().join(&path), env.path().join(&to)).expect("moved");
                let text = files.remove(&path).expect("a text");
                files.insert(to.clone(), text);
                write!(said, "{path} > {to} ").expect("written");
            }
            _ => {
                let text = if path.ends_with("mbox") {
                    mbox(random)
                } else {
                    markdown(random)
                };
                env.write(&path, &text);
                write!(said, "+ {path} ").expect("written");
                files.insert(path, text);
            }
        }
    }
    said
}

/// The requests with which each query is asked.
fn requests() -> Vec<SearchRequest> {
    let all = SearchRequest {
        limit: None,
        passages: 3,
        ..SearchRequest::default()
    };
    let any = Mode {
        any: true,
        ..Mode::default()
    };
    vec![
        all.clone(),
        SearchRequest {
            limit: Some(3),
            offset: 1,
            ..all.clone()
        },
        SearchRequest {
            mode: any,
            limit: Some(10),
            ..all.clone()
        },
        SearchRequest {
            sort: Sort::Date,
            ..all.clone()
        },
        SearchRequest {
            sort: Sort::Path,
            limit: Some(4),
            ..all.clone()
        },
        SearchRequest {
            within: vec![StoredPath::from_bytes(b"news")],
            ..all
        },
    ]
}

/// All that a query is answered, unrounded.
fn answer(index: &Index, query: &str, request: &SearchRequest) -> String {
    match index.search(query, request) {
        Ok(results) => {
            let summary = &results.summary;
            let matched = (summary.matched, summary.matched_exact);
            format!("{matched:?} {:#?}", results.hits)
        }
        Err(error) => format!("{error}"),
    }
}

fn refresh(index: &mut Index) {
    let request = RefreshRequest {
        add: vec![StoredPath::default()],
        ..RefreshRequest::default()
    };
    index.refresh(&request, &NoProgress).expect("a refresh");
}

#[test]
fn the_cluster_answers_as_the_embedded_engine_does_whatever_the_history() {
    let Some(real) = RealIndex::new() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    let options = IndexOptions {
        state_dir: Some(env.states().to_path_buf()),
        ..IndexOptions::default()
    };
    let local = Location::nearest(env.path());
    let shards = ClusterOptions {
        division: Division {
            shards: 1 + random.below(3) as u32,
            replicas: 1,
        },
        ..ClusterOptions::new(real.address())
    };
    let remote = Location::on_cluster(shards, Some(env.states()), env.path());
    let mut files = BTreeMap::new();
    for step in 0..STEPS {
        let said = change(&env, &mut files, &mut random);
        std::thread::sleep(Duration::from_millis(50));
        let mut both = [&local, &remote].map(|location| {
            let index = options.open_or_create(location.clone());
            let mut index = index.expect("an index");
            refresh(&mut index);
            index
        });
        let verified = both[1].verify_sources().expect("verified");
        assert_eq!(
            verified.faults,
            Vec::<String>::new(),
            "{random:?} step {step}: {said}"
        );
        // One after the other as users ask them, opened anew, and of what was just written.
        if random.below(2) == 0 {
            both =
                [&local, &remote].map(|location| options.open(location.clone()).expect("an index"));
        }
        for query in QUERIES {
            if random.below(2) == 0 {
                continue;
            }
            for (i, request) in requests().iter().enumerate() {
                let [own, other] = both.each_ref().map(|index| answer(index, query, request));
                assert_eq!(
                    own, other,
                    "{random:?} step {step}: {said}; `{query}` as {i}"
                );
            }
        }
    }
}
