//! `/api/auth/*`.

use doorstep_contract::{
    auth::{LoginRequest, Me, SignedIn},
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
