//! Front matter: the metadata above an article, in YAML or TOML. What cannot be read is no metadata; the article stays.

use saphyr_parser::{Event, Parser, StrInput};

use super::dates::read_date;
use super::one_line;
use crate::article::Metadata;

/// Longer front matter is not read, in bytes.
const MAX_BYTES: usize = 64 << 10;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryKind {
    Title,
    Authors,
    Language,
    /// When it was published.
    Date,
    /// When it was last changed, which counts where nothing else is said.
    Updated,
    Url,
}

/// The keys that are read, in lower case.
static KEYS: [(&str, EntryKind); 24] = [
    ("title", EntryKind::Title),
    ("author", EntryKind::Authors),
    ("authors", EntryKind::Authors),
    ("by", EntryKind::Authors),
    ("creator", EntryKind::Authors),
    ("lang", EntryKind::Language),
    ("language", EntryKind::Language),
    ("locale", EntryKind::Language),
    ("date", EntryKind::Date),
    ("published", EntryKind::Date),
    ("date_published", EntryKind::Date),
    ("datepublished", EntryKind::Date),
    ("pubdate", EntryKind::Date),
    ("publishdate", EntryKind::Date),
    ("publish_date", EntryKind::Date),
    ("created", EntryKind::Updated),
    ("ms.date", EntryKind::Date),
    ("updated", EntryKind::Updated),
    ("modified", EntryKind::Updated),
    ("lastmod", EntryKind::Updated),
    ("last_modified_at", EntryKind::Updated),
    ("url", EntryKind::Url),
    ("canonical_url", EntryKind::Url),
    ("canonical", EntryKind::Url),
];

/// Whether a key says something of the article.
pub(super) fn is_key(key: &str) -> bool {
    kind_of(key).is_some()
}

/// Of each first byte how long the keys are that begin with it, as bits: most of the lines have none of them.
static KEY_LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < KEYS.len() {
        let key = KEYS[at].0.as_bytes();
        lengths[key[0] as usize] |= 1 << key.len();
        lengths[key[0].to_ascii_uppercase() as usize] |= 1 << key.len();
        at += 1;
    }
    lengths
};

fn kind_of(key: &str) -> Option<EntryKind> {
    let lengths = KEY_LENGTHS[usize::from(*key.as_bytes().first()?)];
    if key.len() >= 32 || lengths >> key.len() & 1 == 0 {
        return None;
    }
    let known = KEYS
        .iter()
        .find(|(known, _)| key.eq_ignore_ascii_case(known));
    known.map(|&(_, kind)| kind)
}

/// Takes from YAML what its top level says of the article. Each entry is read by itself, so that a fault loses no other;
/// aliases are not expanded.
pub(in crate::format) fn read_yaml(text: &str, metadata: &mut Metadata) {
    if text.len() > MAX_BYTES {
        return;
    }
    if text
        .trim_start()
        .starts_with(['{', '[', '"', '\'', '?', '%'])
    {
        read_entries(text, metadata);
        return;
    }
    let bytes = text.as_bytes();
    let mut entry = 0;
    let starts = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1);
    for at in std::iter::once(0).chain(starts) {
        // The line goes on with the entry above it, or is the text's end.
        if matches!(
            bytes.get(at),
            None | Some(b' ' | b'\t' | b'-' | b'#' | b'\r' | b'\n')
        ) {
            continue;
        }
        read_entry(text.get(entry..at).unwrap_or_default(), metadata);
        entry = at;
    }
    read_entry(text.get(entry..).unwrap_or_default(), metadata);
}

/// Reads an entry and the lines that go on with it.
fn read_entry(entry: &str, metadata: &mut Metadata) {
    let Some(colon) = memchr::memchr(b':', entry.as_bytes()) else {
        return;
    };
    let (key, value) = (&entry[..colon], &entry[colon + 1..]);
    if kind_of(key.trim_end()).is_none() {
        return;
    }
    let value = value.trim();
    // What YAML would read otherwise, or not at all, is written so by people who mean it as it stands.
    let is_plain = !value.contains('\n')
        && !value.starts_with(['[', '{', '"', '\'', '|', '>', '&', '*', '!', '-', '?']);
    if !is_plain && read_entries(entry, metadata) {
        return;
    }
    let line = value.lines().next().unwrap_or_default();
    let line = line.find(" #").map_or(line, |comment| &line[..comment]);
    let line = line.trim().trim_matches(['"', '\'']);
    if !line.starts_with(['[', '{', '|', '>', '&', '*']) {
        set(metadata, key.trim_end(), &[line.to_string()]);
    }
}

