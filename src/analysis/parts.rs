//! Parts and joins: by what a word is found beside itself.
//!
//! # Definition
//!
//! A **part** is a piece, of at least two letters, of a word that is written in small letters with capitals inside (`fooBar`:
//! `foo`, `bar`; `HTTPServer`: `http`, `server`; not the plural of initials, `URLs`); that with and without a number at its end
//! (`ListView2`: `list`, `view2`, `view`). A **join** is the one word that initials
//! with full stops make (`U.S.A.`: `usa`), and that two or three words make which have single hyphens between them, the
//! first beginning with a letter (`wi-fi`: `wifi`; `covid-19`: `covid19`). An `'s` behind the whole belongs to neither.
//!
//! Both stand at the position of their whole, a join of several words at that of the first one; each once for its whole.
//! A part counts once in a text, however often it stands there. They are no words: they count in no length, and a phrase, a prefix or a fuzzy word does not find them. In the index they
//! are told from words by the mark with which their form begins: [`PART_MARK`] or [`JOIN_MARK`].

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::boundaries::{char_at, word_end};
use super::fold::fold_into;
use super::pairs::is_paired;
use super::words::{Word, WordKind, Words};

/// What the form of a part begins with; no word has it.
pub const PART_MARK: char = '\u{1}';
/// What the form of a join begins with; no word has it.
pub const JOIN_MARK: char = '\u{2}';

/// A piece of fewer letters says nothing.
const LEAST_LETTERS: usize = 2;
/// Words of more pieces are identifiers and ranges, which nobody writes as one word.
const MOST_JOINED: usize = 3;
/// A longer join is none, in bytes.
const MOST_BYTES: usize = 40;

/// The form of a part or join of these folded letters, by its mark.
#[must_use]
pub fn marked(mark: char, letters: &str) -> String {
    let mut form = String::with_capacity(1 + letters.len());
    form.push(mark);
    form.push_str(letters);
    form
}

/// The mark and the letters of a form that is one of a part or join; `None` for a word's.
#[must_use]
pub fn unmarked(form: &str) -> Option<(char, &str)> {
    let mark = form.chars().next()?;
    let letters = form.strip_prefix([PART_MARK, JOIN_MARK])?;
    Some((mark, letters))
}

/// Whether these bytes are the form of a part or join.
#[must_use]
pub fn is_marked(form: &[u8]) -> bool {
    (form.first()).is_some_and(|&byte| [PART_MARK, JOIN_MARK].contains(&char::from(byte)))
}

/// The parts and joins of `text`, in order of their positions.
#[must_use]
pub fn parts(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut finder = PartFinder::default();
    let mut stream = Words::new(text);
    while stream.advance() {
        finder.find(&stream);
        for (form, range) in finder.found.drain(..) {
            all.push(Word {
                form,
                lead_end: range.end,
                range,
                kind: WordKind::Whole,
                position: stream.position(),
            });
        }
    }
    all
}

/// Finds the parts and joins that stand at each word of a text.
#[derive(Debug, Clone, Default)]
pub struct PartFinder {
    /// The forms that stand at the word that was looked at last, each with the bytes of its whole.
    pub found: Vec<(String, Range<usize>)>,
    /// Where the last run of words with hyphens ends.
    run_end: usize,
    /// Where the pieces of a word end, and the form of one.
    ends: Vec<usize>,
    form: String,
    /// Forms that were given back.
    spare: Vec<String>,
}

impl PartFinder {
    /// Begins with another text.
    pub fn restart(&mut self) {
        self.found.clear();
        self.run_end = 0;
    }

    /// Takes back a form that was found, so that its room serves the next one.
    pub fn give_back(&mut self, form: String) {
        self.spare.push(form);
    }

    /// Looks at the word that `words` stands at.
    pub fn find(&mut self, words: &Words<'_>) {
        self.find_own(words);
        self.add_joins(words);
    }

    /// Finds the parts of the word that `words` stands at, and the join of initials. What they are depends on how a whole
    /// word is written alone.
    pub fn find_own(&mut self, words: &Words<'_>) {
        self.found.clear();
        if words.kind() != WordKind::Whole {
            return;
        }
        let range = words.range();
        if words.may_have_capitals() {
            self.add_parts(without_possessive(words.written()), &range);
        }
        if !words.is_plain() {
            let form = words.form();
            let first_len = form.chars().next().map_or(0, char::len_utf8);
            if form.as_bytes().get(first_len) == Some(&b'.')
                && let Some(letters) = joined_initials(form)
            {
                self.form.clear();
                self.form.push(JOIN_MARK);
                self.form.push_str(&letters);
                self.add_form(range);
            }
        }
    }

