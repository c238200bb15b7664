//! How an evaluation is printed.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::compare::{Comparison, MeanChange, Move, TopicChange};
use super::run::{Evaluation, TopicResult};
use crate::printer::{clean, with_coverage, with_fields, write_value};

/// How many lost topics, and how many won ones, people see.
const MAX_TOPICS: usize = 10;
/// How many moved documents of a topic people see.
const MAX_MOVES: usize = 5;
/// How many characters of a query people see.
const MAX_QUERY_CHARS: usize = 50;
/// How many judged documents that are not in the index are named.
const MAX_MISSING: usize = 3;

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub struct EvalReport<'a> {
    /// The figures.
    pub evaluation: &'a Evaluation,
    /// The figures beside the baseline, and how much they may drop.
    pub compared: Option<(&'a Comparison, f64)>,
    /// Whether each topic's figures are shown.
    pub per_topic: bool,
}

/// Prints the figures for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_text(report: &EvalReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    if report.per_topic {
        print_topics(evaluation, out)?;
    }
    print_head(evaluation, out)?;
    match report.compared {
        None => print_means(evaluation, out),
        Some((comparison, max_drop)) => print_comparison(comparison, max_drop, out),
    }
}

fn print_head(evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
    let missing = &evaluation.missing;
    let mut named = missing
        .iter()
        .take(MAX_MISSING)
        .map(|doc| clean(doc).into_owned())
        .collect::<Vec<_>>();
    if missing.len() > MAX_MISSING {
        named.push("…".to_string());
    }
    writeln!(out, "topics: {}", evaluation.topics.len())?;
    writeln!(out, "documents asked for each: {}", evaluation.depth)?;
    writeln!(out, "judged documents: {}", evaluation.judged)?;
    let coverage = &evaluation.coverage;
    for (count, words, more) in [
        (
            evaluation.without_relevant as u64,
            "topics without a relevant document, left out",
            String::new(),
        ),
        (
            missing.len() as u64,
            "judged documents that are not in the index",
            format!(" ({})", named.join(", ")),
        ),
        (
            coverage.unreadable,
            "files that could not be read",
            String::new(),
        ),
        (
            coverage.stale.unwrap_or(0),
            "files that changed since they were indexed",
            String::new(),
        ),
    ] {
        if count > 0 {
            writeln!(out, "{words}: {count}{more}")?;
        }
    }
    Ok(())
}

fn print_means(evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{:12}{:>8}", "measure", "mean")?;
    for (at, measure) in evaluation.measures.iter().enumerate() {
        writeln!(out, "{:12}{:8.4}", measure.to_string(), evaluation.mean(at))?;
    }
    Ok(())
}

fn print_topics(evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = evaluation
        .measures
        .iter()
        .map(|m| format!("{:>11}", m.to_string()))
        .collect();
    writeln!(out, "{:11}{}  query", "topic", names.concat())?;
    for topic in &evaluation.topics {
        let values: Vec<String> = topic
            .values
            .iter()
            .map(|value| format!("{value:11.4}"))
            .collect();
        writeln!(
            out,
            "{:11}{}  {}",
            clean(&topic.id),
            values.concat(),
            short(&topic.query)
        )?;
    }
    writeln!(out)
}

fn print_comparison(comparison: &Comparison, max_drop: f64, out: &mut dyn Write) -> io::Result<()> {
    for (count, words) in [
        (
            comparison.only_before,
            "topics of the baseline that are not here, left out",
        ),
        (
            comparison.only_now,
            "topics that are not in the baseline, left out",
        ),
    ] {
        if count > 0 {
            writeln!(out, "{words}: {count}")?;
        }
    }
    writeln!(
        out,
        "\n{:12}{:>8}{:>8}{:>9}{:>6}{:>6}{:>8}",
        "measure", "before", "now", "change", "won", "lost", "p"
    )?;
    for change in &comparison.changes {
        let MeanChange {
            measure,
            before,
            now,
            won,
            lost,
            p,
        } = change;
        let by = now - before;
        writeln!(
            out,
            "{:12}{before:8.4}{now:8.4}{by:+9.4}{won:6}{lost:6}{p:8.4}",
            measure.to_string()
        )?;
    }
    print_changed_topics(comparison, out)?;
    writeln!(out)?;
    let mut dropped = comparison.dropped(max_drop).peekable();
    if dropped.peek().is_none() {
        return writeln!(out, "ok: nothing dropped by more than {max_drop}");
    }
    dropped.try_for_each(|change| {
        let by = change.before - change.now;
        writeln!(
            out,
            "FAIL: {} dropped by {by:.4}, more than {max_drop}",
            change.measure
        )
    })
}

