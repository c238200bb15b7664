//! Which section an id names, and what to say where it names none.

use std::collections::BTreeSet;
use std::path::Path;

use crate::engine::{
    ArticleKey, EngineError, Hit, Outcome, Record, SectionKey, SourceFilter, StoredSection,
};
use crate::search::lookup::PathTarget;
use crate::search::{Chosen, Error, Index};
use crate::source::StoredPath;

/// A file of so many sections has all of them named.
const MAX_LISTED: usize = 8;
/// How many sections of a larger file are named.
const NEAREST: usize = 5;

/// A section that was asked for.
pub(super) struct SectionTarget {
    pub(super) record: Record,
    pub(super) key: SectionKey,
    pub(super) stored: StoredSection,
    pub(super) chosen: Option<Chosen>,
}

/// The section that `id`, or the path of a file or of a part of one, names. `hits` are those of the query, best first.
pub(super) fn target(index: &Index, id: &str, hits: &[Hit]) -> Result<SectionTarget, Error> {
    if let Some(named) = index.named(id)? {
        return of_path(index, named, hits);
    }
    let mut failed = None;
    for (named, anchor) in index.anchored(id)? {
        match of_anchor(index, named, anchor) {
            // A longer path may be meant.
            Err(error) => failed = Some(error),
            found => return found,
        }
    }
    match failed {
        Some(failed) => Err(failed),
        None => Err(unknown(index, id)?),
    }
}

fn of_path(index: &Index, named: PathTarget, hits: &[Hit]) -> Result<SectionTarget, Error> {
    let first = first_article(index, named)?;
    let articles: BTreeSet<ArticleKey> = match named {
        PathTarget::Article(article) => BTreeSet::from([article]),
        PathTarget::Source(source) => index.snapshot().articles_of(source)?.into_iter().collect(),
    };
    let best = hits.iter().find(|hit| articles.contains(&hit.article));
    let (article, key, chosen) = match best {
        Some(hit) => (hit.article, hit.key, Chosen::Best),
        None => {
            let keys = index.snapshot().sections_of(first)?;
            let missing = || EngineError::Damaged("an indexed file has no sections".into());
            let key = keys.first().copied().ok_or_else(missing)?;
            (first, key, Chosen::First)
        }
    };
    Ok(SectionTarget {
        stored: index.snapshot().section(key)?,
        record: index.record(article)?,
        key,
        chosen: Some(chosen),
    })
}

fn of_anchor(index: &Index, named: PathTarget, anchor: &str) -> Result<SectionTarget, Error> {
    let first = first_article(index, named)?;
    let record = index.record(first)?;
    let missing = |sections, nearest| Error::NoSuchAnchor {
        path: record.source.path.to_text().into_owned(),
        anchor: anchor.to_string(),
        nearest,
        sections,
    };
    let Some(article) = index.only_article(named)? else {
        let mut articles = index.snapshot().articles_of(record.article.source)?;
        articles.truncate(NEAREST);
        let records = index.snapshot().articles(&articles)?;
        let nearest = records.iter().map(|record| record.id_of("top"));
        return Err(missing(record.source.sections as usize, nearest.collect()));
    };
    let mut anchors = Vec::new();
    for key in index.snapshot().sections_of(article)? {
        let stored = index.snapshot().section(key)?;
        if stored.section.anchor == anchor {
            return Ok(SectionTarget {
                record,
                key,
                stored,
                chosen: None,
            });
        }
        anchors.push(stored.section.anchor);
    }
    let sections = anchors.len();
    let nearest = nearest(anchors, anchor);
    let ids = nearest.iter().map(|anchor| record.id_of(anchor));
    Err(missing(sections, ids.collect()))
}

/// The first article that is named, where its source was read.
fn first_article(index: &Index, named: PathTarget) -> Result<ArticleKey, Error> {
    let PathTarget::Source(source) = named else {
        let missing = || EngineError::Damaged("an article is not there".into());
        return Ok(index.only_article(named)?.ok_or_else(missing)?);
    };
    let snapshot = index.snapshot();
    if let Some(&article) = snapshot.articles_of(source)?.first() {
        return Ok(article);
    }
    for row in snapshot.sources(SourceFilter::UNREAD)? {
        let row = row?;
        if let (true, Outcome::Unread(reason)) = (row.key == source, row.record.outcome) {
            let path = row.path().to_text().into_owned();
            return Err(Error::Unread { path, reason });
        }
    }
    Err(EngineError::Damaged("an indexed file has no articles".into()).into())
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

fn unknown(index: &Index, id: &str) -> Result<Error, Error> {
    let path = id.rsplit_once('#').map_or(id, |(path, _)| path);
    let stored = StoredPath::from_path(Path::new(path));
    index.unknown_file(&stored, path)
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
