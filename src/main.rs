//! The command line of `excerpt`.

use std::process::ExitCode;

fn main() -> ExitCode {
    excerpt::cli::run()
}
