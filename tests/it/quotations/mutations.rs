//! A property: no quotation that is not in the source is called verbatim or normalised. Real sentences are changed: a
//! sign, a digit, a negation, a name, the order of words, a currency, a gap, a bracket.
//!
//! `EXCERPT_QUOTATIONS=N` in the environment tries N changed quotations; `EXCERPT_SEED` tries those of a run again.

use std::collections::HashSet;

use super::{quotations, statuses};
use crate::env::{TestEnv, number};
use crate::random::Random;

/// Sentences of several languages, a text each.
const TEXTS: [&str; 12] = [
    "The harbour board said on 3 May 2019 that it would not sell the eastern basin for $2.5 million. \
     Output fell by 3.5% to -12.4 °C in Bergen, and the anti-war party of Anna Keller never agreed to it. \
     At 10:30 the 45 km/h limit was lifted, although “fourth faction” members denied that they had asked for £40.",
    "COVID-19 patients in 7 of 12 wards were not moved, the ministry said. The ships of Johnson & Sons cost €5–€10 a \
     ton less than those of Peter Blake. Nobody knows whether the 1,200 barrels (≥90 % full) were sold before 2014.",
    "Die Regierung hat am 4. Juni 2021 nicht zugestimmt, die 25 % der Aktien für 30 € zu kaufen. \
     Frau Müller sagte, es sei nie um Hamburg gegangen, und bei -5 °C bleibe der Hafen ohne Ausnahme zu.",
    "Le gouvernement n’a pas vendu les 12 navires pour 45 € la tonne, dit Claire Dubois. \
     L’État ne paiera jamais plus de 30 % des dettes de Marseille, à moins que la loi de 2018 change.",
    "El ministro negó el 7 de marzo que Juan Pérez no pagara los 300 $ de la multa. \
     La producción cayó un 4,5 % en Sevilla y nadie sabe si volverá a subir antes de 2030.",
    "Il governo non ha venduto le 15 navi per 20 € l’una, ha detto Marco Rossi a Torino. \
     La temperatura scese a -8 °C e nessuno dei 40 operai tornò mai a casa prima delle 10:30.",
    "O ministro não aceitou pagar 500 € pelas 9 casas de Lisboa, disse Ana Souza. \
     A taxa subiu +3,2 % em 2022 e ninguém sabe se o porto será vendido sem lei.",
    "De minister heeft niet gezegd dat Jan de Vries 60 € voor de 8 boten kreeg. \
     De prijs steeg met 2,5 % in Rotterdam en niemand weet of de wet van 1998 nog geldt.",
    "Министр не сказал, что Анна Петрова получила 400 ₽ за 6 лодок в Казани. \
     Добыча упала на 3,5 % при -20 °C, и никто не знает, вернутся ли 15 рабочих до 2025 года.",
    "Міністр не сказав, що Олена Коваль отримала 700 ₴ за 5 човнів у Львові. \
     Видобуток упав на 4,5 % при -15 °C, і ніхто не знає, чи повернуться 18 робітників.",
    "Minister nie powiedział, że Jan Kowalski dostał 900 zł za 3 łodzie w Gdańsku. \
     Produkcja spadła o 5,5 % przy -10 °C i nikt nie wie, czy 14 robotników wróci przed 2026 rokiem.",
    "Styrelsen sade den 9 april att Karin Berg aldrig sålde 11 båtar för 80 € i Malmö. \
     Priset steg med 6,5 % och ingen vet om hamnen öppnas utan lag före 2027.",
];

const NEGATIONS: [&str; 12] = [
    "not", "never", "nicht", "kein", "pas", "no", "non", "não", "niet", "не", "nie", "without",
];
const SIGNS: [&str; 14] = [
    "$", "€", "£", "+", "-", "−", "<", ">", "≥", "±", "~", "§", "#", "¥",
];
const SUFFIXES: [&str; 6] = ["%", "‰", "°", "€", "+", "″"];

/// A changed quotation, or none where the change cannot be made.
type Change = fn(&mut Random, &[&str]) -> Option<Vec<String>>;

static CHANGES: [(&str, Change); 13] = [
    ("a sign before a number", sign_before),
    ("a sign behind a number", sign_behind),
    ("a sign lost", sign_lost),
    ("a sign changed", sign_changed),
    ("a digit changed", digit_changed),
    ("a digit lost", digit_lost),
    ("a negation put in", negation_put_in),
    ("a word lost", word_lost),
    ("words swapped", words_swapped),
    ("a name changed", name_changed),
    ("a gap over a negation", gap),
    ("a bracket for a word", bracket),
    ("a joint lost", joint_lost),
];

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_string()).collect()
}

