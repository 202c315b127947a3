//! A callback whose flow is not known: the browser lost its cookie, or the flow is none.

use super::{assert_failed, location, server};
use crate::{provider::Idp, support::get};

#[tokio::test]
async fn a_browser_that_sends_no_cookie_back_is_told_so() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let out = server.send(get("/auth/login/okta")).await;
    let back = format!("/auth/login/okta/callback?{}", idp.agree(location(&out)));
    assert_failed(&server.send(get(&back)).await, "COOKIE_LOST");
    // Another browser, and one that took too long, have others.
    assert_failed(&server.send(get(&back).cookie("doorstep_theme=dark")).await, "STATE_EXPIRED");
}

#[tokio::test]
async fn a_callback_that_names_no_flow_leads_to_the_sign_in_page() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    for query in ["", "?state=", "?state=x&code=y", "?state=a&state=b", "?code=a&code=b&state=c", "?state=%FF"] {
        assert_failed(&server.send(get(&format!("/auth/login/okta/callback{query}"))).await, "STATE_EXPIRED");
    }
}
