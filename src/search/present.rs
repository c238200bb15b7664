//! Makes hits into what is shown of them: highlights, passages, places.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::citation::{Now, Sources};
use super::{
    Detail, Error, HeadingHighlight, Index, SearchHit, SearchRequest, SearchResults,
    ShownHighlight, ShownPassage, Summary,
};
use crate::analysis::{BLOCK_END, CELL_END, LINE_BREAK, sentences_around};
use crate::article::{Place, Section};
use crate::engine::{Hit, Origin, Record, SearchOptions, Sort};
use crate::highlight::{
    HeadingSpan, Highlighter, Highlights, Passage, SectionText, lead, merged, passages,
    sentences_of,
};
use crate::source::StoredPath;

/// Makes hits into what is shown of them.
pub(super) struct Shower<'a> {
    pub(super) index: &'a Index,
    /// What is looked for.
    pub(super) highlighter: Highlighter<'a>,
    pub(super) request: &'a SearchRequest,
    /// W of each term of the query.
    pub(super) weights: &'a [f64],
    pub(super) sources: Sources<'a>,
}

impl Shower<'_> {
    /// What is shown of the hit at this place among all.
    pub(super) fn show(&mut self, rank: usize, hit: &Hit) -> Result<SearchHit, Error> {
        let record = self.index.record(hit.article)?;
        let path = &record.source.path;
        let is_here = self.index.snapshot.own_path(path).as_ref() == Some(path);
        let is_file = record.source.origin != Origin::Stdin && is_here;
        let shown = HitInArticle { rank, hit, is_file };
        if self.request.detail == Detail::Paths {
            return Ok(shown.of(record));
        }
        if self.request.detail == Detail::Ids {
            let id = record.id_of(&self.index.snapshot().anchor(hit.key)?);
            return Ok(SearchHit {
                id,
                ..shown.of(record)
            });
        }
        let section = self.index.snapshot().section(hit.key)?.section;
        let found = self.highlights(&record, (&section, hit.order));
        let now = self.sources.now(&record);
        let passages = self.passages(&record, &section, &found);
        let show = |(passage, spans): &(Passage, Vec<Range<usize>>)| {
            show_passage(&section, passage, spans, &now)
        };
        Ok(SearchHit {
            id: record.id_of(&section.anchor),
            start: section.start,
            end: section.end,
            verified: verified(&now, &section, &passages),
            passages: passages.iter().map(show).collect(),
            heading_highlights: heading_highlights(&found, section.headings.len()),
            title_highlights: merged(found.title),
            headings: section.headings,
            ..shown.of(record)
        })
    }

    fn highlights(&mut self, record: &Record, (section, order): (&Section, u32)) -> Highlights {
        let path = record.source.path.to_text();
        let inner = record.article.part.below(&path);
        let facts = record.article.facts(&path, inner.as_deref());
        let title = record.article.metadata.title.as_deref();
        let title = title.unwrap_or_default();
        let text = SectionText {
            title,
            headings: &section.headings,
            body: &section.text,
            name: &record.name_of(order),
            facts,
        };
        self.highlighter.highlights(&text)
    }

    /// The passages, each with its highlights.
    fn passages(
        &self,
        record: &Record,
        section: &Section,
        found: &Highlights,
    ) -> Vec<(Passage, Vec<Range<usize>>)> {
        let (text, language) = (section.text.as_str(), record.article.language());
        let ranges = || found.body.iter().map(|span| span.range.clone());
        if self.request.detail == Detail::Mentions {
            let all = sentences_around(text, language, ranges(), 0);
            let each = sentences_of(text, &all, merged(ranges()));
            let with_one = each
                .into_iter()
                .map(|(passage, span)| (passage, vec![span]));
            return with_one.collect();
        }
        let (count, width) = (self.request.passages, self.request.width_chars);
        // No passage is longer than the width, but for what stands in its first sentence.
        let around = |places: &mut dyn Iterator<Item = Range<usize>>| {
            sentences_around(text, language, places, width)
        };
        let chosen = passages(
            text,
            &around(&mut ranges()),
            found,
            self.weights,
            count,
            width,
        );
        let chosen = match chosen.is_empty() {
            true => {
                let start = text.len() - text.trim_start().len();
                let all = around(&mut std::iter::once(start..start));
                lead(text, &all, width).into_iter().collect()
            }
            false => chosen,
        };
        let with_highlights = |passage: Passage| {
            let Range { start, end } = passage.range;
            let is_inside = |span: &Range<usize>| start <= span.start && span.end <= end;
            (passage, merged(ranges().filter(is_inside)))
        };
        chosen.into_iter().map(with_highlights).collect()
    }
}

/// A hit, without what is shown of its section.
struct HitInArticle<'h> {
    rank: usize,
    hit: &'h Hit,
    is_file: bool,
}

impl HitInArticle<'_> {
    /// What is told of the hit, whose article this is.
    fn of(self, record: Record) -> SearchHit {
        let Record { source, article } = record;
        let date = article.metadata.date.as_deref();
        SearchHit {
            rank: self.rank,
            score: self.hit.score,
            id: String::new(),
            path: source.path,
            is_file: self.is_file,
            part: article.part,
            is_inner: article.is_inner,
            headings: Vec::new(),
            section: self.hit.order + 1,
            date: date.and_then(|date| date.parse().ok()),
            author: article.metadata.author(),
            title: article.metadata.title,
            lang: article.metadata.lang,
            url: article.metadata.url,
            start: Place::START,
            end: Place::START,
            title_highlights: Vec::new(),
            heading_highlights: Vec::new(),
            passages: Vec::new(),
            verified: None,
        }
    }
}

