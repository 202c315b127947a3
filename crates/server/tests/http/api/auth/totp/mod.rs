//! `/api/auth/totp/*`.

mod disable;
mod recovery;
mod setup;
