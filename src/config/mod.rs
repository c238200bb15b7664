//! The configuration: settings from the file `excerpt.toml` and from the environment, typed, each with its source.

mod error;
mod location;
mod rules;
mod settings;
mod text;
mod values;

use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::error::ConfigError;
pub(crate) use self::settings::{ChosenSettings, CommandDefaults};
use self::text::ConfigText;
pub(crate) use self::values::{Color, LanguageChoice, parse_language, parse_size};
use crate::engine::is_url;
use crate::refresh::{Rules, StatCheck};
use crate::search::{IndexOptions, Location};
use crate::source::FileError;
use crate::source::trust::{MAX_NAMED_BYTES, owner, read_found, read_named};

/// The name of the file beside the index's folder.
const FILE_NAME: &str = "excerpt.toml";

/// What the configuration and the environment say.
pub(crate) struct Config {
    /// The settings.
    pub(crate) settings: ChosenSettings,
    /// What of it does not hold, and why.
    pub(crate) notices: Vec<String>,
    /// How files are read.
    pub(crate) rules: Rules,
    /// What an index covers where the command line names no paths, relative to the folder of the configuration.
    pub(crate) paths: Vec<PathBuf>,
    /// The file, where it is another user's and was left out.
    pub(crate) left_out: Option<String>,
}

/// Where a configuration is looked for, and what it is read with.
pub(crate) struct ConfigRequest<'a> {
    /// The file that was named.
    pub(crate) named: Option<&'a Path>,
    /// The index that it belongs to.
    pub(crate) location: &'a Location,
    /// The current folder.
    pub(crate) current: &'a Path,
    /// Whose files are taken.
    pub(crate) options: &'a IndexOptions,
    /// The variables of the environment.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Config {
    /// Reads the configuration that was named, else the one beside the index, if there is one; then the environment.
    ///
    /// # Errors
    /// Where the file cannot be read, or a value of it or of the environment does not hold.
    pub(crate) fn read(request: &ConfigRequest<'_>) -> Result<Config, ConfigError> {
        let found = beside(request.location);
        if request.named.is_none() && request.location.is_remote() {
            // One that lies about says nothing of what is sent to another machine.
            return read(request.text("", ""), false, request.variable);
        }
        let path = request.named.unwrap_or(&found);
        let name = shown(path, request.current);
        let unreadable = |source| ConfigError::Unreadable {
            file: name.clone(),
            source,
        };
        let bytes = match request.named {
            Some(_) => read_named(path, MAX_NAMED_BYTES).map_err(unreadable)?,
            None if !accepts(request.options, path) => {
                let config = read(request.text(&name, ""), false, request.variable)?;
                return Ok(Config {
                    left_out: Some(name),
                    ..config
                });
            }
            None => match read_found(path, path.parent().unwrap_or(path)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                read => read.map_err(unreadable)?,
            },
        };
        let text = request.text(&name, FileError::text_of(&name, &bytes)?);
        if request.named.is_none() {
            location::refuse_location(text)?;
        }
        read(text, request.named.is_some(), request.variable)
    }

    /// What a new index covers: the paths below `base`, else all of the current folder.
    pub(crate) fn covered(&self, base: &Path) -> Vec<PathBuf> {
        match self.paths.is_empty() {
            true => vec![PathBuf::from(".")],
            false => self.paths.iter().map(|path| base.join(path)).collect(),
        }
    }
}

impl<'a> ConfigRequest<'a> {
    fn text(&self, name: &'a str, text: &'a str) -> ConfigText<'a> {
        ConfigText {
            name,
            text,
            current: self.current,
        }
    }
}

/// Where a configuration that was named says that the index lies: an address, or a folder beside the file.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn named_location(file: &Path) -> Result<Option<PathBuf>, ConfigError> {
    let name = file.display().to_string();
    let bytes = read_named(file, MAX_NAMED_BYTES).map_err(|source| ConfigError::Unreadable {
        file: name.clone(),
        source,
    })?;
    let config = ConfigText {
        name: &name,
        text: FileError::text_of(&name, &bytes)?,
        current: Path::new(""),
    };
    let said = location::read_location(config)?;
    Ok(said.map(|said| match is_url(&said) {
        true => PathBuf::from(said),
        false => file.parent().unwrap_or(Path::new("")).join(said),
    }))
}

/// The path as people see it: from the current folder where it lies in it.
fn shown(path: &Path, current: &Path) -> String {
    path.strip_prefix(current)
        .unwrap_or(path)
        .display()
        .to_string()
}

fn beside(location: &Location) -> PathBuf {
    let folder = location.folder.parent().unwrap_or(&location.base);
    folder.join(FILE_NAME)
}

/// Whether a configuration that was found may say something: it is the user's, root's, or of the owner of a trusted
/// folder.
fn accepts(options: &IndexOptions, file: &Path) -> bool {
    let Ok(metadata) = std::fs::metadata(file) else {
        return true;
    };
    let is_trusted = || {
        let folder = file.parent().unwrap_or(file);
        let of_folder = std::fs::metadata(folder)
            .ok()
            .and_then(|folder| owner(&folder));
        options.trusted.covers(folder) && of_folder == owner(&metadata)
    };
    options.users.own(&metadata) || owner(&metadata) == Some(0) || is_trusted()
}

/// Reads the file's text, and what the environment's variables say beside it. Where the file was not named but found, it
/// only lowers the limits of queries.
fn read(
    config: ConfigText<'_>,
    is_named: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Config, ConfigError> {
    let mut settings = ChosenSettings::new();
    settings.take_file(config)?;
    let notices = match is_named {
        true => Vec::new(),
        false => settings.lower_only(),
    };
    settings.take_environment(variable)?;
    let (mut rules, paths) = rules::read_rules(config)?;
    rules.limits = settings.limits();
    rules.stat = match settings.is_named("index", "stat", "basic") {
        true => StatCheck::Basic,
        false => StatCheck::Full,
    };
    Ok(Config {
        settings,
        notices,
        rules,
        paths,
        left_out: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Split;
    use crate::source::Encoding;

    fn read_here(text: &str) -> Result<Config, ConfigError> {
        let current = Path::new("");
        let config = ConfigText {
            name: "x.toml",
            text,
            current,
        };
        read(config, true, |_| None)
    }

    #[test]
    fn a_whole_configuration_is_read() {
        let config = read_here(
            "[index]\nmax-filesize = '2M'\nmax-nesting = 5\n\n[[index.files]]\nglob = 'logs/**'\nsplit = 'never'\n\n\
             [[index.files]]\nglob = ['a', 'b']\nsplit-at = '^Item '\nencoding = 'cp1251'\n",
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
        assert!(read_here("").expect("no rules").rules.files.is_empty());
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
            let error = match read_here(text) {
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
