mod every_path;
mod login;
mod logout;
mod password;
mod refresh;
mod sso;
