//! What a configuration says of how files are read: the tables `[[index.files]]` and `[[index.feeds]]`, `index.paths` and
//! `index.globs`.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::text::ConfigText;
use crate::format::{Feed, PatternError, PatternList, Split, is_text_format};
use crate::query::Filter;
use crate::refresh::{FeedRule, FileRule, Rules};
use crate::source::{Encoding, FileError};

/// How many globs a configuration may have.
const MAX_GLOBS: usize = 1_000;
/// How long they may be together, in bytes.
const MAX_GLOBS_BYTES: usize = 64 << 10;

/// What of a configuration file is no setting.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfigTables {
    index: IndexTable,
}

/// Its table `[index]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndexTable {
    paths: Vec<Spanned<PathBuf>>,
    globs: Vec<Spanned<String>>,
    files: Vec<Spanned<FilesTable>>,
    feeds: Vec<Spanned<FeedsTable>>,
}

/// A table `[[index.feeds]]`: where the fields of a feed's records stand, with dots between keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FeedsTable {
    glob: OneOrMore,
    id: Option<String>,
    title: Option<String>,
    body: Option<String>,
    date: Option<String>,
    author: Option<String>,
    url: Option<String>,
    lang: Option<String>,
    format: Option<String>,
}

/// A table `[[index.files]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FilesTable {
    glob: OneOrMore,
    split: Option<SplitName>,
    split_at: Option<OneOrMore>,
    encoding: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SplitName {
    Auto,
    Never,
}

/// One text, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn texts(&self) -> &[String] {
        match self {
            OneOrMore::One(text) => std::slice::from_ref(text),
            OneOrMore::More(texts) => texts,
        }
    }
}

/// What is wrong with a rule; its place is added where that is known.
#[derive(Debug, thiserror::Error)]
enum RuleError {
    #[error("no encoding is called `{0}`")]
    Encoding(String),
    #[error("invalid glob `{0}`")]
    Glob(String),
    #[error(
        "with the glob `{0}` there are more than {MAX_GLOBS}, or they are longer than {MAX_GLOBS_BYTES} bytes together"
    )]
    ManyGlobs(String),
    #[error("no format of text is called `{0}`")]
    Format(String),
    #[error("`split` and `split-at` exclude each other")]
    TwoSplits,
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

/// Reads the rules, and the paths that an index covers where nobody names others.
pub(super) fn read_rules(config: ConfigText<'_>) -> Result<(Rules, Vec<PathBuf>), FileError> {
    let tables: ConfigTables =
        toml::from_str(config.text).map_err(|error| config.error_of(&error))?;
    let mut rules = Rules::default();
    let mut patterns = PatternList::new();
    let mut globs = GlobBudget::default();
    for files in &tables.index.files {
        let rule = file_rule(files.get_ref(), &mut globs, &mut patterns);
        let placed = |error: RuleError| config.error(files.span().start, error.to_string());
        rules.files.push(rule.map_err(placed)?);
    }
    for feeds in &tables.index.feeds {
        let rule = feed_rule(feeds.get_ref(), &mut globs);
        let placed = |error: RuleError| config.error(feeds.span().start, error.to_string());
        rules.feeds.push(rule.map_err(placed)?);
    }
    for path in &tables.index.paths {
        config.inside(path.span().start, path.get_ref())?;
    }
    for glob in &tables.index.globs {
        let read = globs.read(glob.get_ref().trim_start_matches('!'));
        read.map_err(|error| config.error(glob.span().start, error.to_string()))?;
    }
    let paths = tables.index.paths.into_iter().map(Spanned::into_inner);
    let globs = tables.index.globs.into_iter().map(Spanned::into_inner);
    rules.globs = globs.collect();
    Ok((rules, paths.collect()))
}

fn file_rule(
    files: &FilesTable,
    globs: &mut GlobBudget,
    patterns: &mut PatternList,
) -> Result<FileRule, RuleError> {
    let of_label = |label: &str| {
        Encoding::of_label(label).ok_or_else(|| RuleError::Encoding(label.to_string()))
    };
    let encoding = files.encoding.as_deref().map(of_label);
    let paths = files.glob.texts().iter().map(|glob| globs.read(glob));
    Ok(FileRule {
        paths: paths.collect::<Result<_, _>>()?,
        split: split(files, patterns)?,
        encoding: encoding.transpose()?,
    })
}

fn feed_rule(feeds: &FeedsTable, globs: &mut GlobBudget) -> Result<FeedRule, RuleError> {
    let paths = feeds.glob.texts().iter().map(|glob| globs.read(glob));
    if let Some(name) = feeds.format.as_deref().filter(|name| !is_text_format(name)) {
        return Err(RuleError::Format(name.to_string()));
    }
    Ok(FeedRule {
        paths: paths.collect::<Result<_, _>>()?,
        feed: Feed {
            id: feeds.id.clone(),
            title: feeds.title.clone(),
            body: feeds.body.clone(),
            date: feeds.date.clone(),
            author: feeds.author.clone(),
            url: feeds.url.clone(),
            lang: feeds.lang.clone(),
            format: feeds.format.clone(),
        },
    })
}

/// Reads the globs of a configuration. All together may be so many and so long that they take little memory.
#[derive(Default)]
struct GlobBudget {
    count: usize,
    bytes: usize,
}

impl GlobBudget {
    fn read(&mut self, glob: &str) -> Result<Filter, RuleError> {
        self.count += 1;
        self.bytes += glob.len();
        if self.count > MAX_GLOBS || self.bytes > MAX_GLOBS_BYTES {
            return Err(RuleError::ManyGlobs(glob.chars().take(40).collect()));
        }
        Filter::path(glob).ok_or_else(|| RuleError::Glob(glob.to_string()))
    }
}

fn split(files: &FilesTable, patterns: &mut PatternList) -> Result<Option<Split>, RuleError> {
    match (&files.split, &files.split_at) {
        (Some(_), Some(_)) => Err(RuleError::TwoSplits),
        (Some(SplitName::Auto), None) => Ok(Some(Split::Auto)),
        (Some(SplitName::Never), None) => Ok(Some(Split::Never)),
        (None, Some(own)) => Ok(Some(Split::At(patterns.add(own.texts())?))),
        (None, None) => Ok(None),
    }
}
