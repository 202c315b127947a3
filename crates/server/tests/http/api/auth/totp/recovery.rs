//! POST `/api/auth/totp/recovery`.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::support::{Server, get, post, second_step};

#[tokio::test]
async fn ten_new_codes_replace_the_old_ones() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let data = server.send(post("/api/auth/totp/recovery").cookie(&app.cookie)).await.data();
    let new: Vec<&str> =
        data["recovery_codes"].as_array().expect("is a list").iter().filter_map(|c| c.as_str()).collect();
    assert_eq!(new.len(), 10);
    let challenge = server.challenge("ada").await;
    let with = |code: &str| post("/api/auth/login").json(&second_step(&challenge, code));
    server.send(with(&app.recovery_codes[0])).await.assert_error(401, "invalid_code");
    let answer = server.send(with(new[0])).await;
    assert_eq!(answer.data()["session"]["began_with"], "recovery_code");
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    assert_eq!(me["account"]["recovery_codes_left"], 9);
}

#[tokio::test]
async fn new_codes_need_a_recent_proof_and_two_factor_authentication() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let recovery = |cookie: &str| post("/api/auth/totp/recovery").cookie(cookie);
    server.send(recovery(&admin)).await.assert_error(400, "invalid_request");
    server.send(recovery("")).await.assert_error(401, "unauthenticated");
    server.wait(SignedDuration::from_mins(11));
    server.send(recovery(&app.cookie)).await.assert_error(403, "reauth_required");
    let me = server.send(get("/api/auth/me").cookie(&app.cookie)).await;
    assert_eq!((me.status, &me.data()["account"]["recovery_codes_left"]), (StatusCode::OK, &10.into()));
}
