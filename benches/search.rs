//! Is a query answered no slower than Tantivy answers it, though ranks here are exact?
//!
//! `cargo bench --bench search -- FOLDER [QUERIES]` indexes FOLDER (by default the sample articles, far too few to tell)
//! with `excerpt index`, and its sections with plain Tantivy as it is usually set up (`en_stem`, positions, stored), once
//! in three fields for title, headings and text, once in one. Then each line of QUERIES (by default headings of FOLDER, up
//! to five words of them), and then as many runs of five to eight words out of its texts, whose words are common, are asked
//! in one process, one after the other: all words, any word, as a phrase, with snippets, and counted; figures are the median
//! and the 95th percentile of wall time on one thread, warm, and the ratio of the sums. A batch of 10,000 queries is asked of
//! a process of its own. Prefixes and fuzzy words are compared with all words. SQLite FTS5 (`sqlite3`) and ripgrep (`rg`) are
//! asked the same words for scale where they are installed. Linux only.

#![allow(clippy::indexing_slicing, reason = "a panic ends the bench")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod measure;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use excerpt::analysis::{Language, Morphology};
use excerpt::engine::embedded::EmbeddedSnapshot;
use excerpt::engine::{SearchOptions, Snapshot};
use excerpt::query::{Mode, parse};
use excerpt::search::{Index, Location, SearchRequest};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::snippet::SnippetGenerator;
use tantivy::{ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::measure::plain::{FIELDS, PART, index_plain, write_sections};
use crate::measure::{cost, folder_argument, percentile, run_excerpt, sections_file};

/// How often each query is asked; the shortest time counts.
const ROUNDS: usize = 3;
/// How many queries make a batch.
const BATCH: usize = 10_000;
/// How many hits are asked for.
const TOP: usize = 10;

fn main() {
    let folder = folder_argument();
    let work = tempfile::tempdir().expect("a temporary folder");
    let [ours, sections, fields, plain] =
        ["ours", "sections", "fields", "plain"].map(|name| work.path().join(name));
    let arguments = [
        "--index".as_ref(),
        ours.as_os_str(),
        "index".as_ref(),
        ".".as_ref(),
    ];
    run_excerpt(&arguments, &folder);
    write_sections(&folder, &sections);
    index_plain(&sections, &fields, true);
    index_plain(&sections, &plain, false);
    let queries = queries(&sections);
    let runs = runs_of_words(&sections, queries.len());
    let peers = [Peer::open(&fields, &FIELDS), Peer::open(&plain, &["text"])];
    let ours_open = Ours::open(&ours, &folder);
    for (name, queries) in [("headings", &queries), ("words of texts", &runs)] {
        println!("{} queries ({name}), top {TOP}", queries.len());
        compare(&ours_open, &peers, queries);
        expansions(&ours_open, queries);
    }
    batch(work.path(), &ours, &folder, &queries);
    sqlite(work.path(), &sections, &ours, &folder, &queries);
    ripgrep(&folder, &queries);
}

/// The queries of the second argument, else some headings.
fn queries(sections: &Path) -> Vec<String> {
    if let Some(file) = std::env::args_os()
        .skip(1)
        .filter(|a| a != "--bench")
        .nth(1)
    {
        let text = std::fs::read_to_string(file).expect("the queries");
        return text.lines().map(str::to_string).collect();
    }
    let mut headings = Vec::new();
    sections_file::each(sections, |section| {
        let path = section.split(PART).nth(1).unwrap_or_default();
        let heading = path.lines().next().unwrap_or_default();
        let words: Vec<&str> = heading
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .take(5)
            .collect();
        if words.len() > 1 {
            headings.push(words.join(" "));
        }
    });
    let step = (headings.len() / 300).max(1);
    headings.into_iter().step_by(step).collect()
}

/// Runs of five to eight words out of the texts of sections, as many as that, all over the folder.
fn runs_of_words(sections: &Path, count: usize) -> Vec<String> {
    let mut runs = Vec::new();
    let mut number = 0;
    sections_file::each(sections, |section| {
        let text = section.split(PART).nth(2).unwrap_or_default();
        let words: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        number += 1;
        let len = 5 + number % 4;
        if words.len() > 2 * len {
            let start = number * 7 % (words.len() - len);
            runs.push(words[start..start + len].join(" "));
        }
    });
    let step = (runs.len() / count.max(1)).max(1);
    runs.into_iter().step_by(step).collect()
}

/// Asks 10,000 queries of one process, any word and top 10, and says what one takes.
fn batch(work: &Path, ours: &Path, folder: &Path, queries: &[String]) {
    let file = work.join("batch.tsv");
    let many: Vec<&str> = queries
        .iter()
        .map(String::as_str)
        .cycle()
        .take(BATCH)
        .collect();
    std::fs::write(&file, many.join("\n")).expect("the queries");
    for (name, flags) in [
        ("ids", ["--format=trec"]),
        ("passages", ["--format=ndjson"]),
    ] {
        let mut arguments: Vec<&std::ffi::OsStr> = vec!["--index".as_ref(), ours.as_os_str()];
        let rest = ["query", "--no-refresh", "--plain", "--any", "-k10", "-f"];
        arguments.extend(rest.iter().map(std::ffi::OsStr::new));
        arguments.push(file.as_os_str());
        arguments.extend(flags.iter().map(std::ffi::OsStr::new));
        let cost = run_excerpt(&arguments, folder);
        println!(
            "a batch of {BATCH} queries, {name}: {:.0} µs of CPU a query",
            cost.cpu_seconds * 1e6 / BATCH as f64
        );
    }
}

/// What is asked of both.
#[derive(Clone, Copy)]
enum Kind {
    All,
    Any,
    Phrase,
}

const KINDS: [(&str, Kind); 3] = [
    ("all words", Kind::All),
    ("any word", Kind::Any),
    ("phrase", Kind::Phrase),
];

struct Ours {
    engine: EmbeddedSnapshot,
    index: Index,
    morphology: Morphology,
}

impl Ours {
    fn open(folder: &Path, base: &Path) -> Ours {
        let base = base.canonicalize().expect("the folder");
        Ours {
            engine: EmbeddedSnapshot::open(folder).expect("our index"),
            index: Index::open(Location::named(folder, &base)).expect("our index"),
            morphology: Morphology::of([Language::ENGLISH]),
        }
    }

    fn mode(kind: Kind) -> Mode {
        match kind {
            Kind::All => Mode {
                plain: true,
                ..Mode::default()
            },
            Kind::Any => Mode {
                plain: true,
                any: true,
                ..Mode::default()
            },
            Kind::Phrase => Mode {
                phrase: true,
                ..Mode::default()
            },
        }
    }

    fn hits(&self, text: &str, mode: Mode, limit: usize) -> usize {
        let query = parse(text, mode, &self.morphology).expect(text);
        let options = SearchOptions {
            limit: Some(limit),
            count_up_to: (limit > 0).then_some(1000),
            ..SearchOptions::default()
        };
        let hits = self.engine.search(&query, &options).expect(text);
        hits.hits.len() + hits.matched as usize
    }

    fn passages(&self, text: &str, kind: Kind) -> usize {
        let request = SearchRequest {
            mode: Ours::mode(kind),
            limit: Some(TOP),
            count_up_to: Some(1000),
            ..SearchRequest::default()
        };
        self.index.search(text, &request).expect(text).hits.len()
    }
}

struct Peer {
    searcher: Searcher,
    /// The fields that are searched, the text last.
    fields: Vec<Field>,
    analyzer: tantivy::tokenizer::TextAnalyzer,
}

impl Peer {
    fn open(folder: &Path, fields: &[&str]) -> Peer {
        let index = tantivy::Index::open_in_dir(folder).expect("the plain index");
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .expect("a reader");
        let reader: tantivy::IndexReader = reader;
        Peer {
            searcher: reader.searcher(),
            fields: (fields.iter())
                .map(|name| index.schema().get_field(name).expect("the field"))
                .collect(),
            analyzer: index.tokenizers().get("en_stem").expect("the tokenizer"),
        }
    }

    /// The query as Tantivy's parser makes it of fields: each word, or the phrase, in any of them.
    fn query(&self, text: &str, kind: Kind) -> Box<dyn Query> {
        let mut words = Vec::new();
        let mut analyzer = self.analyzer.clone();
        analyzer
            .token_stream(text)
            .process(&mut |token| words.push(token.text.clone()));
        let term = |field: &Field, word: &String| Term::from_field_text(*field, word);
        let in_fields = |of: &dyn Fn(&Field) -> Box<dyn Query>| -> Box<dyn Query> {
            match self.fields.as_slice() {
                [field] => of(field),
                fields => Box::new(BooleanQuery::new(
                    fields
                        .iter()
                        .map(|field| (Occur::Should, of(field)))
                        .collect(),
                )),
            }
        };
        let occur = match kind {
            Kind::Phrase if words.len() > 1 => {
                let of = |field: &Field| words.iter().map(|word| term(field, word)).collect();
                return in_fields(&|field| Box::new(PhraseQuery::new(of(field))));
            }
            Kind::Phrase | Kind::All => Occur::Must,
            Kind::Any => Occur::Should,
        };
        let clause = |word: &String| {
            let option = IndexRecordOption::WithFreqs;
            let of = |field: &Field| -> Box<dyn Query> {
                Box::new(TermQuery::new(term(field, word), option))
            };
            (occur, in_fields(&of))
        };
        Box::new(BooleanQuery::new(words.iter().map(clause).collect()))
    }

    fn hits(&self, text: &str, kind: Kind) -> usize {
        let query = self.query(text, kind);
        self.searcher
            .search(&query, &TopDocs::with_limit(TOP).order_by_score())
            .expect(text)
            .len()
    }

    fn snippets(&self, text: &str, kind: Kind) -> usize {
        let query = self.query(text, kind);
        let found = self
            .searcher
            .search(&query, &TopDocs::with_limit(TOP).order_by_score())
            .expect(text);
        let generator =
            SnippetGenerator::create(&self.searcher, &*query, self.fields[self.fields.len() - 1])
                .expect("a generator");
        let snippet = |address| {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            generator.snippet_from_doc(&document).highlighted().len()
        };
        found.into_iter().map(|(_, address)| snippet(address)).sum()
    }

    fn count(&self, text: &str, kind: Kind) -> usize {
        self.searcher
            .search(&self.query(text, kind), &Count)
            .expect(text)
    }
}

/// The shortest times of so many queries, in microseconds, of each that they are asked of by their numbers: one right after
/// the other, so that the machine's clock is the same for all.
fn times<const N: usize>(queries: usize, asked: [&dyn Fn(usize) -> usize; N]) -> [Vec<f64>; N] {
    let mut all = [const { Vec::new() }; N];
    for query in 0..queries {
        for (ask, times) in asked.iter().zip(&mut all) {
            let time = |_| {
                let begun = Instant::now();
                std::hint::black_box(ask(query));
                begun.elapsed().as_secs_f64() * 1e6
            };
            times.push((0..ROUNDS).map(time).fold(f64::INFINITY, f64::min));
        }
    }
    all
}

fn compare(ours: &Ours, peers: &[Peer; 2], queries: &[String]) {
    println!(
        "{:18}{:>16}{:>24}{:>24}   ratios of medians, sums",
        "median, 95th (µs)", "excerpt", "Tantivy, three fields", "one field"
    );
    let row = |name: &str, own: &dyn Fn(&str) -> usize, each: &dyn Fn(&Peer, &str) -> usize| {
        let [fields, plain] = peers;
        let times = times(
            queries.len(),
            [
                &|i| own(&queries[i]),
                &|i| each(fields, &queries[i]),
                &|i| each(plain, &queries[i]),
            ],
        );
        let of = |times: Vec<f64>| {
            let sum = times.iter().sum::<f64>();
            (percentile(&times, 50), percentile(&times, 95), sum)
        };
        let [(a, b, c), (x, y, z), (u, v, w)] = times.map(of);
        println!(
            "{name:18}{a:8.0}{b:8.0}{x:14.0}{y:10.0}{u:14.0}{v:10.0}   {:.2} {:.2}; {:.2} {:.2}",
            a / x,
            c / z,
            a / u,
            c / w
        );
    };
    for (name, kind) in KINDS {
        let mode = Ours::mode(kind);
        row(name, &|q| ours.hits(q, mode, TOP), &|peer, q| {
            peer.hits(q, kind)
        });
        row(
            "  with snippets",
            &|q| ours.passages(q, kind),
            &|peer, q| peer.snippets(q, kind),
        );
        row("  counted", &|q| ours.hits(q, mode, 0), &|peer, q| {
            peer.count(q, kind)
        });
    }
}

/// Prefixes and fuzzy words beside the same words in full.
fn expansions(ours: &Ours, queries: &[String]) {
    let with = |end: &str| -> Vec<String> {
        let word = |w: &str| match w.len() {
            0..5 => w.to_string(),
            n if end == "*" && w.is_ascii() => format!("{}*", &w[..n - 1]),
            _ => format!("{w}{end}"),
        };
        queries
            .iter()
            .map(|q| q.split(' ').map(word).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let [full, prefixes, fuzzy] = ["", "*", "~"].map(with);
    let ask = |query: &String| ours.hits(query, Mode::default(), TOP);
    let times = times(
        queries.len(),
        [&|i| ask(&full[i]), &|i| ask(&prefixes[i]), &|i| {
            ask(&fuzzy[i])
        }],
    );
    let [full, prefixes, fuzzy] = times.map(|times| times.iter().sum::<f64>());
    println!(
        "prefixes {:.2}, fuzzy words {:.2} times the words in full",
        prefixes / full,
        fuzzy / full
    );
}

/// CPU of whole processes that answer all queries, any word and top 10.
fn sqlite(work: &Path, sections: &Path, ours: &Path, folder: &Path, queries: &[String]) {
    if Command::new("sqlite3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("sqlite3 is not installed; SQLite FTS5 is not compared");
        return;
    }
    let database = work.join("fts.db");
    let mut fill = String::from(
        "CREATE VIRTUAL TABLE s USING fts5(t, tokenize='porter unicode61');\nBEGIN;\n",
    );
    sections_file::each(sections, |section| {
        let _ = writeln!(
            fill,
            "INSERT INTO s VALUES('{}');",
            section.replace('\'', "''").replace('\0', "")
        );
    });
    fill.push_str("COMMIT;\n");
    let filled = script(work, &database, &fill);
    let mut ask = String::new();
    for query in queries {
        let words: Vec<String> = query.split(' ').map(|w| format!("\"{w}\"")).collect();
        let _ = writeln!(
            ask,
            "SELECT rowid FROM s WHERE s MATCH '{}' ORDER BY bm25(s) LIMIT {TOP};",
            words.join(" OR ")
        );
    }
    let asked = script(work, &database, &ask);
    let file = work.join("queries.tsv");
    std::fs::write(&file, queries.join("\n")).expect("the queries");
    let arguments = [
        "--index".as_ref(),
        ours.as_os_str(),
        "query".as_ref(),
        "--no-refresh".as_ref(),
        "--plain".as_ref(),
        "--any".as_ref(),
        "-k10".as_ref(),
        "-f".as_ref(),
        file.as_os_str(),
    ];
    let own = run_excerpt(&arguments, folder);
    println!(
        "SQLite FTS5: filled in {filled:.2} s of CPU; all queries {asked:.2} s, excerpt {:.2} s",
        own.cpu_seconds
    );
}

/// Runs SQL, and says how many seconds of CPU it took.
fn script(work: &Path, database: &Path, sql: &str) -> f64 {
    let file = work.join("script.sql");
    let mut out = std::fs::File::create(&file).expect("a file");
    out.write_all(sql.as_bytes()).expect("written");
    let mut command = Command::new("sqlite3");
    command
        .arg(database)
        .arg(format!(".read {}", file.display()));
    cost(&command).cpu_seconds
}

fn ripgrep(folder: &Path, queries: &[String]) {
    if Command::new("rg")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("ripgrep is not installed; it is not compared");
        return;
    }
    let mut costs = Vec::new();
    for query in queries.iter().take(10) {
        let mut command = Command::new("rg");
        command.args(["-i", "-l", "-F", query]).arg(folder);
        costs.push(cost(&command).cpu_seconds * 1e6);
    }
    println!(
        "ripgrep reads all files: {:.0} µs of CPU a query (median of {})",
        percentile(&costs, 50),
        costs.len()
    );
}
