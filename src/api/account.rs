//! The endpoints of the account pages, `/api/auth/*`.

use doorstep_contract::{
    account::{
        AccountEdit, EmailConfirmation, List, RecoveryCodes, SessionEntry, TotpDisable, TotpPending, TotpSetup,
        TrustedDeviceEntry,
    },
    envelope::Nothing,
    paths,
    sso::{AddIdentity, IdentityBegun, IdentityEntry},
};

use super::{ApiError, delete, get, post};

/// Changes display name, username, email or password.
pub(crate) async fn edit(edit: &AccountEdit) -> Result<Nothing, ApiError> {
    post(paths::ACCOUNT_EDIT, Some(edit)).await
}

/// Confirms a new email address with the token of the mail.
pub(crate) async fn confirm_email(confirmation: &EmailConfirmation) -> Result<Nothing, ApiError> {
    post(paths::CONFIRM_EMAIL, Some(confirmation)).await
}

/// Begins to turn two-factor authentication on: returns the secret.
pub(crate) async fn begin_totp() -> Result<TotpPending, ApiError> {
    post(paths::TOTP_SETUP, Some(&TotpSetup::default())).await
}

/// Turns two-factor authentication on, with a first code.
pub(crate) async fn confirm_totp(setup: &TotpSetup) -> Result<RecoveryCodes, ApiError> {
    post(paths::TOTP_SETUP, Some(setup)).await
}

/// Turns two-factor authentication off.
pub(crate) async fn disable_totp(disable: &TotpDisable) -> Result<Nothing, ApiError> {
    post(paths::TOTP_DISABLE, Some(disable)).await
}

/// Replaces the recovery codes.
pub(crate) async fn renew_recovery_codes() -> Result<RecoveryCodes, ApiError> {
    post(paths::TOTP_RECOVERY, None::<&Nothing>).await
}

/// The sessions of the account.
pub(crate) async fn sessions() -> Result<List<SessionEntry>, ApiError> {
    get(paths::SESSIONS).await
}

/// Ends a session.
pub(crate) async fn end_session(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::SESSIONS, "/", id].concat()).await
}

/// Ends all sessions but this one.
pub(crate) async fn end_other_sessions() -> Result<Nothing, ApiError> {
    delete(paths::OTHER_SESSIONS).await
}

/// The linked accounts of other identity providers.
pub(crate) async fn identities() -> Result<List<IdentityEntry>, ApiError> {
    get(paths::IDENTITIES).await
}

/// Begins to link an account of this provider.
pub(crate) async fn add_identity(provider: &str) -> Result<IdentityBegun, ApiError> {
    post(paths::IDENTITIES, Some(&AddIdentity { provider: provider.to_owned() })).await
}

/// Unlinks an account.
pub(crate) async fn remove_identity(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::IDENTITIES, "/", id].concat()).await
}

/// The browsers that skip the second factor.
pub(crate) async fn trusted_devices() -> Result<List<TrustedDeviceEntry>, ApiError> {
    get(paths::TRUSTED_DEVICES).await
}

/// Removes a trusted browser.
pub(crate) async fn end_trust(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::TRUSTED_DEVICES, "/", id].concat()).await
}
