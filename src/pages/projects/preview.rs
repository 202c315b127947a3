//! **View client portal**: begins a preview beside the session of the dashboard, and navigates to the portal.

use doorstep_contract::uuid::Uuid;
use doorstep_locales::words::projects as words;
use leptos::{ev, prelude::*};

use crate::{
    api::projects as api,
    destination::go_to,
    i18n::t,
    ui::{button::Button, live::Alert},
    widgets::press::Press,
};

/// The button.
#[component]
pub(super) fn PreviewButton(id: Uuid) -> impl IntoView {
    let press = Press::new();
    // Busy until the browser has left the page, but not when the page is restored from the back/forward cache.
    let leaving = RwSignal::new(false);
    let shown_again = window_event_listener(ev::pageshow, move |_| leaving.set(false));
    on_cleanup(move || shown_again.remove());
    let busy = Signal::derive(move || press.busy().get() || leaving.get());
    let look = move || {
        press.run(async move || {
            let begun = api::preview(id).await?;
            let _ = leaving.try_set(true);
            // The portal is another app.
            go_to(begun.redirect);
            Ok(())
        });
    };
    view! {
        <div>
            <Button busy on_press=look>
                {t(words::PORTAL)}
            </Button>
            <Alert error=press.error() />
        </div>
    }
}
