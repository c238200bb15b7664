//! An evaluation beside an earlier one: what was lost and won, whether it could be chance, and which documents moved.

use std::collections::BTreeMap;

use super::baseline::{Baseline, BaselineTopic, ranks};
use super::measures::EvalMeasure;
use super::run::{Evaluation, TopicResult};

/// Smaller differences come from rounding.
const EQUAL: f64 = 1e-9;
/// Up to so many topics that differ, all signs are tried; beyond, random ones.
const MAX_EXACT: usize = 16;
/// How many random signs are tried.
const SAMPLES: u32 = 20_000;

/// What became of a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanChange {
    /// The measure.
    pub measure: EvalMeasure,
    /// Its mean before, over the topics of both runs.
    pub before: f64,
    /// Its mean now, over the same topics.
    pub now: f64,
    /// How many topics are better than before.
    pub won: usize,
    /// How many are worse.
    pub lost: usize,
    /// How likely a difference as large is by chance; see [`randomisation`].
    pub p: f64,
}

/// What became of a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicChange {
    /// Its id.
    pub id: String,
    /// Its query.
    pub query: String,
    /// The first measure before.
    pub before: f64,
    /// The first measure now.
    pub now: f64,
    /// The documents that moved, relevant ones first.
    pub moves: Vec<Move>,
}

/// A document that moved: one that is relevant, or stood among the first ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its name as in the judgements.
    pub doc: String,
    /// Its grade; `None` where it is not judged.
    pub grade: Option<i64>,
    /// Its rank before, 1-based; `None` where that is not known to be among the first.
    pub before: Option<usize>,
    /// Its rank now.
    pub now: Option<usize>,
}

/// An evaluation beside a baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The measures that both have.
    pub changes: Vec<MeanChange>,
    /// The topics whose first measure changed, the greatest loss first, then the greatest gain last.
    pub topics: Vec<TopicChange>,
    /// How many topics both have.
    pub common: usize,
    /// How many topics only the baseline has.
    pub only_before: usize,
    /// How many topics only this run has.
    pub only_now: usize,
}

impl Comparison {
    /// Whether no measure of quality dropped by more than `max_drop`.
    #[must_use]
    pub fn holds(&self, max_drop: f64) -> bool {
        self.dropped(max_drop).next().is_none()
    }

    /// The measures of quality that dropped by more than `max_drop`.
    pub fn dropped(&self, max_drop: f64) -> impl Iterator<Item = &MeanChange> {
        let changes = self.changes.iter();
        changes.filter(move |c| c.measure.is_quality() && c.before - c.now > max_drop + EQUAL)
    }
}

/// Holds an evaluation beside a baseline, over the topics that both have.
///
/// # Errors
/// Says what is missing where they have no topic in common, or the baseline lacks a measure.
pub fn compare(baseline: &Baseline, now: &Evaluation) -> Result<Comparison, String> {
    let before: BTreeMap<&str, &BaselineTopic> =
        baseline.topics.iter().map(|t| (t.id.as_str(), t)).collect();
    let pairs: Vec<(&BaselineTopic, &TopicResult)> = now
        .topics
        .iter()
        .filter_map(|topic| Some((*before.get(topic.id.as_str())?, topic)))
        .collect();
    if pairs.is_empty() {
        return Err("the baseline has none of these topics".to_string());
    }
    let mut changes = Vec::new();
    for (at, &measure) in now.measures.iter().enumerate() {
        changes.push(change(measure, at, &pairs)?);
    }
    let first = now
        .measures
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut topics: Vec<TopicChange> = pairs
        .iter()
        .filter_map(|(a, b)| topic_change(&first, a, b))
        .collect();
    topics.sort_by(|a, b| (a.now - a.before).total_cmp(&(b.now - b.before)));
    Ok(Comparison {
        changes,
        topics,
        common: pairs.len(),
        only_before: baseline.topics.len() - pairs.len(),
        only_now: now.topics.len() - pairs.len(),
    })
}

fn change(
    measure: EvalMeasure,
    at: usize,
    pairs: &[(&BaselineTopic, &TopicResult)],
) -> Result<MeanChange, String> {
    let name = measure.to_string();
    let missing = || format!("the baseline has no {name}; `--save` makes one that has");
    let mut differences = Vec::with_capacity(pairs.len());
    let (mut sum_before, mut sum_now) = (0.0, 0.0);
    for (before, now) in pairs {
        let (before, now) = (
            before.values.get(&name).copied().ok_or_else(missing)?,
            now.values.get(at).copied().ok_or_else(missing)?,
        );
        sum_before += before;
        sum_now += now;
        differences.push(now - before);
    }
    Ok(MeanChange {
        measure,
        before: sum_before / pairs.len() as f64,
        now: sum_now / pairs.len() as f64,
        won: differences.iter().filter(|&&d| d > EQUAL).count(),
        lost: differences.iter().filter(|&&d| d < -EQUAL).count(),
        p: randomisation(&differences),
    })
}

