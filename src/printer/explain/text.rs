//! An explanation for people: the query's tree, what each part of it found or missed, and what it adds to the score.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::wording::{
    MAX_FORMS, by_field, doubt, gap_text, listed, property_text, sections, share_text, verdict,
};
use crate::analysis::PART_MARK;
use crate::printer::cells::{MAX_WIDTH, write_text};
use crate::printer::names::names_of;
use crate::printer::{Style, clean, clean_line};
use crate::query::Field;
use crate::search::{
    Chosen, Clause, ClauseKind, CoverFacts, Explanation, PairFacts, ScoreFacts, TermFacts, Verdict,
    WordFacts,
};

/// Lines are wrapped to this width, in columns, where the style has none.
const WIDTH: usize = 80;
/// How much further the lines of a text are indented that follow the first.
const HANG: usize = 2;
/// How many columns a number takes at the right end of a line.
const NUMBER_WIDTH: usize = 12;

/// Prints an explanation for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_explanation(
    explanation: &Explanation,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page {
        width: style.width.unwrap_or(WIDTH).min(MAX_WIDTH),
        sections: explanation.sections,
        is_hit: explanation.verdict == Verdict::Hit,
        out,
    };
    page.head(explanation)?;
    match &explanation.root.kind {
        // What is wanted all together needs no heading of its own.
        ClauseKind::All(clauses) => clauses.iter().try_for_each(|c| page.clause(c, 0))?,
        _ => page.clause(&explanation.root, 0)?,
    }
    if let Some(score) = &explanation.score {
        score
            .covers
            .iter()
            .try_for_each(|cover| page.cover(cover))?;
        score.pairs.iter().try_for_each(|pair| page.pair(pair))?;
        page.sum(explanation, score)?;
    }
    Ok(())
}

