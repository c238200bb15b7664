//! Where a configuration says that the index lies: `index.location`.

use serde::Deserialize;
use toml::Spanned;

use super::text::ConfigText;
use crate::source::FileError;

/// What of a configuration says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LocationTables {
    index: LocationTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LocationTable {
    location: Option<Spanned<String>>,
}

/// The location that a configuration says.
pub(super) fn read_location(config: ConfigText<'_>) -> Result<Option<String>, FileError> {
    Ok(said(config)?.map(Spanned::into_inner))
}

/// An error where a configuration that was found says one: a stranger's folder sends nobody's files to another machine.
pub(super) fn refuse_location(config: ConfigText<'_>) -> Result<(), FileError> {
    match said(config)? {
        Some(said) => Err(config.error(
            said.span().start,
            format!(
                "a configuration that was found does not say where the index lies; type `--index {}`, or name the configuration with --config",
                said.get_ref()
            ),
        )),
        None => Ok(()),
    }
}

fn said(config: ConfigText<'_>) -> Result<Option<Spanned<String>>, FileError> {
    let tables: LocationTables =
        toml::from_str(config.text).map_err(|error| config.error_of(&error))?;
    Ok(tables.index.location)
}
