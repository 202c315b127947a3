//! `/clients` and `/clients/{id}`: whom projects are for, and the magic links that let them into the portal. For operators.

mod about;
mod detail;
mod links;
mod new;

use doorstep_contract::{clients::Client, route::ClientRoute};
use doorstep_locales::words::clients as words;
use leptos::prelude::*;

pub(crate) use self::detail::client_page;
use super::list::{self, Filter, Found, PagedList};
use crate::{
    api::{clients as api, coming},
    i18n::{date_time, t},
    session::Session,
    ui::part::{badge, block, link_to, page, text},
};

/// So many are on a page of the list.
const LIMIT: u32 = 50;

/// The list.
pub(crate) fn clients_page() -> AnyView {
    let kind = list::Kind {
        name: "clients".to_owned(),
        class: "rows",
        filters: vec![Filter::search()],
        none: words::NONE,
        limit: LIMIT,
        in_address: true,
    };
    let list = PagedList::new(kind, |_, query| {
        coming(async move { Ok(Found::new(api::clients(&query.for_server()).await?, row)) })
    });
    let mut parts = Vec::new();
    // Whoever is not gets a refusal in place of the list.
    if untrack(|| Session::expect().is_operator()) {
        parts.push(new::new_client());
    }
    parts.push(list.view());
    page(|| t(words::TITLE).to_owned(), parts)
}

fn row(client: &Client) -> AnyView {
    let name = link_to("", address(&client.id), client.name.clone());
    block(
        "li",
        "",
        vec![
            name,
            block("span", "", marks(client)),
            block("span", "", vec![text(client.slug.clone())]),
            block("span", "", vec![text(date_time(&client.updated_at))]),
        ],
    )
}

/// The page of a client.
pub(crate) fn address(id: &str) -> String {
    [ClientRoute::Clients.path(), "/", id].concat()
}

/// What sets a client apart from the others.
pub(crate) fn marks(client: &Client) -> Vec<AnyView> {
    let inactive = (!client.active).then(|| badge("badge alerting", words::INACTIVE));
    let preview = client.preview.then(|| badge("badge", words::PREVIEW));
    inactive.into_iter().chain(preview).collect()
}
