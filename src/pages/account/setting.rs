//! A row of the page: one setting, its state, and one action.

use doorstep_locales::Word;
use leptos::{prelude::*, text_prop::TextProp};

use crate::i18n::t;

/// The row. What the action opens in place, its children, stands below.
#[component]
pub(super) fn Setting(
    heading_id: &'static str,
    title: Word,
    /// A badge beside the title.
    #[prop(optional, into)]
    badge: ViewFn,
    /// Whether title and state are for screen readers alone, because a heading of what is open stands for them.
    #[prop(into, default = false.into())]
    is_titled: Signal<bool>,
    /// How it is set.
    #[prop(into)]
    state: TextProp,
    /// The button, when there is something to do.
    #[prop(into)]
    action: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="setting" aria-labelledby=heading_id>
            <div class="setting-state" class:visually-hidden=move || is_titled.get()>
                <div class="setting-title">
                    <h3 id=heading_id tabindex="-1">
                        {t(title)}
                    </h3>
                    {move || badge.run()}
                </div>
                <p class="note">{move || state.get()}</p>
                {move || action.run()}
            </div>
            {children()}
        </section>
    }
}
