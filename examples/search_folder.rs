//! Indexes a folder and searches it: `cargo run --example search_folder -- articles "Minsk agreements"`.

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;

use excerpt::{Index, NoProgress, SearchRequest};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("a folder of articles")?;
    let query = arguments.next().ok_or("a query")?;

    let mut index = Index::of_folder(&folder)?;
    index.add_folder(".", &NoProgress)?;
    let results = index.search(&query, &SearchRequest::default())?;
    for hit in &results.hits {
        println!(
            "{}:{}  {}",
            hit.cited_path(),
            hit.start.line,
            hit.headings.join(" › ")
        );
        for passage in &hit.passages {
            println!("  {}", passage.text);
        }
    }
    println!("{} sections match", results.summary.matched);
    Ok(())
}
