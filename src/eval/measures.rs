//! What is measured of a ranking.
//!
//! A document is relevant where its grade is above 0; R is the number of relevant documents of the topic, k the cutoff.
//!
//! | name | value |
//! |---|---|
//! | `ndcg` | Σ gain / log2(rank + 1), divided by that of the ideal ranking of all judged documents; the gain is the grade, 0 below 1 |
//! | `map` | Σ over the relevant documents found of the precision at their rank, divided by R |
//! | `mrr` | 1 / the rank of the first relevant document, 0 without one |
//! | `recall` | the relevant documents found, divided by R |
//! | `p` | the relevant documents among the first k, divided by k, also where fewer were found |
//! | `judged` | the judged documents among the first k, divided by the number of documents there; 1 where there are none |
//!
//! `@k` looks at the first k documents; without it at all that were asked for.
//!
//! Source: trec_eval (`ndcg_cut`, `map_cut`, `recip_rank`, `recall`, `P`); ndcg after Järvelin and Kekäläinen (2002);
//! judged after ir_measures (`Judged@k`).

use std::fmt;
use std::str::FromStr;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EvalMeasure {
    kind: MeasureKind,
    /// How many documents are looked at; `None` for all.
    cutoff: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum MeasureKind {
    Ndcg,
    Map,
    Mrr,
    Recall,
    Precision,
    Judged,
}

const NAMES: [(&str, MeasureKind); 6] = [
    ("ndcg", MeasureKind::Ndcg),
    ("map", MeasureKind::Map),
    ("mrr", MeasureKind::Mrr),
    ("recall", MeasureKind::Recall),
    ("p", MeasureKind::Precision),
    ("judged", MeasureKind::Judged),
];

/// A ranking as judged.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The grades of the documents found, best first; `None` where one is not judged.
    pub found: &'a [Option<i64>],
    /// The grades of all judged documents of the topic.
    pub judged: &'a [i64],
}

impl EvalMeasure {
    /// The value for one topic, from 0 to 1.
    #[must_use]
    pub fn of(&self, answer: &Answer<'_>) -> f64 {
        let cutoff = self.cutoff.unwrap_or(usize::MAX);
        let top = answer.found.get(..cutoff).unwrap_or(answer.found);
        let relevant = answer.judged.iter().filter(|&&grade| grade > 0).count();
        let hits = top.iter().filter(|grade| is_relevant(grade)).count();
        let share = |part: usize, whole: usize| {
            if whole == 0 {
                0.0
            } else {
                part as f64 / whole as f64
            }
        };
        match self.kind {
            MeasureKind::Ndcg => ndcg(top, answer.judged, cutoff),
            MeasureKind::Map => average_precision(top, relevant),
            MeasureKind::Mrr => {
                let first = top.iter().position(is_relevant);
                first.map_or(0.0, |at| 1.0 / (at + 1) as f64)
            }
            MeasureKind::Recall => share(hits, relevant),
            MeasureKind::Precision => share(hits, self.cutoff.unwrap_or(top.len())),
            MeasureKind::Judged if top.is_empty() => 1.0,
            MeasureKind::Judged => share(top.iter().flatten().count(), top.len()),
        }
    }

    /// Whether it says how good an answer is, not how much of it was judged.
    #[must_use]
    pub fn is_quality(&self) -> bool {
        self.kind != MeasureKind::Judged
    }
}

fn is_relevant(grade: &Option<i64>) -> bool {
    grade.is_some_and(|grade| grade > 0)
}

fn ndcg(top: &[Option<i64>], judged: &[i64], cutoff: usize) -> f64 {
    let mut ideal = judged.to_vec();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = dcg(ideal.into_iter().take(cutoff));
    let own = dcg(top.iter().map(|grade| grade.unwrap_or(0)));
    if best > 0.0 { own / best } else { 0.0 }
}

fn dcg(grades: impl Iterator<Item = i64>) -> f64 {
    let gain = |(i, grade): (usize, i64)| grade.max(0) as f64 / libm::log2((i + 2) as f64);
    // Not `sum`, which makes nothing of -0.
    grades
        .enumerate()
        .map(gain)
        .fold(0.0, |sum, gain| sum + gain)
}

fn average_precision(top: &[Option<i64>], relevant: usize) -> f64 {
    let (mut hits, mut sum) = (0, 0.0);
    for (i, grade) in top.iter().enumerate() {
        if is_relevant(grade) {
            hits += 1;
            sum += f64::from(hits) / (i + 1) as f64;
        }
    }
    if relevant == 0 {
        0.0
    } else {
        sum / relevant as f64
    }
}

impl fmt::Display for EvalMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, kind)| *kind == self.kind);
        f.write_str(name.map_or("", |(name, _)| name))?;
        match self.cutoff {
            Some(cutoff) => write!(f, "@{cutoff}"),
            None => Ok(()),
        }
    }
}

impl FromStr for EvalMeasure {
    type Err = String;

