//! Requests and answers of the account pages, below `/api/auth/`.

use crate::{
    auth::{BeganWith, Timestamp},
    secret::Secret,
};

/// POST `account/edit`: fields that are absent stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountEdit {
    /// The current password, as re-authentication.
    pub password: Option<Secret>,
    /// The new password.
    pub new_password: Option<Secret>,
    /// The new password, repeated.
    pub confirm_password: Option<Secret>,
    /// The new username.
    pub new_username: Option<String>,
    /// The new email address. It is pending until the mail to it is confirmed ([`EmailConfirmation`]).
    pub new_email: Option<String>,
    /// The new display name; empty to remove it.
    pub new_name: Option<String>,
}

/// POST `account/confirm-email`: confirms a new email address.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailConfirmation {
    /// The token of the mail's link.
    pub token: Secret,
}

/// POST `totp/setup`: starts without a code, confirms with secret and code.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetup {
    /// The password, as re-authentication.
    pub password: Option<Secret>,
    /// The secret of [`TotpPending`].
    pub secret: Option<Secret>,
    /// A current code for the secret.
    pub code: Option<Secret>,
}

/// The answer of `totp/setup` when it starts. Valid for 10 minutes, in this session.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpPending {
    /// 160 bits in base32 (RFC 4648 §6) without padding.
    pub secret: Secret,
    /// The secret as an `otpauth://totp/` URL.
    pub otpauth_url: Secret,
    /// That URL as a QR code.
    pub qr: QrCode,
}

/// A QR code (ISO/IEC 18004). The server draws it: a library would be a tenth of the app.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QrCode {
    /// The number of modules per side, with a quiet zone of four modules.
    pub side: u32,
    /// The dark modules as SVG path data, one unit per module.
    pub path: Secret,
}

/// POST `totp/disable`. A temporary session sends no code.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpDisable {
    /// A verification code or a recovery code.
    pub code: Option<Secret>,
}

/// The answer of `totp/setup` when it confirms, and of `totp/recovery`. Shown once, stored as hashes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten codes, each valid for one sign-in.
    pub recovery_codes: Vec<Secret>,
}

/// A list, or a page of one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The number of items on all pages.
    pub total: u32,
    /// The page, from 1.
    pub page: u32,
    /// The number of items per page.
    pub limit: u32,
}

impl<T> List<T> {
    /// A list with one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
        Self { items, total, page: 1, limit: total.max(1) }
    }

    /// Maps the items.
    #[must_use]
    pub fn map<U>(self, of: impl FnMut(T) -> U) -> List<U> {
        let Self { items, total, page, limit } = self;
        List { items: items.into_iter().map(of).collect(), total, page, limit }
    }
}

/// GET `sessions`: a browser session of the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEntry {
    /// Identifies the session; it is not a secret.
    pub id: String,
    /// Whether it is the session of the request.
    pub current: bool,
    /// How the user signed in.
    pub began_with: BeganWith,
    /// Whether it is the short session of a temporary token.
    pub temporary: bool,
    /// Whether it belongs to a program that signed in for tokens, not to a browser.
    pub program: bool,
    /// The browser and system that signed in.
    pub agent: Agent,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it expires if it is not used any more.
    pub expires_at: Timestamp,
}

/// DELETE `sessions/others`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ended {
    /// The number of sessions that were ended.
    pub ended: u32,
}

/// GET `trusted-devices`: a browser that skips the second factor.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrustedDeviceEntry {
    /// Identifies the browser; it is not a secret.
    pub id: String,
    /// Whether it is the browser of the request.
    pub current: bool,
    /// The browser and system.
    pub agent: Agent,
    /// When it was trusted.
    pub created_at: Timestamp,
    /// When it last skipped the second factor.
    pub last_used_at: Timestamp,
    /// When the trust expires.
    pub expires_at: Timestamp,
}

/// The user agent and address of a client.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// `Firefox`, `Chrome`, …; null if unknown.
    pub browser: Option<String>,
    /// `Linux`, `Windows`, …; null if unknown.
    pub system: Option<String>,
    /// The client's IP address.
    pub ip: String,
}
