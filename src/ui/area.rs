//! A multi-line text field.

use doorstep_locales::Word;
use leptos::prelude::*;

use super::form::FormState;
use crate::i18n::t;

/// A field of a form, with its label.
#[component]
pub(crate) fn Area(
    form: FormState,
    id: &'static str,
    label: Word,
    value: RwSignal<String>,
    /// The number of visible lines.
    #[prop(default = 5)]
    rows: u32,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            <textarea
                id=id
                name=id
                rows=rows
                aria-describedby=move || form.description(form.blames(id), "")
                aria-invalid=move || form.blames(id).then_some("true")
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </div>
    }
}
