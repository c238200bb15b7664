//! Hostile text in every output: nothing of it moves a cursor, hides, reorders, gives a command to a log, or is run by a
//! spreadsheet, wherever it stands (text, title, headings, path, query, ids, arguments, configuration).

use std::process::Command;

use crate::env::{Run, TestEnv, finish};
use crate::terminals::shown;

/// Kinds of text that harm where they come out as they are.
const PAYLOADS: [&str; 46] = [
    "\u{1b}[31mred",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]52;c;aGk=\u{1b}\\",
    "\u{9b}31m",
    "\u{9d}0;x\u{9c}",
    "\u{90}q",
    "\u{8}\u{8}back",
    "\u{7f}",
    "\u{85}next",
    "\u{b}down",
    "\u{c}page",
    "\u{e}shift",
    "\rback",
    "\u{202e}txet",
    "\u{202a}x\u{202c}",
    "\u{2066}x\u{2069}",
    "\u{2067}x",
    "\u{2068}x",
    "\u{61c}x",
    "\u{200e}x",
    "\u{200f}x",
    "a\u{200b}b",
    "a\u{2060}b",
    "a\u{2064}b",
    "a\u{feff}b",
    "a\u{e0041}b",
    "a\u{ad}b",
    "\u{200c} x",
    "\u{200d} x",
    "a\u{2028}b",
    "a\u{2029}b",
    "::add-mask::x",
    "\u{3000}::error::x",
    "\u{b}::error::x",
    "\r::error::x",
    "\u{85}::error::x",
    "\u{ad}::error::x",
    "##[error]x",
    "#\u{ad}#[error]x",
    "##vso[task.setvariable]x",
    "##teamcity[x]",
    "=1+1",
    "\t=1+1",
    "+1",
    "@SUM(1)",
    "x;=1+1",
];

/// Whether a character may not come out, told apart from what the program makes of it.
fn is_harmful(c: char) -> bool {
    let c = c as u32;
    (c < 0x20 && c != 0xa)
        || (0x7f..=0x9f).contains(&c)
        || [0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff].contains(&c)
        || (0x202a..=0x202e).contains(&c)
        || (0x2060..=0x2067).contains(&c)
        || (0xe0000..=0xe007f).contains(&c)
}

fn corpus() -> TestEnv {
    let env = TestEnv::new();
    for (i, payload) in PAYLOADS.iter().enumerate() {
        let text = format!(
            "{payload} title {payload}\n=====\n\nAuthor: {payload}\n\n{payload} needle {payload}.\n\n\
             Some words before the end of the line {payload} and others behind it {payload} needle.\n\n\
             {payload} heading\n-----\n\n{payload}\n\n{payload} said \"{payload} needle {payload}\".\n"
        );
        env.write(&format!("articles/{payload} {i}.md"), &text);
        let html = format!(
            "<html lang=\"{payload}\"><head><title>{payload}</title><meta name=author content='{payload}'></head>\
             <body><h1>{payload}</h1><p>{payload} needle {payload}</p><pre>needle\n{payload}</pre></body></html>"
        );
        env.write(&format!("articles/{payload} {i}.html"), &html);
    }
    let cases = PAYLOADS.map(|payload| {
        let text = serde_json::json!(format!("{payload} needle")).to_string();
        format!("[[case]]\nname = {text}\nquery = {text}\nplain = true\nany = true\npassage = {text}\nhits = 3\n")
    });
    env.write(
        "cases.toml",
        cases
            .concat()
            .replace('\u{7f}', "\\u007f")
            .replace('\r', "\\r"),
    );
    let topics = PAYLOADS.iter().enumerate().map(|(i, payload)| {
        let id = payload.replace(|c: char| c.is_whitespace(), "");
        (
            format!("{id}{i}\tneedle\n"),
            format!("{id}{i} 0 {id}.md 1\n"),
        )
    });
    let (topics, qrels): (Vec<String>, Vec<String>) = topics.unzip();
    env.write("topics.tsv", topics.concat());
    env.write("qrels.txt", qrels.concat());
    env.write(
        "draft.md",
        PAYLOADS
            .map(|payload| format!("\"{payload} nail {payload} hammer\"\n\n"))
            .concat(),
    );
    assert_eq!(env.run(&["index", "articles"]).status, 0);
    env
}

