//! Builds an article from what a format reads: headings, text, the ends of blocks.

pub(super) mod anchors;
mod blocks;
mod broken;
pub(super) mod inline;
pub(super) mod input;
pub(super) mod line_index;
mod pieces;
pub(super) mod split;
pub(super) mod text;

use std::ops::Range;

use self::anchors::{Anchors, slug};
use self::blocks::OutlineBlocks;
use self::input::Reading;
use self::line_index::LineIndex;
use self::pieces::{cut_all, is_short, pieces};
use self::split::{MAX_HEADING_BYTES, cut_title};
use self::text::{Buffer, Gap};
use super::options::Split;
use crate::analysis::fold;
use crate::article::{Article, Block, BlockKind, Metadata, Section, TitleFrom};

/// A heading in the making, or of a section in the making.
#[derive(Debug, Default)]
struct Heading {
    level: u8,
    anchor: Option<String>,
    span: Range<usize>,
    buffer: Buffer,
}

/// A section in the making.
#[derive(Debug, Default)]
struct Draft {
    heading: Option<Heading>,
    /// The article's title stands in this section, at this range.
    title_span: Option<Range<usize>>,
    body: Buffer,
    blocks: Vec<Block>,
}

/// A stretch of the source that is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) range: Range<usize>,
    /// What stands between the text before it and the text behind it.
    pub(super) gap: Gap,
}

/// Collects an article. Formats call it in the order of the text, with ranges of the decoded text.
pub(super) struct Outline<'a> {
    reading: &'a Reading<'a>,
    places: LineIndex<'a>,
    pub(super) metadata: Metadata,
    pub(super) title_from: TitleFrom,
    open_heading: Option<Heading>,
    done: Vec<Draft>,
    draft: Draft,
    /// The blocks of `draft`, until it ends.
    blocks: OutlineBlocks,
    title_seen: bool,
    keep_lines: bool,
    /// Left out of the text, the next one last.
    holes: Vec<Hole>,
}

