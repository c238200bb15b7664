//! What was not read is said, and which index is meant.

use crate::env::{TestEnv, finish, records};

#[test]
fn files_of_other_formats_are_counted_by_their_endings() {
    let env = TestEnv::new();
    for name in ["a.pdf", "sub/b.PDF", "c.docx", "README", ".hidden.pdf"] {
        env.write(name, "not read\n");
    }
    env.write("excerpt.toml", "[query]\nlimit = 5\n");
    let none = env.run(&["query", "falcon", "."]).failure(1);
    assert!(
        none.contains("no hit in 0 sections of 0 files; not read: 4 files of other formats (.pdf 2, without an ending 1, .docx 1)"),
        "{none}"
    );
    let below = env.run(&["query", "falcon", "sub"]).failure(1);
    assert!(
        below.contains("1 file of other formats (.pdf 1)"),
        "{below}"
    );
    env.write("d.md", "A falcon.\n");
    let report = env.run(&["index"]).success();
    assert!(
        report.contains("1 added\n1 file indexed (1 section) in "),
        "{report}"
    );
    assert!(
        report.contains("not read: 4 files of other formats (.pdf 2"),
        "{report}"
    );
    let status = env.run(&["status"]).success();
    assert!(
        status.contains("not read  4 files of other formats (.pdf 2"),
        "{status}"
    );
    let record = records(&env.run(&["status", "--format", "ndjson"]).success())
        .pop()
        .expect("a record");
    assert_eq!(
        record["other_files"],
        serde_json::json!({"": 1, "docx": 1, "pdf": 2})
    );
}

#[test]
fn index_names_the_index_of_another_folder() {
    let env = TestEnv::new();
    env.write("n/a.md", "A falcon.\n");
    let own = env.run(&["index"]);
    assert!(!own.stderr.contains("the index is in"), "{own:?}");
    let below = finish(env.command(&["index"]).current_dir(env.path().join("n")));
    let base = env.path().canonicalize().expect("a folder");
    let said = format!(
        "the index is in `{0}/.excerpt`, for files in `{0}`",
        base.display()
    );
    assert!(below.stderr.contains(&said), "{below:?}");
    let other = env.run(&["query", "falcon", "n", "--index", "other/x"]);
    assert!(
        other.stderr.contains("indexing `n` into `other/x`"),
        "{other:?}"
    );
}
