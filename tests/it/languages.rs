//! Articles in many languages: words, forms, aliases, proposals, and what a terminal shows of them.

use std::collections::BTreeSet;

use excerpt::analysis::{Language, Morphology, fold, words};
use excerpt::engine::embedded::EmbeddedSnapshot;
use excerpt::engine::{QueryLimits, Snapshot};
use excerpt::query::{Mode, parse};
use insta::assert_snapshot;

use crate::env::{TestEnv, number};

/// Texts of a few sentences, so that their languages are told.
const ARTICLES: [(&str, &str); 9] = [
    (
        "de.md",
        "# Die Gespräche\n\nDie Gespräche über den Hafen wurden in der Nacht vertagt. Das Abkommen ist noch nicht \
         unterschrieben, und die Häuser am Wasser stehen leer.\n",
    ),
    (
        "ru.md",
        "# Переговоры\n\nПереговоры о порте были отложены. Соглашение ещё не подписано, и дома у воды стоят пустые. \
         Это не первый раз, когда стороны не смогли договориться.\n",
    ),
    (
        "zh.md",
        "# 明斯克协议\n\n乌克兰和俄罗斯在明斯克签署了停火协议。协议要求立即停火并撤出重型武器。\n",
    ),
    (
        "ja.md",
        "# 港の会議\n\n港についての会議は夜に延期された。東京タワーの近くで行われた。\n",
    ),
    (
        "ko.md",
        "# 민스크 협정\n\n민스크 협정은 2015년 2월에 서명되었다. 휴전을 요구한다.\n",
    ),
    ("th.md", "# เมืองหลวง\n\nประเทศไทยมีเมืองหลวงคือกรุงเทพมหานคร\n"),
    (
        "vi.md",
        "# Hà Nội\n\nHà Nội là thủ đô của nước Việt Nam. Người ta đã ký hiệp định ở đó, và chợ nổi rất đông. \
         Không ai cho biết vì sao các cuộc đàm phán được hoãn lại.\n",
    ),
    (
        "ar.md",
        "# الكتاب\n\nقرأ الطالب كتابا عن الميناء في المدينة، ثم كتب عنه إلى الصحيفة. هذا هو الكتاب الذي كان على الطاولة.\n",
    ),
    (
        "en.md",
        "# The harbour\n\nThe talks about the harbour were put off. Nguyễn Văn An said that the agreements of Minsk were \
         not signed, and that Kiev had asked the United Nations to speak.\n",
    ),
];

fn indexed() -> TestEnv {
    let env = TestEnv::new();
    for (name, text) in ARTICLES {
        env.write(&format!("docs/{name}"), text);
    }
    env.run(&["index", "docs"]).success();
    env
}

/// The files that a query finds, by name.
fn files(env: &TestEnv, args: &[&str]) -> Vec<String> {
    let hits = env.hits(args);
    let names = hits
        .iter()
        .map(|hit| hit["path"].as_str().unwrap_or_default());
    let mut names: Vec<String> = names.map(|path| path.replace("docs/", "")).collect();
    names.sort();
    names.dedup();
    names
}

/// Articles of one language, and single ones of others that a few sentences make.
fn mostly_english() -> TestEnv {
    let env = TestEnv::new();
    for number in 0..12 {
        let text = "The cat of the house sat on the mat, and nobody said what it was for.\n";
        env.write(&format!("en{number}.md"), text);
    }
    env.write(
        "chat.md",
        "The users of a chat had it with others, who were there for them.\n",
    );
    env.write(
        "ga.md",
        "---\nlang: ga\n---\nBhí an chat ag an doras, agus tháinig an madra.\n",
    );
    env.write("plain.md", "Chat list: chat, chats.\n");
    env.write(
        "ru.md",
        "---\nlang: ru\n---\nВ тексте о порте стоит chats.\n",
    );
    env.run(&["index"]).success();
    env
}

