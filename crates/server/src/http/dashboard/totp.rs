//! POST `/api/auth/totp/{setup,disable,recovery}`: two-factor authentication and recovery codes.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use doorstep_contract::{
    account::{RecoveryCodes, TotpDisable, TotpSetup},
    envelope::Nothing,
};

use super::{
    AppState,
    answer::{Answer, Data, Refusal},
    json::{EmptyBody, Json},
    reauth::renewed,
    session::{Context, SignedIn, SignedInOrTemporary},
};
use crate::{error::Error, service::sign_in::ReauthProof};

/// Both steps of the enrolment: without a code it returns a new secret; with secret and code it confirms them.
pub(super) async fn setup(
    State(state): State<AppState>,
    Context(context): Context,
    SignedIn(identity): SignedIn,
    Json(request): Json<TotpSetup>,
) -> Result<Response, Refusal> {
    let service = &state.service;
    let missing = |field: &str| Error::InvalidRequest(format!("`{field}` is missing"));
    match (&request.secret, &request.code) {
        (Some(secret), Some(code)) => {
            let codes = service.account().confirm_enrolment(&identity, secret, code, &context).await?;
            Ok(Data(codes).into_response())
        }
        (None, Some(_)) => Err(missing("secret").into()),
        (Some(_), None) => Err(missing("code").into()),
        (None, None) => {
            service.account().may_enrol(&identity)?;
            let token = if let Some(password) = &request.password {
                Some(service.sign_in().reauthenticate(&identity, ReauthProof::Password(password), &context).await?)
            } else {
                identity.require_fresh(service.now())?;
                None
            };
            let pending = service.account().start_enrolment(&identity).await?;
            Ok(renewed(&state, token.as_ref(), pending).into_response())
        }
    }
}

pub(super) async fn disable(
    State(state): State<AppState>,
    Context(context): Context,
    SignedInOrTemporary(identity): SignedInOrTemporary,
    Json(request): Json<TotpDisable>,
) -> Answer<Nothing> {
    state.service.account().disable_totp(&identity, request.code.as_ref(), &context).await?;
    Ok(Data(Nothing {}))
}

pub(super) async fn recovery(
    State(state): State<AppState>,
    Context(context): Context,
    SignedIn(identity): SignedIn,
    EmptyBody: EmptyBody,
) -> Answer<RecoveryCodes> {
    Ok(Data(state.service.account().renew_recovery_codes(&identity, &context).await?))
}
