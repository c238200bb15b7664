//! The script of a letter.

/// A script, as far as languages are told by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Greek.
    Greek,
    /// Arabic.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Devanagari.
    Devanagari,
    /// Bengali.
    Bengali,
    /// Gurmukhi.
    Gurmukhi,
    /// Gujarati.
    Gujarati,
    /// Odia.
    Odia,
    /// Tamil.
    Tamil,
    /// Telugu.
    Telugu,
    /// Kannada.
    Kannada,
    /// Malayalam.
    Malayalam,
    /// Sinhala.
    Sinhala,
    /// Armenian.
    Armenian,
    /// Georgian.
    Georgian,
    /// Ethiopic.
    Ethiopic,
    /// Tibetan.
    Tibetan,
    /// Thai.
    Thai,
    /// Lao.
    Lao,
    /// Burmese.
    Burmese,
    /// Khmer.
    Khmer,
    /// Hangul.
    Hangul,
    /// Hiragana and Katakana.
    Kana,
    /// Chinese characters.
    Han,
}

impl Script {
    /// The number of scripts.
    pub(super) const COUNT: usize = Script::Han as usize + 1;

    /// All scripts.
    pub(super) const ALL: [Script; Script::COUNT] = [
        Script::Latin,
        Script::Cyrillic,
        Script::Greek,
        Script::Arabic,
        Script::Hebrew,
        Script::Devanagari,
        Script::Bengali,
        Script::Gurmukhi,
        Script::Gujarati,
        Script::Odia,
        Script::Tamil,
        Script::Telugu,
        Script::Kannada,
        Script::Malayalam,
        Script::Sinhala,
        Script::Armenian,
        Script::Georgian,
        Script::Ethiopic,
        Script::Tibetan,
        Script::Thai,
        Script::Lao,
        Script::Burmese,
        Script::Khmer,
        Script::Hangul,
        Script::Kana,
        Script::Han,
    ];

    /// The script of a letter; `None` for other characters and other scripts.
    #[must_use]
    pub fn of(c: char) -> Option<Script> {
        use Script::{
            Arabic, Armenian, Bengali, Burmese, Cyrillic, Devanagari, Ethiopic, Georgian, Greek,
            Gujarati, Gurmukhi, Han, Hangul, Hebrew, Kana, Kannada, Khmer, Lao, Latin, Malayalam,
            Odia, Sinhala, Tamil, Telugu, Thai, Tibetan,
        };
        Some(match c {
            'a'..='z'
            | 'A'..='Z'
            | '\u{aa}'
            | '\u{ba}'
            | '\u{c0}'..='\u{24f}'
            | '\u{1e00}'..='\u{1eff}' => Latin,
            '\0'..='\u{36f}' => return None,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Greek,
            '\u{400}'..='\u{52f}' => Cyrillic,
            '\u{531}'..='\u{587}' => Armenian,
            '\u{591}'..='\u{5f4}' => Hebrew,
            '\u{610}'..='\u{65f}'
            | '\u{66e}'..='\u{6ef}'
            | '\u{6fa}'..='\u{77f}'
            | '\u{8a0}'..='\u{8ff}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}' => Arabic,
            '\u{900}'..='\u{97f}' => Devanagari,
            '\u{980}'..='\u{9ff}' => Bengali,
            '\u{a00}'..='\u{a7f}' => Gurmukhi,
            '\u{a80}'..='\u{aff}' => Gujarati,
            '\u{b00}'..='\u{b7f}' => Odia,
            '\u{b80}'..='\u{bff}' => Tamil,
            '\u{c00}'..='\u{c7f}' => Telugu,
            '\u{c80}'..='\u{cff}' => Kannada,
            '\u{d00}'..='\u{d7f}' => Malayalam,
            '\u{d80}'..='\u{dff}' => Sinhala,
            '\u{e00}'..='\u{e7f}' => Thai,
            '\u{e80}'..='\u{eff}' => Lao,
            '\u{f00}'..='\u{fff}' => Tibetan,
            '\u{1000}'..='\u{109f}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}' => Burmese,
            '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => Georgian,
            '\u{1200}'..='\u{139f}' => Ethiopic,
            '\u{1780}'..='\u{17ff}' => Khmer,
            '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Kana,
            '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7a3}' => Hangul,
            '\u{3005}'
            | '\u{3007}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}' => Han,
            _ => return None,
        })
    }
}
