//! The engine on a cluster that fails: what it asks again, what it ends with, and that nothing is lost or said twice.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use excerpt::analysis::{Language, Morphology};
use excerpt::engine::opensearch::ClusterOptions;
use excerpt::engine::opensearch::transport::{ClusterAddress, ConnectOptions};
use excerpt::engine::{
    ArticlePart, CatalogChange, Depth, Engine, EngineError, EngineLocation, Hits, Origin,
    SearchOptions, WriterOptions,
};
use excerpt::query::{Mode, parse};
use excerpt::source::StoredPath;
use serde_json::{Value, json};

use super::fake::{Fake, FakeReply, FakeRequest};
use super::model::{Model, error, is_error, item, product};
use crate::conformance::{Step, change, read_markdown};

const NEWS: &str =
    "# Harbour\n\nThe talks on the harbour ended.\n\n## Next\n\nA mediator hears both sides.\n";
const LETTER: &str = "# Letter\n\nNo deal on the harbour.\n";
const STEP: Step<'_> = Step {
    put: &[("news.md", &[("", NEWS)]), ("letter.md", &[("", LETTER)])],
    gone: &[],
};
/// How many documents of sections there are.
const SECTIONS: usize = 3;

/// A healthy cluster, but for what `fault` says of a request.
fn cluster(
    fault: impl Fn(&FakeRequest, &Model) -> Option<FakeReply> + Send + Sync + 'static,
) -> (Fake, Arc<Model>) {
    let model = Arc::new(Model::default());
    let own = Arc::clone(&model);
    let fake = Fake::start(move |request| {
        let reply = fault(request, &own);
        reply.unwrap_or_else(|| own.answer(request))
    });
    (fake, model)
}

fn options(fake: &Fake, retry_for: Duration) -> ClusterOptions {
    let address = ClusterAddress::parse(&format!("{}/news", fake.url())).expect("an address");
    ClusterOptions {
        connect: ConnectOptions {
            retry_for,
            ..super::transport::options()
        },
        ..ClusterOptions::new(address)
    }
}

fn opened(options: ClusterOptions) -> Arc<dyn Engine> {
    excerpt::engine::open(&EngineLocation::Cluster(Box::new(options))).expect("an engine")
}

/// For what fails for good, soon.
fn brief(fake: &Fake) -> Arc<dyn Engine> {
    opened(options(fake, Duration::from_millis(300)))
}

/// For what goes well at last, however busy the machine is.
fn patient(fake: &Fake) -> Arc<dyn Engine> {
    opened(options(fake, Duration::from_secs(60)))
}

fn index(engine: &dyn Engine) -> Result<(), EngineError> {
    change(engine.blank(false)?.as_ref(), &STEP, true)
}

fn search(engine: &dyn Engine, query: &str) -> Result<Hits, EngineError> {
    search_first(engine, query, None)
}

fn search_first(
    engine: &dyn Engine,
    query: &str,
    limit: Option<usize>,
) -> Result<Hits, EngineError> {
    let morphology = Morphology::of([Language::ENGLISH]);
    let query = parse(query, Mode::default(), &morphology).expect(query);
    let options = SearchOptions {
        limit,
        ..SearchOptions::default()
    };
    engine.snapshot()?.search(&query, &options)
}

/// The two sections about the harbour are found, and all are there.
fn assert_sound(engine: &dyn Engine) {
    let hits = search(engine, "harbour").expect("an answer");
    assert_eq!(hits.hits.len(), 2);
    let verified = engine.verify(Depth::Full).expect("verified");
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!(verified.sections, SECTIONS as u64);
}

fn is_bulk(request: &FakeRequest) -> bool {
    request.path == "/_bulk"
}

/// A reply with its body changed.
fn with_body(reply: FakeReply, change: impl FnOnce(&mut Value)) -> FakeReply {
    let FakeReply::Whole(answer) = reply else {
        panic!("an answer of another kind");
    };
    let mut body: Value = serde_json::from_slice(answer.body()).expect("JSON");
    change(&mut body);
    FakeReply::json(200, &body.to_string())
}

