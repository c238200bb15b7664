//! Why a source was skipped, failed, or is warned of.

use serde::Serialize;

/// What a [`Reason`] means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonKind {
    /// Left out by choice; not an error.
    Skipped,
    /// Could not be read; an error.
    Failed,
    /// Read, with a doubt.
    Warned,
}

/// A reason as programs read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No format is known for the file's name.
    UnknownFormat,
    /// Larger than the limit on a file's size.
    TooLarge,
    /// Not text.
    Binary,
    /// Empty, or nothing in it to read.
    NoText,
    /// A pipe, a socket or a device.
    SpecialFile,
    /// A link to nothing.
    DanglingLink,
    /// Nested deeper than the limit.
    LimitDepth,
    /// More elements than the limit.
    LimitNodes,
    /// More sections than the limit.
    LimitSections,
    /// No permission to read it.
    Permission,
    /// Reading failed.
    Io,
    /// Reading took longer than the limit.
    Time,
    /// The format's reader failed on it.
    ParserBug,
    /// Bytes that are no UTF-8 were replaced.
    InvalidUtf8,
    /// Read up to a limit.
    Truncated,
    /// Reading takes more memory than the limit.
    Memory,
    /// A record that is not of its format was passed over.
    BadRecord,
}

/// One row a reason: what it is called, what it means, and for people.
static TABLE: [(Reason, &str, ReasonKind, &str); 17] = [
    (
        Reason::UnknownFormat,
        "unknown-format",
        ReasonKind::Skipped,
        "no format is known for this name",
    ),
    (
        Reason::TooLarge,
        "too-large",
        ReasonKind::Skipped,
        "larger than the limit on a file's size",
    ),
    (Reason::Binary, "binary", ReasonKind::Skipped, "not text"),
    (
        Reason::NoText,
        "no-text",
        ReasonKind::Skipped,
        "holds no text",
    ),
    (
        Reason::SpecialFile,
        "special-file",
        ReasonKind::Skipped,
        "a pipe, socket or device",
    ),
    (
        Reason::DanglingLink,
        "dangling-link",
        ReasonKind::Skipped,
        "a link to nothing",
    ),
    (
        Reason::LimitDepth,
        "limit-depth",
        ReasonKind::Skipped,
        "nested deeper than the limit",
    ),
    (
        Reason::LimitNodes,
        "limit-nodes",
        ReasonKind::Skipped,
        "more elements than the limit",
    ),
    (
        Reason::LimitSections,
        "limit-sections",
        ReasonKind::Skipped,
        "more sections than the limit",
    ),
    (
        Reason::Permission,
        "permission",
        ReasonKind::Failed,
        "no permission to read it",
    ),
    (Reason::Io, "io", ReasonKind::Failed, "reading failed"),
    (
        Reason::Time,
        "time",
        ReasonKind::Failed,
        "reading took longer than the limit",
    ),
    (
        Reason::ParserBug,
        "parser-bug",
        ReasonKind::Failed,
        "the reader of this format failed",
    ),
    (
        Reason::InvalidUtf8,
        "invalid-utf8",
        ReasonKind::Warned,
        "bytes that are no UTF-8 were replaced",
    ),
    (
        Reason::Truncated,
        "truncated",
        ReasonKind::Warned,
        "read up to a limit",
    ),
    (
        Reason::Memory,
        "memory",
        ReasonKind::Failed,
        "reading takes more memory than the limit",
    ),
    (
        Reason::BadRecord,
        "bad-record",
        ReasonKind::Warned,
        "records that are not of their format were passed over",
    ),
];

impl Reason {
    #[allow(clippy::indexing_slicing, reason = "a reason is a row of the table")]
    fn row(self) -> &'static (Reason, &'static str, ReasonKind, &'static str) {
        &TABLE[self as usize]
    }

    /// The name that programs read, such as `too-large`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Whether it skips, fails or only warns.
    #[must_use]
    pub fn kind(self) -> ReasonKind {
        self.row().2
    }

    /// The reason in words, without a full stop.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        self.row().3
    }

    /// The number an index keeps it under.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason with this [`Reason::code`].
    #[must_use]
    pub fn from_code(code: u8) -> Option<Reason> {
        TABLE.get(usize::from(code)).map(|row| row.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_reasons() {
        for (code, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0.code() as usize, code);
            assert_eq!(Reason::from_code(code as u8), Some(row.0));
        }
        assert_eq!(Reason::from_code(TABLE.len() as u8), None);
    }
}