/// The words with the one at a random place among those that `is_it` changed by `change`.
fn changed(
    random: &mut Random,
    words: &[&str],
    is_it: impl Fn(&str) -> bool,
    change: impl FnOnce(&mut Random, &str) -> String,
) -> Option<Vec<String>> {
    let places: Vec<usize> = (0..words.len()).filter(|&at| is_it(words[at])).collect();
    let at = *places.get(random.below(places.len().max(1)))?;
    let mut all = owned(words);
    all[at] = change(random, words[at]);
    Some(all)
}

fn begins_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

fn is_sign(c: char) -> bool {
    "$€£¥₽₴+-−<>≥±%‰°".contains(c)
}

fn pick<'a>(random: &mut Random, all: &[&'a str]) -> &'a str {
    all[random.below(all.len())]
}

fn sign_before(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    changed(random, words, begins_with_digit, |random, word| {
        format!("{}{word}", pick(random, &SIGNS))
    })
}

fn sign_behind(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let ends = |word: &str| word.ends_with(|c: char| c.is_ascii_digit());
    changed(random, words, ends, |random, word| {
        format!("{word}{}", pick(random, &SUFFIXES))
    })
}

fn sign_lost(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let lost = |_: &mut Random, word: &str| word.replace(is_sign, "");
    changed(
        random,
        words,
        |word| has_digit(word) && word.contains(is_sign),
        lost,
    )
}

fn sign_changed(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let signs = ["₹", "¢", "‱", "∓"];
    let other = |random: &mut Random, word: &str| word.replace(is_sign, pick(random, &signs));
    changed(random, words, |word| word.contains(is_sign), other)
}

fn digit_changed(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    changed(random, words, has_digit, |random, word| {
        let digits: Vec<(usize, char)> = word
            .char_indices()
            .filter(|(_, c)| c.is_ascii_digit())
            .collect();
        let (at, c) = digits[random.below(digits.len())];
        let other = char::from(b'0' + (c as u8 - b'0' + 1 + random.below(9) as u8) % 10);
        format!("{}{other}{}", &word[..at], &word[at + 1..])
    })
}

fn digit_lost(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    changed(random, words, has_digit, |random, word| {
        let digits: Vec<usize> = word
            .char_indices()
            .filter(|(_, c)| c.is_ascii_digit())
            .map(|(at, _)| at)
            .collect();
        let at = digits[random.below(digits.len())];
        format!("{}{}", &word[..at], &word[at + 1..])
    })
}

fn negation_put_in(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let mut all = owned(words);
    let at = 1 + random.below(words.len() - 1);
    all.insert(at, pick(random, &NEGATIONS).to_string());
    Some(all)
}

/// Not at an end, where the rest still stands in the source.
fn word_lost(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let mut all = owned(words);
    all.remove(1 + random.below(words.len() - 2));
    Some(all)
}

fn words_swapped(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let mut all = owned(words);
    let at = random.below(words.len() - 1);
    all.swap(at, at + 1);
    Some(all)
}

fn name_changed(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let is_name = |word: &str| word.starts_with(char::is_uppercase) && word.chars().count() > 3;
    changed(random, words, is_name, |_, word| {
        let mut letters: Vec<char> = word.chars().collect();
        letters[1] = if letters[1] == 'o' { 'u' } else { 'o' };
        letters.into_iter().collect()
    })
}

/// A gap in place of a negation of its language.
fn gap(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let all = [
        "not",
        "never",
        "denied",
        "Nobody",
        "whether",
        "nicht",
        "nie",
        "ohne",
        "n’a",
        "pas",
        "jamais",
        "negó",
        "no",
        "nadie",
        "non",
        "nessuno",
        "mai",
        "não",
        "ninguém",
        "se",
        "niet",
        "niemand",
        "не",
        "никто",
        "ніхто",
        "nikt",
        "czy",
        "aldrig",
        "ingen",
        "utan",
    ];
    let own = words.get(1..words.len() - 1)?;
    let with_gap = changed(
        random,
        own,
        |word| all.contains(&word),
        |random, _| pick(random, &["…", "[...]", "(…)"]).to_string(),
    )?;
    let ends = [words[0].to_string(), words[words.len() - 1].to_string()];
    Some([&ends[..1], &with_gap, &ends[1..]].concat())
}