/// The actions of a bulk request: what each does and to what, with its document.
fn actions(body: &[u8]) -> Vec<(String, Value, Option<String>)> {
    let text = String::from_utf8(body.to_vec()).expect("text");
    let mut lines = text.lines();
    let mut all = Vec::new();
    while let Some(line) = lines.next() {
        let action: Value = serde_json::from_str(line).expect("JSON");
        let (name, facts) = action
            .as_object()
            .and_then(|own| own.iter().next())
            .expect("an action");
        let document = (name != "delete").then(|| lines.next().expect("a document").to_string());
        all.push((name.clone(), facts.clone(), document));
    }
    all
}

fn ids(request: &FakeRequest) -> BTreeSet<String> {
    let all = actions(&request.body).into_iter();
    all.map(|(_, facts, _)| format!("{} {}", facts["_index"], facts["_id"]))
        .collect()
}

/// What a document is answered, by its index and text; `None` where it is written.
type Refused<'a> = dyn Fn(&str, &str) -> Option<(u16, &'static str)> + 'a;

/// Answers a bulk request as `status_of` says of each of its documents; those without a word of it are written.
fn bulk_but(request: &FakeRequest, model: &Model, status_of: &Refused<'_>) -> FakeReply {
    let mut written = request.clone();
    written.body.clear();
    let mut given = Vec::new();
    for (name, facts, document) in actions(&request.body) {
        let index = facts["_index"].as_str().expect("an index");
        let text = document.clone().unwrap_or_default();
        let refused = status_of(index, &text);
        if refused.is_none() {
            written
                .body
                .extend(format!("{}\n", json!({&name: facts})).bytes());
            let line = document.map(|text| text + "\n");
            written.body.extend(line.unwrap_or_default().bytes());
        }
        given.push((name, refused));
    }
    with_body(model.answer(&written), |body| {
        let mut own = std::mem::take(body["items"].as_array_mut().expect("items")).into_iter();
        let items = given.into_iter().map(|(name, refused)| match refused {
            Some((status, kind)) => item(&name, status, kind),
            None => own.next().expect("an item"),
        });
        let items: Vec<Value> = items.collect();
        *body = json!({"errors": items.iter().any(is_error), "items": items});
    })
}

fn is_section(index: &str) -> bool {
    index.contains(".sections")
}

#[test]
fn a_healthy_cluster_is_written_read_and_changed() {
    let (fake, model) = cluster(|_, _| None);
    let engine = brief(&fake);
    let missing = engine.snapshot().err().expect("no index");
    assert!(matches!(missing, EngineError::Missing(_)), "{missing}");
    index(engine.as_ref()).expect("an index");
    assert_sound(engine.as_ref());
    assert_eq!(model.documents("news.main.f1.sections").len(), SECTIONS);
    // Forms that are there already are no error.
    let step = Step {
        put: &[("news.md", &[("", NEWS)])],
        gone: &[],
    };
    change(engine.snapshot().expect("a state").as_ref(), &step, true).expect("a change");
    assert_sound(engine.as_ref());
    let rebuilt = index(engine.as_ref());
    rebuilt.expect("built anew");
    assert_sound(engine.as_ref());
}

