//! `/clients` and `/clients/{id}`: the clients of projects, and their magic links to the portal. For operators.

mod about;
mod detail;
mod links;
mod new;
mod projects;

use doorstep_contract::{clients::Client, route::ClientRoute};
use doorstep_locales::{
    Word,
    words::{clients as words, projects as project_words},
};
use leptos::prelude::*;

pub(crate) use self::detail::ClientPage;
use self::new::{FirstClient, NewClient};
use crate::{
    api::{clients as api, coming},
    i18n::t,
    session::Session,
    ui::{dialog::DialogState, link::Link, page::Page},
    widgets::{
        client_status::ClientMarks,
        list::{self, Changed, Filter, Found, List, PagedList},
    },
};

/// Clients per page of the list.
const LIMIT: u32 = 50;

/// The columns of the list.
const COLUMNS: &[Word] = &[project_words::NAME, project_words::STATUS, words::SLUG, project_words::CHANGED];

/// The page. Other users than operators see the refusal in place of the list.
#[component]
pub(crate) fn ClientsPage() -> impl IntoView {
    let is_operator = untrack(|| Session::expect().is_operator());
    let dialog = DialogState::new("new-client");
    let kind = list::Kind {
        name: "clients".to_owned(),
        class: "rows",
        filters: vec![Filter::search()],
        none: words::NONE,
        limit: LIMIT,
        in_address: true,
    };
    let list = PagedList::new(kind, |_, query| {
        coming(async move {
            let found = api::clients(&query.for_server()).await?;
            Ok(Found::new(found, |client: &Client| view! { <Row client=client.clone() /> })
                .in_table(words::TITLE, COLUMNS))
        })
    });
    view! {
        <Page title=t(words::TITLE) wide=true actions=move || is_operator.then(|| view! { <NewClient dialog /> })>
            <List list first=move || is_operator.then(|| view! { <FirstClient dialog /> }) />
        </Page>
    }
}

#[component]
fn Row(client: Client) -> impl IntoView {
    let Client { id, name, slug, active, preview, updated_at, .. } = client;
    view! {
        <tr role="row">
            <td role="cell">
                <Link href=address(&id)>{name}</Link>
            </td>
            <td role="cell">
                <ClientMarks is_active=active is_preview=preview />
            </td>
            <td role="cell">
                <code>{slug}</code>
            </td>
            <Changed at=updated_at />
        </tr>
    }
}

/// The address of a client's page.
pub(crate) fn address(id: &str) -> String {
    [ClientRoute::Clients.path(), "/", id].concat()
}
