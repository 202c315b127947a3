mod every_path;
mod login;
mod logout;
mod password;
mod refresh;
pub(crate) mod sso;
