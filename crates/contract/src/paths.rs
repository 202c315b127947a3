//! The paths of the dashboard, the device surface and the portal. The server mounts them and the app calls them; no
//! other code spells them.

/// GET: what the sign-in page needs.
pub const SETUP_STATUS: &str = "/api/auth/setup-status";
/// POST: signs in.
pub const LOGIN: &str = "/api/auth/login";
/// POST: ends the session of the request, if there is one.
pub const LOGOUT: &str = "/api/auth/logout";
/// GET: the signed-in account and its session.
pub const ME: &str = "/api/auth/me";
/// POST: sets the password of the first account without signing in; on loopback only.
pub const SETUP: &str = "/api/auth/setup";
/// POST: replaces a password that must be changed.
pub const SETUP_AUTHENTICATED: &str = "/api/auth/setup-authenticated";
/// POST: re-authentication.
pub const REAUTH: &str = "/api/auth/reauth";

/// POST: changes display name, username, email or password.
pub const ACCOUNT_EDIT: &str = "/api/auth/account/edit";
/// POST: confirms a new email address.
pub const CONFIRM_EMAIL: &str = "/api/auth/account/confirm-email";
/// Precedes the token in the fragment of the account page's URL; the link in the mail to a new email address.
pub const CONFIRM_EMAIL_FRAGMENT: &str = "confirm-email=";
/// GET: the page that asks whether to restore an email address that was changed; the link in the mail to the former
/// address. POST: restores it.
pub const REVERT_EMAIL: &str = "/revert-email";
/// The query parameter and the form field for its token.
pub const REVERT_TOKEN_PARAMETER: &str = "token";
/// POST: turns two-factor authentication on, in two steps.
pub const TOTP_SETUP: &str = "/api/auth/totp/setup";
/// POST: turns two-factor authentication off.
pub const TOTP_DISABLE: &str = "/api/auth/totp/disable";
/// POST: replaces the recovery codes.
pub const TOTP_RECOVERY: &str = "/api/auth/totp/recovery";
/// GET: the sessions of the account. DELETE, below it with an id: ends one.
pub const SESSIONS: &str = "/api/auth/sessions";
/// DELETE: ends all sessions but the current one.
pub const OTHER_SESSIONS: &str = "/api/auth/sessions/others";
/// GET: the browsers that skip the second factor. DELETE, below it with an id: removes one.
pub const TRUSTED_DEVICES: &str = "/api/auth/trusted-devices";

/// GET: the authorized devices of the account. DELETE, below it with an id: revokes one.
pub const DEVICES: &str = "/api/auth/devices";
/// DELETE: revokes all devices.
pub const ALL_DEVICES: &str = "/api/auth/devices/all";

/// The mounts of the device surface; the app uses the first. The second is for programs that expect it there.
pub const DEVICE_MOUNTS: [&str; 2] = ["/v1/oauth/device", "/openapi/v1/oauth/device"];
/// GET `?user_code=`: whether the request of a user code is pending.
pub const DEVICE_LOOKUP: &str = "/v1/oauth/device/lookup";
/// GET `?user_code=`: the request, to be shown before the decision.
pub const DEVICE_CONTEXT: &str = "/console/api/oauth/device/context";
/// POST: approves a device.
pub const DEVICE_APPROVE: &str = "/console/api/oauth/device/approve";
/// POST: denies a device.
pub const DEVICE_DENY: &str = "/console/api/oauth/device/deny";
/// GET `?user_code=`, a navigation: begins single sign-on.
pub const DEVICE_SSO_INITIATE: &str = "/v1/oauth/device/sso-initiate";
/// GET: the identity from single sign-on, and the request to decide about.
pub const DEVICE_APPROVAL_CONTEXT: &str = "/v1/oauth/device/approval-context";
/// POST: approves a device as that identity.
pub const DEVICE_APPROVE_EXTERNAL: &str = "/v1/oauth/device/approve-external";
/// POST: denies a device as that identity.
pub const DEVICE_DENY_EXTERNAL: &str = "/v1/oauth/device/deny-external";
/// GET: the linked accounts. POST: begins to link one. DELETE, below it with an id: unlinks one.
pub const IDENTITIES: &str = "/api/auth/identities";
/// GET: the challenge of a single sign-on that waits for a second factor in this browser.
pub const CHALLENGE: &str = "/api/auth/challenge";

