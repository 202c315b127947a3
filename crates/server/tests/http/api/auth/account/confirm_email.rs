//! POST `/api/auth/account/confirm-email`, and its mails.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Server, credentials, get, post};

/// The link in the mail.
const LINK: &str = "http://127.0.0.1:8080/account#confirm-email=";

/// A signed-in member.
async fn member(server: &Server, name: &str) -> String {
    server.add_member(name).await;
    let answer = server.send(post("/api/auth/login").json(&credentials(name, PASSWORD))).await;
    answer.data();
    answer.cookie()
}

async fn ask(server: &Server, cookie: &str, email: &str) -> Answer {
    server.send(post("/api/auth/account/edit").cookie(cookie).json(&json!({ "new_email": email }))).await
}

/// Requests an email change, and returns the token in its mail.
async fn token_for(server: &Server, cookie: &str, email: &str) -> String {
    ask(server, cookie, email).await.data();
    let mails = server.other_mails().await;
    mails.iter().find(|mail| mail.to == email).expect("was sent").token(LINK)
}

async fn confirm(server: &Server, cookie: &str, token: &str) -> Answer {
    server.send(post("/api/auth/account/confirm-email").cookie(cookie).json(&json!({ "token": token }))).await
}

async fn emails(server: &Server, cookie: &str) -> (Value, Value) {
    let mut me = server.send(get("/api/auth/me").cookie(cookie)).await.data();
    (me["account"]["email"].take(), me["account"]["pending_email"].take())
}

#[tokio::test]
async fn an_email_changes_once_it_is_confirmed_and_the_old_address_is_notified() {
    let server = Server::start().await;
    let here = member(&server, "ada").await;
    ask(&server, &here, " Ada@new.example ").await.data();
    assert_eq!(emails(&server, &here).await, ("ada@example.org".into(), "Ada@new.example".into()));

    let mails = server.other_mails().await;
    let [to_new, to_old] = mails.as_slice() else { panic!("{mails:?}") };
    let (to_new, to_old) = if to_new.to == "Ada@new.example" { (to_new, to_old) } else { (to_old, to_new) };
    assert_eq!((to_new.to.as_str(), to_old.to.as_str()), ("Ada@new.example", "ada@example.org"));
    assert_eq!(to_new.subject, "Confirm your email address for Doorstep");
    assert!(to_old.text.contains("will change to Ada@new.example when"), "{}", to_old.text);
    assert!(
        to_old.text.contains("Review profile\nhttp://127.0.0.1:8080/account\n"),
        "where it can be canceled: {}",
        to_old.text
    );
    assert!(!to_old.raw.contains("confirm-email="), "{}", to_old.raw);
    let token = to_new.token(LINK);
    assert_eq!(token.len(), 43);

    let login = |name| post("/api/auth/login").json(&credentials(name, PASSWORD));
    server.send(login("ada@new.example")).await.assert_error(401, "invalid_credentials");
    assert_eq!(confirm(&server, &here, &token).await.data(), json!({}));
    assert_eq!(emails(&server, &here).await, ("Ada@new.example".into(), Value::Null));
    server.send(login("ada@new.example")).await.data();
    server.send(login("ada@example.org")).await.assert_error(401, "invalid_credentials");

    let mails = server.other_mails().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(mail.to, "ada@example.org");
    assert_eq!(mail.subject, "Your Doorstep email address was changed");
}

#[tokio::test]
async fn a_link_works_once_within_a_day_for_its_account_only() {
    let server = Server::start().await;
    let (ada, bob) = (member(&server, "ada").await, member(&server, "bob").await);
    let token = token_for(&server, &ada, "ada@new.example").await;
    for wrong in ["", "x", &token[1..], &format!("{token}A"), &"A".repeat(43)] {
        confirm(&server, &ada, wrong).await.assert_error(401, "invalid_token");
    }
    confirm(&server, "", &token).await.assert_error(401, "unauthenticated");
    confirm(&server, &bob, &token).await.assert_error(401, "invalid_token");
    confirm(&server, &ada, &token).await.data();
    confirm(&server, &ada, &token).await.assert_error(401, "token_used");

    let late = token_for(&server, &ada, "ada@late.example").await;
    server.wait(SignedDuration::from_hours(24));
    confirm(&server, &ada, &late).await.assert_error(401, "token_expired");
    assert_eq!(emails(&server, &ada).await, ("ada@new.example".into(), Value::Null));
    server.service.account().prune_email_changes().await;
    confirm(&server, &ada, &late).await.assert_error(401, "token_expired");
    server.wait(SignedDuration::from_hours(24));
    server.service.account().prune_email_changes().await;
    confirm(&server, &ada, &late).await.assert_error(401, "invalid_token");
}

