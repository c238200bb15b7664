//! The text of a message as an article.

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
        places: &mut RecordPlaces<'_>,
    ) -> Result<ReadArticle, ReadError> {
        let mut whole: Option<ReadArticle> = None;
        for leaf in leaves {
            match (self.leaf(leaf, places), &mut whole) {
                (Ok(read), None) => whole = Some(read),
                (Ok(read), Some(whole)) => {
                    append(&mut whole.article, read.article.sections);
                    whole.invalid_sequences += read.invalid_sequences;
                }
                // The other parts of the message may be text.
                (Err(error), _) if is_only_of_its_part(error.reason) => {}
                (Err(error), _) => return Err(error),
            }
        }
        let sections = whole.as_ref().map_or(0, |read| read.article.sections.len());
        if sections as u64 > self.options.limits.sections {
            return Err(ReadError::new(Reason::LimitSections));
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

    fn leaf(&self, leaf: &Leaf, places: &mut RecordPlaces<'_>) -> Result<ReadArticle, ReadError> {
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
        places: &mut RecordPlaces<'_>,
    ) -> Result<ReadArticle, ReadError> {
        let known = (encoding, self.metadata.title.as_deref());
        read_assembled(reader, text, known, self.options, places)
    }
}

/// Whether a fault of one part of a message leaves the others readable.
fn is_only_of_its_part(reason: Reason) -> bool {
    matches!(reason, Reason::Binary | Reason::NoText)
}

/// Adds the sections of another part of the message, with anchors of their own.
fn append(article: &mut Article, sections: Vec<Section>) {
    for mut section in sections {
        if section.text.is_empty() && section.headings.is_empty() {
            continue;
        }
        let is_taken = |anchor: &str| article.sections.iter().any(|s| s.anchor == anchor);
        if is_taken(&section.anchor) {
            let mut number = article.sections.len() + 1;
            while is_taken(&format!("section-{number}")) {
                number += 1;
            }
            section.anchor = format!("section-{number}");
        }
        article.sections.push(section);
    }
}
