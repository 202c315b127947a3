//! `/api/auth/*`.

mod limits;
mod login;
mod logout;
mod me;
mod reauth;
mod setup;
mod setup_status;
