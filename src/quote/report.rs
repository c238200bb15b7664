//! How judged quotations are printed.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::classify::{Piece, Standing};
use super::judge::{Found, JudgedQuotation};
use crate::printer::{
    CheckOutcome, CheckedCase, Report, clean, clean_line, with_coverage, write_annotations,
    write_junit_report, write_value,
};
use crate::search::Coverage;

/// How many characters of a quotation people see on its line.
const MAX_SHOWN_CHARS: usize = 60;

/// All that was judged.
#[derive(Debug, Clone)]
pub struct Verdicts {
    /// The quotations, each with the file that it was read from.
    pub judged: Vec<(String, JudgedQuotation)>,
    /// How many stretches in marks were left out, since they have too few words.
    pub short: usize,
    /// Whether only verbatim quotations hold.
    pub strict: bool,
    /// What the verdicts rest on.
    pub coverage: Coverage,
}

impl Verdicts {
    /// Whether a quotation holds.
    #[must_use]
    pub fn accepts(&self, standing: Standing) -> bool {
        standing == Standing::Verbatim || (standing == Standing::Normalised && !self.strict)
    }

    /// Whether all quotations hold.
    #[must_use]
    pub fn hold(&self) -> bool {
        self.judged
            .iter()
            .all(|(_, judged)| self.accepts(judged.standing))
    }

    fn count(&self, standing: Standing) -> usize {
        self.judged
            .iter()
            .filter(|(_, judged)| judged.standing == standing)
            .count()
    }
}

/// The ways to print verdicts.
pub static REPORTS: [Report<Verdicts>; 4] = [
    Report {
        name: "text",
        about: "for people",
        print: text,
    },
    Report {
        name: "ndjson",
        about: "one JSON object a line, for programs",
        print: ndjson,
    },
    Report {
        name: "junit",
        about: "JUnit XML",
        print: write_junit,
    },
    Report {
        name: "github",
        about: "annotations of GitHub workflows",
        print: github,
    },
];

fn text(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    for (file, judged) in &verdicts.judged {
        let JudgedQuotation {
            quotation,
            standing,
            found,
        } = judged;
        let (file, name) = (clean(file), standing.name());
        writeln!(
            out,
            "{name:11} {file}:{}:{}  {}",
            quotation.line,
            quotation.column,
            short(&quotation.text)
        )?;
        let Some(found) = found else {
            continue;
        };
        let changed = if found.verified == Some(false) {
            "  (changed since it was indexed)"
        } else {
            ""
        };
        writeln!(out, "{:11} {}{changed}", "", place(found))?;
        if *standing != Standing::Verbatim {
            writeln!(out, "{:11} {}", "", clean_line(&difference(found)))?;
        }
    }
    let counts: Vec<String> = Standing::ALL
        .iter()
        .map(|&standing| format!("{} {}", verdicts.count(standing), standing.name()))
        .collect();
    let short = match verdicts.short {
        0 => String::new(),
        short => format!("; too short to look for: {short}"),
    };
    writeln!(
        out,
        "quotations: {} ({}){short}",
        verdicts.judged.len(),
        counts.join(", ")
    )?;
    let coverage = &verdicts.coverage;
    writeln!(
        out,
        "looked for in {} sections of {} files",
        coverage.sections, coverage.files
    )
}

/// `path:line:column` of what was found.
fn place(found: &Found) -> String {
    format!(
        "{}:{}:{}",
        clean(&found.path.to_text()),
        found.start.line,
        found.start.column
    )
}

/// Both texts in one: `[-quoted-]{+source+}` where they differ, as `git diff --word-diff` writes it.
fn difference(found: &Found) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => text.clone(),
        Piece::Gap => "[…]".to_string(),
        Piece::Changed { quoted, source } => {
            let quoted = if quoted.is_empty() {
                String::new()
            } else {
                format!("[-{quoted}-]")
            };
            let source = if source.is_empty() {
                String::new()
            } else {
                format!("{{+{source}+}}")
            };
            quoted + &source
        }
    };
    found.pieces.iter().map(piece).collect::<Vec<_>>().join(" ")
}

fn short(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.into_owned(),
    }
}

fn ndjson(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    for (file, judged) in &verdicts.judged {
        let JudgedQuotation {
            quotation,
            standing,
            found,
        } = judged;
        let record = json!({
            "v": 1,
            "type": "quotation",
            "file": file,
            "line": quotation.line,
            "column": quotation.column,
            "text": quotation.text,
            "status": standing.name(),
            "holds": verdicts.accepts(*standing),
            "source": found.as_ref().map(source_value),
        });
        write_value(&record, out)?;
    }
    let mut summary = json!({
        "v": 1,
        "type": "summary",
        "quotations": verdicts.judged.len(),
        "too_short": verdicts.short,
        "holds": verdicts.hold(),
    });
    if let Some(fields) = summary.as_object_mut() {
        let counts = Standing::ALL
            .iter()
            .map(|&s| (s.name().to_string(), json!(verdicts.count(s))));
        fields.extend(counts);
    }
    write_value(&with_coverage(summary, &verdicts.coverage), out)
}

fn source_value(found: &Found) -> Value {
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => json!({"same": text}),
        Piece::Changed { quoted, source } => json!({"quoted": quoted, "source": source}),
        Piece::Gap => json!({"gap": true}),
    };
    json!({
        "id": found.id,
        "path": crate::printer::path_value(&found.path),
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "distance": found.distance,
        "difference": found.pieces.iter().map(piece).collect::<Vec<_>>(),
        "verified": found.verified,
    })
}

/// Writes verdicts as JUnit XML: a suite for each document.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_junit(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    write_junit_report("excerpt quote", &cases(verdicts), out)
}

fn github(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    write_annotations(&cases(verdicts), out)
}

fn cases(verdicts: &Verdicts) -> Vec<CheckedCase> {
    let case = |(file, judged): &(String, JudgedQuotation)| CheckedCase {
        name: short(&judged.quotation.text),
        file: file.clone(),
        line: judged.quotation.line,
        outcome: match verdicts.accepts(judged.standing) {
            true => CheckOutcome::Passed,
            false => failure(judged),
        },
    };
    verdicts.judged.iter().map(case).collect()
}

fn failure(judged: &JudgedQuotation) -> CheckOutcome {
    let mut details = vec![("quoted".to_string(), judged.quotation.text.clone())];
    let mut message = format!("the quotation is {}", judged.standing.name());
    if let Some(found) = &judged.found {
        message = format!("{message}: {}", place(found));
        details.push(("source".to_string(), found.text.clone()));
        details.push(("difference".to_string(), difference(found)));
        details.push(("place".to_string(), place(found)));
    } else {
        details.push((
            "source".to_string(),
            "nothing like it in the index".to_string(),
        ));
    }
    CheckOutcome::Failed { message, details }
}
