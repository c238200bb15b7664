//! Follows a refresh by name, and gives it up after some files: `cargo run --example cancel_refresh -- articles 100`.

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

use excerpt::{Index, Progress, StoredPath};

/// Names each file that is read, up to so many.
struct Named {
    read: AtomicU64,
    most: u64,
}

impl Progress for Named {
    fn start(&self, files: u64, bytes: u64) {
        println!("{files} files of {bytes} bytes are to be read");
    }

    fn advance(&self, path: &StoredPath, _: u64) {
        self.read.fetch_add(1, Ordering::Relaxed);
        println!("{path}");
    }

    fn finish(&self) {}

    fn is_cancelled(&self) -> bool {
        self.read.load(Ordering::Relaxed) >= self.most
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("a folder of articles")?;
    let most = arguments.next().ok_or("how many files")?.parse()?;

    let mut index = Index::of_folder(&folder)?;
    let named = Named {
        read: AtomicU64::new(0),
        most,
    };
    match index.add_folder(".", &named) {
        Ok(_) => println!("the index is up to date"),
        Err(error) => println!("{error}; the index is as it was"),
    }
    Ok(())
}
