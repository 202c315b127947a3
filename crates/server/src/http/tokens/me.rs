//! GET `/users/me`: the account of an access token.

use axum::extract::{Query, State, rejection::QueryRejection};
use doorstep_contract::auth::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{
    answer::{Answer, Data},
    caller::Caller,
};
use crate::{domain::account::Account, error::Error, http::AppState};

#[derive(Deserialize)]
pub(super) struct Wanted {
    /// Which fields, with commas between them; all when absent.
    fields: Option<String>,
}

pub(super) async fn read(
    State(state): State<AppState>,
    caller: Caller,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer<Map<String, Value>> {
    let Query(wanted) = wanted.map_err(|_| Error::InvalidRequest("the query can't be read".to_owned()))?;
    let identity = caller.identify(&state).await?;
    let provider = state.service.sso().provider_of(&identity.account).await?;
    let mut fields = fields(&identity.account, &provider);
    if let Some(wanted) = wanted.fields {
        // Nested fields are not supported: only the first segment counts; `*` selects all.
        let wanted: Vec<&str> = wanted.split(',').filter_map(|field| field.trim().split('.').next()).collect();
        if !wanted.contains(&"*") {
            fields.retain(|field, _| wanted.contains(&field.as_str()));
        }
    }
    Ok(Data(fields))
}

/// The account under the field names of Directus.
#[derive(Serialize, ToSchema)]
pub(super) struct User<'a> {
    id: &'a str,
    email: &'a str,
    username: &'a str,
    name: &'a str,
    first_name: &'a str,
    last_name: Option<&'a str>,
    role: Role,
    status: &'a str,
    provider: &'a str,
    language: Option<&'a str>,
    /// Whether two-factor authentication is on; never the secret itself.
    tfa_secret: Option<&'a str>,
}

fn fields(account: &Account, provider: &str) -> Map<String, Value> {
    let user = User {
        id: account.id.as_str(),
        email: &account.email,
        username: &account.username,
        name: &account.name,
        first_name: &account.name,
        last_name: None,
        role: account.role,
        status: account.status.as_str(),
        provider,
        language: account.language.map(doorstep_locales::Language::tag),
        tfa_secret: account.totp_enabled.then_some("**********"),
    };
    match json!(user) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
