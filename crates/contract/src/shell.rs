//! Names shared by the HTML that the server paints and the app that adopts it.
//!
//! The server paints a form that works before the app has started. The app **adopts** it: the elements stay in place
//! with what the user typed, and get listeners. Both refer to them by the names in [`id`].

use crate::{
    auth::{Branding, Me, SetupStatus},
    portal::{PortalMe, PortalProjectDetail},
    secret::Secret,
};

/// The JSON data block of a shell: everything that the app would otherwise have to request before it can draw.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShellData {
    /// The answer of `setup-status`.
    pub setup_status: SetupStatus,
    /// The answer of `me`, if a user is signed in.
    pub me: Option<Me>,
    /// The user code that was just looked up in this browser, for [`crate::route::ClientRoute::Device`].
    pub user_code: Option<Secret>,
    /// The minimum length of a password, in characters.
    pub password_min_length: u32,
    /// The origin of the server's public URL.
    pub origin: String,
    /// The version of the server, shown in the footer.
    pub version: String,
}

/// The JSON data block of the portal's shell, which is sent only to visitors with access.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PortalShellData {
    /// The name and look of the installation; the logo is below [`crate::paths::PORTAL_ASSETS`].
    pub branding: Branding,
    /// The answer of [`crate::paths::PORTAL_ME`].
    pub me: PortalMe,
    /// The project of the page, or of the preview.
    pub project: Option<PortalProjectDetail>,
}

/// The `id`s of elements. Fields have their `id` as name, and keep it: password managers remember it.
pub mod id {
    /// The JSON data block, [`ShellData`](super::ShellData) or [`PortalShellData`](super::PortalShellData).
    pub const DATA: &str = "doorstep-data";
    /// The link to the file with the translations of the page's language.
    pub const WORDS: &str = "doorstep-words";
    /// The element in which the app mounts its header.
    pub const HEADER: &str = "header";
    /// The element that holds the page, painted or drawn.
    pub const MAIN: &str = "main";
    /// The select for the language, when no user is signed in.
    pub const LANGUAGE: &str = "language";
    /// The select for the theme, when no user is signed in.
    pub const THEME: &str = "theme";
    /// The message that the app can't start or has crashed.
    pub const STOPPED: &str = "stopped";

    /// The `<template>` of the sign-in screen, for when it was not painted.
    pub const LOGIN_TEMPLATE: &str = "login-template";
    /// The sign-in screen.
    pub const LOGIN: &str = "login";
    /// The heading of the sign-in screen.
    pub const LOGIN_HEADING: &str = "login-heading";
    /// The form of the sign-in screen.
    pub const LOGIN_FORM: &str = "login-form";
    /// The element for its errors.
    pub const LOGIN_ALERT: &str = "login-alert";
    /// The element for the error of one field, inside the form.
    pub const LOGIN_FIELD_ALERT: &str = "login-field-alert";
    /// The field for username or email.
    pub const USERNAME: &str = "username";
    /// The field for the password.
    pub const PASSWORD: &str = "password";
    /// The button that reveals the password.
    pub const PASSWORD_TOGGLE: &str = "password-toggle";
    /// The caps lock notice.
    pub const CAPS_LOCK: &str = "caps-lock";
    /// The submit button.
    pub const LOGIN_SUBMIT: &str = "login-submit";
    /// The links to single sign-on.
    pub const PROVIDERS: &str = "providers";
    /// The link to the page for a forgotten password.
    pub const FORGOT: &str = "forgot-password";
    /// The button that leads to the stage for temporary tokens, while one is valid.
    pub const USE_TOKEN: &str = "use-token";

    /// The `<template>` of the screen for a user code, for when it was not painted.
    pub const DEVICE_TEMPLATE: &str = "device-template";
    /// The screen for a user code.
    pub const DEVICE: &str = "device";
    /// The form of the screen for a user code.
    pub const DEVICE_FORM: &str = "device-form";
    /// The element for its errors.
    pub const DEVICE_ALERT: &str = "device-alert";
    /// The field for the code.
    pub const USER_CODE: &str = "user-code";
    /// The text about the field.
    pub const USER_CODE_TEXT: &str = "user-code-text";
    /// The text for when a link has filled in the first half of the code.
    pub const USER_CODE_HALF: &str = "user-code-half";
    /// The submit button.
    pub const DEVICE_SUBMIT: &str = "device-submit";

    /// The outcome, which the boot script paints in place of [`DEVICE`] if the history entry has one. The `id` of its
    /// `<template>` is the outcome.
    pub const DEVICE_OUTCOME: &str = "device-outcome";

    /// The placeholder for a page until the app draws it: its heading and an outline.
    pub const OUTLINE: &str = "outline";

    /// In the portal, the `<template>` of [`ACCESS_REQUIRED`], for when access ends while the page is open.
    pub const ACCESS_REQUIRED_TEMPLATE: &str = "access-required-template";
    /// The screen for visitors without access.
    pub const ACCESS_REQUIRED: &str = "access-required";
}

/// Attributes through which the boot script and the app communicate.
pub mod attribute {
    /// On a form: it was submitted before the app had listeners; the app carries the submit out.
    pub const EARLY_SUBMIT: &str = "data-early-submit";
    /// On the link to the translations: their text, once the boot script has fetched them.
    pub const WORDS: &str = "data-words";
    /// On the link to a provider: its name.
    pub const PROVIDER: &str = "data-provider";
    /// On the root element: the app is running.
    pub const RUNNING: &str = "data-running";
}

/// The User Timing mark that the app sets when its listeners are attached.
pub const RUNNING_MARK: &str = "doorstep:running";
