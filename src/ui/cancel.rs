//! The cancel button.

use doorstep_locales::words::dialog;
use leptos::prelude::*;

use super::button::Button;
use crate::i18n::t;

/// The button that leaves a form or dialog without changes.
#[component]
pub(crate) fn Cancel(#[prop(into)] on_press: UnsyncCallback<()>) -> impl IntoView {
    view! { <Button on_press>{t(dialog::CANCEL)}</Button> }
}
