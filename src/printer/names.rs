//! What an article and its sections are called.

/// The title, unless the first heading says the same: many pages begin with a heading that repeats it.
pub(super) fn title_beside<'a>(title: Option<&'a str>, headings: &[String]) -> Option<&'a str> {
    title.filter(|title| {
        let first = headings.first();
        !first.is_some_and(|first| is_same(title, first))
    })
}

fn is_same(title: &str, heading: &str) -> bool {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    words(title) == words(heading)
}

/// The title and the headings, outermost first, each once.
pub(super) fn names_of<'a>(title: Option<&'a str>, headings: &'a [String]) -> Vec<&'a str> {
    let title = title_beside(title, headings).into_iter();
    title.chain(headings.iter().map(String::as_str)).collect()
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn a_title_that_the_first_heading_repeats_stands_once() {
        let headings = ["Harbour  talks".to_string(), "Next".to_string()];
        assert_eq!(
            names_of(Some("harbour talks"), &headings),
            ["Harbour  talks", "Next"]
        );
        assert_eq!(names_of(Some("Harbour"), &headings).len(), 3);
        assert_eq!(names_of(None, &headings).len(), 2);
    }
}
