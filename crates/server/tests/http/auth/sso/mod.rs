//! GET `/auth/login/:provider` and its callback.

mod account;
mod claims;
mod cookie_lost;
mod faults;
mod leave;
mod lifetime;
mod logged;
mod on_the_way;
mod sign_in;
mod user_info;

use axum::http::StatusCode;
use doorstep_server::{idp::Providers, service::ServiceBuilder};
use jiff::SignedDuration;

use crate::{
    provider::Idp,
    support::{Answer, Authenticator, PASSWORD, RequestBuilder, Server, credentials, get, post},
};

/// A server with the tests' provider, configured for both protocols.
pub(crate) async fn server(idp: &Idp) -> Server {
    server_with(idp, |_| {}).await
}

async fn server_with(idp: &Idp, adjust: impl FnOnce(&mut ServiceBuilder)) -> Server {
    let providers = Providers::new(vec![idp.openid(), idp.oauth2()]).expect("the system has certificates");
    Server::start_with(|builder| {
        builder.providers = providers;
        adjust(builder);
    })
    .await
}

/// Begins a flow, agrees at the provider, and completes it.
pub(crate) async fn through(server: &Server, idp: &Idp, provider: &str, query: &str, cookie: &str) -> Answer {
    let out = server.send(get(&format!("/auth/login/{provider}{query}")).cookie(cookie)).await;
    assert_eq!(out.status, 302, "{}", out.text);
    let back = idp.agree(location(&out));
    come_back(server, provider, &back, &[cookie, &out.cookie()].join("; ")).await
}

/// Links an identity at a provider to the signed-in account, as the page does.
pub(crate) async fn link(server: &Server, idp: &Idp, provider: &str, cookie: &str) -> Answer {
    let out = server.send(begin_link(provider, cookie)).await;
    let back = idp.agree(out.data()["location"].as_str().expect("is text"));
    come_back(server, provider, &back, &[cookie, &out.cookie()].join("; ")).await
}

fn begin_link(provider: &str, cookie: &str) -> RequestBuilder {
    post("/api/auth/identities").cookie(cookie).json(&serde_json::json!({ "provider": provider }))
}

async fn come_back(server: &Server, provider: &str, query: &str, cookie: &str) -> Answer {
    server.send(get(&format!("/auth/login/{provider}/callback?{query}")).cookie(cookie)).await
}

#[track_caller]
pub(crate) fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, 302, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer.headers["location"].to_str().expect("is ASCII")
}

/// Asserts that no user was signed in, and that the sign-in page shows this reason.
#[track_caller]
fn assert_failed(answer: &Answer, reason: &str) {
    assert_eq!(location(answer), format!("/login?reason={reason}&redirect=%2F"), "{:?}", answer.headers);
    assert!(!answer.set_cookies().any(|cookie| cookie.contains("session=")), "{:?}", answer.headers);
}

/// Creates ada, links her identity, and returns the cookie of her session.
pub(crate) async fn linked(server: &Server, idp: &Idp, provider: &str) -> String {
    server.add_member("ada").await;
    let cookie = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let answer = link(server, idp, provider, &cookie).await;
    assert_eq!(location(&answer), "/account/identities");
    cookie
}

/// The same, with two-factor authentication: the authenticator, 30 seconds later, when it has another code.
pub(crate) async fn linked_with_totp(server: &Server, idp: &Idp, provider: &str) -> Authenticator {
    let app = server.enrol(&linked(server, idp, provider).await).await;
    server.wait(SignedDuration::from_secs(30));
    idp.set(|script| script.now = server.now());
    app
}

/// Asserts that a session ends at the next check after the provider has revoked the user's refresh token.
async fn assert_ends_when_revoked(server: &Server, idp: &Idp, cookie: &str) {
    idp.set(|script| script.refresh = StatusCode::BAD_REQUEST);
    server.wait(SignedDuration::from_mins(15));
    server.send(get("/api/auth/me").cookie(cookie)).await.assert_error(401, "unauthenticated");
}
