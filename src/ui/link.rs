//! Links to pages. The router takes every link of this origin, so one that leads out of the app says so.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

/// The context: whether the page at a path is in this app.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InApp(pub(crate) fn(&str) -> bool);

impl InApp {
    /// Whether the page at this address is in this app; outside of apps, none is.
    fn has(address: &str) -> bool {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        use_context().is_some_and(|Self(has)| has(path))
    }
}

/// A link to a page, in this app or another one.
#[component]
pub(crate) fn Link(
    /// The address of the page.
    #[prop(into)]
    href: String,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let rel = (!InApp::has(&href)).then_some("external");
    view! {
        <A href exact=true attr:class=class attr:rel=rel>
            {children()}
        </A>
    }
}

/// Goes elsewhere, in place of this page: Back does not return to it.
pub(crate) fn use_replace() -> Callback<String> {
    let navigate = use_navigate();
    let in_app = use_context::<InApp>();
    Callback::new(move |address: String| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        if in_app.is_some_and(|InApp(has)| has(path)) {
            navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        } else {
            // A refusal leaves the user here.
            let _ = window().location().replace(&address);
        }
    })
}
