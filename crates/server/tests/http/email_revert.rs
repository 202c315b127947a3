//! GET and POST `/revert-email`: the link in the mail to the previous email of an account.

use axum::http::Method;
use doorstep_server::domain::{
    account::Status,
    mail::{EMAIL_MEMORY, REVERT_LIFE},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    mails::Mail,
    support::{Answer, PASSWORD, Server, credentials, get, post, request},
    tokens::send,
};

const LINK: &str = "http://127.0.0.1:8080/revert-email?token=";
const OLD: &str = "ada@example.org";
const NEW: &str = "eve@evil.example";

/// `ada`, signed in: the value of a `Cookie` header.
async fn ada(server: &Server) -> String {
    server.sign_in_member("ada").await
}

/// Changes the email of a signed-in user, confirms it, and returns the mails.
async fn change(server: &Server, cookie: &str, email: &str) -> Vec<Mail> {
    let edit = post("/api/auth/account/edit").cookie(cookie).json(&json!({ "new_email": email }));
    server.send(edit).await.data();
    let asked = server.other_mails().await;
    let to_new = asked.iter().find(|mail| mail.to == email).expect("was sent");
    let token = to_new.token("http://127.0.0.1:8080/account#confirm-email=");
    let confirm = post("/api/auth/account/confirm-email").cookie(cookie).json(&json!({ "token": token }));
    server.send(confirm).await.data();
    server.other_mails().await
}

/// The same, returning the token that undoes it.
async fn token_of_change(server: &Server, cookie: &str, email: &str) -> String {
    let told = change(server, cookie, email).await;
    let [mail] = told.as_slice() else { panic!("{told:?}") };
    mail.token(LINK)
}

async fn open(server: &Server, token: &str) -> Answer {
    server.send(get(&format!("/revert-email?token={token}")).header("sec-fetch-site", "cross-site")).await
}

async fn press(server: &Server, token: &str) -> Answer {
    let form = post("/revert-email").header("content-type", "application/x-www-form-urlencoded");
    server.send(form.body(format!("token={token}"))).await
}

#[track_caller]
fn assert_page(answer: &Answer, status: u16, says: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert!(answer.text.contains(says), "{says}: {}", answer.text);
    assert_eq!(answer.text.contains("<form"), says.contains(" will be "), "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.set_cookies().next().is_none() && !answer.text.contains("<script"), "{}", answer.text);
}

const ASKS: &str = "The email address of your account “ada” will be ada@example.org again.";
const DONE: &str = "The email address of your account “ada” is ada@example.org again";
const UNKNOWN: &str = "This link is not valid.";
const USED: &str = "This link was already used.";

async fn sign_in(server: &Server, name: &str) -> Answer {
    server.send(post("/api/auth/login").json(&credentials(name, PASSWORD))).await
}

#[tokio::test]
async fn the_old_address_gets_a_link_that_restores_it_and_ends_all_sessions() {
    let server = Server::start().await;
    let thief = ada(&server).await;
    let told = change(&server, &thief, NEW).await;
    let [mail] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), (OLD, "Your Doorstep email address was changed"));
    assert!(mail.text.contains(NEW) && mail.text.contains("expires in 72 hours"), "{}", mail.text);
    let token = mail.token(LINK);
    let other = sign_in(&server, NEW).await.cookie();
    server.other_mails().await;

    assert_page(&open(&server, &token).await, 200, ASKS);
    sign_in(&server, OLD).await.assert_error(401, "invalid_credentials");
    assert_eq!(server.send(get("/api/auth/me").cookie(&other)).await.status, 200, "GET ends nothing");

    let restored = press(&server, &token).await;
    assert_page(&restored, 200, DONE);
    for cookie in [&thief, &other] {
        server.send(get("/api/auth/me").cookie(cookie)).await.assert_error(401, "unauthenticated");
    }
    sign_in(&server, NEW).await.assert_error(401, "invalid_credentials");

    let told = server.other_mails().await;
    let subject = "Your Doorstep email address was restored";
    let mut to: Vec<&str> = told.iter().filter(|mail| mail.subject == subject).map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [OLD, NEW], "{told:?}");
    let events = server.events().await;
    let event = events.iter().find(|entry| entry.event.as_str() == "email_restored").expect("is recorded");
    assert_eq!((&event.detail["from"], &event.detail["to"]), (&json!(NEW), &json!(OLD)));
}

#[tokio::test]
async fn a_restored_email_ends_the_access_of_devices() {
    let server = Server::start().await;
    let thief = ada(&server).await;
    let token = token_of_change(&server, &thief, NEW).await;
    let asked = server.send(post("/v1/oauth/device/code").json(&json!({ "client_id": "difyctl" }))).await.json();
    let approve = post("/console/api/oauth/device/approve").cookie(&thief);
    let approved = server.send(approve.json(&json!({ "user_code": asked["user_code"] }))).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let poll = json!({ "client_id": "difyctl", "device_code": asked["device_code"] });
    let device = server.send(post("/v1/oauth/device/token").json(&poll)).await.json();
    let bearer = format!("Bearer {}", device["access_token"].as_str().expect("is text"));
    let me = || get("/v1/me").header("authorization", &bearer);
    assert_eq!(server.send(me()).await.status, 200);
    press(&server, &token).await;
    assert_eq!(server.send(me()).await.status, 401);
}

