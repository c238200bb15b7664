//! Whether a word of a text is spelled as a query asks for, by the definition in `query::spelled`.

use excerpt::analysis::Word;
use excerpt::query::{How, QueryWord};
use unicode_normalization::UnicodeNormalization;

/// Whether a word of `text`, for which the query's word stands, has its spelling.
pub(super) fn is_spelled(word: &QueryWord, own: &Word, text: &str) -> bool {
    let end = match word.how {
        How::Character => own.lead_end,
        _ => own.range.end,
    };
    let seen = seen(&text[own.range.start..end]);
    word.spelling.as_ref().is_none_or(|wanted| *wanted == seen)
}

/// Case and marks as they are; one apostrophe; nothing that is not seen.
fn seen(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}' => {}
            c if c.is_control() || c.is_whitespace() => {}
            '`' | '´' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '′' | 'ʼ' | '׳' => {
                out.push('\'');
            }
            c => out.push(c),
        }
    }
    out.nfkc().filter(|c| !c.is_whitespace()).collect()
}
