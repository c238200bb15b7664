//! All commands on a cluster, through a proxy that lets only those requests pass that `docs/cluster.md` lists.

use std::collections::BTreeSet;

use super::kills::run_and_kill;
use super::proxy::{At, Proxy};
use super::texts::{markdown, write_articles};
use super::{RealIndex, nodes};
use crate::cluster::fake::{READERS, WRITERS, fits};
use crate::env::TestEnv;
use crate::random::Random;

const ASSERTIONS: &str =
    "[[case]]\nname = \"harbours\"\nquery = 'harbour'\nmin_hits = 1\nabsent = [\"nowhere/**\"]\n";

/// Commands that read, with their exit statuses.
fn read_all(env: &TestEnv, url: &str) {
    let hit = env.hits(&["harbour", "--index", url]).remove(0);
    let id = hit["id"].as_str().expect("an id");
    let topics = env.states().join("topics.tsv");
    let qrels = env.states().join("qrels.txt");
    std::fs::write(&topics, "1\tharbour talks\n").expect("written");
    std::fs::write(&qrels, format!("1 0 {} 1\n", id.replace(' ', "%20"))).expect("written");
    let assertions = env.states().join("assertions.toml");
    std::fs::write(&assertions, ASSERTIONS).expect("written");
    let draft = env.states().join("draft.md");
    std::fs::write(&draft, "They say \"the harbour talks of the deal\".\n").expect("written");
    let [topics, qrels, assertions, draft] =
        [&topics, &qrels, &assertions, &draft].map(|path| path.to_str().expect("a path"));
    for (args, most) in [
        (&["query", "harbour deal"][..], 0),
        (&["query", "harbour", "-l"], 0),
        (&["query", "harbour", "-c"], 0),
        (&["query", "harbour", "--all"], 0),
        (&["query", "=Agreement -=Minsk"], 0),
        (&["query", "har*", "--sort", "date"], 0),
        (&["query", "harbour", "--sort", "path", "--all", "docs"], 0),
        (&["show", id], 0),
        (&["explain", "harbour", id], 0),
        (&["status"], 0),
        (&["verify"], 0),
        (&["verify", "--deep"], 0),
        (&["check", assertions], 0),
        (&["eval", "--topics", topics, "--qrels", qrels], 0),
        (&["quote", draft, "--sources", "docs"], 1),
    ] {
        let run = env.run(&[args, &["--index", url]].concat());
        assert!(run.status <= most, "{args:?}: {run:?}");
    }
}

#[test]
fn all_commands_keep_to_the_requests_that_are_listed_and_each_of_those_is_needed() {
    let Some(nodes) = nodes() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    let proxy = Proxy::new(&nodes);
    let real = RealIndex::new().expect("a cluster");
    let url = format!("{}/{}", proxy.fake.url(), real.address().name);
    write_articles(&env, "docs", 0..20, &mut random);
    // So many forms that they are counted at once.
    let forms: Vec<String> = (0..300).map(|i| format!("harw{i}x")).collect();
    env.write("docs/forms.md", forms.join(" "));
    let index = |owner: &str| {
        let args = ["index", "--index", &url, "--owner", owner, "docs"];
        env.run(&args).success();
    };
    index("main");
    index("laptop");
    let before = proxy.fake.requests().len();
    // Another machine, which keeps nothing yet, only reads.
    read_all(&env, &url);
    let read: Vec<(String, String)> = {
        let requests = proxy.fake.requests().split_off(before);
        requests
            .into_iter()
            .map(|own| (own.method, own.path))
            .collect()
    };
    for (method, path) in &read {
        let mut listed = READERS.iter();
        assert!(
            listed.any(|(own, pattern)| own == method && fits(pattern, path)),
            "{method} {path} is no request of a reader"
        );
    }
    for (method, pattern) in READERS {
        let mut asked = read.iter();
        assert!(
            asked.any(|(own, path)| own == method && fits(pattern, path)),
            "{method} {pattern} is listed, and no reader asks it"
        );
    }
    // A run that is killed, and the next, which cleans up.
    env.write("docs/00/3.md", markdown(&mut random));
    assert!(run_and_kill(&env, &url, &proxy, (3, At::After)));
    index("main");
    let forget = |owner: &str| env.run(&["index", "--index", &url, "--forget-owner", owner]);
    forget("laptop").success();
    let all: BTreeSet<(String, String)> = {
        let requests = proxy.fake.requests().into_iter();
        requests.map(|own| (own.method, own.path)).collect()
    };
    for (method, pattern) in READERS.iter().chain(WRITERS) {
        let mut asked = all.iter();
        assert!(
            asked.any(|(own, path)| own == method && fits(pattern, path)),
            "{method} {pattern} is listed, and was not asked"
        );
    }
}
