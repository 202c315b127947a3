//! `/clients/{id}`.

use doorstep_contract::{clients::Client, route::ClientRoute, uuid::Uuid};
use doorstep_locales::words::clients as words;
use leptos::prelude::*;

use super::{
    about::{Changing, ClientAbout, InactiveNotice},
    links::Links,
    projects::ClientProjects,
};
use crate::{
    address::use_id,
    api::{clients as api, coming},
    ui::page::Columns,
    widgets::{
        client_status::ClientMarks,
        one::{One, OnePage},
    },
};

/// The page.
#[component]
pub(crate) fn ClientPage() -> impl IntoView {
    let id = use_id();
    move || id.get().map(|id| view! { <OneClient id /> })
}

/// The page of a client.
#[component]
fn OneClient(id: Uuid) -> impl IntoView {
    let client = One::load(move || coming(api::client(id)));
    view! {
        <OnePage
            one=client
            list=ClientRoute::Clients
            of_list=words::TITLE
            all=words::ALL
            name=|client: Client| client.name
            mark=|client: Client| view! { <ClientMarks is_active=client.active is_preview=client.preview /> }.into_any()
        >
            <Parts id client />
        </OnePage>
    }
}

#[component]
fn Parts(id: Uuid, client: One<Client>) -> impl IntoView {
    let changing = Changing::of(id, client);
    view! {
        <InactiveNotice changing />
        <Columns aside=move || view! { <ClientAbout changing /> }>
            <Links id client />
            <ClientProjects id />
        </Columns>
    }
}