#[test]
fn words_have_the_forms_of_each_articles_own_language() {
    let env = mostly_english();
    // `chat` is a form of `cat` in Irish alone.
    let cats = files(&env, &["-k", "99", "cat"]);
    assert!(cats.contains(&"ga.md".to_string()), "{cats:?}");
    assert_eq!(cats.len(), 13);
    // What is told no language, or one of another script, has the forms of those that lead this script.
    assert_eq!(
        files(&env, &["chat"]),
        ["chat.md", "ga.md", "plain.md", "ru.md"]
    );
    assert_eq!(files(&env, &["chats"]), ["chat.md", "plain.md", "ru.md"]);
    // `--lang` holds for every article.
    assert!(files(&env, &["-k", "99", "--lang", "ga", "cat"]).contains(&"chat.md".to_string()));
    assert_eq!(files(&env, &["-k", "99", "--lang", "en", "cat"]).len(), 12);
    let marked = env.hits(&["cat path:ga.md"]);
    assert_eq!(marked[0]["passages"][0]["highlights"][0]["text"], "chat");
    let explained = env.run(&["explain", "cat", "chat.md"]).success();
    assert!(
        explained.contains("`chat` is a form of it in Irish only; this article is English"),
        "{explained}"
    );
    env.run(&["verify"]).success();
}

#[test]
fn each_article_is_found_in_its_language() {
    let env = indexed();
    for (query, file) in [
        ("Gespräch", "de.md"),
        ("haus", "de.md"),
        ("соглашения", "ru.md"),
        ("еще", "ru.md"),
        ("停火", "zh.md"),
        ("火协", "zh.md"),
        ("武器", "zh.md"),
        ("\"乌克兰 明斯克\"~9", "zh.md"),
        ("会議", "ja.md"),
        ("ﾀﾜｰ", "ja.md"),
        ("휴전", "ko.md"),
        ("협정", "ko.md"),
        ("กรุงเทพ", "th.md"),
        ("كتاب", "ar.md"),
        ("hiệp định", "vi.md"),
        ("hiep dinh", "vi.md"),
        ("\"viet nam\"", "vi.md"),
        ("vie*", "vi.md"),
        ("agreement", "en.md"),
        ("nguyen", "en.md"),
        ("Nguyễn", "en.md"),
    ] {
        assert_eq!(files(&env, &[query]), [file], "{query}");
    }
    // What is written with tones is meant so, and so are its neighbours.
    assert_eq!(files(&env, &["chơ"]), [""; 0]);
    assert_eq!(files(&env, &["\"việt nam\""]), ["vi.md"]);
}

#[test]
fn the_language_of_an_article_is_told_shown_and_filtered_by() {
    let env = indexed();
    for tag in ["de", "ru", "zh", "ja", "ko", "th", "vi", "ar", "en"] {
        let query = format!("lang:{tag}");
        assert_eq!(files(&env, &[&query]), [format!("{tag}.md")], "{tag}");
    }
    let status = env.run(&["status"]).success();
    let line = status.lines().find(|line| line.starts_with("languages"));
    assert_snapshot!(line.unwrap_or_default(), @"languages ar 1, de 1, en 1, ja 1, ko 1, ru 1, th 1, vi 1, zh 1, in sections");
}

#[test]
fn languages_can_be_chosen() {
    let env = indexed();
    assert_eq!(files(&env, &["signing", "--lang", "en"]), ["en.md"]);
    assert_eq!(
        files(&env, &["signing", "--lang", "de, English"]),
        ["en.md"]
    );
    assert_eq!(files(&env, &["signing", "--lang", "de"]), [""; 0]);
    env.write("excerpt.toml", "[query]\nlang = \"de\"\n");
    assert_eq!(files(&env, &["signing"]), [""; 0]);
    assert_eq!(files(&env, &["signing", "--lang", "en"]), ["en.md"]);
    env.write("excerpt.toml", "");
    let error = env.run(&["query", "x", "--lang", "klingon"]).failure(2);
    assert!(
        error.contains("no such language; expected auto or some of en ru"),
        "{error}"
    );
}

