//! What holds of every index, query and text, tried on random ones.

mod answers;
mod articles;
mod explanations;
mod history;
mod queries;

use excerpt::analysis::{Language, Morphology};
use excerpt::engine::Snapshot;
use excerpt::query::{Mode, Node, Query, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use self::answers::{Answer, agree, answer, read_back};
use self::articles::{Vocabulary, vocabulary};
use self::explanations::sum_up;
use self::history::{Change, Index, history};
use self::queries::{modes, nested_weight, query_text, soup};
use crate::cases::cases;

/// Of several languages; of some of them most indexes hold no article.
fn languages() -> Morphology {
    let tags = ["en", "de", "fr", "tr", "id", "ar"];
    Morphology::of(tags.into_iter().filter_map(Language::of_tag))
}

type Texts = Vec<(String, Mode)>;

/// A history and queries in the same words.
fn case() -> impl Strategy<Value = (Vec<Change>, Texts)> {
    vocabulary().prop_flat_map(|words| (history(&words), texts(&words)))
}

fn texts(words: &Vocabulary) -> impl Strategy<Value = Texts> + use<> {
    vec((query_text(words), modes()), 12)
}

/// Two histories, what leads both to the same state, and queries.
fn two_histories() -> impl Strategy<Value = (Vec<Change>, Vec<Change>, u64, Texts)> {
    vocabulary().prop_flat_map(|words| {
        (
            history(&words),
            history(&words),
            any::<u64>(),
            texts(&words),
        )
    })
}

/// The queries that can be read.
fn parsed(texts: &Texts) -> Vec<Query> {
    texts
        .iter()
        .filter_map(|(text, mode)| parse(text, *mode, &languages()).ok())
        .collect()
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn the_engine_and_the_highlighter_answer_as_the_oracle_after_any_history((changes, texts) in case()) {
        let index = Index::after(&changes);
        let oracle = index.oracle();
        for query in parsed(&texts) {
            agree(&index, &oracle, &query)?;
        }
    }

    #[test]
    fn words_have_the_forms_of_each_sections_own_language((changes, texts) in case()) {
        let index = Index::after(&changes);
        let oracle = index.oracle().with_own_languages();
        let totals = index.engine.totals().expect("the totals");
        let sum = |counts: &[(Language, u64)]| counts.iter().map(|(_, count)| count).sum::<u64>();
        prop_assert_eq!(sum(&totals.languages), sum(&oracle.languages()));
        let morphology = Morphology::of_counted(totals.languages);
        for (text, mode) in &texts {
            if let Ok(query) = parse(text, *mode, &morphology) {
                agree(&index, &oracle, &query)?;
            }
        }
    }

    #[test]
    fn the_same_sections_answer_alike_however_they_came_about((first, second, seed, texts) in two_histories()) {
        let one = Index::after(&first);
        let mut other = Index::after(&second);
        other.become_like(&one, seed);
        for query in parsed(&texts) {
            let answers: [Answer; 2] = [answer(&one, &query), answer(&other, &query)];
            prop_assert_eq!(&answers[0], &answers[1], "{:?}", query.text);
        }
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn explanations_sum_up_to_the_score_after_any_history((changes, texts) in case()) {
        sum_up(&Index::after(&changes), &texts)?;
    }

    #[test]
    fn stored_sections_read_back_as_they_were_added((changes, _) in case()) {
        read_back(&Index::after(&changes))?;
    }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn the_parser_never_panics_and_points_into_the_query(text in soup(), mode in modes()) {
        match parse(&text, mode, &languages()) {
            Ok(query) => prop_assert!(is_well_formed(&query), "{:?}", query),
            Err(error) => {
                prop_assert_eq!(&error.query, &text);
                prop_assert!(error.at.start <= error.at.end, "{:?}", error);
                prop_assert!(text.is_char_boundary(error.at.start) && text.is_char_boundary(error.at.end), "{:?}", error);
                prop_assert!(!error.message.is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn weights_of_nested_groups_stay_finite_and_above_zero(weight in nested_weight(), depth in 0usize..64) {
        let text = format!("{}a{}", "(".repeat(depth), format!(")^{weight}").repeat(depth));
        for term in parse(&text, Mode::default(), &languages()).iter().flat_map(Query::terms) {
            prop_assert!(term.weight > 0.0 && term.weight.is_finite(), "{}", term.weight);
        }
    }
}

/// Whether a query is what the tree's documentation promises.
fn is_well_formed(query: &Query) -> bool {
    let is_term = |term: &&excerpt::query::Term| {
        let is_phrase = term.words.len() > 1;
        !term.words.is_empty()
            && term.slop <= excerpt::query::MAX_SLOP
            && !(term.is_bare && is_phrase)
    };
    query.terms().iter().all(is_term)
        && has_lawful_negations(&query.root)
        && has_required_children(&query.root)
}

/// Whether each group that is written has a required child, and nothing below a negation is optional.
fn has_required_children(node: &Node) -> bool {
    match node {
        Node::Term(_) | Node::Filter(_) => true,
        Node::Not(inner) => !has_optional(inner) && has_required_children(inner),
        Node::And(nodes) | Node::Or(nodes) => {
            !nodes.iter().all(Node::is_optional) && nodes.iter().all(has_required_children)
        }
    }
}

fn has_optional(node: &Node) -> bool {
    match node {
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(has_optional),
        Node::Not(inner) => has_optional(inner),
        Node::Term(_) | Node::Filter(_) => node.is_optional(),
    }
}

/// Whether negations of words stand only in a group with something positive.
fn has_lawful_negations(node: &Node) -> bool {
    let negates_words = |node: &Node| matches!(node, Node::Not(inner) if !inner.is_filter());
    match node {
        Node::Term(_) | Node::Filter(_) => true,
        Node::Not(inner) => inner.is_filter() || has_lawful_negations(inner),
        Node::Or(nodes) => {
            nodes.len() > 1
                && nodes
                    .iter()
                    .all(|n| !negates_words(n) && has_lawful_negations(n))
        }
        Node::And(nodes) => {
            let has_positive = nodes.iter().any(|n| !matches!(n, Node::Not(_)))
                || !nodes.iter().any(negates_words);
            nodes.len() > 1 && has_positive && nodes.iter().all(has_lawful_negations)
        }
    }
}

/// What the generators made, so that they are known to try what they are meant to try.
#[derive(Debug, Default)]
struct Tally {
    texts: usize,
    parsed: usize,
    with_hits: usize,
    indexes: usize,
    with_many_segments: usize,
    with_deletions_left: usize,
}

impl Tally {
    fn count(&mut self, changes: &[Change], texts: &Texts) {
        let index = Index::after(changes);
        let queries = parsed(texts);
        self.texts += texts.len();
        self.parsed += queries.len();
        self.with_hits += queries
            .iter()
            .filter(|query| answer(&index, query).matched > 0)
            .count();
        self.indexes += 1;
        self.with_many_segments += usize::from(index.segments_seen() > 1);
        self.with_deletions_left += usize::from(index.has_deletions());
    }
}

#[test]
fn the_generators_make_queries_that_parse_and_hit_and_indexes_of_several_segments() {
    let mut runner = TestRunner::deterministic();
    let mut tally = Tally::default();
    for _ in 0..160 {
        let tree = case().new_tree(&mut runner).expect("a case");
        let (changes, texts) = proptest::strategy::ValueTree::current(&tree);
        tally.count(&changes, &texts);
    }
    assert!(tally.parsed * 10 >= tally.texts * 8, "{tally:?}");
    assert!(tally.with_hits * 10 >= tally.parsed * 3, "{tally:?}");
    assert!(
        tally.with_many_segments * 10 >= tally.indexes * 3,
        "{tally:?}"
    );
    assert!(tally.with_deletions_left * 10 >= tally.indexes, "{tally:?}");
}
