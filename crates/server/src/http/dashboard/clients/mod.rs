//! `/api/clients*`: whom projects are for. For operators alone.

mod links;

use axum::{
    Router,
    extract::State,
    http::Uri,
    routing::{delete, get},
};
use doorstep_contract::{
    account::List,
    clients::{Client, ClientEdit},
    paths::{CLIENTS, LINKS_OF_CLIENT},
};

use super::{
    AppState,
    answer::{Answer, Data},
    id::PathId,
    json::Json,
    paging::Paging,
    session::{Acting, Operator},
};
use crate::http::query::parameter;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(CLIENTS, get(list).post(create))
        .route(&format!("{CLIENTS}/{{id}}"), get(read).patch(edit))
        .route(&format!("{CLIENTS}/{{id}}/{LINKS_OF_CLIENT}"), get(links::list).post(links::create))
        .route(&format!("{CLIENTS}/{{id}}/{LINKS_OF_CLIENT}/{{link_id}}"), delete(links::revoke))
}

async fn list(State(state): State<AppState>, _: Operator, Paging(page): Paging, uri: Uri) -> Answer<List<Client>> {
    let words = parameter(&uri, "q")?.unwrap_or_default();
    Ok(Data(state.service.list_clients(&words, page).await?))
}

async fn create(
    State(state): State<AppState>,
    Acting { origin, .. }: Acting,
    Json(wanted): Json<ClientEdit>,
) -> Answer<Client> {
    Ok(Data(state.service.create_client(&origin, wanted).await?))
}

async fn read(State(state): State<AppState>, _: Operator, PathId(id): PathId) -> Answer<Client> {
    Ok(Data(state.service.find_client(&id).await?.to_wire()))
}

async fn edit(
    State(state): State<AppState>,
    Acting { origin, .. }: Acting,
    PathId(id): PathId,
    Json(wanted): Json<ClientEdit>,
) -> Answer<Client> {
    Ok(Data(state.service.edit_client(&origin, &id, wanted).await?))
}
