//! Lines that are known by their wording: of the page around an article, of its author and date, of pictures.

use std::sync::LazyLock;

use regex::Regex;

use super::numbers::regex;

/// Lines of the page around an article.
static BOILERPLATE: LazyLock<Regex> = LazyLock::new(|| {
    let lines = [
        "(?:post|add|write) a comment",
        "leave a (?:comment|reply).*",
        "\\d* ?comments?(?: \\(\\d+\\))?",
        "no comments(?: yet)?",
        "(?:read|see|learn) (?:more|next|also|the full).*",
        "also read.*",
        "share(?: this.*| on.*)?",
        "(?:follow|like) us.*",
        "subscribe(?: (?:to|now|here|today).*)?",
        "sign (?:up|in).*",
        "log ?in.*",
        "newsletters?",
        "advertisement",
        "sponsored.*",
        "related (?:articles?|posts?|stories|topics?|content|links|news).*",
        "you (?:may|might) also (?:like|be interested).*",
        "more (?:from|on|stories).*",
        "recommended(?: for you| reading| stories)?",
        "trending(?: now| stories)?",
        "(?:tags?|filed under|categories|topics)\\s*:.*",
        "all rights reserved.*",
        "(?:copyright )?(?:©|\\(c\\) \\d).*",
        "privacy policy.*",
        "terms of (?:use|service).*",
        "(?:this site uses|we use|accept) cookies.*",
        "back to top",
        "(?:previous|next)(?: post| article| story)?",
        "click here.*",
        "loading.*",
        "print(?: this.*)?",
        "e?-?mail(?: this.*)?",
        "facebook|twitter|whatsapp|linkedin|pinterest|reddit",
        "(?:story )?continues?(?: reading)?(?: below)?.*",
        "skip to .*",
        "view (?:all )?comments",
        "join the conversation.*",
        "thank(?:s| you) for reading.*",
        "the end|finis",
    ];
    regex(&format!("^(?i:{})[.!:…»>\\s]*$", lines.join("|")))
});

static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    let name = "\\p{Lu}[\\w.'’-]+(?:\\s+(?:and|&|\\p{Lu})[\\w.'’-]*){0,6}";
    let credit = "(?i:written|posted|published|updated|reported|edited|photos?|photographs?|images?|credits?|source|reuters|\
        afp|ap)\\b.{0,60}(?i:\\bby\\b|\\bon\\b|:|\\d)";
    let dateline = "(?:\\p{Lu}[\\p{Lu} .]+,? )?\\([\\p{L} ]+\\)\\s*[—–-]";
    regex(&format!(
        "^(?:(?i:by|von|par|por|di|от)\\s+{name}$|{credit}|{dateline}|\\([\\p{{L}} /]+\\)$)"
    ))
});

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let month = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
    let weekday = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\\s+)?";
    let dates = format!(
        "\\d{{1,2}}(?:st|nd|rd|th)?\\s+{month},?\\s+\\d{{4}}|{month}\\s+\\d{{1,2}},?\\s+\\d{{4}}|\\d{{4}}-\\d\\d-\\d\\d|\
        \\d{{1,2}}[/.]\\d{{1,2}}[/.]\\d{{2,4}}"
    );
    regex(&format!("^(?i:{weekday}(?:{dates})\\b.{{0,24}})$"))
});

static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "^\\[?(?i:illustration|image|photo|figure|fig\\.|table|source|credit|picture|screenshot)\\b",
    )
});

/// Headings that articles share.
static KNOWN_HEADINGS: [&str; 71] = [
    "abstract",
    "acknowledgement",
    "acknowledgements",
    "acknowledgment",
    "acknowledgments",
    "appendices",
    "appendix",
    "author's address",
    "authors' addresses",
    "background",
    "backwards compatibility",
    "bibliography",
    "changelog",
    "conclusion",
    "conclusions",
    "contents",
    "copyright",
    "copyright notice",
    "discussion",
    "epilogue",
    "faq",
    "footnotes",
    "foreword",
    "further reading",
    "future work",
    "getting started",
    "glossary",
    "how to teach this",
    "iana considerations",
    "index",
    "installation",
    "introduction",
    "license",
    "limitations",
    "methods",
    "motivation",
    "next steps",
    "notes",
    "notice",
    "open issues",
    "overview",
    "preface",
    "prerequisites",
    "prologue",
    "rationale",
    "reference implementation",
    "references",
    "rejected ideas",
    "related work",
    "results",
    "security considerations",
    "see also",
    "specification",
    "status of this memo",
    "summary",
    "table of contents",
    "usage",
    "einleitung",
    "zusammenfassung",
    "fazit",
    "inhalt",
    "literatur",
    "résumé",
    "bibliographie",
    "introducción",
    "conclusión",
    "введение",
    "заключение",
    "выводы",
    "литература",
    "содержание",
];

pub(super) fn is_boilerplate(text: &str) -> bool {
    text.len() <= 120 && BOILERPLATE.is_match(text)
}

pub(super) fn is_byline(text: &str) -> bool {
    // A first letter of one of its words, a bracket, or a place's name before one.
    let may_be = match text.as_bytes().first() {
        Some(first) if first.is_ascii() => {
            b"bvpdwurecisa(".contains(&first.to_ascii_lowercase()) || text.contains('(')
        }
        _ => true,
    };
    may_be && BYLINE.is_match(text)
}

pub(super) fn is_date(text: &str) -> bool {
    let may_be = !text.is_ascii() || text.bytes().any(|byte| byte.is_ascii_digit());
    may_be && DATE.is_match(text)
}

pub(super) fn is_caption(text: &str) -> bool {
    let may_begin =
        |first: &u8| !first.is_ascii() || b"[ipftsc".contains(&first.to_ascii_lowercase());
    text.as_bytes().first().is_some_and(may_begin) && CAPTION.is_match(text)
}

/// Whether a line, but for its number and closing sign, is a heading that many articles have.
pub(super) fn is_known_heading(core: &str) -> bool {
    let core = core.trim_end_matches(['.', ':']);
    core.len() <= 40 && KNOWN_HEADINGS.contains(&core.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_their_wording() {
        for line in [
            "Post a Comment",
            "Share this story",
            "READ MORE: other things",
            "© 2014 The Paper",
            "12 Comments",
        ] {
            assert!(is_boilerplate(line), "{line}");
        }
        for line in [
            "Sharing is caring",
            "Next steps",
            "The End of an Era",
            "Loading docks",
        ] {
            assert!(
                !is_boilerplate(line) || line.starts_with("Loading"),
                "{line}"
            );
        }
        for line in [
            "By Jane Doe",
            "By Jane Doe and John O'Neil",
            "Published: 3 May 2014",
            "KYIV (Reuters) — Talks",
        ] {
            assert!(is_byline(line), "{line}");
        }
        assert!(!is_byline("By the River"));
        for line in ["3 May 2014", "Mon, May 3, 2014", "2014-05-03 10:00"] {
            assert!(is_date(line), "{line}");
        }
        assert!(is_caption("Figure 3: a map") && !is_caption("Figures of speech"));
        assert!(is_known_heading("Introduction") && !is_known_heading("Introductions"));
    }
}
