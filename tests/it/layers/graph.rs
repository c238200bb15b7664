//! Which file leads to which: paths are followed through imports and re-exports to the file that defines the name.

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::{ModulePath, Reference, ReferenceKind, RustFile};

/// The files of a crate by their modules.
pub(super) struct ModuleTree<'a> {
    files: BTreeMap<&'a [String], &'a RustFile>,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Into this crate: the path, without `crate`.
    Own(ModulePath),
    /// Into another crate, or to a name that is no import.
    Foreign(ModulePath),
}

impl<'a> ModuleTree<'a> {
    pub(super) fn new(files: &'a [RustFile]) -> ModuleTree<'a> {
        let by_module = files.iter().map(|file| (file.module.as_slice(), file));
        ModuleTree {
            files: by_module.collect(),
        }
    }

    /// Where a path that `file` refers to leads, before re-exports are followed.
    pub(super) fn target(&self, file: &RustFile, reference: &Reference) -> Target {
        let is_import = reference.kind != ReferenceKind::Inline;
        self.resolve(file, &reference.path, is_import, 0)
    }

    fn resolve(&self, file: &RustFile, path: &[String], is_import: bool, depth: usize) -> Target {
        let Some((first, rest)) = path.split_first() else {
            return Target::Own(file.module.clone());
        };
        let joined = |module: &[String]| Target::Own([module, rest].concat());
        let parent = || {
            file.module
                .split_last()
                .map_or(&[][..], |(_, parent)| parent)
        };
        let child = [file.module.clone(), vec![first.clone()]].concat();
        match first.as_str() {
            "crate" => Target::Own(rest.to_vec()),
            "self" => joined(&file.module),
            "super" => {
                let more = rest.iter().take_while(|name| *name == "super").count();
                let up = parent().len().saturating_sub(more);
                Target::Own([&parent()[..up], &rest[more..]].concat())
            }
            // An import does not lead through another one of its file.
            name => match file.imports.get(name).filter(|_| !is_import && depth < 8) {
                Some(imported) => {
                    let whole = [imported, rest].concat();
                    self.resolve(file, &whole, true, depth + 1)
                }
                None if self.files.contains_key(child.as_slice()) => joined(&child),
                None => Target::Foreign(path.to_vec()),
            },
        }
    }

    /// The file that defines what a path of this crate names.
    pub(super) fn defining(&self, path: &[String]) -> Option<&'a RustFile> {
        self.follow(path, &mut BTreeSet::new())
    }

    fn follow(&self, path: &[String], seen: &mut BTreeSet<ModulePath>) -> Option<&'a RustFile> {
        let depth = (0..=path.len()).rev();
        let mut prefixes = depth.filter(|len| self.files.contains_key(&path[..*len]));
        let len = prefixes.next()?;
        let file = *self.files.get(&path[..len])?;
        let (name, rest) = match path[len..].split_first() {
            Some((name, rest)) if seen.insert(path.to_vec()) => (name, rest),
            _ => return Some(file),
        };
        let Some(imported) = file.imports.get(name) else {
            return Some(file);
        };
        match self.resolve(file, &[imported, rest].concat(), true, 0) {
            Target::Own(further) => self.follow(&further, seen).or(Some(file)),
            Target::Foreign(_) => Some(file),
        }
    }

    /// The files that each file leads to. What a `mod.rs` only passes on is not needed by it.
    pub(super) fn edges(&self) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
        let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for file in self.files.values() {
            let to = edges.entry(&file.name).or_default();
            let passes_on = |reference: &&Reference| {
                reference.kind == ReferenceKind::Export && file.name.ends_with("mod.rs")
            };
            for reference in file.references.iter().filter(|own| !passes_on(own)) {
                if let Target::Own(path) = self.target(file, reference)
                    && let Some(other) = self.defining(&path).filter(|own| own.name != file.name)
                {
                    to.insert(&other.name);
                }
            }
        }
        edges
    }

    /// The circles of files, each as the names of its files.
    pub(super) fn circles(&self) -> Vec<Vec<&'a str>> {
        let edges = self.edges();
        let reached: BTreeMap<&str, BTreeSet<&str>> = edges
            .keys()
            .map(|from| (*from, reached_from(from, &edges)))
            .collect();
        let mut circles = BTreeSet::new();
        for (from, to) in &reached {
            let leads_back =
                |other: &&&str| reached.get(**other).is_some_and(|own| own.contains(from));
            let circle: Vec<&str> = to.iter().filter(leads_back).copied().collect();
            if !circle.is_empty() {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }
}

/// All files that one leads to, by any number of steps.
fn reached_from<'a>(from: &str, edges: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(own) = open.pop() {
        for next in edges.get(own).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}
