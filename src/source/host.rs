//! The name of this machine.

/// The name of this machine, by which a terminal on another tells that a file is not its own; empty where there is none.
#[must_use]
pub fn host_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    let name = String::new();
    name
}
