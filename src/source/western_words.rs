//! Tells whether what reads as windows-1252 are words of Western Europe: letters of one language, where it writes them.
//!
//! Without such evidence a short text is as good in windows-1250: `père` is `pčre` there. What is written there in most
//! languages is none here: `čas` is `èas`, `něco nového` is `nìco nového`, `být řádný` is `být øádný`.

use super::signs::is_sign;

/// The letters beyond ASCII that languages of Western Europe write together, small, with those of common loans.
static ALPHABETS: [&str; 10] = [
    // French, Spanish, Portuguese, Italian, Catalan
    "àâæçéèêëîïôœùûüÿ",
    "áéíñóúü",
    "áâãàçéêíóôõúü",
    "àèéìíîòóùú",
    "àçéèíïóòúü",
    // German, Dutch
    "äöüßéà",
    "áàéèêëíïóöúüç",
    // Swedish and Finnish, Danish and Norwegian, Icelandic
    "åäöéàü",
    "æøåéóôüäö",
    "áðéíóúýþæö",
];
/// So many words that end in `ã` are hardly Portuguese, in a text without `ão` and its kin.
const MIN_BARE_NASALS: usize = 2;

/// Whether all characters beyond ASCII are letters of one language, or signs, and stand where it has them.
pub(super) fn are_western(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut alphabets = ALPHABETS.to_vec();
    let (mut nasals, mut bare_nasals) = (0, 0);
    let beyond = text.iter().enumerate().filter(|(_, c)| !c.is_ascii());
    for (at, &c) in beyond {
        if !c.is_alphabetic() || matches!(c, 'ª' | 'º') {
            if !is_sign(&text, at) && !opens_question(&text, at) {
                return false;
            }
            continue;
        }
        let small = small(c);
        alphabets.retain(|alphabet| alphabet.contains(small));
        let beside = LetterNeighbours::of(&text, at);
        if alphabets.is_empty() || !beside.is_usual(small) {
            return false;
        }
        let is_nasal = matches!(small, 'ã' | 'õ');
        let is_bare = is_nasal && !matches!(beside.behind, Some('o' | 'e' | 's'));
        nasals += usize::from(is_nasal && !is_bare);
        bare_nasals += usize::from(is_bare);
    }
    bare_nasals < MIN_BARE_NASALS || nasals >= bare_nasals
}

/// Whether a Spanish question or exclamation begins here, which has an end: `ż` is the same byte as `¿`.
fn opens_question(text: &[char], at: usize) -> bool {
    let end = match text.get(at) {
        Some('¿') => '?',
        Some('¡') => '!',
        _ => return false,
    };
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before.is_none_or(|c| !c.is_alphanumeric())
        && text.get(at..).is_some_and(|rest| rest.contains(&end))
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The letters beside one in its word, small.
struct LetterNeighbours {
    before: Option<char>,
    behind: Option<char>,
}

impl LetterNeighbours {
    fn of(text: &[char], at: usize) -> LetterNeighbours {
        let letter = |at: Option<usize>| {
            let c = text.get(at?).copied()?;
            c.is_alphabetic().then(|| small(c))
        };
        LetterNeighbours {
            before: letter(at.checked_sub(1)),
            behind: letter(Some(at + 1)),
        }
    }

    /// Whether languages of the West have this small letter here. Those that are other letters in Central Europe stand
    /// elsewhere there: `è` before a consonant is `č` before a vowel.
    fn is_usual(&self, letter: char) -> bool {
        let is_vowel = |c: Option<char>| c.is_some_and(|c| VOWELS.contains(c));
        let behind = self.behind.unwrap_or(' ');
        match letter {
            'è' | 'ò' | 'û' => !is_vowel(self.behind),
            'ê' => !matches!(behind, 'b' | 'd' | 'f' | 'g' | 'j' | 'k' | 'w' | 'z'),
            'ì' | 'ù' => self.behind.is_none(),
            'ñ' => is_vowel(self.behind),
            'õ' => behind == 'e',
            'ã' => self.behind.is_none() || matches!(behind, 'o' | 'e' | 's'),
            'ï' => self.before.is_none() || is_vowel(self.before),
            'æ' => !is_vowel(self.before),
            'ø' => !matches!(behind, 'a' | 'á' | 'i' | 'í' | 'o' | 'u'),
            'œ' if self.before.is_none() => matches!(behind, 'u' | 'c' | 'd' | 'i' | 'n' | 's'),
            'œ' => matches!(behind, 'u' | 't' | 'l' | 'n'),
            _ => true,
        }
    }
}

const VOWELS: &str = "aeiouyáéíóúàèìòùäöüâêîôûåæø";

#[cfg(test)]
mod tests {
    use super::are_western;

    #[test]
    fn words_of_the_west_are_told_from_those_that_read_as_such() {
        for text in [
            "Geneviève a mangé",
            "la père forêt, être, cœur, œdème",
            "señor, ¿qué pasó?",
            "A situação de amanhã",
            "perché è più bello così",
            "hun kører på søen, Høyre",
            "Það er á ný",
            "3 m³ für 5 £",
            "naïve façade",
        ] {
            assert!(are_western(text), "{text}");
        }
        for text in [
            "èas",
            "nìco nového",
            "být øádný",
            "zastøelit záloha",
            "gêœ",
            "Zamoœæ",
            "Markoviæ",
            "Rafa³",
            "przemys³",
            "dzieñ",
            "jövõ",
            "Nemeº",
            "a confirmat cã data este incorectã",
            "însã",
            "¿e nie",
        ] {
            assert!(!are_western(text), "{text}");
        }
    }
}
