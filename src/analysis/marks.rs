//! Puts back, in a folded word, the marks that its language's stemmer asks for.
//!
//! The stem that comes of it is folded again, so that no mark that was put back wrongly sets two forms apart.
//!
//! Source: measured on lists of up to 60,000 words a language, against the classes that the stemmers make of unfolded
//! words. Without this Turkish keeps 69 % of the pairs of forms that belong together, Czech 66 %, Polish 71 %, Hungarian
//! 79 %, Lithuanian 78 %, French 81 %, Romanian 84 %; with it 97, 98, 98, 96, 91, 99 and 98 %. Languages that are not
//! here lose less than 6 %, most of them nothing.

use std::borrow::Cow;

/// Endings as folded, with their marks; the longest that fits a word is taken. A pair of equals is an exception.
type Endings = [(&'static str, &'static str)];

/// `word` with the marks of its ending, if it has one of `endings`.
fn with_marks<'a>(word: &'a str, endings: &Endings) -> Cow<'a, str> {
    endings
        .iter()
        .filter_map(|&(folded, marked)| Some((word.strip_suffix(folded)?, marked)))
        .min_by_key(|(stem, _)| stem.len())
        .map_or(Cow::Borrowed(word), |(stem, marked)| {
            Cow::Owned([stem, marked].concat())
        })
}

/// Catalan: -ió, -nça, -ència.
static CATALAN: [(&str, &str); 4] = [
    ("encia", "ència"),
    ("encies", "ències"),
    ("io", "ió"),
    ("nca", "nça"),
];

/// Czech: the long vowels of case endings.
static CZECH: [(&str, &str); 19] = [
    ("ach", "ách"),
    ("am", "ám"),
    ("eho", "ého"),
    ("emu", "ému"),
    ("gram", "gram"),
    ("ich", "ích"),
    ("iho", "ího"),
    ("im", "ím"),
    ("imi", "ími"),
    ("imu", "ímu"),
    ("klam", "klam"),
    ("ozum", "ozum"),
    ("rezim", "rezim"),
    ("um", "ům"),
    ("ych", "ých"),
    ("ym", "ým"),
    ("ymi", "ými"),
    ("zkum", "zkum"),
    ("znam", "znam"),
];

/// French: -ée, -ées, -ité, -ités, -ière, -èrent.
static FRENCH: [(&str, &str); 11] = [
    ("dherent", "dherent"),
    ("ee", "ée"),
    ("ees", "ées"),
    ("erent", "èrent"),
    ("fferent", "fferent"),
    ("iere", "ière"),
    ("ieres", "ières"),
    ("ite", "ité"),
    ("ites", "ités"),
    ("nherent", "nherent"),
    ("oherent", "oherent"),
];

/// Hungarian: the case endings with long vowels.
static HUNGARIAN: [(&str, &str); 13] = [
    ("bol", "ból"),
    ("ert", "ért"),
    ("jan", "ján"),
    ("jat", "ját"),
    ("jet", "jét"),
    ("kent", "ként"),
    ("kepp", "képp"),
    ("keppen", "képpen"),
    ("nal", "nál"),
    ("nel", "nél"),
    ("nnel", "nnel"),
    ("rol", "ról"),
    ("tol", "tól"),
];

/// Irish: -íocht, -áil, -óid and their like.
static IRISH: [(&str, &str); 9] = [
    ("achtuil", "achtúil"),
    ("ail", "áil"),
    ("iocht", "íocht"),
    ("iochta", "íochta"),
    ("iri", "irí"),
    ("oid", "óid"),
    ("oideach", "óideach"),
    ("oideacha", "óideacha"),
    ("oidigh", "óidigh"),
];

/// Lithuanian: ė, ų and į of case and verb endings.
static LITHUANIAN: [(&str, &str); 19] = [
    ("ciu", "čių"),
    ("dziu", "džių"),
    ("eja", "ėja"),
    ("ejai", "ėjai"),
    ("ejas", "ėjas"),
    ("ejau", "ėjau"),
    ("eje", "ėje"),
    ("ejo", "ėjo"),
    ("eju", "ėjų"),
    ("emis", "ėmis"),
    ("ems", "ėms"),
    ("es", "ės"),
    ("ese", "ėse"),
    ("eti", "ėti"),
    ("etu", "ėtų"),
    ("mes", "mės"),
    ("ni", "nį"),
    ("uju", "ųjų"),
    ("usiu", "usių"),
];

