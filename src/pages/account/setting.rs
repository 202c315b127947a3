//! A row of the page: one setting, its state, and one action.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// The row. What the action opens in place, its children, stands below.
#[component]
pub(super) fn Setting(
    heading_id: &'static str,
    title: Word,
    /// A badge beside the title.
    #[prop(optional, into)]
    badge: ViewFn,
    /// How it is set.
    #[prop(into)]
    state: ViewFn,
    /// The button, when there is something to do.
    #[prop(into)]
    action: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="setting" aria-labelledby=heading_id>
            <div class="setting-state">
                <div class="setting-title">
                    <h3 id=heading_id tabindex="-1">
                        {t(title)}
                    </h3>
                    {move || badge.run()}
                </div>
                <p class="note">{move || state.run()}</p>
                {move || action.run()}
            </div>
            {children()}
        </section>
    }
}
