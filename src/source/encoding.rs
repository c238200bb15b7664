//! Character encodings: their names, and the numbers that an index keeps them under.

use std::borrow::Cow;

use encoding_rs as rs;

use super::code_page_850::decode_850;
use super::utf_32::decode_32;

/// A character encoding that text can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(u8);

/// How the bytes of an encoding become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EncodingRules {
    /// As the Encoding Standard says.
    Standard(&'static rs::Encoding),
    Utf32 {
        is_big: bool,
    },
    CodePage850,
}

/// What those encodings are called that the Encoding Standard does not have.
static OWN_LABELS: [(&str, Encoding); 6] = [
    ("utf-32", Encoding::UTF_32LE),
    ("utf-32le", Encoding::UTF_32LE),
    ("utf-32be", Encoding::UTF_32BE),
    ("ibm850", Encoding::IBM850),
    ("cp850", Encoding::IBM850),
    ("850", Encoding::IBM850),
];

/// The encodings and their names. Their order is the number an index keeps; add new ones at the end.
///
/// Source: the WHATWG Encoding Standard, section 4.2, without `replacement` and `x-user-defined`; the Unicode Standard,
/// section 3.10; the IANA's registry of character sets.
static TABLE: [(EncodingRules, &str); 41] = [
    (EncodingRules::Standard(rs::UTF_8), "utf-8"),
    (EncodingRules::Standard(rs::UTF_16LE), "utf-16le"),
    (EncodingRules::Standard(rs::UTF_16BE), "utf-16be"),
    (EncodingRules::Standard(rs::IBM866), "ibm866"),
    (EncodingRules::Standard(rs::ISO_8859_2), "iso-8859-2"),
    (EncodingRules::Standard(rs::ISO_8859_3), "iso-8859-3"),
    (EncodingRules::Standard(rs::ISO_8859_4), "iso-8859-4"),
    (EncodingRules::Standard(rs::ISO_8859_5), "iso-8859-5"),
    (EncodingRules::Standard(rs::ISO_8859_6), "iso-8859-6"),
    (EncodingRules::Standard(rs::ISO_8859_7), "iso-8859-7"),
    (EncodingRules::Standard(rs::ISO_8859_8), "iso-8859-8"),
    (EncodingRules::Standard(rs::ISO_8859_8_I), "iso-8859-8-i"),
    (EncodingRules::Standard(rs::ISO_8859_10), "iso-8859-10"),
    (EncodingRules::Standard(rs::ISO_8859_13), "iso-8859-13"),
    (EncodingRules::Standard(rs::ISO_8859_14), "iso-8859-14"),
    (EncodingRules::Standard(rs::ISO_8859_15), "iso-8859-15"),
    (EncodingRules::Standard(rs::ISO_8859_16), "iso-8859-16"),
    (EncodingRules::Standard(rs::KOI8_R), "koi8-r"),
    (EncodingRules::Standard(rs::KOI8_U), "koi8-u"),
    (EncodingRules::Standard(rs::MACINTOSH), "macintosh"),
    (EncodingRules::Standard(rs::WINDOWS_874), "windows-874"),
    (EncodingRules::Standard(rs::WINDOWS_1250), "windows-1250"),
    (EncodingRules::Standard(rs::WINDOWS_1251), "windows-1251"),
    (EncodingRules::Standard(rs::WINDOWS_1252), "windows-1252"),
    (EncodingRules::Standard(rs::WINDOWS_1253), "windows-1253"),
    (EncodingRules::Standard(rs::WINDOWS_1254), "windows-1254"),
    (EncodingRules::Standard(rs::WINDOWS_1255), "windows-1255"),
    (EncodingRules::Standard(rs::WINDOWS_1256), "windows-1256"),
    (EncodingRules::Standard(rs::WINDOWS_1257), "windows-1257"),
    (EncodingRules::Standard(rs::WINDOWS_1258), "windows-1258"),
    (
        EncodingRules::Standard(rs::X_MAC_CYRILLIC),
        "x-mac-cyrillic",
    ),
    (EncodingRules::Standard(rs::GBK), "gbk"),
    (EncodingRules::Standard(rs::GB18030), "gb18030"),
    (EncodingRules::Standard(rs::BIG5), "big5"),
    (EncodingRules::Standard(rs::EUC_JP), "euc-jp"),
    (EncodingRules::Standard(rs::ISO_2022_JP), "iso-2022-jp"),
    (EncodingRules::Standard(rs::SHIFT_JIS), "shift_jis"),
    (EncodingRules::Standard(rs::EUC_KR), "euc-kr"),
    (EncodingRules::Utf32 { is_big: false }, "utf-32le"),
    (EncodingRules::Utf32 { is_big: true }, "utf-32be"),
    (EncodingRules::CodePage850, "ibm850"),
];

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Encoding = Encoding(0);
    /// UTF-16, the low byte first.
    pub const UTF_16LE: Encoding = Encoding(1);
    /// UTF-16, the high byte first.
    pub const UTF_16BE: Encoding = Encoding(2);
    pub(super) const ISO_8859_2: Encoding = Encoding(4);
    pub(super) const WINDOWS_1250: Encoding = Encoding(21);
    pub(super) const WINDOWS_1252: Encoding = Encoding(23);
    /// The character set of the Macintosh before Unicode.
    pub(super) const MACINTOSH: Encoding = Encoding(19);
    /// UTF-32, the low byte first.
    pub const UTF_32LE: Encoding = Encoding(38);
    /// UTF-32, the high byte first.
    pub const UTF_32BE: Encoding = Encoding(39);
    /// Code page 850, in which DOS wrote the languages of Western Europe.
    pub const IBM850: Encoding = Encoding(40);

    /// The encoding that web pages call so: any label of the Encoding Standard, and of UTF-32 and code
    /// page 850, in any case.
    ///
    /// ```
    /// use excerpt::source::Encoding;
    /// assert_eq!(Encoding::of_label("cp1251").map(Encoding::name), Some("windows-1251"));
    /// assert_eq!(Encoding::of_label("latin-9"), None);
    /// ```
    #[must_use]
    pub fn of_label(label: &str) -> Option<Encoding> {
        let own = (OWN_LABELS.iter()).find(|(own, _)| label.trim().eq_ignore_ascii_case(own));
        match own {
            Some((_, encoding)) => Some(*encoding),
            None => Encoding::of(rs::Encoding::for_label(label.as_bytes())?),
        }
    }

    pub(super) fn of(encoding: &'static rs::Encoding) -> Option<Encoding> {
        let at = TABLE
            .iter()
            .position(|(known, _)| *known == EncodingRules::Standard(encoding))?;
        Some(Encoding(at as u8))
    }

    #[allow(clippy::indexing_slicing, reason = "an encoding is a row of the table")]
    fn row(self) -> &'static (EncodingRules, &'static str) {
        &TABLE[usize::from(self.0)]
    }

    /// The rules of the Encoding Standard; `None` where it has none.
    pub(super) fn standard(self) -> Option<&'static rs::Encoding> {
        match self.row().0 {
            EncodingRules::Standard(rules) => Some(rules),
            _ => None,
        }
    }

    pub(super) fn is_single_byte(self) -> bool {
        match self.row().0 {
            EncodingRules::Standard(rules) => rules.is_single_byte(),
            EncodingRules::Utf32 { .. } => false,
            EncodingRules::CodePage850 => true,
        }
    }

    /// What bytes read as, and whether some of them are no text. A byte order mark is a character.
    pub(super) fn read(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        match self.row().0 {
            EncodingRules::Standard(rules) => rules.decode_without_bom_handling(bytes),
            EncodingRules::Utf32 { is_big } => {
                let (text, has_faults) = decode_32(bytes, is_big);
                (Cow::Owned(text), has_faults)
            }
            EncodingRules::CodePage850 => (Cow::Owned(decode_850(bytes)), false),
        }
    }

    /// Its standard name in lower case, such as `windows-1251`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The number an index keeps it under.
    #[must_use]
    pub fn code(self) -> u8 {
        self.0
    }

    /// The encoding with this [`Encoding::code`].
    #[must_use]
    pub fn from_code(code: u8) -> Option<Encoding> {
        (usize::from(code) < TABLE.len()).then_some(Encoding(code))
    }
}

