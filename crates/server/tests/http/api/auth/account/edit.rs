//! POST `/api/auth/account/edit`.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{PASSWORD, RequestBuilder, Server, credentials, get, post};

const NEW: &str = "an owl under the bridge";
const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

fn edit(cookie: &str, body: &Value) -> RequestBuilder {
    post("/api/auth/account/edit").cookie(cookie).json(body)
}

async fn sign_in(server: &Server, name: &str, password: &str) -> String {
    let answer = server.send(post("/api/auth/login").json(&credentials(name, password))).await;
    answer.data();
    answer.cookie()
}

async fn account(server: &Server, cookie: &str) -> Value {
    server.send(get("/api/auth/me").cookie(cookie)).await.data()["account"].take()
}

/// A member with [`PASSWORD`], signed in.
async fn ada(server: &Server) -> String {
    server.add_member("ada").await;
    sign_in(server, "ada", PASSWORD).await
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_notifies_the_user() {
    let server = Server::start().await;
    let (elsewhere, here) = (ada(&server).await, sign_in(&server, "ada", PASSWORD).await);
    let request = edit(&here, &json!({ "new_password": NEW, "confirm_password": NEW }));
    let answer = server.send(request.header("user-agent", CHROME).from("192.0.2.7")).await;
    assert_eq!(answer.data(), json!({}));
    assert!(answer.set_cookie().contains("HttpOnly"));

    for dead in [&elsewhere, &here] {
        server.send(get("/api/auth/me").cookie(dead)).await.assert_error(401, "unauthenticated");
    }
    assert_eq!(account(&server, &answer.cookie()).await["username"], "ada");
    let old = post("/api/auth/login").json(&credentials("ada", PASSWORD));
    server.send(old).await.assert_error(401, "invalid_credentials");
    sign_in(&server, "ada", NEW).await;

    let mails = server.other_mails().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("ada@example.org", "Your Doorstep password was changed"));
    for line in [
        "Hello ada,",
        "Your password was changed. All other sessions have ended, and devices have lost access.",
        "Time: January 1, 2026, 12:00 UTC",
        "IP address: 192.0.2.7",
        "Browser: Chrome on Windows",
    ] {
        assert!(mail.text.lines().any(|found| found == line), "{line}: {}", mail.text);
    }
    // An attacker with the new password has access to the account's pages, but not to the mailbox.
    assert!(mail.text.contains("\nhttp://127.0.0.1:8080/forgot-password\n"), "{}", mail.text);
    assert!(mail.html.contains("<a href=\"http://127.0.0.1:8080/forgot-password\""), "{}", mail.html);
    for never in [PASSWORD, NEW, "src=", "url(", "@import", "<link", "<img", "base64"] {
        assert!(!mail.raw.contains(never), "{never}: {}", mail.raw);
    }
}

#[tokio::test]
async fn the_browser_stays_known_after_a_new_password() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let answer = server.send(edit(&here, &json!({ "new_password": NEW, "confirm_password": NEW }))).await;
    // Attackers use up the account's free attempts.
    for number in 0..5 {
        let wrong = post("/api/auth/login").from(&format!("192.0.2.{number}")).json(&credentials("ada", "wrong"));
        server.send(wrong).await.assert_error(401, "invalid_credentials");
    }
    let stranger = post("/api/auth/login").from("192.0.2.9").json(&credentials("ada", NEW));
    server.send(stranger).await.assert_error(429, "rate_limited");
    let owner = post("/api/auth/login").cookie(&answer.cookie()).json(&credentials("ada", NEW));
    server.send(owner).await.data();
}

