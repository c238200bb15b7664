//! Tells the language of a text: by its script, and among the languages of one script by their function words.
//!
//! A function word counts one vote, shared among the languages of the script that have it. A text that has few of them,
//! such as a list or a program, and one whose votes are nearly even, is of no language that can be told.

use super::forms::FUNCTION_WORDS;
use super::language::Language;
use super::script::Script;
use super::words::{WordKind, Words};

/// So many words are looked at.
const MOST_WORDS: usize = 600;
/// After so many words it is asked whether the votes are clear already.
const STEP_WORDS: usize = 64;
/// Of so many words one at least has to be a function word.
const WORDS_A_VOTE: u32 = 14;
/// So many function words are too few.
const LEAST_VOTES: u32 = 4;
/// By how much the votes of a language exceed those of the next one.
const LEAD: f64 = 1.15;
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
    let mut evidence = Evidence::new();
    for text in texts {
        let mut words = Words::new(text);
        while evidence.words < MOST_WORDS && words.advance() {
            evidence.take(&words);
            if evidence.words.is_multiple_of(STEP_WORDS)
                && let Some(language) = evidence.verdict(CLEAR_LEAD)
            {
                return Some(language);
            }
        }
    }
    evidence.verdict(LEAD)
}

/// What was seen of a text.
struct Evidence {
    words: usize,
    /// The words that begin with a letter of each script; of those cut into pairs, the characters.
    scripts: [u32; Script::COUNT],
    /// The languages of each function word seen.
    votes: Vec<u128>,
}

impl Evidence {
    fn new() -> Evidence {
        Evidence {
            words: 0,
            scripts: [0; Script::COUNT],
            votes: Vec::new(),
        }
    }

    fn take(&mut self, words: &Words<'_>) {
        self.words += 1;
        let form = words.form();
        if let Some(script) = form.chars().next().and_then(Script::of) {
            self.scripts[script as usize] += 1;
        }
        if words.kind() == WordKind::Whole {
            self.votes.extend(FUNCTION_WORDS.get(form));
        }
    }

    /// The language that leads by this factor.
    fn verdict(&self, lead: f64) -> Option<Language> {
        let script = self.script()?;
        let own: Vec<Language> = Language::all()
            .filter(|language| language.scripts().contains(&script))
            .collect();
        match (script, own.as_slice()) {
            (Script::Han | Script::Kana, _) => Language::of_tag(self.of_han()),
            (_, [only]) => Some(*only),
            _ => self.most_votes(&own, lead),
        }
    }

    /// The script of most words. A character of a script that is cut into pairs is half a word.
    fn script(&self) -> Option<Script> {
        let weigh = |script: Script| {
            let count = self.scripts[script as usize];
            match script {
                Script::Han | Script::Kana => {
                    self.scripts[Script::Han as usize] + self.scripts[Script::Kana as usize]
                }
                Script::Latin => 2 * count,
                _ => count,
            }
        };
        let all = Language::all().flat_map(Language::scripts);
        let best = all
            .copied()
            .max_by_key(|&script| (weigh(script), script as usize))?;
        (weigh(best) > 0).then_some(best)
    }

    fn of_han(&self) -> &'static str {
        let [han, kana] =
            [Script::Han, Script::Kana].map(|script| f64::from(self.scripts[script as usize]));
        if kana >= (han + kana) * LEAST_KANA {
            "ja"
        } else {
            "zh"
        }
    }

    fn most_votes(&self, own: &[Language], lead: f64) -> Option<Language> {
        let of_script: u128 = own.iter().map(|language| language.bit()).sum();
        let mut counts = vec![(0.0, 0u32); own.len()];
        for &vote in &self.votes {
            let share = 1.0 / f64::from((vote & of_script).count_ones().max(1));
            for (count, language) in counts.iter_mut().zip(own) {
                if vote & language.bit() != 0 {
                    *count = (count.0 + share, count.1 + 1);
                }
            }
        }
        let (mut best, mut next) = (None, 0.0);
        let mut most = 0.0;
        for (&(votes, words), &language) in counts.iter().zip(own) {
            if votes > most {
                (next, most, best) = (most, votes, Some((language, words)));
            } else if votes > next {
                next = votes;
            }
        }
        let (language, words) = best?;
        let is_enough = words >= LEAST_VOTES && words * WORDS_A_VOTE >= self.words as u32;
        (is_enough && most >= next * lead).then_some(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Option<&'static str> {
        detect_language([text]).map(Language::tag)
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
