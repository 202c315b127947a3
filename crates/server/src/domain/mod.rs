//! The rules, without I/O. Time and chance are parameters ([`clock::Clock`], [`random::Random`]).

pub mod access;
pub mod account;
pub mod audit;
pub mod clock;
pub mod device;
pub mod device_client;
pub mod device_grant;
pub mod device_token;
pub mod id;
pub mod jws;
pub mod limits;
pub mod mail;
pub mod network;
pub mod password;
pub mod password_policy;
pub mod password_reset;
pub mod qr;
pub mod quota;
pub mod random;
pub mod second_factor;
pub mod secret_key;
pub mod session;
pub mod sso;
pub mod token;
pub mod totp;
pub mod user_agent;
