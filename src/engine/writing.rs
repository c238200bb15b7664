//! How a change of an index is made.

use std::sync::Arc;
use std::time::Duration;

/// How a change is made.
#[derive(Debug, Clone, Default)]
pub struct WriterOptions {
    /// About how many bytes of text are to come.
    pub volume_bytes: u64,
    /// On how many threads; `None` for all cores.
    pub threads: Option<usize>,
    /// How long the end of another's change is waited for.
    pub wait: Wait,
    /// Whether sources are read as streams, so that memory must not grow with them.
    pub is_streamed: bool,
    /// Whether somebody waits for an answer, so that large segments are left for another time.
    pub is_brief: bool,
}

/// How long the end of another process's change is waited for; by default not at all.
#[derive(Clone, Default)]
pub struct Wait {
    /// The longest wait.
    pub at_most: Duration,
    /// Is told whom a wait is for, once it takes a second.
    pub tell: Option<Tell>,
}

/// Is told whom a wait is for.
pub type Tell = Arc<dyn Fn(&str) + Send + Sync>;

impl std::fmt::Debug for Wait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wait")
            .field("at_most", &self.at_most)
            .finish_non_exhaustive()
    }
}
