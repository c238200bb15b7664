//! Lines of a source that is as it was indexed, as it has them.

use super::citation::Now;
use crate::article::Place;
use crate::source::Decoded;

/// How much space before a line of code is looked at, in bytes.
const MAX_INDENT_BYTES: usize = 1000;
/// How far apart tab stops are.
const TAB_COLUMNS: usize = 8;

/// How many columns of spaces and tabs stand before a place of a source.
pub(super) fn space_before(now: &Now, place: Place) -> usize {
    let held = now.unchanged().map(|(bytes, _)| bytes);
    let end = usize::try_from(place.byte).ok();
    let before = end.and_then(|end| held?.get(..end)).unwrap_or_default();
    let mut columns = 0;
    for byte in before.iter().rev().take(MAX_INDENT_BYTES) {
        columns += match byte {
            b' ' => 1,
            b'\t' => TAB_COLUMNS,
            _ => break,
        };
    }
    columns
}

/// The lines from one place to another of a source, and the line behind them.
pub(super) fn lines_between(
    now: &Now,
    start: Place,
    end: Place,
) -> Option<(Vec<String>, Option<String>)> {
    let (bytes, encoding) = now.unchanged()?;
    let bytes = bytes.get(usize::try_from(start.byte).ok()?..)?;
    let text = Decoded::read_as(bytes.to_vec(), encoding).ok()?;
    let count = end.line.saturating_sub(start.line) as usize + usize::from(end.column > 1);
    let mut lines = text.text().split(char::from(text.line_end()));
    let own = |line: &str| line.strip_suffix('\r').unwrap_or(line).to_string();
    let between = lines.by_ref().take(count.max(1)).map(own).collect();
    Some((between, lines.next().map(own)))
}
