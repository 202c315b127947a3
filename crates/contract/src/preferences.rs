//! What a person has chosen for this browser, in cookies that the page may read and write. The server stamps the shell
//! with them, so that the first paint is already right.

use crate::words::words;

/// The cookie that holds a [`Theme`].
pub const THEME_COOKIE: &str = "doorstep_theme";
/// The cookie that holds the tag of a language.
pub const LANGUAGE_COOKIE: &str = "doorstep_language";
/// The cookie that holds the name of the identity provider that was last signed in with here.
pub const PROVIDER_COOKIE: &str = "doorstep_provider";
/// How long these cookies are kept, in seconds: a year.
pub const KEPT_FOR: u32 = 31_536_000;
/// The attribute of the root element that holds a [`Theme`] other than the system's.
pub const THEME_ATTRIBUTE: &str = "data-theme";

words! {
    /// Light or dark.
    pub enum Theme {
        /// As the system has it.
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}
