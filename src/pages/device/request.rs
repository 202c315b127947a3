//! The facts about a request, and who states them: the device itself, or the server.

use doorstep_contract::{account::Agent, device::DeviceRequest};
use doorstep_locales::{
    Word, fill,
    words::{device as words, requester},
};
use leptos::prelude::*;

use crate::{
    i18n::{t, t_with},
    ui::{
        badge::{Badge, Tone},
        time::{Day, Time},
    },
};

/// All facts about the request.
#[component]
pub(super) fn RequestFacts(request: DeviceRequest) -> impl IntoView {
    let system = system_of(&request.requester);
    view! {
        <dl class="request">
            <DeviceName label=request.device_label />
            <Row name=requester::ADDRESS>
                <bdi>{request.requester.ip}</bdi>
                {request.same_network.then(|| view! { <Badge word=words::SAME_NETWORK tone=Tone::Ok /> })}
            </Row>
            <Row name=words::SYSTEM>
                <bdi>{system}</bdi>
            </Row>
            <Row name=words::ASKED>
                <Time at=request.requested_at />
            </Row>
        </dl>
    }
}

/// The facts about an approved request: device, place, expiry.
#[component]
pub(super) fn ApprovedFacts(request: DeviceRequest) -> impl IntoView {
    view! {
        <dl class="request">
            <Row name=words::CLIENT>
                <bdi>{request.client_name}</bdi>
            </Row>
            <DeviceName label=request.device_label />
            <Row name=requester::ADDRESS>
                <bdi>{request.requester.ip}</bdi>
            </Row>
            <Row name=words::UNTIL>
                <Day at=request.access_expires_at />
            </Row>
        </dl>
    }
}

/// The name that the device reports.
#[component]
fn DeviceName(label: Option<String>) -> impl IntoView {
    label.map(|label| {
        view! {
            <Row name=words::LABEL>
                <bdi>{t_with(words::LABEL_QUOTED, "name", &label)}</bdi>
            </Row>
        }
    })
}

/// A term with its value.
#[component]
fn Row(name: Word, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{t(name)}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

/// Browser and system of the user agent.
fn system_of(agent: &Agent) -> String {
    match (&agent.browser, &agent.system) {
        (Some(browser), Some(system)) => fill(&t_with(requester::AGENT, "browser", browser), "system", system),
        (Some(known), None) | (None, Some(known)) => known.clone(),
        (None, None) => t(words::SYSTEM_UNKNOWN).to_owned(),
    }
}
