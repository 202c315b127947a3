//! Cyclic imports: files that can only be understood and moved together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::{Crate, File};

/// A line for each cycle. Items of parent modules may be imported.
pub(super) fn findings(all: &Crate) -> Vec<String> {
    let graph: BTreeMap<&str, BTreeSet<&str>> =
        all.files().map(|file| (file.source.as_str(), imported(file, all))).collect();
    let mut named = BTreeSet::new();
    let mut found = Vec::new();
    for file in graph.keys() {
        if named.contains(file) {
            continue;
        }
        if let Some(cycle) = shortest_cycle(file, &graph) {
            found.push(format!("{file}:1: files import one another in a cycle: {}", cycle.join(" -> ")));
            named.extend(cycle);
        }
    }
    found
}

/// The files that a file imports, with re-exports resolved, without those of its parent modules.
fn imported<'a>(file: &File, all: &'a Crate) -> BTreeSet<&'a str> {
    let others = file.imports.iter().filter_map(|(_, path)| all.file_of(&all.origin(path)));
    others.filter(|other| !file.module.starts_with(&other.module)).map(|other| other.source.as_str()).collect()
}

/// The shortest cycle through a file.
fn shortest_cycle<'a>(file: &'a str, graph: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Option<Vec<&'a str>> {
    let mut paths = VecDeque::from([vec![file]]);
    let mut seen = BTreeSet::new();
    while let Some(path) = paths.pop_front() {
        for next in path.last().and_then(|last| graph.get(last)).into_iter().flatten() {
            let longer = || path.iter().copied().chain([*next]).collect();
            if *next == file {
                return Some(longer());
            }
            if seen.insert(*next) {
                paths.push_back(longer());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{super::source::Source, Crate, findings};

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<_> =
            files.iter().map(|(path, text)| Source::new(&format!("xtask/src/{path}"), (*text).to_owned())).collect();
        Crate::all(&sources).iter().flat_map(findings).collect()
    }

    #[test]
    fn a_cycle_is_reported_once_also_through_a_re_export() {
        let files = [
            ("a/mod.rs", "mod b;\nmod c;\nmod d;\npub use b::Name as Other;\npub struct Own;"),
            ("a/b.rs", "use super::{Own, d::call};\nuse std::fmt;"),
            ("a/c.rs", "use crate::a::Other;"),
            ("a/d.rs", "fn f() { super::c::call() }"),
        ];
        let lines = found(&files);
        assert!(
            lines.len() == 1 && lines.concat().contains("a/b.rs -> xtask/src/a/d.rs -> xtask/src/a/c.rs"),
            "{lines:?}"
        );
    }

    #[test]
    fn items_of_parent_modules_may_be_imported() {
        let files = [
            ("a/mod.rs", "mod b;\nuse self::b::{B, c as e};\npub struct Own;"),
            ("a/b.rs", "use super::Own;\n#[cfg(test)]\nmod tests { use super::super::c::C; }"),
            ("a/c.rs", "use super::{b, Own};"),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }
}
