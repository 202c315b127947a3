//! There is nothing at this address.

use doorstep_contract::route::ClientRoute;
use doorstep_locales::words::not_found;
use leptos::prelude::*;

use crate::i18n::t;

/// The page.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! {
        <section class="card">
            <h1 tabindex="-1">{t(not_found::TITLE)}</h1>
            <p>{t(not_found::TEXT)}</p>
            <a href=ClientRoute::Home.path() class="button primary">
                {t(not_found::HOME)}
            </a>
        </section>
    }
}
