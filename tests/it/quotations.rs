//! Quotations may not be called verbatim or normalised where the source does not say so; and what is quoted honestly is.

mod mutations;

use serde_json::Value;

use crate::env::{Run, TestEnv, records};

/// The status of one quotation against one source.
fn status_of(source: &str, quotation: &str) -> String {
    let env = TestEnv::new();
    env.write("sources/a.md", source);
    env.run(&["index", "sources"]).success();
    env.write("draft.txt", quotation);
    let run = env.run(&["quote", "--json", "--lines", "draft.txt"]);
    assert!(run.status <= 1, "{run:?}");
    let found = quotations(&run);
    assert_eq!(found.len(), 1, "{quotation}");
    found[0]["status"].as_str().expect("a status").to_string()
}

fn quotations(run: &Run) -> Vec<Value> {
    let all = records(&run.stdout).into_iter();
    all.filter(|record| record["type"] == "quotation").collect()
}

fn statuses(run: &Run) -> Vec<String> {
    let all = quotations(run);
    all.iter()
        .map(|record| record["status"].as_str().expect("a status").to_string())
        .collect()
}

fn summary(run: &Run) -> Value {
    let last = records(&run.stdout)
        .into_iter()
        .next_back()
        .expect("a record");
    assert_eq!(last["type"], "summary");
    last
}

/// Judges each quotation against its source; all sources lie in one index.
fn all_are(expected: &str, cases: &[(&str, &str)]) {
    for (source, quotation) in cases {
        assert_eq!(
            status_of(source, quotation),
            expected,
            "{source} | {quotation}"
        );
    }
}

const INVENTED: &str = "The minister said “the moon is made of green cheese” today.\n";

#[test]
fn q1_a_document_and_its_copies_are_no_sources() {
    let env = TestEnv::new();
    env.write("articles/t.md", INVENTED);
    env.write("articles/other.md", "The talks failed on Friday.\n");
    env.write("draft.md", INVENTED);
    env.write("copy.txt", INVENTED);
    for args in [
        &["quote", "--json", "--strict", "draft.md"][..],
        &["quote", "--json", "--strict", "./articles/../draft.md"],
        &["quote", "--json", "--strict", "articles/t.md"],
    ] {
        let run = env.run(args);
        assert_eq!(
            (run.status, statuses(&run)),
            (1, vec!["absent".to_string()]),
            "{run:?}"
        );
        let summary = summary(&run);
        assert_eq!(
            summary["sources_left_out"],
            serde_json::json!(["articles/t.md", "copy.txt", "draft.md"])
        );
        assert_eq!(summary["files"], 1, "{summary}");
    }
    let run = env.run_with_input(&["quote", "--json", "-"], INVENTED.as_bytes());
    assert_eq!(statuses(&run), ["absent"], "{run:?}");
    let text = env.run(&["quote", "draft.md"]);
    assert!(
        text.stdout.contains(
            "left out as sources, since they are under check: articles/t.md, copy.txt, draft.md"
        ),
        "{text:?}"
    );
}

#[test]
fn q1_copies_with_other_line_ends_or_a_byte_order_mark_are_no_sources() {
    let lf = "One line.\n\nThe minister said “the moon is made of green cheese” today.\n";
    let crlf = lf.replace('\n', "\r\n");
    let bare = lf.trim_end();
    let texts = [
        lf.to_string(),
        crlf.clone(),
        bare.to_string(),
        format!("\u{feff}{lf}"),
        format!("\u{feff}{crlf}"),
        format!("\u{feff}{bare}"),
        crlf.trim_end().to_string(),
    ];
    for draft in &texts {
        let env = TestEnv::new();
        for (at, text) in texts.iter().enumerate() {
            env.write(&format!("articles/{at}.md"), text);
        }
        env.write("articles/other.md", "The talks failed on Friday.\n");
        env.run(&["index", "articles"]).success();
        env.write("draft.md", draft);
        let run = env.run(&["quote", "--json", "draft.md"]);
        assert_eq!(statuses(&run), ["absent"], "{draft:?}: {run:?}");
        let run = env.run_with_input(&["quote", "--json", "-"], draft.as_bytes());
        assert_eq!(statuses(&run), ["absent"], "{draft:?}: {run:?}");
    }
}

