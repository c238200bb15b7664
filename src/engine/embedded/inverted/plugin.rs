//! Puts our lists in the place of those that Tantivy's own writer makes of a new segment. It is given no words, and what
//! it wrote is written again. Merges read and write the lists as ever.

use std::any::Any;
use std::sync::Arc;

use tantivy::indexer::DocIdMapping;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin,
    TantivyError,
};

use super::super::anchors::SegmentAnchors;
use super::super::bounds::BoundsDraft;
use super::super::document::SectionDocument;
use super::super::schema::Fields;
use super::joined::JoinedLists;
use super::kept::{EarlyTables, KeptSegment, KeptSegments};
use super::list_files::{ListFiles, ListedField};
use crate::analysis::Language;
use crate::query::Field as TextField;
use crate::source::both;

/// Makes the lists of new segments.
pub(in crate::engine::embedded) struct PostingsPlugin {
    kept: KeptSegments,
}

impl PostingsPlugin {
    /// The plugin. What is known of the segments is kept in `kept`.
    pub(in crate::engine::embedded) fn shared(kept: KeptSegments) -> Arc<dyn SegmentPlugin> {
        Arc::new(PostingsPlugin { kept })
    }
}

impl SegmentPlugin for PostingsPlugin {
    /// The files are those of Tantivy's own writer.
    fn extensions(&self) -> &[&str] {
        &[]
    }

    fn create_writer(&self, _: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(PostingsWriter {
            kept: self.kept.clone(),
            lists: JoinedLists::default(),
            sources: Vec::new(),
            languages: Vec::new(),
            lens: Vec::new(),
            anchors: SegmentAnchors::default(),
        }))
    }

    fn merge(&self, _: PluginMergeContext<'_>) -> tantivy::Result<()> {
        Ok(())
    }
}

/// The lists of a segment in the making.
struct PostingsWriter {
    kept: KeptSegments,
    lists: JoinedLists,
    sources: Vec<DocRun>,
    languages: Vec<DocRun>,
    /// The lengths of each document.
    lens: Vec<[u32; TextField::MEASURED]>,
    anchors: SegmentAnchors,
}

/// Documents, one behind the other, that have a number.
#[derive(Debug, Clone, Copy)]
struct DocRun {
    number: u64,
    start: u32,
    end: u32,
}

