//! What to say where nothing matches: words of the index that are near those of the query, and what would have matched.

use super::{Error, Index, SearchRequest};
use crate::analysis::{has_tones, is_paired, without_tones, words};
use crate::engine::EngineError;
use crate::query::{Filter, How, Mode, Query, QueryWord, Term, without_spellings};

/// A word of so many characters may differ by two edits.
const LONG_WORD_CHARS: usize = 5;

/// What would have matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// The query with words of the index in place of such as it does not hold.
    Respelt(String),
    /// The words in any spelling, and their inflections.
    OtherSpellings {
        /// So many hits.
        matched: u64,
        /// What has to be left out of the query or its flags.
        sign: &'static str,
    },
    /// Any of the words will do, or of the pairs of characters of a text without spaces.
    AnyWord {
        /// So many hits, at least.
        matched: u64,
        /// Whether the query has to be read as plain words for it.
        is_plain: bool,
    },
}

impl Index {
    /// What to propose in place of a query without a hit; `None` where nothing near would have one.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn suggest(
        &self,
        text: &str,
        request: &SearchRequest,
    ) -> Result<Option<Suggestion>, Error> {
        match self.suggestion(text, request) {
            // What would be asked instead takes too much.
            Err(Error::Engine(EngineError::Limit(_))) => Ok(None),
            suggested => suggested,
        }
    }

    /// The languages of a query's filters, as they are written, that no article is in.
    ///
    /// # Errors
    /// A query that cannot be read.
    pub fn missing_languages(&self, text: &str, mode: Mode) -> Result<Vec<String>, Error> {
        let query = self.parse(text, mode)?;
        let mut missing = Vec::new();
        for filter in query.root.filters() {
            if let Filter::Lang { asked, .. } = filter
                && !self.has_article(filter)?
            {
                missing.push(asked.clone());
            }
        }
        Ok(missing)
    }

    /// The paths of a query's filters, from the base, that no article is at or below.
    ///
    /// # Errors
    /// A query that cannot be read.
    pub fn missing_paths(&self, text: &str, mode: Mode) -> Result<Vec<String>, Error> {
        let query = self.parse(text, mode)?;
        let mut missing = Vec::new();
        for filter in query.root.filters() {
            if let Filter::Path(path) = filter
                && !self.has_article(filter)?
            {
                missing.push(path.written().to_string());
            }
        }
        Ok(missing)
    }

    fn suggestion(&self, text: &str, request: &SearchRequest) -> Result<Option<Suggestion>, Error> {
        let query = self.parse(text, request.mode)?;
        if let Some(wider) = self.without_field(&query)?
            && self.count_hits(&wider, request, request.mode)? > 0
        {
            return Ok(Some(Suggestion::Respelt(wider)));
        }
        if let Some(respelt) = self.respelt(&query)?
            && self.count_hits(&respelt, request, request.mode)? > 0
        {
            return Ok(Some(Suggestion::Respelt(respelt)));
        }
        if let Some(other) = self.other_spellings(text, request)? {
            return Ok(Some(other));
        }
        if request.mode.phrase {
            return Ok(None);
        }
        let mut plains = vec![request.mode.plain];
        if !request.mode.plain && text.contains(is_paired) {
            plains.push(true);
        }
        for is_plain in plains {
            let mode = Mode {
                any: true,
                plain: is_plain,
                ..request.mode
            };
            if mode == request.mode {
                continue;
            }
            let matched = self.count_hits(text, request, mode)?;
            if matched > 0 {
                let is_plain = is_plain && !request.mode.plain;
                return Ok(Some(Suggestion::AnyWord { matched, is_plain }));
            }
        }
        Ok(None)
    }

    /// What the query finds in any spelling, where it asks for one.
    fn other_spellings(
        &self,
        text: &str,
        request: &SearchRequest,
    ) -> Result<Option<Suggestion>, Error> {
        let mode = Mode {
            exact: false,
            ..request.mode
        };
        let has_syntax = !(mode.plain || mode.phrase);
        let (plain, sign) = match without_spellings(text) {
            _ if request.mode.exact => (text.to_string(), "--exact"),
            Some(plain) if has_syntax => (plain, "="),
            _ => return Ok(None),
        };
        let matched = self.count_hits(&plain, request, mode)?;
        Ok((matched > 0).then_some(Suggestion::OtherSpellings { matched, sign }))
    }

    fn count_hits(&self, text: &str, request: &SearchRequest, mode: Mode) -> Result<u64, Error> {
        let request = SearchRequest {
            mode,
            limit: Some(0),
            count_up_to: None,
            ..request.clone()
        };
        Ok(self.search(text, &request)?.summary.matched)
    }

    /// The query's text with near words of the index in place of those that it does not hold; `None` where it holds
    /// all, or has none near.
    fn respelt(&self, query: &Query) -> Result<Option<String>, Error> {
        let mut text = query.text.clone();
        let mut is_changed = false;
        let terms = query.terms().into_iter();
        for term in terms.filter(|term| term.is_required()) {
            for (word, forms) in term
                .words
                .iter()
                .zip(self.snapshot().forms(term, self.limits())?)
            {
                if !forms.is_empty() || !may_be_respelt(word) {
                    continue;
                }
                let Some(near) = self.nearest(term, word)? else {
                    return Ok(None);
                };
                text = replaced(&text, &word.form, &near);
                is_changed = true;
            }
        }
        Ok(is_changed.then_some(text))
    }

    /// The query's text without a field that does not hold a word which others do; `None` where there is no such field.
    fn without_field(&self, query: &Query) -> Result<Option<String>, Error> {
        let terms = query.terms().into_iter();
        for term in terms.filter(|term| term.is_required()) {
            let Some(field) = term.field else { continue };
            let anywhere = Term {
                field: None,
                ..term.clone()
            };
            let here = self.snapshot().forms(term, self.limits())?;
            let elsewhere = self.snapshot().forms(&anywhere, self.limits())?;
            let is_elsewhere =
                here.iter().any(Vec::is_empty) && elsewhere.iter().all(|forms| !forms.is_empty());
            if is_elsewhere {
                return Ok(Some(unfielded(&query.text, field.name())));
            }
        }
        Ok(None)
    }

    /// The word of the index that is written as `word` without tones, else the one with the fewest edits from it; of
    /// several the commonest, then the first.
    fn nearest(&self, term: &Term, word: &QueryWord) -> Result<Option<String>, Error> {
        if let Some(plain) = without_tones(&word.form)
            && let Some(form) = self.commonest(term, QueryWord::exact(plain))?
        {
            return Ok(Some(form));
        }
        let most = match word.form.chars().count() {
            ..LONG_WORD_CHARS => 1,
            _ => 2,
        };
        for edits in 1..=most {
            let fuzzy = QueryWord {
                how: How::Fuzzy { edits },
                ..QueryWord::exact(word.form.as_str())
            };
            if let Some(form) = self.commonest(term, fuzzy)? {
                return Ok(Some(form));
            }
        }
        Ok(None)
    }

    /// The commonest form that `word` stands for in place of `term`'s words.
    fn commonest(&self, term: &Term, word: QueryWord) -> Result<Option<String>, Error> {
        let term = Term {
            words: vec![word],
            slop: 0,
            ..term.clone()
        };
        let forms = self
            .snapshot()
            .forms(&term, self.limits())?
            .into_iter()
            .flatten();
        let best = forms.max_by(|a, b| a.df.cmp(&b.df).then_with(|| b.text.cmp(&a.text)));
        Ok(best.map(|form| form.text))
    }
}