impl Default for Encoding {
    fn default() -> Encoding {
        Encoding::UTF_8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_the_standards() {
        for (code, (rules, name)) in TABLE.iter().enumerate() {
            if let EncodingRules::Standard(rules) = rules {
                assert_eq!(rules.name().to_ascii_lowercase(), *name);
            }
            assert_eq!(
                Encoding::of_label(name).map(Encoding::code),
                Some(code as u8)
            );
            assert_eq!(
                Encoding::from_code(code as u8).map(Encoding::name),
                Some(*name)
            );
        }
        assert_eq!(Encoding::from_code(TABLE.len() as u8), None);
        assert_eq!(Encoding::of_label("replacement"), None);
        assert_eq!(
            Encoding::of_label(" CP850 ").map(Encoding::name),
            Some("ibm850")
        );
        for (encoding, name) in [
            (Encoding::ISO_8859_2, "iso-8859-2"),
            (Encoding::MACINTOSH, "macintosh"),
            (Encoding::WINDOWS_1250, "windows-1250"),
            (Encoding::WINDOWS_1252, "windows-1252"),
        ] {
            assert_eq!(encoding.name(), name);
        }
        assert_eq!(
            (Encoding::UTF_16LE.name(), Encoding::UTF_16BE.name()),
            ("utf-16le", "utf-16be")
        );
    }
}
