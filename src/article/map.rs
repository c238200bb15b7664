//! The source map: from offsets in a section's text to places in the source file.

use std::ops::Range;

use super::Place;
use super::map_coding::{self, MapError};
use super::places::Places;
use super::run::Run;

/// What room is made for at first: a few lines of text.
const USUAL_RUNS: usize = 8;

/// Runs in the order of the text, without overlap. Text between two runs (separators) has no source of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    runs: Vec<Run>,
}

impl SourceMap {
    /// Adds a run. Runs must come in the order of the text; one that adjoins on the same line and reads alike is joined.
    pub fn push(&mut self, run: Run) {
        if let Some(last) = self.runs.last_mut() {
            let joins = last.reads == run.reads
                && !run.is_unit()
                && last.text_end() == run.text
                && last.source_end() == run.start.byte
                && last.start.line == run.start.line;
            if joins {
                last.text_len += run.text_len;
                last.source_len += run.source_len;
                return;
            }
        }
        if self.runs.capacity() == 0 {
            self.runs.reserve(USUAL_RUNS);
        }
        self.runs.push(run);
    }

    /// The runs, in order.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs that overlap the bytes `start..end` of the text.
    pub fn runs_within(&self, start: usize, end: usize) -> impl Iterator<Item = &Run> {
        let first = self
            .runs
            .partition_point(|run| run.text_end() as usize <= start);
        (self.runs.get(first..).unwrap_or_default().iter())
            .take_while(move |run| (run.text as usize) < end)
    }

    /// The place of the character that begins at byte `offset` of `text`; of the next one that has a source
    /// where this one has none. `None` for an empty map.
    #[must_use]
    pub fn place_of(&self, text: &str, offset: usize) -> Option<Place> {
        self.places(text).place_of(offset)
    }

    /// The place just behind the character that ends at byte `offset` of `text`. `None` for an empty map.
    #[must_use]
    pub fn end_of(&self, text: &str, offset: usize) -> Option<Place> {
        self.places(text).end_of(offset)
    }

    /// The places of `text`. Where many are asked for in order, all together cost one pass over the text.
    #[must_use]
    pub fn places<'a>(&'a self, text: &'a str) -> Places<'a> {
        Places::new(&self.runs, text)
    }

    /// Cuts the map into one for each of `ranges` of the text, which are in order and do not overlap. Offsets of each
    /// count from its range's start.
    #[must_use]
    pub fn split(self, text: &str, ranges: &[Range<usize>]) -> Vec<SourceMap> {
        let mut runs = self.runs.into_iter();
        let mut next = runs.next();
        let mut maps = Vec::with_capacity(ranges.len());
        for range in ranges {
            let mut part = SourceMap::default();
            while let Some(run) = next.filter(|run| (run.text as usize) < range.end) {
                let (inside, rest) = run.cut(text, range);
                part.runs.extend(inside);
                next = rest.or_else(|| runs.next());
                if rest.is_some() {
                    break;
                }
            }
            maps.push(part);
        }
        maps
    }

    /// Writes the runs as delta-coded variable-length integers behind what `out` holds.
    pub fn encode(&self, out: &mut Vec<u8>) {
        map_coding::encode(&self.runs, out);
    }

