//! Code page 850, in which DOS wrote the languages of Western Europe.
//!
//! Source: cp850_DOSLatin1 to Unicode table, Unicode, Inc. (unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/CP850.TXT).

/// The characters of the bytes from 0x80 on.
#[rustfmt::skip]
static UPPER: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐',
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤',
    'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀',
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´',
    '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];

/// The text of these bytes. Each of them is a character.
pub(super) fn decode_850(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| character(byte)).collect()
}

fn character(byte: u8) -> char {
    let upper = usize::from(byte).checked_sub(UPPER.len());
    let upper = upper.and_then(|at| UPPER.get(at));
    upper.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_western_europe_and_frames_are_read() {
        let bytes = b"F\x81r \xa8Qu\x82?\xad\xc9\xcd\xbb\xe1\xff.";
        assert_eq!(decode_850(bytes), "Für ¿Qué?¡╔═╗ß\u{a0}.");
    }
}
