//! Hostile folders: clones, archives and shared folders in which anything may stand. No run destroys, gives away or waits
//! for a file that is not the index's or its sources'.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::env::{Run, TestEnv, finish, records};

/// What every hostile folder is tried with.
const COMMANDS: [&[&str]; 7] = [
    &["query", "minsk"],
    &["query", "--no-refresh", "minsk"],
    &["index"],
    &["index", "--force"],
    &["status"],
    &["verify"],
    &["show", "corpus/docs/install.md#top"],
];

/// An index beside articles, and a file of the user outside of both.
fn victim() -> (TestEnv, TestEnv) {
    let outside = TestEnv::new();
    outside.write("precious.txt", "the user's own secret walrus\n");
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    (env, outside)
}

/// All files of a folder with their content.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

/// Runs with a bound: what waits for a pipe, or reads a device to its end, would never be done.
fn run(env: &TestEnv, args: &[&str]) -> Run {
    let mut bounded = std::process::Command::new("timeout");
    let command = env.command(args);
    bounded
        .arg("60")
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(env.path())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(std::process::Stdio::null());
    let run = finish(&mut bounded);
    assert!((0..3).contains(&run.status), "{args:?}: {run:?}");
    assert!(!run.stderr.contains("bug in excerpt"), "{args:?}: {run:?}");
    run
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

/// Replaces one file of the index by something else.
fn replace(env: &TestEnv, name: &str, with: impl FnOnce(&Path)) {
    let path = env.path().join(".excerpt").join(name);
    if path.is_dir() {
        fs::remove_dir_all(&path).expect("removed");
    } else if path.exists() {
        fs::remove_file(&path).expect("removed");
    }
    with(&path);
}

#[test]
fn t1_links_in_the_index_folder_lead_nowhere() {
    let (env, outside) = victim();
    let before = content(outside.path());
    let target = outside.path().join("precious.txt");
    let fresh = content(&env.path().join(".excerpt"));
    let mut names: Vec<String> = fresh.iter().map(|(name, _)| name.clone()).collect();
    // Of the files of the segment one stands for the others.
    let is_of_segment = |name: &String| name.find('.') == Some(32);
    names.retain(|name| !is_of_segment(name) || name.ends_with(".store"));
    names.extend(["begun".into(), "manifest.part".into()]);
    for name in &names {
        for to in [
            target.clone(),
            outside.path().join("nothing"),
            outside.path().to_path_buf(),
        ] {
            replace(&env, name, |path| symlink(&to, path).expect("a link"));
            env.write("corpus/new.txt", format!("Of {name} and Minsk.\n"));
            for args in COMMANDS {
                let _ = run(&env, args);
                assert_eq!(content(outside.path()), before, "{name}: {args:?}");
            }
            fs::remove_dir_all(env.path().join(".excerpt")).expect("removed");
            env.run(&["index"]).success();
        }
    }
}

#[test]
fn t1_an_index_folder_that_is_a_link_is_refused_where_it_was_found() {
    let (env, outside) = victim();
    fs::rename(env.path().join(".excerpt"), outside.path().join("index")).expect("moved");
    let before = content(&outside.path().join("index"));
    symlink(outside.path().join("index"), env.path().join(".excerpt")).expect("a link");
    for args in COMMANDS {
        let error = run(&env, args).failure(2);
        assert!(error.contains("is a link"), "{args:?}: {error}");
    }
    fs::remove_file(env.path().join(".excerpt")).expect("removed");
    symlink(outside.path(), env.path().join(".excerpt")).expect("a link");
    for args in [&["query", "minsk"][..], &["index"]] {
        assert!(run(&env, args).failure(2).contains("link"), "{args:?}");
    }
    assert_eq!(content(&outside.path().join("index")), before);
    assert!(!outside.path().join("LOCK").exists() && !outside.path().join("manifest").exists());
}

#[test]
fn t1_files_with_another_name_are_not_written_to() {
    let (env, outside) = victim();
    let target = outside.path().join("precious.txt");
    for name in ["LOCK", "begun", "excerpt.tag", ".gitignore", "manifest"] {
        replace(&env, name, |path| {
            fs::hard_link(&target, path).expect("a second name");
        });
        env.write("corpus/new.txt", format!("Of {name} and Minsk.\n"));
        for args in COMMANDS {
            let _ = run(&env, args);
            let text = fs::read_to_string(&target).expect("it is there");
            assert_eq!(text, "the user's own secret walrus\n", "{name}: {args:?}");
        }
        fs::remove_dir_all(env.path().join(".excerpt")).expect("removed");
        env.run(&["index"]).success();
    }
}

#[test]
fn t11_pipes_devices_and_folders_in_place_of_index_files_are_told_and_mended() {
    let (env, _outside) = victim();
    let names: Vec<String> = content(&env.path().join(".excerpt"))
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.contains('.') && ![".gitignore", "excerpt.tag"].contains(&&**name))
        .collect();
    for name in &names {
        for kind in 0..3 {
            replace(&env, name, |path| match kind {
                0 => pipe(path),
                1 => symlink("/dev/zero", path).expect("a link"),
                _ => fs::create_dir(path).expect("a folder"),
            });
            let _ = run(&env, &["query", "minsk"]);
            let mended = run(&env, &["index"]);
            assert_eq!(mended.status, 0, "{name} {kind}: {mended:?}");
            assert_eq!(run(&env, &["query", "-c", "minsk"]).stdout, "1\n");
            fs::remove_dir_all(env.path().join(".excerpt")).expect("removed");
            env.run(&["index"]).success();
        }
    }
    for name in ["manifest", "LOCK", "begun"] {
        replace(&env, name, |path| fs::create_dir(path).expect("a folder"));
        env.write("corpus/new.txt", format!("Of {name} and Minsk.\n"));
        let error = run(&env, &["index"]).failure(2);
        assert!(!error.is_empty());
        fs::remove_dir_all(env.path().join(".excerpt")).expect("removed");
        env.run(&["index"]).success();
    }
}

