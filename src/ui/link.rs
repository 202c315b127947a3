//! Links to pages. The router handles every link of this origin, so one to another app is marked.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

/// The context: whether the page at a path is in this app.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InApp(pub(crate) fn(&str) -> bool);

impl InApp {
    /// Whether the page at this address is in this app; false outside of apps.
    fn has(address: &str) -> bool {
        use_context().is_some_and(|Self(has)| has(path_of(address)))
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

/// Navigates in place of this page: Back does not return to it.
#[derive(Clone, Copy)]
pub(crate) struct Replace {
    navigate: Callback<String>,
    in_app: Option<InApp>,
}

impl Replace {
    /// With the router of the app.
    pub(crate) fn expect() -> Self {
        let navigate = use_navigate();
        let navigate = Callback::new(move |address: String| {
            navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        });
        Self { navigate, in_app: use_context() }
    }

    /// Whether the page at this address is in this app.
    pub(crate) fn is_in_app(self, address: &str) -> bool {
        self.in_app.is_some_and(|InApp(has)| has(path_of(address)))
    }

    /// Navigates to the address; loads the page if it is in another app.
    pub(crate) fn go(self, address: &str) {
        if self.is_in_app(address) {
            self.navigate.run(address.to_owned());
        } else {
            // On failure the user stays on this page.
            let _ = window().location().replace(address);
        }
    }
}

fn path_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}
