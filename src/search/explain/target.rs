//! Which section an id names, and what to say where it names none.

use std::path::Path;

use crate::catalog::{Outcome, Record};
use crate::engine::{EngineError, Hit, SectionKey, StoredSection};
use crate::search::{Absence, Chosen, Error, Index, id_of};
use crate::source::StoredPath;

/// A file of so many sections has all of them named.
const MAX_LISTED: usize = 8;
/// How many sections of a larger file are named.
const NEAREST: usize = 5;

/// A section that was asked for.
pub(super) struct Target {
    pub(super) record: Record,
    pub(super) key: SectionKey,
    pub(super) stored: StoredSection,
    pub(super) chosen: Option<Chosen>,
}

/// The section that `id`, or the path of a file, names. `hits` are those of the query, best first.
pub(super) fn target(index: &Index, id: &str, hits: &[Hit]) -> Result<Target, Error> {
    if let Some(source) = index.source_of_id(id) {
        return of_file(index, source, hits);
    }
    let mut failed = None;
    for (at, _) in id.match_indices('#') {
        let Some(source) = index.source_of_id(&id[..at]) else {
            continue;
        };
        match of_anchor(index, source, &id[at + 1..]) {
            // A path may hold a `#` itself; a longer one may be meant.
            Err(error) => failed = Some(error),
            found => return found,
        }
    }
    Err(failed.unwrap_or_else(|| unknown(index, id)))
}

fn of_file(index: &Index, source: u32, hits: &[Hit]) -> Result<Target, Error> {
    let record = indexed(index, source)?;
    let best = hits.iter().find(|hit| hit.source == source);
    let (key, chosen) = match best {
        Some(hit) => (hit.key, Chosen::Best),
        None => {
            let keys = index.engine().sections_of(source)?;
            let missing = || EngineError::Damaged("an indexed file has no sections".into());
            (keys.first().copied().ok_or_else(missing)?, Chosen::First)
        }
    };
    Ok(Target {
        stored: index.engine().section(key)?,
        record,
        key,
        chosen: Some(chosen),
    })
}

fn of_anchor(index: &Index, source: u32, anchor: &str) -> Result<Target, Error> {
    let record = indexed(index, source)?;
    let mut anchors = Vec::new();
    for key in index.engine().sections_of(source)? {
        let stored = index.engine().section(key)?;
        if stored.section.anchor == anchor {
            return Ok(Target {
                record,
                key,
                stored,
                chosen: None,
            });
        }
        anchors.push(stored.section.anchor);
    }
    let sections = anchors.len();
    Err(Error::NoSuchAnchor {
        path: record.path.to_text().into_owned(),
        anchor: anchor.to_string(),
        nearest: nearest(anchors, anchor)
            .iter()
            .map(|anchor| id_of(&record.path, anchor))
            .collect(),
        sections,
    })
}

/// The anchors of a small file, in order; of a larger one those that share most with `wanted`.
fn nearest(mut anchors: Vec<String>, wanted: &str) -> Vec<String> {
    if anchors.len() > MAX_LISTED {
        anchors.sort_by_cached_key(|anchor| std::cmp::Reverse(shared_pairs(anchor, wanted)));
        anchors.truncate(NEAREST);
    }
    anchors
}

/// Twice the pairs of neighbouring characters that two words share, in thousandths of all their pairs.
///
/// Source: Dice, "Measures of the amount of ecologic association between species" (1945), on pairs of characters.
fn shared_pairs(a: &str, b: &str) -> usize {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let chars = text.chars().flat_map(char::to_lowercase);
        let behind = chars.clone().skip(1);
        chars.zip(behind).collect()
    };
    let (of_a, mut of_b) = (pairs(a), pairs(b));
    let all = of_a.len() + of_b.len();
    let mut shared: usize = 0;
    for pair in of_a {
        if let Some(at) = of_b.iter().position(|&other| other == pair) {
            of_b.swap_remove(at);
            shared += 2;
        }
    }
    (shared * 1000).checked_div(all).unwrap_or(0)
}

/// What is known of a source whose sections are in the index.
fn indexed(index: &Index, source: u32) -> Result<Record, Error> {
    let record = index.record(source)?;
    match record.outcome {
        Outcome::Indexed => Ok(record),
        Outcome::Unread(reason) => Err(Error::Unread {
            path: record.path.to_text().into_owned(),
            reason,
        }),
    }
}

fn unknown(index: &Index, id: &str) -> Error {
    let path = id.rsplit_once('#').map_or(id, |(path, _)| path);
    let stored = StoredPath::from_path(Path::new(path));
    let file = stored.below(&index.location().base);
    let absence = if !file.exists() {
        Absence::Missing
    } else if file.is_dir() {
        Absence::Folder
    } else if index.covers(&stored) {
        Absence::LeftOut
    } else {
        Absence::Uncovered
    };
    Error::UnknownFile {
        path: path.to_string(),
        absence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_anchors_most_alike_are_named_of_many() {
        let few = vec!["b".to_string(), "a".to_string()];
        assert_eq!(nearest(few.clone(), "a"), few);
        let mut many: Vec<String> = (0..20).map(|i| format!("section-{i}")).collect();
        many.push("installing".into());
        let near = nearest(many, "Instaling");
        assert_eq!((near.len(), near[0].as_str()), (NEAREST, "installing"));
    }
}
