//! A progress bar on standard error, on a terminal only.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::refresh::Progress;
use crate::source::StoredPath;

/// Fewer files show no bar, so that a quick refresh does not flicker.
const MIN_FILES: u64 = 50;

/// Files, bytes, rate and the time that is left.
#[derive(Default)]
pub(super) struct Bar {
    bar: OnceLock<ProgressBar>,
    files: AtomicU64,
    done: AtomicU64,
}

impl Progress for Bar {
    fn start(&self, files: u64, bytes: u64) {
        if files < MIN_FILES || !io::stderr().is_terminal() {
            return;
        }
        self.files.store(files, Ordering::Relaxed);
        let bar =
            ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr_with_hz(10));
        let template = "{msg} files  {wide_bar} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let _ = self.bar.set(bar);
    }

    fn advance(&self, _: &StoredPath, bytes: u64) {
        if let Some(bar) = self.bar.get() {
            let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
            bar.set_message(format!("{done}/{}", self.files.load(Ordering::Relaxed)));
            bar.inc(bytes);
        }
    }

    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            // What was read is written now, which may take a second.
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            bar.set_message("writing…");
            bar.tick();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
