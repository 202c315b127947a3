//! Which modules of the app and the server may import which. A layer is a folder, or a file beside it, with its module
//! path.

use super::imports::{Crate, File};

/// The layers of a folder, each with the layers that it may import. These precede it in the table, so that there are no
/// cycles.
pub(super) struct Layers {
    /// The folder, with a trailing slash.
    pub(super) folder: &'static str,
    /// Its module path.
    module: &'static [&'static str],
    /// Its files and folders that may import all layers, because they connect them.
    connecting: &'static [&'static str],
    table: &'static [(&'static str, &'static [&'static str])],
    why: &'static str,
}

/// The browser app, the server, and its service.
pub(super) const LAYERS: &[Layers] = &[
    Layers {
        folder: "src/",
        module: &["crate"],
        connecting: &["bin"],
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
        why: "pages import widgets, and those import components that send no requests; never the other way",
    },
    Layers {
        folder: "crates/server/src/",
        module: &["crate"],
        connecting: &[],
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
        why: "imports go http -> service -> domain and store, never the other way",
    },
    Layers {
        folder: "crates/server/src/service/",
        module: &["crate", "service"],
        connecting: &["builder"],
        table: &[
            ("heavy", &[]),
            ("passwords", &[]),
            ("core", &["passwords"]),
            ("accounts", &["core", "passwords"]),
            ("audit", &["core", "heavy"]),
            ("clients", &["core"]),
            ("demo", &["core"]),
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
        why: "the areas of the service import one another in one direction (`service/mod.rs` draws it)",
    },
];

impl Layers {
    /// A line for each import that the table does not allow, also through re-exports, and for each file without a layer.
    pub(super) fn findings(&self, all: &Crate) -> Vec<String> {
        all.files().filter(|file| file.source.starts_with(self.folder)).flat_map(|file| self.of(file, all)).collect()
    }

    fn of(&self, file: &File, all: &Crate) -> Vec<String> {
        let Some(layer) = self.below(&file.module).filter(|name| !self.connecting.contains(name)) else {
            return Vec::new();
        };
        let Some((_, allowed)) = self.table.iter().find(|(name, _)| *name == layer) else {
            return vec![format!(
                "{}:1: {layer}: no layer: add to xtask/src/tidy/layers.rs what it may import",
                file.source
            )];
        };
        let is_forbidden = |path: &[String]| {
            let imported = self.below(path).filter(|name| self.table.iter().any(|(layer, _)| layer == name));
            imported.is_some_and(|name| name != layer && !allowed.contains(&name))
        };
        let broken = file.imports.iter().filter_map(|(line, path)| {
            let origin = all.origin(path);
            let shown = match (is_forbidden(path), is_forbidden(&origin)) {
                (true, _) => path.join("::"),
                (false, true) => format!("{}, which is {}", path.join("::"), origin.join("::")),
                (false, false) => return None,
            };
            Some(format!("{}:{line}: {shown}: {}", file.source, self.why))
        });
        broken.collect()
    }

    /// The first segment of a path below the folder.
    fn below<'a>(&self, path: &'a [String]) -> Option<&'a str> {
        let is_below = path.iter().zip(self.module).all(|(part, of_module)| part == of_module);
        path.get(self.module.len()).filter(|_| is_below).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::source::Source, Crate, LAYERS};

    fn findings(path: &str, text: &str) -> Vec<String> {
        findings_in(&[(path, text)])
    }

    fn findings_in(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<_> = files.iter().map(|(path, text)| Source::new(path, (*text).to_owned())).collect();
        let crates = Crate::all(&sources);
        crates.iter().flat_map(|all| LAYERS.iter().flat_map(|layers| layers.findings(all))).collect()
    }

    #[test]
    fn a_layer_imports_only_earlier_ones() {
        for layers in LAYERS {
            for (index, (layer, allowed)) in layers.table.iter().enumerate() {
                let before = |name: &str| layers.table.iter().take(index).any(|(layer, _)| *layer == name);
                assert!(allowed.iter().all(|name| before(name)), "{layer}");
            }
        }
    }

    #[test]
    fn every_form_of_an_upward_import_is_found() {
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
    fn components_import_no_page_and_the_portal_no_dashboard() {
        assert_eq!(findings("src/ui/button.rs", "use crate::{api::ApiError, i18n::t};").len(), 1);
        assert_eq!(findings("src/portal/mod.rs", "use crate::{app::App, routes::Screens};").len(), 1);
        assert_eq!(findings("src/lib.rs", "use crate::app::App;").len(), 0);
    }

    #[test]
    fn the_areas_of_the_service_reach_one_another_in_one_direction() {
        let import = "use crate::{error::Error, service::{core::Core, sign_in::SignIn}};";
        assert_eq!(findings("crates/server/src/service/sessions/begin.rs", import).len(), 1);
        assert_eq!(findings("crates/server/src/service/account/totp.rs", import).len(), 0);
        assert_eq!(findings("crates/server/src/service/demo.rs", "use super::sessions::Sessions;").len(), 1);
        assert_eq!(findings("crates/server/src/service/builder.rs", "use super::sessions::Sessions;").len(), 0);
    }
    #[test]
    fn re_exports_are_resolved() {
        let error = ("crates/server/src/error.rs", "pub use crate::store::StoreError;");
        let imports = ("crates/server/src/http/mod.rs", "use crate::error::{Error, StoreError};");
        let found = findings_in(&[error, imports]);
        assert!(found.len() == 1 && found.concat().contains("which is crate::store::StoreError"), "{found:?}");
        let parent = ("crates/server/src/service/mod.rs", "mod sign_in;\npub use sign_in::{begin::Made as Begun};");
        let sign_in = ("crates/server/src/service/sign_in/mod.rs", "mod begin;");
        let child = ("crates/server/src/service/demo.rs", "use super::Begun;");
        assert_eq!(findings_in(&[parent, sign_in, child]).len(), 1);
    }

    #[test]
    fn a_file_without_a_layer_is_found() {
        assert_eq!(findings("crates/server/src/attic.rs", "").len(), 1);
        assert_eq!(findings("crates/server/src/service/attic/mod.rs", "").len(), 1);
        assert_eq!(findings("crates/server/src/service/builder.rs", "").len(), 0);
    }
}
