//! What has to hold of any bytes whatever: of each format's reader, the decoder, the source map's coding, and the
//! query parser with the highlighter.
//!
//! Two programs include this file. `cargo test --test it fuzz` replays `tests/fuzz/corpus` and tries mutations of it, as
//! many times more as `EXCERPT_SLOW` says and from the seed in `EXCERPT_SEED`; cargo-fuzz looks for new inputs, as the
//! head of `tests/fuzz/Cargo.toml` says.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use excerpt::analysis::{
    BLOCK_END, CELL_END, LINE_BREAK, Language, Morphology, sentences, sentences_around, words,
};
use excerpt::article::FilterFacts;
use excerpt::article::{Article, PartPath, Place, Reads, Run, Section, SourceMap};
use excerpt::format::{
    ArticleSink, FORMATS, Format, InputBytes, Limits, PatternList, ReadOptions, Split,
    read_articles,
};
use excerpt::highlight::{Highlights, SectionText, highlights, lead, merged, passages};
use excerpt::query::{MAX_SLOP, Mode, Query, parse};
use excerpt::source::{Decoded, Encoding, Reason, StoredPath, Stretch};

/// The longest text of a section, in bytes.
const MAX_SECTION_BYTES: usize = 64 << 10;
/// Encodings that `decode` tries beside the one it detects: of each kind one or two.
const ENCODINGS: [&str; 13] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1251",
    "windows-1255",
    "gb18030",
    "big5",
    "euc-jp",
    "shift_jis",
    "iso-2022-jp",
    "utf-32le",
    "utf-32be",
    "ibm850",
];

/// Checks one input of the target of this name.
///
/// # Panics
/// Where something does not hold.
#[allow(unreachable_pub, reason = "cargo-fuzz's programs use it from outside")]
pub fn check(target: &str, bytes: &[u8]) {
    match target {
        "decode" => decode(bytes),
        "map" => map(bytes),
        "query" => query(bytes),
        name => reader(name, bytes),
    }
}

fn reader(name: &str, bytes: &[u8]) {
    let format = FORMATS.iter().find(|format| format.name == name);
    let format = format.expect("a known format");
    if !format.is_text() {
        return parts(format, bytes);
    }
    let options = ReadOptions::default();
    let Ok(source) = format.decode(bytes.to_vec(), &options) else {
        return;
    };
    let reading = Input::new(bytes, &source);
    match format.read(&source, &options) {
        Ok(article) => {
            reading.article(&article);
            assert_eq!(article, format.read(&source, &options).expect("read again"));
        }
        Err(error) => assert_eq!(error.reason, Reason::NoText),
    }
    split(format, &reading);
    limits(format, &source);
    weighed(format, &source);
}

/// Every article of a source has a part of its own, and its places are those of the source.
fn parts(format: &Format, bytes: &[u8]) {
    let options = ReadOptions {
        named: true,
        ..ReadOptions::default()
    };
    let path = StoredPath::from_bytes(b"source");
    let read = |limits: Limits| {
        let options = ReadOptions {
            limits,
            ..options.clone()
        };
        let mut sink = Parts::default();
        let result = read_articles(format, &path, InputBytes::Held(bytes), &options, &mut sink);
        (sink, result)
    };
    let (sink, result) = read(Limits::default());
    assert_ne!(result.map_err(|error| error.reason), Err(Reason::ParserBug));
    for (part, article) in &sink.articles {
        assert!(!article.sections.is_empty(), "{part}");
        // What lies inside a part has places of its own.
        let is_own = part.names().len() <= usize::from(format.name != "eml");
        article.sections.iter().for_each(blocks);
        for section in article.sections.iter().filter(|_| is_own) {
            placed(bytes, section);
        }
    }
    let few = Limits {
        part_bytes: 200,
        record_bytes: 50,
        articles: 2,
        ..Limits::default()
    };
    assert!(read(few).0.articles.len() <= 2);
}

/// A section's blocks hold text, between characters, in the order in which they begin; none lies across another's end.
fn blocks(section: &Section) {
    let mut open: Vec<Range<usize>> = Vec::new();
    let mut last = 0;
    for block in &section.blocks {
        let own = (section.text.get(block.span.clone())).filter(|own| !own.is_empty());
        assert_eq!(own.map(str::trim), own, "{block:?}");
        assert!(own.is_some() && last <= block.span.start, "{block:?}");
        open.retain(|outer| outer.end > block.span.start);
        let is_inside = |outer: &Range<usize>| block.span.end <= outer.end;
        assert!(open.iter().all(is_inside), "{:?}", section.blocks);
        last = block.span.start;
        open.push(block.span.clone());
    }
}

