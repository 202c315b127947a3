//! `/clients/{id}`.

use doorstep_contract::{route::ClientRoute, uuid::Uuid};
use doorstep_locales::words::clients as words;
use leptos::prelude::*;

use super::{about, links};
use crate::{
    address::use_id,
    api::{clients as api, coming},
    pages::one::One,
    ui::part::{dynamic, nothing},
};

/// The page.
pub(crate) fn client_page() -> AnyView {
    let id = use_id();
    dynamic(move || id.get().map_or_else(nothing, client))
}

fn client(id: Uuid) -> AnyView {
    let load = move || coming(api::client(id));
    let draw = move |client| vec![about::about(id, client), links::links(id, client)];
    One::page((ClientRoute::Clients, words::TITLE), load, |client| client.name, draw)
}
