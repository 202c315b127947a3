//! `/clients/{id}`.

use doorstep_contract::{clients::Client, route::ClientRoute, uuid::Uuid};
use doorstep_locales::words::clients as words;
use leptos::prelude::*;

use super::{about::ClientAbout, links::Links};
use crate::{
    address::use_id,
    api::{clients as api, coming},
    widgets::one::{One, OnePage},
};

/// The page.
#[component]
pub(crate) fn ClientPage() -> impl IntoView {
    let id = use_id();
    move || id.get().map(|id| view! { <OneClient id /> })
}

/// The page of this client.
#[component]
fn OneClient(id: Uuid) -> impl IntoView {
    let client = One::load(move || coming(api::client(id)));
    view! {
        <OnePage
            one=client
            list=ClientRoute::Clients
            of_list=words::TITLE
            name=|client: Client| client.name
        >
            <ClientAbout id client />
            <Links id client />
        </OnePage>
    }
}
