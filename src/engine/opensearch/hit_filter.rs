//! Which sections are hits, as a filter of the cluster.
//!
//! For each node M says which sections match, and O which do by their heading, text or name. A hit is what M holds and O
//! does, or what M holds and is the first section of its article; without terms what M holds.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::counting::field_of;
use super::expanded::{TermForms, WordForm, tag_of};
use super::mappings::{TEXT_FIELDS, one_of};
use super::names::token_of;
use super::owned::AllSources;
use super::passing::passing;
use crate::analysis::{Language, LanguageSet};
use crate::query::{Field, Node, Query, Term};

/// How many clauses a phrase may take; the cluster takes 1,024 in a whole query.
const MOST_PHRASE_CLAUSES: usize = 256;

/// Which sections are hits.
pub(super) struct HitFilter {
    pub(super) query: Value,
    /// Whether all of those are hits. Where not, the ones that are have to be told from their texts.
    pub(super) is_exact: bool,
}

/// What turns the nodes of a query into filters.
struct FilterBuilder<'a> {
    sources: &'a AllSources,
    languages: &'a [Option<Language>],
    /// The terms, in the order of the evaluator.
    terms: &'a [TermForms],
    next: usize,
    is_exact: bool,
}

/// M and O of a node.
struct Sides {
    matches: Value,
    /// `None` where no section does by its own.
    owns: Option<Value>,
}

/// The filter of a query whose terms have these forms.
pub(super) fn hit_filter(
    query: &Query,
    terms: &[TermForms],
    languages: &[Option<Language>],
    sources: &AllSources,
) -> HitFilter {
    let mut builder = FilterBuilder {
        sources,
        languages,
        terms,
        next: 0,
        is_exact: true,
    };
    let sides = builder.node(&query.root, false);
    let query = match query.terms().is_empty() {
        true => sides.matches,
        false => {
            let own = sides.owns.into_iter();
            let own: Vec<Value> = own.chain([json!({"term": {"order": 0}})]).collect();
            json!({"bool": {"filter": [sides.matches, any(own)]}})
        }
    };
    HitFilter {
        query,
        is_exact: builder.is_exact,
    }
}

fn any(queries: Vec<Value>) -> Value {
    match <[Value; 1]>::try_from(queries) {
        Ok([only]) => only,
        Err(several) if several.is_empty() => json!({"match_none": {}}),
        Err(several) => json!({"bool": {"should": several, "minimum_should_match": 1}}),
    }
}

impl FilterBuilder<'_> {
    fn node(&mut self, node: &Node, is_negated: bool) -> Sides {
        if node.is_filter() {
            return Sides {
                matches: self.articles(node),
                owns: None,
            };
        }
        match node {
            Node::Term(term) => self.term(term, is_negated),
            Node::And(nodes) => {
                let children = self.children(nodes, is_negated);
                let matches: Vec<Value> = children.iter().map(|own| own.matches.clone()).collect();
                let owns: Vec<Value> = children.into_iter().filter_map(|own| own.owns).collect();
                let matches = json!({"bool": {"filter": matches}});
                let owns = (!owns.is_empty())
                    .then(|| json!({"bool": {"filter": [matches.clone(), any(owns)]}}));
                Sides { matches, owns }
            }
            Node::Or(nodes) => {
                let children = self.children(nodes, is_negated);
                let matches: Vec<Value> = children.iter().map(|own| own.matches.clone()).collect();
                let owns: Vec<Value> = children.into_iter().filter_map(|own| own.owns).collect();
                Sides {
                    matches: any(matches),
                    owns: (!owns.is_empty()).then(|| any(owns)),
                }
            }
            Node::Not(inner) => {
                let inner = self.node(inner, !is_negated);
                Sides {
                    matches: json!({"bool": {"must_not": [inner.matches]}}),
                    owns: None,
                }
            }
            Node::Filter(_) => Sides {
                matches: self.articles(node),
                owns: None,
            },
        }
    }

    /// The required children of a group; the others are passed over.
    fn children(&mut self, nodes: &[Node], is_negated: bool) -> Vec<Sides> {
        let mut required = Vec::new();
        for (node, is_required) in nodes.iter().zip(Node::required(nodes)) {
            let sides = self.node(node, is_negated);
            if is_required {
                required.push(sides);
            }
        }
        required
    }

    /// The sections of the articles that pass a tree of filters.
    fn articles(&self, node: &Node) -> Value {
        let selected = self.sources.catalog.select(|facts| node.passes(facts));
        passing(self.sources, &selected)
    }

    fn term(&mut self, term: &Term, is_negated: bool) -> Sides {
        let forms = self.terms.get(self.next);
        self.next += 1;
        let Some(forms) = forms else {
            return Sides {
                matches: any(Vec::new()),
                owns: None,
            };
        };
        let is_exact = !term.has_spelling() && clauses_of(term, forms) <= MOST_PHRASE_CLAUSES;
        self.is_exact &= is_exact;
        if !is_exact && is_negated {
            // What it would leave out is told from the texts.
            return Sides {
                matches: any(Vec::new()),
                owns: None,
            };
        }
        let covered: Vec<usize> = (Field::ALL.into_iter())
            .filter(|&field| term.covers(field))
            .map(Field::index)
            .collect();
        let own: Vec<usize> = covered.iter().copied().filter(|&f| f > 0).collect();
        let owns = (!own.is_empty()).then(|| self.in_fields(term, forms, &own));
        Sides {
            matches: self.in_fields(term, forms, &covered),
            owns,
        }
    }

    /// The sections that hold a term in one of these fields.
    fn in_fields(&self, term: &Term, forms: &TermForms, fields: &[usize]) -> Value {
        let mut alike: Vec<(Vec<&'static str>, TermOfLanguage<'_>)> = Vec::new();
        for &told in self.languages {
            let own = TermOfLanguage::of(forms, told);
            match alike.iter_mut().find(|(_, known)| *known == own) {
                Some((tags, _)) => tags.push(tag_of(told)),
                None => alike.push((vec![tag_of(told)], own)),
            }
        }
        let is_one = alike.len() == 1;
        let queries = alike.into_iter().filter_map(|(tags, own)| {
            let found = own.queries(term, fields);
            if found.is_empty() {
                return None;
            }
            Some(match is_one {
                true => any(found),
                false => json!({"bool": {"filter": [{"terms": {"tag": tags}}, any(found)]}}),
            })
        });
        any(queries.collect())
    }
}