struct Page<'a> {
    /// The width of its lines, in columns.
    width: usize,
    /// The live sections of the index.
    sections: u64,
    is_hit: bool,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn head(&mut self, explanation: &Explanation) -> io::Result<()> {
        let article = &explanation.record.article;
        let path = explanation.record.cited_path();
        let start = explanation.start;
        writeln!(self.out, "{}:{}:{}", clean(&path), start.line, start.column)?;
        let title = article.metadata.title.as_deref();
        let names = names_of(title, &explanation.headings).into_iter();
        let above: Vec<_> = names.map(clean_line).collect();
        if !above.is_empty() {
            self.text(0, &above.join(" › "))?;
        }
        if let Some(chosen) = explanation.chosen {
            let which = match chosen {
                Chosen::Best => "the file's best hit",
                Chosen::First => "no section of the file is a hit; this is its first",
            };
            self.text(0, &format!("{which}: `{}`", clean(&explanation.id)))?;
        }
        if let Some(doubt) = doubt(explanation) {
            self.text(0, &doubt)?;
        }
        writeln!(self.out)?;
        self.text(0, &verdict(explanation))?;
        writeln!(self.out)
    }

    fn clause(&mut self, clause: &Clause, depth: usize) -> io::Result<()> {
        let inner = depth + 2;
        match &clause.kind {
            ClauseKind::Term(facts) => {
                let share = facts.share.as_ref();
                self.mark(clause, &clause.text, share.map(|s| s.contribution), depth)?;
                self.term(clause, facts, inner)
            }
            ClauseKind::All(clauses) => {
                self.mark(clause, "all of:", None, depth)?;
                clauses.iter().try_for_each(|c| self.clause(c, inner))
            }
            ClauseKind::Any(clauses) => {
                self.mark(clause, "any of:", None, depth)?;
                clauses.iter().try_for_each(|c| self.clause(c, inner))
            }
            ClauseKind::Not(excluded) => {
                self.mark(clause, &clause.text, None, depth)?;
                self.excluded(clause, excluded, inner)
            }
            ClauseKind::Filter { property, value } => {
                self.mark(clause, &clause.text, None, depth)?;
                self.text(inner, &property_text(property, value.as_deref()))
            }
        }
    }

    /// A clause's line: whether it matches, what it is, and what it adds.
    fn mark(
        &mut self,
        clause: &Clause,
        text: &str,
        adds: Option<f64>,
        depth: usize,
    ) -> io::Result<()> {
        let (sign, note) = match (clause.matches, clause.is_optional) {
            (true, false) => ("✓", ""),
            (true, true) => ("✓", " (optional)"),
            (false, true) => ("○", " (optional)"),
            (false, false) => ("✗", ""),
        };
        self.line(depth, &format!("{sign} {}{note}", clean_line(text)), adds)
    }

    fn excluded(&mut self, clause: &Clause, excluded: &Clause, depth: usize) -> io::Result<()> {
        let ClauseKind::Term(facts) = &excluded.kind else {
            return self.clause(excluded, depth);
        };
        if clause.matches {
            return self.text(depth, "does not occur in this section");
        }
        self.text(depth, &format!("occurs: {}", by_field(facts.frequencies)))?;
        self.words(facts, depth)
    }

    fn term(&mut self, clause: &Clause, facts: &TermFacts, depth: usize) -> io::Result<()> {
        if clause.matches && facts.words.len() > 1 {
            self.text(depth, &format!("occurs: {}", by_field(facts.frequencies)))?;
        }
        self.words(facts, depth)?;
        if let Some(joined) = &facts.joined {
            let others = by_field(facts.other_forms);
            let place = match others.as_str() {
                "" => "not in this section",
                fields => &format!("in {fields}"),
            };
            let line = format!("or in one word, {}: {place}", clean_line(joined));
            self.text(depth, &line)?;
        }
        if let Some(gap) = &facts.gap {
            self.text(depth, &gap_text(gap))?;
        }
        match &facts.share {
            Some(share) => self.text(depth, &share_text(share)),
            None if clause.matches && self.is_hit => {
                self.text(depth, "does not count, as its group does not match")
            }
            None => Ok(()),
        }
    }

    fn words(&mut self, facts: &TermFacts, depth: usize) -> io::Result<()> {
        let is_phrase = facts.words.len() > 1;
        for word in &facts.words {
            let name = match is_phrase {
                true => format!("{}: ", clean_line(&word.text)),
                false => String::new(),
            };
            if !word.aliases.is_empty() {
                let aliases: Vec<_> = word.aliases.iter().map(|alias| clean_line(alias)).collect();
                self.text(
                    depth,
                    &format!("{name}also looked for as: {}", aliases.join(", ")),
                )?;
            }
            if word.found.is_empty() {
                self.text(depth, &format!("{name}{}", self.absence(facts, word)))?;
                self.hints(facts, word, depth)?;
                continue;
            }
            for form in word.found.iter().take(MAX_FORMS) {
                let count = sections(form.df);
                let fields = by_field(form.frequencies);
                let text = clean_line(&form.text);
                let of = match form.mark {
                    None => "",
                    Some(PART_MARK) => ", part of a word,",
                    Some(_) => ", written apart,",
                };
                self.text(depth, &format!("{name}`{text}`{of} in {fields}; {count}"))?;
            }
            if word.found.len() > MAX_FORMS {
                let more = word.found.len() - MAX_FORMS;
                self.text(depth, &format!("{name}and {more} other forms"))?;
            }
            if facts.share.is_some() && (is_phrase || word.forms.len() > 1) {
                let (df, all, idf) = (word.df, self.sections, word.idf);
                self.text(
                    depth,
                    &format!("{name}in {df} of {all} sections, idf {idf:.6}"),
                )?;
            }
        }
        Ok(())
    }

    /// Where a word that is not in the section stands.
    fn absence(&self, facts: &TermFacts, word: &WordFacts) -> String {
        let field = facts.field.map_or("", Field::name);
        let here = match field {
            "" => "not in this section".to_string(),
            field => format!("not in the {field} here"),
        };
        match (word.df, field) {
            (0, "") => format!("{here}, and nowhere in the index"),
            (0, field) => format!("{here}, and in no {field} of the index"),
            (df, _) => format!("{here}; in {df} of {} sections", self.sections),
        }
    }

    /// What may help to find a word that is not there.
    fn hints(&mut self, facts: &TermFacts, word: &WordFacts, depth: usize) -> io::Result<()> {
        let is_itself =
            (word.forms.iter()).all(|form| form.text == word.text && form.mark.is_none());
        if !is_itself {
            let mut forms: Vec<&str> = Vec::new();
            for form in &word.forms {
                // A part or join is written as the word that it is of.
                if !forms.contains(&form.text.as_str()) {
                    forms.push(&form.text);
                }
            }
            self.text(depth, &format!("looked for: {}", listed(forms.into_iter())))?;
        }
        if let Some(field) = facts
            .field
            .filter(|_| word.elsewhere.iter().any(|&n| n > 0))
        {
            let (fields, name) = (by_field(word.elsewhere), field.name());
            self.text(
                depth,
                &format!("it stands in {fields}, but the query asks for the {name}"),
            )?;
        }
        if !word.inflected.is_empty() {
            let forms = listed(word.inflected.iter().map(String::as_str));
            self.text(
                depth,
                &format!("the section has {forms}; without quotes that would match"),
            )?;
        }
        for foreign in &word.foreign {
            let names: Vec<&str> = foreign.languages.iter().map(|own| own.name()).collect();
            let told = match foreign.told {
                Some(language) => format!("this article is {}", language.name()),
                None => "this article is told no language".to_string(),
            };
            let (form, names) = (clean(&foreign.text), names.join(", "));
            let line = format!("`{form}` is a form of it in {names} only; {told}");
            self.text(depth, &line)?;
        }
        Ok(())
    }

    fn cover(&mut self, cover: &CoverFacts) -> io::Result<()> {
        let (name, words, len) = (cover.field.name(), cover.words, cover.len);
        let text = format!("+ {} of the {len} words of the {name}", words.min(len));
        self.line(0, &text, Some(cover.contribution))?;
        let (factor, weight) = (cover.factor, cover.weight);
        let text = format!(
            "{factor} × {weight:.6}, the weight of those words × the square of their share"
        );
        self.text(2, &text)
    }

    fn pair(&mut self, pair: &PairFacts) -> io::Result<()> {
        let [first, second] = &pair.words;
        let name = format!("+ {} near {}", clean(first), clean(second));
        self.line(0, &name, Some(pair.contribution))?;
        let (factor, idf, saturation, tf) = (pair.factor, pair.idf, pair.saturation, pair.tf);
        let text = format!("{factor} × idf {idf:.6} × {saturation:.6} (tf {tf:.6})");
        self.text(2, &text)
    }

    fn sum(&mut self, explanation: &Explanation, score: &ScoreFacts) -> io::Result<()> {
        if score.counted < 1.0 {
            let counted = score.counted * 100.0;
            let text = format!("× as {counted:.1} % of the query's weight is here");
            self.line(0, &text, Some(score.coordination))?;
        } else {
            self.line(0, "× as all of the query is here", Some(score.coordination))?;
        }
        self.line(0, "= score", Some(score.score))?;
        let lens = explanation.lens.iter().zip(&explanation.average_lens);
        let fields = Field::ALL.into_iter().zip(lens);
        let each: Vec<String> = fields
            .map(|(field, (own, mean))| format!("{} {own} ({mean:.1})", field.name()))
            .collect();
        self.text(
            2,
            &format!(
                "words (mean of {} sections): {}",
                explanation.sections,
                each.join(", ")
            ),
        )
    }

    /// A line with a number at its right end; a text that leaves no room for it has it on a line of its own.
    fn line(&mut self, indent: usize, text: &str, number: Option<f64>) -> io::Result<()> {
        let Some(number) = number else {
            return self.text(indent, text);
        };
        let room = self.width.saturating_sub(NUMBER_WIDTH);
        let used = indent + text.width();
        if used > room {
            self.text(indent, text)?;
            return writeln!(self.out, "{:room$}{number:>NUMBER_WIDTH$.6}", "");
        }
        let fill = " ".repeat(room - used);
        writeln!(
            self.out,
            "{:indent$}{text}{fill}{number:>NUMBER_WIDTH$.6}",
            ""
        )
    }

    /// Text that is safe to show, wrapped between words.
    fn text(&mut self, indent: usize, text: &str) -> io::Result<()> {
        write_text(text, (indent, HANG), self.width, self.out)
    }
}
