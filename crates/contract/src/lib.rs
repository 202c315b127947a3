//! What the browser app and the server agree on.
//!
//! Both compile this crate, so a path, a field or an error code can't drift apart. It does no I/O and builds for
//! native targets and for `wasm32-unknown-unknown`.
//!
//! | module | holds |
//! |---|---|
//! | [`paths`] | the paths of the API |
//! | [`envelope`] | the answer around every `/api/*` answer, and its error codes |
//! | [`auth`], [`account`] | requests and answers below `/api/auth/` |
//! | [`device`] | requests and answers of the device surface that a browser sees |
//! | [`projects`], [`clients`], [`portal`] | what is worked on, for whom, and what they see of it |
//! | [`audit`] | who did what |
//! | [`user_code`] | what may be a user code |
//! | [`typed`] | codes as people type and paste them |
//! | [`sso`] | signing in through another identity system |
//! | [`tokens`] | what the app reads of the token surface, `/auth/*` |
//! | [`route`] | the client routes: what the app shows at which path |
//! | [`return_url`] | where to go after signing in, from untrusted text |
//! | [`mark`] | the picture of an installation without a logo |
//! | [`shell`] | names shared by the HTML that the server paints and the app that adopts it |
//! | [`account_name`], [`password`], [`uuid`] | what may be a user name, an email, a password, an id |
//! | [`preferences`] | language and theme of a browser |
//! | [`secret`] | text that must not be printed |
//!
//! A wire type derives `serde`'s two traits once, for both sides: the server reads and writes it with `serde_json`, the app
//! with `serde-json-core`.

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
