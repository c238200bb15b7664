//! Aliases: other names for the same thing, as somebody lists them; applied to the bare words of a query.
//!
//! A line of the list is a group of names, separated by commas (`Kyiv, Kiev, Київ`); `#` begins a comment. Where a
//! query has a name of a group as bare words, it finds the others too: a word stands for another word in all its
//! forms, as one word; a name of several words is a phrase beside it, an alternative.

use super::ast::{Node, Query, Term, TermRole};
use super::query_word::{How, QueryWord, phrase_words};
use crate::analysis::{Morphology, words};
use crate::source::FileError;

/// Groups of names for the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aliases {
    groups: Vec<Vec<Name>>,
}

/// A name, as its words.
type Name = Vec<QueryWord>;

impl Aliases {
    /// Reads a list; `file` is its name for messages.
    ///
    /// # Errors
    /// A line of one name only, or with a name without a word.
    ///
    /// ```
    /// use excerpt::query::Aliases;
    ///
    /// assert!(Aliases::read("aliases.txt", "Kyiv, Kiev\nUN, United Nations  # the organisation\n").is_ok());
    /// assert!(Aliases::read("aliases.txt", "Kyiv\n").is_err());
    /// ```
    pub fn read(file: &str, text: &str) -> Result<Aliases, FileError> {
        let mut groups = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let listed = without_comment(line);
            if !listed.trim().is_empty() {
                groups.push(
                    group(listed).map_err(|message| FileError::at(file, text, start, message))?,
                );
            }
            start += line.len();
        }
        Ok(Aliases { groups })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The query with what its bare words also stand for.
    #[must_use]
    pub fn apply(&self, query: Query, morphology: &Morphology) -> Query {
        if self.is_empty() {
            return query;
        }
        let apply = Apply {
            groups: &self.groups,
            morphology,
        };
        Query {
            root: apply.node(query.root),
            ..query
        }
    }
}

/// A line up to a `#` at its start or behind white space: in `C#` it belongs to the name.
fn without_comment(line: &str) -> &str {
    let begins = |&(at, _): &(usize, &str)| {
        let before = line.get(..at).and_then(|front| front.chars().next_back());
        before.is_none_or(char::is_whitespace)
    };
    let comment = line.match_indices('#').find(begins);
    comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

fn group(line: &str) -> Result<Vec<Name>, String> {
    let name = |text| phrase_words(&words(text));
    let names: Vec<Name> = line.split(',').map(name).collect();
    if names.iter().any(Vec::is_empty) {
        return Err("a name without a word between commas".to_string());
    }
    if names.len() < 2 {
        return Err("expected two names or more, with commas between them".to_string());
    }
    Ok(names)
}

struct Apply<'a> {
    groups: &'a [Vec<Name>],
    morphology: &'a Morphology,
}

