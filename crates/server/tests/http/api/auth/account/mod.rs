//! `/api/auth/account/*`.

mod confirm_email;
mod edit;
