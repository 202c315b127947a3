//! Buttons.

use leptos::prelude::*;

/// What a button is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Look {
    /// What its page or dialog is there for; one of them at most.
    Primary,
    /// One choice among others.
    #[default]
    Secondary,
    /// A choice beside the text, drawn as a link.
    Quiet,
    /// What destroys something, in the dialog that asks before.
    Danger,
}

impl Look {
    /// Its classes.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Secondary => "button",
            Self::Quiet => "link",
            Self::Danger => "button danger",
        }
    }
}

/// A button. While it is `busy` it keeps the focus, says so, and a press does nothing.
#[component]
pub(crate) fn Button(
    #[prop(optional)] look: Look,
    /// In a row, beside what it is about.
    #[prop(optional)]
    small: bool,
    #[prop(into)] on_press: UnsyncCallback<()>,
    /// Whether a press is being carried out, or may not come now.
    #[prop(into, default = false.into())]
    busy: Signal<bool>,
    /// What a screen reader says, where the label says too little to a user who does not see what stands around it.
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
