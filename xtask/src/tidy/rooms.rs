//! Which rooms of the app and the server may import which: a room is a folder, or a file beside it, with its module path.

use super::source::Source;

/// The rooms of a folder, each with those that it may import. All of them stand before it in the table, so that there is no
/// circle and no way up.
pub(super) struct Rooms {
    /// The folder, with a slash at the end.
    folder: &'static str,
    /// Its module path.
    module: &'static [&'static str],
    table: &'static [(&'static str, &'static [&'static str])],
    why: &'static str,
}

/// The browser app, the server, and its service.
pub(super) const ROOMS: &[Rooms] = &[
    Rooms {
        folder: "src/",
        module: &["crate"],
        table: &[
            ("address", &[]),
            ("api", &[]),
            ("destination", &[]),
            ("stopped", &[]),
            ("i18n", &["api"]),
            ("ui", &["i18n"]),
            ("document", &["i18n"]),
            ("preferences", &["ui"]),
            ("problem", &["api", "ui"]),
            ("routes", &["i18n"]),
            ("shell", &["api", "ui"]),
            ("session", &["api", "destination", "ui"]),
            ("visit", &["api", "destination"]),
            ("widgets", &["address", "api", "destination", "i18n", "problem", "session", "shell", "ui"]),
            (
                "pages",
                &[
                    "address",
                    "api",
                    "destination",
                    "i18n",
                    "preferences",
                    "problem",
                    "session",
                    "shell",
                    "ui",
                    "widgets",
                ],
            ),
            (
                "portal",
                &[
                    "address",
                    "api",
                    "document",
                    "i18n",
                    "pages",
                    "preferences",
                    "problem",
                    "routes",
                    "shell",
                    "ui",
                    "visit",
                    "widgets",
                ],
            ),
            (
                "app",
                &[
                    "address",
                    "api",
                    "document",
                    "i18n",
                    "pages",
                    "preferences",
                    "routes",
                    "session",
                    "shell",
                    "ui",
                    "widgets",
                ],
            ),
            ("screens", &["pages", "portal", "routes"]),
        ],
        why: "pages are made of widgets, and those of parts that ask nothing; no import goes back up",
    },
    Rooms {
        folder: "crates/server/src/",
        module: &["crate"],
        table: &[
            ("assets", &[]),
            ("cli", &[]),
            ("domain", &[]),
            ("listen", &[]),
            ("log", &[]),
            ("private_files", &[]),
            ("idp", &["domain"]),
            ("metrics", &["domain"]),
            ("post", &["domain", "private_files"]),
            ("store", &["domain", "metrics", "private_files"]),
            ("error", &["domain", "store"]),
            ("config", &["cli", "domain", "idp", "listen", "post", "private_files", "store"]),
            ("service", &["domain", "error", "idp", "metrics", "post", "store"]),
            ("http", &["assets", "config", "domain", "error", "idp", "listen", "metrics", "service"]),
            (
                "serve",
                &[
                    "assets", "config", "domain", "error", "http", "idp", "listen", "metrics", "post", "service",
                    "store",
                ],
            ),
            ("operate", &["cli", "config", "domain", "error", "serve", "service", "store"]),
            ("device_login", &["cli", "domain", "private_files", "serve"]),
            ("healthcheck", &["cli", "config", "http", "serve"]),
        ],
        why: "a request goes http -> service -> domain and store, and no import goes back up",
    },
    Rooms {
        folder: "crates/server/src/service/",
        module: &["crate", "service"],
        table: &[
            ("heavy", &[]),
            ("passwords", &[]),
            ("core", &["passwords"]),
            ("accounts", &["core", "passwords"]),
            ("audit", &["core", "heavy"]),
            ("clients", &["core"]),
            ("demo", &["core"]),
            ("limits", &["core"]),
            ("mails", &["core"]),
            ("provider", &["core"]),
            ("devices", &["core", "provider"]),
            ("projects", &["accounts", "core"]),
            ("sessions", &["core", "projects", "provider"]),
            ("portal", &["core", "sessions"]),
            ("sign_in", &["accounts", "core", "passwords", "sessions"]),
            ("account", &["core", "heavy", "passwords", "sessions", "sign_in"]),
            ("sso", &["core", "devices", "provider", "sessions", "sign_in"]),
            ("tokens", &["core", "provider", "sessions", "sign_in"]),
        ],
        why: "the areas of the service reach one another in one direction (`service/mod.rs` draws it)",
    },
];

impl Rooms {
    /// A line for each import that the table does not have. A file of the folder that is no room may import all.
    pub(super) fn findings(&self, source: &Source) -> Vec<String> {
        let Some(inside) = source.path().strip_prefix(self.folder).and_then(|path| path.strip_suffix(".rs")) else {
            return Vec::new();
        };
        let mut here: Vec<&str> = inside.split('/').collect();
        if here.last().is_some_and(|last| ["mod", "lib", "main"].contains(last)) {
            here.pop();
        }
        let Some(room) = here.first() else { return Vec::new() };
        let Some((_, allowed)) = self.table.iter().find(|(name, _)| name == room) else { return Vec::new() };
        let module: Vec<&str> = self.module.iter().chain(&here).copied().collect();
        let paths = paths(source, &module);
        let broken = paths.iter().filter(|(_, path)| {
            let is_below = path.iter().zip(self.module).all(|(part, of_module)| part == of_module);
            let imported = path.get(self.module.len()).filter(|_| is_below);
            let is_room = |name: &&String| self.table.iter().any(|(room, _)| room == name);
            imported.filter(is_room).is_some_and(|name| name != room && !allowed.contains(&name.as_str()))
        });
        broken.map(|(number, path)| format!("{}:{number}: {}: {}", source.path(), path.join("::"), self.why)).collect()
    }
}

