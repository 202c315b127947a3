//! A setting: title, state, and one action.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// The setting. `children` is the content that the action opens below.
#[component]
pub(super) fn Setting(
    heading_id: &'static str,
    title: Word,
    /// A badge beside the title.
    #[prop(optional, into)]
    badge: ViewFn,
    /// The current state.
    #[prop(into)]
    state: ViewFn,
    /// The button, if there is an action.
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
