//! Doorstep's browser app.
//!
//! How data flows, from the first byte to a signed-in page:
//!
//! 1. The server sends a **shell**: HTML with what is known painted (a form; for a user, header and heading), and a JSON
//!    block with what `setup-status` and `me` would answer. The boot script (`public/boot.js`) loads this module and remembers
//!    a submit that comes too early.
//! 2. An entry point, such as [`start_sign_in`], takes the words ([`i18n`]) and mounts [`app`], which reads the block ([`shell`]).
//! 3. [`app`] puts the router around the pages: one table ([`screens`]) says what shows each page of the contract. A page
//!    reads the [`session`], calls the [`api`], and is made of [`widgets`], which may ask the server too, and [`ui`] parts,
//!    which don't. What can go wrong comes back as one `ApiError`, which [`problem`] puts into words.
//!
//! The portal is another app out of the same library, for other people: [`portal`] stands in place of [`app`], [`visit`]
//! in place of [`session`].
//!
//! Dependencies point one way: pages -> widgets -> session, visit, api, ui. `ui` knows no page and no endpoint, `api` knows no
//! view.

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

/// Starts the sign-in app in the page that the server sent. What keeps it from starting is shown by the page's own HTML.
pub fn start_sign_in() {
    start(|main| app::mount(App { screens: screens::SIGN_IN, around: app::around_sign_in }, main));
}

/// Starts the dashboard, the same way.
pub fn start_dashboard() {
    start(|main| app::mount(App { screens: screens::DASHBOARD, around: app::around_dashboard }, main));
}

/// Starts the portal, the same way.
pub fn start_portal() {
    start(|main| portal::mount(screens::PORTAL, main));
}

fn start(mount: impl FnOnce(HtmlElement) -> Option<()>) {
    stopped::install_panic_hook();
    if try_to_start(mount).is_none() {
        stopped::show(stopped::Reason::Unloaded);
    }
}

/// `None` when something of the page is missing.
fn try_to_start(mount: impl FnOnce(HtmlElement) -> Option<()>) -> Option<()> {
    i18n::load()?;
    mount(shell::place(id::MAIN)?)?;
    announce();
    Some(())
}

/// Every handler is attached: the boot script stops collecting submits, and whoever measures can see it.
fn announce() {
    if let Some(root) = document().document_element() {
        // The attribute's name is well formed, so this can't fail.
        let _ = root.set_attribute(attribute::RUNNING, "");
    }
    if let Some(performance) = window().performance() {
        let _ = performance.mark(RUNNING_MARK);
    }
}