#[test]
fn aliases_stand_for_unquoted_words_and_explain_names_them() {
    let env = indexed();
    env.write("names.txt", "Kyiv, Kiev\nUN, United Nations\n");
    let with = ["--aliases", "names.txt"];
    assert_eq!(files(&env, &["kyiv"]), [""; 0]);
    assert_eq!(files(&env, &["kyiv", with[0], with[1]]), ["en.md"]);
    assert_eq!(files(&env, &["UN kyiv", with[0], with[1]]), ["en.md"]);
    assert_eq!(files(&env, &["\"kyiv\"", with[0], with[1]]), [""; 0]);
    let explained = env
        .run(&["explain", "kyiv", "docs/en.md", with[0], with[1]])
        .success();
    assert!(explained.contains("kiev"), "{explained}");
    env.write("excerpt.toml", "[query]\naliases = \"names.txt\"\n");
    assert_eq!(files(&env, &["kyiv"]), ["en.md"]);
    env.write("excerpt.toml", "[query]\naliases = \"missing.txt\"\n");
    assert_snapshot!(
        env.run(&["query", "kyiv"]).failure(2),
        @"excerpt: cannot read `missing.txt`: No such file or directory (os error 2)"
    );
}

#[test]
fn where_nothing_matches_a_spelling_or_any_word_is_proposed() {
    let env = indexed();
    let mut said = String::new();
    for query in [
        "harbuor",
        "Abkomen",
        "соглашеие",
        "talks Gespräche",
        "Mịnsk",
        "明斯克武器",
    ] {
        let run = env.run(&["query", query]);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{query}");
        said += &format!("{query}: {}", run.stderr);
    }
    assert_snapshot!(said, @"
    harbuor: excerpt: did you mean `harbour`?
    Abkomen: excerpt: did you mean `abkommen`?
    соглашеие: excerpt: did you mean `соглашение`?
    talks Gespräche: excerpt: no section contains all the words; `--any` finds 2
    Mịnsk: excerpt: did you mean `minsk`?
    明斯克武器: excerpt: no section contains all the words; `--plain --any` finds 1
    ");
}

#[test]
fn highlights_are_exact_in_all_scripts() {
    let env = indexed();
    for (query, marked) in [
        ("停火", vec!["停火"]),
        ("斯克签", vec!["斯克签"]),
        ("กรุงเทพ", vec!["กรุงเทพ"]),
        ("협정", vec!["협정"]),
        ("كتاب", vec!["كتابا", "الكتاب"]),
        ("еще", vec!["ещё"]),
        ("viet", vec!["Việt"]),
    ] {
        let hit = &env.hits(&[query])[0];
        let highlights = hit["passages"][0]["highlights"]
            .as_array()
            .expect("highlights");
        let own: BTreeSet<&str> = highlights
            .iter()
            .filter_map(|highlight| highlight["text"].as_str())
            .collect();
        assert_eq!(own, marked.into_iter().collect(), "{query} {hit}");
    }
}

#[test]
fn right_to_left_text_is_isolated_on_a_terminal() {
    let env = indexed();
    let out = env.run(&["query", "كتاب", "--color", "never"]).success();
    let isolated = out.lines().filter(|line| line.contains('\u{2068}'));
    for line in isolated.clone() {
        assert_eq!(
            line.matches('\u{2068}').count(),
            line.matches('\u{2069}').count(),
            "{line}"
        );
    }
    assert!(isolated.count() > 0, "{out}");
    let json = env.run(&["query", "كتاب", "--format", "ndjson"]).success();
    assert!(!json.contains('\u{2068}'), "{json}");
}

/// A few words of each language with a stemmer, with some of their forms.
const FORMS: &str = include_str!("languages/forms.txt");

/// The words to try by language: those above, and with `EXCERPT_WORDS` the lists `TAG.txt` of that folder.
fn word_lists() -> Vec<(Language, Vec<String>)> {
    let own = FORMS.lines().filter_map(|line| line.split_once(": "));
    let mut lists: Vec<(Language, Vec<String>)> = own
        .map(|(tag, words)| {
            let language = Language::of_tag(tag).expect(tag);
            (language, words.split(' ').map(str::to_string).collect())
        })
        .collect();
    if let Ok(folder) = std::env::var("EXCERPT_WORDS") {
        for (language, words) in &mut lists {
            let path = format!("{folder}/{}.txt", language.tag());
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let is_plain =
                |word: &&str| !word.contains(|c: char| c.is_ascii_punctuation() && c != '\'');
            words.extend(text.lines().filter(is_plain).map(str::to_string));
        }
    }
    lists
}

/// The expansion of a word is read from tables; a full scan of the dictionary has to find no form more.
#[test]
fn an_expansion_finds_every_form_that_a_full_scan_finds() {
    let lists = word_lists();
    let inflecting = Language::all().filter(|language| language.has_stemmer());
    let known: BTreeSet<Language> = lists.iter().map(|(language, _)| *language).collect();
    assert_eq!(known, inflecting.collect());
    for (language, list) in lists {
        let env = TestEnv::new();
        let text = list
            .chunks(12)
            .map(|words| words.join(" "))
            .collect::<Vec<_>>()
            .join("\n\n");
        let front = format!("---\nlang: {}\n---\n", language.tag());
        env.write("docs/words.md", format!("{front}{text}\n"));
        env.run(&["index", "docs"]).success();
        let forms: BTreeSet<String> = words(&text).into_iter().map(|word| word.form).collect();
        let morphology = Morphology::of([language]);
        let engine = EmbeddedSnapshot::open(&env.path().join(".excerpt")).expect("the index");
        let step = forms.len().div_ceil(number("EXCERPT_WORDS_TRIED", 60));
        let mut joined = 0;
        let is_read_so = |form: &&String| matches!(&words(form)[..], [word] if word.form == **form);
        for form in forms.iter().filter(is_read_so).step_by(step) {
            let found = expansion(&engine, form, &morphology);
            let scanned = scan(&forms, form, &morphology);
            assert_eq!(found, scanned, "{} {form}", language.tag());
            joined += usize::from(scanned.len() > 1);
        }
        assert!(joined > 0, "{}", language.tag());
    }
}

/// The forms that the engine expands a bare word to.
fn expansion(engine: &EmbeddedSnapshot, form: &str, morphology: &Morphology) -> BTreeSet<String> {
    let mode = Mode {
        plain: true,
        ..Mode::default()
    };
    let query = parse(form, mode, morphology).expect(form);
    let forms = engine
        .forms(query.terms()[0], QueryLimits::default())
        .expect(form);
    forms.into_iter().flatten().map(|form| form.text).collect()
}

/// Those of the forms that have a stem of `form`'s.
fn scan(forms: &BTreeSet<String>, form: &str, morphology: &Morphology) -> BTreeSet<String> {
    let classes = morphology.classes(form);
    let is_in = |other: &str| {
        let mut classes = classes.iter();
        other == form || classes.any(|class| class.language.stem(other) == class.stem)
    };
    forms.iter().filter(|other| is_in(other)).cloned().collect()
}

/// Stemmers of languages that are said to leave the beginnings of words do so, which the quick look relies on.
#[test]
fn no_class_holds_less_than_its_stem_says() {
    for (language, words) in word_lists() {
        let morphology = Morphology::of([language]);
        for word in words {
            let form = fold(&word);
            for class in morphology.classes(&form) {
                assert!(class.holds(&form), "{} {form} {class:?}", language.tag());
            }
        }
    }
}
