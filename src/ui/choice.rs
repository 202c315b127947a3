//! A field to choose one of a few values.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// A value, and what stands for it.
pub(crate) type Choice = (String, String);

/// A field of a form, with its label.
pub(crate) fn choice(id: &'static str, label: Word, choices: Vec<Choice>, value: RwSignal<String>) -> AnyView {
    let control = select(id.to_owned(), id, choices, value.into(), Box::new(move |chosen| value.set(chosen)));
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            {control}
        </div>
    }
    .into_any()
}

/// The control alone. What is chosen is what `value` says.
pub(crate) fn select(
    id: String,
    name: &'static str,
    choices: Vec<Choice>,
    value: Signal<String>,
    choose: Box<dyn Fn(String)>,
) -> AnyView {
    let option = |(own, label): Choice| {
        let stands_for = own.clone();
        view! {
            <option value=own prop:selected=move || value.with(|value| *value == stands_for)>
                {label}
            </option>
        }
        .into_any()
    };
    let options: Vec<_> = choices.into_iter().map(option).collect();
    view! {
        <select id=id name=name on:change=move |event| choose(event_target_value(&event))>
            {options}
        </select>
    }
    .into_any()
}
