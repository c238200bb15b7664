//! The configuration file, `excerpt.toml`.

use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use toml::Spanned;

use super::settings::Settings;
use super::trust::accepts_config;
use crate::format::{PatternList, Split};
use crate::query::Filter;
use crate::refresh::{FileRule, Rules, StatCheck};
use crate::search::{IndexOptions, Location};
use crate::source::trust::{MAX_NAMED_BYTES, read_found, read_named, resolved};
use crate::source::{Encoding, FileError};

/// The name of the file beside the index's folder.
const FILE_NAME: &str = "excerpt.toml";

/// How many globs a configuration may have.
const MAX_GLOBS: usize = 1_000;
/// How long they may be together, in bytes.
const MAX_GLOBS_BYTES: usize = 64 << 10;

/// What the configuration and the environment say.
pub(super) struct Config {
    /// The settings.
    pub(super) settings: Settings,
    /// What of it does not hold, and why.
    pub(super) notices: Vec<String>,
    /// How files are read.
    pub(super) rules: Rules,
    /// What an index covers where the command line names no paths, relative to the folder of the configuration.
    pub(super) paths: Vec<PathBuf>,
    /// The file, where it is another user's and was left out.
    pub(super) left_out: Option<String>,
}

impl Config {
    /// What a new index covers: the paths below `base`, else all of the current folder.
    pub(super) fn covered(&self, base: &Path) -> Vec<PathBuf> {
        match self.paths.is_empty() {
            true => vec![PathBuf::from(".")],
            false => self.paths.iter().map(|path| base.join(path)).collect(),
        }
    }
}

/// What of a configuration file is no setting.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    index: IndexTable,
}

/// Its table `[index]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndexTable {
    paths: Vec<Spanned<PathBuf>>,
    globs: Vec<Spanned<String>>,
    files: Vec<Spanned<FilesConfig>>,
}

/// A table `[[index.files]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FilesConfig {
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

/// Reads the configuration that was named, else the one beside the index, if there is one; then the environment.
pub(super) fn config(
    named: Option<&Path>,
    location: &Location,
    options: &IndexOptions,
) -> anyhow::Result<Config> {
    let variable = |name: &str| std::env::var(name).ok();
    if let Some(path) = named {
        let name = shown(path);
        let bytes = read_named(path, MAX_NAMED_BYTES);
        let bytes = bytes.with_context(|| format!("cannot read `{name}`"))?;
        return read(&name, FileError::text_of(&name, &bytes)?, true, variable);
    }
    let path = beside(location);
    let name = shown(&path);
    if !accepts_config(options, &path) {
        let config = read(&name, "", false, variable)?;
        return Ok(Config {
            left_out: Some(name),
            ..config
        });
    }
    let bytes = match read_found(&path, path.parent().unwrap_or(&path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read.with_context(|| format!("cannot read `{name}`"))?,
    };
    read(&name, FileError::text_of(&name, &bytes)?, false, variable)
}

/// The path as people see it: from the current folder where it lies in it.
fn shown(path: &Path) -> String {
    let current = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&current)
        .unwrap_or(path)
        .display()
        .to_string()
}

fn beside(location: &Location) -> PathBuf {
    let folder = location.folder.parent().unwrap_or(&location.base);
    folder.join(FILE_NAME)
}

/// Reads the file's text, and what the environment's variables say beside it. Where the file was not named but found, it
/// only lowers the limits of queries.
fn read(
    name: &str,
    text: &str,
    is_named: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Config> {
    let mut settings = Settings::new();
    settings.take_file(name, text)?;
    let notices = match is_named {
        true => Vec::new(),
        false => settings.lower_only(),
    };
    settings.take_environment(variable)?;
    let file: File = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        FileError::at(name, text, start, error.message().trim_end())
    })?;
    let mut rules = Rules::default();
    let mut patterns = PatternList::new();
    let mut globs = Globs::default();
    for files in &file.index.files {
        let rule = file_rule(files.get_ref(), &mut globs, &mut patterns);
        let placed = |error: anyhow::Error| {
            FileError::at(name, text, files.span().start, format!("{error:#}"))
        };
        rules.files.push(rule.map_err(placed)?);
    }
    rules.limits = settings.limits();
    for path in &file.index.paths {
        if inside(name, path.get_ref()).is_none() {
            let message = "a path of the configuration lies in its folder";
            return Err(FileError::at(name, text, path.span().start, message).into());
        }
    }
    for glob in &file.index.globs {
        if let Err(error) = globs.read(glob.get_ref().trim_start_matches('!')) {
            return Err(FileError::at(name, text, glob.span().start, format!("{error:#}")).into());
        }
    }
    let paths = file.index.paths.into_iter().map(Spanned::into_inner);
    let globs = file.index.globs.into_iter().map(Spanned::into_inner);
    rules.globs = globs.collect();
    rules.stat = match settings.value("index", "stat") {
        "basic" => StatCheck::Basic,
        _ => StatCheck::Full,
    };
    Ok(Config {
        settings,
        notices,
        rules,
        paths: paths.collect(),
        left_out: None,
    })
}

