//! Runs of `excerpt index` that are killed, and the next ones, which mend what they left.

use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::proxy::{At, Proxy};
use super::texts::{assert_same, markdown, try_answers, write_articles};
use super::{RealIndex, nodes};
use crate::env::TestEnv;
use crate::random::Random;

/// More writes than a small run makes.
const MANY: usize = 60;

fn start(env: &TestEnv, url: &str) -> Child {
    let mut command = env.command(&["index", "--index", url, "docs", "--shards", "2"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("a started program")
}

/// Runs `index`, and kills it at a write; false where it made fewer.
pub(super) fn run_and_kill(
    env: &TestEnv,
    url: &str,
    proxy: &Proxy,
    (write, at): (usize, At),
) -> bool {
    let child: Arc<Mutex<Option<Child>>> = Arc::default();
    let own = Arc::clone(&child);
    // Who kills waits until there is something to kill.
    let mut held = child.lock().expect("a lock");
    proxy.plan(write, at, move || {
        let mut child = own.lock().expect("a lock");
        child.as_mut().expect("a run").kill().expect("killed");
    });
    *held = Some(start(env, url));
    drop(held);
    loop {
        let ended = child
            .lock()
            .expect("a lock")
            .as_mut()
            .expect("a run")
            .try_wait();
        if let Some(status) = ended.expect("a status") {
            let is_done = proxy.take_back();
            assert!(!is_done || status.success(), "{status}");
            return !is_done;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_that_is_killed_at_any_of_its_writes_is_mended_by_the_next() {
    let Some(nodes) = nodes() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    let proxy = Proxy::new(&nodes);
    let real = RealIndex::new().expect("a cluster");
    let url = format!("{}/{}", proxy.fake.url(), real.address().name);
    write_articles(&env, "docs", 0..8, &mut random);
    env.run(&["index", "--index", &url, "docs"]).success();
    for (write, at) in (0..MANY).flat_map(|write| [(write, At::Before), (write, At::After)]) {
        let changed = random.below(6);
        env.write(&format!("docs/00/{changed}.md"), markdown(&mut random));
        let from = env.path().join("docs/00/7.md");
        let to = env.path().join("docs/00/moved.md");
        let (from, to) = if from.exists() {
            (from, to)
        } else {
            (to, from)
        };
        std::fs::rename(from, to).expect("moved");
        match write % 2 {
            0 => drop(env.write("docs/new.md", markdown(&mut random))),
            _ => drop(std::fs::remove_file(env.path().join("docs/new.md"))),
        }
        let is_killed = run_and_kill(&env, &url, &proxy, (write, at));
        // Until it is mended it answers from what is there.
        let between = try_answers(&env, Some(&url));
        assert!(between.is_ok(), "{random:?} {at:?} {write}: {between:?}");
        let run = env.run(&["index", "--index", &url, "docs"]);
        assert_eq!(run.status, 0, "{random:?} {at:?} {write}: {run:?}");
        if write % 3 == 0 || !is_killed {
            assert_same(&env, "docs", &url);
        }
        if !is_killed {
            assert!(write >= 4, "{random:?}: a run makes {write} writes");
            return;
        }
    }
    panic!("a run makes more than {MANY} writes");
}

#[test]
fn a_first_run_that_is_killed_at_any_of_its_writes_is_mended_by_the_next() {
    let Some(nodes) = nodes() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    let proxy = Proxy::new(&nodes);
    write_articles(&env, "docs", 0..5, &mut random);
    for (write, at) in (0..MANY).flat_map(|write| [(write, At::Before), (write, At::After)]) {
        let real = RealIndex::new().expect("a cluster");
        let url = format!("{}/{}", proxy.fake.url(), real.address().name);
        let is_killed = run_and_kill(&env, &url, &proxy, (write, at));
        let run = env.run(&["index", "--index", &url, "docs"]);
        assert_eq!(run.status, 0, "{random:?} {at:?} {write}: {run:?}");
        assert_same(&env, "docs", &url);
        if !is_killed {
            assert!(write >= 8, "{random:?}: a first run makes {write} writes");
            return;
        }
    }
    panic!("a run makes more than {MANY} writes");
}

#[test]
fn runs_over_many_files_that_are_killed_at_random_lose_nothing() {
    let Some(real) = RealIndex::new() else { return };
    let mut random = Random::new();
    let env = TestEnv::new();
    write_articles(&env, "docs", 0..2000, &mut random);
    let mut killed = 0;
    for _ in 0..5 {
        let mut child = start(&env, &real.url);
        std::thread::sleep(Duration::from_millis(random.below(2500) as u64));
        killed += u32::from(child.try_wait().expect("a status").is_none());
        child.kill().expect("killed");
        child.wait().expect("a status");
        let first = random.below(1900);
        write_articles(&env, "docs", first..first + 40, &mut random);
    }
    env.run(&["index", "--index", &real.url, "docs"]).success();
    assert_same(&env, "docs", &real.url);
    // One that was never killed is no test.
    assert!(killed > 0, "{random:?}");
}
