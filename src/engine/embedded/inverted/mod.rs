//! The inverted index of a change. The threads that read sources invert the sections of a batch; the thread that makes a
//! segment joins the lists of its batches, one step a form and batch in place of one a word, and writes them through
//! Tantivy's serializer. What Tantivy's own writer does is the same to the byte (a test compares them), one word after the
//! other: with it indexing took a fifth more CPU.

mod batch;
mod byte_lists;
mod joined;
mod kept;
mod list_files;
mod plugin;
mod scratch;
mod varint;
mod written_words;

pub(super) use self::batch::InvertedBatch;
pub(super) use self::kept::{EarlyTables, KeptSegment, KeptSegments};
pub(super) use self::plugin::{PostingsPlugin, SilentTokenizer};
pub(super) use self::scratch::{BatchInverter, InvertedText};
