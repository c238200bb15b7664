//! Words, their folded forms, their morphology, and sentences: what indexing, querying and highlighting share.
//!
//! A change of what this module makes of a text changes what an index holds: raise [`VERSION`] with it.

mod boundaries;
mod cuts;
mod detect;
mod fold;
mod forms;
mod function_table;
mod fuzzy;
mod language;
mod marks;
mod notes;
mod pairs;
mod parts;
mod plain_count;
mod script;
mod sentence_bounds;
mod sentences;
mod simplified;
mod spelling;
mod words;

pub(crate) use cuts::boundary_at;
pub use detect::detect_language;
pub(crate) use fold::without_tones;
pub use fold::{composed, fold, has_tones};
pub use forms::{Class, FunctionWords, LanguageSet, Morphology};
pub use fuzzy::{did_you_mean, within_distance};
pub use language::Language;
pub use notes::takes_note;
pub use pairs::{has_hiragana, is_of_letters, is_paired, is_unspaced};
pub use parts::{
    JOIN_MARK, PART_MARK, PartFinder, is_marked, joined_initials, marked, parts, unmarked,
};
pub use script::Script;
pub use sentences::{sentences, sentences_around};
pub use spelling::spelling;
pub use words::{BARRIER_GAP, Word, WordKind, Words, count_words, without_held_end, words};

/// The version of how text is read and analysed, kept in the index. An index of another version is rebuilt.
pub const VERSION: u32 = 9;

/// Ends a block (paragraph, list item, heading, table row) inside a section's text. No phrase crosses it.
pub const BLOCK_END: char = '\n';
/// Separates the cells of a table row inside a section's text. No phrase crosses it.
pub const CELL_END: char = '\t';
/// A kept line break inside a block (preformatted text, `<br>`). Phrases cross it.
pub const LINE_BREAK: char = '\x0b';

/// Whether `c` separates blocks or cells, so that no phrase may cross it.
#[must_use]
pub fn is_barrier(c: char) -> bool {
    c == BLOCK_END || c == CELL_END
}
