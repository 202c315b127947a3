//! The paths of the dashboard surface. The server mounts them, the app calls them; nobody else spells them.

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

/// Every hashed, immutable file of the app is below this prefix.
pub const ASSETS: &str = "/assets/";
