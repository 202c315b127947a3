//! The paths of the dashboard, the device surface and the portal. The server mounts them, the app calls them; nobody else spells them.

/// GET: what a person needs to know before signing in.
pub const SETUP_STATUS: &str = "/api/auth/setup-status";
/// POST: signs in.
pub const LOGIN: &str = "/api/auth/login";
/// POST: ends the session of the request; without one it answers the same.
pub const LOGOUT: &str = "/api/auth/logout";
/// GET: who is signed in.
pub const ME: &str = "/api/auth/me";
/// POST: chooses the password of the first account, without signing in before; on loopback alone.
pub const SETUP: &str = "/api/auth/setup";
/// POST: chooses a new password in place of one that must not stay.
pub const SETUP_AUTHENTICATED: &str = "/api/auth/setup-authenticated";
/// POST: proves again who is signed in.
pub const REAUTH: &str = "/api/auth/reauth";

/// POST: changes name, email or password.
pub const ACCOUNT_EDIT: &str = "/api/auth/account/edit";
/// POST: the new email is the person's own.
pub const CONFIRM_EMAIL: &str = "/api/auth/account/confirm-email";
/// In front of the token, in the fragment of the account page's address: the link in the mail to a new email.
pub const CONFIRM_EMAIL_FRAGMENT: &str = "confirm-email=";
/// GET, a page: whether an email that was changed is to be restored; the link in the mail to it. POST: restores it.
pub const REVERT_EMAIL: &str = "/revert-email";
/// The query parameter, and the field of the form, that carry the token there.
pub const REVERT_TOKEN_PARAMETER: &str = "token";
/// POST: turns one-time codes on, in two steps.
pub const TOTP_SETUP: &str = "/api/auth/totp/setup";
/// POST: turns them off.
pub const TOTP_DISABLE: &str = "/api/auth/totp/disable";
/// POST: makes new recovery codes.
pub const TOTP_RECOVERY: &str = "/api/auth/totp/recovery";
/// GET: the browser sessions of the account. DELETE below it: ends one, by its id.
pub const SESSIONS: &str = "/api/auth/sessions";
/// DELETE: ends all sessions but the one that asks.
pub const OTHER_SESSIONS: &str = "/api/auth/sessions/others";
/// GET: the browsers that are not asked for a one-time code. DELETE below it: trusts one no more, by its id.
pub const TRUSTED_DEVICES: &str = "/api/auth/trusted-devices";

/// GET: the devices that the account has let in. DELETE below it: revokes one, by its id.
pub const DEVICES: &str = "/api/auth/devices";
/// DELETE: revokes all of them.
pub const ALL_DEVICES: &str = "/api/auth/devices/all";

/// Where the device surface is mounted; the app uses the first. The second is for programs that know it by that path.
pub const DEVICE_MOUNTS: [&str; 2] = ["/v1/oauth/device", "/openapi/v1/oauth/device"];
/// GET `?user_code=`: whether a user code waits for an answer.
pub const DEVICE_LOOKUP: &str = "/v1/oauth/device/lookup";
/// GET `?user_code=`: what a person needs to know before they decide.
pub const DEVICE_CONTEXT: &str = "/console/api/oauth/device/context";
/// POST: lets a device in.
pub const DEVICE_APPROVE: &str = "/console/api/oauth/device/approve";
/// POST: does not.
pub const DEVICE_DENY: &str = "/console/api/oauth/device/deny";
/// GET `?user_code=`, a navigation: to another identity system and back.
pub const DEVICE_SSO_INITIATE: &str = "/v1/oauth/device/sso-initiate";
/// GET: who came back from there, and for which device.
pub const DEVICE_APPROVAL_CONTEXT: &str = "/v1/oauth/device/approval-context";
/// POST: they let the device in.
pub const DEVICE_APPROVE_EXTERNAL: &str = "/v1/oauth/device/approve-external";
/// POST: they do not.
pub const DEVICE_DENY_EXTERNAL: &str = "/v1/oauth/device/deny-external";
/// GET: the identities of other systems that open the account. POST: adds one. DELETE below it: removes one, by its id.
pub const IDENTITIES: &str = "/api/auth/identities";
/// GET: the sign-in through another identity system that waits for a one-time code in this browser.
pub const CHALLENGE: &str = "/api/auth/challenge";

/// The token surface. GET: the ways to sign in through other identity systems.
pub const TOKENS: &str = "/auth";
/// POST: asks for a mail that resets a password.
pub const PASSWORD_REQUEST: &str = "/auth/password/request";
/// POST: chooses a new password, with the token of that mail.
pub const PASSWORD_RESET: &str = "/auth/password/reset";
/// The page that the link in that mail leads to.
pub const RESET_PASSWORD_PAGE: &str = "/reset-password";
/// The query parameter that carries the token there.
pub const RESET_TOKEN_PARAMETER: &str = "token";
/// What the fragment of its address calls the user name.
pub const RESET_USERNAME_PARAMETER: &str = "username";
/// GET, below the provider's name: signs in through it, and comes back to `callback` below that.
pub const PROVIDER_LOGIN: &str = "/auth/login";

/// The path that begins a sign-in through a provider, whose name has letters, digits and `-_` alone.
#[must_use]
pub fn provider_login(provider: &str) -> String {
    [PROVIDER_LOGIN, "/", provider].concat()
}

/// GET `?q=`, `status=`, `client=` (for operators), `page=`, `limit=`: the projects. POST: makes one. GET, PATCH below it: one, by its id.
pub const PROJECTS: &str = "/api/projects";
/// GET `?q=`, `page=`, `limit=`: the clients. POST: makes one. GET, PATCH below it: one, by its id.
pub const CLIENTS: &str = "/api/clients";
/// GET: who did what.
pub const AUDIT: &str = "/api/audit";
/// GET: what can have happened.
pub const AUDIT_EVENTS: &str = "/api/audit/events";

/// The part of a path below a project.
pub mod of_project {
    /// GET: what its client reads. POST: writes an update. PATCH, DELETE below it: one, by its id.
    pub const UPDATES: &str = "updates";
    /// GET: the accounts that see it. POST: adds one. DELETE below it: takes one out, by the account's id.
    pub const MEMBERS: &str = "members";
    /// POST: looks at the portal as its client. GET, below [`PREVIEWED`](super::PREVIEWED): the same, as a navigation.
    pub const PREVIEW: &str = "portal-preview";
}

/// The part of a path below a client: GET lists its magic links, POST makes one, DELETE below it revokes one.
pub const LINKS_OF_CLIENT: &str = "links";

/// The page of a project, and below it the navigation that begins a preview.
pub const PREVIEWED: &str = "/projects";

/// The portal. Everything that its pages need is below it, for a proxy that passes nothing else.
pub const PORTAL: &str = "/portal";
/// GET, below the secret of a magic link: lets its holder in.
pub const PORTAL_ENTER: &str = "/portal/enter";
/// GET: which client looks.
pub const PORTAL_ME: &str = "/portal/api/me";
/// GET: its projects. GET below it: one, by its id.
pub const PORTAL_PROJECTS: &str = "/portal/api/projects";
/// POST: leaves the portal.
pub const PORTAL_LEAVE: &str = "/portal/api/leave";
/// The same files as below [`ASSETS`].
pub const PORTAL_ASSETS: &str = "/portal/assets/";

/// Every hashed, immutable file of the app is below this prefix.
pub const ASSETS: &str = "/assets/";
