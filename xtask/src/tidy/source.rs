//! Source files, as the rules see them.

use std::path::Path;

/// A text file of the repository.
pub(crate) struct Source {
    path: String,
    text: String,
}

impl Source {
    /// A file, with its path in the repository.
    pub(super) fn new(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), text }
    }

    /// Whether any rule applies to such a file.
    pub(super) fn is_of_interest(path: &str) -> bool {
        ["css", "html", "js", "rs", "toml", "ts"].contains(&kind(path))
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The extension of the file's name.
    pub(super) fn kind(&self) -> &str {
        kind(&self.path)
    }

    /// Whether the file or a parent folder is listed. Folders end with a slash; the empty string is the repository.
    pub(super) fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| {
            let is_folder = place.is_empty() || place.ends_with('/');
            if is_folder { self.path.starts_with(place) } else { self.path == *place }
        })
    }

    /// All lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// The lines without comments and tests.
    pub(super) fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test = self.path.contains("/tests/") || self.path.ends_with("/tests.rs");
        let lines = self.lines().take_while(move |(_, line)| !is_test && *line != "#[cfg(test)]");
        lines.filter(|(_, line)| !self.is_comment(line))
    }

    fn is_comment(&self, line: &str) -> bool {
        line.trim_start().starts_with(if self.kind() == "toml" { "#" } else { "//" })
    }
}

fn kind(path: &str) -> &str {
    Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn shipped_lines_have_no_comments_and_tests() {
        let text = "//! Knows no view.\nfn code() {}\n#[cfg(test)]\nmod tests {}\n";
        let source = Source::new("src/api/client.rs", text.to_owned());
        assert_eq!(source.shipped_lines().collect::<Vec<_>>(), [(2, "fn code() {}")]);
        assert_eq!(Source::new("src/api/tests.rs", text.to_owned()).shipped_lines().count(), 0);
    }

    #[test]
    fn a_place_is_a_folder_or_a_file() {
        let source = Source::new("src/ui/field.rs", String::new());
        assert!(source.is_in(&["src/ui/"]));
        assert!(source.is_in(&["src/ui/field.rs"]));
        assert!(source.is_in(&[""]));
        assert!(!source.is_in(&["src/u", "crates/"]));
    }
}
