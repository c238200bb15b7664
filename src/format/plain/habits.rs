//! What the blocks of a text have in common, against which one that may be a heading is seen.

use std::collections::HashMap;

use super::blocks::{Kind, TextBlock};
use super::features::{Feature, Features};
use super::shape::{Ending, ending};
use super::topic::{HASH_START, hash_small};

/// A text with fewer blocks is too short to be told as a dialogue.
const LEAST_BLOCKS: usize = 15;
/// So many percent of a story's blocks are speech.
const SPEECH_PERCENT: usize = 15;
/// What stands so often is a habit.
const OFTEN: u32 = 3;
/// A label has at most this many bytes.
const MAX_LABEL: usize = 40;
/// What opens speech.
const QUOTES: [char; 6] = ['"', '\'', '\u{201c}', '\u{2018}', '«', '„'];

/// How often a label stands,
#[derive(Debug, Clone, Copy, Default)]
struct LabelCounts {
    all: u32,
    /// before short blocks,
    short: u32,
    /// before questions.
    asking: u32,
}

impl LabelCounts {
    /// Whether it is that of one who asks: what stands behind it is asked too where it ends otherwise.
    fn is_asker(self) -> bool {
        self.asking * 2 >= self.all
    }
}

/// What is usual in a text.
pub(super) struct TextHabits<'b> {
    /// Many blocks are speech, as in a story.
    is_story: bool,
    labels: HashMap<&'b str, LabelCounts>,
    /// How often short blocks open with the same two words.
    openings: HashMap<u64, u32>,
    /// The opening of each short block.
    opening_of: Vec<Option<u64>>,
    /// How many short blocks ask something that a longer one follows.
    questions: u32,
}

impl<'b> TextHabits<'b> {
    /// The habits of these blocks, of which those at `may_be` may be headings.
    pub(super) fn of(blocks: &'b [TextBlock<'_>], may_be: &[usize]) -> TextHabits<'b> {
        let speech = blocks.iter().filter(|b| b.text.starts_with(QUOTES)).count();
        let mut habits = TextHabits {
            is_story: blocks.len() >= LEAST_BLOCKS && speech * 100 >= blocks.len() * SPEECH_PERCENT,
            labels: HashMap::new(),
            openings: HashMap::new(),
            opening_of: vec![None; blocks.len()],
            questions: 0,
        };
        for block in blocks {
            if let Some(label) = label(block.text) {
                let counts = habits.labels.entry(label).or_default();
                counts.all += 1;
                counts.asking += u32::from(asks(block.text));
            }
        }
        for &at in may_be {
            let Some(block) = blocks.get(at) else {
                continue;
            };
            if let Some(counts) = label(block.text).and_then(|l| habits.labels.get_mut(l)) {
                counts.short += 1;
            }
            let own = opening(block);
            if let Some(known) = habits.opening_of.get_mut(at) {
                *known = own;
            }
            if let Some(opening) = own {
                *habits.openings.entry(opening).or_default() += 1;
            }
            let next = blocks.get(at + 1).map(|next| next.kind);
            let is_answered = matches!(next, Some(Kind::Body | Kind::List | Kind::Code));
            habits.questions += u32::from(is_answered && asks(block.text));
        }
        habits
    }

    /// What the habits say of block `at` with these features.
    pub(super) fn observe(&self, at: usize, block: &TextBlock<'_>, f: &mut Features) {
        let text = block.text;
        let asks = asks(text);
        let label = label(text)
            .and_then(|label| self.labels.get(label).copied())
            .unwrap_or_default();
        let is_speaker = label.all >= OFTEN;
        let is_asked = asks || label.is_asker();
        f.add_if(label.short >= OFTEN, Feature::RepeatedLabel);
        f.add_if(is_speaker && is_asked, Feature::SpeakerAsks);
        f.add_if(is_speaker && !is_asked, Feature::SpeakerSays);
        let own = self.opening_of.get(at).copied().flatten();
        let alike = own.and_then(|opening| self.openings.get(&opening));
        f.add_if(alike.is_some_and(|&n| n >= OFTEN), Feature::AlikeOpening);
        f.add_if(asks && self.questions == 1, Feature::OnlyQuestion);
        if self.is_story {
            let is_quoted = text.starts_with(QUOTES)
                && text.ends_with(['"', '\'', '\u{201d}', '\u{2019}', '»', '\u{201c}']);
            f.add_if(!is_marked(*f), Feature::InStory);
            f.add_if(is_quoted, Feature::Spoken);
            f.add_if(asks, Feature::AsksInStory);
        }
    }
}