#[test]
fn q1_a_document_that_changed_since_it_was_indexed_is_no_source() {
    let env = TestEnv::new();
    env.write("articles/t.md", INVENTED);
    env.write("articles/other.md", "The talks failed on Friday.\n");
    env.run(&["index", "articles"]).success();
    env.write("articles/t.md", format!("More.\n\n{INVENTED}"));
    let run = env.run(&["quote", "--json", "--no-refresh", "articles/t.md"]);
    assert_eq!(statuses(&run), ["absent"], "{run:?}");
}

#[test]
#[cfg(unix)]
fn q1_a_link_to_a_source_is_that_source() {
    let env = TestEnv::new();
    env.write("articles/t.md", INVENTED);
    env.run(&["index", "articles"]).success();
    env.write("articles/t.md", format!("{INVENTED}\nMore was said.\n"));
    std::os::unix::fs::symlink("articles/t.md", env.path().join("link.md")).expect("a link");
    let run = env.run(&["quote", "--json", "--no-refresh", "link.md"]);
    assert_eq!(statuses(&run), ["absent"], "{run:?}");
}

#[test]
fn q1_documents_are_left_out_before_the_best_are_chosen() {
    let env = TestEnv::new();
    let draft = "> The harbour talks failed on Friday without a deal\n";
    // Sections that say the same and rank first, however many there are.
    for i in 0..30 {
        env.write(
            &format!("drafts/d{i}.md"),
            format!("# Harbour talks {i}\n\n{draft}"),
        );
    }
    let long = format!(
        "The harbour talks failed on Friday without a deal. {}",
        "Much else was said. ".repeat(200)
    );
    env.write("news/a.txt", long);
    env.run(&["index", "."]).success();
    let names: Vec<String> = (0..30).map(|i| format!("drafts/d{i}.md")).collect();
    let mut args = vec!["quote", "--json"];
    args.extend(names.iter().map(String::as_str));
    let run = env.run(&args);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(
        quotations(&run)
            .iter()
            .all(|record| record["source"]["path"] == "news/a.txt")
    );
    assert_eq!(
        summary(&run)["sources_left_out"].as_array().map(Vec::len),
        Some(30)
    );
}

#[test]
fn q1_named_sources_are_the_only_ones_and_prove_others_but_not_themselves() {
    let env = TestEnv::new();
    env.write(
        "a.md",
        "> The ferry sank in the eastern basin\n\nThe whale was seen near the old bridge.\n",
    );
    env.write("b.md", "> The whale was seen near the old bridge\n");
    env.write("c.md", "The ferry sank in the eastern basin.\n");
    env.run(&["index", "."]).success();
    let of = |args: &[&str]| {
        let run = env.run(&[&["quote", "--json"], args].concat());
        (
            run.status,
            statuses(&run),
            summary(&run)["sources_left_out"].clone(),
        )
    };
    let (status, found, left_out) = of(&["a.md", "b.md"]);
    assert_eq!(
        (status, found),
        (1, vec!["verbatim".to_string(), "absent".to_string()])
    );
    assert_eq!(left_out, serde_json::json!(["a.md", "b.md"]));
    let (status, found, left_out) = of(&["a.md", "b.md", "--sources", "a.md"]);
    assert_eq!(
        (status, found),
        (1, vec!["absent".to_string(), "verbatim".to_string()])
    );
    assert_eq!(left_out, serde_json::json!(["a.md"]));
    // The flag takes one path, so that a document may follow it.
    let (status, found, _) = of(&["--sources", "c.md", "a.md"]);
    assert_eq!((status, found), (0, vec!["verbatim".to_string()]));
    let (status, found, _) = of(&["a.md", "b.md", "--sources", "a.md", "--sources", "c.md"]);
    assert_eq!((status, found), (0, vec!["verbatim".to_string(); 2]));
    let error = env
        .run(&["quote", "a.md", "--sources", "nosuch"])
        .failure(2);
    assert!(error.contains("nosuch"), "{error}");
}

