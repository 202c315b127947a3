//! Notices: mails about changes of credentials and their rare uses.

use axum::http::{Method, StatusCode};
use doorstep_server::domain::account::Status;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    mails::Mail,
    support::{PASSWORD, Server, credentials, post, request, second_step},
};

/// The mails sent to `ada`.
async fn mails(server: &Server) -> Vec<Mail> {
    let mails = server.mails().await;
    assert!(mails.iter().all(|mail| mail.to == "ada@example.org"), "{mails:?}");
    mails
}

/// Their subjects, sorted: simultaneous mails have no other order.
async fn subjects(server: &Server) -> Vec<String> {
    let mut subjects: Vec<String> = mails(server).await.into_iter().map(|mail| mail.subject).collect();
    subjects.sort();
    subjects
}

#[tokio::test]
async fn every_change_of_the_second_factor_is_reported() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let told = mails(&server).await;
    let [on] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(on.subject, "Two-factor authentication was turned on for your Doorstep account");
    assert!(on.text.contains("All other sessions have ended."), "{}", on.text);
    // A new password leaves it on.
    assert!(on.text.contains("If you can't sign in, contact your administrator."), "{}", on.text);

    let renew = post("/api/auth/totp/recovery").cookie(&app.cookie);
    assert_eq!(server.send(renew).await.status, StatusCode::OK);
    assert_eq!(subjects(&server).await, ["Your Doorstep recovery codes were replaced"]);

    let disable = || post("/api/auth/totp/disable").cookie(&app.cookie).json(&json!({ "code": app.code(&server) }));
    assert_eq!(server.send(disable()).await.status, StatusCode::OK);
    let told = mails(&server).await;
    let [off] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(off.subject, "Two-factor authentication was turned off for your Doorstep account");
    assert!(off.text.contains("All other sessions have ended."), "{}", off.text);
    assert_eq!(server.send(disable()).await.status, StatusCode::OK);
    server.service.accounts().reset_totp("ada").await.expect("is off already");
    assert!(subjects(&server).await.is_empty(), "nothing changed");
}

/// A sign-in of `ada` without cookies.
async fn sign_in(server: &Server, address: &str) -> String {
    let sent =
        post("/api/auth/login").from(address).header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
    let answer = server.send(sent.json(&credentials("ada", PASSWORD))).await;
    answer.data();
    answer.cookie()
}

const NEW_BROWSER: &str = "New sign-in to your Doorstep account";

#[tokio::test]
async fn a_sign_in_from_a_new_browser_is_reported_with_when_where_and_how_to_end_it() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let known = sign_in(&server, "192.0.2.1").await;
    assert!(subjects(&server).await.is_empty(), "the first sign-in");
    let again = post("/api/auth/login").cookie(&known).json(&credentials("ada", PASSWORD));
    server.send(again).await.data();
    assert!(subjects(&server).await.is_empty(), "a known browser");
    let wrong = post("/api/auth/login").json(&credentials("ada", "wrong"));
    server.send(wrong).await.assert_error(401, "invalid_credentials");
    assert!(subjects(&server).await.is_empty(), "no sign-in");

    sign_in(&server, "198.51.100.7").await;
    let told = mails(&server).await;
    let [mail] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(mail.subject, NEW_BROWSER);
    for part in [
        "January 1, 2026, 12:00 UTC",
        "198.51.100.7",
        "Firefox on Linux",
        "http://127.0.0.1:8080/account/sessions",
        "reset your password or contact",
    ] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
}

#[tokio::test]
async fn many_sign_ins_do_not_cause_many_mails() {
    let server = Server::start().await;
    server.add_member("ada").await;
    for number in 1..20 {
        sign_in(&server, &format!("192.0.2.{number}")).await;
    }
    // The first sign-in counts as one of the five.
    assert_eq!(subjects(&server).await, [NEW_BROWSER; 4]);
    server.wait(SignedDuration::from_hours(25));
    sign_in(&server, "192.0.2.99").await;
    assert_eq!(subjects(&server).await, [NEW_BROWSER]);
}