/// A section's runs read as their source, and its lines are counted right.
fn placed(bytes: &[u8], section: &Section) {
    coding(&section.map);
    let places = section.map.runs().iter().map(|run| run.start);
    let ends: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').collect();
    for place in places.chain([section.start, section.end]) {
        let at = place.byte as usize;
        assert!(at <= bytes.len(), "{place:?}");
        let lines = ends.partition_point(|&end| end < at);
        assert_eq!(place.line as usize, lines + 1, "{place:?}");
    }
    let mut end = 0;
    for run in section.map.runs() {
        let range = run.text as usize..(run.text + run.text_len) as usize;
        assert!(range.start >= end && !range.is_empty(), "{run:?}");
        between(&section.text[end..range.start]);
        end = range.end;
        let from = run.start.byte as usize;
        let source = &bytes[from..from + run.source_len as usize];
        if run.reads == Reads::Same {
            assert_eq!(source, section.text[range].as_bytes(), "{run:?}");
        }
    }
    assert_eq!(end, section.text.len());
}

/// What a source holds.
#[derive(Default)]
struct Parts {
    articles: Vec<(PartPath, Article)>,
    names: HashSet<PartPath>,
}

impl ArticleSink for Parts {
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        assert!(self.names.insert(part.clone()), "{part} twice");
        self.articles.push((part, article));
        ControlFlow::Continue(())
    }

    fn inner(&mut self, part: PartPath, _: &str, _: Vec<u8>) -> ControlFlow<()> {
        panic!("{part} is not opened");
    }

    fn passed_over(&mut self, part: PartPath, reason: Reason, _: Option<Place>) {
        assert_ne!(reason, Reason::ParserBug, "{part}");
    }
}

/// An uncut article is one section, cut only where it is too long. Cut at patterns, it is as sound as any.
fn split(format: &Format, input: &Input<'_>) {
    let never = ReadOptions {
        split: Split::Never,
        ..ReadOptions::default()
    };
    if let Ok(article) = format.read(input.source, &never) {
        input.article(&article);
        let len: usize = article.sections.iter().map(|s| s.text.len()).sum();
        let is_one = article.sections.len() == 1 || len > MAX_SECTION_BYTES;
        assert!(is_one, "cut into {} sections", article.sections.len());
    }
    let patterns = ["^[A-ZА-Я]", r"\d"].map(str::to_string);
    let patterns = PatternList::new().add(&patterns);
    let at = ReadOptions {
        split: Split::At(patterns.expect("patterns")),
        ..ReadOptions::default()
    };
    if let Ok(article) = format.read(input.source, &at) {
        input.article(&article);
    }
}

/// Each limit gives an article within it, or its own reason.
fn limits(format: &Format, source: &Decoded) {
    let default = Limits::default();
    let of = |sections, steps, elements, depth| Limits {
        sections,
        steps,
        elements,
        depth,
        ..default
    };
    let (sections, steps, elements, depth) = (3, 500, 5, 3);
    let reasons = [
        Reason::LimitSections,
        Reason::Time,
        Reason::LimitNodes,
        Reason::LimitDepth,
    ];
    let cases = [
        (
            of(sections, default.steps, default.elements, default.depth),
            &reasons[..1],
        ),
        (
            of(default.sections, steps, default.elements, default.depth),
            &reasons[1..2],
        ),
        (
            of(default.sections, default.steps, elements, default.depth),
            &reasons[2..3],
        ),
        (
            of(default.sections, default.steps, default.elements, depth),
            &reasons[3..],
        ),
        (of(sections, steps, elements, depth), &reasons[..]),
    ];
    for (limits, reasons) in cases {
        let options = ReadOptions {
            limits,
            ..ReadOptions::default()
        };
        match format.read(source, &options) {
            Ok(article) => assert!(article.sections.len() as u64 <= limits.sections),
            Err(error) => assert!(
                error.reason == Reason::NoText || reasons.contains(&error.reason),
                "{:?} of {limits:?}",
                error.reason
            ),
        }
    }
}

fn weighed(format: &Format, source: &Decoded) {
    let Some(weighed) = format.weigh(source, &ReadOptions::default()) else {
        return;
    };
    let lines = source.text().split(char::from(source.line_end())).count();
    assert!(
        weighed
            .lines
            .windows(2)
            .all(|pair| pair[0].line < pair[1].line)
    );
    for line in &weighed.lines {
        assert!((1..=lines).contains(&(line.line as usize)), "{line:?}");
        let points: i32 = line.features.iter().map(|feature| feature.1).sum();
        assert_eq!(points, line.points, "{line:?}");
    }
}