    fn from_str(text: &str) -> Result<EvalMeasure, String> {
        let (name, cutoff) = match text.split_once('@') {
            Some((name, cutoff)) => (name, Some(cutoff)),
            None => (text, None),
        };
        let known = NAMES.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        let Some(&(_, kind)) = known else {
            return Err(
                "expected ndcg, map, mrr, recall, p or judged, with @ and a number".to_string(),
            );
        };
        let cutoff = match cutoff.map(str::parse) {
            None if kind == MeasureKind::Precision => {
                return Err("p needs a number, such as p@10".to_string());
            }
            None => None,
            Some(Ok(cutoff)) if cutoff > 0 => Some(cutoff),
            Some(_) => return Err("expected a number above 0 behind @".to_string()),
        };
        Ok(EvalMeasure { kind, cutoff })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(measure: &str, found: &[Option<i64>], judged: &[i64]) -> f64 {
        measure
            .parse::<EvalMeasure>()
            .expect(measure)
            .of(&Answer { found, judged })
    }

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    /// The worked example of Järvelin and Kekäläinen (2002) as Wikipedia's "Discounted cumulative gain" has it: grades
    /// 3, 2, 3, 0, 1, 2 have a DCG of 6.861, the ideal order of them with 3 and 2 more one of 8.740.
    #[test]
    fn ndcg_is_as_in_the_worked_example() {
        let found = [3, 2, 3, 0, 1, 2].map(Some);
        let judged = [3, 2, 3, 0, 1, 2, 3, 2];
        assert_near(dcg(found.iter().flatten().copied()), 6.8611);
        assert_near(value("ndcg@6", &found, &judged), 0.7850);
        assert_near(value("ndcg", &[], &judged), 0.0);
        assert_near(
            value("ndcg", &[Some(-1), Some(1)], &[-1, 1]),
            1.0 / libm::log2(3.0),
        );
    }

    /// Relevant at 1, 3, 6, 9, 10 of five, and at 2, 5, 7 of three: 0.62 and 0.44, as in Manning, Raghavan and
    /// Schütze, "Introduction to Information Retrieval", slides to chapter 8.
    #[test]
    fn average_precision_is_as_in_the_worked_example() {
        let at = |ranks: &[usize]| -> Vec<Option<i64>> {
            (1..=10)
                .map(|rank| ranks.contains(&rank).then_some(1))
                .collect()
        };
        assert_near(value("map", &at(&[1, 3, 6, 9, 10]), &[1; 5]), 0.622222);
        assert_near(value("map", &at(&[2, 5, 7]), &[1; 3]), 0.442857);
        assert_near(
            value("map@3", &at(&[1, 3, 6]), &[1; 5]),
            (1.0 + 2.0 / 3.0) / 5.0,
        );
    }

    #[test]
    fn the_others_count_what_they_say() {
        let found = [None, Some(0), Some(2), None];
        assert_near(value("mrr", &found, &[0, 2, 1]), 1.0 / 3.0);
        assert_near(value("mrr@2", &found, &[0, 2, 1]), 0.0);
        assert_near(value("recall@10", &found, &[0, 2, 1]), 0.5);
        assert_near(value("p@10", &found, &[0, 2, 1]), 0.1);
        assert_near(value("judged@3", &found, &[0, 2, 1]), 2.0 / 3.0);
        assert_near(value("judged@3", &[], &[1]), 1.0);
        assert_near(value("recall", &found, &[0]), 0.0);
    }

    /// Each value by the words of its definition, rank by rank, over all rankings of up to five documents.
    #[test]
    fn every_small_ranking_is_measured_as_by_hand() {
        let grades = [None, Some(0), Some(1), Some(3)];
        for number in 0..4usize.pow(5) {
            let found: Vec<_> = (0..5).map(|i| grades[number / 4usize.pow(i) % 4]).collect();
            let mut judged: Vec<i64> = found.iter().flatten().copied().collect();
            judged.push(2);
            for k in 1..=6 {
                let relevant = |rank: &usize| {
                    found
                        .get(rank - 1)
                        .copied()
                        .flatten()
                        .is_some_and(|g| g >= 1)
                };
                let ranks: Vec<usize> = (1..=k).filter(relevant).collect();
                let all = judged.iter().filter(|&&g| g >= 1).count() as f64;
                let precision =
                    |rank: &usize| (1..=*rank).filter(relevant).count() as f64 / *rank as f64;
                let name = |measure: &str| value(&format!("{measure}@{k}"), &found, &judged);
                assert_near(name("p"), ranks.len() as f64 / k as f64);
                assert_near(name("recall"), ranks.len() as f64 / all);
                assert_near(
                    name("mrr"),
                    ranks.first().map_or(0.0, |&rank| 1.0 / rank as f64),
                );
                assert_near(name("map"), ranks.iter().map(precision).sum::<f64>() / all);
                assert_near(name("ndcg"), brute_ndcg(&found, &judged, k));
            }
        }
    }

    /// The gain of the best of all orders, found by trying each document next.
    fn brute_ndcg(found: &[Option<i64>], judged: &[i64], k: usize) -> f64 {
        let discount = |rank: usize| (rank as f64 + 1.0).log2();
        let own: f64 = (1..=k.min(found.len()))
            .map(|rank| found[rank - 1].unwrap_or(0).max(0) as f64 / discount(rank))
            .sum();
        fn best(left: &[i64], rank: usize, k: usize) -> f64 {
            if rank > k {
                return 0.0;
            }
            let mut most: f64 = 0.0;
            for i in 0..left.len() {
                if left[..i].contains(&left[i]) {
                    continue;
                }
                let mut rest = left.to_vec();
                let gain = rest.remove(i).max(0) as f64 / (rank as f64 + 1.0).log2();
                most = most.max(gain + best(&rest, rank + 1, k));
            }
            most
        }
        let ideal = best(judged, 1, k);
        if ideal == 0.0 { 0.0 } else { own / ideal }
    }

    #[test]
    fn measures_are_read_and_named() {
        for name in ["ndcg@10", "map", "mrr@5", "recall@100", "p@1", "judged@10"] {
            assert_eq!(name.parse::<EvalMeasure>().expect(name).to_string(), name);
        }
        for name in ["ndcgs", "p", "map@0", "map@x", ""] {
            assert!(name.parse::<EvalMeasure>().is_err(), "{name}");
        }
    }
}