    /// Reads what [`SourceMap::encode`] wrote from the front of `bytes`, which is moved behind it.
    ///
    /// # Errors
    /// [`MapError`] where the bytes are no source map.
    pub fn decode(bytes: &mut &[u8]) -> Result<SourceMap, MapError> {
        let runs = map_coding::decode(bytes)?;
        Ok(SourceMap { runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Reads;

    fn sample() -> (String, SourceMap) {
        // Source: "Minsk\nagree&shy;&amp; ok", the soft hyphen dropped, and "да" in two bytes.
        let text = "Minsk agree& okда".to_string();
        let mut map = SourceMap::default();
        let place = |byte, line, column| Place { byte, line, column };
        map.push(Run {
            text: 0,
            text_len: 5,
            start: place(0, 1, 1),
            source_len: 5,
            reads: Reads::Same,
        });
        map.push(Run {
            text: 6,
            text_len: 5,
            start: place(6, 2, 1),
            source_len: 5,
            reads: Reads::Same,
        });
        map.push(Run {
            text: 11,
            text_len: 1,
            start: place(16, 2, 11),
            source_len: 5,
            reads: Reads::Unit(5),
        });
        map.push(Run {
            text: 12,
            text_len: 3,
            start: place(21, 2, 16),
            source_len: 3,
            reads: Reads::Same,
        });
        map.push(Run {
            text: 15,
            text_len: 4,
            start: place(24, 2, 19),
            source_len: 2,
            reads: Reads::Wide(1),
        });
        (text, map)
    }

    #[test]
    fn places_follow_soft_breaks_and_entities() {
        let (text, map) = sample();
        assert_eq!(
            map.place_of(&text, 6),
            Some(Place {
                byte: 6,
                line: 2,
                column: 1
            })
        );
        assert_eq!(
            map.place_of(&text, 8),
            Some(Place {
                byte: 8,
                line: 2,
                column: 3
            })
        );
        assert_eq!(
            map.place_of(&text, 11),
            Some(Place {
                byte: 16,
                line: 2,
                column: 11
            })
        );
        assert_eq!(
            map.end_of(&text, 12),
            Some(Place {
                byte: 21,
                line: 2,
                column: 16
            })
        );
        assert_eq!(
            map.end_of(&text, 5),
            Some(Place {
                byte: 5,
                line: 1,
                column: 6
            })
        );
        assert_eq!(
            map.end_of(&text, 15),
            Some(Place {
                byte: 24,
                line: 2,
                column: 19
            })
        );
        assert_eq!(
            map.place_of(&text, 17),
            Some(Place {
                byte: 25,
                line: 2,
                column: 20
            })
        );
    }

    #[test]
    fn an_encoded_map_reads_back_and_a_cut_one_is_an_error() {
        let (_, map) = sample();
        let mut bytes = Vec::new();
        map.encode(&mut bytes);
        assert_eq!(SourceMap::decode(&mut bytes.as_slice()), Ok(map));
        for cut in 0..bytes.len() {
            assert_eq!(
                SourceMap::decode(&mut &bytes[..cut]),
                Err(MapError),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn splitting_keeps_every_place() {
        for cut in [3, 5, 6, 8, 11, 12, 17] {
            let (text, whole) = sample();
            let parts = whole.clone().split(&text, &[0..cut, cut..text.len()]);
            for offset in [0usize, 2, 6, 7, 11, 12, 13, 15, 17] {
                let (part, from, to) = if offset < cut {
                    (&parts[0], 0, cut)
                } else {
                    (&parts[1], cut, text.len())
                };
                let got = part.place_of(&text[from..to], offset - from);
                assert_eq!(
                    got,
                    whole.place_of(&text, offset),
                    "offset {offset}, cut {cut}"
                );
            }
        }
    }

    #[test]
    fn a_unit_that_is_cut_is_read_from_its_source_on_both_sides() {
        let text = "one {two words} three";
        let mut map = SourceMap::default();
        map.push(Run {
            text: 0,
            text_len: text.len() as u32,
            start: Place {
                byte: 7,
                line: 1,
                column: 8,
            },
            source_len: 5,
            reads: Reads::Unit(5),
        });
        let maps = map.split(text, &[0..8, 9..text.len()]);
        let lens: Vec<(u32, u32, u32)> = (maps.iter())
            .flat_map(SourceMap::runs)
            .map(|run| (run.text, run.text_len, run.source_len))
            .collect();
        assert_eq!(lens, [(0, 8, 5), (0, text.len() as u32 - 9, 5)]);
    }
}
