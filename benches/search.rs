//! Is a query answered no slower than Tantivy answers it, though ranks here are exact?
//!
//! `cargo bench --bench search -- FOLDER [QUERIES]` indexes FOLDER (by default the sample articles, far too few to tell)
//! twice: with `excerpt index`, and its sections with plain Tantivy as it is usually set up (one field, `en_stem`,
//! positions, stored). Then each line of QUERIES (by default headings of FOLDER, up to five words of them) is asked in
//! one process, in turn: all words, any word, as a phrase, with snippets, and counted; figures are the median and the
//! 95th percentile of wall time on one thread, warm. Prefixes and fuzzy words are compared with all words. SQLite FTS5
//! (`sqlite3`) and ripgrep (`rg`) are asked the same words for scale where they are installed. Linux only.

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

use crate::measure::plain::{index_plain, write_sections};
use crate::measure::{cost, folder_argument, percentile, run_excerpt, sections_file};

/// How often each query is asked; the shortest time counts.
const ROUNDS: usize = 3;
/// How many hits are asked for.
const TOP: usize = 10;

fn main() {
    let folder = folder_argument();
    let work = tempfile::tempdir().expect("a temporary folder");
    let (ours, sections, plain) = (
        work.path().join("ours"),
        work.path().join("sections"),
        work.path().join("plain"),
    );
    let arguments = [
        "--index".as_ref(),
        ours.as_os_str(),
        "index".as_ref(),
        ".".as_ref(),
    ];
    run_excerpt(&arguments, &folder);
    write_sections(&folder, &sections);
    index_plain(&sections, &plain);
    let queries = queries(&sections);
    println!("{} queries, top {TOP}", queries.len());
    let peer = Peer::open(&plain);
    let ours_open = Ours::open(&ours, &folder);
    compare(&ours_open, &peer, &queries);
    expansions(&ours_open, &queries);
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
        let heading = section.lines().nth(1).unwrap_or_default();
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
    field: Field,
    analyzer: tantivy::tokenizer::TextAnalyzer,
}

impl Peer {
    fn open(folder: &Path) -> Peer {
        let index = tantivy::Index::open_in_dir(folder).expect("the plain index");
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .expect("a reader");
        let reader: tantivy::IndexReader = reader;
        Peer {
            searcher: reader.searcher(),
            field: index.schema().get_field("text").expect("the field"),
            analyzer: index.tokenizers().get("en_stem").expect("the tokenizer"),
        }
    }

    fn query(&self, text: &str, kind: Kind) -> Box<dyn Query> {
        let mut terms = Vec::new();
        let mut analyzer = self.analyzer.clone();
        analyzer
            .token_stream(text)
            .process(&mut |token| terms.push(Term::from_field_text(self.field, &token.text)));
        let occur = match kind {
            Kind::Phrase if terms.len() > 1 => return Box::new(PhraseQuery::new(terms)),
            Kind::Phrase | Kind::All => Occur::Must,
            Kind::Any => Occur::Should,
        };
        let clause = |term| -> (Occur, Box<dyn Query>) {
            (
                occur,
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
            )
        };
        Box::new(BooleanQuery::new(terms.into_iter().map(clause).collect()))
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
            SnippetGenerator::create(&self.searcher, &*query, self.field).expect("a generator");
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

/// The shortest time of each query, in microseconds.
fn times(queries: &[String], ask: impl Fn(&str) -> usize) -> Vec<f64> {
    let time = |query: &String| {
        let begun = Instant::now();
        std::hint::black_box(ask(query));
        begun.elapsed().as_secs_f64() * 1e6
    };
    let shortest = |query| {
        (0..ROUNDS)
            .map(|_| time(query))
            .fold(f64::INFINITY, f64::min)
    };
    queries.iter().map(shortest).collect()
}

fn compare(ours: &Ours, peer: &Peer, queries: &[String]) {
    println!(
        "{:24}{:>20}{:>22}{:>10}",
        "median, 95th, in µs", "excerpt", "Tantivy", "ratios"
    );
    let row = |name: String, ours: Vec<f64>, theirs: Vec<f64>| {
        let of = |times: &[f64]| {
            (
                percentile(times, 50),
                percentile(times, 95),
                times.iter().sum::<f64>(),
            )
        };
        let ((a, b, c), (x, y, z)) = (of(&ours), of(&theirs));
        println!(
            "{name:24}{a:10.0}{b:10.0}{x:12.0}{y:10.0}{:8.2}{:6.2}  sums {:.2}",
            a / x,
            b / y,
            c / z
        );
    };
    for (name, kind) in KINDS {
        let mode = Ours::mode(kind);
        row(
            name.to_string(),
            times(queries, |q| ours.hits(q, mode, TOP)),
            times(queries, |q| peer.hits(q, kind)),
        );
        row(
            "  with snippets".to_string(),
            times(queries, |q| ours.passages(q, kind)),
            times(queries, |q| peer.snippets(q, kind)),
        );
        row(
            "  counted".to_string(),
            times(queries, |q| ours.hits(q, mode, 0)),
            times(queries, |q| peer.count(q, kind)),
        );
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
    let sum = |queries: &[String]| {
        times(queries, |q| ours.hits(q, Mode::default(), TOP))
            .iter()
            .sum::<f64>()
    };
    let plain = sum(&with(""));
    println!(
        "prefixes {:.2}, fuzzy words {:.2} times the words in full",
        sum(&with("*")) / plain,
        sum(&with("~")) / plain
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
