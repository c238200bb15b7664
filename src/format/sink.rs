//! Where readers put the articles of a source.

use std::ops::ControlFlow;

use crate::article::{Article, PartPath, Place};
use crate::source::{Encoding, Reason};

/// Takes the articles of a source as a reader finds them, in the order of the source.
///
/// Where a call answers [`ControlFlow::Break`], the reader stops and ends without an error.
pub trait ArticleSink {
    /// Takes an article. `part` is where it lies in the source, and no other article of the source has the same.
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()>;

    /// Takes an article of a file that lies in the source: its places are those of that file, not of the source.
    fn unpacked(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        self.article(part, article)
    }

    /// Takes a file that lies in the source, such as an attachment, to be read by the reader of its name's ending.
    fn inner(&mut self, part: PartPath, name: &str, bytes: Vec<u8>) -> ControlFlow<()>;

    /// Takes note of a part that is not read, where it begins if that is known, and why. Its neighbours are read all the
    /// same. With [`PartPath::default()`] it says something of the whole source.
    fn passed_over(&mut self, part: PartPath, reason: Reason, at: Option<Place>);

    /// Takes note of the encoding of the article that comes next, and of how many sequences in it were invalid.
    fn decoded(&mut self, encoding: Encoding, invalid_sequences: u32) {
        let _ = (encoding, invalid_sequences);
    }
}
