//! Requests and answers of the account pages, below `/api/auth/`.

use crate::{
    auth::{BeganWith, Timestamp},
    secret::Secret,
};

/// POST `account/edit`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountEdit {
    /// The password that is in force: a fresh proof.
    pub password: Option<Secret>,
    /// A new one.
    pub new_password: Option<Secret>,
    /// The same again.
    pub confirm_password: Option<Secret>,
    /// A new user name.
    pub new_username: Option<String>,
    /// A new email. It waits until the mail that is sent to it is answered ([`EmailConfirmation`]).
    pub new_email: Option<String>,
    /// What to call the person from now on; empty for nothing.
    pub new_name: Option<String>,
}

/// POST `account/confirm-email`: the person has received the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailConfirmation {
    /// The token from the mail's link.
    pub token: Secret,
}

/// POST `totp/setup`: without a code it starts, with secret and code it confirms.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetup {
    /// The password: a fresh proof.
    pub password: Option<Secret>,
    /// The secret that was handed out.
    pub secret: Option<Secret>,
    /// A code made from it.
    pub code: Option<Secret>,
}

/// The answer of `totp/setup` that starts: good for 10 minutes, in this session.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpPending {
    /// 160 bits in base32 (RFC 4648 §6) without padding, to be typed.
    pub secret: Secret,
    /// The same as an `otpauth://totp/` URL.
    pub otpauth_url: Secret,
    /// That URL, to be scanned.
    pub qr: QrCode,
}

/// A QR code (ISO/IEC 18004), drawn by the server: a library for it would be a tenth of the app.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QrCode {
    /// How many modules a side has, with the quiet zone of four around it.
    pub side: u32,
    /// The dark modules as SVG path data, a unit a module.
    pub path: Secret,
}

/// POST `totp/disable`. A temporary session sends no code.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpDisable {
    /// A one-time code, or a recovery code.
    pub code: Option<Secret>,
}

/// The answer of `totp/setup` that confirms, and of `totp/recovery`: shown once, stored as hashes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten codes, each for one sign-in.
    pub recovery_codes: Vec<Secret>,
}

/// A list, or a page of one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct List<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: u32,
    /// Which page, from 1.
    pub page: u32,
    /// How many fit on a page.
    pub limit: u32,
}

impl<T> List<T> {
    /// A list that is all on one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
        Self { items, total, page: 1, limit: total.max(1) }
    }

    /// The same page with something else in place of each item.
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
    /// Names it; opens nothing.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// How its person proved who they are.
    pub began_with: BeganWith,
    /// Whether it is the short session of a temporary token.
    pub temporary: bool,
    /// Whether a program has it, by the tokens of its own sign-in, and no browser.
    pub program: bool,
    /// What it was opened with.
    pub agent: Agent,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends if it is not used from now on.
    pub expires_at: Timestamp,
}

/// DELETE `sessions/others`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ended {
    /// How many sessions have ended.
    pub ended: u32,
}

/// GET `trusted-devices`: a browser that is not asked for a one-time code.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrustedDeviceEntry {
    /// Names it; opens nothing.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What it is.
    pub agent: Agent,
    /// Since when it is trusted.
    pub created_at: Timestamp,
    /// When that last saved its person the code.
    pub last_used_at: Timestamp,
    /// Until when it is trusted.
    pub expires_at: Timestamp,
}

/// A browser as it presents itself, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// `Firefox`, `Chrome`, …; null when it can't be told.
    pub browser: Option<String>,
    /// `Linux`, `Windows`, …; null when it can't be told.
    pub system: Option<String>,
    /// The client's address.
    pub ip: String,
}
