//! `/api/auth/*`.

mod account;
mod limits;
mod login;
mod logout;
mod me;
mod reauth;
mod sessions;
mod setup;
mod setup_status;
mod totp;
mod trusted_devices;
