//! A button that copies a text and confirms it.

use std::time::Duration;

use doorstep_contract::secret::Secret;
use doorstep_locales::{Word, words::copy as words};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::button::{Button, Look};
use crate::i18n::t;

/// How long the confirmation is shown.
const SAID_FOR: Duration = Duration::from_secs(3);

/// The button. Absent where the browser does not let pages copy (over plain HTTP): the text can be selected.
#[component]
pub(crate) fn CopyButton(
    text: Secret,
    #[prop(default = words::COPY)] label: Word,
    #[prop(optional)] look: Look,
) -> impl IntoView {
    let outcome = RwSignal::new(None);
    let copy = move || {
        let copying = JsFuture::from(window().navigator().clipboard().write_text(text.reveal()));
        spawn_local(async move {
            let _ = outcome.try_set(Some(if copying.await.is_ok() { words::COPIED } else { words::REFUSED }));
            let fall_silent = move || {
                let _ = outcome.try_set(None);
            };
            set_timeout(fall_silent, SAID_FOR);
        });
    };
    window().is_secure_context().then(|| {
        view! {
            <Button look on_press=copy>
                {t(label)}
            </Button>
            <span role="status">{move || outcome.get().map(t)}</span>
        }
    })
}
