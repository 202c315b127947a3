//! Doorstep's backend.
//!
//! A request travels down these rooms and back; nothing points up:
//!
//! | room | holds |
//! |---|---|
//! | [`listen`] | connections: how many, for how long |
//! | [`http`] | surfaces (a file an endpoint), middlewares (a file each), shells and assets |
//! | [`service`] | what can be done: sign in, end a session. Every surface calls the same functions |
//! | [`domain`] | the rules, without I/O: accounts, sessions, passwords, keys |
//! | [`store`] | SQL, and nothing but SQL |
//! | [`post`] | how mails leave |
//! | [`idp`] | how other identity systems are asked |
//!
//! [`config`] and [`cli`] are read once, at start; [`serve`] joins everything; [`operate`] has the
//! operator's commands, [`healthcheck`] asks a running server how it is, and [`device_login`] signs in as a device.
//! [`assets`] holds the browser app, and [`private_files`] makes files that their owner alone can read; [`log`] writes the
//! log, and [`metrics`] counts.

pub mod assets;
pub mod cli;
pub mod config;
pub mod device_login;
pub mod domain;
pub mod error;
pub mod healthcheck;
pub mod http;
pub mod idp;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod operate;
pub mod post;
pub mod private_files;
pub mod serve;
pub mod service;
pub mod store;
