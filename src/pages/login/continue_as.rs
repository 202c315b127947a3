//! Somebody is signed in already: go on as them, or sign out first.

use doorstep_locales::words::{continue_as, menu};
use leptos::{prelude::*, task::spawn_local};

use super::Next;
use crate::{
    i18n::{t, t_with},
    session::Session,
    ui::busy::BusyButton,
};

/// The stage.
#[component]
pub(crate) fn ContinueAs(
    /// Leaves for where the person wanted to go.
    go_on: Next,
) -> impl IntoView {
    let session = Session::expect();
    let name = untrack(|| session.me()).map(|me| me.account.display_name().to_owned()).unwrap_or_default();
    let busy = RwSignal::new(false);
    let sign_out = move || {
        busy.set(true);
        spawn_local(session.log_out());
    };
    view! {
        <section class="card">
            <h1 tabindex="-1">{t(continue_as::TITLE)}</h1>
            <BusyButton on_press=Box::new(move || go_on.run(())) busy=Signal::stored(false) class="button primary">
                {t_with(continue_as::GO_ON, "name", &name)}
            </BusyButton>
            <BusyButton on_press=Box::new(sign_out) busy=busy.into()>
                {move || t(if busy.get() { menu::LOGGING_OUT } else { continue_as::SIGN_OUT })}
            </BusyButton>
        </section>
    }
}
