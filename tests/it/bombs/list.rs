//! Texts that cost other readers minutes, gigabytes or their stack; each grows with its number.

/// What it is, and the text of so many elements.
pub(crate) type Bomb = (&'static str, fn(usize) -> String);

/// Sources: html5ever issue 788, html2text, pulldown-cmark's and commonmark.js's pathological cases.
pub(crate) static BOMBS: [Bomb; 29] = [
    ("open formatting and paragraphs", |n| {
        "<font id=i><p>".repeat(n)
    }),
    ("attributes of one tag", |n| {
        let attributes: String = (0..n).map(|i| format!("a{i}=1 ")).collect();
        format!("<p {attributes}>text")
    }),
    ("nested blocks", |n| "<div>".repeat(n) + "text"),
    ("nested and closed lists", |n| {
        "<ul><li>".repeat(n) + "text" + &"</li></ul>".repeat(n)
    }),
    ("nested tables", |n| "<table><tr><td>".repeat(n) + "text"),
    ("end tags without start", |n| {
        "<div>x</p></b></td>".repeat(n)
    }),
    ("tags that never end", |n| "<a href='".repeat(n)),
    ("comments that never end", |n| "<!-- a <!".repeat(n)),
    ("raw text that never ends", |n| {
        "<script>a</style><textarea>".repeat(n)
    }),
    ("navigation in navigation", |n| {
        "<nav><a href=x>a</a><aside>".repeat(n) + "text"
    }),
    ("headings in headings", |n| "<h1><h2 id=x>a".repeat(n)),
    ("structured data", |n| {
        format!(
            "<script type='application/ld+json'>{}</script>x",
            "[{\"a\":".repeat(n)
        )
    }),
    ("nested quotes", |n| "> ".repeat(n) + "text"),
    ("nested list items", |n| {
        let items = n / 200 + 1;
        let block: String = (0..200)
            .map(|depth| " ".repeat(2 * depth) + "- a\n")
            .collect();
        block.repeat(items)
    }),
    ("open emphasis", |n| "*a _b **c __d ".repeat(n)),
    ("open links", |n| "[a](<b ![c".repeat(n)),
    ("nested brackets", |n| {
        "[".repeat(n) + "a" + &"](b)".repeat(n)
    }),
    ("link definitions", |n| {
        (0..n).map(|i| format!("[a{i}]: b\n[a{i}] ")).collect()
    }),
    ("backticks of all lengths", |n| {
        let lengths = (n as f64).sqrt() as usize;
        (1..lengths).map(|i| "`".repeat(i) + "a ").collect()
    }),
    ("tables of many columns", |n| {
        let width = (n as f64).sqrt() as usize;
        format!("{}\n{}\n", "|a".repeat(width), "|-".repeat(width)) + &"|a\n".repeat(width)
    }),
    ("headings of one name", |n| "# a\n\n".repeat(n.min(40_000))),
    ("blocks that never end", |n| {
        "```a\n---\n====\n....\n|===\n:::\n.. x::\n#+begin_src\n".repeat(n)
    }),
    ("lines of white space", |n| " \t\n".repeat(n) + "text"),
    ("one endless line", |n| "word, ".repeat(n)),
    ("one endless word", |n| "x".repeat(n)),
    ("marks upon marks", |n| "a\u{301}\u{302}".repeat(n)),
    ("lines that may be headings", |n| {
        "A Title Here\n\nSome text.\n\n1.1 Another\n\n".repeat(n)
    }),
    ("short lines", |n| "a\n".repeat(n)),
    ("a long title of many sections", |n| {
        let title: String = (0..n).map(|i| format!("w{i} ")).collect();
        format!("# {title}\n\n{}", "## a\n\nb\n\n".repeat(n))
    }),
];
