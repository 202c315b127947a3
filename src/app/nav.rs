//! The way to each section, for users who are signed in.

use doorstep_contract::route::ClientRoute;
use doorstep_locales::{
    Word,
    words::{audit, clients, nav as words, projects},
};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::{i18n::t, ui::strip::Strip};

/// The sections that the user may see. The one that is shown says so (`aria-current`), also on a page inside it.
#[component]
pub(super) fn Nav(is_operator: bool) -> impl IntoView {
    view! {
        <Strip class="nav" label=t(words::LABEL)>
            <Section route=ClientRoute::Projects title=projects::TITLE />
            {is_operator
                .then(|| {
                    view! {
                        <Section route=ClientRoute::Clients title=clients::TITLE />
                        <Section route=ClientRoute::Audit title=audit::TITLE />
                    }
                })}
        </Strip>
    }
}

#[component]
fn Section(route: ClientRoute, title: Word) -> impl IntoView {
    view! { <A href=route.path()>{t(title)}</A> }
}
