//! Relevance: topics are asked, and the answers held against judgements and against what they were before.
//!
//! [`topics`] and [`qrels`] read the files, [`evaluate`] asks and measures, [`Baseline`] keeps the figures, [`compare`]
//! says what was lost and won.

mod baseline;
mod compare;
mod files;
mod measures;
mod report;
mod run;

pub use baseline::Baseline;
pub use compare::{Comparison, MeanChange, Move, TopicChange, compare, randomisation};
pub use files::{Qrels, Topic, qrels, topics};
pub use measures::{Answer, EvalMeasure};
pub use report::{EvalReport, print_text, write_records};
pub use run::{EvalError, EvalRequest, Evaluation, RankedDoc, TopicResult, evaluate};

/// How many documents of the top are remembered, whatever was judged of them.
pub(crate) const REMEMBERED: usize = 10;