#[test]
fn q2_signs_at_the_ends_of_a_quotation_count() {
    all_are(
        "near",
        &[
            ("Fish cost $5–$10 per kilo there.", "€5–$10 per kilo"),
            ("Fish cost $5–$10 per kilo there.", "5–$10 per kilo"),
            ("Output fell to 3.5 percent then.", "Output fell to 3.5%"),
            ("Output fell to 3.5% in May.", "Output fell to 3.5"),
            ("Output fell to 3.5 % in May.", "Output fell to 3.5"),
            ("Output fell to 3.5% in May.", "Output fell to 3.5‰"),
            ("It was -5 C overnight.", "+5 C overnight"),
            ("It was -5 C overnight.", "5 C overnight"),
            ("It was −5 C overnight.", "5 C overnight"),
            ("It was −5 C overnight.", "+5 C overnight"),
            ("It was for >90 % of users.", "<90 % of users"),
            ("It was for ≥90 % of users.", "90 % of users"),
            ("A turn of 90° to port.", "A turn of 90"),
            ("It was rated AA- by all.", "It was rated AA"),
            ("It was rated AA+ by all.", "It was rated AA-"),
            ("It had ±5 on the scale.", "5 on the scale"),
            ("They asked for £ 40 each.", "40 each"),
            ("They asked for £40 each.", "¥40 each"),
            ("A room of 10² metres.", "A room of 10"),
            ("It is § 5 of the act.", "5 of the act"),
        ],
    );
}

#[test]
fn q2_signs_inside_a_quotation_count_and_so_do_cut_words_and_numbers() {
    all_are(
        "near",
        &[
            (
                "Fish cost from $5 to $10 per kilo.",
                "Fish cost from $5 to €10 per kilo",
            ),
            (
                "It fell by 5 % to 90 in May.",
                "It fell by 5 ‰ to 90 in May",
            ),
            ("We saw -3 and 4 there.", "We saw 3 and 4 there"),
            ("We saw 5 < 7 there today.", "We saw 5 > 7 there today"),
            ("COVID-19 patients came today.", "-19 patients came today"),
            ("The anti-war party won today.", "war party won today"),
            ("We left at 10:30 today.", "We left at 10"),
            ("It was a 1/2 mile walk.", "2 mile walk"),
            ("Il n’est pas un traître.", "est pas un traître"),
            ("A not able man came.", "A notable man came"),
            ("We're here to stay.", "Were here to stay"),
        ],
    );
}

#[test]
fn q2_parts_of_numbers_and_words_are_not_cut_or_joined() {
    all_are(
        "near",
        &[
            ("A dose of .5 mg was given to her.", "5 mg was given to her"),
            ("It killed 12 500 people in all.", "500 people in all"),
            ("It killed 12 500 people in all.", "It killed 12"),
            (
                "It killed 12\u{202f}500 people in all.",
                "500 people in all",
            ),
            ("It killed 12\u{a0}500 people in all.", "It killed 12"),
            ("It killed 1 234 567 people in all.", "567 people in all"),
            ("It lost 1_500 in all then.", "500 in all then"),
            ("It lost 3 ½ in all.", "It lost 3"),
            ("It was 5 ± 2 here.", "It was 5"),
            ("It was 3 × 10⁶ here.", "It was 3"),
            (
                "It rose to 10. 5 people were there.",
                "It rose to 10.5 people were there",
            ),
            (
                "He paid $10, 500 people came.",
                "He paid $10,500 people came",
            ),
            ("He had 5 100 dollar bills.", "He had 5100 dollar bills"),
            ("Between 3 -5 were seen.", "Between 3-5 were seen"),
            (
                "The non–nuclear pact won it all.",
                "nuclear pact won it all",
            ),
            (
                "The non‒nuclear pact won it all.",
                "nuclear pact won it all",
            ),
            (
                "The non—nuclear pact won it all.",
                "nuclear pact won it all",
            ),
            (
                "The non−nuclear pact won it all.",
                "nuclear pact won it all",
            ),
            (
                "Therapist is the word he used.",
                "The rapist is the word he used",
            ),
        ],
    );
    all_are(
        "verbatim",
        &[
            ("In 2014 500 people came.", "500 people came"),
            ("It killed 12 500 people in all.", "12 500 people in all"),
            ("The talks—on fish—failed.", "on fish"),
        ],
    );
    all_are(
        "normalised",
        &[
            (
                "It killed 12 500 people in all.",
                "It killed 12500 people in all",
            ),
            ("It killed 12\u{202f}500 people.", "It killed 12 500 People"),
        ],
    );
}

