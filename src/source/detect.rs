//! Tells the encoding of a text from its bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::WINDOWS_1252;

use super::Encoding;
use super::signs::{are_western, is_stray_control};
use super::utf_32;
use super::western::refined;

/// How many bytes from the front are looked at for NULs, of which text holds few but for UTF-16.
const NUL_PROBE_BYTES: usize = 64 << 10;
/// Text has at most one NUL in so many bytes.
const BYTES_PER_NUL: usize = 1000;
/// How many bytes tell whether a text is UTF-16.
const UTF_16_PROBE_BYTES: usize = 8 << 10;
/// How many bytes a guess rests on at most.
const GUESS_BYTES: usize = 256 << 10;
/// How many bytes before the first one that is not ASCII the guess sees too.
const GUESS_LEAD_BYTES: usize = 1 << 10;
/// So many good sequences of UTF-8 outweigh a bad one.
const GOOD_PER_BAD: usize = 4;
/// Among so many pairs of bytes, one with a zero speaks for UTF-16 of a script with spaces.
const PAIRS_PER_ZERO: usize = 25;
/// So few pairs of bytes tell nothing.
const MIN_PAIRS: usize = 4;

/// The encoding of `bytes`, and how many of them are a byte order mark; `None` for what is no text. `declared` is what
/// the text says of itself: bytes that are UTF-8 are that, whatever it says.
pub(super) fn detect(bytes: &[u8], declared: Option<Encoding>) -> Option<(Encoding, usize)> {
    if let Some(marked) = byte_order_mark(bytes) {
        return Some(marked);
    }
    let probe = bytes.get(..NUL_PROBE_BYTES).unwrap_or(bytes);
    let nuls = memchr::memchr_iter(0, probe).count();
    if nuls > 0 {
        if let Some(is_big) = utf_32::unmarked(bytes) {
            return Some((utf_32_of(is_big), 0));
        }
        let front = probe.get(..UTF_16_PROBE_BYTES).unwrap_or(probe);
        if let Some(encoding) = utf_16(front) {
            return Some((encoding, 0));
        }
        if nuls * BYTES_PER_NUL > probe.len() {
            return None;
        }
    }
    let encoding = if std::str::from_utf8(bytes).is_ok() {
        escaped(bytes, probe).unwrap_or(Encoding::UTF_8)
    } else {
        beyond_utf_8(bytes, declared)
    };
    Some((encoding, 0))
}

/// The encoding that the bytes at the front name, and how many these are.
pub(super) fn byte_order_mark(bytes: &[u8]) -> Option<(Encoding, usize)> {
    // The mark of UTF-32 begins as one of UTF-16.
    if utf_32::is_marked_little(bytes) {
        return Some((Encoding::UTF_32LE, 4));
    }
    if utf_32::is_marked_big(bytes) {
        return Some((Encoding::UTF_32BE, 4));
    }
    if bytes.starts_with(b"\xff\xfe\0\0") {
        return None;
    }
    let (rules, len) = encoding_rs::Encoding::for_bom(bytes)?;
    Some((Encoding::of(rules)?, len))
}

fn utf_32_of(is_big: bool) -> Encoding {
    match is_big {
        true => Encoding::UTF_32BE,
        false => Encoding::UTF_32LE,
    }
}

/// How many sequences beyond ASCII are UTF-8, and how many are not.
struct Utf8Count {
    good: usize,
    bad: usize,
}

impl Utf8Count {
    fn of(bytes: &[u8]) -> Utf8Count {
        let mut count = Utf8Count { good: 0, bad: 0 };
        for chunk in bytes.utf8_chunks() {
            // In UTF-8 a character's first byte is the one that is no continuation.
            let leads = |&&byte: &&u8| byte >= 0xc0;
            count.good += chunk.valid().as_bytes().iter().filter(leads).count();
            count.bad += usize::from(!chunk.invalid().is_empty());
        }
        count
    }
}

/// The encoding of bytes that are not all UTF-8.
fn beyond_utf_8(bytes: &[u8], declared: Option<Encoding>) -> Encoding {
    let count = Utf8Count::of(bytes);
    let is_declared = declared == Some(Encoding::UTF_8);
    if count.good >= GOOD_PER_BAD * count.bad || (is_declared && count.good > count.bad) {
        return Encoding::UTF_8;
    }
    declared
        .filter(|&declared| reads_well(bytes, declared))
        .unwrap_or_else(|| guess(bytes))
}

