//! The JSON Schema that is printed, held against what is printed.

use boon::{Compiler, SchemaIndex, Schemas};
use excerpt::quote::{Limit, SenseChange, Standing};
use excerpt::search::RefreshState;
use serde_json::Value;

use crate::env::{TestEnv, records};

struct Checker {
    schemas: Schemas,
    index: SchemaIndex,
    schema: Value,
}

impl Checker {
    fn new(env: &TestEnv) -> Checker {
        let schema: Value =
            serde_json::from_str(&env.run(&["query", "--schema"]).success()).expect("a schema");
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler
            .add_resource("http://localhost/schema.json", schema.clone())
            .expect("a resource");
        let index = compiler
            .compile("http://localhost/schema.json", &mut schemas)
            .expect("a sound schema");
        Checker {
            schemas,
            index,
            schema,
        }
    }

    /// Holds a record against the schema, and the schema against the record: each key has to be described.
    fn check(&self, record: &Value) {
        if let Err(error) = self.schemas.validate(record, self.index) {
            panic!("{record}: {error}");
        }
        let kind = match record["type"].as_str().expect("a type") {
            "summary" if record["quotations"].is_number() => "quote_summary",
            "error" => "quote_error",
            kind => kind,
        };
        self.check_keys(&self.schema["$defs"][kind], record);
    }

    fn check_keys(&self, schema: &Value, value: &Value) {
        // A record or null.
        let schema = match value {
            Value::Object(_) if schema["oneOf"][1]["type"] == "null" => &schema["oneOf"][0],
            _ => schema,
        };
        let schema = match schema["$ref"].as_str() {
            Some(name) => &self.schema["$defs"][name.trim_start_matches("#/$defs/")],
            None => schema,
        };
        match value {
            Value::Object(fields) if schema["properties"].is_object() => {
                for (key, inner) in fields {
                    assert!(
                        schema["properties"][key].is_object(),
                        "{key} is not described: {value}"
                    );
                    self.check_keys(&schema["properties"][key], inner);
                }
            }
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.check_keys(&schema["items"], item)),
            _ => {}
        }
    }
}

#[test]
fn real_output_is_as_the_schema_says() {
    let env = TestEnv::with_corpus();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = env
            .path()
            .join("corpus")
            .join(std::ffi::OsStr::from_bytes(b"bad\xff.txt"));
        std::fs::write(name, "A harbour with a name of its own.\n").expect("a file");
    }
    env.write(
        "batch.tsv",
        "a\tharbour talks\nb\t\"Minsk agreements\"\nc\tnothing at all of it\n",
    );
    env.write("excerpt.toml", "[query]\nlimit = 50\n");
    let checker = Checker::new(&env);
    let mut seen = (0, 0);
    for args in [
        &["harbour"][..],
        &["title:harbour heading:next OR heading:linker"],
        &["date:2023"],
        &["lang:en author:example"],
        &["path:corpus/**", "-k", "100"],
        &["submarine"],
        &["--no-refresh", "minsk"],
        &["-f", "batch.tsv"],
        &["--each", "mention", "harbour talks"],
        &["--stats", "harbour"],
    ] {
        let all = [&["query", "--json"], args].concat();
        for record in records(&env.run(&all).stdout) {
            checker.check(&record);
            match record["type"].as_str() {
                Some("hit" | "mention") => seen.0 += 1,
                _ => seen.1 += 1,
            }
        }
    }
    assert!(seen.0 > 25 && seen.1 == 12, "{seen:?}");
}

#[test]
fn records_of_quotations_are_as_the_schema_says() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    env.write(
        "draft.md",
        "“The cooperative refused” and “a [b] talk … on friday [too]” and “nothing of it at all”.\n\n\
         > Then [he] had offered to keep … ten more years\n\n> had offered […] ten more years. In return the fishers\n",
    );
    env.write("many.md", format!("> {}\n", "word ".repeat(6_000)));
    let run = env.run(&[
        "quote",
        "--json",
        "draft.md",
        "many.md",
        "gone.md",
        "draft.html",
    ]);
    assert_eq!(run.status, 2, "{run:?}");
    let checker = Checker::new(&env);
    let all = records(&run.stdout);
    for record in &all {
        checker.check(record);
    }
    let kinds = ["quotation", "error", "summary"].map(|kind| {
        let own = all.iter().filter(|record| record["type"] == kind);
        own.count()
    });
    assert_eq!(kinds, [6, 2, 1], "{run:?}");
    let mut wrong = all[0].clone();
    wrong["status"] = Value::from("true");
    assert!(checker.schemas.validate(&wrong, checker.index).is_err());
}

#[test]
fn the_schema_refuses_what_is_not_so() {
    let env = TestEnv::with_corpus();
    let checker = Checker::new(&env);
    let good = records(
        &env.run(&["query", "--json", "\"Minsk agreements\""])
            .success(),
    );
    for (at, key, value) in [
        (0, "rank", Value::from(0)),
        (0, "path", Value::from(3)),
        (1, "refresh", Value::from("x")),
    ] {
        let mut record = good[at].clone();
        record[key] = value;
        assert!(
            checker.schemas.validate(&record, checker.index).is_err(),
            "{record}"
        );
    }
}

#[test]
fn the_schema_lists_the_values_that_can_be_printed() {
    let schema: Value = serde_json::from_str(excerpt::printer::SCHEMA).expect("a schema");
    let listed = |record: &str, key: &str| -> Vec<Value> {
        let values = schema["$defs"][record]["properties"][key]["enum"].as_array();
        values.expect("a list of values").clone()
    };
    let values = |names: &[&str], has_null: bool| -> Vec<Value> {
        let null = has_null.then_some(Value::Null);
        names.iter().copied().map(Value::from).chain(null).collect()
    };
    let states = RefreshState::ALL.map(|state| {
        // A new state has to be listed in `ALL` too.
        match state {
            RefreshState::Done
            | RefreshState::Off
            | RefreshState::Busy
            | RefreshState::Partial
            | RefreshState::ReadOnly => state.name(),
        }
    });
    for record in ["summary", "quote_summary"] {
        assert_eq!(
            listed(record, "refresh"),
            values(&states, false),
            "{record}"
        );
    }
    let standings = Standing::ALL.map(Standing::name);
    assert_eq!(listed("quotation", "status"), values(&standings, false));
    let limits = Limit::ALL.map(|limit| match limit {
        Limit::Words | Limit::Gaps | Limit::Work | Limit::Run | Limit::Query => limit.name(),
    });
    assert_eq!(listed("quotation", "limit"), values(&limits, true));
    let changes = [
        SenseChange::Long,
        SenseChange::Sentence,
        SenseChange::Language,
        SenseChange::Word(String::new()),
        SenseChange::Bracket,
    ];
    let reasons = changes.each_ref().map(|change| match change {
        SenseChange::Long
        | SenseChange::Sentence
        | SenseChange::Language
        | SenseChange::Word(_)
        | SenseChange::Bracket => change.name(),
    });
    assert_eq!(listed("gap", "reason"), values(&reasons, true));
}