#[test]
fn t3_a_folder_with_the_users_files_is_never_taken_for_an_index() {
    let env = TestEnv::with_corpus();
    let own = [
        "settings-prod.json",
        "catalog-2024.csv",
        ".tmpnotes",
        "meta.json",
        "7765c8aa1daf406cba21b37172d77c77.jpg",
        "7765c8aa1daf406cba21b37172d77c77.store",
        "manifest.part",
        "notes.txt",
    ];
    for name in own {
        env.write(&format!("proj/{name}"), format!("the user's {name}"));
    }
    let before = content(&env.path().join("proj"));
    for args in COMMANDS {
        let mut all = vec!["--index", "proj"];
        all.extend(args);
        let error = run(&env, &all).failure(2);
        assert!(
            error.contains("is no index of excerpt"),
            "{args:?}: {error}"
        );
    }
    assert_eq!(content(&env.path().join("proj")), before);
    for name in own {
        let alone = format!("alone/{name}");
        env.write(&alone, "x");
        run(&env, &["--index", "alone", "index", "corpus"]).failure(2);
        assert_eq!(content(&env.path().join("alone")).len(), 1, "{name}");
        env.remove(&alone);
    }
}

#[test]
fn t3_an_index_leaves_what_it_did_not_list_alone() {
    let (env, _outside) = victim();
    let own = [
        "settings-0123456789abcdef.json",
        "catalog-0123456789abcdef.bin",
        "7765c8aa1daf406cba21b37172d77c77.store",
        ".tmpabcdef",
        "README.txt",
    ];
    for name in own {
        env.write(&format!(".excerpt/{name}"), "the user's own");
    }
    for round in 0..3 {
        env.write("corpus/new.txt", format!("Round {round}.\n"));
        env.run(&["index"]).success();
        env.run(&["index", "--rehash"]).success();
    }
    for name in own {
        let text = fs::read_to_string(env.path().join(".excerpt").join(name));
        assert_eq!(text.expect("it is there"), "the user's own", "{name}");
    }
}