/// A path of the configuration `name`, below its folder; `None` where it leaves that, also through a link.
pub(super) fn inside(name: &str, path: &Path) -> Option<PathBuf> {
    let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    let whole = folder.join(path);
    let current = std::env::current_dir().unwrap_or_default();
    let is_below = || resolved(&current.join(&whole)).starts_with(resolved(&current.join(folder)));
    (path.components().all(is_plain) && is_below()).then_some(whole)
}

fn file_rule(
    files: &FilesConfig,
    globs: &mut Globs,
    patterns: &mut PatternList,
) -> anyhow::Result<FileRule> {
    let encoding = files.encoding.as_deref().map(|label| {
        Encoding::of_label(label).with_context(|| format!("no encoding is called `{label}`"))
    });
    Ok(FileRule {
        paths: files
            .glob
            .texts()
            .iter()
            .map(|glob| globs.read(glob))
            .collect::<Result<_, _>>()?,
        split: split(files, patterns)?,
        encoding: encoding.transpose()?,
    })
}

/// Reads the globs of a configuration. All together may be so many and so long that they take little memory.
#[derive(Default)]
struct Globs {
    count: usize,
    bytes: usize,
}

impl Globs {
    fn read(&mut self, glob: &str) -> anyhow::Result<Filter> {
        self.count += 1;
        self.bytes += glob.len();
        if self.count > MAX_GLOBS || self.bytes > MAX_GLOBS_BYTES {
            let shown: String = glob.chars().take(40).collect();
            bail!(
                "with the glob `{shown}` there are more than {MAX_GLOBS}, or they are longer than {MAX_GLOBS_BYTES} bytes \
                 together"
            );
        }
        Filter::path(glob).with_context(|| format!("invalid glob `{glob}`"))
    }
}

fn split(files: &FilesConfig, patterns: &mut PatternList) -> anyhow::Result<Option<Split>> {
    match (&files.split, &files.split_at) {
        (Some(_), Some(_)) => bail!("`split` and `split-at` exclude each other"),
        (Some(SplitName::Auto), None) => Ok(Some(Split::Auto)),
        (Some(SplitName::Never), None) => Ok(Some(Split::Never)),
        (None, Some(own)) => Ok(Some(Split::At(patterns.add(own.texts())?))),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_configuration_is_read() {
        let config = read(
            "x.toml",
            "[index]\nmax-filesize = '2M'\nmax-nesting = 5\n\n[[index.files]]\nglob = 'logs/**'\nsplit = 'never'\n\n\
             [[index.files]]\nglob = ['a', 'b']\nsplit-at = '^Item '\nencoding = 'cp1251'\n",
            true,
            |_| None,
        )
        .expect("rules");
        let rules = config.rules;
        assert_eq!(
            (rules.limits.max_filesize, rules.limits.max_nesting),
            (Some(2 << 20), Some(5))
        );
        assert_eq!(rules.files[0].split, Some(Split::Never));
        assert_eq!(rules.files[1].paths.len(), 2);
        assert_eq!(
            rules.files[1].encoding.map(Encoding::name),
            Some("windows-1251")
        );
        assert!(
            read("", "", true, |_| None)
                .expect("no rules")
                .rules
                .files
                .is_empty()
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, message) in [
            ("[[index.files]]\nsplit = 'never'\n", "missing field `glob`"),
            ("[[index.files]]\nglob = 'a['\n", "invalid glob `a[`"),
            (
                "[[index.files]]\nglob = 3\n",
                "expected a text or a list of texts",
            ),
            (
                "[[index.files]]\nglob = 'a'\nsplit = 'often'\n",
                "unknown variant `often`",
            ),
            (
                "[[index.files]]\nglob = 'a'\nsplit-at = '('\n",
                "invalid pattern `(`",
            ),
            (
                "[[index.files]]\nglob = 'a'\nsplit = 'never'\nsplit-at = 'x'\n",
                "exclude each other",
            ),
            (
                "[[index.files]]\nglob = 'a'\nencoding = 'morse'\n",
                "no encoding is called `morse`",
            ),
        ] {
            let error = match read("x.toml", text, true, |_| None) {
                Err(error) => error.to_string(),
                Ok(_) => panic!("{text}"),
            };
            assert!(
                error.starts_with("x.toml:") && error.contains(message) && !error.contains('\n'),
                "{text:?}: {error}"
            );
        }
    }
}
