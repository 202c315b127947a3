//! What the files of a crate import, by the paths in their code.
//!
//! A path begins with `crate`, `super` or `self`, or, in a `use`, with a module or a name that is in scope. What a `use` brings
//! into a module counts as what it names, so that a re-export hides nothing. Not seen are names that come by a glob or a macro.

use std::collections::BTreeMap;

use super::source::Source;

/// The crates, by the folders of their sources.
const CRATES: [&str; 5] = ["src/", "crates/contract/src/", "crates/locales/src/", "crates/server/src/", "xtask/src/"];

/// The names of a path.
pub(super) type Path = Vec<String>;

/// Paths, each with the line that it stands in.
type Lines = Vec<(usize, Path)>;
/// Names, each with what it stands for: both whole.
type Names = Vec<(Path, Path)>;

/// The files of one crate.
pub(super) struct Crate {
    files: BTreeMap<Path, File>,
    /// What each name stands for that a `use` brings into a module: both whole.
    names: BTreeMap<Path, Path>,
}

/// A file.
pub(super) struct File {
    /// Its path in the repository.
    pub(super) source: String,
    /// Its module, which begins with `crate`.
    pub(super) module: Path,
    /// The paths in its code, whole, each with the line that it stands in.
    pub(super) imports: Lines,
}

impl Crate {
    /// All of them.
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

    /// What a path names, behind all re-exports.
    pub(super) fn origin(&self, path: &[String]) -> Path {
        let mut path = path.to_vec();
        // Names that go round in a circle would not compile.
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

    /// The file that a path leads into.
    pub(super) fn file_of(&self, path: &[String]) -> Option<&File> {
        (1..=path.len()).rev().find_map(|length| self.files.get(path.get(..length)?))
    }
}

/// The module of a file, by its path below the folder of the crate; `None` for what is no file of Rust.
fn module(inside: &str) -> Option<Path> {
    let mut names: Vec<&str> = inside.strip_suffix(".rs")?.split('/').collect();
    if names.last().is_some_and(|last| ["mod", "lib", "main"].contains(last)) {
        names.pop();
    }
    Some(["crate"].into_iter().chain(names).map(str::to_owned).collect())
}

/// Reads the code of a module, word by word.
struct Reader<'a> {
    words: Vec<(usize, &'a str)>,
    module: &'a [String],
    paths: Lines,
    /// What each name stands for that a `use` brings.
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

    /// Reads a path, or a group of them, that goes on from a base. Where it ends.
    fn tree(&mut self, mut index: usize, base: Option<&Path>, in_use: bool) -> usize {
        let line = self.words.get(index).map_or(0, |(line, _)| *line);
        let mut path = base.cloned();
        loop {
            match self.word(index) {
                Some("{") => return self.group(index + 1, path.as_ref(), in_use),
                Some(name) if is_name(name) => path = self.step(path, name),
                // A glob brings what it names by no name.
                Some("*") => {}
                _ => return index,
            }
            index += 1;
            if self.word(index) != Some("::") {
                break;
            }
            index += 1;
            // What follows is no part of the path, such as the type in `Vec::<T>`.
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

    /// A path with its next name.
    fn step(&self, path: Option<Path>, name: &str) -> Option<Path> {
        let parent = |path: &[String]| path.split_last().map(|(_, parent)| parent.to_vec());
        match (path, name) {
            (None, "crate") => Some(vec!["crate".to_owned()]),
            (None, "super") => parent(self.module),
            (None, "self") => Some(self.module.to_vec()),
            // A module below this one, or a name in scope; another crate, which then is taken for something of this module.
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

/// The names, `::`, and single signs of a line.
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
