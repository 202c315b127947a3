//! Text fields: label, input, and the attributes for assistive technology and password managers.

use doorstep_locales::{
    Word,
    words::{login, token},
};
use leptos::{attr::custom::custom_attribute, prelude::*};

use super::{
    form::FormState,
    icon::{Icon, Shape},
};
use crate::i18n::t;

/// The kind of text in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A username.
    Username,
    /// An email address.
    Email,
    /// A person's name.
    Name,
    /// The name of a thing.
    Title,
    /// Text without words, such as a slug, that is not about the user.
    Exact,
    /// The current password.
    CurrentPassword,
    /// A new password.
    NewPassword,
    /// Six digits of the authenticator app.
    OneTimeCode,
    /// A code of letters and digits, which only the user knows.
    Code,
    /// A pasted secret, which the browser should not store.
    Token,
}

impl Kind {
    const fn is_hidden(self) -> bool {
        matches!(self, Self::CurrentPassword | Self::NewPassword | Self::Token)
    }

    const fn input_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::CurrentPassword | Self::NewPassword | Self::Token => "password",
            Self::Username | Self::Name | Self::Title | Self::Exact | Self::OneTimeCode | Self::Code => "text",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::OneTimeCode => Some("numeric"),
            _ => None,
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Name => "name",
            Self::CurrentPassword => "current-password",
            Self::NewPassword => "new-password",
            Self::OneTimeCode => "one-time-code",
            Self::Title | Self::Exact | Self::Code | Self::Token => "off",
        }
    }

    /// No autocorrection for text that is not words; `None` leaves the browser's default.
    const fn autocorrect(self) -> Option<&'static str> {
        match self {
            Self::Name | Self::Title => None,
            _ => Some("off"),
        }
    }

    const fn autocapitalize(self) -> &'static str {
        match self {
            Self::Name => "words",
            Self::Title => "sentences",
            _ => "none",
        }
    }
}

/// A single-line field of a form. `id` is its `name` as well, which password managers remember. A hidden value has a
/// button that reveals it, until the form is sent.
#[component]
pub(crate) fn Field(
    form: FormState,
    id: &'static str,
    label: Word,
    kind: Kind,
    value: RwSignal<String>,
    /// The `id` of an element with a description.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    form.describe(id, hint);
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            <div class:with-toggle=kind.is_hidden()>
                <input
                    id=id
                    name=id
                    type=move || if shown.get() { "text" } else { kind.input_type() }
                    autocomplete=kind.autocomplete()
                    inputmode=kind.input_mode()
                    autocapitalize=kind.autocapitalize()
                    {..custom_attribute("autocorrect", kind.autocorrect())}
                    spellcheck="false"
                    aria-describedby=(!hint.is_empty()).then_some(hint)
                    aria-invalid=move || form.blames(id).then_some("true")
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
                {kind.is_hidden().then(|| view! { <Toggle form id kind shown /> })}
            </div>
        </div>
    }
}

/// The button that reveals and hides the value.
#[component]
fn Toggle(form: FormState, id: &'static str, kind: Kind, shown: RwSignal<bool>) -> impl IntoView {
    Effect::new(move |_| {
        if form.is_busy() {
            shown.set(false);
        }
    });
    let (show, hide) = match kind {
        Kind::Token => (token::SHOW, token::HIDE),
        _ => (login::SHOW_PASSWORD, login::HIDE_PASSWORD),
    };
    view! {
        <button
            type="button"
            class="toggle"
            aria-label=t(show)
            aria-pressed=move || shown.get().to_string()
            aria-controls=id
            title=move || t(if shown.get() { hide } else { show })
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            <Icon shape=Shape::Eye />
        </button>
    }
}

/// The username for password managers, in a form without a field for it.
#[component]
pub(crate) fn UsernameForManagers(username: String) -> impl IntoView {
    view! { <input type="text" name="username" autocomplete="username" value=username hidden /> }
}
