//! The rules, as data.

use super::{
    pattern::Pattern::{self, HandlerAttribute, InlineScript, Text, Word},
    source::Source,
};

/// A text that is forbidden in some files.
pub(super) struct Rule {
    /// The files, and folders with a trailing slash, to which it applies.
    within: &'static [&'static str],
    /// Exceptions.
    except: &'static [&'static str],
    /// The file extensions to which it applies.
    kinds: &'static [&'static str],
    /// Whether it applies to comments and tests too.
    everywhere: bool,
    forbidden: &'static [Pattern],
    why: &'static str,
}

impl Rule {
    /// A line for each violation in the file.
    pub(super) fn findings(&self, source: &Source) -> Vec<String> {
        if !source.is_in(self.within) || source.is_in(self.except) || !self.kinds.contains(&source.kind()) {
            return Vec::new();
        }
        let lines: Box<dyn Iterator<Item = _>> =
            if self.everywhere { Box::new(source.lines()) } else { Box::new(source.shipped_lines()) };
        let broken = lines.filter(|(_, line)| self.forbidden.iter().any(|pattern| pattern.is_in(line)));
        broken.map(|(number, _)| format!("{}:{number}: {}", source.path(), self.why)).collect()
    }
}

const ANYWHERE: &[&str] = &[""];
const NOWHERE: &[&str] = &[];

/// Every rule, in the order of the design's invariants.
pub(super) const RULES: &[Rule] = &[
    Rule {
        within: &["crates/contract/Cargo.toml", "crates/locales/Cargo.toml"],
        except: NOWHERE,
        kinds: &["toml"],
        everywhere: false,
        forbidden: &[Text("doorstep-server"), Text("doorstep-spa")],
        why: "the shared crates depend on neither side",
    },
    Rule {
        within: &["Cargo.toml"],
        except: NOWHERE,
        kinds: &["toml"],
        everywhere: false,
        forbidden: &[Text("doorstep-server")],
        why: "the browser app depends on the contract, not on the server",
    },
    Rule {
        within: &["crates/server/Cargo.toml"],
        except: NOWHERE,
        kinds: &["toml"],
        everywhere: false,
        forbidden: &[Text("doorstep-spa")],
        why: "the server depends on the contract, not on the browser app",
    },
    Rule {
        within: &["src/ui/"],
        except: NOWHERE,
        kinds: &["rs"],
        everywhere: false,
        forbidden: &[Text("crate::pages"), Text("crate::api")],
        why: "a UI component knows no page and no endpoint: it takes props and emits events",
    },
    Rule {
        within: &["src/api/", "src/api.rs"],
        except: NOWHERE,
        kinds: &["rs"],
        everywhere: false,
        forbidden: &[Text("crate::pages"), Text("crate::ui"), Text("view!")],
        why: "the API client knows no view: it returns data and ApiError",
    },
    Rule {
        within: &["src/pages/"],
        except: NOWHERE,
        kinds: &["rs"],
        everywhere: false,
        forbidden: &[Text("\"/api/"), Text("StatusCode"), Text(".status()")],
        why: "a page builds no API URL and reads no status code: that belongs into `api`",
    },
    Rule {
        within: &["src/", "public/"],
        except: NOWHERE,
        kinds: &["rs", "js"],
        everywhere: false,
        forbidden: &[Text("local_storage"), Text("session_storage"), Text("localStorage"), Text("sessionStorage")],
        why: "any script of the page can read the browser's storage: store nothing there",
    },
    Rule {
        within: &["crates/server/src/"],
        except: &["crates/server/src/store/", "crates/server/src/store.rs"],
        kinds: &["rs"],
        everywhere: false,
        forbidden: &[Text("sqlx::")],
        why: "SQL stays in `store`: add a method there",
    },
    Rule {
        within: &["crates/server/src/domain/", "crates/server/src/domain.rs"],
        except: NOWHERE,
        kinds: &["rs"],
        everywhere: false,
        forbidden: &[Word("axum"), Text("http::"), Text("crate::store")],
        why: "the domain knows neither HTTP nor the database: pass values in",
    },
    Rule {
        within: &["crates/server/src/store/", "crates/server/src/store.rs"],
        except: NOWHERE,
        kinds: &["rs"],
        everywhere: false,
        forbidden: &[Text("crate::http")],
        why: "the store knows no HTTP",
    },
    Rule {
        within: &["index.html", "src/", "crates/server/src/"],
        // Mails have no content security policy, and mail programs support inline styles best. `assets.rs` inlines a
        // stylesheet and a script whose hashes are in the policy.
        except: &["crates/server/src/domain/mail/look.rs", "crates/server/src/assets.rs"],
        kinds: &["html", "rs"],
        everywhere: false,
        forbidden: &[Text(" style="), HandlerAttribute, InlineScript],
        why: "the content security policy blocks inline styles, handlers and scripts: use a class, an event, a file",
    },
    Rule {
        within: ANYWHERE,
        except: NOWHERE,
        kinds: &["rs", "ts", "css"],
        everywhere: true,
        // In two pieces, so that this line passes.
        forbidden: &[Word(concat!("TO", "DO")), Word(concat!("FIX", "ME")), Word(concat!("XX", "X"))],
        why: "finish it or open an issue: notes in the code are forgotten",
    },
];

