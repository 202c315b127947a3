//! Doorstep's browser app.
//!
//! How data flows, from the first byte to a signed-in page:
//!
//! 1. The server sends a **shell**: HTML with a painted form, or with header and heading of a signed-in user, and a
//!    JSON block with the answers of `setup-status` and `me`. The boot script (`public/boot.js`) loads this module and
//!    remembers an early submit.
//! 2. An entry point, such as [`start_sign_in`], loads the translations ([`i18n`]) and mounts [`app`], which reads the
//!    block ([`shell`]).
//! 3. [`app`] sets up the router: one table ([`screens`]) maps the pages of the contract to views. A page reads the
//!    [`session`], calls the [`api`], and is composed of [`widgets`], which may call the server too, and [`ui`]
//!    components, which don't. Failures are one `ApiError`, which [`problem`] turns into a message.
//!
//! The portal is another app of the same library: [`portal`] takes the place of [`app`], [`visit`] that of [`session`].
//!
//! Dependencies point one way: pages -> widgets -> session, visit, api, ui. `ui` knows no page and no endpoint, `api`
//! knows no view.

mod address;
mod api;
mod app;
mod destination;
mod document;
mod i18n;
mod pages;
mod portal;
mod preferences;
mod problem;
mod routes;
mod screens;
mod session;
mod shell;
mod stopped;
mod ui;
mod visit;
mod widgets;

use doorstep_contract::shell::{RUNNING_MARK, attribute, id};
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::app::App;

/// Starts the sign-in app in the page. If it can't start, the page's own HTML shows why.
pub fn start_sign_in() {
    start(|main| app::mount(App { screens: screens::SIGN_IN, around: app::around_sign_in }, main));
}

/// Starts the dashboard.
pub fn start_dashboard() {
    start(|main| app::mount(App { screens: screens::DASHBOARD, around: app::around_dashboard }, main));
}

/// Starts the portal.
pub fn start_portal() {
    address::remove_entry();
    start(|main| portal::mount(screens::PORTAL, main));
}

fn start(mount: impl FnOnce(HtmlElement) -> Option<()>) {
    stopped::install_panic_hook();
    if try_to_start(mount).is_none() {
        stopped::show(stopped::Reason::Unloaded);
    }
}

/// `None` if the page lacks required elements.
fn try_to_start(mount: impl FnOnce(HtmlElement) -> Option<()>) -> Option<()> {
    i18n::load()?;
    mount(shell::place(id::MAIN)?)?;
    announce();
    Some(())
}

/// Marks the app as running: the boot script stops collecting submits, and measurements can read it.
fn announce() {
    if let Some(root) = document().document_element() {
        // The attribute's name is valid, so this can't fail.
        let _ = root.set_attribute(attribute::RUNNING, "");
    }
    if let Some(performance) = window().performance() {
        let _ = performance.mark(RUNNING_MARK);
    }
}
