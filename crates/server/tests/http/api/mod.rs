//! `/api/*`.

mod audit;
mod auth;
mod every_path;
