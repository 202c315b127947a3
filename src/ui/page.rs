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
    /// The way to the page above it.
    #[prop(optional, into)]
    above: ViewFnOnce,
    /// Marks what it is about, beside its heading.
    #[prop(optional, into)]
    mark: ViewFnOnce,
    /// Whether it has a list that needs the width.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="page" class:wide=wide>
            <div class="page-head">
                {above.run()}
                <div class="page-title">
                    <h1 tabindex="-1">{move || title.get()}</h1>
                    {mark.run()}
                </div>
                {actions.run()}
            </div>
            {children()}
        </section>
    }
}

/// What a page is about, and beside it what belongs to it; below each other where there is no room.
#[component]
pub(crate) fn Columns(#[prop(into)] aside: ViewFnOnce, children: Children) -> impl IntoView {
    view! {
        <div class="columns">
            <div class="column">{children()}</div>
            <div class="column">{aside.run()}</div>
        </div>
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
    /// What can be done, beside the heading.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let labelled_by = heading_id.clone();
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <div class="panel-head">
                <h2 id=heading_id tabindex="-1">
                    {t(title)}
                </h2>
                {actions.run()}
            </div>
            {children()}
        </section>
    }
}