#[tokio::test]
async fn a_newer_link_or_a_cancellation_ends_the_older_one() {
    let server = Server::start().await;
    let here = member(&server, "ada").await;
    let first = token_for(&server, &here, "ada@one.example").await;
    let second = token_for(&server, &here, "ada@two.example").await;
    confirm(&server, &here, &first).await.assert_error(401, "invalid_token");
    assert_eq!(emails(&server, &here).await.1, "ada@two.example");
    ask(&server, &here, "ADA@example.org").await.data();
    assert_eq!(emails(&server, &here).await, ("ada@example.org".into(), Value::Null));
    confirm(&server, &here, &second).await.assert_error(401, "invalid_token");
    assert!(server.other_mails().await.is_empty());
}

#[tokio::test]
async fn a_new_password_cancels_the_pending_email() {
    let server = Server::start().await;
    let here = member(&server, "ada").await;
    let token = token_for(&server, &here, "eve@evil.example").await;
    let new = "an owl under the bridge";
    let body = json!({ "new_password": new, "confirm_password": new });
    let here = server.send(post("/api/auth/account/edit").cookie(&here).json(&body)).await.cookie();
    assert_eq!(emails(&server, &here).await, ("ada@example.org".into(), Value::Null));
    confirm(&server, &here, &token).await.assert_error(401, "invalid_token");
}

#[tokio::test]
async fn an_email_that_another_account_got_first_is_taken() {
    let server = Server::start().await;
    let (ada, bob) = (member(&server, "ada").await, member(&server, "bob").await);
    let of_ada = token_for(&server, &ada, "both@example.org").await;
    let of_bob = token_for(&server, &bob, "both@example.org").await;
    let (one, other) = tokio::join!(confirm(&server, &ada, &of_ada), confirm(&server, &bob, &of_bob));
    let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
    won.data();
    lost.assert_error(409, "username_taken");
    assert_eq!(server.other_mails().await.len(), 1, "the other account gets no mail");
}

#[tokio::test]
async fn two_concurrent_confirmations_take_effect_once() {
    let server = Server::start().await;
    let here = member(&server, "ada").await;
    let token = token_for(&server, &here, "ada@new.example").await;
    let (one, other) = tokio::join!(confirm(&server, &here, &token), confirm(&server, &here, &token));
    assert_eq!([&one, &other].iter().filter(|answer| answer.status == 200).count(), 1, "{one:?} {other:?}");
    assert_eq!(server.other_mails().await.len(), 1);
}

#[tokio::test]
async fn the_number_of_mails_to_other_addresses_is_limited() {
    let server = Server::start().await;
    let here = member(&server, "ada").await;
    for number in 0..5 {
        ask(&server, &here, &format!("stranger{number}@example.net")).await.data();
    }
    let limited = ask(&server, &here, "stranger5@example.net").await;
    limited.assert_error(429, "rate_limited");
    assert_eq!(limited.headers["retry-after"], "10");
    assert_eq!(emails(&server, &here).await.1, "stranger4@example.net");
}

#[tokio::test]
async fn the_mail_to_an_unconfirmed_address_contains_no_link_chosen_by_the_user() {
    let server = Server::start().await;
    let here = member(&server, "ada").await;
    let rename = json!({ "new_username": "www.evil.example", "new_name": "https://evil.example" });
    server.send(post("/api/auth/account/edit").cookie(&here).json(&rename)).await.data();
    server.other_mails().await;
    ask(&server, &here, "stranger@example.net").await.data();
    let mails = server.other_mails().await;
    let mail = mails.iter().find(|mail| mail.to == "stranger@example.net").expect("was sent");
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(!part.contains("evil.example"), "{part}");
    }
    assert!(mail.text.contains("www-evil-example"), "{}", mail.text);
}
