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

/// Which bytes a text holds: one look spares many searches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs([u64; 4]);

impl Signs {
    pub(super) fn of(text: &str) -> Signs {
        let (mut low, mut high) = (0, 0);
        let mut beyond = [0u64; 2];
        for byte in text.bytes() {
            let bit = 1u64 << (byte & 63);
            match byte {
                // Without a branch: letters and signs take turns.
                0..0x80 => {
                    let is_high = u64::from(byte >> 6).wrapping_neg();
                    low |= bit & !is_high;
                    high |= bit & is_high;
                }
                0x80..0xc0 => beyond[0] |= bit,
                0xc0.. => beyond[1] |= bit,
            }
        }
        let [third, fourth] = beyond;
        Signs([low, high, third, fourth])
    }

    /// Whether one of the bytes `any` is there.
    pub(super) fn has(self, any: &[u8]) -> bool {
        let part = |byte: u8| self.0.get(usize::from(byte >> 6)).copied().unwrap_or(0);
        any.iter().any(|&byte| part(byte) >> (byte & 63) & 1 == 1)
    }

    /// Whether there is a digit.
    pub(super) fn has_digit(self) -> bool {
        self.has(b"0123456789")
    }

    /// Whether all are of ASCII.
    pub(super) fn is_ascii(self) -> bool {
        let [_, _, third, fourth] = self.0;
        third | fourth == 0
    }
}

/// Whether a line looks like source code, a command, a path or a setting.
pub(super) fn is_code(text: &str) -> bool {
    is_code_of(text, Signs::of(text))
}

/// The same for a text with these signs.
pub(super) fn is_code_of(text: &str, signs: Signs) -> bool {
    let may_start = text
        .as_bytes()
        .first()
        .is_some_and(|first| b"$#>%/@ilcvfdrus".contains(first));
    if may_start && CODE_STARTS.iter().any(|start| text.starts_with(start)) {
        return true;
    }
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
