//! Somebody is signed in already: go on as them, or sign out first.

use doorstep_locales::words::continue_as;
use leptos::{prelude::*, task::spawn_local};

use super::Next;
use crate::{
    i18n::{t, t_with},
    session::Session,
};

/// The stage.
#[component]
pub(crate) fn ContinueAs(
    /// Leaves for where the person wanted to go.
    go_on: Next,
) -> impl IntoView {
    let session = Session::expect();
    let name = untrack(|| session.me()).map(|me| me.account.display_name().to_owned()).unwrap_or_default();
    let sign_out = move || spawn_local(session.log_out());
    view! {
        <section class="card">
            <h1 tabindex="-1">{t(continue_as::TITLE)}</h1>
            <button type="button" class="button primary" on:click=move |_| go_on.run(())>
                {t_with(continue_as::GO_ON, "name", &name)}
            </button>
            <button type="button" class="button" on:click=move |_| sign_out()>
                {t(continue_as::SIGN_OUT)}
            </button>
        </section>
    }
}