#[test]
fn q2_punctuation_at_the_ends_does_not_count() {
    all_are(
        "verbatim",
        &[
            ("Fish cost $5–$10 per kilo there.", "“$5–$10 per kilo,”"),
            ("The talks (on fish) failed.", "on fish) failed!"),
            ("The talks—on fish—failed.", "on fish."),
            ("¿Qué pasa hoy? Nada.", "Qué pasa hoy."),
            ("Il dit que l'État français paie.", "État français paie"),
            ("He paid 5, 6 or 7 for it.", "He paid 5"),
            ("It fell to 3.5%, they said.", "It fell to 3.5%."),
            ("It was -5 C overnight.", "-5 C overnight"),
            ("See > 90 % of all users.", "> 90 % of all"),
        ],
    );
}

#[test]
fn q3_gaps_and_brackets_that_may_change_the_sense_are_elided() {
    let leaving = "We are not leaving the union today.";
    let far = format!(
        "The talks began in May{} and then ended.",
        " on a word".repeat(20)
    );
    all_are(
        "elided",
        &[
            (leaving, "We are [now] leaving the union today"),
            (leaving, "We are … leaving the union"),
            (leaving, "We are ... leaving the union"),
            (leaving, "We are [...] leaving the union"),
            (leaving, "We are (…) leaving the union"),
            (leaving, "[They] are not leaving the union"),
            (
                "The ministers will meet again soon.",
                "The ministers will [not] meet again",
            ),
            (
                "The ministers will meet in May. The ceasefire holds.",
                "The ministers will meet … ceasefire holds",
            ),
            (
                "The ministers agree to it all.",
                "The ministers agree[d] to it",
            ),
            (&far, "The talks began … then ended"),
            (
                "---\nlang: sv\n---\nVi kommer aldrig att lämna unionen i dag.",
                "Vi kommer … lämna unionen",
            ),
            (
                "---\nlang: de\n---\nWir werden die Union nicht verlassen.",
                "Wir werden die Union … verlassen",
            ),
            // Too short for its language to be told, but with a Turkish word.
            ("Bakan dün evi satmadı ve gitti.", "Bakan … evi satmadı"),
            (
                "Мы никогда не покинем этот союз сегодня.",
                "Мы … покинем этот союз",
            ),
        ],
    );
}

#[test]
fn q3_a_bracket_that_changes_nothing_is_elided() {
    let closed = "The harbour stays closed until Friday.";
    all_are(
        "elided",
        &[
            (closed, "The [harbour] stays closed"),
            (closed, "stays closed [until] [Friday]"),
            (closed, "harbour stays closed until [Friday]"),
            (closed, "[The] harbour stays closed"),
            (closed, "The harbour … until [Friday]"),
            (closed, "The [harbour stays] closed"),
            (closed, "[T]he harbour stays closed"),
            (closed, "The [h]arbour stays closed"),
            (closed, "The [h]arbour  “stays” closed"),
            (closed, "The har[bour] stays closed"),
        ],
    );
    // Nothing of it is said to be quoted.
    all_are("absent", &[(closed, "[The harbour stays closed]")]);
    all_are(
        "verbatim",
        &[
            (closed, "[t]he harbour stays closed"),
            (closed, "The [Harbour] stays closed"),
            (
                "The harbour stays closed until [Friday] or so.",
                "stays closed until [Friday]",
            ),
            (
                "[The] harbour stays closed until Friday.",
                "[The] harbour stays closed",
            ),
        ],
    );
}

#[test]
fn q3_a_short_gap_within_a_sentence_is_normalised() {
    all_are(
        "normalised",
        &[
            (
                "The talks on the harbour in Geneva ended on Friday.",
                "The talks … ended on Friday",
            ),
            (
                "The talks on the harbour in Geneva ended on Friday.",
                "The talks (...) ended on Friday",
            ),
            (
                "---\nlang: de\n---\nDie Gespräche in Genf endeten am Freitag.",
                "Die Gespräche […] endeten am Freitag",
            ),
            // Too short for its language to be told.
            (
                "Le ministre a vendu hier la maison de Lyon.",
                "Le ministre a vendu […] la maison de Lyon",
            ),
        ],
    );
    // Another place, in which nothing of weight is left out, comes first.
    let twice = "We are not leaving the union. We are today leaving the union.";
    assert_eq!(status_of(twice, "We are … leaving the union"), "normalised");
}

#[test]
fn q3_a_bracket_swallows_few_words_and_a_gap_has_a_limit() {
    let ministers =
        "The ministers will meet in the spring of that year to see that the ceasefire holds.";
    let status = status_of(
        ministers,
        "The ministers will meet [never] the ceasefire holds",
    );
    assert!(status == "near" || status == "absent", "{status}");
    let far = format!(
        "The talks began in May. {} They then ended in vain.",
        "Much else was said there. ".repeat(200)
    );
    let status = status_of(&far, "The talks began in May … They then ended in vain");
    assert!(status == "near" || status == "absent", "{status}");
}

