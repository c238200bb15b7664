//! Languages whose marks stand in endings: a table each, and what looks a word's ending up there.

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

/// Catalan: see [`CATALAN`].
pub(in crate::analysis) fn catalan(word: &str) -> Cow<'_, str> {
    with_marks(word, &CATALAN)
}

/// Czech: see [`CZECH`].
pub(in crate::analysis) fn czech(word: &str) -> Cow<'_, str> {
    with_marks(word, &CZECH)
}

/// French: see [`FRENCH`].
pub(in crate::analysis) fn french(word: &str) -> Cow<'_, str> {
    with_marks(word, &FRENCH)
}

/// Hungarian: see [`HUNGARIAN`].
pub(in crate::analysis) fn hungarian(word: &str) -> Cow<'_, str> {
    with_marks(word, &HUNGARIAN)
}

/// Irish: see [`IRISH`].
pub(in crate::analysis) fn irish(word: &str) -> Cow<'_, str> {
    with_marks(word, &IRISH)
}

/// Lithuanian: also č and dž before i and a back vowel, which the stemmer takes for softened t and d, and -iškas.
pub(in crate::analysis) fn lithuanian(word: &str) -> Cow<'_, str> {
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

/// Polish: see [`POLISH`].
pub(in crate::analysis) fn polish(word: &str) -> Cow<'_, str> {
    with_marks(word, &POLISH)
}

/// Portuguese: see [`PORTUGUESE`].
pub(in crate::analysis) fn portuguese(word: &str) -> Cow<'_, str> {
    with_marks(word, &PORTUGUESE)
}

/// Romanian: see [`ROMANIAN`].
pub(in crate::analysis) fn romanian(word: &str) -> Cow<'_, str> {
    with_marks(word, &ROMANIAN)
}

/// Spanish: see [`SPANISH`].
pub(in crate::analysis) fn spanish(word: &str) -> Cow<'_, str> {
    with_marks(word, &SPANISH)
}
