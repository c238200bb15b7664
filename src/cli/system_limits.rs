//! Limits of the system, as people set them: named in messages, and met with an error, not with a signal.

/// What the system says where a limit is met, and what people call that.
///
/// Source: `errno(3)`, `getrlimit(2)`; the numbers are those of Linux, macOS and the BSDs.
const MET: [(&str, &str); 11] = [
    (
        "Too many open files in system (os error 23)",
        "too many open files in the whole system",
    ),
    (
        "Too many open files (os error 24)",
        "too many open files (ulimit -n)",
    ),
    (
        "No file descriptors available (os error 24)",
        "too many open files (ulimit -n)",
    ),
    (
        "File too large (os error 27)",
        "a file grows beyond the limit on its size (ulimit -f)",
    ),
    (
        "Cannot allocate memory (os error 12)",
        "no more memory to be had (ulimit -v)",
    ),
    (
        "Out of memory (os error 12)",
        "no more memory to be had (ulimit -v)",
    ),
    (
        "Resource temporarily unavailable (os error 11)",
        "no more threads to be had (ulimit -u)",
    ),
    (
        "Resource temporarily unavailable (os error 35)",
        "no more threads to be had (ulimit -u)",
    ),
    (
        "Failed to spawn segment updater thread",
        "no more threads to be had (ulimit -u)",
    ),
    (
        "Failed to spawn segment merging thread",
        "no more threads to be had (ulimit -u)",
    ),
    // Tantivy does not say what its thread met.
    (
        "An error occurred in a thread: 'An index writer was killed.. A worker thread encountered an error (io::Error most \
         likely) or panicked.'",
        "a thread that writes it failed: the disk is full, or a limit was met (ulimit -f, -n, -v)",
    ),
];

/// A message in which limits of the system have the names by which people set them.
pub(super) fn with_names(message: &str) -> String {
    let named = |message: String, (said, name): &(&str, &str)| message.replace(said, name);
    MET.iter().fold(message.to_string(), named)
}

/// What a panic says of a thread that could not be started, in people's words; `None` of another panic.
pub(super) fn of_panic(message: &str) -> Option<&'static str> {
    (message.contains("failed to spawn thread")).then_some("no more threads to be had (ulimit -u)")
}

/// Makes the write that goes beyond the limit on a file's size fail, in place of a signal that ends the program.
pub(super) fn take_errors_for_signals() {
    #[cfg(unix)]
    {
        let seen = std::sync::Arc::default();
        // Where there is no handler, the signal ends the program as it would any other.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, seen);
    }
}

/// Ends the program with this status where the user or the system asks for it. No thread waits for that: it would take a
/// good part of a short query's time.
pub(super) fn end_on_signals(status: i32) {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let always = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let always = std::sync::Arc::clone(&always);
            let _ = signal_hook::flag::register_conditional_shutdown(signal, status, always);
        }
    }
    #[cfg(not(unix))]
    {
        let _ = ctrlc::set_handler(move || std::process::exit(status));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_the_names_by_which_they_are_set() {
        let error = |code| std::io::Error::from_raw_os_error(code).to_string();
        if cfg!(target_os = "linux") {
            assert_eq!(with_names(&error(24)), "too many open files (ulimit -n)");
            assert_eq!(
                with_names(&format!("cannot write `x`: {}", error(27))),
                "cannot write `x`: a file grows beyond the limit on its size (ulimit -f)"
            );
            assert!(with_names(&error(11)).ends_with("(ulimit -u)"));
            assert!(with_names(&error(12)).ends_with("(ulimit -v)"));
            assert!(with_names(&error(23)).contains("whole system"));
        }
        assert_eq!(with_names("no hit"), "no hit");
    }
}
