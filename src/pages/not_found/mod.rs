//! The page for an unknown address.

use doorstep_contract::route::ClientRoute;
use doorstep_locales::words::not_found;
use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{link::Link, page::Card},
};

/// The page.
#[component]
pub(crate) fn NotFoundPage(
    /// The target of its link.
    home: ClientRoute,
) -> impl IntoView {
    view! {
        <Card title=not_found::TITLE>
            <p>{t(not_found::TEXT)}</p>
            <Link href=home.path() class="button primary">
                {t(not_found::HOME)}
            </Link>
        </Card>
    }
}
