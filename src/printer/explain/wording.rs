//! What an explanation says in words: of verdicts, gaps, shares and counts.

use crate::printer::{clean, clean_line};
use crate::query::Field;
use crate::search::{Explanation, PhraseGap, Share, SourceState, Verdict};

/// How many of a word's forms are named.
pub(super) const MAX_FORMS: usize = 8;
/// How many words are shown of each end of a long text.
const MAX_ENDS: usize = 4;

/// Of what a term's contribution is made.
pub(super) fn share_text(share: &Share) -> String {
    let weight = match share.weight {
        1.0 => String::new(),
        weight => format!("weight {weight} × "),
    };
    let function = match share.function {
        1.0 => String::new(),
        factor => format!("{factor} for a function word × "),
    };
    let (idf, saturation, tf) = (share.idf, share.saturation, share.tf);
    match share.alone {
        0.0 => format!("{weight}{function}idf {idf:.6} × {saturation:.6} (tf {tf:.6})"),
        alone => format!(
            "{weight}{function}idf {idf:.6} × ({saturation:.6} (tf {tf:.6}) + {alone:.6} of title and heading alone)"
        ),
    }
}

/// Why the explanation may not be of what the file holds now.
pub(super) fn doubt(explanation: &Explanation) -> Option<String> {
    let what = match explanation.source {
        SourceState::Same => return None,
        SourceState::Changed => "the file changed since it was indexed",
        SourceState::Gone => "the file is gone",
        SourceState::Unknown => "the file cannot be read again",
    };
    let still = match explanation.verified {
        Some(true) => "; this section still reads so",
        _ => "; this is of what the index holds",
    };
    Some(format!("{what}{still}"))
}

pub(super) fn verdict(explanation: &Explanation) -> String {
    match (explanation.verdict, &explanation.score) {
        (Verdict::NoMatch, _) | (Verdict::Hit, None) => {
            let failures = explanation.root.failures();
            let failed = listed(failures.iter().map(|clause| clause.text.as_str()));
            format!("no match; what fails: {failed}")
        }
        (Verdict::TitleAlone, _) => {
            "no hit: it matches through the article's title alone, and through that only the article's first \
             section is a hit"
                .to_string()
        }
        (Verdict::Hit, Some(score)) => {
            let rank = score.rank.map_or_else(String::new, |rank| format!(", rank {rank}"));
            format!("score {:.6}{rank} of {}", score.score, explanation.matched)
        }
    }
}

pub(super) fn property_text(property: &str, value: Option<&str>) -> String {
    match (property, value) {
        ("path", Some(path)) => format!("the path is `{}`", clean(path)),
        (_, Some(value)) => format!("the article's {property} is `{}`", clean_line(value)),
        (_, None) => format!("the article has no {property}"),
    }
}

pub(super) fn gap_text(gap: &PhraseGap) -> String {
    match gap {
        PhraseGap::Fields => {
            "the words stand in different fields; a phrase lies in one".to_string()
        }
        PhraseGap::Moved { slop, text } => {
            format!(
                "the words stand as `{}`; a slop of {slop} would match",
                clean(&shortened(text))
            )
        }
        PhraseGap::Spelled { found } => {
            let found = listed(found.iter().map(String::as_str));
            format!("spelled otherwise here: {found}; without `=` or `--exact` that would match")
        }
        PhraseGap::Apart => {
            "the words stand in different paragraphs, or too far from each other".to_string()
        }
    }
}

/// The first and the last words of a long text.
fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ends = (
        words.first_chunk::<MAX_ENDS>(),
        words.last_chunk::<MAX_ENDS>(),
    );
    match ends {
        (Some(first), Some(last)) if words.len() > 2 * MAX_ENDS + 1 => {
            format!("{} … {}", first.join(" "), last.join(" "))
        }
        _ => text.to_string(),
    }
}

/// The fields where something occurs, and how often.
pub(super) fn by_field(frequencies: [u64; Field::COUNT]) -> String {
    let each: Vec<String> = Field::ALL
        .into_iter()
        .zip(frequencies)
        .filter(|(_, frequency)| *frequency > 0)
        .map(|(field, frequency)| format!("{} {frequency}", field.name()))
        .collect();
    each.join(", ")
}

/// The first of some words, and how many more there are.
pub(super) fn listed<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = words.len().saturating_sub(MAX_FORMS);
    let named: Vec<String> = words
        .take(MAX_FORMS)
        .map(|word| format!("`{}`", clean_line(word)))
        .collect();
    match more {
        0 => named.join(", "),
        _ => format!("{} and {more} more", named.join(", ")),
    }
}

pub(super) fn sections(count: u64) -> String {
    match count {
        1 => "in 1 section".to_string(),
        _ => format!("in {count} sections"),
    }
}
