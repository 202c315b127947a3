//! GET `/auth`: the ways to sign in through other identity systems.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde_json::{Map, Value, json};

use crate::{domain::access::Mode, http::AppState, idp::Settings};

/// `?sessionOnly`: those alone whose sign-in gives programs a session cookie.
pub(super) async fn list(State(state): State<AppState>, RawQuery(query): RawQuery) -> Json<Value> {
    let query = query.unwrap_or_default();
    let session_only = query.split('&').any(|pair| pair.split('=').next() == Some("sessionOnly"));
    let providers: Vec<Map<String, Value>> = state
        .service
        .idp()
        .settings()
        .filter(|settings| !session_only || settings.mode == Some(Mode::Session))
        .map(Settings::to_wire)
        .map(|provider| {
            let mut entry = Map::new();
            entry.insert("name".to_owned(), provider.name.into());
            entry.insert("driver".to_owned(), provider.driver.into());
            entry.extend(provider.label.map(|label| ("label".to_owned(), label.into())));
            entry.extend(provider.icon.map(|icon| ("icon".to_owned(), icon.into())));
            entry
        })
        .collect();
    Json(json!({ "data": providers, "disableDefault": !state.service.policy().password_login }))
}
