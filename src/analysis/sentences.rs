//! Cuts text into sentences, for passages.

use std::ops::Range;

use super::fold::{fold, is_digit};
use super::language::Language;
use super::pairs::is_paired;
use super::sentence_bounds::each_piece;
use super::{BLOCK_END, CELL_END};

/// Abbreviations that do not end a sentence, folded, without the last full stop, by language. What stands under no tag
/// holds for all languages but those of their own list.
static ABBREVIATIONS: [(&str, &str); 24] = [
    (
        "",
        "adm approx apr aug ave brig capt cf col corp dec dr e.g eq etc feb fig gen gov hon i.e inc jan jr lt ltd maj \
         mr mrs ms mt nov oct pp prof rep rev sen sgt sr st u.k u.n u.s vs",
    ),
    (
        "bg",
        "г гг в вв ул т.е т.к т.н стр бр срв проф акад доц инж св млн млрд хил лв",
    ),
    (
        "ca",
        "sr sra dr dra prof av etc fig num pag p vol art st sta c ex p.ex",
    ),
    (
        "cs",
        "napr tj tzv dr mgr ing prof doc str c cl odst resp sv ul tr mj kol r pp",
    ),
    (
        "da",
        "f.eks bl.a dvs ca dr prof nr kl mv osv jf kr st pga ifm inkl ekskl hr fr",
    ),
    (
        "de",
        "abb abs allg art aufl bd bes betr bsp bspw bzgl bzw ca d.h dipl dr ebd einschl etc evtl ff geb gegr ggf hl hr \
         hrsg inkl ing insb jh kap lt max min mio mrd nr o.a prof rd s sog st std str tel u.a usw v.chr n.chr vgl vol z.b \
         z.t zzgl",
    ),
    (
        "el",
        "κ κα κλπ κ.λπ π.χ δηλ σελ αρ βλ κ.α μ.χ π.μ μ.μ δρ καθ",
    ),
    (
        "es",
        "sr sra srta sres dr dra d dna ud uds ee.uu num pag pags av avda art cia gral prof ing lic ej p.ej vol fig a.c d.c \
         st sta",
    ),
    ("fi", "esim mm ns ks vrt prof tri puh klo n nro mrd milj"),
    (
        "fr",
        "m mm mme mmes mlle dr pr st ste av bd cf chap env ex fig p pp vol art ed hab j.-c me mgr",
    ),
    ("hi", "डॉ डा प्रो पं श्री कु ई.पू"),
    (
        "hr",
        "npr tj tzv dr mr prof str br ul sv god st itd mil mlrd",
    ),
    ("hu", "pl ill dr prof kb un vo ld sz evf ker ozv id ifj u.n"),
    ("id", "dr prof ir drs dra hlm jl no yth tgl st h"),
    (
        "it",
        "sig sigg dott dr prof avv ing on ecc es pag pagg art cfr fig n vol s.p.a st",
    ),
    (
        "nl",
        "dhr mevr mw dr prof bijv blz ca d.w.z enz evt excl incl m.b.t nl nr o.a t.a.v vgl z.g.n drs ir st",
    ),
    (
        "no",
        "f.eks bl.a dvs ca dr prof nr kl mv osv jf kr st pga ifm inkl ekskl",
    ),
    (
        "pl",
        "np tzn tj dr prof inz mgr ul al pl sw im godz str r w nr ok tys mln mld p pt por zob red",
    ),
    (
        "pt",
        "sr sra srs dr dra prof av art ex exmo fig n pag pags vol p.ex sto sta d",
    ),
    (
        "ro",
        "dl dna dr prof nr str art alin ex p pag vol i.hr d.hr sf cca",
    ),
    (
        "ru",
        "г гг в вв им ул д т т.е т.к стр рис см ср напр руб коп тыс млн млрд проф акад доц гр обл р о оз пр просп пос св н.э",
    ),
    (
        "sv",
        "t.ex bl.a d.v.s dvs ca dr prof nr kl resp o.s.v m.fl f.d fr.o.m st ev jfr",
    ),
    (
        "tr",
        "dr prof doc av yrd vs bkz orn no sok cad mah yy alb sn",
    ),
    (
        "uk",
        "р рр ст ім вул м т.ч т.зв напр грн коп тис млн млрд проф акад доц обл див св н.е",
    ),
];

