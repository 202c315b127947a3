//! GET `/v1/me` and `/openapi/v1/account`: the account or SSO identity behind a device token.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AppState, answer::Answer, caller::Device};
use crate::domain::{self, device_token::Holder};

pub(super) use crate::service::projects::{Workspace, Workspaces};

/// The account of a device.
#[derive(Serialize, ToSchema)]
#[schema(as = DeviceAccount)]
pub(super) struct Account {
    id: String,
    email: String,
    name: String,
}

impl Account {
    pub(super) fn new(account: &domain::account::Account) -> Self {
        Self { id: account.id.to_string(), email: account.email.clone(), name: account.display_name().to_owned() }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeviceSubject)]
pub(super) struct Me {
    subject_type: &'static str,
    subject_email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    subject_issuer: Option<String>,
    /// Null for a user of an identity provider without an account.
    account: Option<Account>,
    workspaces: Vec<Workspace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    default_workspace_id: Option<String>,
}

pub(super) async fn read(State(state): State<AppState>, Device(device): Device) -> Answer<Me> {
    state.service.devices().count_use(&device).await?;
    let (account, issuer, workspaces) = match &device.holder {
        Holder::Account(account) => {
            (Some(Account::new(account)), None, state.service.projects().workspaces(account).await?)
        }
        Holder::External(external) => (None, Some(external.issuer.clone()), Workspaces::default()),
    };
    Ok(Json(Me {
        subject_type: device.holder.kind().as_str(),
        subject_email: device.holder.email().to_owned(),
        subject_issuer: issuer,
        account,
        workspaces: workspaces.all,
        default_workspace_id: workspaces.default,
    }))
}
