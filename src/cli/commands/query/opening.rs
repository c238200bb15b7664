//! `--open N`: a hit in the user's editor, or its section in the pager.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::editor::{edit, editor, page};
use crate::cli::terminal::section_style;
use crate::printer::{counted, print_section};
use crate::search::{Index, SearchHit, SearchResults};

/// Opens the hit with this rank, the only one of the results.
pub(super) fn open_hit(
    index: &Index,
    current: &Path,
    results: &SearchResults,
    rank: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let Some(hit) = results.hits.first() else {
        let hits = counted(results.summary.matched, "hit", "hits");
        bail!("there is no hit {rank}: the query has {hits}");
    };
    let file = index.file_of(&hit.path).unwrap_or_default();
    // An attachment has no file of its own, and what was read from standard input none at all.
    match editor().filter(|_| !hit.is_inner && file.is_file()) {
        Some(editor) => {
            out.flush()?;
            let ended = edit(&editor, &file, hit.place(), byte_column(hit));
            let ended = ended.with_context(|| format!("cannot start `{editor}`"))?;
            if !ended.success() {
                bail!("`{editor}` failed ({ended})");
            }
            Ok(())
        }
        None => {
            let found = index.section(&hit.id)?;
            let mut text = Vec::new();
            print_section(&found, &section_style(current), &mut text)?;
            Ok(page(&text, out)?)
        }
    }
}

/// The column of a hit as Vim counts.
fn byte_column(hit: &SearchHit) -> u64 {
    let first = hit.passages.iter().find_map(|own| own.highlights.first());
    let passage = hit.passages.first().map(|passage| passage.byte_column);
    first.map_or(passage.unwrap_or(1), |first| first.byte_column)
}
