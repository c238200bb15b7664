//! What a line that may be a heading shows by itself: its size, end, case, signs and words.

use super::blocks::TextBlock;
use super::case::{LetterCase, case_of};
use super::code::{Signs, is_code_of};
use super::features::{Feature, Features};
use super::lines::text_width;
use super::numbers::Number;
use super::patterns::{is_boilerplate, is_byline, is_caption, is_date, is_known_heading};
use super::phrases::{
    breaks_off, calls, credits_picture, describes_picture, goes_on, greets, has_verb,
    is_attribution, is_index_entry, refers,
};
use super::shape::{
    Ending, ending, has_address, has_columns, has_inner_stop, is_item, is_mostly_signs,
    starts_question, without_number,
};

pub(super) fn size(block: &TextBlock<'_>, text: &str, f: &mut Features) {
    let words = block.words;
    let columns = text_width(text);
    match words {
        0..=1 => f.add(Feature::OneWord),
        2..=3 => f.add(Feature::FewWords),
        4..=8 => {}
        9..=12 => f.add(Feature::ManyWords),
        _ => f.add(Feature::TooManyWords),
    }
    f.add_if(words > 16 || columns > 100, Feature::VeryLong);
    f.add_if(columns > 70, Feature::Wide);
    f.add_if(
        block.line_count() > 1 && block.underline.is_none(),
        Feature::Wrapped,
    );
    f.add_if(block.underline.is_some(), Feature::Underlined);
}

pub(super) fn ending_of(text: &str, case: LetterCase, number: Number, f: &mut Features) {
    let is_abbreviation = number == Number::Roman || is_short_with_stop(text);
    match ending(text) {
        Ending::Stop if is_abbreviation => {}
        Ending::Stop if case == LetterCase::Capitals => f.add(Feature::EndsStopCapitals),
        Ending::Stop => f.add(Feature::EndsStop),
        Ending::Question if starts_question(text) || case == LetterCase::None => {
            f.add(Feature::EndsQuestion);
        }
        Ending::Question => f.add(Feature::EndsOddQuestion),
        Ending::Exclamation => f.add(Feature::EndsExclamation),
        Ending::Colon => f.add(Feature::EndsColon),
        Ending::Comma => f.add(Feature::EndsComma),
        Ending::Open => {}
    }
    f.add_if(has_inner_stop(text), Feature::InnerStop);
}

/// Whether up to four words end with a letter or a number before the stop.
fn is_short_with_stop(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    let core = last.trim_end_matches('.');
    let is_mark = core.bytes().all(|b| b.is_ascii_digit())
        || (core.len() == 1 && core.starts_with(|c: char| c.is_ascii_uppercase()));
    !core.is_empty() && is_mark && text.split_whitespace().take(5).count() <= 4
}

pub(super) fn case_feature(text: &str, case: LetterCase, seen: Signs, f: &mut Features) {
    match case {
        LetterCase::Capitals => f.add(Feature::Capitals),
        LetterCase::Titled => f.add(Feature::TitleCase),
        LetterCase::Sentence => f.add(Feature::SentenceCase),
        LetterCase::One => f.add(Feature::OneCapital),
        LetterCase::Small if !f.has(Feature::NumberDecimal) => f.add(Feature::SmallStart),
        LetterCase::Odd if !f.has(Feature::NumberDecimal) => f.add(Feature::OddStart),
        LetterCase::None => f.add(Feature::Caseless),
        LetterCase::Small | LetterCase::Odd | LetterCase::Wordless => {}
    }
    if case != LetterCase::Capitals
        && seen.has(b"(")
        && let Some(outside) = text.split('(').next().filter(|o| o.len() < text.len())
    {
        f.add_if(
            case_of(outside) == LetterCase::Capitals,
            Feature::CapitalsOutside,
        );
    }
}

pub(super) fn signs(text: &str, seen: Signs, f: &mut Features) {
    let opens = |signs: &[char]| text.starts_with(signs);
    f.add_if(is_item(text), Feature::Bullet);
    let quotes = ['"', '\'', '\u{201c}', '\u{2018}', '«', '„', '(', '['];
    f.add_if(opens(&quotes), Feature::OpensQuote);
    let marks = [
        '*', '_', '~', '|', '<', '>', '#', '$', '%', '&', '@', '\\', '/', '+',
    ];
    f.add_if(opens(&marks), Feature::OpensSign);
    f.add_if(has_address(text, seen), Feature::Address);
    f.add_if(is_code_of(text, seen), Feature::CodeLike);
    f.add_if(
        has_columns(text.lines().next().unwrap_or_default()),
        Feature::Columns,
    );
    f.add_if(is_mostly_signs(text), Feature::MostlySigns);
    let has_commas = seen.has(b",") || !seen.is_ascii();
    let commas = || text.chars().filter(|c| matches!(c, ',' | '，')).count();
    f.add_if(has_commas && commas() >= 2, Feature::Commas);
    if seen.has_digit() {
        let last = text.split_whitespace().next_back().unwrap_or_default();
        f.add_if(last.bytes().any(|b| b.is_ascii_digit()), Feature::EndsDigit);
    }
}

/// Whether articles share a line as a heading.
pub(super) fn known(text: &str, f: &mut Features) {
    f.add_if(is_known_heading(without_number(text)), Feature::Known);
}

pub(super) fn wording(text: &str, seen: Signs, f: &mut Features) {
    f.add_if(is_byline(text), Feature::Byline);
    let may_be_date = seen.has_digit() || !seen.is_ascii();
    f.add_if(may_be_date && is_date(text), Feature::Date);
    f.add_if(is_caption(text), Feature::Caption);
    f.add_if(is_boilerplate(text), Feature::Boilerplate);
    f.add_if(credits_picture(text), Feature::Credit);
    f.add_if(describes_picture(text), Feature::PictureOf);
    f.add_if(text.starts_with("!["), Feature::PictureMark);
    f.add_if(greets(text), Feature::Greeting);
    f.add_if(calls(text), Feature::Call);
    f.add_if(refers(text), Feature::Reference);
    f.add_if(
        seen.has_digit() && is_index_entry(text),
        Feature::IndexEntry,
    );
    f.add_if(is_attribution(text), Feature::Attribution);
    f.add_if(breaks_off(text), Feature::BreaksOff);
    f.add_if(
        f.has(Feature::EndsExclamation) && text.split_whitespace().nth(3).is_some(),
        Feature::LongExclamation,
    );
}

/// Whether a line is a sentence of the text, or the name of a chapter that is written as one.
pub(super) fn story(text: &str, number: Number, f: &mut Features) {
    let ends = f.has(Feature::EndsStop);
    f.add_if(number == Number::None && goes_on(text), Feature::GoesOn);
    f.add_if(ends && has_verb(text), Feature::WholeSentence);
    f.add_if(ends && f.has(Feature::AfterNumber), Feature::ChapterName);
}
