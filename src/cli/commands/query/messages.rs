//! What people are told beside the hits of a query.

use crate::printer::{counted, grouped, other_endings};
use crate::refresh::OtherFiles;
use crate::search::{Coverage, SearchResults, SearchTimes, Suggestion};

/// How many hits there are, where not all are shown.
pub(super) fn said_first(results: &SearchResults) -> Option<String> {
    let summary = &results.summary;
    let shown = results.hits.len() as u64;
    if shown == 0 || (shown == summary.matched && summary.matched_exact) {
        return None;
    }
    let hits = counted(summary.matched, "hit", "hits");
    let (first, last) = (results.hits.first()?.rank, results.hits.last()?.rank);
    Some(match summary.matched_exact {
        true => format!("{hits}; {first} to {last} follow (--all shows all)"),
        false => format!("more than {hits} (-c counts them); {first} to {last} follow"),
    })
}

/// Which function words a section need not hold.
pub(super) fn not_required(words: &[String]) -> Option<String> {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    (!words.is_empty()).then(|| format!("not required: {}", words.join(", ")))
}

/// How long an answer took.
pub(super) fn took(times: SearchTimes) -> String {
    let SearchTimes {
        refresh,
        search,
        traffic,
    } = times;
    let mut took = format!("refresh {refresh:.3} s, search {search:.3} s");
    if let Some(traffic) = traffic {
        took.push_str(&format!(
            ", {}, {} bytes sent, {} received",
            counted(traffic.requests, "request", "requests"),
            grouped(traffic.bytes_sent),
            grouped(traffic.bytes_received)
        ));
    }
    took
}

/// What would have matched.
pub(super) fn suggested(suggestion: &Suggestion) -> String {
    match suggestion {
        Suggestion::Respelt(query) => format!("did you mean `{query}`?"),
        Suggestion::OtherSpellings { matched, sign } => {
            let found = grouped(*matched);
            format!("no section has it in this spelling; without `{sign}` it finds {found}")
        }
        Suggestion::AnyWord { matched, is_plain } => {
            let flags = if *is_plain { "--plain --any" } else { "--any" };
            format!(
                "no section contains all the words; `{flags}` finds {}",
                grouped(*matched)
            )
        }
    }
}

/// What "no hit" rests on.
pub(super) fn no_hit(coverage: &Coverage, others: &OtherFiles) -> String {
    let sections = counted(coverage.sections, "section", "sections");
    let files = counted(coverage.files, "file", "files");
    let left_out = match coverage.skipped {
        0 => String::new(),
        skipped => format!(
            "; {} skipped (`excerpt status` names them)",
            counted(skipped, "file", "files")
        ),
    };
    let others = other_endings(others).map_or(String::new(), |all| format!("; not read: {all}"));
    format!("no hit in {sections} of {files}{left_out}{others}")
}