/// Languages that write an ordinal number with a full stop: `3. Oktober`.
static WITH_ORDINALS: [&str; 14] = [
    "cs", "da", "de", "et", "fi", "hr", "hu", "is", "lv", "no", "sk", "sl", "sr", "tr",
];

/// The largest number of digits of an ordinal.
const ORDINAL_DIGITS: usize = 2;

/// Languages that end sentences with a space.
static WITH_SPACES: [&str; 2] = ["lo", "th"];

/// The sentences of `text` as byte ranges, in order, without the white space between them. A block's or a cell's
/// end ends a sentence too. `language` knows abbreviations, and how sentences end where not by a sign.
///
/// Source: Unicode Standard Annex 29, section 5, joined again behind abbreviations, initials and ordinal numbers.
#[must_use]
pub fn sentences(text: &str, language: Option<Language>) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    SentenceRules::of(language).push_blocks(text, 0..text.len(), &mut all);
    all
}

/// Those of the [`sentences`] of `text` that stand in the blocks and cells of `places`, or of what lies `reach_chars`
/// before or behind one of them. The places are in order of their starts.
#[must_use]
pub fn sentences_around(
    text: &str,
    language: Option<Language>,
    places: impl IntoIterator<Item = Range<usize>>,
    reach_chars: usize,
) -> Vec<Range<usize>> {
    let rules = SentenceRules::of(language);
    let mut all = Vec::new();
    for region in regions(text, places, reach_chars) {
        rules.push_blocks(text, region, &mut all);
    }
    all
}

/// The bytes of the blocks and cells around `places`, in order, apart from each other; what lies between two is looked
/// through once.
fn regions(
    text: &str,
    places: impl IntoIterator<Item = Range<usize>>,
    reach_chars: usize,
) -> Vec<Range<usize>> {
    let most_bytes = if text.is_ascii() { 1 } else { 4 };
    let reach = reach_chars.saturating_mul(most_bytes);
    let mut all: Vec<Range<usize>> = Vec::new();
    for place in places {
        let from = place.start.saturating_sub(reach);
        let to = place.end.saturating_add(reach).min(text.len());
        match all.last_mut() {
            Some(last) if to <= last.end => {}
            Some(last) if from <= last.end => last.end = block_end(text, to),
            _ => all.push(block_start(text, from)..block_end(text, to)),
        }
    }
    all
}

/// Where the block or cell begins in which the byte `at` stands.
fn block_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    memchr::memrchr2(BLOCK_END as u8, CELL_END as u8, before).map_or(0, |end| end + 1)
}

/// Where it ends.
fn block_end(text: &str, at: usize) -> usize {
    let behind = text.as_bytes().get(at..).unwrap_or_default();
    memchr::memchr2(BLOCK_END as u8, CELL_END as u8, behind).map_or(text.len(), |end| at + end)
}

/// How sentences end in a language.
struct SentenceRules {
    abbreviations: &'static str,
    has_ordinals: bool,
    ends_with_space: bool,
    /// Greek writes its question mark as a semicolon.
    ends_with_semicolon: bool,
}

impl SentenceRules {
    fn of(language: Option<Language>) -> SentenceRules {
        let tag = language.map_or("", Language::tag);
        let own = ABBREVIATIONS.iter().find(|(own, _)| *own == tag);
        SentenceRules {
            abbreviations: own.unwrap_or(&ABBREVIATIONS[0]).1,
            has_ordinals: WITH_ORDINALS.contains(&tag),
            ends_with_space: WITH_SPACES.contains(&tag),
            ends_with_semicolon: tag == "el",
        }
    }

    /// Adds the sentences of the blocks and cells of a range of the text.
    fn push_blocks(&self, text: &str, range: Range<usize>, all: &mut Vec<Range<usize>>) {
        let mut from = range.start;
        while from < range.end {
            let end = block_end(text, from).min(range.end);
            self.push_block(text, from..end, all);
            from = end + 1;
        }
    }

    fn push_block(&self, text: &str, block: Range<usize>, all: &mut Vec<Range<usize>>) {
        let mut open = OpenSentence {
            rules: self,
            text,
            open: None,
            all,
        };
        let within = text.get(block.clone()).unwrap_or_default();
        each_piece(within, |piece| {
            open.push_piece(block.start + piece.start..block.start + piece.end);
        });
        open.close();
    }