/// A source, and what its places are when they are counted one by one.
struct Input<'a> {
    bytes: &'a [u8],
    source: &'a Decoded,
    /// The place of each character and of the end, in order.
    places: Vec<Place>,
    controls: HashSet<char>,
}

impl<'a> Input<'a> {
    fn new(bytes: &'a [u8], source: &'a Decoded) -> Input<'a> {
        let text = source.text();
        let mut places = Vec::with_capacity(text.len() + 1);
        let (mut line, mut column) = (1, 1);
        for (offset, c) in text.char_indices() {
            let byte = source.source_byte(offset);
            places.push(Place { byte, line, column });
            column += 1;
            if c == char::from(source.line_end()) {
                (line, column) = (line + 1, 1);
            }
        }
        let byte = source.source_byte(text.len());
        places.push(Place { byte, line, column });
        Input {
            bytes,
            source,
            places,
            controls: text.chars().filter(|c| c.is_control()).collect(),
        }
    }

    fn article(&self, article: &Article) {
        assert!(!article.sections.is_empty());
        let mut anchors = HashSet::new();
        let mut last = Place::START;
        for section in &article.sections {
            assert!(
                anchors.insert(&section.anchor),
                "{:?} twice",
                section.anchor
            );
            assert!(!section.anchor.is_empty());
            assert!((1..=6).contains(&section.level), "level {}", section.level);
            assert!(last.byte <= section.start.byte, "{last:?} {section:?}");
            assert!(section.start.byte <= section.end.byte, "{section:?}");
            self.place(section.start);
            self.place(section.end);
            last = section.start;
            self.section(section);
        }
        if let Some(title) = &article.metadata.title {
            assert_eq!(title.trim(), title);
        }
    }

    /// The place is one that counting gives.
    fn place(&self, place: Place) {
        // Where an encoding has states their switches stand between characters.
        let is_counted = self.places.binary_search(&place).is_ok();
        assert!(
            is_counted || has_states(self.source.encoding()),
            "{place:?} is no place"
        );
    }

    fn section(&self, section: &Section) {
        let own = section.heading_line;
        assert!(
            own.is_none_or(|line| line == section.start.line),
            "{section:?}"
        );
        assert!(section.text.len() <= MAX_SECTION_BYTES);
        self.text(&section.text);
        for heading in &section.headings {
            assert!(!heading.is_empty());
            assert!(
                !heading.contains([BLOCK_END, CELL_END, LINE_BREAK]),
                "{heading:?}"
            );
            self.text(heading);
        }
        self.runs(&section.text, section.map.runs());
        self.ends(section);
        coding(&section.map);
        blocks(section);
    }

    /// White space is folded, and no control character but of the source's own is in it.
    fn text(&self, text: &str) {
        assert_eq!(text.trim(), text);
        let mut after_space = false;
        for c in text.chars() {
            let separates = matches!(c, ' ' | BLOCK_END | CELL_END | LINE_BREAK);
            assert!(!(after_space && separates), "two separators in {text:?}");
            assert!(separates || !c.is_whitespace(), "{c:?} in {text:?}");
            let is_known = separates || !c.is_control() || self.controls.contains(&c);
            assert!(is_known, "{c:?} in {text:?}");
            after_space = separates;
        }
    }

    fn runs(&self, text: &str, runs: &[Run]) {
        let mut end = 0;
        for run in runs {
            let range = run.text as usize..(run.text + run.text_len) as usize;
            assert!(range.start >= end && !range.is_empty(), "{run:?}");
            between(&text[end..range.start]);
            end = range.end;
            self.run(&text[range], run);
        }
        assert_eq!(end, text.len(), "text without a source: {:?}", &text[end..]);
    }

    fn run(&self, text: &str, run: &Run) {
        assert!(
            !text.contains([BLOCK_END, CELL_END, LINE_BREAK]),
            "{text:?}"
        );
        self.place(run.start);
        let from = run.start.byte as usize;
        let bytes = &self.bytes[from..from + run.source_len as usize];
        match run.reads {
            Reads::Same => assert_eq!(bytes, text.as_bytes(), "{run:?}"),
            Reads::Wide(width) => {
                assert_eq!(bytes.len(), text.chars().count() * usize::from(width));
                if !has_states(self.source.encoding()) {
                    assert_eq!(decoded(bytes, self.source.encoding()), text);
                }
            }
            Reads::Unit(_) => {}
        }
    }

    /// Every character has a start and an end in the file, in this order.
    fn ends(&self, section: &Section) {
        let (text, map) = (&section.text, &section.map);
        for (offset, c) in text.char_indices() {
            let start = map.place_of(text, offset).expect("a place");
            let end = map.end_of(text, offset + c.len_utf8()).expect("a place");
            let is_separator = matches!(c, ' ' | BLOCK_END | CELL_END | LINE_BREAK);
            assert!(
                is_separator || start.byte < end.byte,
                "{c:?} {start:?} {end:?}"
            );
            self.place(start);
            assert!(end.byte as usize <= self.bytes.len());
        }
    }
}

