//! The account pages' part of `/api/auth/*`.

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

/// Changes name, email or password.
pub(crate) async fn edit(edit: &AccountEdit) -> Result<Nothing, ApiError> {
    post(paths::ACCOUNT_EDIT, Some(edit)).await
}

/// Hands in the token of the mail.
pub(crate) async fn confirm_email(confirmation: &EmailConfirmation) -> Result<Nothing, ApiError> {
    post(paths::CONFIRM_EMAIL, Some(confirmation)).await
}

/// Begins to turn one-time codes on.
pub(crate) async fn begin_totp() -> Result<TotpPending, ApiError> {
    post(paths::TOTP_SETUP, Some(&TotpSetup::default())).await
}

/// Turns one-time codes on.
pub(crate) async fn confirm_totp(setup: &TotpSetup) -> Result<RecoveryCodes, ApiError> {
    post(paths::TOTP_SETUP, Some(setup)).await
}

/// Turns one-time codes off.
pub(crate) async fn disable_totp(disable: &TotpDisable) -> Result<Nothing, ApiError> {
    post(paths::TOTP_DISABLE, Some(disable)).await
}

/// New recovery codes, in place of the old ones.
pub(crate) async fn renew_recovery_codes() -> Result<RecoveryCodes, ApiError> {
    post(paths::TOTP_RECOVERY, None::<&Nothing>).await
}

/// The browsers that are signed in.
pub(crate) async fn sessions() -> Result<List<SessionEntry>, ApiError> {
    get(paths::SESSIONS).await
}

/// Signs one of them out.
pub(crate) async fn end_session(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::SESSIONS, "/", id].concat()).await
}

/// Signs all of them out but this one.
pub(crate) async fn end_other_sessions() -> Result<Nothing, ApiError> {
    delete(paths::OTHER_SESSIONS).await
}

/// The identities of other systems that open the account.
pub(crate) async fn identities() -> Result<List<IdentityEntry>, ApiError> {
    get(paths::IDENTITIES).await
}

/// Begins to add one, which the provider of this name knows.
pub(crate) async fn add_identity(provider: &str) -> Result<IdentityBegun, ApiError> {
    post(paths::IDENTITIES, Some(&AddIdentity { provider: provider.to_owned() })).await
}

/// Removes one of them.
pub(crate) async fn remove_identity(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::IDENTITIES, "/", id].concat()).await
}

/// The browsers that are not asked for a one-time code.
pub(crate) async fn trusted_devices() -> Result<List<TrustedDeviceEntry>, ApiError> {
    get(paths::TRUSTED_DEVICES).await
}

/// Trusts one of them no more.
pub(crate) async fn end_trust(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::TRUSTED_DEVICES, "/", id].concat()).await
}
