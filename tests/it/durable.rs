//! Publication: whatever fails, and whenever, the index is the old one or the new one, whole.

use std::fs;
use std::path::Path;

use excerpt::engine::embedded::EmbeddedSnapshot;
use excerpt::engine::{Depth, EngineError, Snapshot, SourceFilter};
use excerpt::refresh::{
    IndexError, IndexReport, NoProgress, RefreshRequest, Rules, Settings, refresh,
};
use excerpt::source::StoredPath;

use crate::disks::{Fault, MemoryDisk, Model, Step, after_power_loss};
use crate::env::{TestEnv, number};
use crate::random::Random;

/// The states of a history, from the empty one.
const STATES: usize = 10;

/// Brings the files to their next state.
fn change_files(env: &TestEnv, state: usize) {
    let text = |name: usize| {
        format!(
            "# Article {name}\n\nWritten in state {state}, agreed and agreeing.\n\n## More\n\nWords of {name}.\n"
        )
    };
    for name in [state, state.saturating_sub(1), state / 2] {
        env.write(&format!("articles/{name}.md"), text(name));
    }
    if state > 4 {
        let _ = fs::remove_file(env.path().join(format!("articles/{}.md", state - 4)));
    }
}

/// Opens what is on the disk; an empty index where there is none.
fn open(disk: &MemoryDisk) -> Result<EmbeddedSnapshot, EngineError> {
    match EmbeddedSnapshot::open_on(disk.shared()) {
        Err(EngineError::Missing(_)) => EmbeddedSnapshot::blank_on(disk.shared()),
        opened => opened,
    }
}

/// Brings the index on the disk up to date.
fn index(disk: &MemoryDisk, base: &Path) -> Result<IndexReport, IndexError> {
    let engine = open(disk)?;
    let request = RefreshRequest {
        add: vec![StoredPath::from_path(Path::new("articles"))],
        ..RefreshRequest::default()
    };
    let settings = Settings::read(engine.settings());
    let report = refresh(
        &engine,
        base,
        settings,
        &Rules::default(),
        &request,
        &NoProgress,
    )?;
    if !report.committed {
        engine.tidy();
    }
    Ok(report)
}

/// What an index is of: paths and hashes. It has to be sound.
type Sources = Vec<(StoredPath, u128)>;

fn sources(disk: &MemoryDisk) -> Result<Sources, EngineError> {
    let engine = open(disk)?;
    let verification = engine.verify(Depth::Full)?;
    if let Some(fault) = verification.faults.first() {
        return Err(EngineError::Damaged(fault.clone()));
    }
    let rows = engine.sources(SourceFilter::default())?;
    rows.map(|row| row.map(|row| (row.path(), row.record.hash)))
        .collect()
}

/// Only what belongs to the index is there.
fn assert_tidy(disk: &MemoryDisk) {
    let engine = EmbeddedSnapshot::open_on(disk.shared()).expect("an index");
    assert_eq!(
        engine.verify(Depth::Full).expect("verified").strays,
        0,
        "{:?}",
        disk.names()
    );
}

/// Goes through the history; for each state its sources and the number of steps after which it was reported.
fn history(env: &TestEnv, disk: &MemoryDisk) -> Vec<(Sources, usize)> {
    let mut states = vec![(Vec::new(), 0)];
    for state in 1..STATES {
        change_files(env, state);
        assert!(index(disk, env.path()).expect("indexed").committed);
        states.push((sources(disk).expect("sources"), disk.log().len()));
    }
    states
}

/// A refresh waits for few syncs: each takes milliseconds on a real disk.
#[test]
fn a_refresh_syncs_few_files() {
    let env = TestEnv::new();
    let disk = MemoryDisk::default();
    let mut begun = 0;
    for (_, done) in history(&env, &disk).into_iter().skip(1) {
        let log = disk.log();
        let is_sync = |step: &&Step| matches!(step, Step::Sync(_) | Step::SyncFolder);
        let syncs = log[begun..done].iter().filter(is_sync).count();
        assert!(syncs <= 25, "{syncs}");
        begun = done;
    }
}

/// Every state that is reported survives a loss of power, whenever it comes, and what is found then can go on.
#[test]
fn a_loss_of_power_takes_nothing_that_was_reported() {
    let env = TestEnv::new();
    let disk = MemoryDisk::default();
    let states = history(&env, &disk);
    let log = disk.log();
    let mut random = Random::new();
    let samples = number("EXCERPT_POWER_LOSSES", 2);
    let mut seen = [0, 0];
    for until in 0..=log.len() {
        let reported = states
            .iter()
            .rposition(|(_, at)| *at <= until)
            .expect("the empty state");
        for model in [Model::Any, Model::Ordered, Model::Replacing] {
            for _ in 0..samples {
                let left = after_power_loss(&log[..until], model, &mut |n| random.below(n));
                let found = sources(&left);
                let found = found
                    .unwrap_or_else(|e| panic!("{model:?} after {until} steps: {e}; {random:?}"));
                let next = (reported + 1).min(STATES - 1);
                let is_next = found != states[reported].0;
                assert!(
                    !is_next || found == states[next].0,
                    "{model:?} after {until} steps of {}: neither state {reported} nor the next; {random:?}",
                    log.len()
                );
                seen[usize::from(is_next)] += 1;
                if random.below(20) == 0 {
                    index(&left, env.path()).expect("goes on");
                    assert_eq!(sources(&left).expect("sources"), states[STATES - 1].0);
                    assert_tidy(&left);
                }
            }
        }
    }
    assert!(seen[0] > 100 && seen[1] > 10, "{seen:?}");
}

