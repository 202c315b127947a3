//! Signing in and out, `/api/auth/*`.

use doorstep_contract::{
    auth::{LoginRequest, Me, ReauthRequest, SetupRequest, SignedIn},
    envelope::Nothing,
    paths,
    secret::Secret,
    sso::{Challenge, LoggedOut},
};

use super::{ApiError, Method, exchange, exchange_keepalive, get, json, post, read};

/// The outcome of a sign-in that was not refused.
pub(crate) enum Login {
    /// The user is signed in: the session cookie is set.
    SignedIn(SignedIn),
    /// A second factor is required; the challenge identifies the pending sign-in.
    SecondStep(Secret),
}

/// Signs in.
pub(crate) async fn login(request: &LoginRequest) -> Result<Login, ApiError> {
    let answer = exchange(Method::Post, paths::LOGIN, Some(json::to_string(request))).await?;
    if let Some(challenge) = answer.error_data().and_then(|data| data.challenge) {
        return Ok(Login::SecondStep(challenge));
    }
    read(&answer.accept()?).map(Login::SignedIn)
}

/// The challenge of a single sign-on that waits for a second factor in this browser.
pub(crate) async fn challenge() -> Result<Challenge, ApiError> {
    get(paths::CHALLENGE).await
}

/// Verifies the signed-in user again.
pub(crate) async fn reauthenticate(request: &ReauthRequest) -> Result<Nothing, ApiError> {
    post(paths::REAUTH, Some(request)).await
}

/// Ends the session.
pub(crate) async fn logout() -> Result<LoggedOut, ApiError> {
    read(&exchange_keepalive(paths::LOGOUT).await?.accept()?)
}

/// The signed-in account and its session.
pub(crate) async fn me() -> Result<Me, ApiError> {
    get(paths::ME).await
}

/// Sets the password of the first account: signed in with the initial password, or without signing in where the server
/// allows it.
pub(crate) async fn set_up(request: &SetupRequest, signed_in: bool) -> Result<SignedIn, ApiError> {
    post(if signed_in { paths::SETUP_AUTHENTICATED } else { paths::SETUP }, Some(request)).await
}
