//! Buttons.

use leptos::prelude::*;

/// The role of a button.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Look {
    /// The main action of a page or dialog; at most one.
    Primary,
    /// One of several actions.
    #[default]
    Secondary,
    /// A secondary action, drawn as a link.
    Quiet,
    /// The same, for one that leads to a confirmation.
    QuietDanger,
    /// A destructive action, in the confirmation dialog.
    Danger,
}

impl Look {
    /// Its classes.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Secondary => "button",
            Self::Quiet => "link",
            Self::QuietDanger => "link danger",
            Self::Danger => "button danger",
        }
    }
}

/// A button. While it is `busy` it keeps the focus, has `aria-disabled`, and ignores presses.
#[component]
pub(crate) fn Button(
    #[prop(optional)] look: Look,
    /// For a row, beside its subject.
    #[prop(optional)]
    small: bool,
    #[prop(into)] on_press: UnsyncCallback<()>,
    /// Whether a press is being handled or must wait.
    #[prop(into, default = false.into())]
    busy: Signal<bool>,
    /// The accessible name, where the label alone is ambiguous.
    #[prop(optional, into)]
    name: Option<String>,
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if !busy.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button
            type="button"
            class=look.class()
            class:small=small
            aria-label=name
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=press
        >
            {children()}
        </button>
    }
}