#[cfg(test)]
mod tests {
    use super::{RULES, Source};

    fn findings(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, text.to_owned());
        RULES.iter().flat_map(|rule| rule.findings(&source)).collect()
    }

    /// Asserts that a line breaks a rule in one file, and none in another.
    #[track_caller]
    fn assert_only_in(line: &str, wrong: &str, right: &str) {
        let found = findings(wrong, line);
        assert!(found.len() == 1 && found.iter().all(|finding| finding.starts_with(&format!("{wrong}:1: "))));
        assert_eq!(findings(right, line), Vec::<String>::new());
    }

    #[test]
    fn dependencies_point_one_way() {
        assert_only_in("doorstep-server = { path = \"..\" }", "crates/contract/Cargo.toml", "xtask/Cargo.toml");
        assert_only_in("doorstep-server = { path = \"..\" }", "Cargo.toml", "crates/server/Cargo.toml");
        assert_only_in("doorstep-spa = { path = \"../..\" }", "crates/server/Cargo.toml", "Cargo.toml");
    }

    #[test]
    fn layers_of_the_app_are_separate() {
        assert_only_in("use crate::api::login;", "src/ui/field.rs", "src/pages/login/account.rs");
        assert_only_in("view! { <p/> }", "src/api/client.rs", "src/ui/field.rs");
        assert_only_in("get(\"/api/session\")", "src/pages/login.rs", "src/api/session.rs");
        assert_only_in("window.local_storage()", "src/session.rs", "xtask/src/tidy/rules.rs");
    }

    #[test]
    fn layers_of_the_server_are_separate() {
        assert_only_in("sqlx::query(SQL)", "crates/server/src/domain/session.rs", "crates/server/src/store/session.rs");
        assert_only_in("use axum::Router;", "crates/server/src/domain/grant.rs", "crates/server/src/http/device.rs");
        assert_only_in("use crate::http::Error;", "crates/server/src/store/grant.rs", "crates/server/src/cli.rs");
    }

    #[test]
    fn markup_has_no_inline_styles() {
        assert_only_in("<p style=\"color: red\">", "src/ui/alert.rs", "docs/notes.rs");
        assert_only_in("<p style=\"color: red\">", "index.html", "docs/notes.html");
        let mails = "crates/server/src/domain/mail/look.rs";
        assert_only_in("<p style=\"color: red\">", "crates/server/src/http/shell/frame.rs", mails);
    }

    #[test]
    fn notes_of_unfinished_work_are_forbidden_in_tests_and_comments_too() {
        let note = concat!("// TO", "DO: later");
        assert_eq!(findings("crates/server/tests/login.rs", note).len(), 1);
        assert_eq!(findings("docs/plan.md", note).len(), 0);
    }
}
