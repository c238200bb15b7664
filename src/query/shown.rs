//! Parts of a query as people write them.

use std::fmt;

use super::ast::{Field, Node, Term};
use super::filter::Filter;
use super::query_word::{How, QueryWord};
use crate::analysis::is_paired;

impl Field {
    /// Its name in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Heading => "heading",
            Field::Body => "body",
            Field::Name => "name",
        }
    }
}

impl fmt::Display for QueryWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spelling.as_ref().unwrap_or(&self.form))?;
        match &self.how {
            How::Exact | How::Quoted | How::Inflected { .. } | How::Character => Ok(()),
            How::Prefix => f.write_str("*"),
            How::Fuzzy { edits: 1 } => f.write_str("~"),
            How::Fuzzy { edits } => write!(f, "~{edits}"),
        }
    }
}

/// The words of a phrase, parted so; pairs of characters that overlap are written as the stretch that they are.
fn joined(words: &[QueryWord], between: &str) -> String {
    let mut text = String::new();
    let mut last = String::new();
    for word in words {
        let shown = word.to_string();
        let lead = shown.chars().next().filter(|&c| is_paired(c));
        match lead.filter(|&c| is_pair(&last) && last.ends_with(c)) {
            Some(c) => text.push_str(&shown[c.len_utf8()..]),
            None if text.is_empty() => text.push_str(&shown),
            None => {
                text.push_str(between);
                text.push_str(&shown);
            }
        }
        last = shown;
    }
    text
}

fn is_pair(word: &str) -> bool {
    word.starts_with(is_paired) && word.chars().count() > 1
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = self.field {
            write!(f, "{}:", field.name())?;
        }
        if self.has_spelling() {
            f.write_str("=")?;
        }
        let inflects = |word: &QueryWord| matches!(word.how, How::Inflected { .. });
        match self.words.as_slice() {
            [word] if self.is_bare || !matches!(word.how, How::Exact | How::Quoted) => {
                write!(f, "{word}")?;
            }
            // Only a bare word that analysis cuts ends inflected.
            [.., last] if self.is_cut || inflects(last) => {
                f.write_str(&joined(&self.words, "-"))?;
            }
            _ => write!(f, "\"{}\"", joined(&self.words, " "))?,
        }
        if self.slop > 0 {
            write!(f, "~{}", self.slop)?;
        }
        if self.weight != 1.0 {
            write!(f, "^{}", self.weight)?;
        }
        Ok(())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Path(filter) => match filter.written() {
                path if path.contains([' ', '(', ')', '|', '[']) => write!(f, "path:\"{path}\""),
                path if filter.is_component || path.contains('/') => write!(f, "path:{path}"),
                path => write!(f, "path:./{path}"),
            },
            Filter::Lang { asked, .. } => write!(f, "lang:{asked}"),
            Filter::Author(name) => match name.as_slice() {
                [word] => write!(f, "author:{word}"),
                words => write!(f, "author:\"{}\"", words.join(" ")),
            },
            Filter::Date(range) => write!(f, "date:{range}"),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Term(term) => term.fmt(f),
            Node::Filter(filter) => filter.fmt(f),
            Node::Not(node) => write!(f, "-{node}"),
            Node::And(nodes) => write_group(nodes, " ", f),
            Node::Or(nodes) => write_group(nodes, " OR ", f),
        }
    }
}

fn write_group(nodes: &[Node], between: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shown: Vec<String> = nodes.iter().map(Node::to_string).collect();
    write!(f, "({})", shown.join(between))
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Language, Morphology};
    use crate::query::{Mode, parse};

    #[test]
    fn what_is_shown_reads_back_as_the_same_query() {
        let english = Morphology::of([Language::ENGLISH]);
        for (text, shown) in [
            ("Minsk", "minsk"),
            ("\"Minsk  agree*\"~3^2", "\"minsk agree*\"~3^2"),
            (
                "agre* agrement~ agrement~2 the",
                "(agre* agrement~ agrement~2 the)",
            ),
            ("北京大学 京", "(北京大学 京)"),
            ("\"北京大学 a 京\" 大学x", "(\"北京大学 a 京\" 大学-x)"),
            (
                "=US title:=Wi-Fi =\"The US\"^2 =北京大 =京",
                "(=US title:=Wi-Fi =\"The US\"^2 =北京大 =京)",
            ),
            ("wi-fi \"fi\" title:x", "(wi-fi \"fi\" title:x)"),
            ("a b OR -(c d) e", "((a b) OR (-(c d) e))"),
            (
                "a lang:en author:\"Ann E\" -path:./x/ date:2014..2015 date:..2014 date:2014-02",
                "(a lang:en author:\"ann e\" -path:./x date:2014..2015 date:..2014 date:2014-02)",
            ),
        ] {
            let query = parse(text, Mode::default(), &english).expect(text);
            assert_eq!(query.root.to_string(), shown);
            let again = parse(shown, Mode::default(), &english).expect(shown);
            assert_eq!(again.root, query.root, "{shown}");
        }
    }
}
