//! Somebody is signed in already: go on as them, or sign out first.

use doorstep_locales::words::continue_as;
use leptos::{prelude::*, task::spawn_local};

use super::way::Way;
use crate::{
    i18n::t_with,
    session::Session,
    ui::part::{button, card},
};

/// The stage.
pub(super) fn continue_as(way: Way) -> AnyView {
    let session = Session::expect();
    let name = untrack(|| session.me()).map(|me| me.account.display_name().to_owned()).unwrap_or_default();
    let sign_out = move || spawn_local(session.log_out());
    let go_on = view! {
        <button type="button" class="button primary" on:click=move |_| way.leave()>
            {t_with(continue_as::GO_ON, "name", &name)}
        </button>
    };
    card(continue_as::TITLE, vec![go_on.into_any(), button("button", continue_as::SIGN_OUT, sign_out)])
}