impl Apply<'_> {
    fn node(&self, node: Node) -> Node {
        match node {
            Node::Term(_) => self
                .children(vec![node], false)
                .pop()
                .unwrap_or(Node::Or(Vec::new())),
            Node::And(nodes) => Node::And(self.children(nodes, false)),
            Node::Or(nodes) => Node::Or(self.children(nodes, true)),
            Node::Not(inner) => Node::Not(Box::new(self.node(*inner))),
            Node::Filter(_) => node,
        }
    }

    /// The nodes of a group with their aliases; `are_alternatives` where any of them will do.
    fn children(&self, nodes: Vec<Node>, are_alternatives: bool) -> Vec<Node> {
        let mut all = Vec::with_capacity(nodes.len());
        let mut rest = nodes;
        while !rest.is_empty() {
            let Some((nodes_len, others)) = self.longest(&rest) else {
                let first = rest.remove(0);
                all.push(match first {
                    Node::Term(_) => first,
                    inner => self.node(inner),
                });
                continue;
            };
            let behind = rest.split_off(nodes_len);
            all.extend(self.with_others(rest, &others, are_alternatives));
            rest = behind;
        }
        all
    }

    /// How many nodes the longest name is that begins here, and the other names for it.
    fn longest(&self, nodes: &[Node]) -> Option<(usize, Vec<&Name>)> {
        let taken = |name: &Name| nodes_of_name(nodes, name, self.morphology);
        let names = self.groups.iter().flatten();
        let of_names = names.filter_map(|name| Some((name.len(), taken(name)?)));
        let (len, nodes_len) = of_names.max()?;
        let is_it = |name: &Name| name.len() == len && taken(name).is_some();
        let of_group = |group: &&Vec<Name>| group.iter().any(is_it);
        let groups = self.groups.iter().filter(of_group);
        let others = groups.flatten().filter(|name| !is_it(name)).collect();
        Some((nodes_len, others))
    }

    /// A name that was written, and what it also stands for.
    fn with_others(
        &self,
        mut written: Vec<Node>,
        others: &[&Name],
        are_alternatives: bool,
    ) -> Vec<Node> {
        let Some(Node::Term(first)) = written.first() else {
            return written;
        };
        let (field, weight) = (first.field, first.weight);
        // What a section need not hold, it need not hold by another name.
        let role = match written.iter().all(Node::is_optional) {
            true => TermRole::Optional,
            false => TermRole::Required,
        };
        let is_word = written.len() == 1 && first.words.len() == 1;
        let (words, phrases): (Vec<&Name>, Vec<&Name>) =
            others.iter().partition(|name| is_word && name.len() == 1);
        if let Some(Node::Term(term)) = written.first_mut().filter(|_| is_word) {
            for word in &mut term.words {
                let names = words.iter().copied().flatten();
                let taking = |name| QueryWord {
                    takes_parts: true,
                    ..self.word(name)
                };
                word.also.extend(names.map(taking));
            }
        }
        if phrases.is_empty() {
            return written;
        }
        let alternatives = phrases.into_iter().map(|name| {
            Node::Term(Term {
                words: self.phrase(name),
                slop: 0,
                field,
                weight,
                is_bare: false,
                is_cut: false,
                joined: None,
                is_function: false,
                role,
            })
        });
        if are_alternatives {
            written.extend(alternatives);
            return written;
        }
        let whole = match written.len() {
            1 => written.remove(0),
            _ => Node::And(written),
        };
        vec![Node::Or(
            std::iter::once(whole).chain(alternatives).collect(),
        )]
    }

    /// A word in all its forms.
    fn word(&self, word: &QueryWord) -> QueryWord {
        let classes = self.morphology.classes(&word.form);
        QueryWord {
            how: match classes.is_empty() {
                true => word.how.clone(),
                false => How::Inflected { classes },
            },
            ..word.clone()
        }
    }

    /// The words of a name, the last one inflected.
    fn phrase(&self, name: &Name) -> Vec<QueryWord> {
        let mut words = name.clone();
        if let Some(last) = words.last_mut() {
            *last = self.word(last);
        }
        words
    }
}

/// How many nodes this name is that begins with the first one: bare words of one field and weight, or words that analysis
/// cuts as it cuts the name, in any form of the last one.
fn nodes_of_name(nodes: &[Node], name: &[QueryWord], morphology: &Morphology) -> Option<usize> {
    let Some(Node::Term(first)) = nodes.first() else {
        return None;
    };
    let mut rest = name;
    for (i, node) in nodes.iter().enumerate() {
        let Node::Term(term) = node else { return None };
        let is_plain = (term.is_bare || term.is_cut)
            && !term.has_spelling()
            && term.field == first.field
            && term.weight == first.weight;
        let (own, behind) = rest.split_at_checked(term.words.len())?;
        let mut pairs = term.words.iter().zip(own).enumerate();
        let is_it = |(place, (written, word)): (usize, (&QueryWord, &QueryWord))| {
            let is_last = behind.is_empty() && place + 1 == own.len();
            written.form == word.form || (is_last && is_other_form(written, word, morphology))
        };
        if !(is_plain && pairs.all(is_it)) {
            return None;
        }
        if behind.is_empty() {
            return Some(i + 1);
        }
        rest = behind;
    }
    None
}

