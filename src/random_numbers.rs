//! Numbers that look random, for tests.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Numbers of a linear congruential generator.
pub(crate) struct RandomNumbers {
    /// What they began with, to be shown where a test fails.
    pub(crate) seed: u64,
    state: u64,
}

impl RandomNumbers {
    /// The numbers of this seed, the same in each run.
    pub(crate) fn of(seed: u64) -> RandomNumbers {
        RandomNumbers { seed, state: seed }
    }

    /// Others in each run.
    pub(crate) fn new() -> RandomNumbers {
        RandomNumbers::of(RandomState::new().build_hasher().finish())
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) as usize % end
    }
}
