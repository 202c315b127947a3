//! Clients and their magic links to the portal.

use doorstep_contract::{
    account::List,
    clients::{Client, ClientEdit, Link, LinkMade, NewLink},
    envelope::Nothing,
    paths::{CLIENTS, LINKS_OF_CLIENT},
    uuid::Uuid,
};

use super::{ApiError, delete, get, patch, post};

/// A page of the clients.
pub(crate) async fn clients(query: &str) -> Result<List<Client>, ApiError> {
    get(&[CLIENTS, "?", query].concat()).await
}

/// A client.
pub(crate) async fn client(id: Uuid) -> Result<Client, ApiError> {
    get(&one(id)).await
}

/// Creates a client.
pub(crate) async fn create(client: &ClientEdit) -> Result<Client, ApiError> {
    post(CLIENTS, Some(client)).await
}

/// Changes a client.
pub(crate) async fn edit(id: Uuid, edit: &ClientEdit) -> Result<Client, ApiError> {
    patch(&one(id), edit).await
}

/// A page of a client's magic links.
pub(crate) async fn links(id: Uuid, query: &str) -> Result<List<Link>, ApiError> {
    get(&[&links_of(id), "?", query].concat()).await
}

/// Creates a magic link. Only this answer has its address.
pub(crate) async fn make_link(id: Uuid, link: &NewLink) -> Result<LinkMade, ApiError> {
    post(&links_of(id), Some(link)).await
}

/// Revokes a magic link.
pub(crate) async fn revoke_link(id: Uuid, link_id: &str) -> Result<Nothing, ApiError> {
    delete(&[&links_of(id), "/", link_id].concat()).await
}

fn one(id: Uuid) -> String {
    [CLIENTS, "/", id.as_str()].concat()
}

fn links_of(id: Uuid) -> String {
    [&one(id), "/", LINKS_OF_CLIENT].concat()
}
