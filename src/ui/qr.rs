//! A QR code.

use doorstep_contract::account::QrCode;
use leptos::prelude::*;

/// Dark on light whatever the theme: not every reader takes it the other way round.
#[component]
pub(crate) fn QrPicture(
    /// Its modules.
    code: QrCode,
    /// What a screen reader says of it.
    label: &'static str,
) -> impl IntoView {
    let QrCode { side, path } = code;
    let side = side.to_string();
    let view_box = ["0 0 ", &side, " ", &side].concat();
    view! {
        <svg class="qr" viewBox=view_box role="img" aria-label=label shape-rendering="crispEdges">
            <path d=path.reveal().to_owned() />
        </svg>
    }
}