impl<'a> Outline<'a> {
    pub(super) fn new(reading: &'a Reading<'a>) -> Outline<'a> {
        Outline {
            reading,
            places: LineIndex::new(reading.source),
            metadata: Metadata::default(),
            title_from: TitleFrom::default(),
            open_heading: None,
            done: Vec::new(),
            draft: Draft::default(),
            blocks: OutlineBlocks::default(),
            title_seen: false,
            keep_lines: false,
            holes: Vec::new(),
        }
    }

    /// Leaves `holes`, which are in order, out of all text that follows but verbatim text.
    pub(super) fn leave_out(&mut self, mut holes: Vec<Hole>) {
        holes.reverse();
        self.holes = holes;
    }

    /// Whether line feeds of the text that follows are kept (preformatted text).
    pub(super) fn keep_lines(&mut self, keep: bool) {
        self.keep_lines = keep;
    }

    /// Adds text as it stands, without what is left out.
    pub(super) fn text(&mut self, range: Range<usize>) {
        let mut from = range.start;
        while let Some(hole) = self.holes.pop_if(|hole| hole.range.start < range.end) {
            if from < hole.range.start {
                self.verbatim_text(from..hole.range.start);
            }
            self.gap(hole.gap);
            from = from.max(hole.range.end);
            if range.end < hole.range.end {
                self.holes.push(hole);
                return;
            }
        }
        self.verbatim_text(from..range.end.max(from));
    }

    /// Adds text as it stands, whatever is left out elsewhere.
    pub(super) fn verbatim(&mut self, range: Range<usize>) {
        self.text(range.start..range.start);
        while self
            .holes
            .pop_if(|hole| hole.range.end <= range.end)
            .is_some()
        {}
        self.verbatim_text(range);
    }

    fn verbatim_text(&mut self, range: Range<usize>) {
        self.reading.step(range.len());
        let keep_lines = self.keep_lines && self.open_heading.is_none();
        let (source, places) = (self.reading.source, &mut self.places);
        let buffer = match &mut self.open_heading {
            Some(heading) => &mut heading.buffer,
            None => &mut self.draft.body,
        };
        buffer.push(source, places, range, keep_lines);
    }

    /// Adds text that the source's `range` reads as.
    pub(super) fn text_as(&mut self, range: Range<usize>, text: &str) {
        self.reading.step(range.len());
        let (source, places) = (self.reading.source, &mut self.places);
        let buffer = match &mut self.open_heading {
            Some(heading) => &mut heading.buffer,
            None => &mut self.draft.body,
        };
        buffer.push_as(source, places, range, text);
    }

    /// Asks for a separator before the next text. Inside a heading all are spaces.
    pub(super) fn gap(&mut self, gap: Gap) {
        match &mut self.open_heading {
            Some(heading) => heading.buffer.gap(gap.min(Gap::Space)),
            None => self.draft.body.gap(gap),
        }
    }

    /// A block of this kind begins; the separator before it is asked for with [`Outline::gap`].
    pub(super) fn open_block(&mut self, kind: BlockKind) {
        self.blocks.open(kind, self.draft.body.text.len());
    }

    /// The innermost block of this kind ends, and what is open in it; nothing happens where none is open.
    pub(super) fn close_block(&mut self, kind: BlockKind) {
        self.blocks.close(kind, &self.draft.body.text);
    }

    /// Whether a heading is open.
    pub(super) fn in_heading(&self) -> bool {
        self.open_heading.is_some()
    }

    /// Opens a heading of `level` 1 to 6 whose markup and text stand at `span`; an open one is closed.
    pub(super) fn start_heading(&mut self, level: u8, anchor: Option<String>, span: Range<usize>) {
        self.end_heading(span.start);
        let level = level.clamp(1, 6);
        self.open_heading = Some(Heading {
            level,
            anchor,
            span,
            buffer: Buffer::default(),
        });
    }

    /// Closes the open heading, if any, at byte `end` of the text. The first heading of level 1 is the title, unless
    /// the metadata has another one. A heading without text does not count, and one of too much is text.
    pub(super) fn end_heading(&mut self, end: usize) {
        let Some(mut heading) = self.open_heading.take() else {
            return;
        };
        if heading.buffer.is_empty() {
            self.draft.body.gap(Gap::Block);
            return;
        }
        heading.span.end = heading.span.end.max(end);
        if heading.buffer.text.len() > MAX_HEADING_BYTES {
            self.draft.body.take_block(&heading.buffer);
        } else if heading.level == 1 && self.is_title(&heading.buffer.text) {
            self.take_title(heading);
        } else if self.reading.split.takes(&heading.buffer.text) {
            self.begin(Some(heading));
        } else {
            self.draft.body.take_block(&heading.buffer);
        }
    }

    /// Ends the section; what follows is one without a heading.
    pub(super) fn break_section(&mut self) {
        if !self.draft.body.is_empty() && *self.reading.split == Split::Auto {
            self.begin(None);
        }
    }

    /// Takes the text at `span` for the article's title; its markup ends at byte `end` of the text.
    pub(super) fn title(&mut self, span: Range<usize>, end: usize) {
        let is_new = self.metadata.title.is_none();
        self.start_heading(1, None, span.clone());
        self.text(span);
        self.end_heading(end);
        if is_new {
            self.title_from = TitleFrom::Text;
        }
    }

    fn is_title(&mut self, text: &str) -> bool {
        if self.title_seen {
            return false;
        }
        match self.reading.title.or(self.metadata.title.as_deref()) {
            None => true,
            Some(title) => fold(title) == fold(text),
        }
    }

    /// Whether a line that looks like a title may be left out of the text: no other title is known.
    pub(super) fn may_be_title(&self, text: &str) -> bool {
        self.reading
            .title
            .is_none_or(|title| fold(title) == fold(text))
    }

    fn take_title(&mut self, heading: Heading) {
        self.title_seen = true;
        if self.draft.heading.is_some() {
            self.begin(None);
        }
        self.draft.body.gap(Gap::Block);
        self.draft.title_span = Some(heading.span);
        if self.metadata.title.is_none() {
            self.metadata.title = Some(heading.buffer.text);
            self.title_from = TitleFrom::Heading;
        }
    }

    fn begin(&mut self, heading: Option<Heading>) {
        self.reading.section();
        self.draft.blocks = self.blocks.take(&self.draft.body.text);
        let last = std::mem::replace(
            &mut self.draft,
            Draft {
                heading,
                ..Draft::default()
            },
        );
        if last.heading.is_some() || !last.body.is_empty() {
            self.done.push(last);
        } else if let Some(span) = last.title_span {
            // A title right above the first heading stays known for an article of headings alone.
            self.draft.title_span.get_or_insert(span);
        }
    }

    /// The article. An article of a title alone is one empty section.
    pub(super) fn finish(mut self) -> Article {
        self.end_heading(self.reading.source.text().len());
        self.begin(None);
        if self.done.is_empty() {
            let title_span = self.draft.title_span.take();
            self.done.push(Draft {
                title_span,
                ..Draft::default()
            });
        }
        let mut sections = Vec::with_capacity(self.done.len());
        let mut path: Vec<(u8, String)> = Vec::new();
        let mut anchors = Anchors::default();
        for draft in std::mem::take(&mut self.done) {
            push_path(&mut path, draft.heading.as_ref());
            self.push_section(draft, &path, &mut anchors, &mut sections);
        }
        if let Some(title) = self.reading.title {
            self.metadata.title = Some(title.to_string());
            self.title_from = TitleFrom::Metadata;
        }
        if self.metadata.title.is_none() {
            // What an article begins with says what it is about, at whatever level.
            let first = sections.first().and_then(|first| first.headings.first());
            self.metadata.title = first.cloned();
            self.title_from = TitleFrom::Heading;
        }
        self.metadata.title.iter_mut().for_each(cut_title);
        Article {
            metadata: self.metadata,
            title_from: self.title_from,
            sections,
        }
    }

    fn push_section(
        &mut self,
        draft: Draft,
        path: &[(u8, String)],
        anchors: &mut Anchors,
        sections: &mut Vec<Section>,
    ) {
        let Buffer { text, map, .. } = draft.body;
        let own = draft.heading.as_ref();
        let head_span = own
            .map(|h| h.span.clone())
            .or(draft.title_span.filter(|_| text.is_empty()));
        let head = head_span.map(|span| (self.places.at(span.start), self.places.at(span.end)));
        let start = head
            .map(|h| h.0)
            .or_else(|| map.place_of(&text, 0))
            .unwrap_or_else(|| self.places.at(0));
        let end = map
            .end_of(&text, text.len())
            .or(head.map(|h| h.1))
            .unwrap_or(start);
        let whole = Section {
            level: own.map_or(1, |h| h.level),
            anchor: anchors.claim(wanted_anchor(own, sections.len() + 1)),
            heading_line: head.filter(|_| own.is_some()).map(|h| h.0.line),
            headings: path.iter().map(|(_, text)| text.clone()).collect(),
            start,
            end,
            text,
            map,
            blocks: draft.blocks,
        };
        if is_short(&whole.text) {
            sections.push(whole);
        } else {
            push_pieces(whole, anchors, sections);
        }
    }
}

