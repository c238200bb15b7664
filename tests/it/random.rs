//! Random numbers whose seed is shown where a test fails, and can be given by `EXCERPT_SEED`.

/// Numbers of SplitMix64.
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// Numbers of the seed in the environment, else of one for this run.
    pub(crate) fn new() -> Random {
        let given = std::env::var("EXCERPT_SEED").ok();
        let seed = given.map_or_else(
            || {
                let now = std::time::SystemTime::now();
                let since = now.duration_since(std::time::UNIX_EPOCH);
                since.expect("after 1970").as_nanos() as u64
            },
            |text| text.parse().expect("EXCERPT_SEED is a number"),
        );
        Random { seed, state: seed }
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EXCERPT_SEED={}", self.seed)
    }
}
