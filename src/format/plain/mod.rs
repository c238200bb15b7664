//! Plain text: paragraphs, and the headings that stand between them without markup.
//!
//! Lines are cut into blocks ([`blocks`]); of each short block is noted what can be seen of it ([`observe`], with the
//! points of each feature in [`features`]); blocks with enough points are headings ([`score`], [`roles`]).

mod blocks;
mod candidates;
mod case;
mod code;
mod features;
mod habits;
mod lines;
mod look;
mod metadata;
mod numbers;
mod patterns;
mod phrases;
mod profile;
mod repeats;
mod roles;
mod score;
mod shape;
mod split_at;
mod topic;
mod writer;

use self::blocks::blocks;
use self::features::THRESHOLD;
use self::lines::lines;
use self::profile::Profile;
use self::roles::{Role, roles_of};
use self::writer::BlockWriter;
use super::builder::Outline;
use super::builder::input::Reading;
use super::options::Split;
use super::weighed::{Weighed, WeighedLine};
use crate::article::{Article, Metadata};

/// Reads a plain text.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    if *reading.split != Split::Auto {
        return self::split_at::parse(reading);
    }
    let source = reading.source;
    let text = source.text();
    let mut lines = lines(text, source.line_end());
    let mut outline = Outline::new(reading);
    metadata::take_head(&mut outline.metadata, text, &mut lines);
    let profile = Profile::of(text, &lines);
    let blocks = blocks(text, &lines, &profile);
    let mut writer = BlockWriter {
        text,
        lines: &lines,
        outline,
        open: None,
    };
    for (block, role) in blocks.iter().zip(roles_of(&blocks, &profile, false).roles) {
        if !reading.element(0) {
            break;
        }
        writer.block(block, role);
    }
    metadata::complete(&mut writer.outline.metadata, text, &lines);
    writer.outline.finish()
}

/// Reads the text of a message: paragraphs, without a look for a title or headings, but with those the options give.
pub(super) fn parse_body(reading: &Reading<'_>) -> Article {
    self::split_at::parse_body(reading)
}

