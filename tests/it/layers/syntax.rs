//! Reads the syntax of source files: what they define, what they refer to, and how long it is. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The path of a module or an item, from the crate's root.
pub(super) type ModulePath = Vec<String>;

/// A source file.
#[derive(Default)]
pub(super) struct RustFile {
    /// Its path below `src`.
    pub(super) name: String,
    /// Its module; empty for the root.
    pub(super) module: ModulePath,
    /// How many lines it has, without its tests.
    pub(super) lines: usize,
    /// The names that it imports, and the paths that they stand for as written.
    pub(super) imports: BTreeMap<String, ModulePath>,
    /// The paths that it refers to, as written.
    pub(super) references: Vec<Reference>,
    /// The types and traits that it defines, each with its line.
    pub(super) types: Vec<(String, usize)>,
    /// Its functions, each with its lines.
    pub(super) functions: Vec<(String, RangeInclusive<usize>)>,
    /// The macros that it calls, each with its line.
    pub(super) macros: Vec<(String, usize)>,
    /// The modules that are declared for tests alone.
    test_modules: BTreeSet<String>,
}

/// A path that a file refers to.
pub(super) struct Reference {
    pub(super) path: ModulePath,
    pub(super) line: usize,
    pub(super) kind: ReferenceKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ReferenceKind {
    Import,
    /// An import that others may import from here.
    Export,
    /// A path in code.
    Inline,
}

/// Reads the files of a crate, given as paths below `src` with their texts. Files of tests are left out.
pub(super) fn read_files(texts: impl IntoIterator<Item = (String, String)>) -> Vec<RustFile> {
    let mut files: Vec<RustFile> = texts
        .into_iter()
        .map(|(name, text)| read_file(&name, &text))
        .collect();
    let of_tests: BTreeSet<ModulePath> = files
        .iter()
        .flat_map(|file| {
            let child = |name: &String| [file.module.clone(), vec![name.clone()]].concat();
            file.test_modules.iter().map(child).collect::<Vec<_>>()
        })
        .collect();
    files.retain(|file| !of_tests.contains(&file.module));
    files
}

fn read_file(name: &str, text: &str) -> RustFile {
    let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut file = RustFile {
        name: name.to_string(),
        module: module_of(name),
        lines: text.lines().count(),
        ..RustFile::default()
    };
    file.visit_file(&syntax);
    file
}

/// The module of a file: `query/mod.rs` is `query`, `lib.rs` the root. The program's `main.rs` counts as a module.
fn module_of(name: &str) -> ModulePath {
    let stem = name.trim_end_matches(".rs");
    let mut module: ModulePath = stem.split('/').map(str::to_string).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    module
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let inner = attribute.meta.require_list();
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && inner.is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

fn line_of(spanned: &impl Spanned) -> usize {
    spanned.span().start().line
}

impl RustFile {
    fn leave_out(&mut self, item: &impl Spanned) {
        let span = item.span();
        self.lines -= span.end().line + 1 - span.start().line;
    }

    fn define(&mut self, name: &syn::Ident) {
        self.types.push((name.to_string(), line_of(name)));
    }

    fn take_function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let lines = line_of(signature)..=body.span().end().line;
        self.functions.push((signature.ident.to_string(), lines));
    }

    /// Takes an import apart into the names that it brings.
    fn take_import(&mut self, tree: &syn::UseTree, before: &ModulePath, kind: ReferenceKind) {
        let joined = |name: &syn::Ident| [before.clone(), vec![name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(inner) => self.take_import(&inner.tree, &joined(&inner.ident), kind),
            syn::UseTree::Group(inner) => {
                for tree in &inner.items {
                    self.take_import(tree, before, kind);
                }
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                let own = before.last().cloned().unwrap_or_default();
                self.bring(own, before.clone(), line_of(name), kind);
            }
            syn::UseTree::Name(name) => {
                self.bring(
                    name.ident.to_string(),
                    joined(&name.ident),
                    line_of(name),
                    kind,
                );
            }
            syn::UseTree::Rename(name) => {
                let path = match name.ident == "self" {
                    true => before.clone(),
                    false => joined(&name.ident),
                };
                self.bring(name.rename.to_string(), path, line_of(name), kind);
            }
            syn::UseTree::Glob(_) => {
                panic!("{}: imports name what they bring", self.name);
            }
        }
    }

    fn bring(&mut self, name: String, path: ModulePath, line: usize, kind: ReferenceKind) {
        self.references.push(Reference {
            path: path.clone(),
            line,
            kind,
        });
        self.imports.insert(name, path);
    }

    fn refer(&mut self, path: ModulePath, line: usize) {
        if path.len() > 1 {
            self.references.push(Reference {
                path,
                line,
                kind: ReferenceKind::Inline,
            });
        }
    }

    /// Finds the paths in what a macro or an attribute takes, which has no syntax of its own.
    fn take_tokens(&mut self, tokens: TokenStream) {
        let mut path = ModulePath::new();
        let mut line = 0;
        // How many colons stand behind the path, and whether what stands before it makes it a field or a method.
        let mut colons = 0;
        let mut is_member = false;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.refer(std::mem::take(&mut path), line);
                        line = name.span().start().line;
                    }
                    if !is_member {
                        path.push(name.to_string());
                    }
                    colons = 0;
                    is_member = false;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.refer(std::mem::take(&mut path), line);
                    colons = 0;
                    is_member = matches!(&other, TokenTree::Punct(sign) if sign.as_char() == '.');
                    if let TokenTree::Group(group) = other {
                        self.take_tokens(group.stream());
                    }
                }
            }
        }
        self.refer(path, line);
    }
}

impl<'ast> Visit<'ast> for RustFile {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Const(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Static(item) => &item.attrs,
            syn::Item::Struct(item) => &item.attrs,
            syn::Item::Enum(item) => &item.attrs,
            syn::Item::Trait(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => &[],
        };
        if is_for_tests(attributes) {
            if let syn::Item::Mod(item) = item {
                self.test_modules.insert(item.ident.to_string());
            }
            return self.leave_out(item);
        }
        match item {
            syn::Item::Struct(item) => self.define(&item.ident),
            syn::Item::Enum(item) => self.define(&item.ident),
            syn::Item::Trait(item) => self.define(&item.ident),
            syn::Item::Type(item) => self.define(&item.ident),
            syn::Item::Fn(item) => self.take_function(&item.sig, &item.block),
            syn::Item::Mod(item) => {
                // A module inside a file holds names alone; paths in it would start elsewhere.
                let items = item.content.iter().flat_map(|(_, items)| items);
                let is_import = |item: &syn::Item| matches!(item, syn::Item::Use(_));
                let imports = items.filter(|item| is_import(item)).count();
                assert_eq!(imports, 0, "{}: `{}` imports", self.name, item.ident);
            }
            syn::Item::Use(item) => {
                let kind = match item.vis {
                    syn::Visibility::Inherited => ReferenceKind::Import,
                    _ => ReferenceKind::Export,
                };
                self.take_import(&item.tree, &ModulePath::new(), kind);
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if is_for_tests(&item.attrs) {
            return self.leave_out(item);
        }
        self.take_function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.take_function(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        self.refer(names.collect(), line_of(path));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, own: &'ast syn::Macro) {
        if let Some(name) = own.path.segments.last() {
            self.macros.push((name.ident.to_string(), line_of(name)));
        }
        self.take_tokens(own.tokens.clone());
        visit::visit_macro(self, own);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.take_tokens(list.tokens.clone());
        }
    }

    /// `pub(in crate::cli)` imports nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
}
