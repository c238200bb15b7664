//! Tells lines of source code, commands, paths and settings.

/// Beginnings of lines of source code and of commands.
static CODE_STARTS: [&str; 18] = [
    "$ ",
    "# ",
    "> ",
    "% ",
    "//",
    "/*",
    "import ",
    "let ",
    "const ",
    "var ",
    "fn ",
    "def ",
    "return ",
    "return;",
    "use std::",
    "#include",
    "struct ",
    "@",
];

/// What stands in source code and hardly elsewhere.
static CODE_SIGNS: [&str; 12] = [
    "=>", "->", "::", "==", "!=", "&&", "||", "</", "/>", "){", ") {", ");",
];

/// Which ASCII characters a text holds: one look spares many searches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs(u128);

impl Signs {
    pub(super) fn of(text: &str) -> Signs {
        let set = |set: u128, byte: u8| match byte {
            0..0x80 => set | 1 << byte,
            _ => set,
        };
        Signs(text.bytes().fold(0, set))
    }

    /// Whether one of `any` is there.
    pub(super) fn has(self, any: &[u8]) -> bool {
        any.iter().any(|byte| self.0 >> byte & 1 == 1)
    }
}

/// Whether a line looks like source code, a command, a path or a setting.
pub(super) fn is_code(text: &str) -> bool {
    let may_start = text
        .as_bytes()
        .first()
        .is_some_and(|first| b"$#>%/@ilcvfdrus".contains(first));
    if may_start && CODE_STARTS.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    let signs = Signs::of(text);
    if !signs.has(b"{}=>:&|/(;") {
        return false;
    }
    let may_have = |sign: &&&str| sign.bytes().all(|byte| signs.has(&[byte]));
    signs.has(b"{}")
        || text.ends_with(';')
        || CODE_SIGNS
            .iter()
            .filter(may_have)
            .any(|sign| text.contains(sign))
        || is_call_or_setting(text)
        || is_bare_path(text)
}

/// `name(…` at the front, `name = value`, `name: 1`.
fn is_call_or_setting(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let name_len = text.find(|c| !is_name(c)).unwrap_or(text.len());
    if name_len == 0 {
        return false;
    }
    let rest = &text[name_len..];
    let value = rest.trim_start();
    rest.starts_with('(')
        || (value.starts_with('=') && value.len() > 1)
        || (value.starts_with(':')
            && value[1..]
                .trim_start()
                .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '[' | '{')))
}

/// `some/path/name` and nothing else.
fn is_bare_path(text: &str) -> bool {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    text.find('/')
        .is_some_and(|at| at > 0 && at + 1 < text.len() && text.chars().all(is_path))
}