/// `text` without `name:` wherever a term begins so.
fn unfielded(text: &str, name: &str) -> String {
    let field = format!("{name}:");
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(&field) {
        let before = text[..at].chars().next_back();
        if before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '-')) {
            out.push_str(&text[from..at]);
            from = at + field.len();
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Words that were written, not beginnings, and in letters.
fn may_be_respelt(word: &QueryWord) -> bool {
    let is_word = matches!(word.how, How::Exact | How::Quoted | How::Inflected { .. });
    let is_long = word.form.chars().count() > 2 || has_tones(&word.form);
    is_word && is_long && word.form.chars().all(char::is_alphabetic)
}

/// `text` with `near` in place of each word that folds to `form`; a last sigma is written as such.
fn replaced(text: &str, form: &str, near: &str) -> String {
    let near = match near.strip_suffix('σ') {
        Some(front) => format!("{front}ς"),
        None => near.to_string(),
    };
    let mut out = String::new();
    let mut from = 0;
    for word in words(text).into_iter().filter(|word| word.form == form) {
        out.push_str(&text[from..word.range.start]);
        out.push_str(&near);
        from = word.range.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_dropped_wherever_it_begins_a_term() {
        assert_eq!(
            unfielded("body:war -body:x (body:(a b))", "body"),
            "war -x ((a b))"
        );
        assert_eq!(unfielded("x antibody:y", "body"), "x antibody:y");
    }

    #[test]
    fn a_word_is_replaced_wherever_it_stands() {
        assert_eq!(
            replaced("Harbuor (harbuor)", "harbuor", "harbour"),
            "harbour (harbour)"
        );
        assert_eq!(replaced("συμφωνια", "συμφωνια", "συμφωνιεσ"), "συμφωνιες");
    }
}