#[test]
fn n2_the_articles_folder_given_as_index_is_refused_and_the_right_one_is_named() {
    let (env, _outside) = victim();
    let before = content(env.path());
    for args in [&["index", "."][..], &["query", "minsk"]] {
        let mut all = vec!["--index", "."];
        all.extend(args);
        let error = run(&env, &all).failure(2);
        assert!(
            error.contains("--index ./.excerpt") || error.contains("/.excerpt`"),
            "{error}"
        );
    }
    let names = |files: Vec<(String, Vec<u8>)>| -> Vec<String> {
        files.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(content(env.path())), names(before));
}

#[test]
fn n1_an_index_keeps_its_base_from_every_folder() {
    let env = TestEnv::new();
    env.write("art/harbour.md", "# Harbour\n\nThe harbour talks.\n");
    env.write("rep/draft.md", "# Draft\n\nA draft on the harbour.\n");
    let at = |folder: &str, args: &[&str]| {
        let mut command = env.command(args);
        finish(command.current_dir(env.path().join(folder)))
    };
    assert_eq!(at("art", &["index"]).status, 0);
    assert_eq!(at("art", &["--index", "../own", "index", "."]).status, 0);
    for index in ["../art/.excerpt", "../own"] {
        let found = at("rep", &["--index", index, "query", "-l", "harbour"]);
        assert_eq!(found.stdout, "../art/harbour.md\n", "{index}: {found:?}");
        let found = at("rep", &["--index", index, "index"]);
        assert_eq!(found.status, 0, "{index}: {found:?}");
        assert!(found.stdout.contains("1 unchanged"), "{index}: {found:?}");
    }
}

/// An index that covers more than its base, as a stranger's clone brings it: its roots, or the place of its base.
fn forged(env: &TestEnv, outside: &TestEnv) {
    let maker = TestEnv::new();
    maker.write("repo/a.md", "# Article\n\nOn Minsk.\n");
    let folder = maker.path().join("repo");
    let secret = outside.path().to_str().expect("a name");
    let mut command = maker.command(&["--index", ".excerpt", "index", ".", secret]);
    finish(command.current_dir(&folder)).success();
    env.write("a.md", "# Article\n\nOn Minsk.\n");
    fs::create_dir(env.path().join(".excerpt")).expect("a folder");
    for (name, bytes) in content(&folder.join(".excerpt")) {
        fs::write(env.path().join(".excerpt").join(name), bytes).expect("copied");
    }
}

#[test]
fn t2_roots_outside_of_a_cloned_index_are_neither_walked_nor_forgotten() {
    let (env, outside) = (TestEnv::new(), TestEnv::new());
    outside.write("old.txt", "known before\n");
    forged(&env, &outside);
    outside.write("secret.txt", "the secret walrus\n");
    let hits = run(&env, &["query", "-c", "walrus"]);
    assert_eq!((hits.status, hits.stdout.as_str()), (1, "0\n"), "{hits:?}");
    assert!(hits.stderr.contains("you did not name it"), "{hits:?}");
    assert_eq!(run(&env, &["query", "-c", "known"]).stdout, "1\n");
    let summary = records(&run(&env, &["query", "--json", "minsk"]).stdout).pop();
    assert_eq!(summary.expect("a summary")["refresh"], "partial");
    for args in [
        &["index"][..],
        &["index", "--force"],
        &["index", "--rehash"],
        &["index", "-L"],
    ] {
        let _ = run(&env, args);
        assert_eq!(
            run(&env, &["query", "-c", "walrus"]).stdout,
            "0\n",
            "{args:?}"
        );
    }
    // Whoever names it, reads it.
    let secret = outside.path().to_str().expect("a name");
    run(&env, &["--index", ".excerpt", "index", secret]).success();
    assert_eq!(run(&env, &["query", "-c", "walrus"]).stdout, "1\n");
    outside.write("more.txt", "another walrus\n");
    assert_eq!(run(&env, &["query", "-c", "walrus"]).stdout, "2\n");
}

