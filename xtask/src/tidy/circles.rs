//! Files that import one another in a circle: none can be understood, or moved, without the others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::{Crate, File};

/// A line for each circle. A file may import what the modules above it define: they hold it.
pub(super) fn findings(all: &Crate) -> Vec<String> {
    let arrows: BTreeMap<&str, BTreeSet<&str>> =
        all.files().map(|file| (file.source.as_str(), imported(file, all))).collect();
    let mut named = BTreeSet::new();
    let mut found = Vec::new();
    for file in arrows.keys() {
        if named.contains(file) {
            continue;
        }
        if let Some(circle) = shortest_circle(file, &arrows) {
            found.push(format!("{file}:1: files import one another in a circle: {}", circle.join(" -> ")));
            named.extend(circle);
        }
    }
    found
}

/// The files that a file imports, by what it names in the end, but for those of the modules above it.
fn imported<'a>(file: &File, all: &'a Crate) -> BTreeSet<&'a str> {
    let others = file.imports.iter().filter_map(|(_, path)| all.file_of(&all.origin(path)));
    others.filter(|other| !file.module.starts_with(&other.module)).map(|other| other.source.as_str()).collect()
}

/// The shortest way from a file back to it.
fn shortest_circle<'a>(file: &'a str, arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![file]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in way.last().and_then(|last| arrows.get(last)).into_iter().flatten() {
            let longer = || way.iter().copied().chain([*next]).collect();
            if *next == file {
                return Some(longer());
            }
            if seen.insert(*next) {
                ways.push_back(longer());
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
    fn a_circle_is_found_once_also_through_a_re_export() {
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
    fn what_a_module_above_defines_may_be_imported() {
        let files = [
            ("a/mod.rs", "mod b;\nuse self::b::{B, c as e};\npub struct Own;"),
            ("a/b.rs", "use super::Own;\n#[cfg(test)]\nmod tests { use super::super::c::C; }"),
            ("a/c.rs", "use super::{b, Own};"),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }
}
