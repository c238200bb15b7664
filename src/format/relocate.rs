//! Leads an article that was read from an assembled text back to its source.

use super::assembled::Assembled;
use super::options::ReadOptions;
use super::record_places::RecordPlaces;
use super::text::{ReadArticle, TextReader};
use crate::analysis::boundary_at;
use crate::article::{Article, Reads, Run, Section, SourceMap};
use crate::source::{Decoded, Encoding, ReadError};

/// Reads an article from an assembled text; its places are those of the source, in `places`. Its title, and the encoding,
/// may be known otherwise.
pub(super) fn read_assembled(
    reader: &TextReader,
    text: &Assembled,
    (encoding, title): (Option<Encoding>, Option<&str>),
    options: &ReadOptions,
    places: &RecordPlaces<'_>,
) -> Result<ReadArticle, ReadError> {
    let bytes = text.bytes().to_vec();
    let source = match encoding {
        Some(encoding) => Decoded::read_as(bytes, encoding)?,
        None => reader.decode(bytes, options)?,
    };
    let mut article = reader.article(&source, options, title)?;
    relocate(&mut article, text, places);
    Ok(ReadArticle::of(article, &source))
}

/// Turns all places of an article, which are offsets in `text`, into places of the source.
fn relocate(article: &mut Article, text: &Assembled, places: &RecordPlaces<'_>) {
    for section in &mut article.sections {
        section.map = map_of(section, text, places);
        let (start, end) = (section.start.byte, section.end.byte);
        section.start = places.place(text.source_of(start as usize));
        section.end = places.place(match end > start {
            true => text.source_end(end as usize),
            false => text.source_of(end as usize),
        });
        section.heading_line = section.heading_line.map(|_| section.start.line);
    }
}

fn map_of(section: &Section, text: &Assembled, places: &RecordPlaces<'_>) -> SourceMap {
    let mut runs = Relocated {
        text,
        places,
        map: SourceMap::default(),
        open: None,
    };
    for run in section.map.runs() {
        let (from, len) = (run.text as usize, run.text_len as usize);
        runs.run(run, section.text.get(from..from + len).unwrap_or_default());
    }
    runs.finish()
}

/// A source map in the making.
struct Relocated<'a> {
    text: &'a Assembled,
    places: &'a RecordPlaces<'a>,
    map: SourceMap,
    /// The last run, where it is a unit: others of the same stretch join it.
    open: Option<Run>,
}

impl Relocated<'_> {
    /// Adds what a run becomes, whose text is `text`.
    fn run(&mut self, run: &Run, text: &str) {
        let from = run.start.byte as usize;
        let width = match run.reads {
            Reads::Same => None,
            Reads::Wide(width) => Some(usize::from(width).max(1)),
            Reads::Unit(_) => {
                self.unit(run.text, run.text_len, from, from + run.source_len as usize);
                return;
            }
        };
        let (mut done, mut at) = (0, from);
        while let Some(rest) = text.get(done..).filter(|rest| !rest.is_empty()) {
            let Some(piece) = self.text.piece_at(at) else {
                break;
            };
            let text_at = run.text + done as u32;
            let (taken, bytes) = fitting(rest, width, piece.range.end - at);
            if taken == 0 {
                // A character whose bytes are in several pieces.
                let len = rest.chars().next().map_or(1, char::len_utf8);
                let bytes = width.unwrap_or(len);
                self.unit(text_at, len as u32, at, at + bytes);
                (done, at) = (done + len, at + bytes);
                continue;
            }
            if piece.is_same {
                let source = piece.source.start + (at - piece.range.start);
                self.same(text_at, taken, source, bytes, run.reads);
            } else {
                self.unit(text_at, taken as u32, at, at + bytes);
            }
            (done, at) = (done + taken, at + bytes);
        }
    }

    fn same(&mut self, text: u32, text_len: usize, source: usize, bytes: usize, reads: Reads) {
        self.close();
        let start = self.places.place(source);
        self.map.push(Run {
            text,
            text_len: text_len as u32,
            start,
            source_len: bytes as u32,
            reads,
        });
    }

    /// Adds text that the assembled bytes from `from` to `to` stand for.
    fn unit(&mut self, text: u32, text_len: u32, from: usize, to: usize) {
        let start = self.text.source_of(from);
        let end = self.text.source_end(to).max(start);
        let place = self.places.place(start);
        if let Some(open) = &mut self.open
            && open.start == place
            && open.source_len as usize == end - start
            && open.text + open.text_len == text
        {
            open.text_len += text_len;
            return;
        }
        self.close();
        self.open = Some(Run {
            text,
            text_len,
            start: place,
            source_len: (end - start) as u32,
            reads: Reads::Unit(self.places.chars(start, end)),
        });
    }

    fn close(&mut self) {
        if let Some(run) = self.open.take() {
            self.map.push(run);
        }
    }

    fn finish(mut self) -> SourceMap {
        self.close();
        self.map
    }
}

/// How many bytes of `text` are whole characters within so many bytes of the source, and how many of these they take;
/// `width` is how many each takes, where that is not as many as in the text.
fn fitting(text: &str, width: Option<usize>, bytes: usize) -> (usize, usize) {
    match width {
        None => {
            let len = boundary_at(text, bytes);
            (len, len)
        }
        Some(width) => {
            let mut chars = text.char_indices();
            let behind = chars.nth(bytes / width).map_or(text.len(), |(at, _)| at);
            let count = text.get(..behind).unwrap_or_default().chars().count();
            (behind, count * width)
        }
    }
}