#[test]
fn another_product_is_refused_with_what_was_found() {
    let elasticsearch = json!({
        "name": "n", "cluster_name": "c", "tagline": "You Know, for Search",
        "version": {"number": "9.1.0", "build_flavor": "default", "lucene_version": "10.2.2"},
    });
    for (body, named) in [
        (elasticsearch.to_string(), "9.1.0"),
        (product("elasticsearch", "8.0.0").to_string(), "8.0.0"),
        ("{\"version\":{}}".to_string(), "another product"),
        ("{\"version\":\"7\"}".to_string(), "another product"),
        ("{}".to_string(), "another product"),
        ("[]".to_string(), "another product"),
        ("<html>It works!</html>".to_string(), "another product"),
        (String::new(), "another product"),
        (product("opensearch", "3.1.0").to_string(), "3.1.0"),
        (product("opensearch", "2.19.3").to_string(), "2.19.3"),
        (product("opensearch", "of today").to_string(), "of today"),
    ] {
        let answer = body.clone();
        let (fake, _) = cluster(move |_, _| Some(FakeReply::json(200, &answer)));
        let engine = brief(&fake);
        for error in [engine.snapshot().err(), engine.blank(false).err()] {
            let error = error.expect("an error");
            assert!(
                matches!(error, EngineError::Unsupported(_)),
                "{body}: {error}"
            );
            let text = error.to_string();
            assert!(text.contains(named) && text.contains("3.2"), "{text}");
        }
        let asked: BTreeSet<String> = fake.requests().into_iter().map(|own| own.path).collect();
        assert_eq!(
            asked,
            BTreeSet::from(["/".to_string()]),
            "nothing else is asked"
        );
    }
    for number in ["3.2.0", "3.10.1", "4.0.0-beta1"] {
        let body = product("opensearch", number).to_string();
        let (fake, _) =
            cluster(move |request, _| (request.path == "/").then(|| FakeReply::json(200, &body)));
        index(brief(&fake).as_ref()).expect(number);
    }
}

#[test]
fn a_state_of_another_version_is_named() {
    let (fake, model) = cluster(|_, _| None);
    let engine = brief(&fake);
    index(engine.as_ref()).expect("an index");
    let set = |owner: &str, format: u64| {
        model.change("news.owners", owner, |own| {
            own["version"]["format"] = json!(format);
        });
    };
    set("main", 2);
    let newer = engine.snapshot().err().expect("a newer one");
    assert!(matches!(newer, EngineError::NewerVersion { .. }), "{newer}");
    set("main", 0);
    let older = engine.snapshot().err().expect("an older one");
    assert!(matches!(older, EngineError::OlderVersion { .. }), "{older}");
    // It can be built anew.
    index(engine.as_ref()).expect("built anew");
    assert_sound(engine.as_ref());
}

#[test]
fn an_owner_of_another_version_is_named_and_left_out_where_that_is_asked() {
    let (fake, model) = cluster(|_, _| None);
    let engine = brief(&fake);
    index(engine.as_ref()).expect("an index");
    let laptop = ClusterOptions {
        owner: "laptop".to_string(),
        ..options(&fake, Duration::from_secs(1))
    };
    index(opened(laptop).as_ref()).expect("a further owner");
    assert_eq!(
        search(engine.as_ref(), "harbour").expect("both").hits.len(),
        4
    );
    for format in [0, 2] {
        model.change("news.owners", "laptop", |own| {
            own["version"]["format"] = json!(format);
        });
        let error = search(engine.as_ref(), "harbour").expect_err("another version");
        assert!(matches!(error, EngineError::Unsupported(_)), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("`laptop`") && text.contains("--partial"),
            "{text}"
        );
        let partial = ClusterOptions {
            partial: true,
            ..options(&fake, Duration::from_secs(1))
        };
        let hits = search(opened(partial).as_ref(), "harbour").expect("an answer");
        assert_eq!(hits.hits.len(), 2);
    }
}

/// What in an answer says that a shard failed.
fn fail_shard(request: &FakeRequest, model: &Model) -> FakeReply {
    let failed = json!({"total": 2, "successful": 1, "failed": 1});
    with_body(model.answer(request), |body| {
        match body.get_mut("responses") {
            Some(responses) => responses[0]["_shards"] = failed,
            None => {
                body["_shards"] = failed;
                body["hits"]["hits"] = json!([]);
            }
        }
    })
}

/// The requests of a query, FORMS being the index of the forms, of which shards may fail, and how many hits it asks for: the first ones come with one request,
/// all of them page by page. The last two read what is known of the sources.
const SHARDED: [(&str, Option<usize>); 7] = [
    ("/news.main.f1.sections/_msearch", Some(10)),
    ("/news.main.f1.sections/_search", None),
    ("/news.main.f1.sections/_search/point_in_time", None),
    ("/_search", None),
    ("/FORMS/_search", Some(10)),
    ("/news.main.f1.sources/_search/point_in_time", Some(10)),
    ("/_search", Some(10)),
];
/// How many of them may fail where others will do.
const PARTIAL: usize = 4;