#[test]
fn q3_what_is_left_out_or_replaced_is_shown_and_flags_say_what_holds() {
    let env = TestEnv::new();
    env.write("sources/a.md", "We are not leaving the union today.\n");
    env.run(&["index", "sources"]).success();
    env.write("gap.md", "> We are … leaving the union\n");
    env.write("bracket.md", "> We are [now] leaving the union\n");
    let gap = env.run(&["quote", "gap.md"]);
    assert!(
        gap.stdout.contains("We are [-…-]{+not+} leaving the union"),
        "{gap:?}"
    );
    assert!(
        gap.stdout.contains("elided: a gap leaves out `not`"),
        "{gap:?}"
    );
    let bracket = env.run(&["quote", "--json", "bracket.md"]);
    let own = &quotations(&bracket)[0];
    let expected = serde_json::json!([{"kind": "bracket", "quoted": "[now]", "source": "not", "words": 1,
        "reason": "bracket", "word": null}]);
    assert_eq!(
        (&own["gaps"], &own["holds"]),
        (&expected, &Value::Bool(false))
    );
    assert_eq!(bracket.status, 1);
    assert_eq!(
        env.run(&["quote", "--elided", "gap.md", "bracket.md"])
            .status,
        0
    );
    assert_eq!(env.run(&["quote", "--strict", "gap.md"]).status, 1);
    let both = env
        .run(&["quote", "--elided", "--strict", "gap.md"])
        .failure(2);
    assert!(both.contains("--strict"), "{both}");
}

#[test]
fn q4_dots_and_brackets_that_stand_in_the_source_are_read_as_they_stand() {
    all_are(
        "verbatim",
        &[
            ("It rained [sic] all day.", "It rained [sic] all day"),
            (
                "He said that [t]he ruling stands.",
                "He said that [t]he ruling stands",
            ),
            (
                "She went on … and on … for hours.",
                "went on … and on … for",
            ),
            (
                "The array a[0] and a[1] are set.",
                "The array a[0] and a[1] are set",
            ),
            // What whoever quotes put in changes nothing.
            ("The tlaks failed today.", "The tlaks [sic] failed today"),
            ("The tlaks, failed today.", "The tlaks [sic], failed today"),
            ("That day the ruling stands.", "[T]he ruling stands"),
            ("That day The ruling stands.", "[t]he ruling stands"),
        ],
    );
    all_are(
        "normalised",
        &[
            (
                "It rained [sic] all the long day.",
                "It rained [sic] all … day",
            ),
            ("Well ... maybe it rained.", "Well … maybe it rained"),
        ],
    );
    all_are(
        "near",
        &[(
            "He was never able to say that.",
            "He was [e]ver able to say that",
        )],
    );
}

#[test]
fn q5_all_marks_open_and_close_a_quotation() {
    let source = "The talks on fish failed today. Don’t you think so?\n";
    for quoted in [
        "“The talks on fish”",
        "\"The talks on fish\"",
        "„The talks on fish“",
        "„The talks on fish”",
        "«The talks on fish»",
        "« The talks on fish »",
        "»The talks on fish«",
        "”The talks on fish”",
        "‘The talks on fish’",
        "‹The talks on fish›",
        "›The talks on fish‹",
        "「The talks on fish」",
        "『The talks on fish』",
    ] {
        let env = TestEnv::new();
        env.write("sources/a.md", source);
        env.run(&["index", "sources"]).success();
        let draft =
            format!("It isn’t so that {quoted} is what was said, the workers’ friends say.\n");
        let draft = if quoted.starts_with('‘') {
            draft.replace("the workers’ friends", "they")
        } else {
            draft
        };
        env.write("draft.txt", draft);
        let run = env.run(&["quote", "--json", "draft.txt"]);
        let found: Vec<_> = quotations(&run)
            .iter()
            .map(|own| own["text"].clone())
            .collect();
        assert_eq!(found, ["The talks on fish"], "{quoted}: {run:?}");
        assert_eq!(run.status, 0, "{quoted}");
    }
}