/// Polish: ł, ą, ć and ś of verb endings, and -ów.
static POLISH: [(&str, &str); 46] = [
    ("aca", "ąca"),
    ("ace", "ące"),
    ("acego", "ącego"),
    ("acej", "ącej"),
    ("acy", "ący"),
    ("acych", "ących"),
    ("acym", "ącym"),
    ("acymi", "ącymi"),
    ("aja", "ają"),
    ("ala", "ała"),
    ("alas", "ałaś"),
    ("alem", "ałem"),
    ("ales", "ałeś"),
    ("alo", "ało"),
    ("aly", "ały"),
    ("bys", "byś"),
    ("c", "ć"),
    ("chwil", "chwil"),
    ("chwila", "chwila"),
    ("erialem", "erialem"),
    ("fala", "fala"),
    ("ila", "iła"),
    ("ilas", "iłaś"),
    ("ilem", "iłem"),
    ("iles", "iłeś"),
    ("ilo", "iło"),
    ("ily", "iły"),
    ("iwalem", "iwalem"),
    ("jac", "jąc"),
    ("l", "ł"),
    ("lam", "łam"),
    ("liscie", "liście"),
    ("lyscie", "łyście"),
    ("ow", "ów"),
    ("pitalem", "pitalem"),
    ("rodzic", "rodzic"),
    ("sc", "ść"),
    ("skala", "skala"),
    ("smy", "śmy"),
    ("ulic", "ulic"),
    ("yla", "yła"),
    ("ylas", "yłaś"),
    ("ylem", "yłem"),
    ("yles", "yłeś"),
    ("ylo", "yło"),
    ("yly", "yły"),
];

/// Portuguese: -ção, -ções, -rão, -ável, -ível, -ência, -ância.
static PORTUGUESE: [(&str, &str); 8] = [
    ("ancia", "ância"),
    ("avel", "ável"),
    ("cao", "ção"),
    ("coes", "ções"),
    ("encia", "ência"),
    ("encias", "ências"),
    ("ivel", "ível"),
    ("rao", "rão"),
];

/// Romanian: ă, â, ș and ț of endings.
static ROMANIAN: [(&str, &str); 29] = [
    ("and", "ând"),
    ("andu", "ându"),
    ("ara", "ară"),
    ("asera", "aseră"),
    ("ata", "ată"),
    ("ca", "că"),
    ("easca", "ească"),
    ("eaza", "ează"),
    ("isera", "iseră"),
    ("itati", "ități"),
    ("itatii", "ității"),
    ("oasa", "oasă"),
    ("ste", "ște"),
    ("sti", "ști"),
    ("ti", "ți"),
    ("tia", "ția"),
    ("tie", "ție"),
    ("tiei", "ției"),
    ("tii", "ții"),
    ("tiile", "țiile"),
    ("tiilor", "țiilor"),
    ("tiune", "țiune"),
    ("tiunea", "țiunea"),
    ("tiuni", "țiuni"),
    ("tiunii", "țiunii"),
    ("tiunile", "țiunile"),
    ("tiunilor", "țiunilor"),
    ("usera", "useră"),
    ("za", "ză"),
];

/// Spanish: -ía, -ían, -ábamos, -iéramos and their like.
static SPANISH: [(&str, &str); 13] = [
    ("abamos", "ábamos"),
    ("aramos", "áramos"),
    ("eia", "eía"),
    ("eria", "ería"),
    ("erias", "erías"),
    ("iamos", "íamos"),
    ("ian", "ían"),
    ("ieramos", "iéramos"),
    ("iria", "iría"),
    ("irias", "irías"),
    ("logia", "logía"),
    ("logias", "logías"),
    ("uia", "uía"),
];

/// What follows وا in the words whose own first letter is و, such as واحد.
static ARABIC_WAW_STEMS: [&str; 17] = [
    "ئل", "ثق", "جب", "جه", "حة", "حد", "دي", "رد", "سع", "شن", "صف", "صل", "ضح", "عي", "فق", "قع",
    "قف",
];

/// Arabic: the hamza after و, "and", by which the stemmer knows that prefix.
pub(super) fn arabic(word: &str) -> Cow<'_, str> {
    match word.strip_prefix("وا") {
        Some(rest)
            if rest.chars().count() > 1
                && !rest.starts_with('ل')
                && !ARABIC_WAW_STEMS.iter().any(|stem| rest.starts_with(stem)) =>
        {
            Cow::Owned(["وأ", rest].concat())
        }
        _ => Cow::Borrowed(word),
    }
}

/// Hindi: candrabindu and न् before a consonant as anusvara, without nukta, since spellings waver between these.
pub(super) fn hindi(word: &str) -> Cow<'_, str> {
    if !word.contains(['\u{901}', '\u{93c}']) && !word.contains("न्") {
        return Cow::Borrowed(word);
    }
    let word = word.replace('\u{901}', "\u{902}").replace('\u{93c}', "");
    let mut parts = word.split("न्");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Not in अन्न, and not before य, र, व, ह, nor at the end.
        let before_a_stop = part.starts_with(|next| ('क'..='भ').contains(&next) && next != 'न');
        whole.push_str(if before_a_stop { "\u{902}" } else { "न्" });
        whole.push_str(part);
    }
    Cow::Owned(whole)
}

/// Lithuanian: also č and dž before i and a back vowel, which the stemmer takes for softened t and d, and -iškas.
pub(super) fn lithuanian(word: &str) -> Cow<'_, str> {
    let mut word = with_marks(word, &LITHUANIAN).into_owned();
    for (folded, marked) in [
        ("cia", "čia"),
        ("cio", "čio"),
        ("ciu", "čiu"),
        ("dzia", "džia"),
        ("dzio", "džio"),
        ("dziu", "džiu"),
        ("isk", "išk"),
    ] {
        word = word.replace(folded, marked);
    }
    Cow::Owned(word)
}