/// What stands between two runs is one separator, or nothing.
fn between(text: &str) {
    assert!(matches!(text, "" | " " | "\n" | "\t" | "\x0b"), "{text:?}");
}

/// Whether bytes of this encoding cannot be read without those before them.
fn has_states(encoding: Encoding) -> bool {
    encoding.name() == "iso-2022-jp"
}

/// `bytes` as the Encoding Standard reads them; it has neither UTF-32 nor code page 850.
fn decoded(bytes: &[u8], encoding: Encoding) -> String {
    let utf_32 = |unit: &[u8], of: fn([u8; 4]) -> u32| {
        let read = unit
            .first_chunk()
            .and_then(|unit| char::from_u32(of(*unit)));
        read.unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let one = |byte: &u8| match Decoded::read_as(vec![*byte], Encoding::IBM850) {
        Ok(source) => source.text().to_string(),
        Err(error) => panic!("{error}"),
    };
    match encoding {
        Encoding::UTF_32LE => {
            (bytes.chunks(4).map(|unit| utf_32(unit, u32::from_le_bytes))).collect()
        }
        Encoding::UTF_32BE => {
            (bytes.chunks(4).map(|unit| utf_32(unit, u32::from_be_bytes))).collect()
        }
        Encoding::IBM850 => bytes.iter().map(one).collect(),
        _ => {
            let rules = encoding_rs::Encoding::for_label(encoding.name().as_bytes());
            let rules = rules.expect("a standard name");
            rules.decode_without_bom_handling(bytes).0.into_owned()
        }
    }
}

fn decode(bytes: &[u8]) {
    match Decoded::from_bytes(bytes.to_vec()) {
        Ok(source) => places(bytes, &source),
        Err(error) => assert_eq!(error.reason, Reason::Binary),
    }
    for name in ENCODINGS {
        let encoding = Encoding::of_label(name).expect("a label");
        let source = Decoded::read_as(bytes.to_vec(), encoding).expect("small enough");
        assert_eq!(source.encoding(), encoding);
        places(bytes, &source);
    }
    for format in FORMATS {
        if let Ok(source) = format.decode(bytes.to_vec(), &ReadOptions::default()) {
            places(bytes, &source);
        }
    }
}

/// The text is what its encoding's rules make of the bytes, and each stretch of it leads back to its own.
fn places(bytes: &[u8], source: &Decoded) {
    let (text, encoding) = (source.text(), source.encoding());
    let mark = source.source_byte(0) as usize;
    assert_eq!(text, decoded(&bytes[mark..], encoding), "{encoding:?}");
    assert!(source.invalid_sequences() as usize <= text.matches('\u{fffd}').count());
    let mut end = 0;
    source.stretches(0..text.len(), |range, stretch| {
        assert_eq!(range.start, end);
        end = range.end;
        stretch_reads(bytes, source, range, stretch);
    });
    assert_eq!(end, text.len());
    if !has_states(encoding) {
        assert_eq!(source.source_byte(end) as usize, bytes.len());
    }
}

fn stretch_reads(bytes: &[u8], source: &Decoded, range: Range<usize>, stretch: Stretch) {
    let text = &source.text()[range.clone()];
    let at = |offset: usize| source.source_byte(offset) as usize;
    let all = &bytes[at(range.start)..at(range.end)];
    if has_states(source.encoding()) {
        return;
    }
    match stretch {
        Stretch::Same => assert_eq!(all, text.as_bytes()),
        Stretch::Unit => assert_eq!(decoded(all, source.encoding()), text),
        Stretch::Wide(width) => {
            for (offset, c) in text.char_indices() {
                let from = range.start + offset;
                let own = &bytes[at(from)..at(from + c.len_utf8())];
                assert_eq!(own.len(), usize::from(width));
                assert_eq!(decoded(own, source.encoding()), c.to_string());
            }
        }
    }
}

/// A map reads back as it was written, and nothing of it is left.
fn coding(map: &SourceMap) {
    let mut out = Vec::new();
    map.encode(&mut out);
    let mut rest = out.as_slice();
    assert_eq!(SourceMap::decode(&mut rest).as_ref(), Ok(map));
    assert!(rest.is_empty());
}

fn map(bytes: &[u8]) {
    let Ok(map) = SourceMap::decode(&mut &bytes[..]) else {
        return;
    };
    coding(&map);
    let text = "Minsk agree& okда\u{fffd}".repeat(4);
    for (offset, _) in text.char_indices() {
        let _ = (map.place_of(&text, offset), map.end_of(&text, offset));
        assert!(map.runs_within(offset, offset + 4).count() <= map.runs().len());
    }
    let half = text.len() / 2;
    assert_eq!(map.split(&text, &[0..half, half..text.len()]).len(), 2);
}

/// The first byte says how the query is read; then come, each on its line, the query, a title, a heading and a text.
fn query(bytes: &[u8]) {
    let (&first, rest) = bytes.split_first().unwrap_or((&b'0', b""));
    let mode = Mode {
        any: first & 1 > 0,
        plain: first & 2 > 0,
        phrase: first & 4 > 0,
        exact: first & 8 > 0,
    };
    let text = String::from_utf8_lossy(rest);
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (query, title, heading, body) = (line(), line(), line(), line());
    let english = Morphology::of([Language::ENGLISH]);
    match parse(query, mode, &english) {
        Ok(query) => {
            let headings = ["The first".to_string(), heading.to_string()];
            let section = SectionText {
                title,
                headings: &headings,
                body,
                name: title,
                facts: FilterFacts::default(),
            };
            shown(&query, &highlights(&query, &section), &section);
        }
        Err(error) => {
            assert_eq!(error.query, query);
            assert!(query.get(error.at.clone()).is_some(), "{error:?}");
            assert!(!error.message.is_empty());
        }
    }
    pieces(body);
}

/// What is highlighted and shown of a section lies in it, in order.
fn shown(query: &Query, found: &Highlights, section: &SectionText<'_>) {
    let terms = query.terms();
    for term in &terms {
        assert!(!term.words.is_empty() && term.slop <= MAX_SLOP);
        assert!(term.weight > 0.0 && term.weight.is_finite());
    }
    for span in &found.title {
        assert!(!section.title[span.clone()].is_empty());
    }
    for span in &found.headings {
        assert!(!section.headings[span.heading][span.range.clone()].is_empty());
    }
    for span in found.body.iter().chain(&found.optional) {
        assert!(!section.body[span.range.clone()].is_empty());
        assert!(span.term < terms.len());
    }
    in_order(
        merged(found.body.iter().map(|span| span.range.clone())),
        section.body,
    );
    let all = sentences(section.body, Language::of_tag("th"));
    let weights: Vec<f64> = terms.iter().map(|term| term.weight).collect();
    for (count, width) in [(1, 0), (3, 1), (3, 40), (2, 200)] {
        let shown = passages(section.body, &all, found, &weights, count, width);
        assert!(shown.len() <= count);
        let spans = found.body.iter().map(|span| span.range.clone());
        let near = sentences_around(section.body, Language::of_tag("th"), spans, width);
        assert_eq!(
            passages(section.body, &near, found, &weights, count, width),
            shown
        );
        in_order(shown.into_iter().map(|passage| passage.range), section.body);
    }
}

/// Words and sentences of a text lie in it, in order, and so does what leads it.
fn pieces(body: &str) {
    // A pair overlaps the one behind it by a character.
    let mut end = 0;
    for word in words(body) {
        assert!(
            end <= word.range.start && word.lead_end <= word.range.end,
            "{word:?}"
        );
        assert!(
            body.get(word.range.clone())
                .is_some_and(|text| !text.is_empty())
        );
        end = word.lead_end;
    }
    let all = sentences(body, None);
    in_order(all.clone(), body);
    for tag in ["de", "el", "th"] {
        in_order(sentences(body, Language::of_tag(tag)), body);
    }
    for width in [0, 1, 40] {
        let start = body.len() - body.trim_start().len();
        let near = sentences_around(body, None, std::iter::once(start..start), width);
        assert_eq!(lead(body, &near, width), lead(body, &all, width));
        in_order(lead(body, &all, width).map(|passage| passage.range), body);
    }
}

fn in_order(ranges: impl IntoIterator<Item = Range<usize>>, text: &str) {
    let mut end = 0;
    for range in ranges {
        assert!(end <= range.start, "{range:?} before {end}");
        assert!(text.get(range.clone()).is_some(), "{range:?}");
        end = range.end;
    }
}
