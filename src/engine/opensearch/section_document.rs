//! A section as the cluster indexes and stores it, and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::mappings::{PART_FIELDS, TEXT_FIELDS};
use super::names::{section_id, token_of};
use crate::analysis::{Words, boundary_at, parts};
use crate::article::{Metadata, PartPath, Section};
use crate::engine::stored_section::{decode_section, encode_section};
use crate::engine::{EngineError, StoredSection};
use crate::query::Field;
use crate::source::StoredPath;

/// What the sections of an article have in common.
pub(super) struct ClusterArticle<'a> {
    pub(super) owner: &'a str,
    /// The path of its source, from its owner's base.
    pub(super) path: &'a StoredPath,
    pub(super) part: &'a PartPath,
    /// Its order in the source, 0-based.
    pub(super) article_order: u32,
    pub(super) metadata: &'a Metadata,
    /// The tag of the language that it is told, or [`super::forms::NO_LANGUAGE`].
    pub(super) tag: &'a str,
    /// What its first section holds in the field "name".
    pub(super) name: &'a str,
    /// What the ids of its sections begin with.
    pub(super) id: &'a str,
    /// The id of its source's document.
    pub(super) source_id: &'a str,
    /// The path that is unique in the index: with the owner's name before it where that has a prefix.
    pub(super) stored_path: &'a StoredPath,
    pub(super) generation: u64,
}

/// What is shown of a section, and where it belongs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShownSection {
    #[serde(rename = "o")]
    pub(super) owner: String,
    /// The path of its source as ids have it, from its owner's base.
    #[serde(rename = "p")]
    path: String,
    /// The part of it as ids have it.
    #[serde(rename = "a", default, skip_serializing_if = "String::is_empty")]
    part: String,
    #[serde(rename = "n")]
    pub(super) order: u32,
    #[serde(rename = "g")]
    pub(super) generation: u64,
    #[serde(rename = "t", default)]
    text: String,
    /// The rest of it, in base64.
    #[serde(rename = "x", default)]
    rest: String,
}

impl ShownSection {
    pub(super) fn path(&self) -> StoredPath {
        StoredPath::from_id(&self.path)
    }

    pub(super) fn part(&self) -> PartPath {
        PartPath::from_id(&self.part)
    }

    /// The section as it was stored.
    pub(super) fn section(self) -> Result<StoredSection, EngineError> {
        let damaged = || EngineError::Damaged("a stored section cannot be read".into());
        let bytes = STANDARD_NO_PAD.decode(&self.rest).map_err(|_| damaged())?;
        Ok(StoredSection {
            order: self.order,
            section: decode_section(&bytes, self.text).ok_or_else(damaged)?,
        })
    }
}

/// What is stored of a section.
#[derive(Debug, Deserialize)]
pub(super) struct ShownDocument {
    pub(super) shown: ShownSection,
}

/// The document of a section.
pub(super) struct IndexedSection {
    pub(super) id: String,
    /// Its JSON, one line.
    pub(super) line: String,
    /// The words of title, headings and text.
    pub(super) lens: [u64; Field::MEASURED],
}

/// The document of the `order`-th section of an article; `each_form` is told the forms of its words, parts and joins.
pub(super) fn section_document(
    article: &ClusterArticle<'_>,
    order: u32,
    section: &Section,
    each_form: &mut impl FnMut(&str),
) -> Result<IndexedSection, EngineError> {
    let headings = section.heading_text();
    let name = if order == 0 { article.name } else { "" };
    let title = article.metadata.title.as_deref().unwrap_or_default();
    let texts = [title, headings.as_ref(), section.text.as_str(), name];
    let mut lens = [0; Field::COUNT];
    let mut fields = Map::new();
    for (f, text) in texts.into_iter().enumerate() {
        let (blocks, len) = blocks(text, each_form);
        lens[f] = len;
        if !blocks.is_empty() {
            fields.insert(TEXT_FIELDS[f].into(), blocks.into());
        }
        let parts = part_forms(text);
        if !parts.is_empty() {
            parts.iter().for_each(|form| each_form(form));
            fields.insert(PART_FIELDS[f].into(), parts.join(" ").into());
        }
    }
    add_facts(&mut fields, article, order);
    let mut rest = Vec::new();
    encode_section(section, &mut rest);
    let shown = ShownSection {
        owner: article.owner.to_string(),
        path: article.path.to_id().into_owned(),
        part: article.part.to_id(),
        order,
        generation: article.generation,
        text: section.text.clone(),
        rest: STANDARD_NO_PAD.encode(rest),
    };
    let shown = serde_json::to_value(&shown).map_err(|e| EngineError::Storage(e.to_string()))?;
    fields.insert("shown".into(), shown);
    let line = serde_json::to_string(&fields).map_err(|e| EngineError::Storage(e.to_string()))?;
    let [title, heading, body, _] = lens;
    Ok(IndexedSection {
        id: section_id(article.id, article.generation, order),
        line,
        lens: [title, heading, body],
    })
}

