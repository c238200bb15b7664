//! Filters: what is asked of the article, not of the words.

use super::DateRange;
use super::path_filter::PathFilter;
use crate::analysis::{Language, words};
use crate::article::FilterFacts;

/// One filter.
#[derive(Debug, Clone)]
pub enum Filter {
    /// The stored path, or that of a folder above it, is the one that is written, or matches it as a glob.
    Path(PathFilter),
    /// The article's language is this one; `en` holds `en-us` too, and `german` what says `de`.
    Lang {
        /// The tag or name as written, in lower case.
        asked: String,
        /// The language that it is in all regions; `None` where it names one, or none that is known.
        language: Option<Language>,
    },
    /// The name of one of the authors holds these words, next to each other.
    Author(Vec<String>),
    /// The article's date lies within.
    Date(DateRange),
}

impl Filter {
    /// A filter on the path from the base. `None` where it cannot be read as a glob.
    #[must_use]
    pub fn path(glob: &str) -> Option<Filter> {
        PathFilter::from_base(glob).map(Filter::Path)
    }

    /// As [`Filter::path`], but a name without a slash stands for any file or folder of that name, as in `.gitignore`, and
    /// what cannot be read as a glob is a path alone.
    #[must_use]
    pub fn path_anywhere(glob: &str) -> Filter {
        let mut filter = PathFilter::from_base_or_literal(glob);
        let name = glob.trim_end_matches('/');
        filter.is_component = !name.contains('/') && !matches!(name, "." | "..");
        Filter::Path(filter)
    }

    /// The filter, a path that begins with `./` or `../` meant from `folder` instead of from the base; an absolute
    /// `folder` has `/./` where the base ends.
    #[must_use]
    pub fn seen_from(self, folder: &str) -> Filter {
        match self {
            Filter::Path(path) => Filter::Path(path.seen_from(folder)),
            other => other,
        }
    }

    /// A filter on the language.
    #[must_use]
    pub fn lang(asked: &str) -> Filter {
        let known = (!asked.contains(['-', '_'])).then(|| Language::of_tag(asked));
        Filter::Lang {
            asked: asked.to_ascii_lowercase(),
            language: known.flatten(),
        }
    }

    /// A filter on the author. `None` where the name has no word.
    #[must_use]
    pub fn author(name: &str) -> Option<Filter> {
        let forms = forms(name);
        (!forms.is_empty()).then_some(Filter::Author(forms))
    }

    /// Whether an article passes.
    #[must_use]
    pub fn passes(&self, facts: &FilterFacts<'_>) -> bool {
        match self {
            Filter::Path(filter) => {
                filter.passes(facts.path)
                    || facts.inner.is_some_and(|path| filter.passes(path))
                    || facts.outer_parts().any(|outer| filter.passes(outer))
            }
            Filter::Lang { asked, language } => facts.lang.is_some_and(|own| {
                begins_with_tag(own, asked) || language.is_some_and(|known| known.is_named(own))
            }),
            Filter::Author(name) => facts.authors.iter().any(|own| {
                forms(own)
                    .windows(name.len())
                    .any(|window| window == name.as_slice())
            }),
            Filter::Date(range) => facts.date.is_some_and(|date| range.contains(date)),
        }
    }
}

/// Whether the tag `own` is `asked`, or that with more behind it; `_` parts as `-` does.
fn begins_with_tag(own: &str, asked: &str) -> bool {
    let parted = |byte: u8| if byte == b'_' { b'-' } else { byte };
    let mut rest = own.bytes().map(parted);
    let is_front = asked
        .bytes()
        .map(parted)
        .all(|byte| rest.next() == Some(byte));
    is_front && matches!(rest.next(), None | Some(b'-'))
}

impl PartialEq for Filter {
    fn eq(&self, other: &Filter) -> bool {
        match (self, other) {
            (Filter::Path(a), Filter::Path(b)) => {
                (&a.written, a.is_component) == (&b.written, b.is_component)
            }
            (Filter::Lang { asked: a, .. }, Filter::Lang { asked: b, .. }) => a == b,
            (Filter::Author(a), Filter::Author(b)) => a == b,
            (Filter::Date(a), Filter::Date(b)) => a == b,
            _ => false,
        }
    }
}

