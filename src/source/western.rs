//! Tells apart the encodings of Europe by which of them puts letters and signs where words have them.
//!
//! DOS and the Macintosh wrote letters in the bytes where Windows has signs: `für` of the one is `f<control>r` or `fŸr` to
//! the other. Frequencies of letters do not know these encodings, or mix them up.

use super::Encoding;
use super::signs::is_stray_control;
use super::western_words::are_western;

/// The letters that the languages of Western Europe write often, and those that they write now and then.
const COMMON: &str = "äöüßéèàçáíóúñãåæøâêõÄÖÜÉÈÀÁÇÍÓÚÑÃÅÆØ";
const RARE: &str = "ëîïôùûìòœÿËÊÂÎÏÔÙÛÌÒŒÕŸ";
/// Fewer characters beyond ASCII are no evidence.
const MIN_CHARACTERS: usize = 2;

/// The encoding that `bytes` are of, where their frequencies speak for `guessed`.
pub(super) fn refined(bytes: &[u8], guessed: Encoding) -> Encoding {
    let own = Fit::of(bytes, guessed);
    let windows = Fit::of(bytes, Encoding::WINDOWS_1252);
    // Words of Western Europe are ASCII for the most part; other scripts and the double bytes of East Asia are not.
    let is_latin = windows.beyond * 3 <= windows.letters;
    if windows.beyond < MIN_CHARACTERS || !is_latin {
        return guessed;
    }
    let misfits = |fit: &Fit| fit.wrong > 0 && fit.fitting * 3 <= fit.beyond * 2;
    if misfits(&own) && misfits(&windows) {
        let candidates = [Encoding::IBM850, Encoding::MACINTOSH];
        let fits = candidates.map(|encoding| (Fit::of_western(bytes, encoding), encoding));
        let good = fits
            .iter()
            .filter(|(fit, _)| fit.fitting * 10 >= fit.beyond * 9);
        if let Some((_, encoding)) = good.max_by_key(|(fit, _)| fit.weight) {
            return *encoding;
        }
    }
    match guessed {
        Encoding::WINDOWS_1250 | Encoding::ISO_8859_2 => central(bytes, guessed, &own, &windows),
        Encoding::WINDOWS_1252 if is_hungarian(&Encoding::WINDOWS_1252.read(bytes).0) => {
            Encoding::WINDOWS_1250
        }
        _ => guessed,
    }
}

/// Which encoding of Central Europe it is, where one of them was guessed; that of the West where words have its letters.
fn central(bytes: &[u8], guessed: Encoding, own: &Fit, windows: &Fit) -> Encoding {
    // Frequencies of letters tell little of a clause: without evidence against it, it is of the commoner encoding.
    if are_western(&Encoding::WINDOWS_1252.read(bytes).0) {
        return Encoding::WINDOWS_1252;
    }
    let other = match guessed {
        Encoding::ISO_8859_2 => Encoding::WINDOWS_1250,
        _ => Encoding::ISO_8859_2,
    };
    let fitting = Fit::of(bytes, other).fitting;
    if fitting > own.fitting && fitting >= windows.fitting {
        other
    } else if windows.fitting > own.fitting {
        Encoding::WINDOWS_1252
    } else {
        guessed
    }
}

/// Whether what reads as Western is Hungarian, whose ő and ű are õ and û there: no language of the West has these beside
/// both ö or ü and letters with an acute, and nothing else.
fn is_hungarian(text: &str) -> bool {
    let (mut double, mut points, mut acute) = (false, false, false);
    for c in text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()) {
        match c {
            'õ' | 'û' | 'Õ' | 'Û' => double = true,
            'ö' | 'ü' | 'Ö' | 'Ü' => points = true,
            'á' | 'é' | 'í' | 'ó' | 'ú' | 'Á' | 'É' | 'Í' | 'Ó' | 'Ú' => acute = true,
            _ => return false,
        }
    }
    double && points && acute
}

/// How well the characters beyond ASCII stand in a text.
#[derive(Debug, Default)]
struct Fit {
    /// All characters beyond ASCII.
    beyond: usize,
    /// Those that stand where their kind does.
    fitting: usize,
    /// Those that stand where nobody writes them.
    wrong: usize,
    /// Of the letters that fit, the common ones count three times.
    weight: usize,
    /// All letters, and all characters beyond ASCII.
    letters: usize,
}

impl Fit {
    fn of(bytes: &[u8], encoding: Encoding) -> Fit {
        Fit::with(bytes, encoding, is_latin)
    }

    /// The same, with the letters of Western Europe only.
    fn of_western(bytes: &[u8], encoding: Encoding) -> Fit {
        Fit::with(bytes, encoding, |c| COMMON.contains(c) || RARE.contains(c))
    }

    fn with(bytes: &[u8], encoding: Encoding, is_letter: impl Fn(char) -> bool) -> Fit {
        let (text, _) = encoding.read(bytes);
        let mut fit = Fit::default();
        let mut before = ' ';
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c.is_ascii() {
                fit.letters += usize::from(c.is_ascii_alphabetic());
            } else {
                let behind = chars.peek().copied().unwrap_or(' ');
                let fits = match c.is_alphabetic() && !matches!(c, 'ª' | 'º') {
                    true if is_latin(c) => is_letter(c) && is_cased(before, c, behind),
                    true => !before.is_ascii_alphabetic() && !behind.is_ascii_alphabetic(),
                    false => is_placed(before, c, behind),
                };
                fit.beyond += 1;
                fit.letters += 1;
                fit.fitting += usize::from(fits);
                fit.wrong += usize::from(!fits && !is_hanging_dash(before, c, behind));
                fit.weight += usize::from(fits) * if COMMON.contains(c) { 3 } else { 1 };
            }
            before = c;
        }
        fit
    }
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && c < '\u{250}' && c != 'ƒ'
}

/// Whether a letter is small or large as its word has it. Of those that are a word by themselves, only some are large.
fn is_cased(before: char, c: char, behind: char) -> bool {
    if !c.is_uppercase() {
        return !behind.is_uppercase();
    }
    match (before.is_alphabetic(), behind.is_alphabetic()) {
        (true, _) => !before.is_lowercase() && !behind.is_lowercase(),
        (false, true) => true,
        (false, false) => COMMON.contains(c),
    }
}

/// Whether a sign stands where it does beside words.
fn is_placed(before: char, sign: char, behind: char) -> bool {
    if is_stray_control(sign) || sign == char::REPLACEMENT_CHARACTER {
        return false;
    }
    let goes_within = matches!(sign, '’' | '–' | '—' | '…' | '·' | '\u{ad}' | '\u{a0}');
    let is_quote = matches!(sign, '“' | '”' | '«' | '»' | '‘' | '‹' | '›');
    if is_hanging_dash(before, sign, behind) {
        return false;
    }
    match (before.is_alphabetic(), behind.is_alphabetic()) {
        _ if goes_within => true,
        (true, true) => false,
        (true, false) => is_quote || matches!(sign, '™' | '®' | '²' | '³' | '°' | 'º' | 'ª'),
        (false, true) => is_quote || matches!(sign, '„' | '‚' | '¿' | '¡' | '§' | '©' | '•' | 'µ'),
        (false, false) => true,
    }
}

/// Whether a dash has a word before it and a space behind: `pasó ayer` reads so, but careless writers have it too.
fn is_hanging_dash(before: char, sign: char, behind: char) -> bool {
    matches!(sign, '–' | '—') && before.is_alphabetic() && behind == ' '
}