/// Whether a request is that: of the sections, or of the sources where none are asked page by page.
fn is_sharded(request: &FakeRequest, (path, limit): (&str, Option<usize>)) -> bool {
    let point = request.json()["pit"]["id"].to_string();
    let kind = if limit.is_some() {
        "sources"
    } else {
        "sections"
    };
    let path_asked = match request.path.ends_with(".forms/_search") {
        true => "/FORMS/_search",
        false => &request.path,
    };
    path_asked == path && (path != "/_search" || point.contains(kind))
}

#[test]
fn shards_that_fail_for_a_while_are_asked_again() {
    for case in SHARDED {
        let count = AtomicUsize::new(0);
        let (fake, _) = cluster(move |request, model| {
            let is_meant = is_sharded(request, case) && count.fetch_add(1, Ordering::SeqCst) < 2;
            is_meant.then(|| fail_shard(request, model))
        });
        let engine = patient(&fake);
        index(engine.as_ref()).expect("an index");
        let hits = search_first(engine.as_ref(), "harbour", case.1).expect("an answer");
        assert_eq!((hits.hits.len(), hits.is_counted), (2, true), "{case:?}");
        assert!(!hits.proposed.expect("proposals").partial, "{case:?}");
        let requests = fake.requests();
        let asked = requests.iter().filter(|own| is_sharded(own, case)).count();
        assert!(asked >= 3, "{case:?}: {asked}");
    }
}

#[test]
fn shards_that_fail_for_good_are_an_error() {
    for case in SHARDED {
        let (fake, _) = cluster(move |request, model| {
            is_sharded(request, case).then(|| fail_shard(request, model))
        });
        let engine = brief(&fake);
        index(engine.as_ref()).expect("an index");
        let error = search_first(engine.as_ref(), "harbour", case.1).expect_err("an error");
        let text = format!("{case:?}: {error}");
        assert!(matches!(error, EngineError::Unavailable(_)), "{text}");
        assert!(text.contains("1 of 2 shards"), "{text}");
    }
}

#[test]
fn an_answer_that_is_partial_is_given_where_that_is_asked_and_says_so() {
    for (i, case) in SHARDED.into_iter().enumerate() {
        let (fake, _) = cluster(move |request, model| {
            is_sharded(request, case).then(|| fail_shard(request, model))
        });
        index(patient(&fake).as_ref()).expect("an index");
        let partial = ClusterOptions {
            partial: true,
            ..options(&fake, Duration::from_millis(300))
        };
        let engine = opened(partial);
        if i >= PARTIAL {
            let error = search_first(engine.as_ref(), "harbour", case.1).expect_err("an error");
            assert!(
                matches!(error, EngineError::Unavailable(_)),
                "{case:?}: {error}"
            );
            continue;
        }
        let hits = search_first(engine.as_ref(), "harbour", case.1).expect("an answer");
        assert!(!hits.is_counted, "{case:?}");
        assert!(hits.proposed.expect("proposals").partial, "{case:?}");
        // Nobody waits for it a second time.
        let before = fake.requests().len();
        search_first(engine.as_ref(), "harbour", case.1).expect("an answer");
        let requests = fake.requests();
        let asked = requests[before..]
            .iter()
            .filter(|own| is_sharded(own, case));
        // Hits and counts are asked together first, and the counts alone where that fails.
        assert!(asked.count() <= 2, "{case:?}");
    }
}

#[test]
fn a_point_in_time_that_is_lost_is_begun_again() {
    for case in [SHARDED[3], SHARDED[6]] {
        let count = AtomicUsize::new(0);
        let (fake, _) = cluster(move |request, _| {
            // The second page of it.
            let is_meant = is_sharded(request, case) && count.fetch_add(1, Ordering::SeqCst) == 1;
            let lost = error(
                "search_context_missing_exception",
                "No search context found",
            );
            is_meant.then(|| FakeReply::json(404, &lost.to_string()))
        });
        let engine = patient(&fake);
        index(engine.as_ref()).expect("an index");
        let hits = search_first(engine.as_ref(), "harbour", case.1).expect("an answer");
        assert_eq!((hits.hits.len(), hits.is_counted), (2, true), "{case:?}");
        let requests = fake.requests();
        let asked = requests.iter().filter(|own| is_sharded(own, case)).count();
        assert!(asked >= 4, "{case:?}: {asked}");
    }
}