/// A value of YAML, as far as it is looked at.
enum YamlValue {
    Scalar(String),
    List(Vec<YamlValue>),
    Map(Vec<(String, YamlValue)>),
}

/// Reads a document of YAML; says whether it could be read.
fn read_entries(text: &str, metadata: &mut Metadata) -> bool {
    let mut events = Parser::new_from_str(text);
    let mut found = None;
    while let Some(event) = events.next() {
        match event {
            Ok((Event::MappingStart(..), _)) => {
                found = read_map(&mut events, 0);
                break;
            }
            Ok((Event::StreamStart | Event::DocumentStart(_), _)) => {}
            _ => return false,
        }
    }
    let Some(entries) = found else {
        return false;
    };
    for (key, value) in entries {
        if kind_of(&key).is_some() {
            let mut values = Vec::new();
            flatten(value, &mut values);
            set(metadata, &key, &values);
        }
    }
    true
}

/// Deeper values are not read.
const MAX_DEPTH: usize = 8;

fn read_map<'t>(
    events: &mut Parser<'t, StrInput<'t>>,
    depth: usize,
) -> Option<Vec<(String, YamlValue)>> {
    let mut entries = Vec::new();
    loop {
        let key = match next_event(events)? {
            Event::MappingEnd => return Some(entries),
            Event::Scalar(key, ..) => key.into_owned(),
            _ => return None,
        };
        let value = next_event(events)?;
        entries.push((key, read_value(value, events, depth)?));
    }
}

fn read_value<'t>(
    event: Event<'t>,
    events: &mut Parser<'t, StrInput<'t>>,
    depth: usize,
) -> Option<YamlValue> {
    (depth < MAX_DEPTH).then_some(())?;
    Some(match event {
        Event::Scalar(value, ..) => YamlValue::Scalar(value.into_owned()),
        Event::MappingStart(..) => YamlValue::Map(read_map(events, depth + 1)?),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next_event(events)? {
                    Event::SequenceEnd => return Some(YamlValue::List(items)),
                    item => items.push(read_value(item, events, depth + 1)?),
                }
            }
        }
        Event::Alias(_) => YamlValue::List(Vec::new()),
        _ => return None,
    })
}

fn next_event<'t>(events: &mut Parser<'t, StrInput<'t>>) -> Option<Event<'t>> {
    events.next()?.ok().map(|(event, _)| event)
}

