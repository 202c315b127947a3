//! The rules, without I/O. Time and chance are parameters ([`clock::Clock`], [`random::Random`]).

pub mod account;
pub mod clock;
pub mod device;
pub mod id;
pub mod limits;
pub mod password;
pub mod password_policy;
pub mod random;
pub mod secret_key;
pub mod session;