#[test]
fn a_verdict_on_the_index_is_not_made_of_a_part_of_it() {
    let path = "/news.main.f1.sections/_search";
    for grouped in [false, true] {
        let (fake, _) = cluster(move |request, model| {
            let is_meant = request.path == path && request.json()["aggs"].is_object() == grouped;
            is_meant.then(|| fail_shard(request, model))
        });
        let engine = brief(&fake);
        index(engine.as_ref()).expect("an index");
        let error = engine.verify(Depth::Full).expect_err(path);
        assert!(
            matches!(error, EngineError::Unavailable(_)),
            "{path}: {error}"
        );
    }
}

#[test]
fn only_what_was_refused_for_a_while_is_sent_again() {
    for (status, kind) in [
        (429, "rejected_execution_exception"),
        (503, "unavailable_shards_exception"),
    ] {
        let count = AtomicUsize::new(0);
        let (fake, _) = cluster(move |request, model| {
            let is_meant = is_bulk(request) && count.fetch_add(1, Ordering::SeqCst) < 3;
            let refused = |index: &str, text: &str| {
                (is_section(index) && text.contains("mediator")).then_some((status, kind))
            };
            is_meant.then(|| bulk_but(request, model, &refused))
        });
        let engine = patient(&fake);
        index(engine.as_ref()).expect("an index");
        assert_sound(engine.as_ref());
        let bulks: Vec<BTreeSet<String>> = fake
            .requests()
            .iter()
            .filter(|own| is_bulk(own))
            .map(ids)
            .collect();
        // All of it, the refused section three times, then the sources.
        let sizes: Vec<usize> = bulks.iter().map(BTreeSet::len).collect();
        assert!(sizes[0] > SECTIONS && sizes[1..4] == [1, 1, 1], "{sizes:?}");
        assert!(bulks[1].is_subset(&bulks[0]) && bulks[1] == bulks[3]);
        assert_eq!(sizes[4..], [2]);
    }
}

#[test]
fn what_is_refused_again_and_again_ends_the_run() {
    let (fake, model) = cluster(|request, model| {
        let refused = |index: &str, _: &str| {
            is_section(index).then_some((429, "rejected_execution_exception"))
        };
        is_bulk(request).then(|| bulk_but(request, model, &refused))
    });
    let engine = brief(&fake);
    let error = index(engine.as_ref()).expect_err("an error");
    assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
    let missing = engine.snapshot().err().expect("no state");
    assert!(matches!(missing, EngineError::Missing(_)), "{missing}");
    assert_eq!(model.documents("news.main.f1.sources.1").len(), 0);
}

#[test]
fn what_is_refused_for_good_is_named_and_nothing_is_committed() {
    for (status, kind) in [
        (400, "mapper_parsing_exception"),
        (413, ""),
        (500, "io_exception"),
    ] {
        let (fake, model) = cluster(move |request, model| {
            let refused = |index: &str, text: &str| {
                (is_section(index) && text.contains("mediator")).then_some((status, kind))
            };
            is_bulk(request).then(|| bulk_but(request, model, &refused))
        });
        let engine = brief(&fake);
        let error = index(engine.as_ref()).expect_err("an error");
        assert!(matches!(error, EngineError::Storage(_)), "{error}");
        let text = error.to_string();
        let reason = if status == 413 {
            "larger than"
        } else {
            "a reason"
        };
        assert!(
            text.contains("`news.md`") && text.contains(reason),
            "{text}"
        );
        assert!(!text.contains("letter.md"), "{text}");
        let missing = engine.snapshot().err().expect("no state");
        assert!(matches!(missing, EngineError::Missing(_)), "{missing}");
        assert_eq!(model.documents("news.main.f1.sources.1").len(), 0);
        let bulks = fake.requests().iter().filter(|own| is_bulk(own)).count();
        assert_eq!(bulks, 1, "it is not sent again");
    }
}