#[test]
fn q5_marks_that_could_close_at_several_places_are_passed_over() {
    let env = TestEnv::new();
    env.write("sources/a.md", "The talks on fish failed today.\n");
    env.write(
        "draft.txt",
        "He said ‘the workers’ rights matter’ and ‘The talks on fish’ too.\n",
    );
    env.run(&["index", "sources"]).success();
    let run = env.run(&["quote", "--json", "draft.txt"]);
    assert_eq!(
        (run.status, statuses(&run)),
        (0, vec!["verbatim".to_string()]),
        "{run:?}"
    );
    assert_eq!(summary(&run)["passed_over"]["ambiguous"], 1);
    let only = env.run_on(
        "quote",
        &[("b.txt", "He said ‘the workers’ rights matter’.\n")],
        &[],
    );
    let error = only.failure(2);
    assert!(error.contains("1 with ambiguous marks"), "{error}");
}

#[test]
fn q6_other_formats_are_refused_and_one_bad_file_does_not_stop_the_others() {
    let env = TestEnv::new();
    env.write("sources/a.md", "The talks on fish failed today.\n");
    env.run(&["index", "sources"]).success();
    env.write("good.md", "“The talks on fish”\n");
    env.write("bytes.txt", b"one\n\xff");
    for name in ["x.eml", "x.mbox", "x.tex", "x.rtf"] {
        env.write(name, "<blockquote>The talks on fish</blockquote>\n");
        let run = env.run(&["quote", "--json", name, "good.md", "gone.md", "bytes.txt"]);
        assert_eq!(
            (run.status, statuses(&run)),
            (2, vec!["verbatim".to_string()]),
            "{run:?}"
        );
        assert!(
            run.stderr.contains(&format!(
                "`{name}`: quotations are read from text, Markdown, HTML, AsciiDoc, reStructuredText and Org, not from"
            )),
            "{run:?}"
        );
        let errors = records(&run.stdout)
            .into_iter()
            .filter(|record| record["type"] == "error");
        let files: Vec<_> = errors.map(|record| record["file"].clone()).collect();
        assert_eq!(files, [name, "gone.md", "bytes.txt"]);
        let summary = summary(&run);
        assert_eq!(
            (&summary["failed"], &summary["holds"]),
            (&Value::from(3), &Value::Bool(false))
        );
    }
    let run = env.run(&["quote", "--junit", "report.xml", "x.tex", "good.md"]);
    assert_eq!(run.status, 2);
    let xml = std::fs::read_to_string(env.path().join("report.xml")).expect("the report");
    assert!(
        xml.contains("tests=\"2\" skipped=\"0\" failures=\"0\" errors=\"1\""),
        "{xml}"
    );
}

#[test]
fn drafts_of_every_markup_are_read_and_cited_at_their_places() {
    let env = TestEnv::new();
    env.write(
        "sources/a.md",
        "The talks on fish failed today. Nobody was surprised at the quay.\n",
    );
    env.run(&["index", "sources"]).success();
    for (name, draft, line) in [
        (
            "x.html",
            "<p>x</p>\n<blockquote>The talks on fish failed</blockquote>\n",
            2,
        ),
        ("x.adoc", "x\n\n____\nThe talks on fish failed\n____\n", 4),
        ("x.rst", "x\n\n    The talks on fish failed\n", 3),
        (
            "x.org",
            "x\n\n#+begin_quote\nThe talks on fish failed\n#+end_quote\n",
            4,
        ),
    ] {
        env.write(name, draft);
        let run = env.run(&["quote", "--json", name]);
        assert_eq!(
            (run.status, statuses(&run)),
            (0, vec!["verbatim".to_string()]),
            "{run:?}"
        );
        assert_eq!(quotations(&run)[0]["line"], line, "{name}");
        let by_lines = env.run(&["quote", "--lines", name]);
        assert!(by_lines.failure(2).contains("by lines"), "{name}");
    }
}

