//! GET `/api/auth/setup-status`.

use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Server, get, statements_of};

#[tokio::test]
async fn anonymous_clients_get_only_what_the_sign_in_page_needs() {
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
            "branding": { "name": "Doorstep", "logo": null, "logo_dark": null, "accent": null, "public_note": null },
        })
    );
}

#[tokio::test]
async fn signed_in_users_get_their_session() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let data = server.send(get("/api/auth/setup-status").cookie(&cookie)).await.data();
    assert_eq!(data["signed_in"], true);
    assert_eq!(data["session"]["began_with"], "password");
}

#[tokio::test]
async fn a_visit_costs_the_same_for_any_number_of_accounts() {
    let server = Server::start().await;
    // While the initial password is in use: two lookups, for it and for a temporary token.
    let (_, asked) = statements_of(server.send(get("/login"))).await;
    assert_eq!(asked.len(), 2, "{asked:#?}");
    server.sign_in_with_new_password().await;
    server.send(get("/login")).await;
    // Afterwards the first one is cached forever, and the second one for a second.
    for (path, wait) in [("/login", 0), ("/api/auth/setup-status", 0), ("/login", 1)] {
        server.wait(SignedDuration::from_secs(wait));
        let (_, asked) = statements_of(server.send(get(path))).await;
        assert!(asked.iter().all(|statement| statement.contains("login_tokens")), "{asked:#?}");
        assert_eq!(i64::try_from(asked.len()), Ok(wait), "{asked:#?}");
    }
}

#[tokio::test]
async fn no_sweep_scans_a_table() {
    // The plans are checked when the server ends.
    let server = Server::start().await;
    server.service.prune().await;
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let server = Server::start().await;
    let bare = server.foreign_keys_without_index().await;
    assert!(bare.is_empty(), "{bare:#?}");
}
