//! The directives that are read in a way of their own.

use crate::article::BlockKind;

/// Directives that are left out, with all that is in them.
pub(super) static LEFT: [&str; 22] = [
    "autoclass",
    "autofunction",
    "automodule",
    "class-synopsis",
    "contents",
    "default-role",
    "figwidth",
    "highlight",
    "image",
    "include",
    "index",
    "literalinclude",
    "meta",
    "raw",
    "replace",
    "role",
    "sectnum",
    "tabularcolumns",
    "title",
    "toctree",
    "unicode",
    "youtube",
];
/// Directives whose content is text as it stands.
pub(super) static VERBATIM: [&str; 9] = [
    "code",
    "code-block",
    "doctest",
    "ipython",
    "math",
    "parsed-literal",
    "productionlist",
    "prompt",
    "sourcecode",
];
/// Directives whose arguments are no text.
pub(super) static SILENT: [&str; 13] = [
    "class",
    "configuration-block",
    "container",
    "currentmodule",
    "cssclass",
    "figure",
    "ifconfig",
    "module",
    "only",
    "program",
    "rst-class",
    "tabs",
    "toggle",
];

/// What the content of a directive is.
pub(super) fn kind_of(directive: &str) -> Option<BlockKind> {
    match directive {
        "epigraph" | "highlights" | "pull-quote" => Some(BlockKind::Quotation),
        "list-table" => Some(BlockKind::Table),
        _ => None,
    }
}
