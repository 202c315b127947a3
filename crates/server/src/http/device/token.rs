//! POST `token` and `/oauth/token`: a device polls for its token (RFC 8628 §3.4).

use axum::{Json, extract::State};
use doorstep_contract::{auth::Timestamp, device::OAuthErrorCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AppState,
    answer::Answer,
    body::{Fields, required},
    subject::{Account, Workspace, Workspaces},
};
use crate::{
    domain::{device_token::Holder, session::wire_time},
    error::Error,
    http::client::Client,
};

/// The only grant type that this server supports.
pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Deserialize, ToSchema)]
#[schema(as = TokenRequest)]
pub(super) struct Request {
    grant_type: Option<String>,
    device_code: Option<String>,
    client_id: Option<String>,
}

/// The token response (RFC 6749 §5.1), with further fields that `difyctl` reads. Fields without a value are omitted.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedToken)]
pub(super) struct Issued {
    access_token: String,
    token: String,
    token_type: &'static str,
    expires_in: i64,
    expires_at: Timestamp,
    scope: &'static str,
    subject_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    subject_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    subject_issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account: Option<Account>,
    workspaces: Vec<Workspace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    default_workspace_id: Option<String>,
    token_id: String,
}

/// At the mounts of the device flow, where `grant_type` may be omitted.
pub(super) async fn create(
    State(state): State<AppState>,
    client: Client,
    Fields { fields, .. }: Fields<Request>,
) -> Answer<Issued> {
    issue(&state, client, fields).await
}

/// At the server's token endpoint (RFC 6749 §3.2), where `grant_type` is required.
pub(super) async fn create_by_grant_type(
    State(state): State<AppState>,
    client: Client,
    Fields { mut fields, .. }: Fields<Request>,
) -> Answer<Issued> {
    fields.grant_type = Some(required(fields.grant_type, "grant_type")?);
    issue(&state, client, fields).await
}

async fn issue(state: &AppState, Client(visitor): Client, request: Request) -> Answer<Issued> {
    if request.grant_type.is_some_and(|grant_type| !grant_type.is_empty() && grant_type != GRANT_TYPE) {
        return Err(Error::Device(OAuthErrorCode::UnsupportedGrantType).into());
    }
    let device_code = required(request.device_code, "device_code")?;
    let client_id = required(request.client_id, "client_id")?;
    let issued = state.service.devices().poll(&device_code, &client_id, visitor.address).await?;
    let authorization = issued.authorization;
    let (account, subject, workspaces) = match &authorization.holder {
        Holder::Account(account) => {
            (Some(Account::new(account)), None, state.service.projects().workspaces(account).await?)
        }
        Holder::External(external) => (None, Some(external.clone()), Workspaces::default()),
    };
    Ok(Json(Issued {
        access_token: issued.token.reveal().to_owned(),
        token: issued.token.reveal().to_owned(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        expires_at: wire_time(authorization.expires_at),
        scope: authorization.scope.as_str(),
        subject_type: authorization.holder.kind().as_str(),
        subject_email: subject.as_ref().map(|subject| subject.email.clone()),
        subject_issuer: subject.map(|subject| subject.issuer),
        account,
        workspaces: workspaces.all,
        default_workspace_id: workspaces.default,
        token_id: authorization.id.to_string(),
    }))
}
