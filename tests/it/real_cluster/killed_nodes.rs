//! Nodes of a real cluster that are killed while it is written and asked. `.ci/run` runs these alone, with the folder of
//! the cluster that it started in `EXCERPT_TEST_CLUSTER_FOLDER`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use excerpt::engine::opensearch::transport::Method;

use super::RealIndex;
use super::texts::{answers, assert_same, try_answers, write_articles};
use crate::env::{TestEnv, finish};
use crate::random::Random;

/// The folder of a cluster whose nodes may be killed; says loudly where there is none.
#[expect(clippy::print_stderr, reason = "what is skipped is said")]
fn folder() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let folder = std::env::var_os("EXCERPT_TEST_CLUSTER_FOLDER").map(PathBuf::from);
    if folder.is_none() {
        SAID.call_once(|| {
            eprintln!(
                "SKIPPED: no nodes are killed; `EXCERPT_TEST_CLUSTER_FOLDER` names the folder that \
                 `tests/opensearch/up.sh FOLDER` started a cluster in"
            );
        });
    }
    folder
}

/// A new index on all nodes of the cluster.
fn on_all_nodes(folder: &Path) -> RealIndex {
    let port = std::fs::read_to_string(folder.join("port")).expect("the ports");
    let port: u16 = port.trim().parse().expect("a port");
    let nodes: Vec<String> = (1..=3).map(|n| format!("127.0.0.1:{}", port + n)).collect();
    RealIndex::at(format!(
        "http://{}/killed-{}",
        nodes.join(","),
        std::process::id()
    ))
}

fn kill(folder: &Path, node: usize) {
    let pid = std::fs::read_to_string(folder.join(format!("pid{node}"))).expect("its id");
    let killed = Command::new("kill").args(["-9", pid.trim()]).status();
    assert!(killed.expect("a status").success());
}

fn bring_back(folder: &Path) {
    let up = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/opensearch/up.sh");
    let run = finish(Command::new(up).arg(folder));
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn a_node_that_is_killed_costs_a_pause_and_nothing_else() {
    let Some(folder) = folder() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    bring_back(&folder);
    let real = on_all_nodes(&folder);
    write_articles(&env, "docs", 0..20, &mut random);
    let args = [
        "index",
        "--index",
        &real.url,
        "docs",
        "--shards",
        "3",
        "--replicas",
        "1",
    ];

    // A node that is lost before the others have copies takes with it what it alone has.
    env.run(&args).success();
    let health = format!(
        "/_cluster/health/{}?wait_for_status=green&timeout=60s",
        real.indices()
    );
    assert_eq!(real.ask(Method::Get, &health, None)["status"], "green");

    // While indexing; a run that ended before it is tried again.
    for attempt in 0.. {
        assert!(attempt < 5, "{random:?}: the runs end too soon");
        write_articles(&env, "docs", 10..1500, &mut random);
        let mut command = env.command(&args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a started program");
        let pause = 200 + random.below(1500 / (attempt + 1));
        std::thread::sleep(Duration::from_millis(pause as u64));
        let is_running = child.try_wait().expect("a status").is_none();
        let victim = 1 + random.below(3);
        if is_running {
            kill(&folder, victim);
        }
        let output = child.wait_with_output().expect("its output");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{random:?} node {victim}: {text}");
        if is_running {
            break;
        }
    }
    assert_same(&env, "docs", &real.url);
    bring_back(&folder);

    // While asking.
    let expected = answers(&env, Some(&real.url));
    // Long answers are read page by page, of one point in time.
    let all = || env.run(&["query", "harbour deal", "--any", "-l", "--index", &real.url]);
    let listed = all().success();
    let is_over = AtomicBool::new(false);
    let pause = Duration::from_millis(500 + random.below(1000) as u64);
    let victim = 1 + random.below(3);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut count = 0;
            while !is_over.load(Ordering::Relaxed) || count < 2 {
                let found = try_answers(&env, Some(&real.url));
                assert_eq!(found.as_ref(), Ok(&expected), "{random:?}");
                assert_eq!(all().success(), listed, "{random:?}");
                count += 1;
            }
            count
        });
        std::thread::sleep(pause);
        kill(&folder, victim);
        std::thread::sleep(Duration::from_secs(5));
        is_over.store(true, Ordering::Relaxed);
        assert!(asking.join().expect("the answers") >= 2);
    });
    bring_back(&folder);
    assert_same(&env, "docs", &real.url);
}
