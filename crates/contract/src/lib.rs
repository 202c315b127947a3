//! The contract of the browser app and the server.
//!
//! Both compile this crate, so a path, a field or an error code can't drift apart. It does no I/O and builds for
//! native targets and for `wasm32-unknown-unknown`.
//!
//! | module | holds |
//! |---|---|
//! | [`paths`] | the paths of the API |
//! | [`envelope`] | the envelope of `/api/*` answers, and its error codes |
//! | [`auth`], [`account`] | requests and answers below `/api/auth/` |
//! | [`device`] | requests and answers of the device surface that a browser uses |
//! | [`projects`], [`clients`], [`portal`] | projects, their clients, and what clients see of them |
//! | [`audit`] | the audit log |
//! | [`user_code`] | parsing of user codes |
//! | [`typed`] | parsing of codes that users type and paste |
//! | [`sso`] | single sign-on |
//! | [`tokens`] | requests and answers of the token surface, `/auth/*`, that the app uses |
//! | [`route`] | the client routes: the pages and their paths |
//! | [`return_url`] | where to go after signing in, from untrusted text |
//! | [`mark`] | the default logo, and pictures of the device page |
//! | [`shell`] | names shared by the server's HTML and the app that adopts it |
//! | [`account_name`], [`password`], [`uuid`] | rules for usernames, emails, passwords, ids |
//! | [`preferences`] | language and theme of a browser |
//! | [`secret`] | text that must not be logged |
//!
//! Wire types derive `serde`'s two traits once, for both sides: the server uses them with `serde_json`, the app with
//! `serde-json-core`.

pub mod account;
pub mod account_name;
pub mod audit;
pub mod auth;
pub mod clients;
pub mod device;
pub mod envelope;
pub mod mark;
pub mod password;
pub mod paths;
pub mod portal;
pub mod preferences;
pub mod projects;
pub mod return_url;
pub mod route;
pub mod secret;
pub mod shell;
pub mod sso;
pub mod tokens;
pub mod typed;
pub mod user_code;
pub mod uuid;
mod words;