#[test]
fn t2_a_root_of_the_base_that_is_a_link_leads_nowhere() {
    let outside = TestEnv::new();
    outside.write("secret.txt", "the secret walrus\n");
    let env = TestEnv::new();
    env.write("docs/a.md", "# Article\n\nOn Minsk.\n");
    env.run(&["index", "docs"]).success();
    fs::remove_dir_all(env.path().join("docs")).expect("removed");
    symlink(outside.path(), env.path().join("docs")).expect("a link");
    assert_eq!(run(&env, &["query", "-c", "walrus"]).stdout, "0\n");
    assert_eq!(run(&env, &["query", "-c", "minsk"]).stdout, "1\n");
    // A file that was named by itself, and a folder above it.
    env.write("one/b.md", "# Other\n\nOn harbours.\n");
    env.run(&["index", "one/b.md"]).success();
    fs::remove_dir_all(env.path().join("one")).expect("removed");
    outside.write("b.md", "# Other\n\nThe walrus.\n");
    symlink(outside.path(), env.path().join("one")).expect("a link");
    assert_eq!(run(&env, &["query", "-c", "walrus"]).stdout, "0\n");
    assert_eq!(run(&env, &["query", "-c", "harbours"]).stdout, "1\n");
}

#[test]
fn t2_links_are_followed_out_of_the_base_only_where_their_root_was_named_so() {
    let outside = TestEnv::new();
    outside.write("secret.txt", "the secret walrus\n");
    let env = TestEnv::new();
    env.write("docs/a.md", "# Article\n\nOn Minsk.\n");
    symlink(outside.path(), env.path().join("docs/out")).expect("a link");
    symlink(env.path().join("docs/a.md"), env.path().join("docs/in.md")).expect("a link");
    env.run(&["index", "-L", "docs"]).success();
    assert_eq!(run(&env, &["query", "-c", "walrus"]).stdout, "1\n");
    // The same index, brought to somebody who has no record of it.
    let stranger = TestEnv::new();
    let mut command = stranger.command(&["query", "-c", "walrus"]);
    outside.write("new.txt", "a new walrus\n");
    let found = finish(command.current_dir(env.path()));
    assert_eq!(found.stdout, "1\n", "{found:?}");
    assert!(found.stderr.contains("docs/out"), "{found:?}");
    assert_eq!(run(&env, &["query", "-c", "walrus"]).stdout, "2\n");
    assert_eq!(run(&env, &["query", "-c", "path:docs/in.md"]).stdout, "1\n");
}

#[test]
fn h1_the_base_that_a_strange_index_says_holds_only_where_one_stands_in_it() {
    let maker = TestEnv::new();
    maker.write("home/private.txt", "the secret walrus\n");
    maker.write("art/a.md", "# Article\n\nOn Minsk.\n");
    let home = maker.path().join("home");
    let mut command = maker.command(&["--index", "../index", "index", "."]);
    finish(command.current_dir(&home)).success();
    let stranger = TestEnv::new();
    let at = |folder: &str, args: &[&str]| {
        let mut command = stranger.command(args);
        finish(command.current_dir(maker.path().join(folder)))
    };
    maker.write("home/new.txt", "a new walrus\n");
    let found = at("art", &["--index", "../index", "query", "-c", "walrus"]);
    assert_eq!(found.stdout, "1\n", "{found:?}");
    assert!(
        found.stderr.contains("you have no record of that"),
        "{found:?}"
    );
    for args in [&["index"][..], &["index", "--hidden"], &["index", "-L"]] {
        let error = at("art", &[&["--index", "../index"], args].concat()).failure(2);
        assert!(error.contains("names what it may read"), "{error}");
    }
    // What is named is read, and nothing else.
    at("art", &["--index", "../index", "index", "."]).success();
    let found = at(
        "art",
        &["--index", "../index", "query", "-c", "walrus OR minsk"],
    );
    assert_eq!(found.stdout, "2\n", "{found:?}");
    // Where one stands in it, it is a restored index.
    let other = TestEnv::new();
    let mut command = other.command(&["--index", "../index", "query", "-c", "walrus"]);
    let found = finish(command.current_dir(&home));
    assert_eq!(found.stdout, "2\n", "{found:?}");
}

