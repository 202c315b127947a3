//! The header of the portal: the installation, the client, and the button to leave.

use std::time::Duration;

use doorstep_contract::{
    auth::Timestamp,
    portal::{PortalMe, Preview},
    route::ClientRoute,
};
use doorstep_locales::{Word, words::portal as words};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    i18n::{t, t_count, t_with},
    ui::{brand::Brand, button::Button, clock::Deadline, live::Alert},
    visit::Visit,
    widgets::press::Press,
};

/// The header; nothing without access.
#[component]
pub(super) fn Header(visit: Visit) -> impl IntoView {
    view! { {move || visit.me().map(|me| view! { <VisitorHeader visit me /> })} }
}

/// The header of a client's visit; with a banner above it in a preview.
#[component]
fn VisitorHeader(visit: Visit, me: PortalMe) -> impl IntoView {
    let press = Press::new();
    let client = me.client.name;
    let is_visitor = me.preview.is_none();
    let banner = me.preview.map(|preview| view! { <PreviewBanner visit press preview client=client.clone() /> });
    view! {
        {banner}
        <header class="header">
            <A href=ClientRoute::Portal.path() exact=true attr:class="brand">
                <Brand />
            </A>
            <div class="visitor">
                <bdi class="visitor-name" title=client.clone()>
                    {client.clone()}
                </bdi>
                {is_visitor.then(|| view! { <LeaveButton visit press label=words::LEAVE /> })}
            </div>
        </header>
        <Alert error=press.error() />
    }
}

/// The interval at which the remaining time is updated.
const UPDATE_INTERVAL: Duration = Duration::from_secs(20);

/// Whole minutes until a time, rounded up; 0 if it is past.
fn minutes_until(time: &Timestamp) -> u32 {
    Deadline::at(time).seconds_left().div_ceil(60)
}

/// Stays visible, so that an operator does not mistake the portal for their own page.
#[component]
fn PreviewBanner(visit: Visit, press: Press, preview: Preview, client: String) -> impl IntoView {
    let text = t_with(words::PREVIEW_TEXT, "client", &client);
    let minutes = RwSignal::new(minutes_until(&preview.expires_at));
    let tick = set_interval_with_handle(move || minutes.set(minutes_until(&preview.expires_at)), UPDATE_INTERVAL).ok();
    on_cleanup(move || {
        if let Some(tick) = tick {
            tick.clear();
        }
    });
    view! {
        <aside class="preview" aria-label=t(words::PREVIEW)>
            <p>
                {text} " "
                <span class="left">{move || t_count(words::LEFT, minutes.get())}</span>
            </p>
            <LeaveButton visit press label=words::EXIT />
        </aside>
    }
}

/// The button that ends the visit. An error is shown below the header.
#[component]
fn LeaveButton(visit: Visit, press: Press, label: Word) -> impl IntoView {
    view! {
        <Button small=true busy=press.busy() on_press=move || press.run(async move || visit.leave().await)>
            {t(label)}
        </Button>
    }
}
