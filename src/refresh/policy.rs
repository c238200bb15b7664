//! Rules of how files are read, by their paths.

use std::borrow::Cow;
use std::path::Path;

use twox_hash::XxHash3_64;

use super::{Root, Settings};
use crate::article::FilterFacts;
use crate::engine::Origin;
use crate::format::{Feed, Format, GivenLimits, Limits, ReadOptions, Split, detect, detect_for};
use crate::query::Filter;
use crate::source::{Encoding, StatKey, StoredPath, WalkOptions};

/// How files are read, as a configuration says.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Limits; those that an index was given by itself go before.
    pub limits: GivenLimits,
    /// Which files are found in folders that were given no globs of their own.
    pub globs: Vec<String>,
    /// What tells that a file is as it was.
    pub stat: StatCheck,
    /// Rules for some files. Of several that say something of a file the last one holds.
    pub files: Vec<FileRule>,
    /// Where the fields of feeds' records stand. Of several for a file the last one holds.
    pub feeds: Vec<FeedRule>,
}

/// How the records of the feeds at some paths are read.
#[derive(Debug, Clone, Default)]
pub struct FeedRule {
    /// Filters on the path, [`Filter::path`]; one that passes is enough.
    pub paths: Vec<Filter>,
    /// Where the fields stand.
    pub feed: Feed,
}

/// What tells that a file is as it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatCheck {
    /// Its size, its times of modification and of change, and its number in the file system.
    #[default]
    Full,
    /// Its size and time of modification: where a file system gives new numbers with each mount, or a backup changes the
    /// other time.
    Basic,
}

/// How the files of some paths are read.
#[derive(Debug, Clone, Default)]
pub struct FileRule {
    /// Filters on the path, [`Filter::path`]; one that passes is enough.
    pub paths: Vec<Filter>,
    /// Where they are cut into sections.
    pub split: Option<Split>,
    /// Their encoding.
    pub encoding: Option<Encoding>,
}

impl Rules {
    /// How the file at `path` is read, with the limits in `given`, which go before the rules' own.
    #[must_use]
    pub fn options(&self, path: &StoredPath, given: GivenLimits) -> ReadOptions {
        let mut options = ReadOptions {
            limits: given.or(self.limits).limits(),
            ..ReadOptions::default()
        };
        let text = path.to_text();
        let facts = FilterFacts {
            path: &text,
            inner: None,
            ..FilterFacts::default()
        };
        for rule in &self.files {
            if rule.paths.iter().any(|filter| filter.passes(&facts)) {
                options.encoding = rule.encoding.or(options.encoding);
                if let Some(split) = &rule.split {
                    options.split = split.clone();
                }
            }
        }
        let holds = |rule: &&FeedRule| rule.paths.iter().any(|filter| filter.passes(&facts));
        let feed = self.feeds.iter().rev().find(holds);
        options.feed = feed.map(|rule| rule.feed.clone());
        options
    }

    /// The largest file of a format that is read, in bytes; the limits in `given` go before the rules' own.
    #[must_use]
    pub fn max_bytes(&self, format: Option<&Format>, given: GivenLimits) -> u64 {
        let given = given.or(self.limits);
        match format {
            Some(format) => format.max_bytes(given),
            None => given.limits().file_bytes,
        }
    }
}

/// How each file is read in one refresh.
pub(super) struct Manner<'a> {
    rules: &'a Rules,
    given: GivenLimits,
    /// The fingerprint of a file that no rule is for.
    common: u64,
}