#[test]
fn h5_a_rebuild_that_would_lose_a_root_is_refused() {
    let (env, outside) = (TestEnv::new(), TestEnv::new());
    outside.write("old.txt", "known before\n");
    forged(&env, &outside);
    env.change_manifest(|manifest| manifest["analysis"] = 0.into());
    let error = run(&env, &["query", "minsk"]).failure(2);
    assert!(
        error.contains("would lose") && error.contains("--index"),
        "{error}"
    );
    let secret = outside.path().to_str().expect("a name");
    run(&env, &["--index", ".excerpt", "index", secret]).success();
    assert_eq!(run(&env, &["query", "-c", "known"]).stdout, "1\n");
}

#[test]
fn h4_a_verdict_reads_an_index_anew_that_was_found_and_not_made_here() {
    let env = TestEnv::new();
    env.write("a.md", "# Article\n\nOn Minsk.\n");
    env.run(&["index"]).success();
    env.write("checks.toml", "[[case]]\nquery = 'walrus'\nmin_hits = 1\n");
    assert_eq!(env.run(&["check", "checks.toml"]).status, 1);
    // An index that says of the file what it does not hold, with its hash and its time.
    let maker = TestEnv::new();
    maker.write("a.md", "# Article\n\nA walrus\n");
    maker.run(&["index"]).success();
    let forge = |name: &str, to: &TestEnv| {
        let folder = to.path().join(".excerpt");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        for (file, bytes) in content(&maker.path().join(".excerpt")) {
            fs::write(folder.join(file), bytes).expect("copied");
        }
        to.write("a.md", name);
    };
    let victim = TestEnv::new();
    forge("# Article\n\nA walrus\n", &victim);
    victim.write("checks.toml", "[[case]]\nquery = 'walrus'\nmin_hits = 1\n");
    let checked = victim.run(&["check", "checks.toml"]);
    assert_eq!(checked.status, 0, "{checked:?}");
    assert!(checked.stderr.contains("was made elsewhere"), "{checked:?}");
    // Whoever knows its old id cannot bring the old bytes back under it.
    let made = content(&victim.path().join(".excerpt"));
    forge("# Article\n\nA walrus\n", &victim);
    let checked = victim.run(&["check", "checks.toml"]);
    assert!(checked.stderr.contains("was made elsewhere"), "{checked:?}");
    for (file, bytes) in made {
        fs::write(victim.path().join(".excerpt").join(file), bytes).expect("as before");
    }
    // From now on it is the user's own.
    let checked = victim.run(&["check", "checks.toml"]);
    assert_eq!(
        (checked.status, checked.stderr.as_str()),
        (0, ""),
        "{checked:?}"
    );
    // One that was named is taken as it is, and --no-refresh too.
    forge("# Article\n\nA walrus\n", &victim);
    for args in [
        &["--index", ".excerpt", "check", "checks.toml"][..],
        &["check", "--no-refresh", "checks.toml"],
    ] {
        let stranger = TestEnv::new();
        let mut command = stranger.command(args);
        let checked = finish(command.current_dir(victim.path()));
        assert_eq!(checked.status, 0, "{args:?}: {checked:?}");
        assert!(!checked.stderr.contains("made elsewhere"), "{checked:?}");
    }
    // A configuration does not lift it.
    victim.write("excerpt.toml", "[query]\nrefresh = false\n");
    let stranger = TestEnv::new();
    let mut command = stranger.command(&["check", "checks.toml"]);
    let checked = finish(command.current_dir(victim.path()));
    assert!(checked.stderr.contains("made elsewhere"), "{checked:?}");
}

