//! The installation's name with its logo, or the default mark.

use doorstep_contract::{
    auth::Branding,
    mark::{DOOR, LEAF},
};
use leptos::prelude::*;

/// Logo or mark, and name; the content of a link or a heading.
#[component]
pub(crate) fn Brand() -> impl IntoView {
    let Branding { name, logo, logo_dark, .. } = use_context().unwrap_or_default();
    let picture = match (logo, logo_dark) {
        // One of the two is not displayed, and so not loaded (style/parts/icon.css).
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

/// The default mark: an open door.
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
