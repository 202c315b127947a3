//! Clients, and the magic links that let them into the portal.

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

/// One of them.
pub(crate) async fn client(id: Uuid) -> Result<Client, ApiError> {
    get(&one(id)).await
}

/// Makes one.
pub(crate) async fn create(client: &ClientEdit) -> Result<Client, ApiError> {
    post(CLIENTS, Some(client)).await
}

/// Changes one.
pub(crate) async fn edit(id: Uuid, edit: &ClientEdit) -> Result<Client, ApiError> {
    patch(&one(id), edit).await
}

/// A page of its magic links.
pub(crate) async fn links(id: Uuid, query: &str) -> Result<List<Link>, ApiError> {
    get(&[&links_of(id), "?", query].concat()).await
}

/// Makes one. Its address is in the answer, and nowhere else ever after.
pub(crate) async fn make_link(id: Uuid, link: &NewLink) -> Result<LinkMade, ApiError> {
    post(&links_of(id), Some(link)).await
}

/// Revokes one.
pub(crate) async fn revoke_link(id: Uuid, link_id: &str) -> Result<Nothing, ApiError> {
    delete(&[&links_of(id), "/", link_id].concat()).await
}

fn one(id: Uuid) -> String {
    [CLIENTS, "/", id.as_str()].concat()
}

fn links_of(id: Uuid) -> String {
    [&one(id), "/", LINKS_OF_CLIENT].concat()
}
