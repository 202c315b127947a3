//! `/api/auth/*`.

mod login;
mod logout;
mod me;
mod setup_status;