fn bracket(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let mut all = owned(words);
    let at = 1 + random.below(words.len() - 2);
    all[at] = "[otherwise]".to_string();
    Some(all)
}

/// A hyphen, slash, colon, comma or full stop within a word is lost.
fn joint_lost(random: &mut Random, words: &[&str]) -> Option<Vec<String>> {
    let is_joint = |c: char| matches!(c, '-' | '/' | ':' | ',' | '.' | '–');
    let inner = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .contains(is_joint)
    };
    changed(random, words, inner, |_, word| word.replace(is_joint, " "))
}

/// What a text says, by a simpler rule than the program's: words in small letters with the signs that touch them, without
/// punctuation around, lone dashes, and spaces between a number and its sign.
fn essence(text: &str) -> Vec<String> {
    let is_kept = |c: char| c.is_alphanumeric() || is_sign(c) || "₹¢‱∓~§#″&".contains(c);
    let mut all: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !is_kept(c));
        let word = word.to_lowercase().replace('−', "-");
        let is_unit = !word.contains(char::is_alphanumeric);
        match all.last_mut() {
            _ if word.is_empty() || word == "-" => {}
            Some(last) if is_unit && has_digit(last) => last.push_str(&word),
            _ => all.push(word),
        }
    }
    all
}

/// Whether a source says it. A sign at the beginning may end a number of the source.
fn is_in_a_source(sources: &[Vec<String>], quotation: &str) -> bool {
    let own = essence(quotation);
    let begins_with_sign = own
        .first()
        .is_some_and(|word| !word.contains(char::is_alphanumeric));
    let own = format!("{} ", own.join(" "));
    sources.iter().any(|source| {
        let source = format!(" {} ", source.join(" "));
        match begins_with_sign {
            true => source.contains(&own),
            false => source.contains(&format!(" {own}")),
        }
    })
}

#[test]
fn no_quotation_that_is_not_in_a_source_holds() {
    let env = TestEnv::new();
    for (at, text) in TEXTS.iter().enumerate() {
        env.write(&format!("sources/{at}.txt"), text);
    }
    env.run(&["index", "sources"]).success();
    let sources: Vec<Vec<String>> = TEXTS.iter().map(|text| essence(text)).collect();
    let mut random = Random::new();
    let (mut honest, mut false_ones) = (Vec::new(), Vec::new());
    let mut made = HashSet::new();
    while false_ones.len() < number("EXCERPT_QUOTATIONS", 600) {
        let words: Vec<&str> = TEXTS[random.below(TEXTS.len())]
            .split_whitespace()
            .collect();
        let length = 4 + random.below(9);
        let start = random.below(words.len() - length);
        let own = &words[start..start + length];
        let (name, change) = CHANGES[random.below(CHANGES.len())];
        if let Some(text) = change(&mut random, own).map(|words| words.join(" "))
            && !is_in_a_source(&sources, &text)
        {
            made.insert(name);
            false_ones.push(text);
            honest.push(own.join(" "));
        }
    }
    assert_eq!(made.len(), CHANGES.len(), "{random:?}: {made:?}");
    env.write("false.txt", false_ones.join("\n"));
    let run = env.run(&["quote", "--json", "--lines", "false.txt"]);
    let found = statuses(&run);
    assert_eq!(found.len(), false_ones.len(), "{random:?}");
    for (status, own) in found.iter().zip(quotations(&run)) {
        assert!(
            !matches!(status.as_str(), "verbatim" | "normalised" | "unchecked"),
            "{random:?}: {own}"
        );
    }
    env.write("honest.txt", honest.join("\n"));
    let run = env.run(&["quote", "--json", "--lines", "honest.txt"]);
    for own in quotations(&run) {
        let text = own["text"].as_str().expect("a text");
        // A stretch may end between a number and its sign.
        let is_cut = own["status"] == "near" && is_cut_from_its_sign(text);
        assert!(own["status"] == "verbatim" || is_cut, "{random:?}: {own}");
    }
}

/// Whether a stretch begins or ends with a number, whose sign may stand apart.
fn is_cut_from_its_sign(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    has_digit(words[0]) || has_digit(words[words.len() - 1])
}
