//! Holds the sections on a cluster against what is known of their sources.

use std::collections::HashMap;

use super::cleaning::counted_sections;
use super::names::source_id;
use super::snapshot::ClusterSnapshot;
use crate::engine::{Depth, EngineError, Verification};

/// How many faults are named.
const MOST_FAULTS: usize = 20;

/// Says what is wrong with this owner's part of the index.
pub(super) fn verify(
    snapshot: &ClusterSnapshot,
    depth: Depth,
) -> Result<Verification, EngineError> {
    let (shared, own) = (&snapshot.shared, &snapshot.own);
    let mut faults = Vec::new();
    if snapshot
        .seen
        .as_ref()
        .is_none_or(|seen| seen.record.changes == 0)
    {
        // This machine has written nothing yet.
        return match depth {
            Depth::Sums => Ok(Verification::default()),
            Depth::Full => Err(EngineError::Unsupported(format!(
                "owner `{}` has nothing in the index",
                shared.options.owner
            ))),
        };
    }
    let sections = shared
        .cluster
        .count(&shared.names.sections(&shared.options.owner))?;
    if sections != own.catalog.sections() {
        faults.push(format!(
            "{sections} sections are there, of {} that the sources have",
            own.catalog.sections()
        ));
    }
    if depth == Depth::Full {
        faults.extend(faults_of_sources(snapshot)?);
    }
    faults.truncate(MOST_FAULTS);
    Ok(Verification {
        files: 0,
        bytes: 0,
        sections,
        faults,
        ..Verification::default()
    })
}

/// Sources of which other sections are there than they have, and sections without a source.
fn faults_of_sources(snapshot: &ClusterSnapshot) -> Result<Vec<String>, EngineError> {
    let (shared, own) = (&snapshot.shared, &snapshot.own);
    let owner = &shared.options.owner;
    let mut known: HashMap<String, (u32, u64)> = HashMap::new();
    for source in own.catalog.sources() {
        let articles = own.catalog.articles_of(source);
        let sections = articles.filter_map(|article| own.catalog.article(article));
        let sections: u64 = sections.map(|article| u64::from(article.sections)).sum();
        if sections > 0 {
            let id = source_id(owner, &own.catalog.path(source));
            known.insert(id, (source, sections));
        }
    }
    let mut faults = Vec::new();
    counted_sections(
        shared,
        &mut |source, generation, count| match known.get(source) {
            Some(&(number, _)) if own.generation(number) != generation => faults.push(format!(
                "`{}`: {count} sections of run {generation} are left",
                own.catalog.path(number)
            )),
            Some(&(number, sections)) => {
                if sections != count {
                    faults.push(format!(
                        "`{}`: {count} sections are there, of {sections}",
                        own.catalog.path(number)
                    ));
                }
                known.remove(source);
            }
            None => faults.push(format!(
                "{count} sections of no source, of run {generation}"
            )),
        },
    )?;
    let missing = known.values().map(|&(source, sections)| {
        format!(
            "`{}`: none of its {sections} sections is there",
            own.catalog.path(source)
        )
    });
    faults.extend(missing);
    Ok(faults)
}
