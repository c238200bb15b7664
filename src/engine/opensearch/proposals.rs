//! What the cluster ranks by to propose candidates: close to our scores, so that the best of ours are among them.
//!
//! Each form of a word is a `combined_fields` clause, Lucene's BM25F, boosted so that it weighs what the term does; title
//! and heading count by themselves beside it, and each term that occurs adds a constant, as coordination does.

use serde_json::{Value, json};

use super::counting::field_of;
use super::expanded::{TermForms, WordForm};
use super::hit_filter::holding;
use super::mappings::TEXT_FIELDS;
use super::names::token_of;
use crate::engine::ranking::{Scorer, Totals};
use crate::query::{Field, FormKind, Query, Term};

/// How many forms have clauses of their own in all; the cluster takes 1,024 clauses, and the filter needs some.
const MOST_FORMS: usize = 200;
/// What a term that occurs adds beside its clauses, as a part of its weight.
const OCCURRING: f64 = 0.3;
/// What a phrase counts in the sections that hold it, as a part of its weight.
const PHRASE: f64 = 1.5;

/// The clauses that rank candidates; `terms` are the forms of all terms, in the order of the evaluator.
pub(super) fn proposals(query: &Query, terms: &[TermForms], scorer: &Scorer) -> Vec<Value> {
    let all = query.all_terms().into_iter().zip(terms);
    let scoring: Vec<(&Term, &TermForms)> = all
        .filter_map(|((term, scores), forms)| scores.then_some((term, forms)))
        .collect();
    let mut dfs: Vec<u64> = (scoring.iter())
        .flat_map(|(_, forms)| forms.words.iter().flatten().map(WordForm::df))
        .collect();
    dfs.sort_unstable_by(|a, b| b.cmp(a));
    let proposer = Proposer {
        totals: scorer.totals(),
        least_df: dfs.get(MOST_FORMS).map_or(0, |df| df + 1),
    };
    let mut clauses = Vec::new();
    for ((term, forms), scored) in scoring.into_iter().zip(scorer.terms()) {
        proposer.term(term, forms, scored.weight, &mut clauses);
    }
    clauses
}

/// Writes the clauses.
struct Proposer<'a> {
    totals: &'a Totals,
    /// Forms of fewer sections have no clause of their own.
    least_df: u64,
}

impl Proposer<'_> {
    fn term(&self, term: &Term, forms: &TermForms, weight: f64, clauses: &mut Vec<Value>) {
        let share = weight / forms.words.len().max(1) as f64;
        let mut all = Vec::new();
        for word in &forms.words {
            for form in word {
                all.push(token_of(&form.text));
                if form.df() >= self.least_df {
                    self.form(term, form, share, clauses);
                }
            }
        }
        if let [_] = forms.words.as_slice() {
            let fields = Field::ALL.into_iter().filter(|&field| term.covers(field));
            let clauses_of: Vec<Value> = (fields.map(Field::index))
                .flat_map(|f| holding(&all, f))
                .collect();
            clauses.push(constant(
                &json!({"bool": {"should": clauses_of}}),
                weight * OCCURRING,
            ));
        } else if let Some(phrase) = written(forms) {
            for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
                let name = TEXT_FIELDS[field.index()];
                let phrase = json!({"match_phrase": {name: {"query": phrase, "slop": term.slop}}});
                clauses.push(constant(&phrase, weight * PHRASE));
            }
        }
    }

    /// The clauses of a form of a word that weighs so much.
    fn form(&self, term: &Term, form: &WordForm, weight: f64, clauses: &mut Vec<Value>) {
        let ranking = &self.totals.ranking;
        let factor = match form.kind {
            FormKind::Written => 1.0,
            FormKind::Other => ranking.other_form,
            FormKind::Part => ranking.part,
        };
        // The cluster multiplies with the idf of the form.
        let boost = weight * factor / self.totals.idf(form.df()).max(f64::MIN_POSITIVE);
        if form.kind == FormKind::Part || field_of(&form.text, 0) != TEXT_FIELDS[0] {
            let fields = Field::ALL.into_iter().filter(|&field| term.covers(field));
            let parts: Vec<Value> = (fields.map(Field::index))
                .map(|f| json!({"term": {field_of(&form.text, f): token_of(&form.text)}}))
                .collect();
            clauses.push(constant(
                &json!({"bool": {"should": parts}}),
                weight * factor,
            ));
            return;
        }
        let weights = self.field_weights(term);
        if !weights.is_empty() {
            clauses.push(json!({"combined_fields": {
                "query": token_of(&form.text),
                "fields": weights,
                "boost": boost,
            }}));
        }
        for field in [Field::Title, Field::Heading]
            .into_iter()
            .filter(|&own| term.covers(own))
        {
            let own = json!({"query": token_of(&form.text), "boost": boost * ranking.alone});
            clauses.push(json!({"match": {TEXT_FIELDS[field.index()]: own}}));
        }
        if term.covers(Field::Name) {
            let name = Field::Name.index();
            let own = weight * factor * ranking.field_weights[name].min(1.0);
            clauses.push(constant(
                &json!({"term": {TEXT_FIELDS[name]: token_of(&form.text)}}),
                own,
            ));
        }
    }

    /// The fields with lengths that a term covers, as `title^3`: their weights, the smallest being 1.
    fn field_weights(&self, term: &Term) -> Vec<String> {
        let weights = &self.totals.ranking.field_weights;
        let fields: Vec<usize> = (Field::ALL.into_iter())
            .filter(|&field| term.covers(field))
            .map(Field::index)
            .filter(|&f| f < Field::MEASURED && weights[f] > 0.0)
            .collect();
        let least = fields
            .iter()
            .map(|&f| weights[f])
            .fold(f64::INFINITY, f64::min);
        let named = fields
            .iter()
            .map(|&f| format!("{}^{}", TEXT_FIELDS[f], weights[f] / least));
        named.collect()
    }
}

fn constant(filter: &Value, boost: f64) -> Value {
    json!({"constant_score": {"filter": filter, "boost": boost.max(0.0)}})
}

/// A phrase in the forms that are written, or the most frequent ones; `None` where a word has no form.
fn written(forms: &TermForms) -> Option<String> {
    let best = |word: &Vec<WordForm>| {
        let is_written = |form: &&WordForm| form.kind == FormKind::Written;
        let most = || word.iter().max_by_key(|form| form.df());
        let own = word.iter().find(is_written).or_else(most);
        own.map(|form| token_of(&form.text).into_owned())
    };
    let words: Vec<String> = forms.words.iter().map(best).collect::<Option<_>>()?;
    Some(words.join(" "))
}