/// Adds what is asked of a section beside its text.
fn add_facts(fields: &mut Map<String, Value>, article: &ClusterArticle<'_>, order: u32) {
    let metadata = article.metadata;
    let mut keyword = |field: &str, value: &str| {
        if !value.is_empty() {
            fields.insert(field.into(), value.into());
        }
    };
    keyword("article", article.id);
    keyword("source", article.source_id);
    keyword("tag", article.tag);
    keyword("lang", metadata.lang.as_deref().unwrap_or_default());
    keyword("date", metadata.date.as_deref().unwrap_or_default());
    let path = keyword_path(article.stored_path);
    keyword("path", cut(&path));
    fields.insert(
        "author".into(),
        metadata.authors.iter().map(|own| cut(own)).collect(),
    );
    fields.insert("folders".into(), folders(&path).collect());
    fields.insert("article_order".into(), article.article_order.into());
    fields.insert("order".into(), order.into());
    fields.insert("generation".into(), article.generation.into());
}

/// A path as the cluster orders it: its bytes, where they are text.
pub(super) fn keyword_path(path: &StoredPath) -> std::borrow::Cow<'_, str> {
    path.as_utf8().map_or_else(|| path.to_id(), Into::into)
}

/// The longest keyword in bytes that Lucene takes, with room to spare. Nobody asks for a path or a name that is longer.
const LONGEST_KEYWORD: usize = 8192;

/// The beginning of a keyword that is too long.
pub(super) fn cut(text: &str) -> &str {
    text.get(..boundary_at(text, LONGEST_KEYWORD))
        .unwrap_or_default()
}

/// The folders that a path lies in, outermost first.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .filter_map(|(at, _)| path.get(..at))
        .filter(|folder| folder.len() <= LONGEST_KEYWORD)
}

/// The words of a text, a text for each of its blocks, and how many there are.
fn blocks(text: &str, each_form: &mut impl FnMut(&str)) -> (Vec<String>, u64) {
    let mut blocks: Vec<String> = Vec::new();
    let mut next = None;
    let mut len = 0;
    let mut stream = Words::new(text);
    while stream.advance() {
        len += 1;
        each_form(stream.form());
        match blocks
            .last_mut()
            .filter(|_| next == Some(stream.position()))
        {
            Some(block) => {
                block.push(' ');
                block.push_str(&token_of(stream.form()));
            }
            None => blocks.push(token_of(stream.form()).into_owned()),
        }
        next = Some(stream.position() + 1);
    }
    (blocks, len)
}

/// The parts and joins of a text, each once, with their marks.
fn part_forms(text: &str) -> Vec<String> {
    let mut forms: Vec<String> = parts(text).into_iter().map(|part| part.form).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_reads_back_and_its_words_stand_in_blocks() {
        let text = "# The fooBar wi-fi\n\nOne two.\n\nThree 北京大学, l'\u{c9}tat.\n";
        let article = crate::format::read_str("markdown", text);
        let (path, whole) = (StoredPath::from_bytes(b"a/b c%.md"), PartPath::default());
        let of_article = ClusterArticle {
            owner: "main",
            path: &path,
            part: &whole,
            article_order: 0,
            metadata: &article.metadata,
            tag: "en",
            name: "b c%",
            id: "id",
            source_id: "source",
            stored_path: &path,
            generation: 3,
        };
        let mut forms = Vec::new();
        let section = &article.sections[0];
        let document = section_document(&of_article, 0, section, &mut |form| {
            forms.push(form.to_string());
        });
        let document = document.expect("a document");
        assert_eq!(document.id, "id:3:0");
        let value: serde_json::Value = serde_json::from_str(&document.line).expect("JSON");
        assert_eq!(value["body"][0], "one two");
        assert_eq!(value["body"].as_array().map(Vec::len), Some(2));
        assert_eq!(value["folders"][0], "a");
        assert!(
            value["title_parts"]
                .as_str()
                .is_some_and(|parts| parts.contains("wifi"))
        );
        assert!(forms.iter().any(|form| form == "two"));
        let shown: ShownSection = serde_json::from_value(value["shown"].clone()).expect("shown");
        assert_eq!((shown.path(), shown.part()), (path.clone(), whole.clone()));
        let read = shown.section().expect("a section").section;
        assert_eq!((&read.text, &read.map), (&section.text, &section.map));
    }
}
