//! The requests and cookies of a browser in an SSO flow.

use axum::http::StatusCode;

use super::{come_back, linked, location, server};
use crate::{portal::enter::not_followed, provider::Idp, support::get};

#[tokio::test]
async fn only_navigations_begin_and_complete_a_flow() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let out = server.send(get("/auth/login/okta")).await;
    let (cookie, back) = (out.cookie(), idp.agree(location(&out)));
    let callback = format!("/auth/login/okta/callback?{back}");
    let before = server.events().await.len();
    for path in ["/auth/login/okta", &callback] {
        for sent in not_followed(path) {
            let answer = server.send(sent.cookie(&cookie)).await;
            assert!(answer.set_cookies().next().is_none(), "{path}: {answer:?}");
            assert!(!answer.headers.contains_key("location"), "{path}: {answer:?}");
        }
    }
    assert_eq!(server.events().await.len(), before);
    // The code was not used up.
    assert_eq!(location(&come_back(&server, "okta", &back, &cookie).await), "/");
}

#[tokio::test]
async fn the_state_fits_into_a_cookie() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let leave = |target: String| {
        let encoded: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
        get(&format!("/auth/login/okta?redirect={encoded}"))
    };
    for begins in ["/account?x=", "https://app.example.org/in?x="] {
        let fits = |more: usize| format!("{begins}{}", "a".repeat(2048 + more - begins.len()));
        let out = server.send(leave(fits(0))).await;
        assert_eq!(out.status, StatusCode::FOUND, "{}", out.text);
        // RFC 6265 §6.1, of the name, the value and the attributes.
        assert!(out.set_cookies().all(|cookie| cookie.len() <= 4096), "{:?}", out.headers);
        server.send(leave(fits(1))).await.assert_refused(400, "INVALID_PAYLOAD");
    }
    // Its encoding as a URL is longer.
    let grows = format!("https://app.example.org/in?x={}", "é".repeat(1000));
    server.send(leave(grows)).await.assert_refused(400, "INVALID_PAYLOAD");
}