fn heading_highlights(found: &Highlights, headings: usize) -> Vec<HeadingHighlight> {
    let of = |of_one: &[HeadingSpan]| {
        let heading = of_one.first().map_or(headings, |span| span.heading);
        let spans = merged(of_one.iter().map(|span| span.range.clone()));
        let highlights = spans.into_iter();
        highlights.map(move |in_text| HeadingHighlight { heading, in_text })
    };
    let by_heading = found.headings.chunk_by(|a, b| a.heading == b.heading);
    by_heading
        .take_while(|of_one| of_one.first().is_some_and(|span| span.heading < headings))
        .flat_map(of)
        .collect()
}

fn verified(
    now: &Now,
    section: &Section,
    passages: &[(Passage, Vec<Range<usize>>)],
) -> Option<bool> {
    if passages.is_empty() {
        return now.verifies(section, &(0..0));
    }
    let mut each = passages.iter();
    each.try_fold(true, |all, (passage, _)| {
        Some(all & now.verifies(section, &passage.range)?)
    })
}

fn show_passage(
    section: &Section,
    passage: &Passage,
    highlights: &[Range<usize>],
    now: &Now,
) -> ShownPassage {
    let (text, range) = (section.text.as_str(), &passage.range);
    let places = section.map.places(text);
    let start = places.place_of(range.start).unwrap_or(section.start);
    let show = |span: Range<usize>| {
        let start = places.place_of(span.start).unwrap_or(section.start);
        ShownHighlight {
            text: one_line(&text[span.clone()]),
            start,
            end: places.end_of(span.end).unwrap_or(section.end),
            in_text: span.start - range.start..span.end - range.start,
            byte_column: now.byte_column(start),
        }
    };
    ShownPassage {
        text: one_line(&text[range.clone()]),
        start,
        end: places.end_of(range.end).unwrap_or(section.end),
        highlights: highlights.iter().cloned().map(show).collect(),
        byte_column: now.byte_column(start),
        cuts_start: !passage.starts_sentence,
        cuts_end: !passage.ends_sentence,
    }
}

/// The text with its separators as spaces; its bytes keep their places.
fn one_line(text: &str) -> String {
    let is_separator = |b: &u8| [BLOCK_END, CELL_END, LINE_BREAK].contains(&char::from(*b));
    match text.as_bytes().iter().any(is_separator) {
        true => text.replace([BLOCK_END, CELL_END, LINE_BREAK], " "),
        false => text.to_string(),
    }
}

impl Index {
    /// Answers a query from the state that is open.
    ///
    /// # Errors
    /// A query that cannot be read, and what the engine says.
    pub fn search(&self, text: &str, request: &SearchRequest) -> Result<SearchResults, Error> {
        let query = self.parse(text, request.mode)?;
        let options = SearchOptions {
            within: request.within.clone(),
            without: request.without.clone(),
            // The last hits are known once all are.
            limit: request
                .limit
                .filter(|_| !request.reverse)
                .map(|limit| limit.saturating_add(request.offset)),
            sort: request.sort,
            ranking: self.ranking,
            limits: self.limits,
            count_up_to: request.count_up_to,
        };
        let found = self.snapshot.search(&query, &options)?;
        if found.proposed.is_some_and(|own| !own.exact_ranking) {
            self.inexact.fetch_add(1, Ordering::Relaxed);
        }
        let mut shower = Shower {
            index: self,
            highlighter: Highlighter::new(&query),
            request,
            weights: &found.weights,
            sources: self.sources(),
        };
        let ordered = match request.reverse {
            true => self.reversed(found.hits, request)?,
            false => found.hits,
        };
        let mut hits = Vec::new();
        for (i, hit) in ordered.iter().enumerate().skip(request.offset) {
            hits.push(shower.show(i + 1, hit)?);
        }
        let summary = Summary {
            matched: found.matched,
            matched_exact: found.is_counted && self.snapshot.is_settled(),
            optional: query
                .optional_words()
                .into_iter()
                .map(str::to_string)
                .collect(),
            base: StoredPath::from_path(&self.location().base),
            coverage: self.coverage(&request.within)?,
            proposed: found.proposed,
        };
        Ok(SearchResults {
            query: text.to_string(),
            query_id: None,
            hits,
            summary,
            times: None,
        })
    }

    /// All hits in the other order, as far as they are shown; what has no date stays behind what has one.
    fn reversed(&self, mut hits: Vec<Hit>, request: &SearchRequest) -> Result<Vec<Hit>, Error> {
        hits.reverse();
        if request.sort == Sort::Date {
            let mut dated = Vec::new();
            let mut undated = Vec::new();
            for hit in hits {
                let metadata = self.record(hit.article)?.article.metadata;
                let is_dated = metadata.date.is_some();
                (if is_dated { &mut dated } else { &mut undated }).push(hit);
            }
            dated.append(&mut undated);
            hits = dated;
        }
        let shown = request
            .limit
            .map(|limit| limit.saturating_add(request.offset));
        hits.truncate(shown.unwrap_or(usize::MAX));
        Ok(hits)
    }
}