/// Paths, each with the line that it begins in.
type Paths = Vec<(usize, Vec<String>)>;

/// Every path in the code of a module that begins with `crate` or `super`, whole.
fn paths(source: &Source, module: &[&str]) -> Paths {
    let words =
        source.shipped_lines().flat_map(|(number, line)| words(line).into_iter().map(move |word| (number, word)));
    let words: Vec<(usize, &str)> = words.collect();
    let mut found = Vec::new();
    let mut index = 0;
    while let Some((number, word)) = words.get(index) {
        let begins =
            index.checked_sub(1).and_then(|before| words.get(before)).is_none_or(|(_, before)| *before != "::");
        if begins && ["crate", "super"].contains(word) {
            let mut base: Vec<String> = module.iter().map(|&part| part.to_owned()).collect();
            if *word == "crate" {
                base.truncate(1);
            } else {
                base.pop();
            }
            index = tree(&words, index + 1, (*number, base), &mut found);
        } else {
            index += 1;
        }
    }
    found
}

/// Reads what follows a path that began in a line: `::` and a name, `super`, or a group. Where it ends.
fn tree(words: &[(usize, &str)], mut index: usize, begun: (usize, Vec<String>), found: &mut Paths) -> usize {
    let (number, mut path) = begun;
    while words.get(index).is_some_and(|(_, word)| *word == "::") {
        match words.get(index + 1) {
            Some((_, "super")) => drop(path.pop()),
            Some((_, "{")) => return group(words, index + 2, &path, found),
            Some((_, name)) if is_name(name) => path.push((*name).to_owned()),
            _ => break,
        }
        index += 2;
    }
    found.push((number, path));
    index
}

/// Reads the paths of a group until its brace closes. Where it ends.
fn group(words: &[(usize, &str)], mut index: usize, base: &[String], found: &mut Paths) -> usize {
    while let Some((number, word)) = words.get(index) {
        match *word {
            "}" => return index + 1,
            name if is_name(name) => {
                let mut path = base.to_vec();
                if name == "super" {
                    path.pop();
                } else {
                    path.push(name.to_owned());
                }
                index = tree(words, index + 1, (*number, path), found);
            }
            _ => index += 1,
        }
    }
    index
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

#[cfg(test)]
mod tests {
    use super::{ROOMS, Source};

    fn findings(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, text.to_owned());
        ROOMS.iter().flat_map(|rooms| rooms.findings(&source)).collect()
    }

    #[test]
    fn a_room_imports_only_what_stands_before_it() {
        for rooms in ROOMS {
            for (index, (room, allowed)) in rooms.table.iter().enumerate() {
                let before = |name: &str| rooms.table.iter().take(index).any(|(room, _)| *room == name);
                assert!(allowed.iter().all(|name| before(name)), "{room}");
            }
        }
    }

    #[test]
    fn an_import_up_is_found_however_it_is_written() {
        let store = "crates/server/src/store/accounts.rs";
        for text in [
            "use crate::http::AppState;",
            "use crate::{\n    domain::id::Id,\n    http::{self, AppState},\n};",
            "use super::super::http::AppState;",
            "fn of(state: &crate::http::AppState) {}",
            "use super::{Store, super::http};",
        ] {
            assert!(!findings(store, text).is_empty(), "{text}");
        }
        let fine = "use super::{StoreError, email_changes};\nuse crate::{domain::id::Id, metrics};\n// crate::http\n";
        assert_eq!(findings(store, fine), Vec::<String>::new());
        assert_eq!(findings("crates/server/src/http/mod.rs", "use crate::{error::Error, service::Identity};").len(), 0);
        assert_eq!(findings("crates/server/src/http/mod.rs", "use super::serve;").len(), 1);
        assert_eq!(findings("crates/server/src/main.rs", "use crate::serve;").len(), 0);
    }

    #[test]
    fn a_part_of_the_app_knows_no_page_and_the_portal_no_dashboard() {
        assert_eq!(findings("src/ui/button.rs", "use crate::{api::ApiError, i18n::t};").len(), 1);
        assert_eq!(findings("src/portal/mod.rs", "use crate::{app::App, routes::Screens};").len(), 1);
        assert_eq!(findings("src/lib.rs", "use crate::app::App;").len(), 0);
    }

    #[test]
    fn the_areas_of_the_service_reach_one_another_in_one_direction() {
        let import = "use crate::{error::Error, service::{core::Core, sign_in::SignIn}};";
        assert_eq!(findings("crates/server/src/service/sessions/begin.rs", import).len(), 1);
        assert_eq!(findings("crates/server/src/service/account/totp.rs", import).len(), 0);
        assert_eq!(findings("crates/server/src/service/limits.rs", "use super::sessions::Sessions;").len(), 1);
        assert_eq!(findings("crates/server/src/service/builder.rs", "use super::sessions::Sessions;").len(), 0);
    }
}
