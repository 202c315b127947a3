//! Doorstep's browser app.
//!
//! How data flows, from the first byte to a signed-in page:
//!
//! 1. The server sends a **shell**: HTML with the sign-in form painted, and a JSON block with what `setup-status` and
//!    `me` would answer. The boot script (`public/boot.js`) loads this module and remembers a submit that comes too
//!    early.
//! 2. [`start`] reads the block ([`shell`]), reads the words ([`i18n`]) and mounts [`app`].
//! 3. [`app`] matches the typed route and shows a page. A page reads the [`session`], calls the [`api`], and is made
//!    of [`ui`] parts. What can go wrong comes back as one `ApiError`, which [`problem`] puts into words.
//!
//! Dependencies point one way: pages -> api, session, ui; `ui` knows no page and no endpoint, `api` knows no view.

mod announcement;
mod api;
mod app;
mod i18n;
mod pages;
mod preferences;
mod problem;
mod router;
mod session;
mod shell;
mod stopped;
mod title;
mod ui;

use doorstep_contract::shell::{RUNNING_MARK, attribute, id};
use leptos::{mount::mount_to, prelude::*};
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

pub use app::{App, DASHBOARD, SIGN_IN};

/// Starts an app in the page that the server sent. What keeps it from starting is told by the page's own HTML.
pub fn start(app: App) {
    stopped::install_panic_hook();
    if let Err(reason) = mount(app) {
        stopped::show(reason);
    }
}

fn mount(app: App) -> Result<(), stopped::Reason> {
    let shell = shell::read().ok_or(stopped::Reason::Unloaded)?;
    i18n::load().ok_or(stopped::Reason::Unloaded)?;
    let main: HtmlElement = document()
        .get_element_by_id(id::MAIN)
        .and_then(|main| main.dyn_into().ok())
        .ok_or(stopped::Reason::Unloaded)?;
    let tokens = (pages::account::EmailToken::take(), pages::password_reset::ResetToken::take());
    app::settle_address(shell.me.as_ref().is_some_and(|me| !me.change_pwd_hint));
    mount_to(main, move || app::view(app, shell, tokens)).forget();
    announce();
    Ok(())
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
