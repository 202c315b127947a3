//! Fields: a label, an input, and what assistive technology and password managers need to know of it.

use doorstep_locales::words::login;
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::i18n::t;

/// What goes into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A user name.
    Username,
    /// An email address.
    Email,
}

impl Kind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Username => "text",
            Self::Email => "email",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
        }
    }
}

/// A field for one line of text.
#[component]
pub(crate) fn Input(
    /// `id` and `name`.
    id: &'static str,
    /// What it is called.
    label: &'static str,
    /// What goes into it.
    kind: Kind,
    /// What is in it.
    value: RwSignal<String>,
    /// Whether it is to blame for the error.
    invalid: Signal<bool>,
    /// The `id` of the element that tells the error.
    described_by: &'static str,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                name=id
                type=kind.input_type()
                autocomplete=kind.autocomplete()
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described_by
                aria-invalid=move || invalid.get().then_some("true")
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
}

/// A field for a new password, with a toggle that shows it.
#[component]
pub(crate) fn PasswordInput(
    /// `id` and `name`.
    id: &'static str,
    /// What it is called.
    label: &'static str,
    /// What is in it.
    value: RwSignal<String>,
    /// Whether it is to blame for the error.
    invalid: Signal<bool>,
    /// The `id`s of the elements that tell the error and the rules.
    described_by: &'static str,
    /// Whether it can be read; the form hides it again when it is sent.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let toggle_label = move || t(if shown.get() { login::HIDE_PASSWORD } else { login::SHOW_PASSWORD });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="with-toggle">
                <input
                    id=id
                    name=id
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete="new-password"
                    aria-describedby=described_by
                    aria-invalid=move || invalid.get().then_some("true")
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="toggle"
                    aria-label=t(login::SHOW_PASSWORD)
                    aria-pressed=move || shown.get().to_string()
                    aria-controls=id
                    title=toggle_label
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <Icon shape=Shape::Eye />
                </button>
            </div>
        </div>
    }
}