#[test]
fn t2_an_index_of_another_user_is_only_read() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    let Some(other) = env.other_user() else {
        return;
    };
    env.write("corpus/new.txt", "A new walrus of Minsk.\n");
    let before = content(&env.path().join(".excerpt"));
    let run = other.run(&["query", "--json", "minsk"]);
    let summary = records(&run.stdout).pop().expect("a summary");
    assert_eq!(
        (
            run.status,
            &summary["refresh"],
            &summary["stale"],
            &summary["matched"]
        ),
        (0, &"read-only".into(), &serde_json::Value::Null, &1.into()),
        "{run:?}"
    );
    assert!(run.stderr.contains("belongs to another user"), "{run:?}");
    let error = other.run(&["index"]).failure(2);
    assert!(error.contains("--index .excerpt"), "{error}");
    // A file that is covered and not held was not looked at, which is not "no hit".
    let error = other.run(&["query", "walrus", "corpus/new.txt"]).failure(2);
    assert!(error.contains("the index knows none"), "{error}");
    env.write("checks.toml", "[[case]]\nquery = 'minsk'\nmin_hits = 1\n");
    assert!(
        other
            .run(&["check", "checks.toml"])
            .failure(2)
            .contains("no verdict")
    );
    assert_eq!(
        other.run(&["check", "--no-refresh", "checks.toml"]).status,
        0
    );
    assert_eq!(content(&env.path().join(".excerpt")), before);
    let trusted = other.run_with(&["query", "-c", "minsk"], &[("EXCERPT_TRUST", "*")]);
    assert!(!trusted.stderr.contains("another user"), "{trusted:?}");
    // Another's configuration says nothing.
    env.write("excerpt.toml", "[query]\nlimit = 0\n");
    let nobodys = env.path().join("excerpt.toml");
    std::os::unix::fs::chown(&nobodys, Some(65533), Some(65533)).expect("another owner");
    let run = other.run(&["query", "minsk"]);
    assert!(
        run.stderr.contains("is left out") && !run.stdout.is_empty(),
        "{run:?}"
    );
    std::os::unix::fs::chown(&nobodys, Some(0), Some(0)).expect("root's");
}

#[test]
fn t2_root_does_not_write_the_index_of_a_user_unless_it_acts_for_them() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    let Some(other) = env.other_user() else {
        return;
    };
    other.give(env.path());
    env.write("corpus/new.txt", "A new walrus.\n");
    let run = env.run(&["query", "-c", "walrus"]);
    assert_eq!(run.stdout, "0\n", "{run:?}");
    let mut command = env.command(&["query", "-c", "walrus"]);
    let run = finish(command.env("SUDO_UID", "65534"));
    assert_eq!(run.stdout, "1\n", "{run:?}");
    use std::os::unix::fs::MetadataExt;
    for entry in fs::read_dir(env.path().join(".excerpt")).expect("the index") {
        let entry = entry.expect("a file");
        let uid = entry.metadata().expect("its owner").uid();
        assert_eq!(uid, 65534, "{:?}", entry.file_name());
    }
    other.take_back(env.path());
}

#[test]
fn t4_configurations_and_ignore_files_without_end_are_not_read() {
    for name in [
        ".gitignore",
        ".ignore",
        ".excerptignore",
        "corpus/.gitignore",
        "excerpt.toml",
    ] {
        for kind in 0..4 {
            let env = TestEnv::with_corpus();
            let path = env.path().join(name);
            match kind {
                0 => symlink("/dev/zero", &path).expect("a link"),
                1 => pipe(&path),
                2 => fs::write(&path, vec![b'#'; (1 << 20) + 1]).expect("a large file"),
                _ => symlink("/etc/passwd", &path).expect("a link"),
            }
            let found = run(&env, &["query", "-c", "minsk"]);
            match name {
                "excerpt.toml" => assert!(
                    found.status == 2 && found.stderr.contains("cannot read `excerpt.toml`"),
                    "{kind}: {found:?}"
                ),
                _ => {
                    assert_eq!(found.stdout, "1\n", "{name} {kind}: {found:?}");
                    let strict = run(&env, &["query", "--strict", "-c", "minsk"]);
                    assert_eq!(strict.status, 2, "{name} {kind}: {strict:?}");
                    assert!(strict.stderr.contains(name), "{strict:?}");
                }
            }
        }
    }
}

