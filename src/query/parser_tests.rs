//! What queries mean, and where errors point.

use super::ast::{Mode, Node, Term};
use super::parser::{MAX_NESTING, parse};
use super::query_word::How;
use super::{Field, QueryError};
use crate::analysis::{Language, Morphology};

fn read(text: &str, mode: Mode) -> Result<String, QueryError> {
    let english = Morphology::of([Language::ENGLISH]);
    parse(text, mode, &english).map(|query| show(&query.root))
}

fn all(text: &str) -> String {
    read(text, Mode::default()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn any(text: &str) -> String {
    read(
        text,
        Mode {
            any: true,
            ..Mode::default()
        },
    )
    .unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn error(text: &str) -> String {
    match read(text, Mode::default()) {
        Ok(tree) => panic!("{text} is {tree}"),
        Err(e) => format!("{}..{} {}", e.at.start, e.at.end, e.message),
    }
}

/// A tree in a short form: `&` and `|` for groups, `!` for a negation, `+` behind an inflected word, `?` behind an
/// optional one.
fn show(node: &Node) -> String {
    let list = |nodes: &[Node], sign: &str| {
        format!(
            "({})",
            nodes.iter().map(show).collect::<Vec<_>>().join(sign)
        )
    };
    match node {
        Node::Term(term) => show_term(term),
        Node::And(nodes) => list(nodes, " & "),
        Node::Or(nodes) => list(nodes, " | "),
        Node::Not(node) => format!("!{}", show(node)),
        Node::Filter(filter) => match filter {
            super::Filter::Path(filter) => format!("path={}", filter.written()),
            other => format!("{other:?}"),
        },
    }
}

fn show_term(term: &Term) -> String {
    let words: Vec<String> = term
        .words
        .iter()
        .map(|word| match &word.how {
            How::Exact if word.spelling.is_some() => {
                format!("={}", word.spelling.clone().unwrap_or_default())
            }
            How::Exact => word.form.clone(),
            How::Quoted => format!("{}'", word.form),
            How::Inflected { .. } => format!("{}+", word.form),
            How::Prefix => format!("{}*", word.form),
            How::Character => format!("{}…", word.form),
            How::Fuzzy { edits } => format!("{}~{edits}", word.form),
        })
        .collect();
    let field = match term.field {
        None => "",
        Some(Field::Title) => "title:",
        Some(Field::Heading) => "heading:",
        Some(Field::Body) => "body:",
        Some(Field::Name) => unreachable!("no query asks for it"),
    };
    let slop = if term.slop > 0 {
        format!("~{}", term.slop)
    } else {
        String::new()
    };
    let weight = if term.weight == 1.0 {
        String::new()
    } else {
        format!("^{}", term.weight)
    };
    let role = if term.is_required() { "" } else { "?" };
    format!("{field}{}{slop}{weight}{role}", words.join("_"))
}

#[test]
fn words_phrases_and_marks() {
    assert_eq!(all("Minsk agreements"), "(minsk+ & agreements+)");
    assert_eq!(all("\"Minsk agreements\""), "minsk_agreements'");
    assert_eq!(all("\"agreements\""), "agreements'");
    assert_eq!(all("\"minsk agreements\"~3^2"), "minsk_agreements'~3^2");
    assert_eq!(all("agree* \"minsk agree*\""), "(agree* & minsk_agree*)");
    assert_eq!(
        all("agrement~ agrement~2 agrement~1^0.5"),
        "(agrement~1 & agrement~2 & agrement~1^0.5)"
    );
    assert_eq!(all("word^2 (a b)^3"), "(word+^2 & (a^3? & b+^3))");
    assert_eq!(
        all("wi-fi foo/bar U.S. don't C++ main()"),
        "(wi_fi+ & foo_bar+ & u.s+ & don't+ & c++ & main+)"
    );
    assert_eq!(all("wi-f*"), "wi_f*");
    assert_eq!(all("the is"), "(the & is)");
}

#[test]
fn function_words_in_a_bare_sequence_are_optional() {
    for (text, tree) in [
        ("the x", "(the? & x+)"),
        (
            "what are the Minsk agreements?",
            "(what? & are? & the? & minsk+ & agreements+)",
        ),
        ("title:(the x)", "(title:the? & title:x+)"),
        ("the x OR y", "((the? & x+) | y+)"),
        ("the^2 x", "(the^2? & x+)"),
        ("the x*", "(the? & x*)"),
        ("the x~", "(the? & x~1)"),
        ("\"x y\" of z", "(x_y' & of? & z+)"),
        ("the (x OR y)", "(the? & (x+ | y+))"),
        ("the (of x)", "(the? & (of? & x+))"),
        ("x AND y the", "(x+ & y+ & the?)"),
        ("the x -of", "(the? & x+ & !of)"),
        ("US policy of the IT", "(us & policy+ & of? & the? & it)"),
        ("WHAT IS THE PORT", "(what? & is? & the? & port+)"),
        (
            "what’s the port they're in",
            "(what's+? & the? & port+ & they're+? & in?)",
        ),
        // Required.
        ("the", "the"),
        ("the of", "(the & of)"),
        (
            "the lang:en",
            "(the & Lang { asked: \"en\", language: Some(Language(0)) })",
        ),
        ("the -x", "(the & !x+)"),
        ("\"the\" x", "(the' & x+)"),
        ("title:the x", "(title:the & x+)"),
        ("the AND x", "(the & x+)"),
        ("x AND the", "(x+ & the)"),
        ("the OR x", "(the | x+)"),
        ("(the) x", "(the & x+)"),
        ("x -(the y)", "(x+ & !(the & y+))"),
        ("x NOT the", "(x+ & !the)"),
        ("will's x", "(will's+ & x+)"),
        ("isn't x", "(isn't+ & x+)"),
        ("the* x", "(the* & x+)"),
        ("the~ x", "(the~1 & x+)"),
        // Of another language, and of none that the index has.
        ("der x", "(der+ & x+)"),
    ] {
        assert_eq!(all(text), tree, "{text}");
    }
    assert_eq!(any("the x"), "(the? | x+)");
    assert_eq!(any("the x OR y"), "(the? | (x+ | y+))");
    assert_eq!(any("the of"), "(the | of)");
    assert_eq!(any("the -x"), "(the & !x+)");
    assert_eq!(any("the x AND y path:z"), "((the? | (x+ & y+)) & path=z)");
    assert_eq!(any("the AND x y"), "((the & x+) | y+)");
    let plain = |any| Mode {
        any,
        plain: true,
        ..Mode::default()
    };
    assert_eq!(
        read("of the x", plain(false)).expect("a query"),
        "(of? & the? & x+)"
    );
    assert_eq!(
        read("of the x", plain(true)).expect("a query"),
        "(of? | the? | x+)"
    );
    assert_eq!(read("of the", plain(true)).expect("a query"), "(of | the)");
    let phrase = Mode {
        phrase: true,
        ..Mode::default()
    };
    assert_eq!(read("of the x", phrase).expect("a query"), "of_the_x'");
}

#[test]
fn typographic_quotes_open_and_close_phrases() {
    for text in [
        "“fourth faction”",
        "„fourth faction“",
        "”fourth faction”",
        "«fourth faction»",
        "»fourth faction«",
        "« fourth faction »",
        "‹fourth faction›",
        "“fourth faction\"",
        "\"fourth faction”",
        "‘fourth faction’",
        "„fourth faction\"",
    ] {
        assert_eq!(all(text), "fourth_faction'", "{text}");
        assert_eq!(
            all(&format!("-{text} x")),
            "(!fourth_faction' & x+)",
            "{text}"
        );
        assert_eq!(
            all(&format!("title:{text}~2")),
            "title:fourth_faction'~2",
            "{text}"
        );
    }
    assert_eq!(all("“will self”"), "will_self'");
    assert_eq!(all("“he said “no” again”"), "he_said_no_again'");
    assert_eq!(all("\"he said “no” again\""), "he_said_no_again'");
    assert_eq!(all("“x y” OR «z w»"), "(x_y' | z_w')");
    assert_eq!(all("x“y z”"), "(x+ & y_z')");
    assert_eq!(all("‘tis x’s don’t"), "(tis+ & x's+ & don't+)");
    assert_eq!(all("path:“a b”"), "path=a b");
    assert_eq!(all("“x y*”"), "x_y*");
}

#[test]
fn operators_bind_as_written() {
    assert_eq!(all("a OR b c"), "(a | (b+ & c+))");
    assert_eq!(
        all("x AND y OR NOT (a b) z"),
        "((x+ & y+) | (!(a & b+) & z+))"
    );
    assert_eq!(all("x AND y z"), "(x+ & y+ & z+)");
    assert_eq!(
        all("x -y -\"p q\" -(r s) -title:t"),
        "(x+ & !y+ & !p_q' & !(r+ & s+) & !title:t+)"
    );
    assert_eq!(all("x - y --z a-b"), "(x+ & y+ & z+ & a_b+)");
    assert_eq!(
        all("title:x heading:\"p q\" body:(r OR s)"),
        "(title:x+ & heading:p_q' & (body:r+ | body:s+))"
    );
    assert_eq!(
        all("10:30 std::vector https://x.y/z Note: x"),
        "(10_30 & std_vector+ & https_x.y_z+ & note+ & x+)"
    );
}

#[test]
fn any_joins_neighbours_loosest() {
    assert_eq!(any("x y"), "(x+ | y+)");
    assert_eq!(any("x y AND z"), "(x+ | (y+ & z+))");
    assert_eq!(any("x OR y z"), "((x+ | y+) | z+)");
    assert_eq!(any("x y -z path:news"), "((x+ | y+) & !z+ & path=news)");
    assert_eq!(any("x (y z)"), "(x+ | (y+ | z+))");
}

#[test]
fn filters_stand_beside_words_and_among_themselves() {
    assert_eq!(all("x path:news/**"), "(x+ & path=news/**)");
    assert_eq!(all("path:a OR path:b"), "(path=a | path=b)");
    assert_eq!(all("-path:a"), "!path=a");
    assert_eq!(all("path:\"a b/**\""), "path=a b/**");
    assert_eq!(all("(path:a)"), "path=a");
}

#[test]
fn plain_and_phrase_know_no_syntax() {
    let plain = Mode {
        plain: true,
        ..Mode::default()
    };
    assert_eq!(
        read("What is (title:x OR wi-fi?", plain).expect("a query"),
        "(what? & is? & title+ & x+ & or & wi+ & fi+)"
    );
    let phrase = Mode {
        phrase: true,
        ..Mode::default()
    };
    assert_eq!(read("a OR \"b", phrase).expect("a query"), "a_or_b'");
    assert!(read("?!", plain).is_err());
    assert!(read("\"\"", phrase).is_err());
}

#[test]
fn words_and_phrases_may_be_asked_for_in_their_spelling() {
    assert_eq!(all("=US =the treaties"), "(=US & =the & treaties+)");
    assert_eq!(all("the =US"), "(the? & =US)");
    assert_eq!(all("=\"The Minsk’s\"^2 x"), "(=The_=Minsk's^2 & x+)");
    assert_eq!(
        all("title:=Résumé -=US =Wi-Fi"),
        "(title:=Résumé & !=US & =Wi_=Fi)"
    );
    assert_eq!(all("title:(=A b)"), "(title:=A & title:b+)");
    assert_eq!(all("= a == b=c"), "(a? & b_c+)");
    assert_eq!(all("a =OR =NOT"), "(a? & =OR & =NOT)");
    let exact = Mode {
        exact: true,
        ..Mode::default()
    };
    let read_exact = |text, mode| read(text, mode).expect(text);
    assert_eq!(
        read_exact("The \"US of\" =x", exact),
        "(=The & =US_=of & =x)"
    );
    let error = read("a agree*", exact).expect_err("a prefix");
    assert_eq!(
        (error.at, error.message.contains("`--exact`")),
        (7..8, true)
    );
    assert!(read("a~", exact).is_err() && read("\"a b\"~2", exact).is_err());
    let plain = Mode {
        plain: true,
        ..exact
    };
    assert_eq!(read_exact("The US*", plain), "(=The & =US)");
    let phrase = Mode {
        phrase: true,
        ..exact
    };
    assert_eq!(read_exact("The US", phrase), "=The_=US");
}

#[test]
fn errors_point_at_the_place_and_say_what_was_expected() {
    insta::assert_snapshot!(
        [
            "",
            "?!",
            "\"minsk",
            "a OR",
            "a AND",
            "OR a",
            "AND",
            "a AND OR b",
            "NOT",
            "a -b OR -c",
            "-a",
            "(-a)",
            "-a -b",
            "()",
            "a (",
            "a )",
            "(a",
            "title:",
            "title: a",
            "title:(heading:x)",
            "title:(path:x)",
            "foo:bar",
            "*",
            "a * b",
            "a*b",
            "\"a* b\"",
            "\"a *\"",
            "word^0",
            "word^x",
            "word~3",
            "\"a b\"~",
            "\"a b\"~101",
            "wi-fi~",
            "a*~",
            "date:2014-13",
            "path:a OR b",
            "x OR path:a -b",
            "((x)^1000000)^1000000",
            "((x)^0.000001)^0.1",
            "x^1e-3",
            "NOT NOT a",
            "author:!",
            "a || b",
            "a && b",
            "a | b",
            "a||b",
            "|| b",
            "!a",
            "x !(a b)",
            "x !“a b”",
            "title:!a",
            "“minsk",
            "minsk”",
            "‹minsk x",
            "=(a b)",
            "=agree*",
            "a =agrement~2",
            "=\"minsk agree*\"",
            "=\"a b\"~3",
            "title:=A*",
            "x =title:A",
            "=path:a",
            "=\"a",
        ]
        .map(|query| format!("{query:20} {}", error(query)))
        .join("\n")
    );
}

#[test]
fn length_nesting_and_number_are_limited() {
    let deep = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert!(read(&deep(MAX_NESTING), Mode::default()).is_ok());
    assert!(error(&deep(MAX_NESTING + 1)).contains("nested deeper"));
    assert!(error(&"(".repeat(10_000)).contains("nested deeper"));
    assert!(error("-").contains("no word"));
    assert!(error(&"x ".repeat(2_000)).contains("more than 1024 words"));
    assert!(error(&"x".repeat(20_000)).contains("at most 16384"));
}

#[test]
fn hebrew_acronyms_are_words_and_spaces_part_what_may_move() {
    assert_eq!(all("צה\"ל"), all("צה״ל"));
    assert!(read("צה\" ל", Mode::default()).is_err());
    assert_eq!(all("\"学生 图书馆\"~5"), "学生_图书_书馆~5");
    assert_eq!(all("\"学生 图书馆\""), "学生_生图_图书_书馆");
}

#[test]
fn stretches_of_letters_count_beside_pairs_where_any_will_do() {
    let sizes = |text: &str, any: bool| {
        let mode = Mode {
            any,
            plain: true,
            ..Mode::default()
        };
        let query = parse(text, mode, &Morphology::of([Language::ENGLISH])).expect(text);
        let terms = query.terms();
        terms
            .iter()
            .map(|term| term.words.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(sizes("ประชุม", true), [1, 1, 1, 1, 1, 4, 4]);
    assert_eq!(sizes("ประชุม", false), [1; 5]);
    assert_eq!(sizes("乌克兰和俄罗斯", true), [1; 6]);
}
