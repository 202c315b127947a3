//! Names shared by the HTML that the server paints first and the app that takes it over.
//!
//! The server paints a form that can be typed into before the app has arrived. The app **adopts** it: the elements
//! stay where they are, with what was typed, and get listeners. Both find them by the names in [`id`].

use crate::{
    auth::{Branding, Me, SetupStatus},
    portal::{PortalMe, PortalProjectDetail},
    secret::Secret,
};

/// The JSON data block of a shell: all that the app would otherwise have to ask for before it can draw.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShellData {
    /// The answer of `setup-status`.
    pub setup_status: SetupStatus,
    /// The answer of `me`, when somebody is signed in.
    pub me: Option<Me>,
    /// The user code of a device that was looked up in this browser a moment ago, for [`crate::route::ClientRoute::Device`].
    pub user_code: Option<Secret>,
    /// The shortest password that the server takes, in characters.
    pub password_min_length: u32,
    /// The origin of the server's public URL: where browsers should be.
    pub origin: String,
    /// The version of the server, shown in the footer of its pages.
    pub version: String,
}

/// The JSON data block of the portal's shell, which is there for whoever may come in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PortalShellData {
    /// How this installation presents itself; the logo is below [`crate::paths::PORTAL_ASSETS`].
    pub branding: Branding,
    /// The answer of [`crate::paths::PORTAL_ME`].
    pub me: PortalMe,
    /// The project of the page: the one that its address names, or that a preview is of.
    pub project: Option<PortalProjectDetail>,
}

/// `id`s of elements. Field names and `id`s are the same, and stable: password managers learn them.
pub mod id {
    /// The JSON data block, [`ShellData`](super::ShellData) or [`PortalShellData`](super::PortalShellData).
    pub const DATA: &str = "doorstep-data";
    /// The link that names the file with the words of the page's language.
    pub const WORDS: &str = "doorstep-words";
    /// Where the app mounts its header.
    pub const HEADER: &str = "header";
    /// Where pages are, the painted ones and the drawn ones.
    pub const MAIN: &str = "main";
    /// The choice of the language, for a user who is not signed in.
    pub const LANGUAGE: &str = "language";
    /// The choice of the theme, the same.
    pub const THEME: &str = "theme";
    /// The block that is shown when the app can't start or has stopped.
    pub const STOPPED: &str = "stopped";

    /// The `<template>` that holds the sign-in screen for when it was not painted.
    pub const LOGIN_TEMPLATE: &str = "login-template";
    /// The sign-in screen.
    pub const LOGIN: &str = "login";
    /// Its heading.
    pub const LOGIN_HEADING: &str = "login-heading";
    /// The one form in it.
    pub const LOGIN_FORM: &str = "login-form";
    /// Where its errors are shown, whatever they are about.
    pub const LOGIN_ALERT: &str = "login-alert";
    /// User name or email.
    pub const USERNAME: &str = "username";
    /// The password.
    pub const PASSWORD: &str = "password";
    /// The toggle that shows the password.
    pub const PASSWORD_TOGGLE: &str = "password-toggle";
    /// The notice that capital letters are locked.
    pub const CAPS_LOCK: &str = "caps-lock";
    /// The button that sends the form.
    pub const LOGIN_SUBMIT: &str = "login-submit";
    /// Where the ways to sign in through other identity systems are.
    pub const PROVIDERS: &str = "providers";
    /// The link to the page for people who have forgotten their password.
    pub const FORGOT: &str = "forgot-password";
    /// The button that leads to the stage for temporary tokens, while there is one in force.
    pub const USE_TOKEN: &str = "use-token";

    /// The `<template>` that holds the screen for a device's code, for when it was not painted.
    pub const DEVICE_TEMPLATE: &str = "device-template";
    /// The screen for the code of a device. The names below are of its form.
    pub const DEVICE: &str = "device";
    /// Its form.
    pub const DEVICE_FORM: &str = "device-form";
    /// Where its errors are shown.
    pub const DEVICE_ALERT: &str = "device-alert";
    /// The field for the code.
    pub const USER_CODE: &str = "user-code";
    /// What the code is for.
    pub const USER_CODE_TEXT: &str = "user-code-text";
    /// What is said when a link has brought the first half of the code.
    pub const USER_CODE_HALF: &str = "user-code-half";
    /// The button that sends the form.
    pub const DEVICE_SUBMIT: &str = "device-submit";

    /// What the boot script paints in place of [`DEVICE`] when the history notes that it is decided, out of the `<template>`
    /// whose `id` is the decision.
    pub const DEVICE_OUTCOME: &str = "device-outcome";

    /// What stands in place of a page until the app draws it: its heading, and an outline.
    pub const OUTLINE: &str = "outline";

    /// In the portal, the `<template>` of the screen below, for when access ends while the page is open.
    pub const ACCESS_REQUIRED_TEMPLATE: &str = "access-required-template";
    /// What somebody reads who may not come in.
    pub const ACCESS_REQUIRED: &str = "access-required";
}

/// Attributes by which the boot script and the app talk.
pub mod attribute {
    /// On a form: it was submitted before the app could listen; the app carries the submit out.
    pub const EARLY_SUBMIT: &str = "data-early-submit";
    /// On the link of the words: the words themselves, once the boot script has fetched them.
    pub const WORDS: &str = "data-words";
    /// On the link of a provider: its name.
    pub const PROVIDER: &str = "data-provider";
    /// On the root element: the app is running.
    pub const RUNNING: &str = "data-running";
}

/// The User Timing mark that the app sets when its handlers are attached.
pub const RUNNING_MARK: &str = "doorstep:running";
