//! Whose page it is: the installation's logo, or the mark of those that have none, and its name.

use doorstep_contract::{
    auth::Branding,
    mark::{DOOR, LEAF},
};
use leptos::prelude::*;

/// Logo or mark, and name; to be put into what they are the label of.
#[component]
pub(crate) fn Brand() -> impl IntoView {
    let Branding { name, logo, logo_dark, .. } = use_context().unwrap_or_default();
    let picture = match (logo, logo_dark) {
        // One of two is not displayed, and what is not displayed is not loaded (style/parts/icon.css).
        (Some(light), Some(dark)) => view! {
            <img class="logo-light" src=light alt="" height="32" loading="lazy" />
            <img class="logo-dark" src=dark alt="" height="32" loading="lazy" />
        }
        .into_any(),
        (Some(logo), None) => view! { <img src=logo alt="" height="32" /> }.into_any(),
        (None, _) => view! { <Mark /> }.into_any(),
    };
    view! {
        {picture}
        {name}
    }
}

/// The mark: a door that stands open.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path class="leaf" d=LEAF />
            <path class="door" d=DOOR />
        </svg>
    }
}