/// Whether a word of a query is a form of the word of a name.
fn is_other_form(written: &QueryWord, word: &QueryWord, morphology: &Morphology) -> bool {
    let classes = morphology.classes(&word.form);
    written.how != How::Exact && classes.iter().any(|class| class.holds(&written.form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;
    use crate::query::{Mode, parse};

    const LIST: &str = "# names\nKyiv, Kiev\nUN, United Nations\n北京, Beijing, Peking\n\nEU, European Union # Brussels\n";

    fn shown(text: &str, any: bool) -> String {
        let english = Morphology::of([Language::ENGLISH]);
        let aliases = Aliases::read("x", LIST).expect("aliases");
        let mode = Mode {
            any,
            ..Mode::default()
        };
        let query = parse(text, mode, &english).expect(text);
        let query = aliases.apply(query, &english);
        let also: Vec<String> = query
            .terms()
            .iter()
            .flat_map(|term| &term.words)
            .flat_map(|word| &word.also)
            .map(ToString::to_string)
            .collect();
        format!("{} [{}]", query.root, also.join(" "))
    }

    #[test]
    fn words_stand_for_words_and_names_of_several_words_are_alternatives() {
        assert_eq!(shown("talks kyiv", false), "(talks kyiv) [kiev]");
        assert_eq!(shown("kievs", false), "kievs [kyiv]");
        assert_eq!(shown("peking", false), "peking [北京 beijing]");
        assert_eq!(
            shown("un talks", false),
            "((un OR united-nations) talks) []"
        );
        assert_eq!(
            shown("the united nations", false),
            "(the ((united nations) OR \"un\")) []".replace("\"un\"", "un")
        );
        assert_eq!(
            shown("united nations talks", true),
            "(united OR nations OR un OR talks) []"
        );
        assert_eq!(
            shown("title:eu -kyiv", false),
            "((title:eu OR title:european-union) -kyiv) []"
        );
    }

    #[test]
    fn the_aliases_of_an_optional_word_are_optional() {
        let english = Morphology::of([Language::ENGLISH]);
        let list = "US, United States\nthe hague, den haag\nof, belonging to";
        let aliases = Aliases::read("x", list).expect("aliases");
        let roles = |text: &str, any: bool| {
            let mode = Mode {
                any,
                ..Mode::default()
            };
            let query = aliases.apply(parse(text, mode, &english).expect(text), &english);
            let role = |term: &&Term| if term.is_required() { '!' } else { '?' };
            let roles: String = query.terms().iter().map(role).collect();
            format!("{} {roles}", query.root)
        };
        assert_eq!(roles("join us", false), "(join (us OR united-states)) !??");
        assert_eq!(roles("join US", false), "(join (us OR united-states)) !!!");
        assert_eq!(roles("join us", true), "(join OR us OR united-states) !??");
        assert_eq!(roles("us", false), "(us OR united-states) !!");
        assert_eq!(
            roles("the hague peace", false),
            "(((the hague) OR den-haag) peace) ?!!!"
        );
        assert_eq!(
            roles("port of ships", false),
            "(port (of OR \"belonging to\") ships) !??!"
        );
    }

    #[test]
    fn names_with_hyphens_and_signs_have_aliases() {
        let english = Morphology::of([Language::ENGLISH]);
        let list = "COVID-19, coronavirus\ne-mail, email\nwi-fi, WLAN # radio\nC#, csharp\n# all\nhigh-speed rail, TGV";
        let aliases = Aliases::read("x", list).expect("aliases");
        let shown = |text: &str| {
            let query = parse(text, Mode::default(), &english).expect(text);
            aliases.apply(query, &english).root.to_string()
        };
        assert_eq!(shown("covid-19 port"), "((covid-19 OR coronavirus) port)");
        assert_eq!(shown("coronavirus"), "(coronavirus OR \"covid 19\")");
        assert_eq!(shown("e-mails"), "(e-mails OR email)");
        assert_eq!(shown("wi-fi"), "(wi-fi OR wlan)");
        assert_eq!(shown("wlan"), "(wlan OR wi-fi)");
        assert_eq!(shown("high-speed rails"), "(((high-speed rails) OR tgv))");
        assert_eq!(shown("\"wi-fi\""), "\"wi fi\"");
        let query = parse("csharp", Mode::default(), &english).expect("a query");
        let query = aliases.apply(query, &english);
        let also: Vec<&QueryWord> = query
            .terms()
            .iter()
            .flat_map(|term| &term.words[0].also)
            .collect();
        assert_eq!(also[0].form, "c#");
    }

    #[test]
    fn what_is_quoted_or_marked_is_left_alone() {
        for text in [
            "\"kyiv\"",
            "kyi*",
            "kyiv~",
            "united talks nations",
            "\"united nations\"",
        ] {
            let plain = shown(text, false);
            assert!(plain.ends_with(" []") && !plain.contains("OR"), "{plain}");
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        for (text, at) in [("a, b\nc\n", "x:2:1"), ("a,,b", "x:1:1"), ("a, ?", "x:1:1")] {
            let error = Aliases::read("x", text).expect_err(text).to_string();
            assert!(error.starts_with(at), "{error}");
        }
    }
}
