//! Cookies that are over, or of other programs, beside the good one: they keep no user out, in either order.

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::{approve_external, assertion, came_back, come_back, context, decide, grant, initiate, start};
use crate::{
    device::{MOUNT, ask, poll},
    support::get,
};

/// Both orders of two values for a `Cookie` header.
fn orders(one: &str, other: &str) -> [String; 2] {
    [format!("{one}; {other}"), format!("{other}; {one}")]
}

#[tokio::test]
async fn an_approval_grant_that_is_over_hides_no_good_one() {
    let server = start().await;
    // One that has been used, and one whose time is over.
    let used_for = ask(&server).await;
    let used = came_back(&server, &used_for).await;
    let csrf_token = context(&server, &used).await["csrf_token"].as_str().expect("is text").to_owned();
    server.send(decide("deny", &used, &csrf_token, &used_for.user_code)).await.ok();
    let codes = ask(&server).await;
    let good = came_back(&server, &codes).await;
    for line in orders(&used, &good) {
        assert_eq!(context(&server, &line).await["user_code"], codes.user_code, "{line}");
    }
    server.wait(SignedDuration::from_mins(5));
    let (over, codes) = (good, ask(&server).await);
    let good = came_back(&server, &codes).await;
    let foreign = "device_approval_grant=x; device_approval_grant=eyJhbGciOiJIUzI1NiJ9.e30.AA";
    for stale in [&over, &used, foreign, &[foreign, &over, &used].join("; ")] {
        for line in orders(stale, &good) {
            assert_eq!(context(&server, &line).await["user_code"], codes.user_code, "{line}");
        }
    }
    let all = [foreign, &over, &used, &good].join("; ");
    assert_eq!(approve_external(&server, &all, &codes).await.ok()["status"], "approved");
    assert_eq!(server.send(poll(&codes)).await.status, StatusCode::OK);
    server.send(get(&format!("{MOUNT}/approval-context")).cookie(&all)).await.refused(401, "no_session");
}

#[tokio::test]
async fn a_way_out_that_was_left_behind_hides_no_good_one() {
    let server = start().await;
    let left = initiate(&server, &ask(&server).await).await;
    let foreign = "doorstep_device_sso_8080=x; doorstep_device_sso_8080=";
    for stale in [left.cookie.as_str(), foreign] {
        for number in 0..2 {
            let browser = initiate(&server, &ask(&server).await).await;
            let line = &orders(stale, &browser.cookie)[number];
            grant(&server.send(come_back(line, &assertion(&server, &browser))).await);
        }
    }
}