/// Cuts a section that is too long; what follows the first piece has anchors of its own.
fn push_pieces(whole: Section, anchors: &mut Anchors, sections: &mut Vec<Section>) {
    let Section {
        text, map, blocks, ..
    } = whole;
    let ranges = pieces(&text);
    let last = ranges.len() - 1;
    let mut first = Some((whole.anchor, whole.heading_line, whole.start));
    for (i, (piece, map, blocks)) in cut_all(&text, map, blocks, &ranges).into_iter().enumerate() {
        let (anchor, heading_line, start) = first.take().unwrap_or_else(|| {
            let anchor = anchors.claim(wanted_anchor(None, sections.len() + 1));
            (anchor, None, map.place_of(&piece, 0).unwrap_or(whole.start))
        });
        sections.push(Section {
            level: whole.level,
            anchor,
            heading_line,
            headings: whole.headings.clone(),
            start,
            end: if i == last {
                whole.end
            } else {
                map.end_of(&piece, piece.len()).unwrap_or(whole.end)
            },
            text: piece,
            map,
            blocks,
        });
    }
}

/// The anchor a section asks for: its heading's, else its place in the article.
fn wanted_anchor(heading: Option<&Heading>, order: usize) -> String {
    let own = heading.map(|h| h.anchor.clone().unwrap_or_else(|| slug(&h.buffer.text)));
    match own {
        Some(anchor) if !anchor.is_empty() => anchor,
        None if order == 1 => "top".to_string(),
        _ => format!("section-{order}"),
    }
}

fn push_path(path: &mut Vec<(u8, String)>, heading: Option<&Heading>) {
    match heading {
        Some(heading) => {
            path.retain(|(level, _)| *level < heading.level);
            path.push((heading.level, heading.buffer.text.clone()));
        }
        None => path.clear(),
    }
}
