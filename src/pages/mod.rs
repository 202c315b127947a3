//! Pages: a folder a screen, a file a stage.

pub(crate) mod about;
pub(crate) mod account;
pub(crate) mod account_notices;
pub(crate) mod address_notice;
pub(crate) mod audit;
pub(crate) mod clients;
pub(crate) mod confirm;
pub(crate) mod connection_notice;
pub(crate) mod device;
pub(crate) mod entries;
pub(crate) mod home;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod logout_notice;
pub(crate) mod new_password;
pub(crate) mod not_found;
pub(crate) mod one;
pub(crate) mod password_reset;
pub(crate) mod portal;
pub(crate) mod press;
pub(crate) mod projects;
pub(crate) mod proof_dialog;
pub(crate) mod sso_reason;
