//! The lifetime of sessions that began by SSO.

use std::pin::pin;

use axum::http::StatusCode;
use doorstep_server::idp::Providers;
use futures_util::future::{Either, select};
use jiff::SignedDuration;
use tokio::task::yield_now;

use super::{assert_ends_when_revoked, linked, server, through};
use crate::{
    provider::{Fault, Idp},
    support::{get, post},
};

#[tokio::test]
async fn the_provider_is_asked_at_most_every_quarter_of_an_hour() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    for _ in 0..3 {
        server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    }
    assert_eq!(idp.refreshes(), 0);
    server.wait(SignedDuration::from_mins(15));
    for _ in 0..3 {
        server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    }
    assert_eq!(idp.refreshes(), 1);
}

#[tokio::test]
async fn a_user_removed_at_the_provider_loses_the_session_but_an_outage_ends_nothing() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    idp.set(|script| script.refresh = StatusCode::BAD_GATEWAY);
    server.wait(SignedDuration::from_mins(15));
    server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(idp.refreshes(), 1);
    assert_ends_when_revoked(&server, &idp, &cookie).await;
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    assert_eq!(idp.refreshes(), 2);
}

#[tokio::test]
async fn signing_out_returns_the_provider_s_logout_url() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let by_password = linked(&server, &idp, "okta").await;
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    let url = server.send(post("/api/auth/logout").cookie(&cookie)).await.data()["end_session_url"].take();
    let url = url.as_str().expect("is stated");
    assert!(url.starts_with(&format!("{}/end?client_id=doorstep&", idp.issuer)), "{url}");
    assert!(url.ends_with("post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Flogin"), "{url}");
    let answer = server.send(post("/api/auth/logout").cookie(&by_password)).await;
    assert!(answer.data()["end_session_url"].is_null());
}

#[tokio::test]
async fn signing_out_does_not_wait_for_a_hanging_provider() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    // The new process has not contacted the provider yet.
    let providers = Providers::new(vec![idp.openid()]).expect("the system has certificates");
    let server = server.restart_with(|builder| builder.providers = providers).await;
    idp.set(|script| script.fault = Fault::Hangs);
    let ended = async {
        while server.send(get("/api/auth/me").cookie(&cookie)).await.status != StatusCode::UNAUTHORIZED {
            yield_now().await;
        }
    };
    let (ended, answered) = (pin!(ended), pin!(server.send(post("/api/auth/logout").cookie(&cookie))));
    assert!(matches!(select(ended, answered).await, Either::Left(_)), "the provider was asked first");
}

#[tokio::test]
async fn the_provider_s_token_is_sealed() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    through(&server, &idp, "okta", "", "").await;
    assert!(!server.stores("\"rt\"").await);
}
