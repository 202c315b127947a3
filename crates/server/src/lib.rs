//! Doorstep's backend.
//!
//! A request passes through these modules from top to bottom; none depends on one above it:
//!
//! | module | content |
//! |---|---|
//! | [`listen`] | connections and their limits |
//! | [`http`] | surfaces (one file per endpoint), middleware (one file each), pages and assets |
//! | [`service`] | the use cases, such as signing in and ending a session, shared by all surfaces |
//! | [`domain`] | the rules, without I/O: accounts, sessions, passwords, keys |
//! | [`store`] | SQL |
//! | [`post`] | sending mails |
//! | [`idp`] | requests to SSO providers |
//!
//! [`config`] and [`cli`] are read once at start; [`serve`] connects everything; [`operate`] has the operator's
//! commands, [`healthcheck`] checks a running server, and [`device_login`] signs in as a device. [`assets`] has the
//! browser app; [`private_files`] creates files readable only by their owner; [`log`] writes the log, and
//! [`metrics`] counts.

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
