//! A cluster that may not be written, as it is where a disk is nearly full.

use excerpt::engine::opensearch::transport::Method;
use serde_json::json;

use super::RealIndex;
use super::texts::{answers, assert_same, markdown, write_articles};
use crate::env::TestEnv;
use crate::random::Random;

#[test]
fn an_index_that_may_not_be_written_is_named_so_and_mended_later() {
    let Some(real) = RealIndex::new() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    write_articles(&env, "docs", 0..20, &mut random);
    let set = |pattern: &str, is_blocked: Option<bool>| {
        let body = json!({"index.blocks.read_only_allow_delete": is_blocked});
        real.ask(Method::Put, &format!("/{pattern}/_settings"), Some(body));
    };
    env.run(&["index", "--index", &real.url, "docs"]).success();
    let name = real.address().name;
    // All of it; the sections alone, so that the run begins; the sources, so that it is nearly done.
    for blocked in [
        format!("{name}.*"),
        format!("{name}.main.f1.sections"),
        format!("{name}.main.f1.sources"),
    ] {
        let before = answers(&env, Some(&real.url));
        set(&blocked, Some(true));
        env.write("docs/00/3.md", markdown(&mut random));
        env.write("docs/00/new.md", markdown(&mut random));
        env.remove("docs/00/7.md");
        let run = env.run(&["index", "--index", &real.url, "docs"]);
        assert_eq!(run.status, 2, "{blocked}: {run:?}");
        assert!(
            run.stderr.contains("cannot be written"),
            "{blocked}: {run:?}"
        );
        assert_eq!(
            answers(&env, Some(&real.url)).len(),
            before.len(),
            "{blocked}"
        );
        set(&blocked, None);
        env.run(&["index", "--index", &real.url, "docs"]).success();
        assert_same(&env, "docs", &real.url);
        env.write("docs/00/7.md", markdown(&mut random));
    }
}