fn print_changed_topics(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let Some(measure) = comparison.changes.first().map(|change| change.measure) else {
        return Ok(());
    };
    let lost: Vec<_> = comparison
        .topics
        .iter()
        .filter(|topic| topic.now < topic.before)
        .collect();
    let won: Vec<_> = comparison
        .topics
        .iter()
        .rev()
        .filter(|topic| topic.now > topic.before)
        .collect();
    for (word, topics) in [("lost", lost), ("won", won)] {
        if topics.is_empty() {
            continue;
        }
        writeln!(out, "\n{word} on {measure}:")?;
        for topic in topics.iter().take(MAX_TOPICS) {
            print_changed(topic, out)?;
        }
        if topics.len() > MAX_TOPICS {
            writeln!(
                out,
                "  and {} more; --format ndjson has them all",
                topics.len() - MAX_TOPICS
            )?;
        }
    }
    Ok(())
}

fn print_changed(topic: &TopicChange, out: &mut dyn Write) -> io::Result<()> {
    let TopicChange { before, now, .. } = topic;
    let (id, query) = (clean(&topic.id), short(&topic.query));
    writeln!(
        out,
        "  {id:10}{before:8.4}{now:8.4}{:+9.4}  {query}",
        now - before
    )?;
    for moved in topic.moves.iter().take(MAX_MOVES) {
        let rank = |rank: Option<usize>| rank.map_or("-".to_string(), |rank| rank.to_string());
        let (before, now) = (rank(moved.before), rank(moved.now));
        writeln!(
            out,
            "  {before:>12} → {now:4} {:10} {}",
            judged(moved),
            clean(&moved.doc)
        )?;
    }
    Ok(())
}

fn judged(moved: &Move) -> String {
    match moved.grade {
        Some(grade) => format!("grade {grade}"),
        None if moved.now.is_none() => String::new(),
        None => "unjudged".to_string(),
    }
}

/// The beginning of a query, for a line of a table.
fn short(query: &str) -> String {
    let text = clean(query);
    match text.char_indices().nth(MAX_QUERY_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}

/// Writes a record for each topic, one for each that changed, and the summary.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_records(report: &EvalReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    for topic in &evaluation.topics {
        write_value(&topic_value(evaluation, topic), out)?;
    }
    if let Some((comparison, _)) = report.compared {
        for topic in &comparison.topics {
            write_value(&change_value(topic), out)?;
        }
    }
    write_value(&summary_value(report), out)
}

fn topic_value(evaluation: &Evaluation, topic: &TopicResult) -> Value {
    let names = evaluation.measures.iter().map(ToString::to_string);
    let values: Map<String, Value> = names
        .zip(topic.values.iter().map(|&value| json!(value)))
        .collect();
    json!({"v": 1, "type": "topic", "id": topic.id, "query": topic.query, "relevant": topic.judged.values().filter(|&&grade| grade > 0).count(),
        "found": topic.ranking.len(), "values": values})
}

fn change_value(topic: &TopicChange) -> Value {
    let moved =
        |m: &Move| json!({"doc": m.doc, "grade": m.grade, "before": m.before, "now": m.now});
    json!({"v": 1, "type": "topic-change", "id": topic.id, "query": topic.query, "before": topic.before,
        "now": topic.now, "moves": topic.moves.iter().map(moved).collect::<Vec<_>>()})
}

fn summary_value(report: &EvalReport<'_>) -> Value {
    let evaluation = report.evaluation;
    let names = evaluation.measures.iter().enumerate();
    let means: Map<String, Value> = names
        .map(|(at, m)| (m.to_string(), json!(evaluation.mean(at))))
        .collect();
    let summary = json!({"v": 1, "type": "eval", "topics": evaluation.topics.len(), "judged": evaluation.judged,
        "without_relevant": evaluation.without_relevant, "missing": evaluation.missing, "depth": evaluation.depth,
        "means": means});
    let summary = with_coverage(summary, &evaluation.coverage);
    let Some((comparison, max_drop)) = report.compared else {
        return summary;
    };
    let change = |c: &MeanChange| {
        json!({"measure": c.measure.to_string(), "before": c.before, "now": c.now, "won": c.won, "lost": c.lost,
            "p": c.p})
    };
    let compared = json!({
        "holds": comparison.holds(max_drop),
        "max_drop": max_drop,
        "common": comparison.common,
        "only_before": comparison.only_before,
        "only_now": comparison.only_now,
        "changes": comparison.changes.iter().map(change).collect::<Vec<_>>(),
    });
    with_fields(summary, compared)
}