#[tokio::test]
async fn an_edit_needs_a_recent_proof_or_the_password() {
    let server = Server::start().await;
    let here = ada(&server).await;
    server.wait(SignedDuration::from_mins(11));
    let name = |password: Option<&str>| json!({ "new_name": "Ada", "password": password });
    server.send(edit(&here, &name(None))).await.assert_error(403, "reauth_required");
    server.send(edit(&here, &name(Some("wrong")))).await.assert_error(401, "wrong_password");
    assert_eq!(account(&server, &here).await["name"], "");

    let answer = server.send(edit(&here, &name(Some(PASSWORD)))).await;
    assert_eq!(answer.data(), json!({}));
    // The password was a proof: the token is rotated, and the proof is recent now.
    server.send(get("/api/auth/me").cookie(&here)).await.assert_error(401, "unauthenticated");
    let here = answer.cookie();
    assert_eq!(account(&server, &here).await["name"], "Ada");
    let answer = server.send(edit(&here, &json!({ "new_name": " Countess " }))).await;
    assert_eq!((answer.data(), answer.cookie()), (json!({}), String::new()));
    assert_eq!(account(&server, &here).await["name"], "Countess");
}

#[tokio::test]
async fn wrong_passwords_count_against_the_sign_in_limit() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let try_with = |password: &str| edit(&here, &json!({ "new_name": "x", "password": password }));
    for _ in 0..5 {
        server.send(try_with("wrong")).await.assert_error(401, "wrong_password");
    }
    server.send(try_with(PASSWORD)).await.assert_error(429, "rate_limited");
    let reauth = post("/api/auth/reauth").cookie(&here).json(&json!({ "password": PASSWORD }));
    server.send(reauth).await.assert_error(429, "rate_limited");
}

#[tokio::test]
async fn an_edit_is_validated_completely_before_it_is_applied() {
    let server = Server::start().await;
    let here = ada(&server).await;
    server.add_member("bob").await;
    let before = account(&server, &here).await;
    let good = json!({ "new_name": "Ada", "new_username": "countess", "new_email": "ada@new.example",
        "new_password": NEW, "confirm_password": NEW });
    let long = "x".repeat(101);
    for (fault, status, code, weakness) in [
        (json!({ "confirm_password": "other" }), 422, "mismatch", Value::Null),
        (json!({ "confirm_password": null }), 422, "mismatch", Value::Null),
        (json!({ "new_password": "short", "confirm_password": "short" }), 422, "password_policy", json!("too_short")),
        (json!({ "new_password": PASSWORD, "confirm_password": PASSWORD }), 422, "password_policy", json!("unchanged")),
        (
            json!({ "new_password": "countess-countess", "confirm_password": "countess-countess" }),
            422,
            "password_policy",
            json!("own_name"),
        ),
        (json!({ "new_username": "not a name" }), 422, "username_invalid", Value::Null),
        (json!({ "new_username": "" }), 422, "username_invalid", Value::Null),
        (json!({ "new_username": "bob@example.org" }), 422, "username_invalid", Value::Null),
        (json!({ "new_username": "BOB" }), 409, "username_taken", Value::Null),
        (json!({ "new_email": "nowhere" }), 422, "email_invalid", Value::Null),
        (json!({ "new_email": "a\"b@c" }), 422, "email_invalid", Value::Null),
        (json!({ "new_email": "ada@example..org" }), 422, "email_invalid", Value::Null),
        (json!({ "new_email": "Bob@Example.org" }), 409, "username_taken", Value::Null),
        (json!({ "new_name": long }), 400, "invalid_request", Value::Null),
        (json!({ "new_name": "Ada\nBcc: eve" }), 400, "invalid_request", Value::Null),
        (json!({ "new_name": 7 }), 400, "invalid_request", Value::Null),
        (json!({ "password": "wrong" }), 401, "wrong_password", Value::Null),
    ] {
        let mut body = good.clone();
        for (key, value) in fault.as_object().expect("is valid") {
            body[key] = value.clone();
        }
        let answer = server.send(edit(&here, &body)).await;
        answer.assert_error(status, code);
        assert_eq!(answer.json()["data"]["weakness"], weakness, "{}", answer.text);
    }
    assert_eq!(account(&server, &here).await, before);
    assert!(server.other_mails().await.is_empty());
    sign_in(&server, "ada", PASSWORD).await;
    server.wait(SignedDuration::from_secs(10));

    let answer = server.send(edit(&here, &good)).await;
    answer.data();
    let after = account(&server, &answer.cookie()).await;
    assert_eq!((&after["username"], &after["name"]), (&"countess".into(), &"Ada".into()));
    assert_eq!((&after["email"], &after["pending_email"]), (&"ada@example.org".into(), &"ada@new.example".into()));
    assert_eq!(server.other_mails().await.len(), 4, "password, username, and one to each address");
}

