//! The portal's app: what stands around its pages. It has nothing of the dashboard, and asks for nothing that is not below
//! `/portal`.

mod header;

use doorstep_contract::{
    auth::Branding,
    route::ClientRoute,
    shell::{PortalShellData, id},
};
use leptos::{mount::mount_to, prelude::*};
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Router};
use web_sys::HtmlElement;

use crate::{
    address,
    app::screens::{Audiences, Screen, ScreenRoutes, show},
    document::Document,
    pages::{
        connection_notice::connection_notice,
        portal::{no_access::no_access, portal_page, provide_screen},
    },
    shell,
    ui::{link::InApp, part::dynamic},
    visit::Visit,
};

const CLIENTS: Audiences = Audiences { anyone: false, account: false, client: true };
const SCREENS: &[Screen] = const { &CLIENTS.screens::<{ CLIENTS.count() }>() };

/// Mounts the app in `main`; `None` when the shell does not say what it needs.
pub(crate) fn mount(main: HtmlElement) -> Option<()> {
    let shell: PortalShellData = shell::read()?;
    address::settle_slash();
    mount_to(main, move || view(shell)).forget();
    Some(())
}

/// The whole app. The header is outside `main`, which holds what was painted and must not be drawn again.
fn view(shell: PortalShellData) -> AnyView {
    provide_meta_context();
    provide_context(shell.branding.clone());
    provide_context(InApp(|path| ClientRoute::parse(path).is_some_and(ClientRoute::is_portal)));
    let visit = Visit::begin(shell.me);
    view! {
        <Document />
        <Router>
            <Frame visit branding=shell.branding />
        </Router>
    }
    .into_any()
}

/// What is inside the router.
#[component]
fn Frame(visit: Visit, branding: Branding) -> impl IntoView {
    address::keep_up();
    provide_screen(visit);
    if let Some(place) = shell::place(id::HEADER) {
        mount_to(place, move || header::header(visit, branding)).forget();
    }
    let probe = Callback::new(move |()| visit.check());
    let has_access = Memo::new(move |_| visit.has_access());
    view! {
        {connection_notice(probe)}
        {dynamic(move || if has_access.get() { pages() } else { no_access() })}
    }
}

fn pages() -> AnyView {
    view! {
        <FlatRoutes fallback=portal_page>
            <ScreenRoutes screens=SCREENS show=show />
        </FlatRoutes>
    }
    .into_any()
}