/// Whether a number, capitals or an underline set a line apart.
pub(super) fn is_marked(features: Features) -> bool {
    [
        Feature::Capitals,
        Feature::NumberChapter,
        Feature::NumberDecimal,
        Feature::NumberBare,
        Feature::NumberRoman,
        Feature::NumberLetter,
        Feature::NumbersTogether,
        Feature::NumbersApart,
        Feature::AfterNumber,
        Feature::Underlined,
    ]
    .iter()
    .any(|&mark| features.has(mark))
}

/// Whether a line has a wide gap above it and a narrow one below, before a paragraph: how this text may set headings.
pub(super) fn is_set_apart(features: Features) -> bool {
    let ends = [Feature::EndsStop, Feature::EndsComma, Feature::EndsColon];
    features.has(Feature::GapUneven)
        && features.has(Feature::BeforeBody)
        && !ends.iter().any(|&end| features.has(end))
}

/// The name in front of a colon: `Importance: Base`.
fn label(text: &str) -> Option<&str> {
    let front = text.as_bytes();
    let front = front.get(..MAX_LABEL + 2).unwrap_or(front);
    let len = memchr::memmem::find(front, b": ")?;
    let is_label = len + 2 < text.len() && !text[..len].contains(['.', '\n']);
    is_label.then_some(&text[..len])
}

fn asks(text: &str) -> bool {
    ending(text) == Ending::Question
}

/// The hash of the first two words in small letters, of a block of three words or more.
fn opening(block: &TextBlock<'_>) -> Option<u64> {
    let mut words = block.text.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    words.next()?;
    let letters = first.chars().chain([' ']).chain(second.chars());
    Some(letters.fold(HASH_START, hash_small))
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

    const BODY: &str = "The ferry goes out at nine and comes back at noon, and whoever waits on the quay has to wait for good weather too.";

    fn headings(text: &str) -> Vec<String> {
        let sections = read_str("text", text).sections;
        let last = |section: crate::article::Section| section.headings.last().cloned();
        sections.into_iter().filter_map(last).collect()
    }

    /// Whether a line between two paragraphs is a heading, in a text that begins with `before`.
    fn is_heading(before: &str, line: &str) -> bool {
        let text = format!("The Ferry\n\n{before}{BODY}\n\n{line}\n\n{BODY}\n");
        headings(&text).iter().any(|heading| heading == line)
    }

    #[test]
    fn speech_and_questions_of_a_story_are_no_headings() {
        let speech = "\"We shall never get across today,\" said the old man to the boy, \"for the wind is up.\"\n\n";
        let story = speech.repeat(16);
        for line in [
            "\"When do we leave?\"",
            "Where had they all gone?",
            "So the waiting began",
        ] {
            assert!(!is_heading(&story, line), "{line}");
        }
        assert!(is_heading(&story, "CHAPTER THREE") && is_heading("", "Where do they all go?"));
    }

    #[test]
    fn questions_of_an_interview_are_headings_and_its_answers_none() {
        let turn = format!(
            "Host: How did you come to the ferry, and why?\n\nGuest: {BODY}\n\nHost: Who else was there?\n\nGuest: An Old Friend\n\n{BODY}\n\n"
        );
        let found = headings(&format!("The Ferry\n\n{BODY}\n\n{}", turn.repeat(3)));
        assert!(found.iter().all(|line| line.starts_with("Host: ")));
        assert!(!found.is_empty());
    }

    #[test]
    fn lines_without_a_gap_are_none_where_headings_have_one() {
        let part = |name: &str| format!("{BODY}\n\n\n{name}\n\n");
        let gaps: String = ["First Days", "Second Days", "Third Days"]
            .map(part)
            .concat();
        let line = "He waited on the quay";
        assert!(
            !is_heading(&gaps, line)
                && headings(&format!("The Ferry\n\n{gaps}{BODY}\n\n{line}\n\n{BODY}\n")).len() == 3
        );
    }

    #[test]
    fn greetings_calls_credits_and_references_are_no_headings() {
        for line in [
            "Hello, dear readers!",
            "Subscribe to the ferry letter",
            "--The Harbour Book",
            "There is a song about the quay called the",
            "Photo courtesy of the museum",
            "Example of a ticket",
            "See p. 12.",
            "Harbour, old, 12, 14",
            "![The quay at noon]()",
        ] {
            assert!(!is_heading("", line), "{line}");
        }
    }
}
