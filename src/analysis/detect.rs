//! Tells the language of a text: by its script, and among the languages of one script by their function words.
//!
//! A function word counts one vote, shared among the languages of the script that have it. A text that has few of them,
//! such as a list or a program, and one whose votes are nearly even, is of no language that can be told.

use super::function_table::{FUNCTION_WORDS, FunctionWord};
use super::language::Language;
use super::script::Script;
use super::words::{WordKind, Words};

/// So many words are looked at.
const MOST_WORDS: usize = 600;
/// After so many words, and then after twice as many each time, it is asked whether the votes are clear already.
const FIRST_LOOK_WORDS: usize = 32;
/// No function word is longer.
const LONGEST_BYTES: usize = 32;
/// Of so many words one at least has to be a function word.
const WORDS_A_VOTE: u32 = 14;
/// So many different function words have to be among them; more in a text of more than [`SHORT_WORDS`] words.
const LEAST_DIFFERENT: u32 = 4;
const LEAST_DIFFERENT_LONG: u32 = 7;
const SHORT_WORDS: usize = 128;
/// By how much the votes of a language exceed those of the next one.
const LEAD: f64 = 1.04;
/// By how much where it is clear already.
const CLEAR_LEAD: f64 = 3.0;
/// What share of a Japanese text's characters is kana at least.
const LEAST_KANA: f64 = 0.04;

/// The language of these texts, read in order; `None` where it cannot be told.
///
/// ```
/// use excerpt::analysis::detect_language;
///
/// let text = "Die Gespräche sind am Freitag ohne eine Einigung zu Ende gegangen, aber die Waffen schweigen noch.";
/// assert_eq!(detect_language([text]).map(|language| language.tag()), Some("de"));
/// assert_eq!(detect_language(["fn main() {}"]), None);
/// ```
#[must_use]
pub fn detect_language<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Language> {
    let mut evidence = LanguageEvidence::default();
    let mut next_look = FIRST_LOOK_WORDS;
    for text in texts {
        let mut words = Words::new(text);
        while evidence.words < MOST_WORDS && words.advance() {
            evidence.take(&words);
            if evidence.words == next_look {
                next_look *= 2;
                if let Some(language) = evidence.verdict(CLEAR_LEAD) {
                    return Some(language);
                }
            }
        }
    }
    evidence.verdict(LEAD)
}

/// A vote in whole parts, however many languages share it.
const SHARES: u64 = 720_720;

/// What speaks for a language.
#[derive(Debug, Clone, Copy, Default)]
struct LanguageTally {
    votes: u64,
    times: u32,
    different: u32,
}