#[test]
fn t4_what_the_user_names_may_be_a_pipe_and_has_a_bound() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    for args in [
        &["query", "--aliases", "/dev/zero", "minsk"][..],
        &["check", "/dev/zero"],
        &["quote", "/dev/zero"],
        &["--config", "/dev/zero", "query", "minsk"],
    ] {
        let error = run(&env, args).failure(2);
        assert!(
            error.contains("it is larger than 64 MiB"),
            "{args:?}: {error}"
        );
    }
    pipe(&env.path().join("names"));
    std::thread::scope(|scope| {
        scope.spawn(|| fs::write(env.path().join("names"), "talks, Minsk\n").expect("written"));
        let found = run(&env, &["query", "--aliases", "names", "-c", "talks"]);
        assert_eq!(found.status, 0, "{found:?}");
    });
}

#[test]
fn t6_a_configuration_names_nothing_outside_of_its_folder_through_links() {
    let outside = TestEnv::new();
    outside.write("secret.txt", "the secret walrus\n");
    outside.write("names.txt", "Kyiv, Kiev\n");
    let env = TestEnv::with_corpus();
    symlink(outside.path(), env.path().join("out")).expect("a link");
    symlink(
        outside.path().join("names.txt"),
        env.path().join("names.txt"),
    )
    .expect("a link");
    for text in [
        "[index]\npaths = ['out']\n",
        "[index]\npaths = ['corpus', 'out/secret.txt']\n",
        "[query]\naliases = 'names.txt'\n",
        "[query]\naliases = 'out/names.txt'\n",
    ] {
        env.write("excerpt.toml", text);
        let error = run(&env, &["query", "walrus"]).failure(2);
        assert!(error.contains("lies in its folder"), "{text}: {error}");
    }
    pipe(&env.path().join("pipe"));
    env.write("excerpt.toml", "[query]\naliases = 'pipe'\n");
    let error = run(&env, &["query", "walrus"]).failure(2);
    assert!(error.contains("is not a file"), "{error}");
}

#[test]
fn t13_a_refresh_under_a_narrow_umask_keeps_other_readers() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    let manifest = env.path().join(".excerpt/manifest");
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o644)).expect("a mode");
    env.write("corpus/new.txt", "A new article.\n");
    let program = env.command(&["index"]);
    let mut shell = std::process::Command::new("sh");
    shell
        .arg("-c")
        .arg("umask 077; exec \"$0\" index")
        .arg(program.get_program())
        .current_dir(env.path())
        .env_clear()
        .env("XDG_STATE_HOME", env.states());
    finish(&mut shell).success();
    for entry in fs::read_dir(env.path().join(".excerpt")).expect("the index") {
        let path = entry.expect("a file").path();
        assert_eq!(mode(&path), 0o644, "{}", path.display());
    }
}

#[test]
fn t14_a_file_or_folder_that_is_swapped_for_a_link_is_not_read_through_it() {
    use excerpt::source::{Links, Reason, read_file};
    let env = TestEnv::new();
    env.write("real.txt", "a walrus\n");
    symlink(env.path().join("real.txt"), env.path().join("link.txt")).expect("a link");
    let read = |links| read_file(&env.path().join("link.txt"), 100, links).expect("it is there");
    let refused = read(Links::Refused).expect_err("a link");
    assert_eq!(refused.reason, Reason::SpecialFile);
    assert_eq!(read(Links::Followed).expect("read").bytes, b"a walrus\n");
    pipe(&env.path().join("pipe.txt"));
    let read = read_file(&env.path().join("pipe.txt"), 100, Links::Refused);
    assert!(read.expect("it is there").is_err());
}