#[test]
fn n17_what_was_passed_over_is_counted() {
    let env = TestEnv::new();
    env.write("sources/a.md", "The talks on fish failed today.\n");
    env.run(&["index", "sources"]).success();
    env.write(
        "draft.md",
        "“The talks on fish” and “fish” and `\"in code it is\"`.\n\n```\nprint(\"more of it\")\n```\n\n\
         <blockquote class=\"a b\">\n“in a block”\n</blockquote>\n\nHe said ‘the workers’ rights matter’ \
         and \"the fish” and ‚the fish‘ and <q>the fish</q>.\n",
    );
    let run = env.run(&["quote", "--json", "draft.md"]);
    let expected = serde_json::json!({"short": 1, "ambiguous": 1, "code": 2, "html": 2,
        "unpaired": 3, "attribution": 0});
    assert_eq!(summary(&run)["passed_over"], expected, "{run:?}");
    let text = env.run(&["quote", "draft.md"]).success();
    assert!(
        text.contains("passed over: 1 too short, 1 with ambiguous marks, 2 in code, 2 in HTML, 3 with unpaired or unknown marks"),
        "{text}"
    );
    let junit = env
        .run(&["quote", "--format", "junit", "draft.md"])
        .success();
    assert!(
        junit.contains("<property name=\"passed-over.unpaired\" value=\"3\"/>"),
        "{junit}"
    );
}

#[test]
fn n17_a_dropped_inner_mark_is_normalised() {
    all_are(
        "normalised",
        &[
            (
                "He said the “fourth faction” had won it.",
                "He said the fourth faction had won it",
            ),
            (
                "He said the 'fourth faction' had won it.",
                "He said the fourth faction had won it",
            ),
            (
                "He said the fourth faction had won it.",
                "He said the ‘fourth faction’ had won it",
            ),
        ],
    );
}

#[test]
fn h4_a_quotation_whose_source_changed_does_not_hold() {
    let env = TestEnv::new();
    env.write(
        "sources/a.md",
        "# The fish talks\n\nThe talks on fish failed today.\n",
    );
    env.run(&["index", "sources"]).success();
    env.write(
        "draft.md",
        "“The talks on fish failed” and “The fish talks”\n",
    );
    assert_eq!(env.run(&["quote", "draft.md"]).status, 0);
    env.write(
        "sources/a.md",
        "# The other talks\n\nThe talks on meat failed today.\n",
    );
    let run = env.run(&["quote", "--json", "--no-refresh", "draft.md"]);
    assert_eq!(run.status, 1, "{run:?}");
    for own in quotations(&run) {
        assert_eq!(
            (&own["holds"], &own["source"]["verified"]),
            (&Value::Bool(false), &Value::Bool(false))
        );
    }
    let text = env.run(&["quote", "--no-refresh", "draft.md"]);
    assert!(
        text.stdout
            .contains("does not hold: changed since it was indexed"),
        "{text:?}"
    );
}

#[test]
fn t8_hostile_drafts_end_and_limits_are_said() {
    let env = TestEnv::new();
    let words: String = (0..8_000).map(|i| format!("word{} ", i % 7)).collect();
    env.write("sources/a.txt", &words);
    env.write("sources/b.txt", "a ".repeat(30_000));
    env.run(&["index", "sources"]).success();
    let gaps: String = "a … ".repeat(5_000);
    let few_gaps: String = "a … ".repeat(90);
    let long: String = "word1 word3 ".repeat(4_000);
    for (name, text, limit) in [
        ("open.md", "“a b ".repeat(30_000), Some("words")),
        ("straight.md", "\"a b ".repeat(30_000), None),
        ("single.md", "‘a b ".repeat(30_000), None),
        ("angles.md", "»a b ›c d ".repeat(30_000), None),
        (
            "nested.md",
            format!("{} a b {}", "“".repeat(30_000), "”".repeat(30_000)),
            None,
        ),
        ("gaps.md", format!("> {gaps}"), Some("gaps")),
        ("few-gaps.md", format!("> {few_gaps}"), Some("work")),
        (
            "brackets.md",
            format!("> {}", "[a ".repeat(2_000)),
            Some("work"),
        ),
        (
            "pairs.md",
            format!("> {}", "a [b] ".repeat(5_000)),
            Some("gaps"),
        ),
        ("long.md", format!("> {long}"), Some("words")),
    ] {
        env.write(name, text);
        let run = env.run(&["quote", "--json", name]);
        let limits: Vec<Value> = quotations(&run)
            .iter()
            .map(|own| own["limit"].clone())
            .collect();
        if let Some(limit) = limit {
            assert_eq!(run.status, 2, "{name}");
            assert!(limits.contains(&Value::from(limit)), "{name}: {limits:?}");
            assert_eq!(summary(&run)["unchecked"], limits.len(), "{name}");
        } else {
            assert!(limits.iter().all(Value::is_null), "{name}: {limits:?}");
        }
    }
}
