//! A field to choose one of a few values.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// A value and its label.
pub(crate) type Choice = (String, String);

/// A field of a form, with its label.
#[component]
pub(crate) fn ChoiceField(
    id: &'static str,
    label: Word,
    choices: Vec<Choice>,
    value: RwSignal<String>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            <Select id name=id choices value on_choose=move |chosen| value.set(chosen) />
        </div>
    }
}

/// The select element alone, bound to `value`.
#[component]
pub(crate) fn Select(
    #[prop(into)] id: String,
    name: &'static str,
    choices: Vec<Choice>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: UnsyncCallback<(String,)>,
) -> impl IntoView {
    let option = |(own, label): Choice| {
        let stands_for = own.clone();
        view! {
            <option value=own prop:selected=move || value.with(|value| *value == stands_for)>
                {label}
            </option>
        }
    };
    view! {
        <select id=id name=name on:change=move |event| on_choose.run((event_target_value(&event),))>
            {choices.into_iter().map(option).collect_view()}
        </select>
    }
}
