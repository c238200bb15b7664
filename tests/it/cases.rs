//! How many cases a property is tried on.
//!
//! `EXCERPT_SLOW=N` in the environment tries N times as many.

use proptest::prelude::ProptestConfig;

/// A configuration that tries `count` cases, or as many times more as the environment asks for.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    let times = std::env::var("EXCERPT_SLOW")
        .ok()
        .and_then(|text| text.parse::<u32>().ok())
        .unwrap_or(1);
    ProptestConfig {
        cases: count.saturating_mul(times),
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}
