//! `/api/*`.

mod auth;
mod every_path;
