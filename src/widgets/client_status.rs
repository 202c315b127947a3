//! Whether a client has access.

use doorstep_locales::words::clients as words;
use leptos::prelude::*;

use crate::ui::badge::{Badge, Tone};

/// The status of a client as a badge.
#[component]
pub(crate) fn ClientStatus(is_active: bool) -> impl IntoView {
    let (word, tone) = if is_active { (words::ACTIVE, Tone::Ok) } else { (words::INACTIVE, Tone::Away) };
    view! { <Badge word tone /> }
}

/// The status badge, with a badge for the preview client.
#[component]
pub(crate) fn ClientMarks(
    is_active: bool,
    /// Whether the client exists for previews only.
    is_preview: bool,
) -> impl IntoView {
    view! {
        <ClientStatus is_active />
        {is_preview.then(|| view! { " " <Badge word=words::PREVIEW /> })}
    }
}
