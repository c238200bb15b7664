//! What engines store of a section beside its text, as bytes.

use crate::article::{Place, Section, SourceMap, read_text, read_varint, write_text, write_varint};

/// What the places of a section and its lengths take at most, about; what a run does.
const PLACES_BYTES: usize = 32;
const RUN_BYTES: usize = 6;

/// Writes what is stored of a section beside its text behind what `out` holds.
pub(super) fn encode_section(section: &Section, out: &mut Vec<u8>) {
    let headings = section.headings.iter();
    let texts: usize = headings.clone().map(|heading| heading.len() + 2).sum();
    let runs = section.map.runs().len() * RUN_BYTES;
    out.reserve(PLACES_BYTES + section.anchor.len() + texts + runs);
    write_varint(out, section.headings.len() as u64);
    headings.for_each(|heading| write_text(out, heading.as_bytes()));
    write_text(out, section.anchor.as_bytes());
    write_varint(out, u64::from(section.level));
    write_varint(out, u64::from(section.heading_line.unwrap_or(0)));
    write_place(out, section.start);
    write_place(out, section.end);
    section.map.encode(out);
}

/// The section that [`encode_section`] and `text` stand for; `None` where the bytes are damaged.
pub(super) fn decode_section(mut bytes: &[u8], text: String) -> Option<Section> {
    let bytes = &mut bytes;
    let count = read_varint(bytes).ok()?;
    let headings = (0..count)
        .map(|_| read_string(bytes))
        .collect::<Option<Vec<_>>>()?;
    let anchor = read_string(bytes)?;
    let level = u8::try_from(read_varint(bytes).ok()?).ok()?;
    let heading_line = u32::try_from(read_varint(bytes).ok()?)
        .ok()
        .filter(|&line| line > 0);
    let start = read_place(bytes)?;
    let end = read_place(bytes)?;
    let map = SourceMap::decode(bytes).ok()?;
    Some(Section {
        headings,
        level,
        anchor,
        heading_line,
        start,
        end,
        text,
        map,
        blocks: Vec::new(),
    })
}

/// The anchor of the section that [`encode_section`] made these bytes of; `None` where they are damaged.
pub(super) fn decode_anchor(mut bytes: &[u8]) -> Option<&str> {
    let bytes = &mut bytes;
    for _ in 0..read_varint(bytes).ok()? {
        read_text(bytes).ok()?;
    }
    std::str::from_utf8(read_text(bytes).ok()?).ok()
}

fn read_string(bytes: &mut &[u8]) -> Option<String> {
    String::from_utf8(read_text(bytes).ok()?.to_vec()).ok()
}

fn write_place(out: &mut Vec<u8>, place: Place) {
    write_varint(out, place.byte);
    write_varint(out, u64::from(place.line));
    write_varint(out, u64::from(place.column));
}

fn read_place(bytes: &mut &[u8]) -> Option<Place> {
    let byte = read_varint(bytes).ok()?;
    let line = u32::try_from(read_varint(bytes).ok()?).ok()?;
    let column = u32::try_from(read_varint(bytes).ok()?).ok()?;
    Some(Place { byte, line, column })
}
