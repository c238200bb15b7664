//! The marks that open and close a phrase in a query, as people and their programs write them.

/// Whether `c` opens and closes phrases: `"…"`, `“…”`, `„…“`, `”…”`, `«…»`, `»…«`, `‹…›`, each mixed with the others.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›')
}

/// The length of the mark that opens a phrase at the start of `text`: one of the others, or `‘` where it is closed. In
/// bytes; `None` where there is none.
pub(super) fn opening(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let len = first.len_utf8();
    let opens = is_quote(first) || (first == '‘' && closing(first, text.get(len..)?).is_some());
    opens.then_some(len)
}

/// Where the phrase ends that `open` opened before `text`, and the length of the mark behind it, in bytes. Quotations
/// inside are passed over, where that leaves a mark for the phrase itself.
pub(super) fn closing(open: char, text: &str) -> Option<(usize, usize)> {
    if open == '‘' {
        return closing_single(text);
    }
    let marks = || text.char_indices().filter(|&(_, c)| is_quote(c));
    let mut depth = 0_usize;
    for (at, c) in marks() {
        let begins_inside = c != '"' || open != '"';
        if begins_inside && begins(text, at, c) {
            depth += 1;
        } else if depth > 0 && !(c == '"' && open == '"') {
            depth -= 1;
        } else {
            return Some((at, c.len_utf8()));
        }
    }
    let first = marks().find(|&(at, c)| !begins(text, at, c) || c == '"');
    first.map(|(at, c)| (at, c.len_utf8()))
}

/// The `’` that is no apostrophe: no letter stands behind it.
fn closing_single(text: &str) -> Option<(usize, usize)> {
    let mut marks = text.match_indices('’');
    let is_end = |&(at, mark): &(usize, &str)| {
        let behind = text
            .get(at + mark.len()..)
            .and_then(|rest| rest.chars().next());
        behind.is_none_or(|c| !c.is_alphanumeric())
    };
    marks.find(is_end).map(|(at, mark)| (at, mark.len()))
}

/// Whether a mark stands before a word, with none right before it.
fn begins(text: &str, at: usize, c: char) -> bool {
    let before = text.get(..at).and_then(|front| front.chars().next_back());
    let behind = text
        .get(at + c.len_utf8()..)
        .and_then(|rest| rest.chars().next());
    before.is_none_or(|c| c.is_whitespace() || c == '(')
        && behind.is_some_and(char::is_alphanumeric)
}