/// How Persian words begin in which می is no verb's prefix.
static PERSIAN_MI_STEMS: [&str; 16] = [
    "ميان",
    "ميدان",
    "ميكد",
    "ميهم",
    "ميرا",
    "ميرز",
    "ميزا",
    "ميزبان",
    "ميكر",
    "ميلا",
    "ميليا",
    "ميليو",
    "ميليم",
    "ميمو",
    "مينا",
    "ميهن",
];

/// Persian: the joiner after می and نمی in verbs, which folding dropped and the stemmer asks for.
pub(super) fn persian(word: &str) -> Cow<'_, str> {
    let positive = word.strip_prefix('ن').unwrap_or(word);
    let Some(verb) = positive.strip_prefix("مي") else {
        return Cow::Borrowed(word);
    };
    let is_verb = verb.chars().count() > 2
        && verb.ends_with(['د', 'ت', 'م', 'ي', 'ن', 'ه'])
        && !PERSIAN_MI_STEMS
            .iter()
            .any(|stem| positive.starts_with(stem));
    if !is_verb {
        return Cow::Borrowed(word);
    }
    let prefix = &word[..word.len() - verb.len()];
    Cow::Owned([prefix, "\u{200c}", verb].concat())
}

/// Whether a vowel that folding keeps apart is a front one.
fn turkish_front(vowel: char) -> Option<bool> {
    match vowel {
        'e' => Some(true),
        'a' => Some(false),
        _ => None,
    }
}

/// Turkish: ı, ü, ö by vowel harmony, ğ between vowels, and the ş of -miş.
///
/// The vowels of endings agree in frontness. The nearest `a` or `e` to the right decides, else that to the left; in
/// words without either, every vowel stays as folded, which agrees too.
pub(super) fn turkish(word: &str) -> Cow<'_, str> {
    let mut letters: Vec<char> = word.chars().collect();
    let folded = letters.clone();
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'ı' | 'ö' | 'ü');
    let mut left = None;
    let mut vowels = 0;
    for at in 0..folded.len() {
        let c = folded[at];
        if let Some(front) = turkish_front(c) {
            left = Some(front);
        } else if c == 'o' && vowels > 0 {
            left = Some(false);
        }
        let after = &folded[(at + 1).min(folded.len())..];
        let front = after.iter().copied().find_map(turkish_front).or(left);
        let before_a_vowel = after.first().is_some_and(|&next| is_vowel(next));
        letters[at] = match (c, front) {
            ('i', _)
                if at > 2
                    && matches!(folded[at - 3], 'd' | 't')
                    && folded[at - 2..at] == ['a', 'k'] =>
            {
                'i'
            }
            ('i', Some(false)) => 'ı',
            ('s', _) if vowels == 1 && is_vowel(folded[at - 1]) && before_a_vowel => 'ş',
            ('u', Some(true)) => 'ü',
            ('o', Some(true)) if vowels == 0 => 'ö',
            ('g', _) if vowels > 0 && is_vowel(folded[at - 1]) && before_a_vowel => 'ğ',
            ('s', _)
                if vowels > 1
                    && at > 1
                    && folded[at - 2] == 'm'
                    && matches!(folded[at - 1], 'i' | 'u')
                    && after
                        .first()
                        .is_none_or(|next| matches!(next, 't' | 'l' | 'k' | 's')) =>
            {
                'ş'
            }
            _ => c,
        };
        vowels += usize::from(is_vowel(c));
    }
    Cow::Owned(letters.into_iter().collect())
}

/// Catalan: see [`CATALAN`].
pub(super) fn catalan(word: &str) -> Cow<'_, str> {
    with_marks(word, &CATALAN)
}

/// Czech: see [`CZECH`].
pub(super) fn czech(word: &str) -> Cow<'_, str> {
    with_marks(word, &CZECH)
}

/// French: see [`FRENCH`].
pub(super) fn french(word: &str) -> Cow<'_, str> {
    with_marks(word, &FRENCH)
}

/// Hungarian: see [`HUNGARIAN`].
pub(super) fn hungarian(word: &str) -> Cow<'_, str> {
    with_marks(word, &HUNGARIAN)
}

/// Irish: see [`IRISH`].
pub(super) fn irish(word: &str) -> Cow<'_, str> {
    with_marks(word, &IRISH)
}

/// Polish: see [`POLISH`].
pub(super) fn polish(word: &str) -> Cow<'_, str> {
    with_marks(word, &POLISH)
}

/// Portuguese: see [`PORTUGUESE`].
pub(super) fn portuguese(word: &str) -> Cow<'_, str> {
    with_marks(word, &PORTUGUESE)
}

/// Romanian: see [`ROMANIAN`].
pub(super) fn romanian(word: &str) -> Cow<'_, str> {
    with_marks(word, &ROMANIAN)
}

/// Spanish: see [`SPANISH`].
pub(super) fn spanish(word: &str) -> Cow<'_, str> {
    with_marks(word, &SPANISH)
}

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