#[tokio::test]
async fn a_program_with_a_session_is_recognized_by_address_and_name() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tokens = async |address: &str| {
        let body = json!({ "email": "ada@example.org", "password": PASSWORD });
        let answer = server.send(post("/auth/login").from(address).json(&body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        subjects(&server).await
    };
    assert!(tokens("192.0.2.1").await.is_empty(), "the first sign-in");
    assert!(tokens("192.0.2.1").await.is_empty(), "the same program");
    assert_eq!(tokens("198.51.100.7").await, [NEW_BROWSER]);
}

#[tokio::test]
async fn disabling_by_an_operator_is_reported() {
    let server = Server::start().await;
    server.add_with_totp("ada").await;
    subjects(&server).await;
    server.service.accounts().reset_totp("ada").await.expect("is off");
    let told = mails(&server).await;
    let [off] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(off.subject, "Two-factor authentication was turned off for your Doorstep account");
    assert!(off.text.contains("All sessions have ended."), "{}", off.text);
}

#[tokio::test]
async fn a_temporary_session_only_sets_a_new_password_without_the_old_one() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let token = server.service.sign_in().make_login_token(Some("ada")).await.expect("is created").token.reveal();
    let login = json!({ "login_type": "temporary_token", "temporary_token": token });
    let cookie = server.send(post("/api/auth/login").json(&login)).await.cookie();
    server.wait(SignedDuration::from_mins(11));
    let edit = |body| post("/api/auth/account/edit").cookie(&cookie).json(&body);
    let new = "an owl under the bridge";
    server.send(edit(json!({ "new_name": "Ada" }))).await.assert_error(403, "temporary_session");
    let both = json!({ "new_name": "Ada", "new_password": new, "confirm_password": new });
    server.send(edit(both)).await.assert_error(403, "temporary_session");
    let same = json!({ "new_password": PASSWORD, "confirm_password": PASSWORD });
    server.send(edit(same)).await.assert_error(422, "password_policy");
    let answer = server.send(edit(json!({ "new_password": new, "confirm_password": new }))).await;
    assert_eq!(answer.data(), json!({}));
    assert!(!answer.cookie().is_empty());
    let told = ["A temporary sign-in token was used for your Doorstep account", "Your Doorstep password was changed"];
    assert_eq!(subjects(&server).await, told);
}

#[tokio::test]
async fn a_changed_username_is_reported() {
    let server = Server::start().await;
    let cookie = server.sign_in_member("ada").await;
    let edit = |body: Value| post("/api/auth/account/edit").cookie(&cookie).json(&body);
    server.send(edit(json!({ "new_username": "ada" }))).await.data();
    assert!(subjects(&server).await.is_empty(), "nothing changed");
    server.send(edit(json!({ "new_username": "lovelace" }))).await.data();
    let mails = mails(&server).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Your Doorstep username was changed");
    assert!(mails[0].text.contains("changed from ada to lovelace"), "{}", mails[0].text);
    assert!(mails[0].text.contains("IP address: 127.0.0.1"), "{}", mails[0].text);
    assert!(mails[0].text.contains("/account/security"), "{}", mails[0].text);
}

#[tokio::test]
async fn a_used_recovery_code_and_a_trusted_browser_are_reported() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    subjects(&server).await;
    let challenge = server.challenge("ada").await;
    let recovery = post("/api/auth/login").json(&second_step(&challenge, &app.recovery_codes[0]));
    server.send(recovery).await.data();
    assert_eq!(subjects(&server).await, ["A recovery code was used for your Doorstep account", NEW_BROWSER]);

    let challenge = server.challenge("ada").await;
    let again = post("/api/auth/login").json(&second_step(&challenge, &app.recovery_codes[0]));
    server.send(again).await.assert_error(401, "invalid_code");
    assert!(subjects(&server).await.is_empty(), "it was not used again");

    let mut body = credentials("ada", PASSWORD);
    body["code"] = app.code(&server).into();
    body["trust_device_flag"] = true.into();
    server.send(post("/api/auth/login").json(&body)).await.data();
    let mails = mails(&server).await;
    let trusted = mails.iter().find(|mail| mail.subject == "A trusted browser was added to your Doorstep account");
    // Thirty days by the clock of the server.
    let until = trusted.map(|mail| mail.text.contains("\nTrusted until: January 31, 2026, 12:00 UTC\n"));
    assert_eq!((mails.len(), until), (2, Some(true)), "{mails:?}");
}

#[tokio::test]
async fn too_many_wrong_codes_are_reported_once() {
    let server = Server::start_with(|builder| builder.policy.sign_in_limit.free_failures = 1_000).await;
    let app = server.add_with_totp("ada").await;
    subjects(&server).await;
    let mut body = credentials("ada", PASSWORD);
    body["code"] = app.wrong_code(&server).into();
    for _ in 0..103 {
        server.send(post("/api/auth/login").json(&body)).await.assert_error(401, "invalid_code");
    }
    let told = mails(&server).await;
    let [blocked] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(blocked.subject, "Verification codes are blocked for your Doorstep account");
    // A new password leaves them blocked.
    assert!(blocked.text.contains("If you have no recovery code, contact your administrator."), "{}", blocked.text);
    assert!(!blocked.text.contains("reset your password"), "{}", blocked.text);
}

