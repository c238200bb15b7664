//! The command line of `excerpt`.

use std::process::ExitCode;

/// Reading and indexing allocate much on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    excerpt::cli::run()
}
