//! Makes of a folded word what its language's stemmer asks for: puts marks back that folding took, and takes off what is
//! written together with it.
//!
//! The stem that comes of it is folded again, so that no mark that was put back wrongly sets two forms apart.
//!
//! Source: measured on lists of up to 60,000 words a language, against the classes that the stemmers make of unfolded
//! words. Without this Turkish keeps 69 % of the pairs of forms that belong together, Czech 66 %, Polish 71 %, Hungarian
//! 79 %, Lithuanian 78 %, French 81 %, Romanian 84 %; with it 97, 98, 98, 96, 91, 99 and 98 %. Languages that are not
//! here lose less than 6 %, most of them nothing.

mod clitics;
mod endings;
mod letters;

pub(super) use clitics::{arabic, hebrew, persian};
pub(super) use endings::{
    catalan, czech, french, hungarian, irish, lithuanian, polish, portuguese, romanian, spanish,
};
pub(super) use letters::{hindi, turkish};

use std::borrow::Cow;

/// For languages whose stemmer does well without.
pub(super) fn none(word: &str) -> Cow<'_, str> {
    Cow::Borrowed(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;

    fn marked_by<'a>(language: &str, word: &'a str) -> Cow<'a, str> {
        Language::of_tag(language).expect(language).with_marks(word)
    }

    #[test]
    fn endings_get_their_marks() {
        for (language, folded, marked) in [
            ("czech", "novych", "nových"),
            ("czech", "program", "program"),
            ("french", "qualites", "qualités"),
            ("french", "different", "different"),
            ("romanian", "natiune", "națiune"),
            ("polish", "pracowala", "pracowała"),
            ("hungarian", "orszagbol", "orszagból"),
            ("portuguese", "acoes", "ações"),
            ("turkish", "cocugu", "cocuğu"),
            ("turkish", "kadinlarin", "kadınların"),
            ("turkish", "gozlerinde", "gözlerinde"),
            ("turkish", "odadaki", "odadaki"),
            ("lithuanian", "kvieciu", "kviečių"),
            ("hindi", "हिन्दी", "हिंदी"),
            ("hindi", "अन्न", "अन्न"),
            ("arabic", "واصبح", "وأصبح"),
            ("arabic", "واحد", "واحد"),
            ("persian", "ميرود", "مي\u{200c}رود"),
            ("persian", "ميليون", "ميليون"),
            ("english", "word", "word"),
        ] {
            assert_eq!(marked_by(language, folded), marked, "{folded}");
        }
    }

    #[test]
    fn any_word_can_be_restored() {
        for word in [
            "", "s", "i", "مي", "نمي", "وا", "न्", "\u{93c}", "x\u{301}", "日本", "gi", "mis",
        ] {
            for language in [
                "arabic",
                "czech",
                "hindi",
                "lithuanian",
                "persian",
                "polish",
                "turkish",
            ] {
                assert!(marked_by(language, word).len() <= word.len() + 3, "{word}");
            }
        }
    }
}