/// What is run, and whether programs need its output as it is.
fn commands() -> Vec<(Vec<&'static str>, bool)> {
    let mut all = Vec::new();
    for format in ["text", "ndjson", "json", "md", "vimgrep", "csv", "trec"] {
        let args = [
            "query", "needle", "articles", "-k", "200", "--format", format,
        ];
        all.push((args.to_vec(), matches!(format, "csv" | "trec")));
        let batch = ["query", "-f", "topics.tsv", "-k", "3", "--format", format];
        all.push((batch.to_vec(), matches!(format, "csv" | "trec")));
    }
    for format in ["text", "tap", "junit", "github", "json"] {
        all.push((vec!["check", "cases.toml", "--format", format], false));
    }
    for format in ["text", "ndjson", "junit", "github"] {
        all.push((vec!["quote", "draft.md", "--format", format], false));
    }
    let eval = [
        "eval",
        "--topics",
        "topics.tsv",
        "--qrels",
        "qrels.txt",
        "--per-topic",
    ];
    for format in ["text", "ndjson"] {
        all.push(([&eval[..], &["--format", format]].concat(), false));
        all.push((vec!["status", "--format", format], false));
        all.push((vec!["status", "--config", "--format", format], false));
        all.push((vec!["verify", "--format", format], false));
        all.push((vec!["index", "--format", format], false));
    }
    all.push((vec!["query", "-c", "needle"], false));
    all.push((
        vec![
            "query", "needle", "-k", "200", "--scores", "--color", "always",
        ],
        false,
    ));
    all
}

fn checked(run: &Run, what: &str) {
    assert!((0..=2).contains(&run.status), "{what}: {run:?}");
    assert!(!run.stderr.contains("this is a bug"), "{what}: {run:?}");
    for line in run.stdout.lines().chain(run.stderr.lines()) {
        // Colours are the program's own; an escape out of a text would not end so.
        let colours = [
            "\u{1b}[0m",
            "\u{1b}[1m",
            "\u{1b}[2m",
            "\u{1b}[31m",
            "\u{1b}[32m",
            "\u{1b}[35m",
            "\u{1b}[36m",
        ];
        let plain = match what.contains("always") {
            true => {
                (colours.iter()).fold(line.to_string(), |line, colour| line.replace(colour, ""))
            }
            false => line.to_string(),
        };
        assert!(!plain.contains(is_harmful), "{what}: {line:?}");
    }
}

fn has_no_commands(text: &str, what: &str) {
    for line in text.lines() {
        let own = what.contains("github") && line.starts_with("::error file=");
        let begins = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{2068}');
        assert!(own || !begins.starts_with("::"), "{what}: {line:?}");
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.contains(command), "{what}: {line:?}");
        }
    }
}

#[test]
fn t9_t10_no_output_carries_harmful_text() {
    let env = corpus();
    for (args, needs_it_raw) in commands() {
        let what = args.join(" ");
        let run = env.run(&args);
        assert!(!run.stdout.is_empty() && run.status < 2, "{what}: {run:?}");
        checked(&run, &what);
        let run = finish(env.command(&args).env("GITHUB_ACTIONS", "true"));
        checked(&run, &what);
        has_no_commands(&run.stderr, &what);
        if !needs_it_raw {
            has_no_commands(&run.stdout, &what);
        }
    }
}

#[test]
fn t9_t10_each_section_and_file_is_shown_clean() {
    let env = corpus();
    let hits = env.hits(&["needle", "-k", "200"]);
    assert!(hits.len() > PAYLOADS.len(), "{}", hits.len());
    for hit in hits.iter().step_by(3) {
        let id = hit["id"].as_str().expect("an id");
        let path = hit["path"].as_str().expect("a path");
        for args in [
            vec!["show", id],
            vec!["show", id, "--format", "ndjson"],
            vec!["explain", "needle", id],
            vec![
                "explain",
                "needle \"nothing of it\"",
                id,
                "--format",
                "ndjson",
            ],
            vec!["outline", path, "--text", "--explain"],
            vec!["outline", path, "--format", "ndjson"],
        ] {
            let run = finish(env.command(&args).env("TF_BUILD", "True"));
            let what = args.join(" ");
            assert_eq!(run.status, 0, "{what}: {run:?}");
            checked(&run, &what);
            has_no_commands(&format!("{}\n{}", run.stdout, run.stderr), &what);
        }
    }
}

