//! Small pages that tell of themselves in the ways that were misread: titles, authors, dates.

use crate::article::Metadata;
use crate::format::read_str;

const TEXT: &str = "<p>Some text that is long enough to be a paragraph of prose, with a comma, about the harbour.</p>";

fn read(head: &str, body: &str) -> Metadata {
    let page = format!("<html><head>{head}</head><body>{body}{TEXT}</body></html>");
    read_str("html", &page).metadata
}

fn data(json: &str) -> String {
    format!("<script type='application/ld+json'>{json}</script>")
}

#[track_caller]
fn assert_author(head: &str, body: &str, authors: &[&str]) {
    assert_eq!(read(head, body).authors, authors, "{head}{body}");
}

#[test]
fn authors_are_named_in_many_ways_in_data() {
    for (author, names) in [
        (r#"{"name":{"name":"Ann Berg"}}"#, &["Ann Berg"][..]),
        (r#"{"name":{"@value":"Ann Berg"}}"#, &["Ann Berg"]),
        (
            r#"{"@type":"Person","givenName":"Ann","familyName":"Berg"}"#,
            &["Ann Berg"],
        ),
        (
            r#"[{"name":"Ann Berg"},[{"name":"Bo Lee"}]]"#,
            &["Ann Berg", "Bo Lee"],
        ),
        (
            r#"[{"@type":"Organization","name":"The Tide"},{"@type":"Person","name":"Ann Berg"}]"#,
            &["Ann Berg"],
        ),
        (r#"{"name":["Ann Berg"]}"#, &["Ann Berg"]),
    ] {
        let head = data(&format!(r#"{{"@type":"NewsArticle","author":{author}}}"#));
        assert_author(&head, "", names);
    }
}

#[test]
fn names_are_told_from_what_stands_around_them() {
    for (content, name) in [
        ("ByAnn Berg", "Ann Berg"),
        ("By Ann Berg, Staff Writer", "Ann Berg"),
        ("Ann BergStaff Writer", "Ann Berg"),
        ("Ann Berg December 23, 2016", "Ann Berg"),
        ("Ann Berg - Aug 4, 2016 10:00", "Ann Berg"),
        ("&lt;a href='/ann'&gt;Ann Berg&lt;/a&gt;", "Ann Berg"),
        ("Wednesday January 2, 2019 by Ann Berg", "Ann Berg"),
        ("Ann Berg / Agency", "Ann Berg"),
        ("Theresa May", "Theresa May"),
        ("Byron Lee", "Byron Lee"),
        ("Dirk de Vries", "Dirk de Vries"),
        ("Von: Ann Berg", "Ann Berg"),
    ] {
        assert_author(
            &format!("<meta name=author content=\"{content}\">"),
            "",
            &[name],
        );
    }
    assert_author(
        "<meta name=author content='Ann Berg'><meta name=author content='Bo Lee'>",
        "",
        &["Ann Berg", "Bo Lee"],
    );
    assert_author(
        "<meta property='og:article:author' content='Ann Berg'>",
        "",
        &["Ann Berg"],
    );
}

#[test]
fn bylines_are_read_by_their_pieces() {
    for byline in [
        "<div class=byline><span>By</span>Ann Berg</div>",
        "<div class=byline>By <span>Ann Berg</span><div>THE DAILY TIDE</div><time>Dec 16, 2016 at 1:38 pm</time></div>",
        "<div class=author>Written by <a href=x>Ann Berg</a> in <a href=y>Ports</a> on 1 June 2019.</div>",
        "<div class=author><a rel=author href=x>Ann Berg</a> <a href=y>View author archive</a></div>",
        "<p>By <a href=/ann>Ann Berg</a></p>",
        "<p><a href='https://x.y/author/ann'>Ann Berg</a></p>",
    ] {
        assert_author("", &format!("<h1>Harbour</h1>{byline}"), &["Ann Berg"]);
    }
    let several = "<p class=byline>By <a href=x>Ann Berg</a>, <a href=y>Bo Lee</a> and <a href=z>Cy Dow</a> Sept. 20, 2016</p>";
    assert_author(
        "",
        &format!("<h1>Harbour</h1>{several}"),
        &["Ann Berg, Bo Lee and Cy Dow"],
    );
}

#[test]
fn the_byline_decides_between_names_of_the_head() {
    let head = "<meta property='og:site_name' content='The Tide'><meta name=author content='Tide Media'>\
                <meta property='article:author' content='Ann Berg'>";
    assert_author(
        head,
        "<h1>Harbour</h1><p class=byline>By Ann Berg</p>",
        &["Ann Berg"],
    );
    let head = "<meta property='og:site_name' content='The Tide'><meta name=author content='The Tide Staff'>";
    assert_author(
        head,
        "<h1>Harbour</h1><p class=byline>By Ann Berg</p>",
        &["Ann Berg"],
    );
    assert_author(head, "<h1>Harbour</h1>", &["The Tide Staff"]);
}

#[test]
fn dates_are_found_where_pages_put_them() {
    for (head, body) in [
        (
            "<meta property='og:article:published_time' content='2019-02-26T10:00:00Z'>",
            "",
        ),
        (
            "<meta name=sailthru.date content='Tuesday, February 26, 2019, 06:47 PM'>",
            "",
        ),
        ("", "<time>26 February 2019</time>"),
        ("", "<time data-published='2019-02-26 09:13:00Z'></time>"),
        (
            "",
            "<span itemprop=datePublished content=2019-02-26>a while ago</span>",
        ),
        ("", "<span itemprop=datePublished>26.02.2019</span>"),
        ("", "<div datetime='2019-02-26 17:00:00 -0400'></div>"),
        ("", "<span class=pub-date>26 lutego 2019</span>"),
        ("", "<ul><li>2019年2月26日</li></ul>"),
        ("", "<p>26/02/2019 | Ann Berg</p>"),
        (
            "",
            "<time class=updated datetime=2020-01-01></time><time class=published datetime=2019-02-26></time>",
        ),
        (
            "",
            "<p>Updated January 1, 2020</p><p>Published February 26, 2019</p>",
        ),
        (
            "<link rel=canonical href='https://x.y/2019/02/26/harbour'>",
            "",
        ),
    ] {
        let date = read(head, &format!("<h1>Harbour</h1>{body}")).date;
        assert_eq!(date.as_deref(), Some("2019-02-26"), "{head}{body}");
    }
    let updated = "<meta property='article:modified_time' content='2020-01-01'>";
    assert_eq!(
        read(updated, "<h1>Harbour</h1>").date.as_deref(),
        Some("2020-01-01")
    );
    let both = "<h1>Harbour</h1><span class=date>February 26, 2019</span>";
    assert_eq!(read(updated, both).date.as_deref(), Some("2019-02-26"));
}

#[track_caller]
fn assert_title(head: &str, body: &str, title: &str) {
    assert_eq!(
        read(head, body).title.as_deref(),
        Some(title),
        "{head}{body}"
    );
}

#[test]
fn the_heading_says_the_title_before_taglines_do() {
    let tagline = data(
        r#"{"@type":"Article","headline":"All you need for the pier","name":"Harbour guide"}"#,
    );
    assert_title(&tagline, "<h1>Harbour guide</h1>", "Harbour guide");
    let other = "<meta property='og:title' content='Harbour talks: all the news'><title>Harbour talks live | Tide</title>";
    assert_title(
        other,
        "<h1>The talks about the harbour go on</h1>",
        "The talks about the harbour go on",
    );
    let section = "<meta property='og:title' content='Technology brings ferries across stormy harbour waters faster than before'>";
    assert_title(
        section,
        "<h1>Technology</h1>",
        "Technology brings ferries across stormy harbour waters faster than before",
    );
    let unrelated = "<meta property='og:title' content='Ferries are late'>";
    assert_title(unrelated, "<h1>Events</h1>", "Ferries are late");
}

#[test]
fn the_name_of_the_site_is_no_title() {
    assert_title(
        "<title>Ferries are late again - The Tide</title>",
        "<h1>The Tide</h1>",
        "Ferries are late again",
    );
    assert_title(
        "<title>渡轮又晚点了乘客在码头等待_新闻_潮汐日报</title>",
        "<h1>潮汐日报</h1><h2>渡轮又晚点了乘客在码头等待</h2>",
        "渡轮又晚点了乘客在码头等待",
    );
    assert_title(
        "<meta property='og:site_name' content='The Tide'><title>The Tide: Ferries</title>",
        "<h1>The Tide</h1><h1>Ferries</h1>",
        "Ferries",
    );
    assert_title("<title>The Tide</title>", "<h1>The Tide</h1>", "The Tide");
}

#[test]
fn real_titles_are_not_cut() {
    let site = "<meta property='og:site_name' content='Tide'>";
    let title = "wasm-module - Elements of pages in Rust";
    assert_title(
        &format!("{site}<meta property='og:title' content='{title} · Tide'>"),
        "",
        title,
    );
    assert_title(
        &format!("<title>{title}</title>"),
        &format!("<h1>{title}</h1><h1>wasm-module</h1>"),
        title,
    );
    assert_title(
        "<title>Ann Berg - Wikipedia</title>",
        "<h1>Ann Berg</h1>",
        "Ann Berg",
    );
}
