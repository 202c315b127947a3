//! GET `/api/auth/setup-status`.

use serde_json::json;

use crate::support::{Server, get};

#[tokio::test]
async fn a_stranger_learns_what_the_sign_in_page_needs_and_no_more() {
    let server = Server::start().await;
    let answer = server.send(get("/api/auth/setup-status")).await;
    assert_eq!(
        answer.data(),
        json!({
            "signed_in": false,
            "session": null,
            "setup_required": true,
            "temporary_login_token_enabled": false,
            "password_login_enabled": true,
            "password_upgrade_required": false,
            "skip_default_password_auth": false,
            "providers": [],
            "branding": { "name": "Doorstep", "logo": null, "accent": null, "public_note": null },
        })
    );
}

#[tokio::test]
async fn somebody_signed_in_learns_that_they_are() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let data = server.send(get("/api/auth/setup-status").cookie(&cookie)).await.data();
    assert_eq!(data["signed_in"], true);
    assert_eq!(data["session"]["began_with"], "password");
}