#[test]
fn t10_messages_show_arguments_clean() {
    let env = corpus();
    for payload in PAYLOADS {
        let quoted = format!("\"{payload}");
        let field = format!("{payload}:x");
        let long = format!("--{payload}");
        for args in [
            &["query", &quoted][..],
            &["query", &field],
            &["query", "needle", "--lang", payload],
            &["query", "needle", "--format", payload],
            &["query", "needle", "-k", payload],
            &["query", "needle", "--aliases", payload],
            &["query", "needle", payload],
            &[payload],
            &[&long],
            &["show", payload],
            &["explain", payload, payload],
            &["outline", payload],
            &["index", payload],
            &["check", payload],
            &["quote", payload],
            &["man", payload],
            &["status", "--config", payload],
            &["query", "needle", "--index", payload, "--no-refresh"],
        ] {
            let run = finish(env.command(args).env("TEAMCITY_VERSION", "2024.1"));
            let what = format!("{args:?}");
            checked(&run, &what);
            has_no_commands(&run.stderr, &what);
        }
    }
}

#[test]
fn t9_commands_come_out_as_they_are_where_no_log_is_written() {
    let env = TestEnv::new();
    env.write("a.md", "::error::needle and ##[group] here\n");
    let show = |command: &mut Command| finish(command).success();
    let text = show(&mut env.command(&["query", "needle"]));
    assert!(
        text.contains("\n  ::error::needle and ##[group] here"),
        "{text}"
    );
    let log = show(
        env.command(&["query", "needle"])
            .env("GITHUB_ACTIONS", "true"),
    );
    assert!(
        log.contains("\n  :\\:error::needle and #\\#[group] here"),
        "{log}"
    );
    let records = show(
        env.command(&["query", "needle", "--json"])
            .env("GITHUB_ACTIONS", "true"),
    );
    assert!(records.contains("#\\u0023[group]"), "{records}");
    let plain = show(&mut env.command(&["query", "needle", "--json"]));
    let parsed = |text: &str| crate::env::records(text);
    assert_eq!(parsed(&records), parsed(&plain));
}

#[test]
fn t10_names_alone_are_raw_in_a_pipe_and_clean_on_a_terminal() {
    let env = corpus();
    let list = env.run(&["query", "-l", "needle"]).success();
    let names = list.lines().count();
    assert!(list.contains("articles/\u{1b}[31mred 0.md\n") && names >= PAYLOADS.len());
    let Some(text) = shown(&env, 80, "query -l needle") else {
        return;
    };
    assert!(text.contains("articles/\\u{1b}[31mred 0.md\n"), "{text}");
    assert!(
        text.lines().all(|line| !line.contains(is_harmful)),
        "{text:?}"
    );
}

#[test]
fn t9_a_line_that_wraps_begins_no_command() {
    let env = TestEnv::new();
    let fill = "word ".repeat(40);
    env.write(
        "a.md",
        format!("needle {}\n", format!("{fill}::error::x ").repeat(20)),
    );
    // Lines wrap on a terminal only, which `script` makes.
    let program = env!("CARGO_BIN_EXE_excerpt");
    for columns in [20, 37, 80] {
        let script = format!("stty cols {columns}; '{program}' query needle --width 2000");
        let mut command = Command::new("script");
        command
            .args(["-qec", &script, "/dev/null"])
            .current_dir(env.path())
            .env("HOME", "/nonexistent")
            .env("TERM", "dumb")
            .env("GITHUB_ACTIONS", "true");
        let Ok(output) = command.output() else {
            return; // There is no `script` here.
        };
        let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
        has_no_commands(&text, &format!("{columns} columns"));
    }
}

#[test]
fn t10_no_cell_is_a_formula() {
    let env = corpus();
    let table = env
        .run(&["query", "-f", "topics.tsv", "-k", "200", "--format", "csv"])
        .stdout;
    let mut cells = 0;
    for cell in cells_of(&table) {
        cells += 1;
        for part in cell.split(';') {
            let begins = part.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
            assert!(
                !begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']),
                "{cell:?}"
            );
        }
    }
    assert!(cells > 1000, "{cells}");
}

/// The cells of a table by RFC 4180.
fn cells_of(table: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for c in table.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("a cell").push(c),
        }
    }
    cells
}