    /// Whether a piece ends in an abbreviation, an initial or an ordinal number, so that its sentence goes on.
    fn goes_on(&self, piece: &str) -> bool {
        let Some(rest) = piece.strip_suffix('.') else {
            return false;
        };
        let is_edge = |c: char| {
            c.is_whitespace() || matches!(c, '(' | '[' | '"' | '\u{201c}' | '\u{201e}' | '\u{ab}')
        };
        let word = rest.rsplit(is_edge).next().unwrap_or(rest);
        let mut chars = word.chars();
        let is_letter = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
        // A lower-case letter is one where abbreviations are parted by spaces: `z. B.`, `т. е.`
        let is_initial =
            is_letter && word != "I" && (word.chars().any(char::is_uppercase) || self.has_ordinals);
        let is_ordinal = || {
            self.has_ordinals
                && (1..=ORDINAL_DIGITS).contains(&word.len())
                && word.chars().all(is_digit)
        };
        let is_listed = || is_among(self.abbreviations, &fold(word));
        is_initial || is_ordinal() || is_listed()
    }
}

/// Whether a word is one of a list with spaces between.
fn is_among(list: &str, word: &str) -> bool {
    let bytes = list.as_bytes();
    let is_space = |byte: Option<&u8>| byte.is_none_or(|&byte| byte == b' ');
    let is_whole = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        is_space(before) && is_space(bytes.get(at + word.len()))
    };
    !word.is_empty() && memchr::memmem::find_iter(bytes, word).any(is_whole)
}

/// The sentence of a block that may go on.
struct OpenSentence<'a> {
    rules: &'a SentenceRules,
    text: &'a str,
    open: Option<Range<usize>>,
    all: &'a mut Vec<Range<usize>>,
}