/// Every line that may be a heading, with what is said of it.
pub(super) fn weigh(reading: &Reading<'_>) -> Weighed {
    let source = reading.source;
    let text = source.text();
    let mut lines = lines(text, source.line_end());
    metadata::take_head(&mut Metadata::default(), text, &mut lines);
    let profile = Profile::of(text, &lines);
    let blocks = blocks(text, &lines, &profile);
    let roles = roles_of(&blocks, &profile, true);
    let weighed = roles.scored.iter().map(|line| {
        let block = &blocks[line.candidate.block];
        let mut features: Vec<_> = line.candidate.features.named().collect();
        if line.agreement != 0 {
            features.push(("others-of-its-style", line.agreement));
        }
        WeighedLine {
            line: block.lines.start as u32 + 1,
            text: block
                .own_text()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            points: line.points(),
            is_heading: matches!(roles.roles[line.candidate.block], Role::Heading(_)),
            features,
        }
    });
    Weighed {
        threshold: THRESHOLD,
        lines: weighed.collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

    #[test]
    fn a_wrapped_text_has_its_paragraphs_and_items_as_blocks() {
        let article = read_str(
            "text",
            "A paragraph that was wrapped by hand\nand goes on here, as wrapped ones do.\n\n- an item\n  going on\n- another item\n",
        );
        assert_eq!(
            article.sections[0].text,
            "A paragraph that was wrapped by hand and goes on here, as wrapped ones do.\n- an item going on\n- another item"
        );
        assert_eq!(article.metadata.title, None);
    }

    #[test]
    fn underlined_lines_are_headings() {
        let text = "The Title\n=========\n\nSome words of the lead, which are enough.\n\nA part\n------\nIts text follows at once.\n\nAnother part\n------------\n\nMore text here.\n";
        let article = read_str("text", text);
        assert_eq!(article.metadata.title.as_deref(), Some("The Title"));
        let heads: Vec<_> = article
            .sections
            .iter()
            .map(|s| (s.headings.join(">"), s.heading_line))
            .collect();
        assert_eq!(
            heads,
            [
                (String::new(), None),
                ("A part".into(), Some(6)),
                ("Another part".into(), Some(10))
            ]
        );
        assert_eq!(article.sections[1].text, "Its text follows at once.");
    }

    #[test]
    fn the_head_of_a_message_is_metadata_and_no_text() {
        let text = "From: ann@a.b (Ann Berg)\nSubject: The quay\nNewsgroups: sci.sea\nDate: Wed, 05 Mar 2014 10:00:00 GMT\n\n\
                    The ships went out early on that day.\n\nThey came back late.\n";
        let article = read_str("text", text);
        assert_eq!(article.metadata.title.as_deref(), Some("The quay"));
        assert_eq!(article.metadata.authors, ["Ann Berg"]);
        assert_eq!(article.metadata.date.as_deref(), Some("2014-03-05"));
        assert_eq!(
            article.sections[0].text,
            "The ships went out early on that day.\nThey came back late."
        );
    }

    #[test]
    fn a_text_of_one_line_is_text() {
        let article = read_str("text", "Only one line here");
        assert_eq!(article.metadata.title, None);
        assert_eq!(article.sections[0].text, "Only one line here");
    }

    #[test]
    fn headings_are_told_in_scripts_without_spaces() {
        let paragraph = "คณะกรรมการได้ประชุมกันที่ท่าเรือเมื่อวันจันทร์และตกลงว่าเรือข้ามฟากจะเปิดให้บริการอีกครั้งในเดือนพฤษภาคมหลังจากการซ่อมแซมเสร็จสิ้น";
        let text = format!(
            "รายงานการประชุม\n\n{paragraph}\n\nผลการประชุม\n\n{paragraph}\n\nแผนงานต่อไป\n\n{paragraph}\n"
        );
        let article = crate::format::read_str("text", &text);
        let headings: Vec<&str> = (article.sections.iter())
            .filter_map(|section| section.headings.last().map(String::as_str))
            .collect();
        assert_eq!(headings, ["ผลการประชุม", "แผนงานต่อไป"]);
    }

    #[test]
    fn what_is_said_of_lines_has_its_features() {
        let text = "The harbour\n\nThe council met on Monday about the ferry and its money.\n\nFerry fares\n\n\
            The fares of the ferry rise in May, and the fares of the bus in June.\n\nWho pays for it?\n\n\
            The council pays for most of it, and the state for some.\n\nWhat a day it was today!\n\n\
            Nobody had thought that it would end so well for the crew.\n\nThe quay opens at six and closes at nine\n\n\
            It is long.\n\nThe quay opens for guests\n\nIt is wide.\n\nThe quay opens in winter\n\nIt is cold.\n\n\
            Chapter 3\n\nThe tide comes in.\n\nThe captain had seen many tides in his life, and this one was high.\n";
        let format = crate::format::FORMATS.iter().find(|f| f.name == "text");
        let source = crate::source::Decoded::from_bytes(text.as_bytes().to_vec()).expect("text");
        let weighed = format
            .and_then(|format| format.weigh(&source, &crate::format::ReadOptions::default()))
            .expect("lines that may be headings");
        let line = |text: &str| {
            let own = weighed.lines.iter().find(|line| line.text == text);
            own.expect(text)
        };
        for (own, features, is_heading) in [
            ("Ferry fares", ["all-words-below", "words-below"], true),
            (
                "Who pays for it?",
                ["only-question", "its-word-below"],
                true,
            ),
            (
                "What a day it was today!",
                ["long-exclamation", "ends-with-exclamation-mark"],
                false,
            ),
            (
                "The quay opens for guests",
                ["opens-as-others", "before-few-words"],
                false,
            ),
            ("It is long.", ["whole-sentence", "goes-on"], false),
            (
                "The tide comes in.",
                ["name-of-chapter", "after-chapter-number"],
                true,
            ),
        ] {
            let own = line(own);
            let has = |name: &str| own.features.iter().any(|(feature, _)| *feature == name);
            assert!(features.into_iter().all(has), "{own:?}");
            assert_eq!(own.is_heading, is_heading, "{own:?}");
        }
    }
}
