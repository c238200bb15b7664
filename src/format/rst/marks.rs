//! What marks a line of reStructuredText: adornments, labels, directives, fields, items.

/// The mark of a line that is one punctuation mark again and again.
pub(super) fn adornment(line: &str) -> Option<u8> {
    let mark = *line.as_bytes().first()?;
    let is_line = mark.is_ascii_punctuation() && line.bytes().all(|b| b == mark);
    let is_dots = matches!(line, ".." | "::");
    (is_line && line.len() >= 2 && !is_dots).then_some(mark)
}

/// The mark of a line that is one punctuation mark, above or below a title of one letter.
pub(super) fn lone_adornment(line: &str, title: &str) -> Option<u8> {
    let mut letters = title.chars();
    let is_letter = letters.next().is_some_and(char::is_alphanumeric) && letters.next().is_none();
    let mark = *line.as_bytes().first()?;
    (is_letter && line.len() == 1 && mark.is_ascii_punctuation()).then_some(mark)
}

/// The length of the options, and of all before the text, in `-f FILE, --file=FILE  text`.
pub(super) fn command_option(line: &str) -> Option<(usize, usize)> {
    let mut len = 0;
    loop {
        len += one_option_len(&line[len..])?;
        if !line[len..].starts_with(", ") {
            break;
        }
        len += 2;
    }
    let text = line[len..].trim_start();
    let space = &line[len..line.len() - text.len()];
    // One space is within an option.
    let is_parted = space.len() >= 2 || space == "\t";
    (is_parted && !text.is_empty()).then(|| (len, line.len() - text.len()))
}

/// The length of `-f`, `-f FILE`, `-fFILE`, `--file`, `--file=<file>`, `/V`.
fn one_option_len(text: &str) -> Option<usize> {
    let name_len = |text: &str| {
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        begins.then(|| text.bytes().take_while(|b| is_name(b)).count())
    };
    let argument_len = |text: &str| match text.strip_prefix('<') {
        Some(inner) => inner.find('>').filter(|&len| len > 0).map(|len| len + 2),
        None => name_len(text),
    };
    let is_long = text.starts_with("--") || text.starts_with('/');
    let marks = if text.starts_with("--") { 2 } else { 1 };
    if !text.starts_with(['-', '+', '/']) {
        return None;
    }
    let named = name_len(&text[marks..])?;
    let len = marks + if is_long { named } else { 1 };
    let rest = &text[len..];
    let between = usize::from(rest.starts_with(' ') || (is_long && rest.starts_with('=')));
    let argument = match is_long && between == 0 {
        true => None,
        false => argument_len(&rest[between..]),
    };
    Some(len + argument.map_or(0, |argument| between + argument))
}

/// The length of the label in `[1] text`, `[#name] text`, `[CIT2002] text`.
pub(super) fn footnote_label(rest: &str) -> Option<usize> {
    let label = rest.strip_prefix('[')?;
    let len = label.find([']', ' '])?;
    label[len..].starts_with(']').then_some(len + 2)
}

/// The name and the arguments in `name:: arguments`. A substitution has no name that is known.
pub(super) fn directive(rest: &str) -> Option<(&str, &str)> {
    let (name, arguments) = rest.split_once("::")?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_+:.".contains(&b));
    let is_directive = is_name && (arguments.is_empty() || arguments.starts_with([' ', '\t']));
    is_directive.then(|| (name, arguments.trim()))
}

/// The length of `:name:` at the front of a field.
pub(super) fn option_len(line: &str) -> Option<usize> {
    let rest = line.strip_prefix(':')?;
    let end = rest.find(':').filter(|&end| end > 0)?;
    let after = &rest[end + 1..];
    let is_field = !rest.starts_with(' ') && !rest[..end].contains('`');
    (is_field && (after.is_empty() || after.starts_with([' ', '\t']))).then_some(end + 2)
}

/// The length of the marker of a list item, the space after it included.
pub(super) fn item_marker(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let marker = match first {
        '*' | '-' | '+' | '•' | '‣' | '⁃' => first.len_utf8(),
        '#' if line[1..].starts_with('.') => 2,
        '(' | '0'..='9' | 'a'..='z' | 'A'..='Z' => enumerator_len(line)?,
        _ => return None,
    };
    let rest = &line[marker..];
    if rest.is_empty() {
        return Some(marker);
    }
    rest.starts_with([' ', '\t'])
        .then(|| line.len() - rest.trim_start().len())
}

/// The length of `1.`, `a)`, `(iv)`.
fn enumerator_len(line: &str) -> Option<usize> {
    const MAX_LEN: usize = 6;
    let open = usize::from(line.starts_with('('));
    let bytes = line.as_bytes();
    let len = bytes[open..]
        .iter()
        .take(MAX_LEN)
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'#')
        .count();
    let word = &line[open..open + len];
    let is_number = word.bytes().all(|b| b.is_ascii_digit() || b == b'#');
    let is_roman = word.bytes().all(|b| b"ivxlcIVXLC".contains(&b));
    let is_enumerator = len > 0 && (is_number || is_roman || len == 1);
    let close = *bytes.get(open + len)?;
    let is_closed = close == b')' || (close == b'.' && open == 0);
    (is_enumerator && is_closed).then_some(open + len + 1)
}
