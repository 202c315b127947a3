//! What a page consists of: the page itself, a card in its middle, the panels on it.

use doorstep_locales::Word;
use leptos::{prelude::*, text_prop::TextProp};

use super::brand::Brand;
use crate::i18n::t;

/// A page with its heading, which may change while it is shown and takes the focus when the page is entered.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: TextProp,
    /// What the page is about can be done by these, beside its heading.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="page">
            <div class="page-head">
                <h1 tabindex="-1">{move || title.get()}</h1>
                {actions.run()}
            </div>
            {children()}
        </section>
    }
}

/// The `id` of the heading of a [`Card`], of which a page has one.
pub(crate) const CARD_HEADING: &str = "card-heading";

/// A page with one thing to do, in the middle of the window, with the brand above its heading.
#[component]
pub(crate) fn Card(title: Word, children: Children) -> impl IntoView {
    view! {
        <section class="card">
            <p class="brand">
                <Brand />
            </p>
            <h1 id=CARD_HEADING tabindex="-1">
                {t(title)}
            </h1>
            {children()}
        </section>
    }
}

/// One subject on a page of several, under a heading that can take the focus.
#[component]
pub(crate) fn Panel(
    /// The `id` of the heading.
    #[prop(into)]
    heading_id: String,
    title: Word,
    children: Children,
) -> impl IntoView {
    let labelled_by = heading_id.clone();
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <h2 id=heading_id tabindex="-1">
                {t(title)}
            </h2>
            {children()}
        </section>
    }
}
