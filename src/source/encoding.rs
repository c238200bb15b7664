//! Character encodings: their names, and the numbers that an index keeps them under.

use encoding_rs as rs;

/// A character encoding that text can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(u8);

/// The encodings and their names. Their order is the number an index keeps; add new ones at the end.
///
/// Source: the WHATWG Encoding Standard, section 4.2, without `replacement` and `x-user-defined`.
static TABLE: [(&rs::Encoding, &str); 38] = [
    (rs::UTF_8, "utf-8"),
    (rs::UTF_16LE, "utf-16le"),
    (rs::UTF_16BE, "utf-16be"),
    (rs::IBM866, "ibm866"),
    (rs::ISO_8859_2, "iso-8859-2"),
    (rs::ISO_8859_3, "iso-8859-3"),
    (rs::ISO_8859_4, "iso-8859-4"),
    (rs::ISO_8859_5, "iso-8859-5"),
    (rs::ISO_8859_6, "iso-8859-6"),
    (rs::ISO_8859_7, "iso-8859-7"),
    (rs::ISO_8859_8, "iso-8859-8"),
    (rs::ISO_8859_8_I, "iso-8859-8-i"),
    (rs::ISO_8859_10, "iso-8859-10"),
    (rs::ISO_8859_13, "iso-8859-13"),
    (rs::ISO_8859_14, "iso-8859-14"),
    (rs::ISO_8859_15, "iso-8859-15"),
    (rs::ISO_8859_16, "iso-8859-16"),
    (rs::KOI8_R, "koi8-r"),
    (rs::KOI8_U, "koi8-u"),
    (rs::MACINTOSH, "macintosh"),
    (rs::WINDOWS_874, "windows-874"),
    (rs::WINDOWS_1250, "windows-1250"),
    (rs::WINDOWS_1251, "windows-1251"),
    (rs::WINDOWS_1252, "windows-1252"),
    (rs::WINDOWS_1253, "windows-1253"),
    (rs::WINDOWS_1254, "windows-1254"),
    (rs::WINDOWS_1255, "windows-1255"),
    (rs::WINDOWS_1256, "windows-1256"),
    (rs::WINDOWS_1257, "windows-1257"),
    (rs::WINDOWS_1258, "windows-1258"),
    (rs::X_MAC_CYRILLIC, "x-mac-cyrillic"),
    (rs::GBK, "gbk"),
    (rs::GB18030, "gb18030"),
    (rs::BIG5, "big5"),
    (rs::EUC_JP, "euc-jp"),
    (rs::ISO_2022_JP, "iso-2022-jp"),
    (rs::SHIFT_JIS, "shift_jis"),
    (rs::EUC_KR, "euc-kr"),
];

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Encoding = Encoding(0);
    /// UTF-16, the low byte first.
    pub const UTF_16LE: Encoding = Encoding(1);
    /// UTF-16, the high byte first.
    pub const UTF_16BE: Encoding = Encoding(2);

    /// The encoding that web pages call so: any label of the Encoding Standard, in any case.
    ///
    /// ```
    /// use excerpt::source::Encoding;
    /// assert_eq!(Encoding::of_label("cp1251").map(Encoding::name), Some("windows-1251"));
    /// assert_eq!(Encoding::of_label("latin-9"), None);
    /// ```
    #[must_use]
    pub fn of_label(label: &str) -> Option<Encoding> {
        Encoding::of(rs::Encoding::for_label(label.as_bytes())?)
    }

    pub(super) fn of(encoding: &'static rs::Encoding) -> Option<Encoding> {
        let at = TABLE.iter().position(|(known, _)| *known == encoding)?;
        Some(Encoding(at as u8))
    }

    #[allow(clippy::indexing_slicing, reason = "an encoding is a row of the table")]
    fn row(self) -> &'static (&'static rs::Encoding, &'static str) {
        &TABLE[usize::from(self.0)]
    }

    pub(super) fn rules(self) -> &'static rs::Encoding {
        self.row().0
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
            assert_eq!(rules.name().to_ascii_lowercase(), *name);
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
            (Encoding::UTF_16LE.name(), Encoding::UTF_16BE.name()),
            ("utf-16le", "utf-16be")
        );
    }
}