/// The scalars of a value; of people, their names.
fn flatten(value: YamlValue, out: &mut Vec<String>) {
    match value {
        YamlValue::Scalar(text) => out.push(text),
        YamlValue::List(items) => items.into_iter().for_each(|item| flatten(item, out)),
        YamlValue::Map(entries) => {
            let text = |names: &[&str]| {
                let own = entries.iter().find(|(key, _)| {
                    let key = key.to_ascii_lowercase();
                    names.contains(&key.as_str())
                });
                match own {
                    Some((_, YamlValue::Scalar(text))) => Some(text.clone()),
                    _ => None,
                }
            };
            let parts = [
                text(&["given", "first", "givenname"]),
                text(&["family", "last", "familyname"]),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let name = text(&[
                "name",
                "literal",
                "display_name",
                "fullname",
                "full_name",
                "value",
            ]);
            out.extend(name.or_else(|| (!parts.is_empty()).then(|| parts.join(" "))));
        }
    }
}

/// Takes from TOML the scalars, and the lists of scalars, of its top level.
pub(in crate::format) fn read_toml(text: &str, metadata: &mut Metadata) {
    if text.len() > MAX_BYTES {
        return;
    }
    let table = text.parse::<toml::Table>().unwrap_or_else(|_| {
        // A fault in one line loses no other; tables and what stands in them begin behind the first bracket.
        let lines = text.lines().take_while(|line| !line.starts_with('['));
        let entries = lines.filter_map(|line| line.parse::<toml::Table>().ok());
        entries.flatten().collect()
    });
    for (key, value) in &table {
        let values: Vec<String> = match value {
            toml::Value::Array(items) => items.iter().filter_map(toml_scalar).collect(),
            scalar => toml_scalar(scalar).into_iter().collect(),
        };
        set(metadata, key, &values);
    }
}

fn toml_scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        toml::Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Sets what a key says.
pub(super) fn set(metadata: &mut Metadata, key: &str, values: &[String]) {
    let values: Vec<&str> = (values.iter().map(|v| v.trim()))
        .filter(|v| !v.is_empty())
        .collect();
    let joined = values.join(", ");
    if joined.is_empty() || joined == "null" || joined == "~" {
        return;
    }
    let Some(kind) = kind_of(key) else {
        return;
    };
    match kind {
        EntryKind::Title => metadata.title = one_line(&joined),
        EntryKind::Authors => metadata.authors = values.into_iter().map(str::to_string).collect(),
        EntryKind::Language => metadata.lang = Some(joined.to_ascii_lowercase()),
        EntryKind::Date if key.eq_ignore_ascii_case("ms.date") => {
            let date = month_first(&joined).or_else(|| read_date(&joined));
            metadata.date = metadata.date.take().or(date);
        }
        EntryKind::Date => metadata.date = read_date(&joined).or(metadata.date.take()),
        EntryKind::Updated => metadata.date = metadata.date.take().or_else(|| read_date(&joined)),
        EntryKind::Url => metadata.url = Some(joined),
    }
}

/// `4/30/2018`, as DocFX writes dates.
fn month_first(text: &str) -> Option<String> {
    let mut parts = text.split('/').map(|part| part.trim().parse::<u32>().ok());
    let [month, day, year] = std::array::from_fn(|_| parts.next().flatten());
    read_date(&format!("{:04}-{:02}-{:02}", year?, month?, day?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_gives_scalars_and_lists_and_keeps_its_bombs() {
        let mut m = Metadata::default();
        read_yaml(
            "title: 'A: B'\ndate: 2023-11-01 10:00\nauthors:\n  - Ann\n  - Bob\nnested:\n  title: no\nlang: EN\na: &a [x]\nb: [*a, *a]\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("A: B"));
        assert_eq!(m.date.as_deref(), Some("2023-11-01"));
        assert_eq!(m.authors, ["Ann", "Bob"]);
        assert_eq!(m.lang.as_deref(), Some("en"));
    }

    #[test]
    fn entries_that_nobody_asks_for_are_not_read() {
        let mut m = Metadata::default();
        read_yaml(
            "keys:\n- a\n- [b\ntitle: >\n  folded\n  title\nother: {x\nauthors:\n- Ann\n# c\n- Bob\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("folded title"));
        assert_eq!(m.authors, ["Ann", "Bob"]);
        read_yaml("{title: Flow, date: 2020}", &mut m);
        assert_eq!(
            (m.title.as_deref(), m.date.as_deref()),
            (Some("Flow"), Some("2020"))
        );
    }

    #[test]
    fn what_can_be_read_line_by_line_is_not_lost() {
        let mut m = Metadata::default();
        read_yaml(
            "title: The quay: a history\ndescription: [x\nauthor: @ann # of us\nms.date: 4/30/2018\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("The quay: a history"));
        assert_eq!(m.authors, ["@ann"]);
        assert_eq!(m.date.as_deref(), Some("2018-04-30"));
        let mut m = Metadata::default();
        read_yaml(
            "title: 'unclosed\nauthors:\n- {name: Ann Berg, twitter: ann}\n- given: Bob\n  family: Lund\nupdated: 2024-01-02\npublished: 2023-05-06\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("unclosed"));
        assert_eq!(m.authors, ["Ann Berg", "Bob Lund"]);
        assert_eq!(m.date.as_deref(), Some("2023-05-06"));
    }

    #[test]
    fn toml_gives_the_same() {
        let mut m = Metadata::default();
        read_toml(
            "title = 'A'\ndate = 2023-11-01T10:00:00Z\nauthors = ['Ann', 'Bob']\n[nested]\ntitle = 'no'\n",
            &mut m,
        );
        assert_eq!(m.title.as_deref(), Some("A"));
        assert_eq!(m.date.as_deref(), Some("2023-11-01"));
        assert_eq!(m.authors, ["Ann", "Bob"]);
    }

    #[test]
    fn broken_front_matter_is_no_metadata() {
        let mut m = Metadata::default();
        read_yaml("title: [unclosed\n: : :", &mut m);
        read_toml("title = ", &mut m);
        assert_eq!(m, Metadata::default());
        read_toml(
            "title = 'A'\nbroken = [\ndate = 2023-11-01\n[x]\nauthor = 'no'\n",
            &mut m,
        );
        assert_eq!(
            (m.title.as_deref(), m.date.as_deref()),
            (Some("A"), Some("2023-11-01"))
        );
        assert!(m.authors.is_empty());
    }
}
