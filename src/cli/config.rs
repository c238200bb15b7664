//! The configuration file, `excerpt.toml`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use regex::Regex;
use serde::{Deserialize, Deserializer, de};

use super::args::parse_size;
use crate::format::{GivenLimits, Split};
use crate::index::{FileRule, Rules};
use crate::query::Filter;
use crate::search::Location;
use crate::source::Encoding;

/// The name of the file beside the index's folder.
const FILE_NAME: &str = "excerpt.toml";

/// What a configuration file says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    index: IndexConfig,
}

/// Its table `[index]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct IndexConfig {
    max_filesize: Option<Size>,
    max_nesting: Option<u64>,
    max_elements: Option<u64>,
    max_sections: Option<u64>,
    max_steps: Option<u64>,
    files: Vec<FilesConfig>,
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

/// A number of bytes, also as `"64M"`.
#[derive(Debug, Clone, Copy)]
struct Size(u64);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Size, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a number of bytes, with K, M or G")]
        enum Written {
            Number(u64),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(bytes) => Ok(Size(bytes)),
            Written::Text(text) => parse_size(&text).map(Size).map_err(de::Error::custom),
        }
    }
}

/// The rules of the configuration that was named, else of the one beside the index, else none.
pub(super) fn rules(named: Option<&Path>, location: &Location) -> anyhow::Result<Rules> {
    let path = match named {
        Some(path) => path.to_path_buf(),
        None => beside(location),
    };
    match fs::read_to_string(&path) {
        Ok(text) => read(&text).map_err(|error| anyhow!("{}{error:#}", path.display())),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
            Ok(Rules::default())
        }
        Err(error) => {
            Err(anyhow!(error)).with_context(|| format!("cannot read `{}`", path.display()))
        }
    }
}

fn beside(location: &Location) -> PathBuf {
    let folder = location.folder.parent().unwrap_or(&location.base);
    folder.join(FILE_NAME)
}

/// Reads a configuration. An error begins with its place, `:line:column` where that is known.
fn read(text: &str) -> anyhow::Result<Rules> {
    let config: Config = toml::from_str(text).map_err(|error| {
        let at = error
            .span()
            .map_or_else(String::new, |span| place(text, span.start));
        anyhow!("{at}: {}", error.message().trim_end())
    })?;
    rules_of(&config.index).map_err(|error| anyhow!(": {error:#}"))
}

/// `:line:column` of a byte, both 1-based.
fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!(":{line}:{column}")
}

fn rules_of(index: &IndexConfig) -> anyhow::Result<Rules> {
    let files = index.files.iter().map(file_rule);
    Ok(Rules {
        limits: GivenLimits {
            max_filesize: index.max_filesize.map(|size| size.0),
            max_nesting: index.max_nesting,
            max_elements: index.max_elements,
            max_sections: index.max_sections,
            max_steps: index.max_steps,
        },
        files: files.collect::<anyhow::Result<_>>()?,
    })
}

fn file_rule(files: &FilesConfig) -> anyhow::Result<FileRule> {
    let path = |glob: &String| Filter::path(glob).with_context(|| format!("invalid glob `{glob}`"));
    let encoding = files.encoding.as_deref().map(|label| {
        Encoding::of_label(label).with_context(|| format!("no encoding is called `{label}`"))
    });
    Ok(FileRule {
        paths: files
            .glob
            .texts()
            .iter()
            .map(path)
            .collect::<Result<_, _>>()?,
        split: split(files)?,
        encoding: encoding.transpose()?,
    })
}

fn split(files: &FilesConfig) -> anyhow::Result<Option<Split>> {
    let pattern = |text: &String| {
        let reason = |error: regex::Error| {
            error
                .to_string()
                .lines()
                .last()
                .unwrap_or_default()
                .replace("error: ", "")
        };
        Regex::new(text).map_err(|error| anyhow!("invalid pattern `{text}`: {}", reason(error)))
    };
    match (&files.split, &files.split_at) {
        (Some(_), Some(_)) => bail!("`split` and `split-at` exclude each other"),
        (Some(SplitName::Auto), None) => Ok(Some(Split::Auto)),
        (Some(SplitName::Never), None) => Ok(Some(Split::Never)),
        (None, Some(patterns)) => {
            let patterns = patterns.texts().iter().map(pattern);
            Ok(Some(Split::At(patterns.collect::<Result<_, _>>()?)))
        }
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_configuration_is_read() {
        let rules = read(
            "[index]\nmax-filesize = '2M'\nmax-nesting = 5\n\n[[index.files]]\nglob = 'logs/**'\nsplit = 'never'\n\n\
             [[index.files]]\nglob = ['a', 'b']\nsplit-at = '^Item '\nencoding = 'cp1251'\n",
        )
        .expect("rules");
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
        assert!(read("").expect("no rules").files.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, message) in [
            ("[index]\nmax-file = 3\n", "unknown field `max-file`"),
            ("[indx]\n", "unknown field `indx`"),
            (
                "[index]\nmax-filesize = 'x'\n",
                "expected a number of bytes",
            ),
            ("[index]\nmax-nesting = 'x'\n", "invalid type"),
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
            let error = format!("{:#}", read(text).expect_err(text));
            assert!(
                error.contains(message) && !error.contains('\n'),
                "{text:?}: {error}"
            );
        }
    }
}
