//! Keeps texts that have no file, and prints what a query finds as JSON: `cargo run --example add_text`.

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;

use excerpt::{Index, NoProgress, SearchRequest};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("excerpt-example-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;

    let mut index = Index::of_folder(&folder)?;
    index.add_text(
        "talks.md",
        "# Talks\n\nThe talks on the harbour failed.\n",
        &NoProgress,
    )?;
    index.add_text("notes.txt", "No deal was made.\n", &NoProgress)?;
    let request: SearchRequest = serde_json::from_str(r#"{ "limit": 5, "sort": "path" }"#)?;
    let results = index.search("harbour OR deal", &request)?;
    println!("{}", serde_json::to_string_pretty(&results)?);

    std::fs::remove_dir_all(folder)?;
    Ok(())
}
