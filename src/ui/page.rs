//! Pages, cards and panels.

use doorstep_locales::Word;
use leptos::{prelude::*, text_prop::TextProp};

use super::brand::Brand;
use crate::i18n::{t, t_with};

/// A page with its heading, which gets the focus on navigation. The title may change while the page is shown.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: TextProp,
    /// Actions, beside the heading.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// The link to the parent page.
    #[prop(optional, into)]
    above: ViewFnOnce,
    /// A badge beside the heading.
    #[prop(optional, into)]
    mark: ViewFnOnce,
    /// Whether it uses the full width, for a list.
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

/// Main content and an aside, stacked on a narrow screen.
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

/// A page with one task, in the middle of the window, with the brand above its heading.
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

/// Whose account a card is about; nothing if the name is unknown.
pub(crate) fn who(word: Word, name: &str) -> AnyView {
    (!name.is_empty()).then(|| view! { <p class="who">{t_with(word, "name", name)}</p> }).into_any()
}

/// A section of a page, under a heading that can get the focus.
#[component]
pub(crate) fn Panel(
    /// The `id` of the heading.
    #[prop(into)]
    heading_id: String,
    title: Word,
    /// Actions, beside the heading.
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