    /// Finds the join that begins with the word that `words` stands at, which need not be folded.
    #[inline]
    pub fn find_join(&mut self, words: &Words<'_>) {
        self.found.clear();
        self.add_joins(words);
    }

    #[inline]
    fn add_joins(&mut self, words: &Words<'_>) {
        let (text, range) = (words.text(), words.range());
        let is_before_hyphen = matches!(text.as_bytes().get(range.end), Some(b'-' | 0xe2));
        if is_before_hyphen && range.start >= self.run_end && words.kind() == WordKind::Whole {
            self.add_join(text, range);
        }
    }

    fn add_parts(&mut self, written: &str, whole: &Range<usize>) {
        let mut ends = std::mem::take(&mut self.ends);
        ends.clear();
        piece_ends(written, &mut ends);
        if let Some(&first) = ends.first() {
            ends.push(written.len());
            self.add_piece(written.get(..first).unwrap_or_default(), whole);
        }
        for bounds in ends.windows(2) {
            if let &[start, end] = bounds {
                self.add_piece(written.get(start..end).unwrap_or_default(), whole);
            }
        }
        self.ends = ends;
    }

    /// Adds a piece, and what it is without a number at its end.
    fn add_piece(&mut self, piece: &str, whole: &Range<usize>) {
        self.add_part(piece, whole);
        let name = piece.trim_end_matches(|c: char| c.is_ascii_digit());
        if name.len() < piece.len() {
            self.add_part(name, whole);
        }
    }

    fn add_part(&mut self, piece: &str, whole: &Range<usize>) {
        let letters = piece.chars().filter(|c| c.is_alphabetic());
        if letters.take(LEAST_LETTERS).count() < LEAST_LETTERS {
            return;
        }
        self.form.clear();
        self.form.push(PART_MARK);
        fold_into(piece, &mut self.form);
        self.add_form(whole.clone());
    }

    /// Adds what is written in `form`.
    fn add_form(&mut self, whole: Range<usize>) {
        if self.found.iter().any(|(own, _)| *own == self.form) {
            return;
        }
        let mut form = self.spare.pop().unwrap_or_default();
        form.clear();
        form.push_str(&self.form);
        self.found.push((form, whole));
    }

    /// The join of the words with hyphens that begin at `first`.
    fn add_join(&mut self, text: &str, first: Range<usize>) {
        let whole = text.get(first.clone()).unwrap_or_default();
        self.form.clear();
        self.form.push(JOIN_MARK);
        fold_into(whole, &mut self.form);
        let (mut count, mut end) = (1, first.end);
        let mut is_plain = true;
        while let Some(next) = behind_hyphen(text, end) {
            let piece = text.get(next.clone()).unwrap_or_default();
            let own = without_possessive(piece);
            let is_inside = own.len() < piece.len() && behind_hyphen(text, next.end).is_some();
            is_plain &= is_plainly_written(own) && !is_inside;
            count += 1;
            end = next.end;
            if count <= MOST_JOINED {
                fold_into(own, &mut self.form);
            }
        }
        self.run_end = end;
        is_plain &= whole.starts_with(char::is_alphabetic) && is_plainly_written(whole);
        if is_plain && (2..=MOST_JOINED).contains(&count) && self.form.len() <= MOST_BYTES {
            self.add_form(first.start..end);
        }
    }
}

/// A word without the `'s` behind it.
fn without_possessive(written: &str) -> &str {
    let front = written.strip_suffix(['s', 'S']).unwrap_or_default();
    let Some(mark) = front.chars().next_back().filter(|c| !c.is_alphanumeric()) else {
        return written;
    };
    let Some((word, ending)) = written.split_at_checked(front.len() - mark.len_utf8()) else {
        return written;
    };
    match super::fold(ending) == "'s" {
        true => word,
        false => written,
    }
}

/// Whether a word is of letters and digits, with nothing else inside.
fn is_plainly_written(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_alphanumeric() || is_combining_mark(c))
}

/// Where the pieces of a word end that has capitals inside, its own end left out.
fn piece_ends(written: &str, ends: &mut Vec<usize>) {
    if written.is_ascii() {
        if written.bytes().any(|byte| byte.is_ascii_lowercase()) {
            let letters = written.bytes().map(char::from).enumerate();
            piece_ends_among(letters, written.len(), ends);
        }
    } else if written.contains(char::is_lowercase) {
        let is_letter = |(_, c): &(usize, char)| !is_combining_mark(*c);
        piece_ends_among(
            written.char_indices().filter(is_letter),
            written.len(),
            ends,
        );
    }
}

