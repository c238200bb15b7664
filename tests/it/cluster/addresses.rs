//! An index that is named by a URL: what is refused before anything is sent, and by what words.

use crate::env::TestEnv;

/// A port of this machine that nothing listens at.
fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

#[test]
fn addresses_that_will_not_do_are_refused_in_words() {
    let env = TestEnv::with_corpus();
    for (url, said) in [
        ("http://example.org:9200/news", "is another machine"),
        ("https://me:secret@host:9200/news", "holds no credentials"),
        ("https://host:9200", "names no index"),
        ("https://host:9200/News", "`a-z 0-9 _ -`"),
        ("ftp://host/news", "begins with `https://`"),
        ("https://host:9200/news?x=1", "no `?`"),
    ] {
        let run = env.run(&["query", "--index", url, "minsk"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{url}");
        assert!(run.stderr.contains(said), "{url}: {}", run.stderr);
        assert!(!run.stderr.contains("secret"), "{}", run.stderr);
    }
    let run = env.run(&[
        "query",
        "--index",
        "https://host/news",
        "--owner",
        "A b",
        "x",
    ]);
    assert!(run.stderr.contains("no name of an owner"), "{}", run.stderr);
    let run = env.run(&["index", "--forget-owner", "x"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("has no owners"), "{}", run.stderr);
}

#[test]
fn a_cluster_that_is_not_there_is_an_error_soon() {
    let env = TestEnv::with_corpus();
    let url = format!("http://127.0.0.1:{}/news", closed_port());
    for command in [
        &["query", "minsk"][..],
        &["index", "corpus"],
        &["status"],
        &["verify"],
    ] {
        let mut arguments = command.to_vec();
        arguments.extend(["--index", &url, "--timeout", "200ms"]);
        let run = env.run(&arguments);
        assert_eq!(run.status, 2, "{command:?}");
        assert!(run.stderr.contains("not available"), "{}", run.stderr);
    }
}

#[test]
fn a_configuration_says_where_the_index_lies_only_where_it_was_named() {
    let env = TestEnv::with_corpus();
    let url = format!("http://127.0.0.1:{}/news", closed_port());
    env.write("excerpt.toml", format!("[index]\nlocation = '{url}'\n"));
    let found = env.run(&["query", "minsk"]);
    assert_eq!(found.status, 2);
    let said = format!(
        "excerpt.toml:2:12: a configuration that was found does not say where the index lies; type `--index {url}`"
    );
    assert!(found.stderr.contains(&said), "{}", found.stderr);
    let named = env.run(&[
        "query",
        "minsk",
        "--config",
        "excerpt.toml",
        "--timeout",
        "200ms",
    ]);
    assert!(named.stderr.contains("not available"), "{}", named.stderr);
    // A flag goes before it.
    let flag = env.run(&[
        "query",
        "harbour",
        "--config",
        "excerpt.toml",
        "--index",
        ".excerpt",
        "-c",
    ]);
    assert_eq!(flag.status, 0, "{}", flag.stderr);
    // A folder, beside the configuration.
    env.write("other/excerpt.toml", "[index]\nlocation = 'kept'\n");
    let kept = env.run(&["index", "corpus", "--config", "other/excerpt.toml"]);
    assert_eq!(kept.status, 0, "{}", kept.stderr);
    assert!(env.path().join("other/kept").is_dir());
}