impl<'a> Manner<'a> {
    pub(crate) fn new(rules: &'a Rules, settings: &Settings) -> Manner<'a> {
        let given = settings.limits;
        let common = ReadOptions {
            limits: given.or(rules.limits).limits(),
            ..ReadOptions::default()
        };
        Manner {
            rules,
            given,
            common: fingerprint(&common),
        }
    }

    /// How a root is walked: its own globs go before those of the rules.
    pub(super) fn walk_options<'b>(&self, root: &'b Root) -> Cow<'b, WalkOptions> {
        if !root.options.globs.is_empty() || self.rules.globs.is_empty() {
            return Cow::Borrowed(&root.options);
        }
        Cow::Owned(WalkOptions {
            globs: self.rules.globs.clone(),
            ..root.options.clone()
        })
    }

    /// Whether what the file system says of a file is what it said when it was read.
    pub(super) fn is_same(&self, known: &StatKey, now: &StatKey, exact: bool) -> bool {
        match self.rules.stat {
            StatCheck::Basic if !exact => known.is_alike(now),
            _ => known == now,
        }
    }

    /// The format that a file is read in, and how.
    pub(super) fn format(
        &self,
        path: &StoredPath,
        origin: Origin,
    ) -> Option<(&'static Format, ReadOptions)> {
        let options = ReadOptions {
            named: origin != Origin::Walked,
            ..self.rules.options(path, self.given)
        };
        Some((detect_for(&path.to_path(), &options)?, options))
    }

    /// The format that a file is read in.
    pub(super) fn format_of(&self, path: &StoredPath, origin: Origin) -> Option<&'static Format> {
        // Most formats are known without the options.
        detect(&path.to_path()).or_else(|| Some(self.format(path, origin)?.0))
    }

    /// How large a file of a folder is read, in bytes; `None` where its format is not known.
    pub(super) fn accepts(&self, path: &Path, base: &Path) -> Option<u64> {
        let of_rule = || {
            if self.rules.feeds.is_empty() {
                return None;
            }
            let stored = StoredPath::below_base(path, base);
            self.format(&stored, Origin::Walked)
                .map(|(format, _)| format)
        };
        let format = detect(path).or_else(of_rule)?;
        Some(self.max_bytes(Some(format)))
    }

    /// The largest file of a format that is read, in bytes.
    pub(super) fn max_bytes(&self, format: Option<&Format>) -> u64 {
        self.rules.max_bytes(format, self.given)
    }

    /// What tells this manner of reading the file from others; 0 for the one by default.
    pub(super) fn fingerprint(&self, path: &StoredPath) -> u64 {
        if self.rules.files.is_empty() && self.rules.feeds.is_empty() {
            return self.common;
        }
        fingerprint(&self.rules.options(path, self.given))
    }
}

fn fingerprint(options: &ReadOptions) -> u64 {
    let ReadOptions {
        limits,
        encoding,
        split,
        feed,
        named: _,
    } = options;
    // A file's size is looked at before it is read.
    let limits = Limits {
        file_bytes: 0,
        ..*limits
    };
    let usual = Limits {
        file_bytes: 0,
        ..Limits::default()
    };
    if limits == usual && encoding.is_none() && *split == Split::Auto && feed.is_none() {
        return 0;
    }
    let patterns = match split {
        Split::At(patterns) => patterns.texts().iter().map(String::as_str).collect(),
        Split::Auto => vec!["auto"],
        Split::Never => vec!["never"],
    };
    let encoding = encoding.map(Encoding::name);
    let feed = feed
        .as_ref()
        .map(|feed| format!(" {feed:?}"))
        .unwrap_or_default();
    XxHash3_64::oneshot(format!("{limits:?} {encoding:?} {patterns:?}{feed}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(glob: &str, split: Option<Split>, encoding: Option<&str>) -> FileRule {
        FileRule {
            paths: vec![Filter::path(glob).expect("a glob")],
            split,
            encoding: encoding.and_then(Encoding::of_label),
        }
    }

    #[test]
    fn the_last_rule_that_says_something_holds() {
        let rules = Rules {
            limits: GivenLimits {
                max_sections: Some(7),
                max_steps: Some(8),
                ..GivenLimits::default()
            },
            files: vec![
                rule("old", Some(Split::Never), Some("koi8-r")),
                rule("**/*.log", None, Some("utf-8")),
            ],
            ..Rules::default()
        };
        let given = GivenLimits {
            max_steps: Some(9),
            ..GivenLimits::default()
        };
        let settings = Settings {
            limits: given,
            ..Settings::default()
        };
        let options = |path: &str| rules.options(&StoredPath::from_bytes(path.as_bytes()), given);
        let log = options("old/x/a.log");
        assert_eq!(
            (log.split, log.encoding.map(Encoding::name)),
            (Split::Never, Some("utf-8"))
        );
        assert_eq!(
            options("old/a.txt").encoding.map(Encoding::name),
            Some("koi8-r")
        );
        let other = options("new/a.txt");
        assert_eq!((other.split, other.encoding), (Split::Auto, None));
        assert_eq!((other.limits.sections, other.limits.steps), (7, 9));

        let manner = Manner::new(&rules, &settings);
        let print = |path: &str| manner.fingerprint(&StoredPath::from_bytes(path.as_bytes()));
        assert_ne!(print("old/a.txt"), print("old/a.log"));
        assert_eq!(print("new/a.txt"), print("new/b.txt"));
        let none = Rules::default();
        let plain = Manner::new(&none, &Settings::default());
        assert_eq!(plain.fingerprint(&StoredPath::from_bytes(b"a")), 0);
    }
}
