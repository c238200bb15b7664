//! The text of a message as an article.

use std::collections::HashSet;

use super::mime::Leaf;
use super::quoted::own_ranges;
use super::transfer::Transfer;
use crate::article::{Article, Metadata, Section};
use crate::format::assembled::Assembled;
use crate::format::options::ReadOptions;
use crate::format::record_places::RecordPlaces;
use crate::format::relocate::read_assembled;
use crate::format::text::{BODY, HTML, ReadArticle, TextReader};
use crate::source::{Decoded, Encoding, ReadError, Reason};

/// A message being read.
pub(super) struct Body<'a> {
    pub(super) record: &'a [u8],
    pub(super) is_mailbox: bool,
    pub(super) options: &'a ReadOptions,
    /// What the header says.
    pub(super) metadata: Metadata,
}

impl Body<'_> {
    /// Reads the text in `leaves`; `home` is where the message's text would stand.
    pub(super) fn read(
        &self,
        leaves: &[Leaf],
        home: usize,
        places: &RecordPlaces<'_>,
    ) -> Result<ReadArticle, ReadError> {
        let mut whole: Option<ReadArticle> = None;
        let mut anchors: Option<TakenAnchors> = None;
        for leaf in leaves {
            match (self.leaf(leaf, places), &mut whole) {
                (Ok(read), None) => whole = Some(read),
                (Ok(read), Some(whole)) => {
                    let anchors = anchors.get_or_insert_with(|| TakenAnchors::of(&whole.article));
                    anchors.append(&mut whole.article, read.article.sections);
                    whole.invalid_sequences += read.invalid_sequences;
                    if whole.article.sections.len() as u64 > self.options.limits.sections {
                        return Err(ReadError::new(Reason::LimitSections));
                    }
                }
                // The other parts of the message may be text.
                (Err(error), _) if is_only_of_its_part(error.reason) => {}
                (Err(error), _) => return Err(error),
            }
        }
        let mut read = match whole {
            Some(read) => read,
            None => self.article(&BODY, &Assembled::new(home), Some(Encoding::UTF_8), places)?,
        };
        let found = std::mem::take(&mut read.article.metadata);
        read.article.metadata = Metadata {
            title: self.metadata.title.clone().or(found.title),
            lang: found.lang,
            ..self.metadata.clone()
        };
        Ok(read)
    }

    fn leaf(&self, leaf: &Leaf, places: &RecordPlaces<'_>) -> Result<ReadArticle, ReadError> {
        let text = leaf
            .transfer
            .decode(self.record, leaf.body.clone(), self.is_mailbox);
        let named = leaf.charset.as_deref().and_then(Encoding::of_label);
        // Senders who say ASCII and send other bytes are common.
        let is_ascii = leaf
            .charset
            .as_deref()
            .is_some_and(|name| name.to_ascii_lowercase().contains("ascii"));
        let mut encoding = named.filter(|_| !is_ascii).or(self.options.encoding);
        let mut text = text;
        if leaf.transfer == Transfer::Base64
            && let Some(own) = encoding.filter(|own| *own != Encoding::UTF_8)
        {
            // Lines are told in bytes below, which wants ASCII in them.
            let decoded = Decoded::read_as(text.bytes().to_vec(), own)?;
            let mut read = Assembled::new(text.source_of(0));
            read.push_unit(
                decoded.text().as_bytes(),
                text.source_of(0)..text.source_end(text.bytes().len()),
            );
            (text, encoding) = (read, Some(Encoding::UTF_8));
        }
        if !leaf.is_html {
            text = text.only(&own_ranges(text.bytes()));
        }
        let reader = if leaf.is_html { &HTML } else { &BODY };
        self.article(reader, &text, encoding, places)
    }

    fn article(
        &self,
        reader: &TextReader,
        text: &Assembled,
        encoding: Option<Encoding>,
        places: &RecordPlaces<'_>,
    ) -> Result<ReadArticle, ReadError> {
        let known = (encoding, self.metadata.title.as_deref());
        read_assembled(reader, text, known, self.options, places)
    }
}

/// Whether a fault of one part of a message leaves the others readable.
fn is_only_of_its_part(reason: Reason) -> bool {
    matches!(reason, Reason::Binary | Reason::NoText)
}

/// The anchors of an article to which the sections of other parts of the message are added.
struct TakenAnchors {
    all: HashSet<String>,
    /// The last number that was given; those from the number of sections up to it are taken.
    number: usize,
}

impl TakenAnchors {
    fn of(article: &Article) -> TakenAnchors {
        let anchors = article.sections.iter().map(|own| own.anchor.clone());
        TakenAnchors {
            all: anchors.collect(),
            number: 0,
        }
    }

    /// Adds the sections of another part, with anchors of their own.
    fn append(&mut self, article: &mut Article, sections: Vec<Section>) {
        for mut section in sections {
            if section.text.is_empty() && section.headings.is_empty() {
                continue;
            }
            if !self.all.insert(section.anchor.clone()) {
                section.anchor = self.numbered(article.sections.len());
            }
            article.sections.push(section);
        }
    }

    /// An anchor for the section behind so many others: its number, or the next one that is free.
    fn numbered(&mut self, sections: usize) -> String {
        loop {
            self.number = self.number.max(sections) + 1;
            let anchor = format!("section-{}", self.number);
            if self.all.insert(anchor.clone()) {
                return anchor;
            }
        }
    }
}
