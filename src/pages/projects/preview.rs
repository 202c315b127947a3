//! **View client portal**: the server opens it in this browser, beside the session of the dashboard, and the page goes
//! there.

use doorstep_contract::{return_url::ReturnUrl, uuid::Uuid};
use doorstep_locales::words::projects as words;
use leptos::{ev, prelude::*};

use crate::{
    api::projects as api,
    pages::press::Press,
    session::proof::Proof,
    ui::{busy::busy_primary_button, part::block},
};

/// The button.
pub(super) fn preview(id: Uuid) -> AnyView {
    let (press, proof) = (Press::new(), Proof::expect());
    // At work until the browser has gone; a page that it kept and shows again is at rest.
    let leaving = RwSignal::new(false);
    let shown_again = window_event_listener(ev::pageshow, move |_| leaving.set(false));
    on_cleanup(move || shown_again.remove());
    let busy = Signal::derive(move || press.busy().get() || leaving.get());
    let look = move || {
        press.run(async move || {
            let begun = proof.with(async || api::preview(id).await).await?;
            let _ = leaving.try_set(true);
            // The portal is another app.
            let _ = window().location().assign(ReturnUrl::parse_or_home(Some(&begun.redirect)).as_str());
            Ok(())
        });
    };
    block("div", "stack", vec![busy_primary_button(words::PORTAL, busy, look), press.alert()])
}
