//! Parts and joins by the definition in `analysis::parts`.

use excerpt::analysis::{Word, WordKind, fold, words};
use unicode_normalization::char::is_combining_mark;

/// The parts and joins of a text: words whose form begins with U+0001 or U+0002.
pub(super) fn parts(text: &str) -> Vec<Word> {
    let all = words(text);
    let mut found = Vec::new();
    for word in all.iter().filter(|word| word.kind == WordKind::Whole) {
        let mut letters = pieces(owner(&text[word.range.clone()]));
        letters.sort();
        letters.dedup();
        let pieces = letters.into_iter().map(|letters| format!("\u{1}{letters}"));
        let join = initials(&word.form).map(|letters| format!("\u{2}{letters}"));
        found.extend(pieces.chain(join).map(|form| Word {
            form,
            ..word.clone()
        }));
    }
    let mut first = 0;
    while first < all.len() {
        let mut last = first;
        while last + 1 < all.len() && are_joined(text, &all[last], &all[last + 1]) {
            last += 1;
        }
        found.extend(join(text, &all[first..=last]));
        first = last + 1;
    }
    found.sort_by_key(|word| word.position);
    found
}

/// The folded pieces of a word with capitals inside.
fn pieces(written: &str) -> Vec<String> {
    let chars: Vec<char> = written.chars().collect();
    let letters: Vec<usize> = (0..chars.len())
        .filter(|&i| !is_combining_mark(chars[i]))
        .collect();
    let mut starts = vec![0];
    for at in 1..letters.len() {
        let (before, own) = (chars[letters[at - 1]], chars[letters[at]]);
        let next = letters.get(at + 1).map(|&i| chars[i]);
        let ends = letters.get(at + 1) == Some(&(chars.len() - 1));
        let is_start = own.is_uppercase()
            && match before.is_uppercase() {
                true => next.is_some_and(char::is_lowercase) && !(ends && next == Some('s')),
                false => before.is_alphanumeric(),
            };
        if is_start {
            starts.push(letters[at]);
        }
    }
    if starts.len() == 1 || !written.contains(char::is_lowercase) {
        return Vec::new();
    }
    let end = |i: usize| starts.get(i + 1).copied().unwrap_or(chars.len());
    let all = (0..starts.len()).map(|i| chars[starts[i]..end(i)].iter().collect::<String>());
    let is_long = |piece: &String| piece.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let number = |c: char| c.is_ascii_digit();
    let both = all.flat_map(|piece| [piece.trim_end_matches(number).to_string(), piece]);
    both.filter(is_long).map(|piece| fold(&piece)).collect()
}

/// A word without the `'s` behind it.
fn owner(written: &str) -> &str {
    let last: Vec<(usize, char)> = written.char_indices().rev().take(2).collect();
    match last.as_slice() {
        [(_, 's' | 'S'), (at, c)] if !c.is_alphanumeric() && fold(&written[*at..]) == "'s" => {
            &written[..*at]
        }
        _ => written,
    }
}

/// The letters of initials with full stops between them.
fn initials(form: &str) -> Option<String> {
    let letters: Vec<&str> = form.split('.').collect();
    let is_one = |part: &&str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    (letters.len() > 1 && letters.iter().all(is_one)).then(|| letters.concat())
}

/// Whether a single hyphen stands between two words.
fn are_joined(text: &str, a: &Word, b: &Word) -> bool {
    let between = &text[a.range.end.min(b.range.start)..b.range.start];
    let begins = text[b.range.clone()].starts_with(char::is_alphanumeric);
    a.kind == WordKind::Whole
        && b.kind == WordKind::Whole
        && begins
        && ["-", "\u{2010}", "\u{2011}"].contains(&between)
}

/// The join of a run of words, if it has one.
fn join(text: &str, run: &[Word]) -> Option<Word> {
    let (first, last) = (run.first()?, run.last()?);
    let is_plain = |written: &str| {
        let mut chars = written.chars();
        chars.all(|c| c.is_alphanumeric() || is_combining_mark(c))
    };
    let written = |word: &Word| text[word.range.clone()].to_string();
    let mut words: Vec<String> = run.iter().map(written).collect();
    if let [_, .., last] = words.as_mut_slice() {
        *last = owner(last).to_string();
    }
    let letters: String = words.iter().map(|word| fold(word)).collect();
    let is_one = (2..=3).contains(&run.len())
        && words.iter().all(|word| is_plain(word))
        && text[first.range.clone()].starts_with(char::is_alphabetic)
        && letters.len() < 40;
    is_one.then(|| Word {
        form: format!("\u{2}{letters}"),
        range: first.range.start..last.range.end,
        lead_end: last.range.end,
        ..first.clone()
    })
}