/// The forms of a term's words in sections that are told one language.
#[derive(PartialEq)]
struct TermOfLanguage<'a> {
    words: Vec<Vec<Cow<'a, str>>>,
    joined: Vec<Cow<'a, str>>,
}

impl<'a> TermOfLanguage<'a> {
    fn of(forms: &'a TermForms, told: Option<Language>) -> TermOfLanguage<'a> {
        let told = LanguageSet::of(told);
        let own = |forms: &'a Vec<WordForm>| -> Vec<Cow<'a, str>> {
            let own = forms.iter().filter(|form| form.sections.holds(told));
            own.map(|form| token_of(&form.text)).collect()
        };
        TermOfLanguage {
            words: forms.words.iter().map(own).collect(),
            joined: forms.joined.iter().flat_map(own).collect(),
        }
    }

    /// The queries of which a section has to pass one.
    fn queries(&self, term: &Term, fields: &[usize]) -> Vec<Value> {
        let mut queries = Vec::new();
        for &field in fields {
            match self.words.as_slice() {
                [word] => queries.extend(holding(word, field)),
                words if words.iter().all(|word| !word.is_empty()) => {
                    queries.extend(self.phrase(term.slop, field));
                }
                _ => {}
            }
            queries.extend(holding(&self.joined, field));
        }
        queries
    }

    /// The sections in whose field the words stand near enough; of too many clauses, those that hold all of them.
    fn phrase(&self, slop: u32, field: usize) -> Vec<Value> {
        let Some(&name) = TEXT_FIELDS.get(field) else {
            return Vec::new();
        };
        let spans = self.words.iter().map(Vec::len).sum::<usize>();
        let combinations = self.words.iter().map(Vec::len).product::<usize>();
        if slop == 0 && spans <= MOST_PHRASE_CLAUSES {
            let word = |forms: &Vec<Cow<'_, str>>| {
                let spans = forms.iter().map(|form| json!({"span_term": {name: form}}));
                let spans: Vec<Value> = spans.collect();
                json!({"span_or": {"clauses": spans}})
            };
            let words: Vec<Value> = self.words.iter().map(word).collect();
            return vec![json!({"span_near": {"clauses": words, "slop": 0, "in_order": true}})];
        }
        if combinations <= MOST_PHRASE_CLAUSES {
            let phrase =
                |phrase: String| json!({"match_phrase": {name: {"query": phrase, "slop": slop}}});
            return self.combinations().into_iter().map(phrase).collect();
        }
        let words = self.words.iter().map(|word| any(holding(word, field)));
        vec![json!({"bool": {"filter": words.collect::<Vec<_>>()}})]
    }

    /// The phrases that one form of each word makes.
    fn combinations(&self) -> Vec<String> {
        let mut phrases = vec![String::new()];
        for word in &self.words {
            phrases = (phrases.iter())
                .flat_map(|phrase| {
                    word.iter().map(move |form| match phrase.is_empty() {
                        true => form.to_string(),
                        false => format!("{phrase} {form}"),
                    })
                })
                .collect();
        }
        phrases
    }
}

/// The queries for sections that hold one of these forms in a field.
pub(super) fn holding(forms: &[Cow<'_, str>], field: usize) -> Vec<Value> {
    let (mut words, mut parts) = (Vec::new(), Vec::new());
    for form in forms {
        match field_of(form, field) == TEXT_FIELDS.get(field).copied().unwrap_or_default() {
            true => words.push(form),
            false => parts.push(form),
        }
    }
    let mut queries = Vec::new();
    for forms in [words, parts] {
        if let Some(first) = forms.first() {
            queries.extend(one_of(field_of(first, field), &forms));
        }
    }
    queries
}

/// How many clauses a term takes at most, as an exact filter.
fn clauses_of(term: &Term, forms: &TermForms) -> usize {
    if forms.words.len() < 2 {
        return 0;
    }
    let sum = forms.words.iter().map(Vec::len).sum::<usize>();
    let product = (forms.words.iter()).fold(1_usize, |all, word| all.saturating_mul(word.len()));
    let fields = Field::ALL.into_iter().filter(|&field| term.covers(field));
    let least = match term.slop {
        0 => sum.min(product),
        _ => product,
    };
    // Its own fields are asked twice.
    least.saturating_mul(fields.count())
}
