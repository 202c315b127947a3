//! The user's choices for this browser, in cookies that scripts can read and write. The server applies them to the
//! shell, so that the first paint is right.

use crate::words::words;

/// The cookie for a [`Theme`].
pub const THEME_COOKIE: &str = "doorstep_theme";
/// The cookie for the tag of a language.
pub const LANGUAGE_COOKIE: &str = "doorstep_language";
/// The cookie for the name of the identity provider that was used last.
pub const PROVIDER_COOKIE: &str = "doorstep_provider";
/// The lifetime of these cookies, in seconds: a year.
pub const KEPT_FOR: u32 = 31_536_000;
/// The attribute of the root element for a [`Theme`] other than the system's.
pub const THEME_ATTRIBUTE: &str = "data-theme";

words! {
    /// The colour theme.
    pub enum Theme {
        /// The system's setting.
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}
