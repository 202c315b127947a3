//! Widgets: components that several pages use and that know the API or the session.

pub(crate) mod about;
pub(crate) mod account_notices;
pub(crate) mod actor;
pub(crate) mod address_notice;
pub(crate) mod announcement;
pub(crate) mod client_status;
pub(crate) mod confirm;
pub(crate) mod connection_notice;
pub(crate) mod discard_guard;
pub(crate) mod entries;
pub(crate) mod list;
pub(crate) mod logout_notice;
pub(crate) mod new_password;
pub(crate) mod one;
pub(crate) mod press;
pub(crate) mod project_status;
pub(crate) mod reauth_dialog;
pub(crate) mod sso_reason;
pub(crate) mod unsaved;
