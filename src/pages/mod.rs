//! Pages: a folder for each screen, a file for each stage or panel of it.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod clients;
pub(crate) mod device;
pub(crate) mod home;
pub(crate) mod login;
pub(crate) mod not_found;
pub(crate) mod password_reset;
pub(crate) mod projects;