#[tokio::test]
async fn absent_fields_stay_and_the_spelling_of_ones_own_name_may_change() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let before = account(&server, &here).await;
    for body in [json!({}), json!({ "new_username": "ada", "new_email": "ada@example.org" })] {
        server.send(edit(&here, &body)).await.data();
        assert_eq!(account(&server, &here).await, before);
    }
    server.send(edit(&here, &json!({ "new_username": "Ada" }))).await.data();
    assert_eq!(account(&server, &here).await["username"], "Ada");
    assert!(server.other_mails().await.is_empty(), "no notice is needed");
}

#[tokio::test]
async fn of_two_concurrent_requests_for_a_name_one_succeeds() {
    let server = Server::start().await;
    let one = ada(&server).await;
    server.add_member("bob").await;
    let other = sign_in(&server, "bob", PASSWORD).await;
    let wish = json!({ "new_username": "countess" });
    let (one, other) = tokio::join!(server.send(edit(&one, &wish)), server.send(edit(&other, &wish)));
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn of_two_concurrent_new_passwords_one_is_set() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let change =
        |password: &str| server.send(edit(&here, &json!({ "new_password": password, "confirm_password": password })));
    let (one, other) = tokio::join!(change(NEW), change("another long passphrase"));
    let worked = [&one, &other].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(worked, 1, "{one:?} {other:?}");
    assert_eq!(server.other_mails().await.len(), 1);
}

#[tokio::test]
async fn the_user_is_notified_of_a_password_set_by_an_operator() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.service.accounts().set_password("ada", NEW).await.expect("is set");
    let mails = server.other_mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("\nDone by: An operator (on the server)\n"), "{}", mails[0].text);
}

#[tokio::test]
async fn mails_are_in_the_language_of_the_last_sign_in() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let login = post("/api/auth/login").header("accept-language", "zh-CN,en;q=0.5");
    server.send(login.json(&credentials("ada", PASSWORD))).await.data();
    // A program without a language changes nothing.
    sign_in(&server, "ada", PASSWORD).await;
    server.send(edit(&here, &json!({ "new_password": NEW, "confirm_password": NEW }))).await.data();
    let mails = server.other_mails().await;
    assert!(mails[0].text.starts_with("ada，您好："), "{}", mails[0].text);
    assert!(mails[0].html.contains("lang=\"zh-Hans\""), "{}", mails[0].html);
    assert!(mails[0].subject.starts_with("=?utf-8?"), "{}", mails[0].subject);

    let login = post("/api/auth/login").header("accept-language", "zh-CN").cookie("doorstep_language=en");
    server.send(login.json(&credentials("ada", NEW))).await.data();
    server.service.accounts().set_password("ada", PASSWORD).await.expect("is set");
    assert!(server.other_mails().await[0].text.starts_with("Hello ada,"), "the selected language takes precedence");
}

#[tokio::test]
async fn checking_whether_names_are_taken_is_limited() {
    for (taken, free) in [
        (json!({ "new_username": "bob" }), json!({ "new_username": "countess" })),
        (json!({ "new_email": "bob@example.org" }), json!({ "new_email": "ada@new.example" })),
    ] {
        let server = Server::start().await;
        let here = ada(&server).await;
        server.add_member("bob").await;
        for _ in 0..5 {
            server.send(edit(&here, &taken)).await.assert_error(409, "username_taken");
            server.send(edit(&here, &json!({ "new_username": "Ada", "new_email": "ada@example.org" }))).await.data();
        }
        for wanted in [&taken, &free] {
            server.send(edit(&here, wanted)).await.assert_error(429, "rate_limited");
        }
        server.wait(SignedDuration::from_secs(10));
        server.send(edit(&here, &free)).await.data();
    }
}
