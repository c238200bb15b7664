//! Plain Tantivy on ready sections.

use std::path::Path;

use excerpt::format::{ReadOptions, detect};
use excerpt::source::{Decoded, Found, StoredPath, Walk, WalkOptions, walk};
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, TantivyDocument};

use super::sections_file;

/// What stands between the title, the headings and the text of a section that is ready; no word holds it.
pub(crate) const PART: char = '\u{1f}';
/// How a Tantivy user would name the parts as fields.
pub(crate) const FIELDS: [&str; 3] = ["title", "heading", "body"];

/// Cuts all files into sections and writes them one after the other; returns the bytes of the files.
pub(crate) fn write_sections(folder: &Path, sections: &Path) -> u64 {
    let root = StoredPath::default();
    let found = walk(&Walk {
        base: folder,
        root: &root,
        options: &WalkOptions::default(),
        reach: None,
        accepts: &|path| detect(path).map(|_| u64::MAX),
        keeps: &|_| true,
    })
    .expect("a walk");
    let mut out = sections_file::Writer::create(sections);
    let mut bytes = 0;
    for found in found {
        let Found::File(entry) = found else { continue };
        let path = entry.path.below(folder);
        let (Some(format), Ok(content)) = (detect(&path), std::fs::read(&path)) else {
            continue;
        };
        bytes += content.len() as u64;
        let Ok(article) = Decoded::from_bytes(content)
            .and_then(|source| format.read(&source, &ReadOptions::default()))
        else {
            continue;
        };
        let title = article.metadata.title.unwrap_or_default();
        for section in article.sections {
            let headings = section.headings.join("\n");
            out.push(&format!("{title}{PART}{headings}{PART}{}", section.text));
        }
    }
    out.finish();
    bytes
}

/// Indexes ready sections as a Tantivy user would: in one field, or in three.
pub(crate) fn index_plain(sections: &Path, out: &Path, has_fields: bool) {
    std::fs::create_dir_all(out).expect("a folder");
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing) | STORED;
    let names: &[&str] = if has_fields { &FIELDS } else { &["text"] };
    let add = |name: &&str| schema.add_text_field(name, options.clone());
    let fields: Vec<_> = names.iter().map(add).collect();
    let index = Index::create_in_dir(out, schema.build()).expect("an index");
    let options = IndexWriterOptions::builder()
        .num_worker_threads(2)
        .memory_budget_per_thread(200_000_000)
        .build();
    let mut writer = index
        .writer_with_options::<TantivyDocument>(options)
        .expect("a writer");
    sections_file::each(sections, |section| {
        let mut document = TantivyDocument::default();
        match fields.as_slice() {
            [text] => document.add_text(*text, section),
            _ => {
                let parts = section.splitn(FIELDS.len(), PART);
                fields
                    .iter()
                    .zip(parts)
                    .for_each(|(field, part)| document.add_text(*field, part));
            }
        }
        writer.add_document(document).expect("added");
    });
    writer.commit().expect("committed");
}