#[tokio::test]
async fn a_link_works_once_and_for_72_hours() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let token = token_of_change(&server, &here, NEW).await;
    for wrong in ["", "x", &token[1..], &format!("{token}A"), &"A".repeat(43)] {
        assert_page(&open(&server, wrong).await, 404, UNKNOWN);
        assert_page(&press(&server, wrong).await, 404, UNKNOWN);
    }
    let (one, other) = tokio::join!(press(&server, &token), press(&server, &token));
    let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
    assert_page(&won, 200, DONE);
    assert_page(&lost, 410, USED);
    assert_page(&open(&server, &token).await, 410, USED);

    let here = server.sign_in_member("bob").await;
    server.other_mails().await;
    let late = token_of_change(&server, &here, NEW).await;
    server.wait(SignedDuration::from_hours(71));
    assert_page(&open(&server, &late).await, 200, &ASKS.replace("ada", "bob"));
    server.wait(SignedDuration::from_hours(1));
    let expired = "This link has expired.";
    assert_page(&open(&server, &late).await, 410, expired);
    assert_page(&press(&server, &late).await, 410, expired);
    server.service.account().prune_email_reverts().await;
    assert_page(&open(&server, &late).await, 410, expired);
    server.wait(EMAIL_MEMORY - REVERT_LIFE);
    server.service.account().prune_email_reverts().await;
    assert_page(&open(&server, &late).await, 404, UNKNOWN);
}

#[tokio::test]
async fn later_changes_by_an_attacker_do_not_end_the_link() {
    let server = Server::start().await;
    let thief = ada(&server).await;
    let token = token_of_change(&server, &thief, NEW).await;
    let stolen = "an owl under the bridge";
    let edit = json!({ "new_password": stolen, "confirm_password": stolen, "new_username": "eve" });
    let thief = server.send(post("/api/auth/account/edit").cookie(&thief).json(&edit)).await.cookie();
    server.other_mails().await;
    let again = token_of_change(&server, &thief, "eve@other.example").await;
    assert_page(&press(&server, &token).await, 200, "The email address of your account “eve” is ada@example.org again");
    // A link to the email in between would return the account to the attacker.
    assert_page(&press(&server, &again).await, 404, UNKNOWN);
}

#[tokio::test]
async fn the_link_of_an_earlier_change_outlives_that_of_a_later_one() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let first = token_of_change(&server, &here, "ada@one.example").await;
    server.wait(SignedDuration::from_secs(1));
    let second = token_of_change(&server, &here, "ada@two.example").await;
    let back = press(&server, &second).await;
    assert_page(&back, 200, "The email address of your account “ada” is ada@one.example again");
    assert_page(&press(&server, &first).await, 200, DONE);
}

#[tokio::test]
async fn an_address_in_use_by_another_account_is_not_restored() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let token = token_of_change(&server, &here, NEW).await;
    let bob = server.sign_in_member("bob").await;
    server.other_mails().await;
    change(&server, &bob, OLD).await;
    assert_page(&press(&server, &token).await, 409, "Another account uses this address now.");
    assert_eq!(server.send(get("/api/auth/me").cookie(&here)).await.status, 200, "the session is still live");
}

#[tokio::test]
async fn only_the_button_of_the_page_restores() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let token = token_of_change(&server, &here, NEW).await;
    let body = format!("token={token}");
    let form = "application/x-www-form-urlencoded";
    let sent = |site: &str, kind: &str, body: &str| {
        let sent = request(Method::POST, "/revert-email").header("sec-fetch-site", site);
        sent.header("content-type", kind).body(body.to_owned())
    };
    for site in ["cross-site", "same-site", "none"] {
        assert_page(&server.send(sent(site, form, &body)).await, 403, "nothing was changed");
    }
    for (kind, body, status) in [
        ("application/json", json!({ "token": token }).to_string(), 415),
        ("text/plain", body.clone(), 415),
        (form, String::new(), 400),
        (form, format!("{body}&{body}"), 400),
        (form, "x".repeat(70_000), 413),
    ] {
        assert_eq!(server.send(sent("same-origin", kind, &body)).await.status, status, "{kind} {body:.40}");
    }
    sign_in(&server, OLD).await.assert_error(401, "invalid_credentials");
    assert_page(&press(&server, &token).await, 200, DONE);
}

#[tokio::test]
async fn the_token_is_not_in_the_database() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let token = token_of_change(&server, &here, NEW).await;
    assert!(!server.stores(&token).await);
}

/// The token of a password reset link.
const RESET: &str = "/reset-password?token=";
const CHOSEN: &str = "nine herons over lisbon";