/// The token surface. GET: the identity providers for single sign-on.
pub const TOKENS: &str = "/auth";
/// POST: requests a mail to reset a password.
pub const PASSWORD_REQUEST: &str = "/auth/password/request";
/// POST: sets a new password with the token of that mail.
pub const PASSWORD_RESET: &str = "/auth/password/reset";
/// The page that the link in that mail opens.
pub const RESET_PASSWORD_PAGE: &str = "/reset-password";
/// The query parameter for its token.
pub const RESET_TOKEN_PARAMETER: &str = "token";
/// The parameter in the fragment of its URL for the username.
pub const RESET_USERNAME_PARAMETER: &str = "username";
/// GET, below it with a provider's name: begins single sign-on, which returns to `callback` below that.
pub const PROVIDER_LOGIN: &str = "/auth/login";

/// The path that begins single sign-on with a provider. Its name consists of letters, digits, `-` and `_`.
#[must_use]
pub fn provider_login(provider: &str) -> String {
    [PROVIDER_LOGIN, "/", provider].concat()
}

/// GET `?q=`, `status=`, `client=` (for operators), `page=`, `limit=`: the projects. POST: creates one. GET, PATCH,
/// below it with an id: one project.
pub const PROJECTS: &str = "/api/projects";
/// GET `?q=`, `page=`, `limit=`: the clients. POST: creates one. GET, PATCH, below it with an id: one client.
pub const CLIENTS: &str = "/api/clients";
/// GET: the audit log.
pub const AUDIT: &str = "/api/audit";
/// GET: the titles of all events.
pub const AUDIT_EVENTS: &str = "/api/audit/events";

/// Paths below a project.
pub mod of_project {
    /// GET: the updates of the project. POST: adds one. PATCH, DELETE, below it with an id: changes, deletes one.
    pub const UPDATES: &str = "updates";
    /// GET: the members of the project. POST: adds one. DELETE, below it with an account's id: removes one.
    pub const MEMBERS: &str = "members";
    /// POST: begins a preview of the portal. GET, below [`PREVIEWED`](super::PREVIEWED): the same, as a navigation.
    pub const PREVIEW: &str = "portal-preview";
}

/// The path below a client. GET: its magic links. POST: creates one. DELETE, below it with an id: revokes one.
pub const LINKS_OF_CLIENT: &str = "links";

/// The page of a project; below it, the navigation that begins a preview.
pub const PREVIEWED: &str = "/projects";

/// The portal. Everything that its pages need is below it, for a proxy that exposes nothing else.
pub const PORTAL: &str = "/portal";
/// The portal's start page right after an access link was opened. Without a session there, the browser has not kept the
/// cookie.
pub const PORTAL_ENTERED: &str = "/portal?entered";
/// GET, below it with the secret of a magic link: begins a visit.
pub const PORTAL_ENTER: &str = "/portal/enter";
/// GET: the client of the visit.
pub const PORTAL_ME: &str = "/portal/api/me";
/// GET: its projects. GET, below it with an id: one project.
pub const PORTAL_PROJECTS: &str = "/portal/api/projects";
/// POST: ends the visit.
pub const PORTAL_LEAVE: &str = "/portal/api/leave";
/// The same files as below [`ASSETS`].
pub const PORTAL_ASSETS: &str = "/portal/assets/";

/// The prefix of all hashed, immutable files of the app.
pub const ASSETS: &str = "/assets/";
