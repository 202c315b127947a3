//! The portal's app: what stands around its pages. It has nothing of the dashboard, and asks for nothing that is not below
//! `/portal`.

mod header;

use doorstep_contract::{
    route::ClientRoute,
    shell::{PortalShellData, id},
};
use leptos::{mount::mount_to, prelude::*};
use web_sys::HtmlElement;

use crate::{
    pages::{connection_notice::connection_notice, portal::portal_page},
    router::{self, Router},
    shell,
    visit::Visit,
};

/// Mounts the app in `main`; `None` when the shell does not say what it needs.
pub(crate) fn mount(main: HtmlElement) -> Option<()> {
    let shell: PortalShellData = shell::read()?;
    router::settle_slash();
    mount_to(main, move || view(shell)).forget();
    Some(())
}

/// The whole app. The header is outside `main`, which holds what was painted and must not be drawn again.
fn view(shell: PortalShellData) -> AnyView {
    provide_context(shell.branding.clone());
    let visit = Visit::begin(shell.me);
    let router = Router::provide(ClientRoute::is_portal);
    if let Some(place) = shell::place(id::HEADER) {
        mount_to(place, move || header::header(visit, shell.branding)).forget();
    }
    let probe = Callback::new(move |()| visit.check());
    view! { {connection_notice(probe)} {portal_page(visit, router)} }.into_any()
}
