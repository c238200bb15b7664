//! Languages whose marks follow from the letters around them: a rule each.

use std::borrow::Cow;

/// What follows وا in the words whose own first letter is و, such as واحد.
static ARABIC_WAW_STEMS: [&str; 17] = [
    "ئل", "ثق", "جب", "جه", "حة", "حد", "دي", "رد", "سع", "شن", "صف", "صل", "ضح", "عي", "فق", "قع",
    "قف",
];

/// Arabic: the hamza after و, "and", by which the stemmer knows that prefix.
pub(in crate::analysis) fn arabic(word: &str) -> Cow<'_, str> {
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
pub(in crate::analysis) fn hindi(word: &str) -> Cow<'_, str> {
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
pub(in crate::analysis) fn persian(word: &str) -> Cow<'_, str> {
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
pub(in crate::analysis) fn turkish(word: &str) -> Cow<'_, str> {
    let folded: Vec<char> = word.chars().collect();
    let mut letters = String::with_capacity(word.len());
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'ı' | 'ö' | 'ü');
    let mut left = None;
    let mut vowels = 0;
    for at in 0..folded.len() {
        let (before, [c, after @ ..]) = folded.split_at(at) else {
            break;
        };
        let c = *c;
        if let Some(front) = turkish_front(c) {
            left = Some(front);
        } else if c == 'o' && vowels > 0 {
            left = Some(false);
        }
        let front = after.iter().copied().find_map(turkish_front).or(left);
        let behind_a_vowel = before.last().is_some_and(|&last| is_vowel(last));
        let before_a_vowel = after.first().is_some_and(|&next| is_vowel(next));
        letters.push(match (c, front) {
            ('i', _) if matches!(before, [.., 'd' | 't', 'a', 'k']) => 'i',
            ('i', Some(false)) => 'ı',
            ('s', _) if vowels == 1 && behind_a_vowel && before_a_vowel => 'ş',
            ('u', Some(true)) => 'ü',
            ('o', Some(true)) if vowels == 0 => 'ö',
            ('g', _) if vowels > 0 && behind_a_vowel && before_a_vowel => 'ğ',
            ('s', _)
                if vowels > 1
                    && matches!(before, [.., 'm', 'i' | 'u'])
                    && after
                        .first()
                        .is_none_or(|next| matches!(next, 't' | 'l' | 'k' | 's')) =>
            {
                'ş'
            }
            _ => c,
        });
        vowels += usize::from(is_vowel(c));
    }
    Cow::Owned(letters)
}
