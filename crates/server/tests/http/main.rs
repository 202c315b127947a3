//! Tests of the surfaces over HTTP: one file per path, each test with its own server and database.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod addresses;
mod api;
mod auth;
mod behind_proxies;
mod budgets;
mod clock;
mod commands;
mod connections;
mod cookies;
mod database;
mod device;
mod email_revert;
mod graphql;
mod growth;
mod limits_first;
mod mail_delivery;
mod mails;
mod metrics;
mod needs;
mod notices;
mod one_host;
mod openapi;
mod pages;
mod portal;
mod projects;
mod provider;
mod quotas;
mod reads;
mod rendered;
mod support;
mod tokens;
mod users;
mod writes;
