//! Judged quotations as records for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::classify::{Piece, Standing};
use super::judge::{FoundQuotation, JudgedQuotation};
use super::omission::Omission;
use super::sense::SenseChange;
use super::verdicts::Verdicts;
use super::work::Limit;
use crate::printer::{path_value, with_coverage, write_value};

/// Prints a record for each quotation and each document that could not be read, then the summary.
pub(super) fn print_ndjson(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    for (file, judged) in &verdicts.judged {
        write_value(&quotation_value(verdicts, file, judged), out)?;
    }
    for failed in &verdicts.failed {
        let record = json!({
            "v": 1,
            "type": "error",
            "file": failed.file,
            "message": failed.message,
        });
        write_value(&record, out)?;
    }
    let passed_over = verdicts.passed_over().counts();
    let passed_over = passed_over
        .iter()
        .map(|(name, _, count)| ((*name).to_string(), json!(count)));
    let mut summary = json!({
        "v": 1,
        "type": "summary",
        "quotations": verdicts.judged.len(),
        "failed": verdicts.failed.len(),
        "passed_over": Value::Object(passed_over.collect()),
        "sources_left_out": verdicts.left_out.iter().map(path_value).collect::<Vec<_>>(),
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

fn quotation_value(verdicts: &Verdicts, file: &str, judged: &JudgedQuotation) -> Value {
    let JudgedQuotation {
        quotation,
        standing,
        found,
        limit,
    } = judged;
    json!({
        "v": 1,
        "type": "quotation",
        "file": file,
        "line": quotation.line,
        "column": quotation.column,
        "text": quotation.text,
        "status": standing.name(),
        "holds": verdicts.accepts(judged),
        "limit": limit.map(Limit::name),
        "gaps": found.as_ref().map_or_else(Vec::new, |found| found.left_out.iter().map(gap_value).collect()),
        "source": found.as_ref().map(source_value),
    })
}

/// A gap or a bracket: what it stands for, and why that may change the sense.
fn gap_value(own: &Omission) -> Value {
    let word = match &own.change {
        Some(SenseChange::Word(word)) => Some(word),
        _ => None,
    };
    json!({
        "kind": if own.is_gap { "gap" } else { "bracket" },
        "quoted": own.quoted,
        "source": own.source,
        "words": own.words,
        "reason": own.change.as_ref().map(SenseChange::name),
        "word": word,
    })
}

fn source_value(found: &FoundQuotation) -> Value {
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => json!({"same": text}),
        Piece::Changed { quoted, source } => json!({"quoted": quoted, "source": source}),
        Piece::LeftOut(own) => {
            json!({"quoted": own.quoted, "source": own.source.as_deref().unwrap_or("")})
        }
    };
    json!({
        "id": found.id,
        "path": path_value(&found.path),
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "distance": found.distance,
        "difference": found.pieces.iter().map(piece).collect::<Vec<_>>(),
        "verified": found.verified,
    })
}
