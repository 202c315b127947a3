//! What stands above every page of the portal: the installation, who looks, and the way out.

use doorstep_contract::{
    auth::Branding,
    portal::{PortalMe, Preview},
    route::ClientRoute,
};
use doorstep_locales::{Word, fill, words::portal as words};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

use crate::{
    api::ApiError,
    i18n::{t, t_with},
    problem::sentence,
    ui::{
        busy::busy_button,
        part::{alert, dynamic, nothing},
    },
    visit::Visit,
};

/// Nothing without access.
pub(super) fn header(visit: Visit, branding: Branding) -> AnyView {
    dynamic(move || visit.me().map_or_else(nothing, |me| look(visit, &branding, me)))
}

fn look(visit: Visit, branding: &Branding, me: PortalMe) -> AnyView {
    let Branding { name, logo, .. } = branding.clone();
    let problem = RwSignal::new(None);
    let client = me.client.name;
    let (banner, leave) = match me.preview {
        Some(preview) => (banner(&preview, &client, way_out(visit, words::EXIT, problem)), nothing()),
        None => (nothing(), way_out(visit, words::LEAVE, problem)),
    };
    view! {
        {banner}
        <header class="header">
            <A href=ClientRoute::Portal.path() exact=true attr:class="brand">
                {logo.map(|logo| view! { <img src=logo alt="" height="32" /> })}
                {name}
            </A>
            <div class="visitor">{client} {leave}</div>
        </header>
        {alert(move || problem.get().map(sentence))}
    }
    .into_any()
}

/// Stays on top, so that nobody takes what a client sees for their own.
fn banner(preview: &Preview, client: &str, exit: AnyView) -> AnyView {
    let text = fill(&t_with(words::PREVIEW_TEXT, "name", &preview.by), "client", client);
    view! {
        <aside class="preview" aria-label=t(words::PREVIEW)>
            <p>{text}</p>
            {exit}
        </aside>
    }
    .into_any()
}

/// The button that leaves. Why it could not be done is told below the header.
fn way_out(visit: Visit, label: Word, problem: RwSignal<Option<ApiError>>) -> AnyView {
    let busy = RwSignal::new(false);
    let leave = move || {
        busy.set(true);
        spawn_local(async move {
            let left = visit.leave().await;
            let _ = problem.try_set(left.err());
            let _ = busy.try_set(false);
        });
    };
    busy_button(label, busy.into(), leave)
}