fn forms(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.form).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_is_written_before_it_is_a_glob() {
        for (written, path, passes) in [
            ("b/app/[id]/page.mdx", "b/app/[id]/page.mdx", true),
            ("b/app/[id]", "b/app/[id]/page.mdx", true),
            ("b/app/[id]", "b/app/i/page.mdx", true),
            ("a/[Gmail].All Mail/m.md", "a/[Gmail].All Mail/m.md", true),
            ("a/{x}*?.md", "a/{x}*?.md", true),
            ("a/cafe\u{301}/x.md", "a/café/x.md", true),
            ("a/café", "a/cafe\u{301}/x.md", true),
            ("caf*", "cafe\u{301}/x.md", true),
        ] {
            let facts = FilterFacts {
                path,
                ..FilterFacts::default()
            };
            let filter = Filter::path_anywhere(written);
            assert_eq!(filter.passes(&facts), passes, "{written} {path}");
        }
    }

    #[test]
    fn a_name_without_a_slash_is_that_of_any_file_or_folder() {
        for (written, path, passes) in [
            ("politics", "news/politics/052.txt", true),
            ("052.txt", "news/politics/052.txt", true),
            ("*.txt", "news/politics/052.txt", true),
            ("pol*", "news/politics/052.txt", true),
            ("news", "news/politics/052.txt", true),
            ("politics/", "news/politics/052.txt", true),
            ("052", "news/politics/052.txt", false),
            ("politic", "news/politics/052.txt", false),
            ("./politics", "news/politics/052.txt", false),
            ("politics/052.txt", "news/politics/052.txt", false),
            ("[id]", "b/[id]/x.md", true),
            (".", "b/x.md", true),
            // What is no glob is a name all the same.
            ("a[1.md", "x/a[1.md", true),
            ("x/a[1.md", "x/a[1.md", true),
            ("a[1.md", "x/a1.md", false),
            ("a[", "x/a[1.md", false),
            ("{a", "{a/x.md", true),
        ] {
            let facts = FilterFacts {
                path,
                ..FilterFacts::default()
            };
            let filter = Filter::path_anywhere(written);
            assert_eq!(filter.passes(&facts), passes, "{written} {path}");
        }
    }

    #[test]
    fn a_path_may_be_meant_from_a_folder() {
        for (folder, written, path, passes) in [
            ("sub", "./x.md", "sub/x.md", true),
            ("sub", "./x.md", "x.md", false),
            ("sub", "../x.md", "x.md", true),
            ("sub", "../x.md", "sub/x.md", false),
            ("a/b", "../c/../d", "a/d/x.md", true),
            ("a/b", "../../", "y.md", true),
            ("a/b", ".", "a/b/x.md", true),
            ("a/b", ".", "a/x.md", false),
            ("a/b", "..", "a/x.md", true),
            ("a/b", "../../../x.md", "x.md", false),
            ("a/[b]", "./*.md", "a/[b]/x.md", true),
            ("a/[b]", "./*.md", "a/b/x.md", false),
            ("a/[b]", "./[x].md", "a/[b]/[x].md", true),
            ("sub", "x.md", "x.md", true),
            ("sub", "sub/x.md", "sub/x.md", true),
            ("", "./x.md", "x.md", true),
            ("", "./", "x.md", true),
            ("", ".", "x.md", true),
            ("sub", "./a[1", "sub/a[1", true),
            ("/a/b/./c", "./x.md", "c/x.md", true),
            ("/a/b/./", "./x.md", "x.md", true),
            ("/a/b/./c", "../x.md", "x.md", true),
            ("/a/b/./c", "../../x.md", "/a/x.md", true),
            ("/a/b/./c", "../../x.md", "x.md", false),
            ("/a/b/./c", "../../b/x.md", "x.md", true),
            ("/a/b/./c", "../../b/*.md", "x.md", true),
            ("/a/b/./c", "../../../../../x.md", "/x.md", true),
            ("/a/b/./c", "../..", "/a/x.md", true),
            ("/a/b/./c", "../../*.md", "/a/x.md", true),
            ("/a/b/./../d", "./x.md", "/a/d/x.md", true),
            ("/a/b/./../d", "../b/x.md", "x.md", true),
            ("/a/[b]/./c", "../../[b]/x.md", "x.md", true),
            ("/[a]/b/./c", "../../*.md", "/[a]/x.md", true),
            ("/[a]/b/./c", "../../*.md", "/a/x.md", false),
        ] {
            let facts = FilterFacts {
                path,
                ..FilterFacts::default()
            };
            let filter = Filter::path_anywhere(written);
            let passed = filter.seen_from(folder).passes(&facts);
            assert_eq!(passed, passes, "{folder} {written} {path}");
        }
    }

    #[test]
    fn a_path_is_a_glob_or_a_folder() {
        for (glob, path, passes) in [
            ("news/2022/**", "news/2022/a/x.txt", true),
            ("news", "news/2022/x.txt", true),
            ("news/", "news/x.txt", true),
            ("news", "newspaper/x.txt", false),
            ("*.md", "a/x.md", false),
            ("**/*.md", "x.md", true),
            ("x.md", "x.md", true),
            ("n*s/2022", "news/2022/x", true),
            ("./news", "news/x", true),
        ] {
            let facts = FilterFacts {
                path,
                ..FilterFacts::default()
            };
            assert_eq!(
                Filter::path(glob).expect(glob).passes(&facts),
                passes,
                "{glob} {path}"
            );
        }
        assert!(Filter::path("a[").is_none());
    }

    #[test]
    fn authors_match_by_words_and_languages_by_their_first_part() {
        let authors = ["Zoë Smith", "Bob"].map(str::to_string);
        let facts = FilterFacts {
            authors: &authors,
            lang: Some("en-us"),
            ..FilterFacts::default()
        };
        assert!(Filter::author("zoe smith").expect("words").passes(&facts));
        assert!(!Filter::author("smith zoe").expect("words").passes(&facts));
        assert!(Filter::author("bob").expect("words").passes(&facts));
        assert!(!Filter::author("smith bob").expect("words").passes(&facts));
        assert!(Filter::lang("en").passes(&facts));
        assert!(!Filter::lang("e").passes(&facts));
        for (own, asked, is_in) in [
            ("de_at", "de", true),
            ("de_at", "de-at", true),
            ("de", "de-at", false),
            ("german", "de", true),
            ("de", "german", true),
            ("nb", "no", true),
            ("tlh", "tlh", true),
            ("tlh", "xx", false),
        ] {
            let facts = FilterFacts {
                lang: Some(own),
                ..FilterFacts::default()
            };
            assert_eq!(Filter::lang(asked).passes(&facts), is_in, "{own} {asked}");
        }
        assert!(!Filter::lang("en").passes(&FilterFacts::default()));
    }
}
