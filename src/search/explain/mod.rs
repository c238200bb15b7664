//! Explains a section's score, or why it is no hit, from the stored section and the definition of
//! [`crate::engine::ranking`].

mod examine;
pub(super) mod facts;
pub(super) mod section_words;
mod sums;
pub(super) mod target;

use self::examine::Examiner;
use self::facts::Explanation;
use self::target::target;
use super::{Error, Index};
use crate::engine::SearchOptions;
use crate::query::Mode;

impl Index {
    /// Explains why the section with this id scored so, or is no hit. Where `id` is the path of an indexed file, its
    /// best hit is explained, else its first section.
    ///
    /// # Errors
    /// A query that cannot be read, an id that names nothing in the index, and what the engine says.
    ///
    /// ```
    /// # use excerpt::refresh::{NoProgress, RefreshRequest};
    /// # use excerpt::query::Mode;
    /// # use excerpt::search::{Index, Location, Verdict};
    /// # use excerpt::source::StoredPath;
    /// # let folder = std::env::temp_dir().join(format!("excerpt-explain-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # std::fs::write(folder.join("talks.md"), "# Talks\n\nThe Minsk agreements failed.\n")?;
    /// # let mut index = Index::open_or_create(Location::nearest(&folder))?;
    /// # let everything = RefreshRequest { add: vec![StoredPath::default()], ..RefreshRequest::default() };
    /// # index.refresh(&everything, &NoProgress)?;
    /// let explained = index.explain("minsk accords", Mode::default(), "talks.md#top")?;
    /// assert_eq!(explained.verdict, Verdict::NoMatch);
    /// assert_eq!(explained.root.failures()[0].text, "accords");
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, text: &str, mode: Mode, id: &str) -> Result<Explanation, Error> {
        let query = self.parse(text, mode)?;
        let options = SearchOptions {
            ranking: self.ranking(),
            limits: self.limits(),
            ..SearchOptions::default()
        };
        let found = self.snapshot().search(&query, &options)?;
        let target = target(self, id, &found.hits)?;
        let place = found.hits.iter().position(|hit| hit.key == target.key);
        let now = self.sources().now(&target.record);
        let examined = Examiner::new(self, &target).examine(&query)?;
        Ok(examined.explain(self, &target, &now, place, found.matched))
    }
}
