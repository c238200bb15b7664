//! Backup and restore by the cluster's snapshots, as `docs/cluster.md` says.

use excerpt::engine::opensearch::transport::Method;
use serde_json::json;

use super::RealIndex;
use super::texts::{answers, assert_same, markdown, write_articles};
use crate::env::TestEnv;
use crate::random::Random;

#[test]
fn an_index_is_restored_out_of_a_snapshot() {
    let Some(real) = RealIndex::new() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    let name = real.address().name;
    let index = || env.run(&["index", "--index", &real.url, "docs"]);
    write_articles(&env, "docs", 0..40, &mut random);
    index().success();
    let before = answers(&env, Some(&real.url));

    let repository = format!("/_snapshot/{name}");
    let body = json!({"type": "fs", "settings": {"location": name}});
    real.ask(Method::Put, &repository, Some(body));
    let of = json!({"indices": real.indices(), "include_global_state": false});
    let snapshot = format!("{repository}/one");
    let taken = real.ask(
        Method::Put,
        &format!("{snapshot}?wait_for_completion=true"),
        Some(of.clone()),
    );
    assert_eq!(taken["snapshot"]["state"], "SUCCESS", "{taken}");

    // Another machine keeps what it knows of a state that the snapshot does not have.
    let other = TestEnv::new();
    env.write("docs/00/3.md", markdown(&mut random));
    index().success();
    let later = answers(&other, Some(&real.url));
    assert_ne!(later, before);

    real.delete();
    let missing = env.run(&["query", "--index", &real.url, "harbour"]);
    assert_eq!(missing.status, 2, "{missing:?}");
    let restore = format!("{snapshot}/_restore?wait_for_completion=true");
    let restored = real.ask(Method::Post, &restore, Some(of));
    assert_eq!(restored["snapshot"]["shards"]["failed"], 0, "{restored}");
    let ids_of = |records: &[serde_json::Value]| -> Vec<_> {
        records.iter().map(|own| own["id"].clone()).collect()
    };
    assert_eq!(ids_of(&answers(&env, Some(&real.url))), ids_of(&before));

    // The next run takes in what changed since, on top of the restored state.
    env.write("docs/00/5.md", markdown(&mut random));
    index().success();
    assert_same(&env, "docs", &real.url);
    let ids = |records: Vec<serde_json::Value>| -> Vec<_> {
        let scores = records
            .into_iter()
            .map(|own| (own["id"].clone(), own["score"].clone()));
        scores.collect()
    };
    assert_eq!(
        ids(answers(&other, Some(&real.url))),
        ids(answers(&env, Some(&real.url)))
    );
    real.ask(Method::Delete, &snapshot, None);
    real.ask(Method::Delete, &repository, None);
}
