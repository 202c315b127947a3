//! Pages: a folder a screen, a file a stage.

pub(crate) mod connection_notice;
pub(crate) mod home;
pub(crate) mod login;
pub(crate) mod logout_notice;
pub(crate) mod not_found;
