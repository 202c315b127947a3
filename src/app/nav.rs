//! The navigation of a signed-in user.

use doorstep_contract::route::{Page, SECTIONS};
use doorstep_locales::{title, words::nav as words};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::{i18n::t, ui::strip::Strip};

/// The sections that the user may see. `aria-current` marks the current one, also on a page below it.
#[component]
pub(super) fn Nav(is_operator: bool) -> impl IntoView {
    let section = |page: Page| view! { <A href=page.path()>{t(title(page))}</A> };
    let sections = SECTIONS.into_iter().filter(move |page| is_operator || !page.is_for_operators());
    view! {
        <Strip class="nav" label=t(words::LABEL)>
            {sections.map(section).collect_view()}
        </Strip>
    }
}
