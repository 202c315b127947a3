//! A QR code.

use doorstep_contract::account::QrCode;
use leptos::prelude::*;

/// Dark on light in every theme: not every scanner reads inverted codes.
#[component]
pub(crate) fn QrPicture(
    /// Its modules.
    code: QrCode,
    /// The accessible name.
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
