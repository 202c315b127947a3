//! `/api/clients*`: the clients that projects are for. For operators only.

mod links;

use axum::{extract::State, http::Uri};
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
use crate::http::{
    query::parameter,
    routes::{Needs, Routes, Surface},
};

pub(super) fn routes() -> Routes {
    let one = format!("{CLIENTS}/{{id}}");
    let links = format!("{one}/{LINKS_OF_CLIENT}");
    Routes::of(Surface::Dashboard)
        .get(CLIENTS, Needs::OPERATOR, list)
        .post(CLIENTS, Needs::OPERATOR, create)
        .get(&one, Needs::OPERATOR, read)
        .patch(&one, Needs::OPERATOR, edit)
        .get(&links, Needs::OPERATOR, links::list)
        .post(&links, Needs::OPERATOR, links::create)
        .delete(&format!("{links}/{{link_id}}"), Needs::OPERATOR, links::revoke)
}

async fn list(State(state): State<AppState>, _: Operator, Paging(page): Paging, uri: Uri) -> Answer<List<Client>> {
    let words = parameter(&uri, "q")?.unwrap_or_default();
    Ok(Data(state.service.clients().list(&words, page).await?))
}

async fn create(
    State(state): State<AppState>,
    Acting(origin): Acting,
    Json(wanted): Json<ClientEdit>,
) -> Answer<Client> {
    Ok(Data(state.service.clients().create(&origin, wanted).await?))
}

async fn read(State(state): State<AppState>, _: Operator, PathId(id): PathId) -> Answer<Client> {
    Ok(Data(state.service.clients().find(&id).await?.to_wire()))
}

async fn edit(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathId(id): PathId,
    Json(wanted): Json<ClientEdit>,
) -> Answer<Client> {
    Ok(Data(state.service.clients().edit(&origin, &id, wanted).await?))
}
