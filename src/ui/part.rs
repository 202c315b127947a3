//! The plain parts that pages are made of: text, headings, blocks, buttons, links.
//!
//! They are functions that take plain values and give an [`AnyView`]. An element that is written into a page's `view!`
//! is compiled for that page alone, with all that Leptos may ever do to it, and weighs ten times as much in the bundle
//! as a call to one of these (docs/decisions.md). So `view!` is for the parts themselves, and for what there is one of.

use doorstep_contract::auth::Branding;
use doorstep_locales::Word;
use leptos::{html::custom, prelude::*};

use super::link::Link;
use crate::i18n::t;

/// Something that is not there.
pub(crate) fn nothing() -> AnyView {
    ().into_any()
}

/// Text in a page.
pub(crate) fn text(text: impl Into<String>) -> AnyView {
    text.into().into_any()
}

/// An element without behaviour.
pub(crate) fn block(tag: &'static str, class: &'static str, children: Vec<AnyView>) -> AnyView {
    custom(tag).attr("class", class).child(children).into_any()
}

/// A block of text.
pub(crate) fn paragraph(content: impl Into<String>) -> AnyView {
    block("p", "", vec![text(content)])
}

/// A page, with its heading, which may change while it is shown.
pub(crate) fn page(title: impl Fn() -> String + Send + 'static, children: Vec<AnyView>) -> AnyView {
    fn erased(title: Box<dyn Fn() -> String + Send>, children: Vec<AnyView>) -> AnyView {
        view! {
            <section class="page">
                <h1 tabindex="-1">{move || title()}</h1>
                {children}
            </section>
        }
        .into_any()
    }
    erased(Box::new(title), children)
}

/// One thing to do, on a quiet ground, with the page's heading.
pub(crate) fn card(title: Word, children: Vec<AnyView>) -> AnyView {
    let Branding { name, logo, .. } = use_context().unwrap_or_default();
    view! {
        <section class="card">
            <p class="brand">{logo.map(|logo| view! { <img src=logo alt="" height="32" /> })} {name}</p>
            <h1 tabindex="-1">{t(title)}</h1>
            {children}
        </section>
    }
    .into_any()
}

/// One matter on a page of several, with a heading that can take the focus.
pub(crate) fn panel(heading_id: &str, title: Word, children: Vec<AnyView>) -> AnyView {
    let (heading_id, labelled_by) = (heading_id.to_owned(), heading_id.to_owned());
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <h2 id=heading_id tabindex="-1">
                {t(title)}
            </h2>
            {children}
        </section>
    }
    .into_any()
}

/// A sentence that explains.
pub(crate) fn note(word: Word) -> AnyView {
    block("p", "note", vec![text(t(word))])
}

/// A link to a page of the app.
pub(crate) fn link(class: &'static str, href: &'static str, label: Word) -> AnyView {
    link_to(class, href.to_owned(), t(label).to_owned())
}

/// The same, to a page of one thing among many.
pub(crate) fn link_to(class: &'static str, href: String, label: String) -> AnyView {
    view! {
        <Link href class>
            {label}
        </Link>
    }
    .into_any()
}

/// A word that marks what stands beside it.
pub(crate) fn badge(class: &'static str, word: Word) -> AnyView {
    block("span", class, vec![text(t(word))])
}

/// A button: `class` is `button`, `button primary`, or `link`.
pub(crate) fn button(class: &'static str, label: Word, press: impl Fn() + 'static) -> AnyView {
    named_button(class, label, None, Box::new(press))
}

/// A button whose label does not say enough to somebody who does not see what stands around it.
pub(crate) fn named_button(class: &'static str, label: Word, name: Option<String>, press: Box<dyn Fn()>) -> AnyView {
    view! {
        <button type="button" class=class aria-label=name on:click=move |_| press()>
            {t(label)}
        </button>
    }
    .into_any()
}

/// Buttons side by side.
pub(crate) fn buttons(children: Vec<AnyView>) -> AnyView {
    block("div", "buttons", children)
}

/// A list of names and values.
pub(crate) fn facts(class: &'static str, facts: Vec<(Word, String)>) -> AnyView {
    let fact = |(name, value)| {
        block("div", "", vec![block("dt", "", vec![text(t(name))]), block("dd", "", vec![text(value)])])
    };
    block("dl", class, facts.into_iter().map(fact).collect())
}

/// What changes: drawn anew whenever a signal that it reads does.
pub(crate) fn dynamic(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    // One closure type for all of them.
    fn erased(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || draw()).into_any()
    }
    erased(Box::new(draw))
}

/// Where errors are told: empty, and so not there, while there are none.
pub(crate) fn alert(told: impl Fn() -> Option<Word> + Send + 'static) -> AnyView {
    fn erased(told: Box<dyn Fn() -> Option<Word> + Send>) -> AnyView {
        view! {
            <div class="alert" role="alert">
                {move || told().map(t)}
            </div>
        }
        .into_any()
    }
    erased(Box::new(told))
}

/// Where news are told, while there are some.
pub(crate) fn status(told: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    view! {
        <div role="status" class="notice-place">
            {dynamic(told)}
        </div>
    }
    .into_any()
}