impl PluginWriter for PostingsWriter {
    fn add_document(
        &mut self,
        doc: DocId,
        document: &dyn ErasedDocument,
        _: &Schema,
    ) -> tantivy::Result<()> {
        let Some(section) = document.as_any().downcast_ref::<SectionDocument>() else {
            return Err(TantivyError::InternalError("no section".into()));
        };
        if let Some(batch) = section.words() {
            self.lists.append(doc, batch);
        }
        note(&mut self.sources, section.source(), doc);
        note(&mut self.languages, section.language(), doc);
        self.lens.push(section.lens());
        self.anchors.add(section.anchor());
        Ok(())
    }

    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        _: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        let mut out = ListFiles::open(segment)?;
        let Fields {
            text,
            source,
            language,
            ..
        } = Fields::OWN;
        let PostingsWriter {
            kept: kept_segments,
            lists,
            sources,
            languages,
            lens,
            anchors,
            ..
        } = *self;
        let docs = lens.len() as u64;
        let kept = write_lists(&lists, (text, &mut out), (lens, anchors), &kept_segments)?;
        for (field, runs) in [(source, sources), (language, languages)] {
            let mut out = out.field(ListedField {
                field,
                option: IndexRecordOption::Basic,
                tokens: docs,
            })?;
            write_numbers(runs, &mut out)?;
            out.close()?;
        }
        out.close()?;
        if let Some(kept) = kept {
            kept_segments.keep(segment.id().uuid_string(), kept);
        }
        Ok(())
    }

    fn mem_usage(&self) -> usize {
        let runs = self.sources.capacity() + self.languages.capacity();
        let lens_bytes = size_of::<[u32; TextField::MEASURED]>() * self.lens.capacity();
        let own_bytes = size_of::<DocRun>() * runs + lens_bytes + self.anchors.size_bytes();
        self.lists.size_bytes() + own_bytes
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Writes the lists of the text fields, and returns what the segment's tables are made from where there is room to keep it.
fn write_lists(
    lists: &JoinedLists,
    (fields, out): ([Field; TextField::COUNT], &mut ListFiles),
    (lens, anchors): (Vec<[u32; TextField::MEASURED]>, SegmentAnchors),
    kept: &KeptSegments,
) -> tantivy::Result<Option<KeptSegment>> {
    let sorted = lists.sorted();
    if !kept.has_room(lists.kept_bytes() + anchors.size_bytes()) {
        lists.write(&sorted, fields, out, None)?;
        return Ok(None);
    }
    let (mut bounds, languages) = (BoundsDraft::new(lens), kept.languages());
    let keep = || -> tantivy::Result<_> {
        let forms = lists.forms(&sorted);
        let early = |own: &Vec<Language>| EarlyTables::of(&forms, &anchors, own);
        let early = languages.as_ref().map(early).transpose()?;
        // An index of many languages has as many classes.
        Ok((
            forms,
            early.filter(|early| kept.has_room(early.size_bytes())),
        ))
    };
    let write = || lists.write(&sorted, fields, out, Some(&mut bounds));
    let (tables, written) = both(keep, write);
    written?;
    let (forms, early) = tables?;
    Ok(Some(KeptSegment {
        forms,
        bounds,
        anchors: match early {
            Some(_) => SegmentAnchors::default(),
            None => anchors,
        },
        early,
    }))
}

/// Notes that a document, which comes behind all others, has a number.
fn note(runs: &mut Vec<DocRun>, number: u64, doc: DocId) {
    match runs.last_mut() {
        Some(last) if last.number == number => last.end = doc + 1,
        _ => runs.push(DocRun {
            number,
            start: doc,
            end: doc + 1,
        }),
    }
}

/// Writes the list of each number.
fn write_numbers(
    mut runs: Vec<DocRun>,
    out: &mut tantivy::postings::FieldSerializer<'_>,
) -> tantivy::Result<()> {
    runs.sort_by_key(|run| run.number);
    for same in runs.chunk_by(|a, b| a.number == b.number) {
        let number = same.first().map_or(0, |run| run.number);
        out.new_term_without_freq(&number.to_be_bytes())?;
        for run in same {
            (run.start..run.end).for_each(|doc| out.write_doc(doc, 0, &[]));
        }
        out.close_term()?;
    }
    Ok(())
}

/// What Tantivy's own writer finds in a text: nothing.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::embedded) struct SilentTokenizer(Token);

impl Tokenizer for SilentTokenizer {
    type TokenStream<'a> = NoTokens<'a>;

    fn token_stream<'a>(&'a mut self, _: &'a str) -> NoTokens<'a> {
        NoTokens(&mut self.0)
    }
}

/// A stream of nothing.
pub(in crate::engine::embedded) struct NoTokens<'a>(&'a mut Token);