#[test]
fn a_request_that_is_too_large_is_sent_in_halves() {
    let (fake, _) = cluster(|request, _| {
        let is_meant = is_bulk(request) && actions(&request.body).len() > 4;
        is_meant.then(|| FakeReply::json(413, "{}"))
    });
    let engine = brief(&fake);
    index(engine.as_ref()).expect("an index");
    assert_sound(engine.as_ref());
    let (fake, _) = cluster(|request, _| {
        let body = String::from_utf8_lossy(&request.body);
        (is_bulk(request) && body.contains("No deal")).then(|| FakeReply::json(413, ""))
    });
    let error = index(brief(&fake).as_ref()).expect_err("one that is too large");
    let text = error.to_string();
    assert!(
        text.contains("`letter.md`") && !text.contains("`news.md`"),
        "{text}"
    );
}

#[test]
fn an_answer_that_leaves_documents_out_is_an_error() {
    let (fake, _) = cluster(|request, model| {
        is_bulk(request).then(|| {
            with_body(model.answer(request), |body| {
                body["errors"] = json!(true);
                body["items"].as_array_mut().expect("items").pop();
            })
        })
    });
    let error = index(brief(&fake).as_ref()).expect_err("an error");
    assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
}

#[test]
fn a_change_whose_answer_is_lost_is_made_once() {
    type IsMeant = fn(&FakeRequest) -> bool;
    let cases: [(&str, IsMeant); 6] = [
        ("documents", is_bulk),
        ("an index", |own| {
            own.method == "PUT" && !own.path.contains("/_doc/")
        }),
        ("a lease", |own| {
            own.method == "PUT" && own.query.contains("op_type=create")
        }),
        ("an owner", |own| {
            own.method == "PUT" && own.query.contains("if_seq_no")
        }),
        ("aliases", |own| own.path == "/_aliases"),
        ("the deletion of an index", |own| {
            own.method == "DELETE" && own.path.contains("news.")
        }),
    ];
    for (name, is_meant) in cases {
        // The answer to every first request of its kind is lost; what it asked is done.
        let seen = std::sync::Mutex::new(BTreeSet::new());
        let (fake, _) = cluster(move |request, model| {
            if !is_meant(request) {
                return None;
            }
            let key = (
                request.path.clone(),
                request.query.clone(),
                request.body.clone(),
            );
            if !seen.lock().expect("a lock").insert(key) {
                return None;
            }
            let _ = model.answer(request);
            Some(FakeReply::Cut)
        });
        let engine = patient(&fake);
        index(engine.as_ref()).expect(name);
        assert_sound(engine.as_ref());
        let step = Step {
            put: &[
                ("news.md", &[("", NEWS)]),
                ("more.md", &[("", "# More\n\nAnother text.\n")]),
            ],
            gone: &["letter.md"],
        };
        change(engine.snapshot().expect("a state").as_ref(), &step, true).expect(name);
        let hits = search(engine.as_ref(), "harbour").expect("an answer");
        assert_eq!(hits.hits.len(), 1, "{name}");
        assert_eq!(
            engine.verify(Depth::Full).expect("verified").faults,
            Vec::<String>::new()
        );
        index(engine.as_ref()).expect(name);
        assert_sound(engine.as_ref());
    }
}