impl OpenSentence<'_> {
    /// Adds a piece that ends where Unicode's rules end a sentence, cut where the language ends sentences that these do
    /// not see.
    fn push_piece(&mut self, range: Range<usize>) {
        let piece = self.text.get(range.clone()).unwrap_or_default();
        let rules = self.rules;
        let is_cut = rules.ends_with_space || (rules.ends_with_semicolon && piece.contains(';'));
        if !is_cut {
            return self.push(range);
        }
        let mut from = range.start;
        let mut before = '\0';
        for (at, c) in piece.char_indices() {
            let ends = c.is_whitespace()
                && (rules.ends_with_space && is_paired(before)
                    || rules.ends_with_semicolon && before == ';');
            if ends {
                self.push(from..range.start + at);
                from = range.start + at;
            }
            before = c;
        }
        self.push(from..range.end);
    }

    fn push(&mut self, range: Range<usize>) {
        let piece = self.text.get(range.clone()).unwrap_or_default();
        let start = range.start + (piece.len() - piece.trim_start().len());
        let end = range.start + piece.trim_end().len();
        if start >= end {
            return;
        }
        let goes_on = |last: &Range<usize>| {
            let written = self.text.get(last.clone());
            written.is_some_and(|written| self.rules.goes_on(written))
        };
        self.open = match self.open.take() {
            Some(last) if goes_on(&last) => Some(last.start..end),
            last => {
                self.all.extend(last);
                Some(start..end)
            }
        };
    }

    fn close(self) {
        self.all.extend(self.open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_of_a_list_as_a_whole() {
        for word in ["sr", "e.g", "vs", "st", "b", "a b"] {
            let list = "a e.g sra sr str st.x vs st";
            let expected = list.split(' ').any(|own| own == word);
            assert_eq!(is_among(list, word), expected, "{word}");
        }
        assert!(!is_among("", "") && !is_among("a  b", ""));
    }

    #[test]
    fn t8_very_many_signs_behind_a_full_stop_end_a_stretch() {
        for sign in [')', '"', '\u{301}', ' ', ','] {
            let text = format!("One (two.{} three. Four.", sign.to_string().repeat(50_000));
            let all = sentences(&text, None);
            assert!(all.len() >= 3, "{sign}: {all:?}");
            assert_eq!(&text[all[all.len() - 1].clone()], "Four.");
        }
        let few = format!("One (two.{} three. Four.", ")".repeat(62));
        assert_eq!(sentences(&few, None).len(), 2);
    }

    #[test]
    fn the_sentences_around_a_place_are_those_of_the_whole_text_there() {
        let text = "One. Two é.\nThree\tFour. Five\n\nSix. Seven. Eight.\nNine";
        let whole = sentences(text, None);
        for start in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            for reach in [0, 1, 5, usize::MAX] {
                let place = start..start + 1;
                let around = sentences_around(text, None, [place.clone()], reach);
                assert!(around.iter().all(|own| whole.contains(own)));
                let near = |own: &&Range<usize>| {
                    own.start <= place.end.saturating_add(reach)
                        && own.end.saturating_add(reach) >= place.start
                };
                for own in whole.iter().filter(near) {
                    assert!(around.contains(own), "{start} {reach} {own:?}");
                }
            }
        }
        let each = whole.iter().map(|own| own.start..own.start + 1);
        assert_eq!(sentences_around(text, None, each, 0), whole);
    }

    fn texts(text: &str) -> Vec<&str> {
        sentences(text, None)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn abbreviations_and_initials_do_not_end_a_sentence() {
        assert_eq!(
            texts(
                "Dr. Smith met J. Doe. They agreed! Did they? \u{201c}Yes.\u{201d} I said no. In the U.S. it rained."
            ),
            [
                "Dr. Smith met J. Doe.",
                "They agreed!",
                "Did they?",
                "\u{201c}Yes.\u{201d}",
                "I said no.",
                "In the U.S. it rained."
            ]
        );
    }

    #[test]
    fn blocks_and_cells_end_sentences() {
        assert_eq!(
            texts("one item\nanother one\tcell\n\nlast"),
            ["one item", "another one", "cell", "last"]
        );
        assert_eq!(texts(" \n "), Vec::<&str>::new());
    }

    #[test]
    fn each_language_has_its_own_signs_and_abbreviations() {
        for (tag, text, expected) in [
            (
                "de",
                "Am 3. Oktober kam z. B. Dr. Kohl. Er sprach d. h. las.",
                2,
            ),
            (
                "de",
                "Im 19. Jahrhundert, vgl. S. 4, war das so. Heute nicht.",
                2,
            ),
            ("fr", "M. Macron a parlé. Il est parti.", 2),
            (
                "ru",
                "В 2014 г. Москва, т. е. столица, ждала. Потом ушла.",
                2,
            ),
            ("es", "El Sr. Pérez y la Sra. Ruiz. ¿Vienen? ¡Sí!", 3),
            ("el", "Ο κ. Σαμαράς μίλησε. Γιατί; Δεν ξέρω.", 3),
            ("hi", "डॉ. सिंह आए। वे बोले।", 2),
            ("zh", "他来了。他说:“好！”她走了？", 3),
            ("ja", "行った。帰った！", 2),
            ("ar", "انتهت المحادثات. هل نجحت؟ لا.", 3),
            ("ur", "وہ آیا۔ وہ گیا۔", 2),
            ("th", "เขามาแล้ว เธอไปแล้ว", 2),
            ("km", "គាត់មក។ គាត់ទៅ។", 2),
            ("my", "သူလာသည်။ သူသွားသည်။", 2),
            ("hy", "Նա եկավ։ Նա գնաց։", 2),
            ("ko", "그는 왔다. 그는 갔다.", 2),
            ("am", "መጣ። ሄደ።", 2),
            ("tr", "Dr. Ak 5. katta. Gitti.", 2),
        ] {
            let language = Language::of_tag(tag);
            let found = sentences(text, language);
            let shown: Vec<&str> = found.iter().map(|range| &text[range.clone()]).collect();
            assert_eq!(found.len(), expected, "{tag}: {shown:?}");
        }
    }

    #[test]
    fn the_abbreviations_are_folded() {
        for (tag, words) in ABBREVIATIONS {
            for word in words.split(' ').filter(|word| !word.is_empty()) {
                assert_eq!(fold(word), word, "{tag}");
            }
            assert!(tag.is_empty() || Language::of_tag(tag).is_some(), "{tag}");
        }
    }
}