#[test]
fn t2_what_root_makes_for_a_user_is_the_users() {
    use std::os::unix::fs::MetadataExt;
    let env = TestEnv::with_corpus();
    let Some(other) = env.other_user() else {
        return;
    };
    other.give(env.path());
    let mut command = env.command(&["index"]);
    finish(command.env("SUDO_UID", "65534")).success();
    let index = env.path().join(".excerpt");
    assert_eq!(fs::metadata(&index).expect("the index").uid(), 65534);
    env.write("corpus/new.txt", "A new walrus.\n");
    let found = other.run(&["query", "-c", "walrus"]);
    assert_eq!(
        (found.status, found.stdout.as_str()),
        (0, "1\n"),
        "{found:?}"
    );
    other.take_back(env.path());
}

#[test]
fn t1_reports_replace_links_and_are_written_whole_or_not_at_all() {
    let (env, outside) = victim();
    let before = content(outside.path());
    env.write("c.toml", "[[case]]\nquery = 'minsk'\nmin_hits = 1\n");
    env.write("u.toml", "[[case]]\nquery = 'minsk'\n");
    env.write("topics.tsv", "1\tminsk\n");
    env.write("qrels.txt", "1 0 corpus/news/blinken-diplomacy.txt 1\n");
    let precious = outside.path().join("precious.txt");
    let link = |name: &str, to: &Path| {
        let path = env.path().join(name);
        let _ = fs::remove_file(&path);
        symlink(to, path).expect("a link");
    };
    for name in ["j.xml", "b.json"] {
        link(name, &precious);
    }
    run(&env, &["check", "c.toml", "--junit", "j.xml"]).success();
    let eval = [
        "eval",
        "--topics",
        "topics.tsv",
        "--qrels",
        "qrels.txt",
        "--save",
        "b.json",
    ];
    run(&env, &eval).success();
    assert_eq!(content(outside.path()), before);
    for name in ["j.xml", "b.json"] {
        let metadata = fs::symlink_metadata(env.path().join(name)).expect("a report");
        assert!(metadata.is_file(), "{name}");
    }
    run(&env, &["check", "--update", "u.toml"]).success();
    assert!(
        fs::read_to_string(env.path().join("u.toml"))
            .expect("it")
            .contains("hits")
    );
    // What is no file is written to.
    let piped = run(&env, &["check", "c.toml", "--junit", "/dev/stdout"]);
    assert!(piped.success().contains("<testsuites"));
    let names = content(env.path());
    assert!(names.iter().all(|(name, _)| !name.ends_with(".part")));
}

#[test]
fn names_of_strangers_are_words_of_a_shell_in_hints() {
    let (env, outside) = (TestEnv::new(), TestEnv::new());
    let odd = outside.path().join("out; touch PWNED #");
    fs::create_dir(&odd).expect("a folder");
    fs::write(odd.join("a.txt"), "a walrus\n").expect("a file");
    env.write("a.md", "# Article\n\nOn Minsk.\n");
    let named = odd.to_str().expect("a name");
    run(&env, &["--index", ".excerpt", "index", ".", named]).success();
    let stranger = TestEnv::new();
    let mut command = stranger.command(&["query", "minsk"]);
    let found = finish(command.current_dir(env.path()));
    assert!(found.stderr.contains(&format!("'{named}'")), "{found:?}");
}

#[test]
fn characters_that_xml_cannot_hold_do_not_break_a_report() {
    let env = TestEnv::new();
    env.write("a.md", "The falcon \u{fffe} flew over the quiet harbour.\n");
    env.write(
        "c.toml",
        "[[case]]\nname = 'a \u{ffff} name'\nquery = 'falcon'\npassage = 'no such \u{fffe} passage'\n",
    );
    let junit = run(&env, &["check", "c.toml", "--format", "junit"]);
    assert_eq!(junit.status, 1, "{junit:?}");
    let is_bad = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!junit.stdout.contains(is_bad), "{junit:?}");
    assert!(!run(&env, &["query", "falcon"]).stdout.contains(is_bad));
}
