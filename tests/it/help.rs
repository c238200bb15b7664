//! What the program says of itself: help, completions and manuals. The commands and their flags are read from the help, so
//! that none is forgotten.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use crate::env::{TestEnv, finish};

fn help(env: &TestEnv, command: &str) -> String {
    let args = [command, "--help"];
    let args: Vec<&str> = args.into_iter().filter(|arg| !arg.is_empty()).collect();
    env.run(&args).success()
}

/// The names of the commands.
fn commands(env: &TestEnv) -> Vec<String> {
    let help = help(env, "");
    let (_, behind) = help.split_once("Commands:\n").expect("a list of commands");
    let lines = behind.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_string)
        .collect()
}

/// The long flags that a command's help shows.
fn flags(help: &str) -> BTreeSet<String> {
    let is_flag = |c: char| c.is_ascii_lowercase() || c == '-';
    let of_line = |line: &str| {
        let line = line.trim_start();
        let flag = match line.split_once(", --") {
            Some((short, long)) if short.len() == 2 && short.starts_with('-') => long,
            _ => line.strip_prefix("--")?,
        };
        let end = flag.find(|c| !is_flag(c)).unwrap_or(flag.len());
        Some(flag[..end].to_string()).filter(|flag| !flag.is_empty())
    };
    // Lines of help, not of examples: these stand further left.
    let lines = help
        .lines()
        .filter(|line| line.starts_with("      -") || line.starts_with("  -"));
    lines.filter_map(of_line).collect()
}

#[test]
fn the_help_of_each_command_is_known() {
    let env = TestEnv::new();
    let commands = commands(&env);
    assert_eq!(commands.len(), 12, "{commands:?}");
    insta::assert_snapshot!("help_", help(&env, ""));
    for command in commands {
        insta::assert_snapshot!(format!("help_{command}"), help(&env, &command));
    }
}

#[test]
fn completions_name_each_command_and_each_of_its_flags() {
    let env = TestEnv::new();
    let scripts = ["bash", "zsh", "fish", "powershell", "elvish", "nushell"]
        .map(|shell| (shell, env.run(&["completions", shell]).success()));
    let mut seen = 0;
    for command in commands(&env) {
        let flags = flags(&help(&env, &command));
        assert!(
            flags.contains("help") && flags.contains("index"),
            "{command}: {flags:?}"
        );
        seen += flags.len();
        for (shell, script) in &scripts {
            assert!(script.contains(&command), "{shell}: {command}");
            // Fish names flags without their hyphens.
            let spelt = |flag: &str| match *shell {
                "fish" => format!("-l {flag} "),
                _ => format!("--{flag}"),
            };
            for flag in &flags {
                assert!(
                    script.replace('\n', " ").contains(&spelt(flag)),
                    "{shell}: {command} --{flag}"
                );
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

/// What bash proposes for the last word of a line; `None` where there is no bash.
fn proposed(script: &str, line: &[&str]) -> Option<Vec<String>> {
    let words = line.join(" ");
    let last = line.last().expect("a word");
    let before = line.get(line.len() - 2).expect("two words");
    let ask = format!(
        "{script}\nCOMP_WORDS=({words}); COMP_CWORD={}; _excerpt excerpt '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        line.len() - 1
    );
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", &ask]).stdin(Stdio::null());
    bash.output().ok()?;
    Some(
        finish(&mut bash)
            .success()
            .lines()
            .map(str::to_string)
            .collect(),
    )
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let env = TestEnv::new();
    let script = env.run(&["completions", "bash"]).success();
    for (line, expected) in [
        (&["excerpt", "out"][..], &["outline"][..]),
        (&["excerpt", "query", "--no-ref"], &["--no-refresh"]),
        (&["excerpt", "query", "--so"], &["--sort"]),
        (&["excerpt", "query", "--sort", "d"], &["date"]),
        (&["excerpt", "quote", "--format", "j"], &["junit"]),
        (&["excerpt", "index", "--sort"], &[""]),
    ] {
        if let Some(proposed) = proposed(&script, line) {
            assert_eq!(proposed, expected, "{line:?}");
        }
    }
    for command in commands(&env) {
        let Some(proposed) = proposed(&script, &["excerpt", &command, "--"]) else {
            continue;
        };
        for flag in flags(&help(&env, &command)) {
            assert!(
                proposed.contains(&format!("--{flag}")),
                "{command} --{flag}: {proposed:?}"
            );
        }
    }
}

#[test]
fn manuals_describe_each_command_and_each_of_its_flags() {
    let env = TestEnv::new();
    let plain = |page: &str| {
        page.replace("\\-", "-")
            .replace("\\fB", "")
            .replace("\\fR", "")
    };
    let whole = plain(&env.run(&["man"]).success());
    assert!(whole.contains(".TH excerpt 1"), "{whole}");
    for command in commands(&env) {
        assert!(
            whole.contains(&format!("excerpt-{command}(1)")),
            "{command}"
        );
        let page = plain(&env.run(&["man", &command]).success());
        assert!(page.contains(&format!(".TH excerpt-{command} 1")), "{page}");
        for flag in flags(&help(&env, &command)) {
            assert!(
                page.contains(&format!("--{flag}")),
                "{command} --{flag}:\n{page}"
            );
        }
    }
    let stderr = env.run(&["man", "nothing"]).failure(2);
    assert!(stderr.contains("there is no command `nothing`"), "{stderr}");
}
