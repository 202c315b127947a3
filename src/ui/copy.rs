//! A button that copies a text, and says that it did.

use std::time::Duration;

use doorstep_contract::secret::Secret;
use doorstep_locales::words::copy as words;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::part::{button, nothing};
use crate::i18n::t;

/// How long it says so.
const SAID_FOR: Duration = Duration::from_secs(3);

/// The button. Where the browser does not let pages copy (over plain http), it is not there: the text can be selected.
pub(crate) fn copy_button(text: Secret) -> AnyView {
    let said = RwSignal::new(None);
    let copy = move || {
        let copying = JsFuture::from(window().navigator().clipboard().write_text(text.reveal()));
        spawn_local(async move {
            let _ = said.try_set(Some(if copying.await.is_ok() { words::COPIED } else { words::REFUSED }));
            let fall_silent = move || {
                let _ = said.try_set(None);
            };
            set_timeout(fall_silent, SAID_FOR);
        });
    };
    if !window().is_secure_context() {
        return nothing();
    }
    view! {
        {button("button", words::COPY, copy)}
        <span role="status">{move || said.get().map(t)}</span>
    }
    .into_any()
}