async fn choose(server: &Server, token: &str, password: &str) -> Answer {
    server.send(send("/auth/password/reset", &json!({ "token": token, "password": password }))).await
}

/// A change after which the previous email gets a mail without a link.
async fn change_without_link(server: &Server, cookie: &str, email: &str) {
    let told = change(server, cookie, email).await;
    let [mail] = told.as_slice() else { panic!("{told:?}") };
    assert!(mail.text.contains(email) && !mail.text.contains("/revert-email"), "{}", mail.text);
    assert!(mail.text.contains("administrator"), "{}", mail.text);
}

#[tokio::test]
async fn restoring_ends_the_password_and_links_to_a_new_one_despite_earlier_requests() {
    let server = Server::start().await;
    let thief = ada(&server).await;
    let token = token_of_change(&server, &thief, NEW).await;
    for _ in 0..4 {
        server.send(send("/auth/password/request", &json!({ "email": OLD }))).await.assert_nothing();
    }
    server.mails().await;
    let page = press(&server, &token).await;
    sign_in(&server, OLD).await.assert_error(401, "invalid_credentials");
    let shown = page.text.split(RESET).nth(1).and_then(|rest| rest.split('#').next()).expect("redirects").to_owned();
    assert!(page.text.contains(&format!("href=\"{RESET}{shown}#username=ada\"")), "{}", page.text);
    let mails = server.other_mails().await;
    let of = |to: &str| mails.iter().find(|mail| mail.to == to).expect("was sent");
    assert!(of(OLD).text.contains(&shown) && !of(NEW).text.contains(RESET), "{mails:?}");
    choose(&server, &shown, CHOSEN).await.assert_nothing();
    server.send(post("/api/auth/login").json(&credentials(OLD, CHOSEN))).await.data();
    choose(&server, &shown, PASSWORD).await.assert_refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn restoring_a_suspended_account_ends_the_password_without_a_link_to_a_new_one() {
    let server = Server::start().await;
    let thief = ada(&server).await;
    let token = token_of_change(&server, &thief, NEW).await;
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    let page = press(&server, &token).await;
    assert_page(&page, 200, DONE);
    assert!(!page.text.contains(RESET) && page.text.contains("href=\"/login\""), "{}", page.text);
    server.service.accounts().set_status("ada", Status::Active).await.expect("is active");
    sign_in(&server, OLD).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn a_change_back_restores_and_gives_no_link_to_the_email_in_between() {
    let server = Server::start().await;
    let here = ada(&server).await;
    let first = token_of_change(&server, &here, NEW).await;
    let second = token_of_change(&server, &here, "eve@other.example").await;
    server.wait(REVERT_LIFE + REVERT_LIFE);
    server.service.account().prune_email_reverts().await;
    let here = sign_in(&server, "ada").await.cookie();
    server.other_mails().await;
    change_without_link(&server, &here, OLD).await;
    for token in [first, second] {
        assert_page(&press(&server, &token).await, 404, UNKNOWN);
    }
    // From now on it is an ordinary email.
    let again = token_of_change(&server, &here, NEW).await;
    assert_page(&press(&server, &again).await, 200, DONE);
}

#[tokio::test]
async fn an_operator_s_intervention_ends_all_links_except_that_to_the_oldest_email() {
    for suspended in [true, false] {
        let server = Server::start().await;
        let thief = ada(&server).await;
        let first = token_of_change(&server, &thief, NEW).await;
        let second = token_of_change(&server, &thief, "eve@other.example").await;
        if suspended {
            server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
        } else {
            server.service.accounts().set_password("ada", CHOSEN).await.expect("is set");
        }
        assert_page(&press(&server, &second).await, 404, UNKNOWN);
        assert_page(&press(&server, &first).await, 200, DONE);
    }
}

#[tokio::test]
async fn an_email_set_before_an_operator_s_intervention_gets_no_link() {
    for by_token in [true, false] {
        let server = Server::start().await;
        let thief = ada(&server).await;
        token_of_change(&server, &thief, NEW).await;
        server.wait(SignedDuration::from_hours(96));
        if by_token {
            let token =
                server.service.sign_in().make_login_token(Some("ada")).await.expect("is created").token.reveal();
            let body = json!({ "login_type": "temporary_token", "temporary_token": token });
            let here = server.send(post("/api/auth/login").json(&body)).await.cookie();
            let edit = json!({ "new_password": CHOSEN, "confirm_password": CHOSEN });
            server.send(post("/api/auth/account/edit").cookie(&here).json(&edit)).await.data();
        } else {
            server.service.accounts().set_password("ada", CHOSEN).await.expect("is set");
        }
        let here = server.send(post("/api/auth/login").json(&credentials("ada", CHOSEN))).await.cookie();
        server.other_mails().await;
        change_without_link(&server, &here, "ada@new.example").await;
        // The one that replaced it is the user's.
        let token = token_of_change(&server, &here, NEW).await;
        let back = "The email address of your account “ada” is ada@new.example again";
        assert_page(&press(&server, &token).await, 200, back);
    }
}