fn topic_change(measure: &str, before: &BaselineTopic, now: &TopicResult) -> Option<TopicChange> {
    let was = before.values.get(measure).copied()?;
    let is = now.values.first().copied()?;
    if (is - was).abs() <= EQUAL {
        return None;
    }
    let ranks_now = ranks(now);
    let place = |doc: &str| now.ranking.iter().position(|ranked| ranked.doc == doc);
    let mut moves: Vec<Move> = Vec::new();
    for doc in before.ranks.keys().chain(
        ranks_now
            .keys()
            .filter(|doc| !before.ranks.contains_key(*doc)),
    ) {
        let at = place(doc);
        let moved = Move {
            doc: doc.clone(),
            grade: now.judged.get(doc).copied(),
            before: before.ranks.get(doc).copied(),
            now: at.map(|at| at + 1),
        };
        if moved.before != moved.now {
            moves.push(moved);
        }
    }
    moves.sort_by_key(|m| {
        let best = m.before.into_iter().chain(m.now).min();
        (
            std::cmp::Reverse(m.grade.unwrap_or(0).max(0)),
            best,
            m.doc.clone(),
        )
    });
    Some(TopicChange {
        id: now.id.clone(),
        query: now.query.clone(),
        before: was,
        now: is,
        moves,
    })
}

/// The p of a paired randomisation test, two-sided: the share of all ways to swap the two runs topic by topic that make
/// the mean difference at least as large as it is. Beyond sixteen topics that differ it is estimated from 20,000 ways,
/// the same ones each time.
///
/// Source: Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval
/// Evaluation" (2007), section 3.1.
#[must_use]
pub fn randomisation(differences: &[f64]) -> f64 {
    let differing: Vec<f64> = differences
        .iter()
        .copied()
        .filter(|d| d.abs() > EQUAL)
        .collect();
    let observed = differing.iter().sum::<f64>().abs() - EQUAL;
    let reaches = |signs: &dyn Fn(usize) -> bool| {
        let signed = |(i, d): (usize, &f64)| if signs(i) { *d } else { -d };
        differing.iter().enumerate().map(signed).sum::<f64>().abs() >= observed
    };
    if differing.len() <= MAX_EXACT {
        let ways = 1u32 << differing.len();
        let reached = (0..ways)
            .filter(|way| reaches(&|i| way >> i & 1 == 1))
            .count();
        return reached as f64 / f64::from(ways);
    }
    let mut random = SplitMix(0x9e37_79b9_7f4a_7c15);
    let mut reached = 1;
    for _ in 0..SAMPLES {
        let bits: Vec<u64> = (0..differing.len().div_ceil(64))
            .map(|_| random.next())
            .collect();
        let is_set = |i: usize| {
            let word = bits.get(i / 64);
            word.is_some_and(|word| word >> (i % 64) & 1 == 1)
        };
        reached += u32::from(reaches(&is_set));
    }
    f64::from(reached) / f64::from(SAMPLES + 1)
}

/// Random numbers, the same ones each time.
///
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_counted_over_all_signs() {
        assert_eq!(randomisation(&[]), 1.0);
        assert_eq!(randomisation(&[0.0, 0.2]), 1.0);
        // Of eight ways two have all signs equal.
        assert_eq!(randomisation(&[0.1, 0.1, 0.1]), 0.25);
        // Of sixteen ways: the sums 0.1 and -0.1 or further from 0, which all are.
        assert_eq!(randomisation(&[0.1, 0.2, -0.1, -0.1]), 1.0);
    }

    #[test]
    fn many_topics_are_sampled_near_the_exact_value() {
        let one_sided = [0.1; 20];
        assert!(randomisation(&one_sided) < 0.001);
        let even: Vec<f64> = (0..40)
            .map(|i| if i % 2 == 0 { 0.1 } else { -0.1 })
            .collect();
        assert_eq!(randomisation(&even), 1.0);
        // 17 differences of one size, 13 of them up: the binomial test gives 2 * P(X >= 13) = 0.049.
        let lopsided: Vec<f64> = (0..17).map(|i| if i < 13 { 0.1 } else { -0.1 }).collect();
        assert!((randomisation(&lopsided) - 0.049).abs() < 0.006);
    }
}
