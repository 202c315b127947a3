//! GET `/auth`: the SSO providers.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use doorstep_contract::auth::Provider;

use crate::{domain::access::Mode, http::AppState, idp::Settings};

/// The identity providers, and whether password sign-in is disabled.
#[derive(Serialize, ToSchema)]
pub(super) struct Providers {
    data: Vec<Listed>,
    #[serde(rename = "disableDefault")]
    disable_default: bool,
}

/// An identity provider.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedProvider)]
struct Listed {
    name: String,
    driver: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    icon: Option<String>,
}

/// With `?sessionOnly`, only those providers whose sign-in sets a session cookie for programs.
pub(super) async fn list(State(state): State<AppState>, RawQuery(query): RawQuery) -> Json<Providers> {
    let query = query.unwrap_or_default();
    let session_only = query.split('&').any(|pair| pair.split('=').next() == Some("sessionOnly"));
    let data = state
        .service
        .providers()
        .settings()
        .filter(|settings| !session_only || settings.mode == Some(Mode::Session))
        .map(Settings::to_wire)
        .map(|Provider { name, driver, label, icon }| Listed { name, driver, label, icon })
        .collect();
    Json(Providers { data, disable_default: !state.service.policy().password_login })
}