/// The same among the letters of a word of `len` bytes, each with its place.
fn piece_ends_among(
    letters: impl Iterator<Item = (usize, char)>,
    len: usize,
    ends: &mut Vec<usize>,
) {
    let mut letters = letters.peekable();
    let Some((_, mut before)) = letters.next() else {
        return;
    };
    while let Some((at, c)) = letters.next() {
        if c.is_uppercase() {
            let next = letters.peek().copied();
            let is_last = next.is_some_and(|(at, next)| at + next.len_utf8() == len);
            let next = next.map(|(_, next)| next);
            let is_plural = is_last && next == Some('s');
            let begins = match before.is_uppercase() {
                true => next.is_some_and(char::is_lowercase) && !is_plural,
                false => before.is_alphanumeric(),
            };
            if begins {
                ends.push(at);
            }
        }
        before = c;
    }
}

/// The letters of initials: single letters with full stops between them.
#[must_use]
pub fn joined_initials(form: &str) -> Option<String> {
    let mut letters = String::new();
    for part in form.split('.') {
        let mut chars = part.chars();
        let (Some(letter), None) = (chars.next(), chars.next()) else {
            return None;
        };
        letter.is_alphabetic().then(|| letters.push(letter))?;
    }
    (letters.chars().count() > 1).then_some(letters)
}

/// The word that follows a single hyphen at `end`.
fn behind_hyphen(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let hyphen = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'))?;
    let start = end + hyphen.len_utf8();
    let first = text.get(start..)?.chars().next()?;
    (first.is_alphanumeric() && !is_paired(char_at(text, start)))
        .then(|| start..word_end(text, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String, u32)> {
        let all = parts(text).into_iter();
        all.map(|part| {
            let (_, letters) = unmarked(&part.form).expect("a mark");
            let letters = letters.to_string();
            (letters, text[part.range].to_string(), part.position)
        })
        .collect()
    }

    fn letters(text: &str) -> Vec<String> {
        found(text)
            .into_iter()
            .map(|(letters, ..)| letters)
            .collect()
    }

    #[test]
    fn capitals_inside_a_word_begin_parts() {
        assert_eq!(
            letters("fooBar HTTPServer getElementById"),
            ["foo", "bar", "http", "server", "get", "element", "by", "id"]
        );
        assert_eq!(
            letters("iPhone utf8Decode Vector3D ÉcoleÉtat"),
            [
                "phone", "utf8", "utf", "decode", "vector3", "vector", "ecole", "etat"
            ]
        );
        assert_eq!(
            letters("NATO Minsk URLs McDonald's don't O'Brien x1 fooFoo"),
            ["mc", "donald", "foo"]
        );
        assert_eq!(
            letters("ListView2\u{2019}s HTML5Parser fooBar`s fooBars"),
            [
                "list", "view2", "view", "html5", "html", "parser", "foo", "bar", "foo", "bars"
            ]
        );
        assert_eq!(
            found("a fooBar."),
            [
                ("foo".into(), "fooBar".into(), 1),
                ("bar".into(), "fooBar".into(), 1)
            ]
        );
    }

    #[test]
    fn initials_and_words_with_hyphens_are_joined() {
        assert_eq!(
            letters("U.S.A. and e.g. U.S. 3.14 example.com"),
            ["usa", "eg", "us"]
        );
        assert_eq!(
            letters("wi-fi Covid-19 E\u{2011}Mail mother-in-law Wi-Fi\u{2019}s x-a's-b"),
            ["wifi", "covid19", "email", "motherinlaw", "wifi"]
        );
        assert_eq!(
            found("The Wi-Fi router"),
            [("wifi".into(), "Wi-Fi".into(), 1)]
        );
        // Ranges, identifiers, and what has no word on one side.
        assert_eq!(
            letters("10-20 2014-09-05 a-b-c-d pre- -fix x--y 京-a"),
            Vec::<String>::new()
        );
        assert_eq!(
            letters("re\u{301}-use MyWi-Fi"),
            ["reuse", "my", "wi", "mywifi"]
        );
    }

    #[test]
    fn no_word_begins_as_a_part_does() {
        let text = "\u{1}foo fooBar \u{1} \u{2}wi-fi";
        assert!(
            crate::analysis::words(text)
                .iter()
                .all(|word| unmarked(&word.form).is_none())
        );
    }
}
