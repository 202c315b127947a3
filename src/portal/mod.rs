//! The app of the portal: what surrounds its pages. It contains nothing of the dashboard, and requests nothing but
//! `/portal`.

mod header;
pub(crate) mod pages;

use doorstep_contract::{portal::PortalProjectDetail, shell::PortalShellData};
use leptos::{mount::mount_to, prelude::*};
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Router};
use web_sys::HtmlElement;

use self::{
    header::Header,
    pages::{PortalPage, no_access::NoAccessPage, provide_screen},
};
use crate::{
    address,
    document::Document,
    preferences::listen_to_choices,
    routes::{ScreenRoutes, ScreenView, Screens},
    shell,
    ui::link::InApp,
    visit::Visit,
    widgets::connection_notice::ConnectionNotice,
};

/// Mounts the app with these screens in `main`; `None` if the shell lacks required data.
pub(crate) fn mount(screens: Screens, main: HtmlElement) -> Option<()> {
    let shell: PortalShellData = shell::read()?;
    address::remove_trailing_slash();
    listen_to_choices();
    mount_to(main, move || view! { <Portal screens shell /> }).forget();
    Some(())
}

/// The whole app.
#[component]
fn Portal(screens: Screens, shell: PortalShellData) -> impl IntoView {
    provide_meta_context();
    provide_context(shell.branding);
    provide_context(InApp(screens.has));
    let (visit, project) = (Visit::begin(shell.me), shell.project);
    view! {
        <Document />
        <Router>
            <Frame screens visit project />
        </Router>
    }
}

/// The content of the router. The header is outside `main`, whose painted content must not be redrawn.
#[component]
fn Frame(screens: Screens, visit: Visit, project: Option<PortalProjectDetail>) -> impl IntoView {
    address::sync_address_bar();
    provide_screen(visit, project);
    shell::mount_header(move || view! { <Header visit /> });
    view! {
        <ConnectionNotice probe=move || visit.check() />
        <Show when=move || visit.has_access() fallback=|| view! { <NoAccessPage /> }>
            <FlatRoutes fallback=PortalPage>
                <ScreenRoutes screens=screens.all show=|screen| view! { <ScreenView screen /> }.into_any() />
            </FlatRoutes>
        </Show>
    }
}