impl TokenStream for NoTokens<'_> {
    fn advance(&mut self) -> bool {
        false
    }

    fn token(&self) -> &Token {
        self.0
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use tantivy::directory::CompositeFile;
    use tantivy::index::SegmentComponent;
    use tantivy::indexer::{NoMergePolicy, UserOperation};
    use tantivy::schema::document::Document;
    use tantivy::{Index, IndexWriter, SegmentReader, TantivyDocument};

    use super::super::super::bounds::write_bounds;
    use super::super::super::document::DocumentArticle;
    use super::super::super::pending::{Pending, TakenBatch};
    use super::super::super::schema::{TOKENIZER, build};
    use super::super::super::stem_table::{SegmentForms, encode_table};
    use super::super::written_words::{FieldTokens, WrittenWords};
    use super::*;
    use crate::article::Section;
    use crate::random_numbers::RandomNumbers;

    const LANGUAGES: [Language; 2] = [Language::ENGLISH, Language::VIETNAMESE];

    /// Hands Tantivy's own writer what is indexed of a text.
    #[derive(Clone, Default)]
    struct OurTokenizer(Vec<Token>);

    struct OurTokens<'a>(&'a mut Vec<Token>, usize);

    impl Tokenizer for OurTokenizer {
        type TokenStream<'a> = OurTokens<'a>;

        fn token_stream<'a>(&'a mut self, text: &'a str) -> OurTokens<'a> {
            self.0 = vec![Token::default()];
            let mut tokens = FieldTokens::default();
            WrittenWords::default().read(text, &mut tokens);
            self.0.extend(tokens.all.iter().map(|token| Token {
                text:
                    String::from_utf8(tokens.forms.form(token.form as usize).into()).expect("text"),
                position: token.position as usize,
                ..Token::default()
            }));
            OurTokens(&mut self.0, 0)
        }
    }

    impl TokenStream for OurTokens<'_> {
        fn advance(&mut self) -> bool {
            self.1 += 1;
            self.1 < self.0.len()
        }

        fn token(&self) -> &Token {
            &self.0[self.1]
        }

        fn token_mut(&mut self) -> &mut Token {
            &mut self.0[self.1]
        }
    }

    /// An index in memory and its writer.
    fn index<D: Document>(
        tokenizer: impl Tokenizer,
        kept: Option<&KeptSegments>,
    ) -> (Index, IndexWriter<D>) {
        let (schema, _) = build();
        let mut index = Index::create_in_ram(schema);
        index.tokenizers().register(TOKENIZER, tokenizer);
        if let Some(kept) = kept {
            index.register_plugin(PostingsPlugin::shared(kept.clone()));
        }
        let writer = index.writer_with_num_threads(1, 100 << 20);
        let writer: IndexWriter<D> = writer.expect("a writer");
        writer.set_merge_policy(Box::new(NoMergePolicy));
        (index, writer)
    }

    /// What the files of the lists of the only segment hold of each field.
    fn lists(index: &Index) -> Vec<Vec<u8>> {
        let segments = index.searchable_segments().expect("segments");
        let [segment] = segments.as_slice() else {
            panic!("{} segments", segments.len());
        };
        let components = [
            SegmentComponent::Terms,
            SegmentComponent::Postings,
            SegmentComponent::Positions,
        ];
        let fields = build().1;
        let read = |component| {
            let file = segment.open_read(component).expect("a file");
            let file = CompositeFile::open(&file).expect("a file of fields");
            let listed = fields
                .text
                .into_iter()
                .chain([fields.source, fields.language]);
            let part = move |field| file.open_read(field).expect("a field").read_bytes();
            listed.map(part).map(|bytes| bytes.expect("bytes").to_vec())
        };
        components.into_iter().flat_map(read).collect()
    }

    fn section(headings: Vec<String>, text: String) -> Section {
        let article = crate::format::read_str("text", "a");
        let section = article.sections.into_iter().next().expect("a section");
        Section {
            headings,
            text,
            ..section
        }
    }

    fn send(writer: &IndexWriter<SectionDocument>, batch: &mut TakenBatch<'_>) {
        let added = batch.finish().documents(None).map(UserOperation::Add);
        writer.run(added).expect("added");
    }

    #[test]
    fn the_lists_are_those_of_tantivys_own_writer_to_the_byte() {
        let mut numbers = RandomNumbers::new();
        let seed = numbers.seed;
        let fields = build().1;
        let words = [
            "The",
            "readings",
            "reading",
            "fooBar",
            "wi-fi",
            "of",
            "U.S.",
            "北京大学",
            "l'État",
            "a",
            "ListView2",
            "\n",
            "x.y",
            "don't",
            "HTTPServer",
            "covid-19",
            "\t",
            "été",
            "C++",
        ];
        let text = |numbers: &mut RandomNumbers, most: usize| {
            let count = numbers.below(most);
            let word = |_| match numbers.below(3) {
                0 => format!("w{}", numbers.below(4_000)),
                _ => words[numbers.below(words.len())].to_string(),
            };
            (0..count).map(word).collect::<Vec<_>>().join(" ")
        };
        let (theirs, mut their_writer) = index::<TantivyDocument>(OurTokenizer::default(), None);
        let kept = KeptSegments::default();
        let (ours, mut our_writer) = index(SilentTokenizer::default(), Some(&kept));
        let pending = Pending::default();
        for number in 0..700_u32 {
            let article = DocumentArticle {
                source: numbers.below(300) as u32,
                number,
                title: text(&mut numbers, 6),
                name: text(&mut numbers, 3),
                language: [None, Some(Language::ENGLISH), Some(Language::VIETNAMESE)]
                    [numbers.below(3)],
            };
            let mut batch = pending.fill(article.source);
            for order in 0..numbers.below(12) {
                let headings = (0..numbers.below(3))
                    .map(|_| text(&mut numbers, 4))
                    .collect();
                let section = section(headings, text(&mut numbers, 300));
                let mut document = TantivyDocument::default();
                let name = if order == 0 { &article.name } else { "" };
                let headings = section.heading_text();
                let texts = [article.title.as_str(), &headings, &section.text, name];
                for (field, text) in fields.text.into_iter().zip(texts) {
                    document.add_text(field, text);
                }
                document.add_u64(fields.source, u64::from(article.source));
                let language = article.language.map_or(0, Language::code);
                document.add_u64(fields.language, u64::from(language));
                their_writer.add_document(document).expect("added");
                let counted = texts.map(crate::analysis::count_words);
                let lens = batch.add(&article, order, &section);
                assert_eq!(counted.get(..lens.len()), Some(&lens[..]), "seed {seed}");
                if numbers.below(40) == 0 {
                    send(&our_writer, &mut batch);
                }
            }
        }
        while let Some(mut batch) = pending.take() {
            send(&our_writer, &mut batch);
        }
        their_writer.commit().expect("committed");
        kept.set_languages(LANGUAGES.to_vec());
        our_writer.commit().expect("committed");
        let bytes: usize = lists(&ours).iter().map(Vec::len).sum();
        assert!(bytes > 100_000, "{bytes}");
        for (ours, theirs) in lists(&ours).iter().zip(lists(&theirs)) {
            assert!(*ours == theirs, "seed {seed}");
        }
        let segments = ours.searchable_segments().expect("segments");
        let segment = segments.first().expect("a segment");
        let kept = kept.take(&segment.id().uuid_string()).expect("kept");
        assert_tables_are_those_of_the_files(segment, &kept);
    }

    fn assert_tables_are_those_of_the_files(segment: &Segment, kept: &KeptSegment) {
        let text = build().1.text;
        let reader = SegmentReader::open(segment).expect("the segment");
        let table = |forms| encode_table(&forms, &LANGUAGES).expect("a table");
        let early = kept.early.as_ref().expect("the tables of the last segment");
        assert_eq!(early.languages, LANGUAGES);
        assert!(early.classes == table(SegmentForms::Kept(&kept.forms)));
        assert!(early.classes == table(SegmentForms::Stored(&reader, text)));
        assert!(early.classes.windows(8).any(|bytes| bytes == b"readings"));
        let stored = SegmentAnchors::encode_stored(&reader).expect("a table");
        assert!(early.anchors == stored);
        let (mut bounds, mut read) = (Vec::new(), Vec::new());
        assert!(
            kept.bounds
                .write(&reader, text, &mut bounds)
                .expect("bounds")
        );
        write_bounds(&reader, text, &mut read).expect("bounds");
        assert!(bounds == read && bounds.len() > 1_000, "{}", bounds.len());
    }
}