/// ISO-2022-JP, which is all ASCII bytes, where these change to its character sets.
fn escaped(bytes: &[u8], probe: &[u8]) -> Option<Encoding> {
    let may_be = memchr::memmem::find(probe, b"\x1b$").is_some() && bytes.is_ascii();
    may_be
        .then(|| guess(bytes))
        .filter(|encoding| encoding.name() == "iso-2022-jp")
}

/// Which UTF-16 without a mark these bytes are. Where text has ASCII characters and no others whose low byte is zero,
/// zeros stand in one half of the pairs only; else only one of the two reads as common characters.
fn utf_16(probe: &[u8]) -> Option<Encoding> {
    let (pairs, odd) = probe.as_chunks();
    if pairs.len() < MIN_PAIRS || !odd.is_empty() {
        return None;
    }
    let first = pairs.iter().filter(|[first, _]| *first == 0).count();
    let second = pairs.iter().filter(|[_, second]| *second == 0).count();
    let is_frequent = |zeros: usize| zeros * PAIRS_PER_ZERO >= pairs.len();
    let [little, big] = [Encoding::UTF_16LE, Encoding::UTF_16BE];
    match [first, second] {
        [0, n] if is_frequent(n) => is_utf_16(probe, little).then_some(little),
        [n, 0] if is_frequent(n) => is_utf_16(probe, big).then_some(big),
        _ => match [little, big].map(|e| is_utf_16(probe, e) && is_common(probe, e)) {
            [true, false] => Some(little),
            [false, true] => Some(big),
            _ => None,
        },
    }
}

fn units(probe: &[u8], encoding: Encoding) -> impl Iterator<Item = u16> + '_ {
    let (pairs, _) = probe.as_chunks();
    pairs.iter().map(move |&pair| unit(encoding, pair))
}

/// Whether pairs of bytes are UTF-16 without controls. The last character may be cut off.
fn is_utf_16(probe: &[u8], encoding: Encoding) -> bool {
    let mut broken = 0;
    for read in char::decode_utf16(units(probe, encoding)) {
        match read {
            Ok(c) if is_stray_control(c) => return false,
            Ok(_) => {}
            Err(_) => broken += 1,
        }
    }
    broken <= 1
}

/// Whether nearly all units are of the scripts and signs that most text is written in.
fn is_common(probe: &[u8], encoding: Encoding) -> bool {
    let is_common = |unit: &u16| {
        matches!(unit, 0x09..=0x0d | 0x20..=0x7e | 0xa0..=0x17f | 0x370..=0x6ff | 0x900..=0x97f | 0xe00..=0xe7f)
            || matches!(unit, 0x2000..=0x206f | 0x20a0..=0x22ff | 0x3000..=0x30ff | 0x4e00..=0x9fff)
            || matches!(unit, 0xac00..=0xd7a3 | 0xff01..=0xffef)
    };
    let common = units(probe, encoding).filter(is_common).count();
    common * 20 >= probe.len() / 2 * 19
}

/// The unit of UTF-16 in a pair of bytes.
pub(super) fn unit(encoding: Encoding, pair: [u8; 2]) -> u16 {
    if encoding == Encoding::UTF_16BE {
        u16::from_be_bytes(pair)
    } else {
        u16::from_le_bytes(pair)
    }
}

/// Whether bytes from the first that is not ASCII on are of this encoding, without a fault.
fn reads_well(bytes: &[u8], encoding: Encoding) -> bool {
    let is_unit = matches!(
        encoding,
        Encoding::UTF_8
            | Encoding::UTF_16LE
            | Encoding::UTF_16BE
            | Encoding::UTF_32LE
            | Encoding::UTF_32BE
    );
    let (text, has_faults) = encoding.read(guessable(bytes));
    !is_unit && !has_faults && !text.chars().any(is_stray_control)
}

/// The encoding that the frequencies of characters speak for; windows-1252 where what others read as letters are signs.
fn guess(bytes: &[u8]) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let guessable = guessable(bytes);
    detector.feed(guessable, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    let guessed = match guessed != WINDOWS_1252 && are_western(guessable, guessed) {
        true => WINDOWS_1252,
        false => guessed,
    };
    refined(guessable, Encoding::of(guessed).unwrap_or_default())
}