/// What was seen of a text.
#[derive(Default)]
struct LanguageEvidence {
    words: usize,
    /// The words that begin with a letter of each script; of those cut into pairs, the characters.
    scripts: [u32; Script::COUNT],
    /// The function words seen, each with its languages and how often it was.
    votes: Vec<(&'static FunctionWord, u32)>,
}

impl LanguageEvidence {
    fn take(&mut self, words: &Words<'_>) {
        self.words += 1;
        let form = words.form();
        if let Some(script) = form.chars().next().and_then(Script::of) {
            *self.count_mut(script) += 1;
        }
        if words.kind() != WordKind::Whole || form.len() > LONGEST_BYTES {
            return;
        }
        let word = FUNCTION_WORDS.get(form);
        if let Some(word) = word.filter(|_| !words.is_initial()) {
            match self
                .votes
                .iter_mut()
                .find(|(own, _)| std::ptr::eq(*own, word))
            {
                Some((_, times)) => *times += 1,
                None => self.votes.push((word, 1)),
            }
        }
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "a script is an element of the array"
    )]
    fn count_mut(&mut self, script: Script) -> &mut u32 {
        &mut self.scripts[script as usize]
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "a script is an element of the array"
    )]
    fn count(&self, script: Script) -> u32 {
        self.scripts[script as usize]
    }

    /// The language that leads by this factor.
    fn verdict(&self, lead: f64) -> Option<Language> {
        match self.script()? {
            Script::Han | Script::Kana => Language::of_tag(self.of_han()),
            script => {
                let of_script = Language::of_script(script);
                match of_script.count_ones() {
                    1 => Language::all().find(|language| of_script == language.bit()),
                    _ => self.most_votes(of_script, lead),
                }
            }
        }
    }

    /// The script of most words. A character of a script that is cut into pairs is half a word.
    fn script(&self) -> Option<Script> {
        let han = self.count(Script::Han) + self.count(Script::Kana);
        let weigh = |script: Script| match script {
            Script::Han | Script::Kana => han,
            Script::Latin => 2 * self.count(script),
            _ => self.count(script),
        };
        let best = Script::ALL
            .into_iter()
            .max_by_key(|&script| weigh(script))?;
        (weigh(best) > 0).then_some(best)
    }

    fn of_han(&self) -> &'static str {
        let [han, kana] = [Script::Han, Script::Kana].map(|script| f64::from(self.count(script)));
        if kana >= (han + kana) * LEAST_KANA {
            "ja"
        } else {
            "zh"
        }
    }

    fn most_votes(&self, of_script: u128, lead: f64) -> Option<Language> {
        let mut tallies = [LanguageTally::default(); u128::BITS as usize];
        for &(word, times) in &self.votes {
            let mut own = word.languages & of_script;
            // In parts of their common multiple, so that the sum does not depend on the order.
            let share = SHARES / u64::from(own.count_ones().max(1));
            // Where no bit is left, the zeros are as many as the tallies.
            while let Some(tally) = tallies.get_mut(own.trailing_zeros() as usize) {
                tally.votes += share * u64::from(times);
                tally.times += times;
                tally.different += 1;
                own &= own - 1;
            }
        }
        let mut ranked = tallies.iter().enumerate();
        let (mut place, mut best) = ranked.next()?;
        let mut next = 0;
        for (i, tally) in ranked {
            if tally.votes > best.votes {
                next = best.votes;
                (place, best) = (i, tally);
            } else {
                next = next.max(tally.votes);
            }
        }
        let LanguageTally {
            votes,
            times,
            different,
        } = *best;
        let least = match self.words > SHORT_WORDS {
            true => LEAST_DIFFERENT_LONG,
            false => LEAST_DIFFERENT,
        };
        let is_enough = different >= least && times * WORDS_A_VOTE >= self.words as u32;
        let leads = votes as f64 >= next as f64 * lead;
        let language = || Language::all().nth(place);
        if is_enough && leads { language() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Option<&'static str> {
        detect_language([text]).map(Language::tag)
    }

    #[test]
    fn initials_and_variables_say_nothing() {
        let names = "Curtz, T. B. Riordan, J. F. Spohn, M. Muller, D. E. Knuth, A. N. Smith, C. Y. Lee, L. O. Ray";
        assert_eq!(tag(names), None);
    }

    #[test]
    fn neighbours_are_told_apart() {
        for (expected, text) in [
            (
                "en",
                "The talks ended on Friday without a deal, though both sides said that they would meet again.",
            ),
            (
                "da",
                "Forhandlingerne sluttede fredag uden en aftale, men begge parter sagde, at de ville mødes igen efter ferien.",
            ),
            (
                "no",
                "Samtalene ble avsluttet fredag uten en avtale, men begge sider sa at de ville møtes igjen etter ferien.",
            ),
            (
                "sv",
                "Samtalen avslutades i fredags utan ett avtal, men båda sidor sade att de skulle träffas igen efter semestern.",
            ),
            (
                "es",
                "Las conversaciones terminaron el viernes sin un acuerdo, aunque las dos partes dijeron que volverían a reunirse.",
            ),
            (
                "pt",
                "As conversações terminaram na sexta-feira sem um acordo, mas as duas partes disseram que não vão desistir.",
            ),
            (
                "it",
                "I colloqui sono finiti venerdì senza un accordo, ma le due parti hanno detto che si incontreranno di nuovo.",
            ),
            (
                "ru",
                "Переговоры завершились в пятницу без соглашения, но обе стороны сказали, что они встретятся снова.",
            ),
            (
                "uk",
                "Переговори завершилися в п'ятницю без угоди, але обидві сторони сказали, що вони зустрінуться знову.",
            ),
            (
                "bg",
                "Преговорите приключиха в петък без споразумение, но двете страни казаха, че ще се срещнат отново.",
            ),
            (
                "fa",
                "گفتگوها روز جمعه بدون توافق به پایان رسید، اما هر دو طرف گفتند که دوباره با هم دیدار خواهند کرد.",
            ),
            (
                "ar",
                "انتهت المحادثات يوم الجمعة من دون اتفاق، لكن الطرفين قالا إنهما سيلتقيان مرة أخرى بعد ذلك في المدينة.",
            ),
            (
                "hi",
                "बातचीत शुक्रवार को बिना किसी समझौते के समाप्त हो गई, लेकिन दोनों पक्षों ने कहा कि वे फिर मिलेंगे।",
            ),
            (
                "ja",
                "協議は金曜日に合意なしに終了したが、双方は再び会うと述べた。",
            ),
            ("zh", "会谈于周五结束，没有达成协议，但双方表示将再次会面。"),
            (
                "ko",
                "회담은 금요일에 합의 없이 끝났지만 양측은 다시 만날 것이라고 말했다.",
            ),
            ("th", "การเจรจาสิ้นสุดลงเมื่อวันศุกร์โดยไม่มีข้อตกลง"),
            (
                "el",
                "Οι συνομιλίες τελείωσαν την Παρασκευή χωρίς συμφωνία.",
            ),
        ] {
            assert_eq!(tag(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn lists_and_programs_are_of_no_language() {
        assert_eq!(tag("int main(int argc, char **argv) { return 0; }"), None);
        assert_eq!(tag("HRESULT STATUS_SUCCESS 0x80070057 E_INVALIDARG"), None);
        assert_eq!(tag(""), None);
        assert_eq!(tag("2014 2015"), None);
    }
}
