//! The imports of a crate's files, by the paths in their code.
//!
//! A path begins with `crate`, `super` or `self`, or, in a `use`, with a module or a name in scope. Names that a `use`
//! brings into a module are resolved, so that re-exports hide nothing. Names from globs and macros are not seen.

use std::collections::BTreeMap;

use super::source::Source;

/// The source folders of the crates.
const CRATES: [&str; 5] = ["src/", "crates/contract/src/", "crates/locales/src/", "crates/server/src/", "xtask/src/"];

/// The segments of a path.
pub(super) type Path = Vec<String>;

/// Paths with their line numbers.
type Lines = Vec<(usize, Path)>;
/// Names in scope and what they stand for, both as full paths.
type Names = Vec<(Path, Path)>;

/// The files of a crate.
pub(super) struct Crate {
    files: BTreeMap<Path, File>,
    /// The names that a `use` brings into scope and what they stand for, both as full paths.
    names: BTreeMap<Path, Path>,
}

/// A source file.
pub(super) struct File {
    /// Its path in the repository.
    pub(super) source: String,
    /// Its module, starting with `crate`.
    pub(super) module: Path,
    /// The full paths in its code, with their line numbers.
    pub(super) imports: Lines,
}

impl Crate {
    /// All crates.
    pub(super) fn all(sources: &[Source]) -> Vec<Self> {
        CRATES.iter().map(|folder| Self::at(folder, sources)).collect()
    }

    fn at(folder: &str, sources: &[Source]) -> Self {
        let mut here = Self { files: BTreeMap::new(), names: BTreeMap::new() };
        for source in sources {
            let Some(module) = source.path().strip_prefix(folder).and_then(module) else { continue };
            let (imports, names) = Reader::new(source, &module).read();
            here.names.extend(names);
            here.files.insert(module.clone(), File { source: source.path().to_owned(), module, imports });
        }
        here
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// Resolves a path through all re-exports.
    pub(super) fn origin(&self, path: &[String]) -> Path {
        let mut path = path.to_vec();
        // Bounded, although cyclic names would not compile.
        for _ in 0..16 {
            let known = (1..=path.len()).find_map(|length| {
                let (name, rest) = path.split_at(length);
                Some([self.names.get(name)?.as_slice(), rest].concat())
            });
            match known {
                Some(next) if next != path => path = next,
                _ => break,
            }
        }
        path
    }

    /// The file that contains what a path names.
    pub(super) fn file_of(&self, path: &[String]) -> Option<&File> {
        (1..=path.len()).rev().find_map(|length| self.files.get(path.get(..length)?))
    }
}

/// The module of a file, by its path in the source folder; `None` for other files.
fn module(inside: &str) -> Option<Path> {
    let mut names: Vec<&str> = inside.strip_suffix(".rs")?.split('/').collect();
    if names.last().is_some_and(|last| ["mod", "lib", "main"].contains(last)) {
        names.pop();
    }
    Some(["crate"].into_iter().chain(names).map(str::to_owned).collect())
}

/// Reads the code of a module, token by token.
struct Reader<'a> {
    words: Vec<(usize, &'a str)>,
    module: &'a [String],
    paths: Lines,
    /// The names that a `use` brings into scope.
    brought: Names,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source, module: &'a [String]) -> Self {
        let lines = source.shipped_lines();
        let words = lines.flat_map(|(number, line)| words(line).into_iter().map(move |word| (number, word))).collect();
        Self { words, module, paths: Vec::new(), brought: Vec::new() }
    }

    fn read(mut self) -> (Lines, Names) {
        let mut index = 0;
        while let Some(word) = self.word(index) {
            let begins = index.checked_sub(1).and_then(|before| self.word(before)) != Some("::");
            index = match word {
                "use" => self.tree(index + 1, None, true),
                "crate" | "super" if begins => self.tree(index, None, false),
                _ => index + 1,
            };
        }
        (self.paths, self.brought)
    }

    fn word(&self, index: usize) -> Option<&'a str> {
        self.words.get(index).map(|(_, word)| *word)
    }

    /// Reads a path, or a group of paths, that continues a base. Returns the index after it.
    fn tree(&mut self, mut index: usize, base: Option<&Path>, in_use: bool) -> usize {
        let line = self.words.get(index).map_or(0, |(line, _)| *line);
        let mut path = base.cloned();
        loop {
            match self.word(index) {
                Some("{") => return self.group(index + 1, path.as_ref(), in_use),
                Some(name) if is_name(name) => path = self.step(path, name),
                // A glob brings no name.
                Some("*") => {}
                _ => return index,
            }
            index += 1;
            if self.word(index) != Some("::") {
                break;
            }
            index += 1;
            // What follows is not part of the path, such as the type in `Vec::<T>`.
            if !self.word(index).is_some_and(|word| word == "{" || word == "*" || is_name(word)) {
                break;
            }
        }
        let mut name = path.as_ref().and_then(|path| path.last().cloned());
        if in_use && self.word(index) == Some("as") {
            name = self.word(index + 1).map(str::to_owned);
            index += 2;
        }
        if let Some(path) = path {
            if let Some(name) = name.filter(|_| in_use) {
                self.brought.push(([self.module, &[name]].concat(), path.clone()));
            }
            self.paths.push((line, path));
        }
        index
    }

    fn group(&mut self, mut index: usize, base: Option<&Path>, in_use: bool) -> usize {
        while let Some(word) = self.word(index) {
            index = match word {
                "}" => return index + 1,
                name if is_name(name) => self.tree(index, base, in_use),
                _ => index + 1,
            };
        }
        index
    }

    /// Appends a segment to a path.
    fn step(&self, path: Option<Path>, name: &str) -> Option<Path> {
        let parent = |path: &[String]| path.split_last().map(|(_, parent)| parent.to_vec());
        match (path, name) {
            (None, "crate") => Some(vec!["crate".to_owned()]),
            (None, "super") => parent(self.module),
            (None, "self") => Some(self.module.to_vec()),
            // A child module or a name in scope. Another crate is mistaken for something of this module.
            (None, name) => Some([self.module, &[name.to_owned()]].concat()),
            (Some(path), "super") => parent(&path),
            (Some(path), "self") => Some(path),
            (Some(path), name) => Some([path, vec![name.to_owned()]].concat()),
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// The tokens of a line: names, `::`, and single characters.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("::") {
            2
        } else if first.is_ascii_alphanumeric() || first == '_' {
            rest.find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_')).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after.trim_start();
    }
    words
}