/// The bytes that a guess rests on: at most [`GUESS_BYTES`], from shortly before the first that is not ASCII.
fn guessable(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let (_, rest) = bytes.split_at(first.saturating_sub(GUESS_LEAD_BYTES));
    if rest.len() <= GUESS_BYTES {
        return rest;
    }
    // Cut behind an ASCII byte, not within a character.
    let (head, _) = rest.split_at(GUESS_BYTES);
    let end = head
        .iter()
        .rposition(u8::is_ascii)
        .map_or(GUESS_BYTES, |at| at + 1);
    head.split_at(end).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> Option<&'static str> {
        detect(bytes, None).map(|(encoding, _)| encoding.name())
    }

    fn in_encoding(label: &str, text: &str) -> Vec<u8> {
        let encoding = Encoding::of_label(label).expect("a label");
        let rules = encoding.standard().expect("rules");
        let (bytes, _, has_faults) = rules.encode(text);
        assert!(!has_faults, "{label} lacks a character");
        bytes.into_owned()
    }

    fn in_utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn legacy_texts_are_told_by_their_characters() {
        let russian =
            "Минские соглашения были подписаны в феврале после долгих переговоров в столице.";
        for label in ["windows-1251", "koi8-u", "ibm866", "iso-8859-5"] {
            assert_eq!(name(&in_encoding(label, russian)), Some(label));
        }
        for (label, text) in [
            (
                "windows-1252",
                "Le café où l'on discutait à Liège, près de la forêt.",
            ),
            (
                "windows-1250",
                "Příliš žluťoučký kůň úpěl ďábelské ódy v noci.",
            ),
            (
                "gbk",
                "明斯克协议于二月签署，此前在首都进行了长时间的谈判。",
            ),
            (
                "big5",
                "明斯克協議於二月簽署，此前在首都進行了長時間的談判。",
            ),
            (
                "shift_jis",
                "ミンスク合意は二月に署名され、首都で長い交渉が行われた。",
            ),
            (
                "euc-jp",
                "ミンスク合意は二月に署名され、首都で長い交渉が行われた。",
            ),
            ("iso-2022-jp", "ミンスク合意は二月に署名された。"),
            (
                "euc-kr",
                "민스크 협정은 긴 협상 끝에 이월에 수도에서 서명되었다.",
            ),
        ] {
            assert_eq!(name(&in_encoding(label, text)), Some(label));
        }
    }

    /// A few sentences a language, as newspapers have them.
    static WESTERN: [(&str, &str); 8] = [
        (
            "German",
            "Für die Gäste öffnete das Schloß früh; später hörten sie Ärzte über Überdosen sprechen, und die Straße war naß.",
        ),
        (
            "French",
            "Le café où l'on discutait à Liège était fermé; l'été dernier, la forêt brûlait déjà et les élèves étaient là, près du château.",
        ),
        (
            "Spanish",
            "¿Qué pasó ayer en la mañana? El niño habló con la señora según la página, y después volvió al jardín español.",
        ),
        (
            "Portuguese",
            "A situação não é fácil: as eleições de amanhã são também uma questão de ação, e três irmãos já votaram em São João.",
        ),
        (
            "Swedish",
            "Året därpå åkte hon till sjön för att bada; båten låg på ön, och Östersjön var ännu kall när hösten började.",
        ),
        (
            "Danish",
            "Der kører også både store og små tog gennem København, og færgen sejler på søen næste år; Århus ligger længere væk.",
        ),
        (
            "Italian",
            "La città è più bella di così: perché non c'è già la libertà, e l'università è là, dove il caffè costerà di più.",
        ),
        (
            "English",
            "The naïve façade of the café was a cliché, said Zoë; the résumé of the fiancé and the coöperation were déjà vu.",
        ),
    ];
    static CENTRAL: [(&str, &str); 5] = [
        (
            "Polish",
            "Był w domu, a mała Ania spała. Łódź leży w Polsce, gdzie źle się dzieje, więc są święta i żółte róże.",
        ),
        (
            "Czech",
            "Příliš žluťoučký kůň úpěl ďábelské ódy v noci; děti šly do školy a těšily se na léto, které přišlo později.",
        ),
        (
            "Hungarian",
            "A miniszterelnök jövő héten képviselőket hív; a művek főbb részei és az őszi ünnepek következők, mert nőtt a fű.",
        ),
        (
            "Slovak",
            "Chuť a vôňa, ľudia a mäso, ďalší týždeň bude päť ľudí na námestí, kde sú šťastné deti a veľké stromy.",
        ),
        (
            "Croatian",
            "Čaša žita i šljiva rađa u mjesecu lipnju, kuća je na brijegu, a ćevapi su već gotovi jer će doći gosti.",
        ),
    ];

    fn in_code_page_850(text: &str) -> Vec<u8> {
        let byte_of = |c: char| {
            let all = (0..=255u8).find(|&byte| Encoding::IBM850.read(&[byte]).0.chars().eq([c]));
            all.expect("a character of the page")
        };
        text.chars().map(byte_of).collect()
    }

    #[test]
    fn western_texts_are_told_in_each_of_their_encodings() {
        let mut wrong = Vec::new();
        for (language, text) in WESTERN {
            for clause in text.split([':', ';', ',']) {
                let bytes = in_encoding("windows-1252", clause);
                let (read, _) = detect(&bytes, None).expect("text").0.read(&bytes);
                assert_eq!(read, clause);
            }
            for text in text.split([':', ';']).chain([text]) {
                for (label, bytes) in [
                    ("windows-1252", in_encoding("windows-1252", text)),
                    ("macintosh", in_encoding("macintosh", text)),
                    ("ibm850", in_code_page_850(text)),
                ] {
                    if name(&bytes) != Some(label) {
                        wrong.push(format!("{language} {label} {:?}: {text}", name(&bytes)));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_clause_is_western_without_evidence_of_another_encoding() {
        for text in [
            "Geneviève Carlier, Valérie Andre",
            "puis tête fort, conduire, connaître tranquille",
            "algún real razones largo mil quizá, señor",
            "kerne varme øge pæn pie",
            "tæt skjule spændende penge",
            "Raffineriet ligger i Bøe, på søen",
            "Srta. Antônio Sá, Vitória",
            "von Spanien beauftragte Pedro Menéndez de Avilés",
        ] {
            let bytes = in_encoding("windows-1252", text);
            let (read, _) = detect(&bytes, None).expect("text").0.read(&bytes);
            assert_eq!(read, text);
        }
        for text in [
            "upravovat záloha, zastřelit, taky vznik",
            "Bechyně, Erika Veselá",
            "Wojciech, Jastrzębie-Zdrój",
            "wina ono cisza przez gęś",
            "însă este posibil",
        ] {
            let bytes = in_encoding("windows-1250", text);
            let (read, _) = detect(&bytes, None).expect("text").0.read(&bytes);
            assert_eq!(read, text);
        }
    }

    #[test]
    fn signs_of_windows_are_no_letters_of_dos_or_the_macintosh() {
        for (label, text) in [
            (
                "windows-1252",
                "He didn’t — couldn’t — say… “No,” she said, ‘never’; the east–west line, pro–choice, word—word, so— and on.",
            ),
            (
                "windows-1252",
                "It’s the 1990s’ “best”: Acme™, 20 °C, §5, £3, €5, ½ … and the rock ’n’ roll.",
            ),
            (
                "windows-1252",
                "He said—well… Šumava is a forest—a big one—in Žilina’s land…",
            ),
            (
                "windows-1252",
                "Það var ekki fyrr en síðar að hún sá þessa fjöru; ýmislegt var þar á ferð.",
            ),
            ("windows-1252", "— No sé —dijo él—. ¿Cuándo? —Ayer, señora…"),
            (
                "windows-1254",
                "İstanbul'da güneşli bir gün; ağaçlar yeşil, ışık parlıyor, çocuklar oynuyor.",
            ),
            (
                "windows-1257",
                "Rīgā ir skaists laiks, šodien ēdām āboliņus un ķiršus, un vakarā būs koncerts.",
            ),
        ] {
            let bytes = in_encoding(label, text);
            let (read, _) = detect(&bytes, None).expect("text").0.read(&bytes);
            assert_eq!(read, text);
        }
    }

    #[test]
    fn central_european_texts_are_told_in_each_of_their_encodings() {
        let mut wrong = Vec::new();
        for (language, text) in CENTRAL {
            let clauses = text
                .split([';', '.'])
                .filter(|clause| clause.matches(|c: char| !c.is_ascii()).count() > 1);
            for text in clauses.chain([text]) {
                for label in ["windows-1250", "iso-8859-2"] {
                    let bytes = in_encoding(label, text);
                    let (read, _) = detect(&bytes, None).expect("text").0.read(&bytes);
                    if read != text {
                        wrong.push(format!("{language} {label} {:?}: {text}", name(&bytes)));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn n5_signs_in_text_of_western_languages_are_read_as_such() {
        for text in [
            "A budget of £15.8m was agreed.",
            "The bill came to £ 20, or 30 £, and that in pounds (£).",
            "Fees: £5–£10; cafés pay £3.",
            "It cost ¥500 or 50¢.",
            "The hall has 300 m² and 1,200 m³ of room.",
            "About 3½ hours, ¾ of them at 20 °C ± 2.",
            "See § 5 © 2020 Example® – “quoted”, it’s so…",
            "Die Gebühr beträgt £15 je 10 m².",
            "Le prix était de 15 £, dit-il : « cher ».",
            "Article nº 5 cost £1.",
            "¿Cuánto? £5.",
            "£1",
            "£",
            "10³",
            "Cost ¹ in £m: £15m",
        ] {
            let bytes = in_encoding("windows-1252", text);
            let is_told = name(&bytes) == Some("windows-1252");
            // A letter behind the sign speaks for a word.
            assert_eq!(is_told, !text.contains("£m:"), "{text}: {:?}", name(&bytes));
        }
    }

    #[test]
    fn n5_letters_of_other_languages_stay_letters() {
        for (label, text) in [
            (
                "windows-1250",
                "Był w domu, a mała Ania spała. Łódź leży w Polsce.",
            ),
            (
                "windows-1250",
                "Zażółć gęślą jaźń, bo w Łodzi było 15 stopni.",
            ),
            (
                "windows-1250",
                "Łukasz Kowalski i Małgorzata mieszkają w Łomży od 2015 roku.",
            ),
            (
                "windows-1250",
                "Příliš žluťoučký kůň úpěl ďábelské ódy v 10 hodin.",
            ),
            (
                "windows-1250",
                "Şi în Bucureşti a fost soare; preţul era 15 lei.",
            ),
            (
                "windows-1250",
                "Chuť a vôňa, ľudia a mäso; ďalší týždeň bude 5 ľudí.",
            ),
            (
                "windows-1250",
                "Čaša žita i šljiva rađa u mjesecu lipnju 2015.",
            ),
            (
                "iso-8859-2",
                "Zażółć gęślą jaźń, bo w Łodzi było 15 stopni.",
            ),
            (
                "iso-8859-2",
                "Příliš žluťoučký kůň úpěl ďábelské ódy v 10 hodin.",
            ),
            (
                "windows-1254",
                "İstanbul'da güneşli bir gün; ağaçlar yeşil, ışık parlıyor.",
            ),
            (
                "windows-1257",
                "Šeši žąsys su šešiais žąsyčiais; įėjo ūkininkas žiemą.",
            ),
            (
                "windows-1257",
                "Rīgā ir skaists laiks, šodien ēdām āboliņus un ķiršus.",
            ),
            ("windows-1251", "Минские соглашения были подписаны, № 5."),
            ("windows-1251", "Її їжак їв їжу, і ґанок був білий."),
            ("gbk", "１２３，明斯克协议于二月签署。"),
        ] {
            assert_eq!(name(&in_encoding(label, text)), Some(label), "{text}");
        }
    }

    #[test]
    fn utf_16_is_told_with_and_without_a_mark() {
        for text in [
            "The Minsk agreements.\r\nWere signed.",
            "Минские соглашения были подписаны в феврале.",
            "明斯克协议于二月签署，\n一次又一次的谈判。",
        ] {
            assert_eq!(name(&in_utf_16(text, u16::to_le_bytes)), Some("utf-16le"));
            assert_eq!(name(&in_utf_16(text, u16::to_be_bytes)), Some("utf-16be"));
            let marked = format!("\u{feff}{text}");
            assert_eq!(
                detect(&in_utf_16(&marked, u16::to_be_bytes), None),
                Some((Encoding::UTF_16BE, 2))
            );
        }
        for binary in [
            &b"\x7fELF\0\0\0"[..],
            b"\x01\0\x02\0\x03\0\x04\0",
            b"\xff\xfe\0\0a\0\x11\0",
            b"\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0",
            b"a\0b",
        ] {
            assert_eq!(name(binary), None, "{binary:?}");
        }
    }

    #[test]
    fn what_is_utf_8_is_so_whatever_is_declared() {
        let latin = Encoding::of_label("latin1");
        let utf_8 = |text: &[u8]| detect(text, latin) == Some((Encoding::UTF_8, 0));
        assert!(utf_8("Liège".as_bytes()));
        assert!(utf_8(b"plain"));
        // One bad byte among good ones.
        assert!(utf_8("Liège, où l'été est gâté".as_bytes()));
        let mut broken = "é à è ü ö".as_bytes().to_vec();
        broken.push(0xff);
        assert!(utf_8(&broken));
        assert_eq!(
            detect(b"Li\xe8ge", latin).map(|(e, _)| e.name()),
            Some("windows-1252")
        );
    }

    #[test]
    fn a_declaration_decides_where_it_fits() {
        let greek = in_encoding("iso-8859-7", "Οι συμφωνίες");
        let declared = Encoding::of_label("iso-8859-7");
        assert_eq!(
            detect(&greek, declared).map(|(e, _)| e.name()),
            Some("iso-8859-7")
        );
        let russian = in_encoding("koi8-r", "Минские соглашения были подписаны в феврале.");
        let wrong = Some(Encoding::UTF_8);
        assert_eq!(
            detect(&russian, wrong).map(|(e, _)| e.name()),
            Some("koi8-u")
        );
    }
}
