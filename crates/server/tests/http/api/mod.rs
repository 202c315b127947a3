//! `/api/*`.

mod audit;
mod auth;
mod clients;
mod every_path;
mod projects;
