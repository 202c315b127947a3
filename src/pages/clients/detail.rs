//! `/clients/{id}`.

use doorstep_contract::{route::ClientRoute, uuid::Uuid};
use doorstep_locales::words::clients as words;
use leptos::prelude::*;

use super::{about, links};
use crate::{
    api::{clients as api, coming},
    pages::one::One,
};

/// The page.
pub(crate) fn client_page(id: Uuid) -> AnyView {
    let load = move || coming(api::client(id));
    let draw = move |client| vec![about::about(id, client), links::links(id, client)];
    One::page((ClientRoute::Clients, words::TITLE), load, |client| client.name, draw)
}
