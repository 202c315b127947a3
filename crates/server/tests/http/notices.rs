//! What people are told by mail of their second factor, and of what a temporary token did.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{PASSWORD, Server, post};

/// The subjects of the mails that were sent to `ada`, without the installation's name.
async fn subjects(server: &Server) -> Vec<String> {
    let mails = server.mails().await;
    let subject = |mail: crate::mails::Mail| {
        assert_eq!(mail.to, "ada@example.org");
        mail.subject.replace("Doorstep: ", "")
    };
    mails.into_iter().map(subject).collect()
}

#[tokio::test]
async fn people_hear_of_every_change_of_their_second_factor() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    assert_eq!(subjects(&server).await, ["two-factor sign-in was turned on"]);

    let renew = post("/api/auth/totp/recovery").cookie(&app.cookie);
    assert_eq!(server.send(renew).await.status, StatusCode::OK);
    assert_eq!(subjects(&server).await, ["your recovery codes were replaced"]);

    let disable = || post("/api/auth/totp/disable").cookie(&app.cookie).json(&json!({ "code": app.code(&server) }));
    assert_eq!(server.send(disable()).await.status, StatusCode::OK);
    assert_eq!(subjects(&server).await, ["two-factor sign-in was turned off"]);
    assert_eq!(server.send(disable()).await.status, StatusCode::OK);
    server.service.reset_totp("ada").await.expect("is off already");
    assert!(subjects(&server).await.is_empty(), "nothing changed");
}

#[tokio::test]
async fn people_hear_of_an_operator_who_turned_it_off() {
    let server = Server::start().await;
    server.add_with_totp("ada").await;
    subjects(&server).await;
    server.service.reset_totp("ada").await.expect("is off");
    assert_eq!(subjects(&server).await, ["two-factor sign-in was turned off"]);
}

#[tokio::test]
async fn a_temporary_session_sets_a_new_password_without_the_old_one_and_nothing_else_for_long() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let token = server.service.make_login_token(Some("ada")).await.expect("is made").token.reveal();
    let login = json!({ "login_type": "temporary_token", "temporary_token": token });
    let cookie = server.send(post("/api/auth/login").json(&login)).await.cookie();
    server.wait(SignedDuration::from_mins(11));
    let edit = |body| post("/api/auth/account/edit").cookie(&cookie).json(&body);
    let new = "an owl under the bridge";
    server.send(edit(json!({ "new_name": "Ada" }))).await.assert_error(403, "reauth_required");
    let both = json!({ "new_name": "Ada", "new_password": new, "confirm_password": new });
    server.send(edit(both)).await.assert_error(403, "reauth_required");
    let same = json!({ "new_password": PASSWORD, "confirm_password": PASSWORD });
    server.send(edit(same)).await.assert_error(422, "password_policy");
    let answer = server.send(edit(json!({ "new_password": new, "confirm_password": new }))).await;
    assert_eq!(answer.data(), json!({}));
    assert!(!answer.cookie().is_empty());
    assert_eq!(subjects(&server).await, ["your password was changed"]);
}
