//! `/api/auth/*`.

use doorstep_contract::{
    auth::{LoginRequest, Me, SetupRequest, SignedIn},
    envelope::Nothing,
    paths,
};

use super::{ApiError, get, post};

/// Signs in; the session comes as a cookie.
pub(crate) async fn login(request: &LoginRequest) -> Result<SignedIn, ApiError> {
    post(paths::LOGIN, Some(request)).await
}

/// Ends the session.
pub(crate) async fn logout() -> Result<Nothing, ApiError> {
    post(paths::LOGOUT, None::<&Nothing>).await
}

/// Who is signed in.
pub(crate) async fn me() -> Result<Me, ApiError> {
    get(paths::ME).await
}

/// Chooses the password of the first account: signed in with the one of the first start, or without signing in where
/// the server allows it.
pub(crate) async fn set_up(request: &SetupRequest, signed_in: bool) -> Result<SignedIn, ApiError> {
    post(if signed_in { paths::SETUP_AUTHENTICATED } else { paths::SETUP }, Some(request)).await
}
