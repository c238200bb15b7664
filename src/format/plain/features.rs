//! The features of a line that may be a heading, and what each is worth.
//!
//! The points are a logistic regression's weights, ten to the unit, drawn towards points set by hand and rounded; a
//! line with [`THRESHOLD`] points or more is a heading. Learned on articles in English, German, Russian and Chinese,
//! RFCs, books and news, each set counting the same. From [`Feature::TopicWord`] on they are set by hand: learned with
//! the others they fitted the texts at hand better and those of another kind worse.

/// A line is a heading with so many points.
pub(super) const THRESHOLD: i32 = 14;
/// A line's own points count for others of its style at most this much.
pub(super) const MAX_VOTE: i32 = 20;

/// Defines [`Feature`] and its table from one list.
macro_rules! features {
    ($($(#[$doc:meta])+ $name:ident $label:literal $points:literal)+) => {
        /// What can be said of a line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Feature { $($(#[$doc])+ $name,)+ }

        /// The name and the points of each feature, in the order of [`Feature`].
        static TABLE: &[(Feature, &str, i32)] = &[$((Feature::$name, $label, $points),)+];
    };
}

features! {
    /// One word.
    OneWord "one-word" 12
    /// Two or three words.
    FewWords "2-3-words" 12
    /// Nine to twelve words.
    ManyWords "9-12-words" -10
    /// More than twelve words.
    TooManyWords "13-words-or-more" -16
    /// More than sixteen words or a hundred columns.
    VeryLong "very-long" -3
    /// More than seventy columns.
    Wide "over-70-columns" -6
    /// Several lines.
    Wrapped "wrapped" -5
    /// A line of signs stands below.
    Underlined "underlined" 31
    /// Ends with a full stop.
    EndsStop "ends-with-stop" -32
    /// Capitals, and a full stop at the end.
    EndsStopCapitals "capitals-with-stop" -4
    /// A question that begins as one.
    EndsQuestion "ends-as-question" 2
    /// A question mark behind something else.
    EndsOddQuestion "ends-with-question-mark" -3
    /// Ends with an exclamation mark.
    EndsExclamation "ends-with-exclamation-mark" -14
    /// Ends with a colon.
    EndsColon "ends-with-colon" -45
    /// Ends with a comma, a semicolon, a dash or an ellipsis.
    EndsComma "ends-unfinished" -43
    /// A second sentence begins inside.
    InnerStop "two-sentences" -16
    /// ALL CAPITALS.
    Capitals "capitals" -7
    /// Several words in capitals, nothing behind them, not repeated.
    CapitalsApart "words-in-capitals" 20
    /// Capitals but for what stands in brackets.
    CapitalsOutside "capitals-but-brackets" -9
    /// Title Case.
    TitleCase "title-case" 22
    /// Sentence case.
    SentenceCase "sentence-case" 17
    /// One word with a capital.
    OneCapital "one-capital" 20
    /// A first word in small letters.
    SmallStart "small-start" -16
    /// A first word such as `iOS` or `foo_bar`.
    OddStart "odd-start" -2
    /// A script without case.
    Caseless "caseless" 24
    /// `Chapter 3`.
    NumberChapter "chapter-number" 55
    /// `2.1`.
    NumberDecimal "decimal-number" 43
    /// `3.`
    NumberOne "number" -4
    /// `3` in front of words.
    NumberBare "bare-number" 11
    /// `IV`.
    NumberRoman "roman-number" -2
    /// `A.`
    NumberLetter "letter-number" 22
    /// The next number stands right below: a list.
    NumbersTogether "numbers-together" -23
    /// The next number stands further below.
    NumbersApart "numbers-apart" 22
    /// A word such as Introduction.
    Known "known-heading" 27
    /// A bullet.
    Bullet "bullet" -54
    /// Opens with a quote or a bracket.
    OpensQuote "opens-with-quote" -23
    /// Opens with a sign of markup or of a shell.
    OpensSign "opens-with-sign" -24
    /// An address of the web or of mail.
    Address "address" -31
    /// Source code, a command, a path.
    CodeLike "code" -39
    /// Who wrote it, where from.
    Byline "byline" -34
    /// A date.
    Date "date" 6
    /// Of a picture or a table.
    Caption "caption" -17
    /// Of the page around the article.
    Boilerplate "page-furniture" -15
    /// Cells side by side, or a row of dots.
    Columns "columns" -62
    /// Fewer letters than signs.
    MostlySigns "mostly-signs" 17
    /// Two commas or more.
    Commas "commas" -6
    /// A digit in the last word.
    EndsDigit "ends-with-digit" -6
    /// Stands twice in the text.
    Twice "stands-twice" -6
    /// Stands three times or more.
    Repeated "repeated" -14
    /// Capitals that stand three times or more: who speaks in a play.
    RepeatedCapitals "repeated-capitals" -24
    /// No blank lines anywhere.
    Dense "dense-text" -4
    /// No blank line above.
    GluedAbove "no-gap-above" -26
    /// No blank line below.
    GluedBelow "no-gap-below" -30
    /// More blank lines above than usual.
    GapAbove "wide-gap-above" 23
    /// Two more than usual.
    WideGapAbove "very-wide-gap-above" -18
    /// More blank lines above than below.
    GapUneven "more-gap-above-than-below" 31
    /// More blank lines below than usual.
    GapBelow "wide-gap-below" -7
    /// Indented deeper than the text.
    Indented "indented" -59
    /// Indented far, as in the middle of a page.
    Centred "centred" -52
    /// Not outside the indent of an indented text.
    InsideIndent "inside-indent" -58
    /// `Name: words`, a name that stands three times or more.
    RepeatedLabel "repeated-label" -5
    /// Nothing follows.
    LastBlock "last-block" -46
    /// A paragraph follows.
    BeforeBody "before-paragraph" 4
    /// A list follows.
    BeforeList "before-list" -4
    /// Code follows.
    BeforeCode "before-code" -8
    /// A short line follows.
    BeforeShort "before-short-line" 2
    /// What follows begins with a small letter.
    BeforeSmall "before-small-letter" -4
    /// Fewer than four words follow.
    BeforeFew "before-few-words" -7
    /// A block of thirty words or more follows.
    BeforeMany "before-many-words" 5
    /// A paragraph stands above.
    AfterBody "after-paragraph" 5
    /// A list stands above.
    AfterList "after-list" 31
    /// Code stands above.
    AfterCode "after-code" -3
    /// A rule stands above.
    AfterRule "after-rule" -10
    /// A short line stands above.
    AfterShort "after-short-line" 17
    /// A block of fewer than four words stands above.
    AfterFew "after-few-words" -6
    /// A block of thirty words or more stands above.
    AfterMany "after-many-words" 7
    /// What stands above ends with a colon or a comma.
    AfterColon "after-colon" -16
    /// The paragraph above has no end.
    AfterUnfinished "after-unfinished" -13
    /// A chapter's number stands above.
    AfterNumber "after-chapter-number" 48
    /// Looks like the short block below.
    LikeBelow "like-next" -18
    /// Looks like the short block above.
    LikeAbove "like-previous" -9
    /// A question among questions.
    QuestionRun "among-questions" -42
    /// One of three or four short lines.
    Run "among-short-lines" -21
    /// One of five or more short lines.
    LongRun "among-many-short-lines" -23
    /// The first of several short lines.
    RunFirst "first-short-line" 22
    /// The last of several short lines.
    RunLast "last-short-line" -13
    /// The last of four or more short lines.
    LongRunLast "ends-short-lines" 10
    /// Right above one other short line.
    Stacked "above-one-short-line" 10
    /// Fewer than ten words up to the next short line.
    SectionEmpty "little-below" -6
    /// Sixty words or more up to the next short line.
    SectionLong "much-below" 3
    /// Hardly anything in the next blocks.
    LittleAfter "near-the-end" -7
    /// None of its words in what follows.
    NoTopic "words-not-below" -3
    /// Its words are more in what follows than in what stands above.
    Topic "words-below" 9
    /// A word of the title.
    TitleWord "word-of-title" 4
    /// Its one word of weight stands in the next block.
    TopicWord "its-word-below" 6
    /// All its words of weight stand in the next block.
    TopicWhole "all-words-below" 10
    /// Begins as a sentence that goes on with a story.
    GoesOn "goes-on" -14
    /// A stop, and the verb of a sentence.
    WholeSentence "whole-sentence" -8
    /// A stop behind the name below a chapter's number.
    ChapterName "name-of-chapter" 12
    /// Says whose picture stands there.
    Credit "credit-of-picture" -20
    /// Says what a picture shows.
    PictureOf "what-a-picture-shows" -10
    /// An image in markup.
    PictureMark "image" -25
    /// Speaks to the reader.
    Greeting "greeting" -16
    /// Asks the reader to do something.
    Call "call-to-reader" -9
    /// Sends the reader to another page.
    Reference "reference" -25
    /// A name and its pages.
    IndexEntry "entry-of-index" -35
    /// Whose words are quoted, at the front or at the end.
    Attribution "attribution" -38
    /// Ends with a word that binds the next one.
    BreaksOff "breaks-off" -20
    /// An exclamation of more than three words.
    LongExclamation "long-exclamation" -4
    /// A question behind a name that stands before three blocks or more: of an interview.
    SpeakerAsks "speaker-asks" 10
    /// Something else behind such a name.
    SpeakerSays "speaker-says" -10
    /// Opens with the same two words as two others or more.
    AlikeOpening "opens-as-others" -4
    /// The only question with an answer below.
    OnlyQuestion "only-question" -9
    /// Neither number nor capitals in a text with much speech.
    InStory "in-story" -5
    /// Speech in a text with much of it.
    Spoken "spoken" -10
    /// A question in a text with much speech.
    AsksInStory "question-in-story" -6
    /// No wide gap above, where other lines have one.
    NoGapAsOthers "no-gap-as-others" -9
}

/// A set of features.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Features(u128);

impl Features {
    pub(super) fn add(&mut self, feature: Feature) {
        self.0 |= 1 << feature as u8;
    }

    pub(super) fn add_if(&mut self, holds: bool, feature: Feature) {
        self.0 |= u128::from(holds) << feature as u8;
    }

    pub(super) fn has(self, feature: Feature) -> bool {
        self.0 >> feature as u8 & 1 == 1
    }

    /// The sum of their points.
    pub(super) fn points(self) -> i32 {
        let mut rest = self.0;
        let mut points = 0;
        while rest != 0 {
            points += TABLE
                .get(rest.trailing_zeros() as usize)
                .map_or(0, |row| row.2);
            rest &= rest - 1;
        }
        points
    }

    /// Their names and points, in the order of the table.
    pub(super) fn named(self) -> impl Iterator<Item = (&'static str, i32)> {
        let own = TABLE.iter().filter(move |row| self.has(row.0));
        own.map(|&(_, name, points)| (name, points))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fits_the_set_and_its_names_differ() {
        assert!(TABLE.len() <= 128);
        let mut names: Vec<_> = TABLE.iter().map(|row| row.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        assert!(TABLE.iter().enumerate().all(|(i, row)| row.0 as usize == i));
    }
}
