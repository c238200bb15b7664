//! What is wrong with a file that somebody wrote for the program, and where.

/// A file that cannot be read as what it should be, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct FileError {
    /// The file, as it was named.
    pub file: String,
    /// The line, 1-based.
    pub line: usize,
    /// The column in characters, 1-based.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl FileError {
    /// An error at byte `start` of the file's text.
    #[must_use]
    pub fn at(file: &str, text: &str, start: usize, message: impl Into<String>) -> FileError {
        let before = text.get(..start).unwrap_or(text);
        FileError {
            file: file.to_string(),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|&c| c != '\n').count() + 1,
            message: message.into(),
        }
    }

    /// The text of the file's bytes, without a byte order mark.
    ///
    /// # Errors
    /// At the first byte that is no UTF-8.
    pub fn text_of<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, FileError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Err(error) => {
                let (before, _) = bytes.split_at(error.valid_up_to());
                let before = String::from_utf8_lossy(before);
                Err(FileError::at(file, &before, before.len(), "not UTF-8"))
            }
        }
    }
}