#[tokio::test]
async fn an_operator_s_changes_of_an_account_are_reported() {
    let server = Server::start().await;
    server.add_member("ada").await;
    for status in [Status::Suspended, Status::Suspended, Status::Active, Status::Active] {
        server.service.accounts().set_status("ada", status).await.expect("is set");
    }
    server.service.accounts().set_password("ada", "an owl under the bridge").await.expect("is set");
    let mails = mails(&server).await;
    let mut subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    subjects.sort_unstable();
    let told = [
        "Your Doorstep account was reactivated",
        "Your Doorstep account was suspended",
        "Your Doorstep password was changed",
    ];
    assert_eq!(subjects, told);
    assert!(mails.iter().all(|mail| mail.text.contains("Done by: An operator (on the server)")), "{mails:?}");
    let of = |subject: &str| mails.iter().find(|mail| mail.subject.contains(subject)).expect("is sent");
    // An operator's change is no reason to secure the account.
    assert!(of("password").text.contains("All sessions have ended, and devices have lost access."), "{mails:?}");
    assert!(of("password").text.contains("If you didn't expect this, contact your administrator."), "{mails:?}");
    assert!(!of("password").text.contains("If this wasn't you"), "{mails:?}");
    assert!(of("reactivated").text.contains("Sign in\nhttp://127.0.0.1:8080/login\n"), "{mails:?}");
}

#[tokio::test]
async fn the_notice_of_an_authorized_device_contains_no_text_that_could_form_a_link() {
    let server = Server::start().await;
    let cookie = server.sign_in_member("ada").await;
    let label = "Ada's laptop. Win at https://evil.example/now <b>";
    let asked = json!({ "client_id": "difyctl", "device_label": label, "scope": "apps:run" });
    let ask = request(Method::POST, "/v1/oauth/device/code").json(&asked).from("192.0.2.7");
    let codes = server.send(ask).await.json();
    let decide = |what: &str| {
        let body = json!({ "user_code": codes["user_code"] });
        post(&format!("/v1/oauth/device/{what}")).cookie(&cookie).json(&body)
    };
    assert_eq!(server.send(decide("approve")).await.status, StatusCode::OK);
    assert_eq!(server.send(decide("approve")).await.status, StatusCode::CONFLICT);
    let mails = mails(&server).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "A device was authorized for your Doorstep account");
    for line in [
        "Application: difyctl",
        "Device name (reported by the device): “Ada's laptop- Win at https---evil-example-now -b-”",
        "IP address of the device: 192.0.2.7",
        "Permissions: Run apps only",
        "Expires: January 15, 2026, 12:00 UTC",
        "Approved from: 127.0.0.1",
        "http://127.0.0.1:8080/account/devices",
    ] {
        assert!(mails[0].text.contains(line), "{line}: {}", mails[0].text);
    }
    assert!(!mails[0].raw.contains("evil.example"), "{}", mails[0].raw);
}

#[tokio::test]
async fn a_denied_device_and_a_failed_change_cause_no_mail() {
    let server = Server::start().await;
    let cookie = server.sign_in_member("ada").await;
    let ask = request(Method::POST, "/v1/oauth/device/code").json(&json!({ "client_id": "difyctl" }));
    let codes = server.send(ask).await.json();
    let deny = post("/v1/oauth/device/deny").cookie(&cookie).json(&json!({ "user_code": codes["user_code"] }));
    assert_eq!(server.send(deny).await.status, StatusCode::OK);
    let edit = post("/api/auth/account/edit").cookie(&cookie).json(&json!({ "new_username": "admin" }));
    server.send(edit).await.assert_error(409, "username_taken");
    assert!(subjects(&server).await.is_empty());
}

#[tokio::test]
async fn changes_in_a_temporary_session_are_reported_to_the_previous_address() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let token = server.service.sign_in().make_login_token(Some("ada")).await.expect("is created").token.reveal();
    let login = json!({ "login_type": "temporary_token", "temporary_token": token });
    let cookie = server.send(post("/api/auth/login").json(&login)).await.cookie();
    let new = "an owl under the bridge";
    let body = json!({ "username": "eve", "password": new, "confirm_password": new });
    server.send(post("/api/auth/setup-authenticated").cookie(&cookie).json(&body)).await.data();
    let told = [
        "A temporary sign-in token was used for your Doorstep account",
        "Your Doorstep password was changed",
        "Your Doorstep username was changed",
    ];
    let mails = mails(&server).await;
    let mut subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, told);
    let used = mails.iter().find(|mail| mail.subject == told[0]).expect("is sent");
    // The advice names what the button's page does.
    for part in ["session now and change your password.", "http://127.0.0.1:8080/account/sessions"] {
        assert!(used.text.contains(part), "{part}: {}", used.text);
    }
}