/// With the folder's last sync left out, the model finds the loss: the test above can fail.
#[test]
fn the_model_of_power_loss_finds_what_is_lost_without_a_sync() {
    let env = TestEnv::new();
    let disk = MemoryDisk::default();
    let states = history(&env, &disk);
    let mut log = disk.log();
    log.retain(|step| !matches!(step, Step::SyncFolder));
    let mut random = Random::new();
    let losses = (0..200).filter(|_| {
        let left = after_power_loss(&log, Model::Any, &mut |n| random.below(n));
        !sources(&left).is_ok_and(|found| found == states[STATES - 1].0)
    });
    assert!(losses.count() > 100);
}

/// Every operation in turn fails, once or from then on, while an index is brought from one state to the next.
#[test]
fn a_disk_that_fails_changes_no_answer() {
    let env = TestEnv::new();
    for state in 1..5 {
        change_files(&env, state);
    }
    let before = MemoryDisk::default();
    index(&before, env.path()).expect("indexed");
    let old = sources(&before).expect("sources");
    change_files(&env, 5);
    let after = MemoryDisk::with(before.files());
    after.set_fault(Fault::Never);
    index(&after, env.path()).expect("indexed");
    let operations = after.operations();
    let new = sources(&after).expect("sources");
    assert!(old != new && operations > 40, "{operations}");
    let (mut failed, mut succeeded) = (0, 0);
    for at in 1..=operations + 5 {
        for fault in [Fault::Once(at), Fault::From(at)] {
            let disk = MemoryDisk::with(before.files());
            disk.set_fault(fault);
            let result = index(&disk, env.path());
            let _ = open(&disk).and_then(|engine| engine.verify(Depth::Full));
            disk.set_fault(Fault::Never);
            let found = sources(&disk).unwrap_or_else(|e| panic!("{fault:?}: {e}"));
            match result {
                Ok(_) => assert_eq!(found, new, "{fault:?}: reported and not there"),
                Err(_) => assert!(found == old || found == new, "{fault:?}"),
            }
            failed += u32::from(result.is_err());
            succeeded += u32::from(result.is_ok());
            index(&disk, env.path()).unwrap_or_else(|e| panic!("{fault:?}: {e}"));
            assert_eq!(sources(&disk).expect("sources"), new);
            assert_tidy(&disk);
        }
    }
    assert!(failed > 40 && succeeded > 0, "{failed} {succeeded}");
}

/// A disk that is full at any point gives its space back and keeps the old answers.
#[test]
fn a_full_disk_changes_no_answer_and_gives_the_space_back() {
    let env = TestEnv::new();
    change_files(&env, 1);
    let before = MemoryDisk::default();
    index(&before, env.path()).expect("indexed");
    let old = sources(&before).expect("sources");
    change_files(&env, 2);
    let mut failures = 0;
    for more in (0..).step_by(97) {
        let disk = MemoryDisk::with(before.files());
        disk.set_fault(Fault::Full(before.bytes() + more));
        let result = index(&disk, env.path());
        disk.set_fault(Fault::Never);
        if result.is_ok() {
            break;
        }
        failures += 1;
        assert_eq!(sources(&disk).expect("sources"), old);
        // The first bytes of a manifest that found no room may still be there.
        let first = |file: &(String, Vec<u8>)| file.0 != "manifest.part";
        let left: Vec<_> = disk.files().into_iter().filter(first).collect();
        assert_eq!(left, before.files());
    }
    assert!(failures > 10, "{failures}");
}

/// Runs that are killed at any instant leave the old index or the new one, and nothing once the next run is done.
#[test]
fn a_killed_run_leaves_the_old_answer_or_the_new_one() {
    let env = TestEnv::new();
    let mut random = Random::new();
    let write = |round: u64| {
        for article in 0..20 {
            env.write(
                &format!("{article}.md"),
                format!("# Article\n\nround{round} {}\n", "walrus ".repeat(500)),
            );
        }
    };
    let count = |word: &str| {
        let run = env.run(&["query", "--no-refresh", "-c", word]);
        assert!(run.status < 2, "{run:?}");
        run.stdout.trim().parse::<u64>().expect("a number")
    };
    write(0);
    env.run(&["index"]).success();
    let (mut kills, mut whole) = (0, 0);
    for round in 1..=number("EXCERPT_KILLS", 40) as u64 {
        write(round);
        let mut child = env
            .command(&["index"])
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("a started program");
        std::thread::sleep(std::time::Duration::from_micros(random.below(60_000) as u64));
        child.kill().expect("killed");
        kills += u32::from(!child.wait().expect("ended").success());
        let (old, new) = (
            count(&format!("round{}", round - 1)),
            count(&format!("round{round}")),
        );
        assert!(
            (old, new) == (20, 0) || (old, new) == (0, 20),
            "{old} {new} {random:?}"
        );
        whole += u32::from(new == 20);
        env.run(&["index"]).success();
        assert_eq!(count(&format!("round{round}")), 20);
        let verified = env.run(&["verify"]).success();
        assert!(
            verified.contains("is sound") && !verified.contains("stopped"),
            "{verified}"
        );
        let names = fs::read_dir(env.path().join(".excerpt"))
            .expect("the index")
            .count();
        assert!(names < 40, "{names}");
    }
    assert!(kills > 4, "{kills} killed, {whole} were done");
}