#[test]
fn a_cluster_that_may_not_be_written_is_named_so() {
    let block = "index [news] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];";
    let block = error("cluster_block_exception", block).to_string();
    type IsMeant = fn(&FakeRequest) -> bool;
    let places: [IsMeant; 4] = [
        |own| own.method == "PUT" && own.path.contains("/_doc/"),
        |own| own.method == "PUT" && own.path.ends_with(".sections.1"),
        |own| own.path.ends_with("/_refresh"),
        is_bulk,
    ];
    for status in [403, 429] {
        for is_meant in places {
            let block = block.clone();
            let (fake, _) = cluster(move |request, _| {
                is_meant(request).then(|| FakeReply::json(status, &block))
            });
            // Nobody waits until the disk has room again.
            let error = index(patient(&fake).as_ref()).expect_err("an error");
            assert!(matches!(error, EngineError::ReadOnly(_)), "{error}");
            assert!(error.to_string().contains("flood-stage"), "{error}");
        }
        let (fake, _) = cluster(move |request, model| {
            let refused = |index: &str, _: &str| {
                is_section(index).then_some((status, "cluster_block_exception"))
            };
            is_bulk(request).then(|| bulk_but(request, model, &refused))
        });
        let error = index(patient(&fake).as_ref()).expect_err("an error");
        assert!(matches!(error, EngineError::ReadOnly(_)), "{error}");
    }
}

#[test]
fn who_may_not_ask_is_told_so_wherever_it_is_refused() {
    for status in [401, 403] {
        for path in [
            "/",
            "/news.owners/_doc/main",
            "/news.owners/_search",
            "/_bulk",
            "/_aliases",
        ] {
            let (fake, _) = cluster(move |request, _| {
                let body = error("security_exception", "no permissions").to_string();
                (request.path == path).then(|| FakeReply::json(status, &body))
            });
            let engine = patient(&fake);
            let indexed = index(engine.as_ref()).and_then(|()| engine.snapshot().map(drop));
            let error = indexed.expect_err(path);
            assert!(
                matches!(error, EngineError::Unauthorized(_)),
                "{path}: {error}"
            );
            assert!(
                error.to_string().contains("no permissions"),
                "{path}: {error}"
            );
        }
    }
}

/// Ends the lease of who writes now, as time does.
fn let_the_lease_expire(model: &Model) {
    model.change("news.owners", "main", |own| {
        own["lease"]["until_ms"] = json!(1);
    });
}

#[test]
fn a_lease_is_anothers_until_it_expires() {
    let (fake, model) = cluster(|_, _| None);
    let (first, second) = (brief(&fake), brief(&fake));
    index(first.as_ref()).expect("an index");
    let state = first.snapshot().expect("a state");
    let held = state.write(&WriterOptions::default()).expect("a writer");
    let error = index(second.as_ref()).expect_err("another writes");
    assert!(matches!(error, EngineError::Busy(_)), "{error}");
    assert!(error.to_string().contains("process"), "{error}");
    assert!(!state_is_settled(first.as_ref()));
    let_the_lease_expire(&model);
    index(second.as_ref()).expect("taken over");
    drop(held);
    assert_sound(second.as_ref());
    assert!(state_is_settled(second.as_ref()));
}

fn state_is_settled(engine: &dyn Engine) -> bool {
    engine.snapshot().expect("a state").is_settled()
}

#[test]
fn a_run_whose_lease_was_taken_over_ends_and_takes_back_what_it_wrote() {
    for is_rebuild in [false, true] {
        let (fake, model) = cluster(|_, _| None);
        let (first, second) = (brief(&fake), brief(&fake));
        index(first.as_ref()).expect("an index");
        let state = match is_rebuild {
            true => first.blank(false),
            false => first.snapshot(),
        };
        let state = state.expect("a state");
        let slow = state.write(&WriterOptions::default()).expect("a writer");
        let path = StoredPath::from_bytes(b"more.md");
        let source = slow.begin(&path, Origin::Walked).expect("a source");
        let part = ArticlePart::default();
        slow.add(source, part, read_markdown(LETTER))
            .expect("added");
        let_the_lease_expire(&model);
        let step = Step {
            put: &[("news.md", &[("", NEWS)])],
            gone: &[],
        };
        let other = second.snapshot().expect("a state");
        change(other.as_ref(), &step, true).expect("taken over");
        let error = slow.commit(CatalogChange::default()).expect_err("too late");
        assert!(matches!(error, EngineError::Outdated), "{error}");
        assert_sound(second.as_ref());
        let all = model.documents("news.main.f1.sections");
        assert_eq!(all.len(), SECTIONS);
        assert!(model.documents("news.main.f1.sections.2").is_empty());
    }
}
