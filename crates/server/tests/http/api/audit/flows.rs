//! The audit events of sign-ins and of changes to credentials: who, from where, what, and never a secret.

use doorstep_server::domain::{
    account::Status,
    audit::{Entry, Event},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    provider::Idp,
    support::{Authenticator, PASSWORD, RequestBuilder, Server, credentials, delete, get, post, second_step},
    tokens::send,
};

const NEW: &str = "a wholly new passphrase";
const HERE: &str = "192.0.2.44";

/// The only event of its kind.
async fn the(server: &Server, event: Event) -> Entry {
    let entries = of(server, event).await;
    let [entry] = entries.as_slice() else { panic!("{event:?}: {entries:?}") };
    entry.clone()
}

async fn of(server: &Server, event: Event) -> Vec<Entry> {
    server.events().await.into_iter().filter(|entry| entry.event == event).collect()
}

/// Caused by the user of the account, from this machine.
#[track_caller]
fn assert_own(entry: &Entry, username: &str) {
    assert_eq!((entry.actor.name.as_str(), entry.subject.as_str()), (username, username), "{entry:?}");
    assert!(entry.actor.account.is_some(), "{entry:?}");
    assert_eq!(entry.address.map(|address| address.to_string()).as_deref(), Some(HERE), "{entry:?}");
}

/// Caused by a command on the server.
#[track_caller]
fn assert_command(entry: &Entry, username: &str) {
    assert_eq!((entry.actor.name.as_str(), entry.subject.as_str()), ("command line", username), "{entry:?}");
    assert_eq!((&entry.actor.account, entry.address), (&None, None), "{entry:?}");
}

async fn assert_no_secrets(server: &Server, secrets: &[&str]) {
    let rows = server.events().await.into_iter().map(|entry| format!("{entry:?}"));
    for row in rows {
        for secret in secrets {
            assert!(!secret.is_empty() && !row.contains(secret), "{secret} in {row}");
        }
    }
}

fn login(name: &str, password: &str) -> RequestBuilder {
    post("/api/auth/login").json(&credentials(name, password)).from(HERE)
}

/// A member, signed in from this machine.
async fn member(server: &Server, name: &str) -> String {
    server.add_member(name).await;
    server.send(login(name, PASSWORD)).await.cookie()
}

async fn edit(server: &Server, cookie: &str, body: Value) -> String {
    let answer = server.send(post("/api/auth/account/edit").cookie(cookie).json(&body).from(HERE)).await;
    answer.data();
    answer.cookie()
}

#[tokio::test]
async fn signing_in_and_out_is_recorded_as_are_the_attempts_that_were_checked() {
    let server = Server::start().await;
    let cookie = member(&server, "ada").await;
    let entry = the(&server, Event::SignedIn).await;
    assert_own(&entry, "ada");
    assert_eq!(entry.detail["with"], "password");
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(entry.actor.account.as_ref().map(|id| Value::from(id.as_str())), Some(me["account"]["id"].clone()));
    server.send(post("/api/auth/logout").cookie(&cookie).from(HERE)).await.data();
    let out = the(&server, Event::SignedOut).await;
    assert_own(&out, "ada");
    assert_eq!(out.detail["session_id"], entry.detail["session_id"]);

    let wrong = "hunter2 hunter2";
    server.send(login("ada", wrong)).await.assert_error(401, "invalid_credentials");
    server.send(login("my secret passphrase", wrong)).await.assert_error(401, "invalid_credentials");
    let failed = of(&server, Event::SignInFailed).await;
    let mut subjects: Vec<_> = failed.iter().map(|entry| (entry.subject.as_str(), entry.actor.name.as_str())).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, [("", ""), ("ada", "")]);
    assert!(failed.iter().all(|entry| entry.address.is_some() && entry.detail["with"] == "password"), "{failed:?}");
    // Attempts refused by a limit are not recorded.
    for _ in 0..20 {
        server.send(login("ada", wrong)).await;
    }
    let times = of(&server, Event::SignInFailed).await.iter().map(|entry| entry.times).sum::<u32>();
    assert_eq!(times, 5);
    assert_no_secrets(&server, &[PASSWORD, wrong, "my secret", cookie.split('=').nth(1).expect("is a cookie")]).await;
}

#[tokio::test]
async fn proofs_and_ended_sessions_are_recorded() {
    let server = Server::start().await;
    let cookie = member(&server, "ada").await;
    let reauth = |password| post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": password })).from(HERE);
    server.send(reauth("wrong")).await.assert_error(401, "wrong_password");
    assert_own(&the(&server, Event::ReauthFailed).await, "ada");
    let answer = server.send(reauth(PASSWORD)).await;
    answer.data();
    let cookie = answer.cookie();
    let entry = the(&server, Event::Reauthenticated).await;
    assert_own(&entry, "ada");
    assert_eq!(entry.detail["with"], "password");

    for _ in 0..2 {
        server.send(login("ada", PASSWORD)).await.data();
    }
    let sessions = server.send(get("/api/auth/sessions").cookie(&cookie)).await.data();
    let items = sessions["items"].as_array().expect("is a list");
    let id = |own: bool| items.iter().find(|item| item["current"] == own).expect("exists")["id"].as_str();
    let other = id(false).expect("is text");
    let end = |what: &str| delete(&format!("/api/auth/sessions/{what}")).cookie(&cookie).from(HERE);
    server.send(end(other)).await.data();
    let entry = the(&server, Event::SessionEnded).await;
    assert_own(&entry, "ada");
    assert_eq!((&entry.detail["which"], &entry.detail["session_id"]), (&json!("one"), &json!(other)));
    server.send(end("others")).await.data();
    server.send(end("others")).await.data();
    let ended = of(&server, Event::SessionEnded).await;
    assert_eq!((ended.len(), ended.iter().filter(|entry| entry.detail["which"] == "others").count()), (2, 1));
    server.send(end(id(true).expect("is text"))).await.data();
    assert_own(&the(&server, Event::SignedOut).await, "ada");

    server.send(login("ada", PASSWORD)).await.data();
    server.service.accounts().end_sessions("ada").await.expect("are ended");
    server.service.accounts().end_sessions("ada").await.expect("are none");
    let ended = of(&server, Event::SessionEnded).await;
    let by_command: Vec<_> = ended.iter().filter(|entry| entry.detail["which"] == "all").collect();
    assert_eq!(by_command.len(), 1);
    assert_command(by_command[0], "ada");
}

#[tokio::test]
async fn changes_of_password_name_and_email_are_recorded() {
    let server = Server::start().await;
    let cookie = member(&server, "ada").await;
    let body = json!({ "new_username": "lovelace", "new_name": "Ada", "new_email": "ada@new.example" });
    edit(&server, &cookie, body).await;
    let (renamed, asked) =
        (the(&server, Event::UsernameChanged).await, the(&server, Event::EmailChangeRequested).await);
    assert_own(&renamed, "ada");
    assert_own(&asked, "ada");
    assert_eq!((&renamed.detail["to"], &asked.detail["to"]), (&json!("lovelace"), &json!("ada@new.example")));
    let mails = server.mails().await;
    let mail = mails.iter().find(|mail| mail.to == "ada@new.example").expect("was sent");
    let token = mail.token("http://127.0.0.1:8080/account#confirm-email=");
    let confirm = post("/api/auth/account/confirm-email").cookie(&cookie).json(&json!({ "token": token })).from(HERE);
    server.send(confirm).await.data();
    let changed = the(&server, Event::EmailChanged).await;
    assert_own(&changed, "lovelace");
    assert_eq!(
        (&changed.detail["from"], &changed.detail["to"]),
        (&json!("ada@example.org"), &json!("ada@new.example"))
    );
    let cookie = edit(&server, &cookie, json!({ "new_password": NEW, "confirm_password": NEW })).await;
    let password = the(&server, Event::PasswordChanged).await;
    assert_own(&password, "lovelace");
    assert_eq!(password.detail["how"], "own");
    // Display names are not credentials, and a failed edit is no event.
    let before = server.events().await.len();
    edit(&server, &cookie, json!({ "new_name": "Countess", "new_username": "lovelace" })).await;
    let refused = post("/api/auth/account/edit").cookie(&cookie).json(&json!({ "new_username": "admin" }));
    server.send(refused).await.assert_error(409, "username_taken");
    assert_eq!(server.events().await.len(), before);
    assert_no_secrets(&server, &[PASSWORD, NEW, &token]).await;
}

#[tokio::test]
async fn a_password_reset_is_recorded_from_the_request_on() {
    let server = Server::start().await;
    server.add_member("ada").await;
    for email in ["ada@example.org", "nobody@example.org"] {
        server.send(send("/auth/password/request", &json!({ "email": email })).from(HERE)).await.assert_nothing();
    }
    let mails = server.mails().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let token = mail.text.split("token=").nth(1).and_then(|rest| rest.split(['#', '\n']).next()).expect("is sent");
    let asked = the(&server, Event::PasswordResetRequested).await;
    assert_eq!((asked.actor.name.as_str(), asked.subject.as_str()), ("", "ada"));
    assert_eq!(asked.address.map(|address| address.to_string()).as_deref(), Some(HERE));
    let reset = send("/auth/password/reset", &json!({ "token": token, "password": NEW })).from(HERE);
    server.send(reset).await.assert_nothing();
    let changed = the(&server, Event::PasswordChanged).await;
    assert_own(&changed, "ada");
    assert_eq!(changed.detail["how"], "reset");
    assert_no_secrets(&server, &[token, NEW, "nobody@"]).await;
}

#[tokio::test]
async fn changes_uses_and_failures_of_second_factors_are_recorded() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let own = async |event| {
        let entry = the(&server, event).await;
        assert_own(&entry, "ada");
        entry
    };
    assert_eq!(the(&server, Event::TotpEnabled).await.subject, "ada");
    let step = |challenge: &str, code: &str| post("/api/auth/login").json(&second_step(challenge, code)).from(HERE);
    let challenge = server.challenge("ada").await;
    let wrong = app.wrong_code(&server);
    server.send(step(&challenge, &wrong)).await.assert_error(401, "invalid_code");
    let failed = the(&server, Event::SignInFailed).await;
    assert_eq!((failed.subject.as_str(), &failed.detail["with"]), ("ada", &json!("code")));

    let code = app.code(&server);
    let mut trusting = second_step(&challenge, &code);
    trusting["trust_device_flag"] = true.into();
    let answer = server.send(post("/api/auth/login").json(&trusting).from(HERE)).await;
    answer.data();
    let cookie = answer.cookie();
    let added = own(Event::TrustedDeviceAdded).await;
    let id = added.detail["trusted_device_id"].as_str().expect("is text");
    server.send(delete(&format!("/api/auth/trusted-devices/{id}")).cookie(&cookie).from(HERE)).await.data();
    assert_eq!(own(Event::TrustedDeviceRemoved).await.detail["trusted_device_id"], id);

    server.wait(SignedDuration::from_secs(30));
    let recovery = &app.recovery_codes[0];
    let challenge_two = server.challenge("ada").await;
    server.send(step(&challenge_two, recovery)).await.data();
    own(Event::RecoveryCodeUsed).await;
    let used: Vec<_> = of(&server, Event::SignedIn).await.iter().map(|entry| entry.detail["with"].clone()).collect();
    assert_eq!(used, ["password", "totp", "recovery_code"]);

    let renewed = server.send(post("/api/auth/totp/recovery").cookie(&cookie).from(HERE)).await.data();
    own(Event::RecoveryCodesReplaced).await;
    let disable = |code: &str| post("/api/auth/totp/disable").cookie(&cookie).json(&json!({ "code": code })).from(HERE);
    server.send(disable(&app.wrong_code(&server))).await.assert_error(401, "invalid_code");
    assert_eq!(own(Event::ReauthFailed).await.detail["with"], "code");
    server.send(disable(&app.code(&server))).await.data();
    assert_eq!(own(Event::TotpDisabled).await.detail["how"], "own");

    let renewed: Vec<&str> =
        renewed["recovery_codes"].as_array().expect("is a list").iter().filter_map(Value::as_str).collect();
    let secrets = [app.secret.as_str(), recovery, &challenge, &challenge_two, &code, PASSWORD];
    assert_no_secrets(&server, &[&secrets[..], &renewed].concat()).await;
}

#[tokio::test]
async fn a_locked_authenticator_is_recorded_once() {
    let server = Server::start_with(|builder| builder.policy.sign_in_limit.free_failures = 1_000).await;
    let app: Authenticator = server.add_with_totp("ada").await;
    for _ in 0..21 {
        let challenge = server.challenge("ada").await;
        for _ in 0..5 {
            let code = app.wrong_code(&server);
            server.send(post("/api/auth/login").json(&second_step(&challenge, &code))).await;
        }
    }
    assert_eq!(the(&server, Event::SecondFactorLocked).await.subject, "ada");
}

#[tokio::test]
async fn operators_commands_are_recorded_without_account_and_address() {
    let server = Server::start().await;
    let first = the(&server, Event::AccountAdded).await;
    assert_command(&first, "admin");
    assert_eq!(first.detail["how"], "first_start");
    let app = server.add_with_totp("ada").await;
    let service = &server.service;
    service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    service.accounts().set_status("ada", Status::Active).await.expect("is active");
    service.accounts().set_password("ada", NEW).await.expect("is set");
    service.accounts().reset_totp("ada").await.expect("is off");
    service.accounts().reset_totp("ada").await.expect("is still off");
    let token = service.sign_in().make_login_token(Some("ada")).await.expect("is created").token.reveal();
    for event in [
        Event::AccountSuspended,
        Event::AccountActivated,
        Event::PasswordChanged,
        Event::TotpDisabled,
        Event::LoginTokenMade,
    ] {
        assert_command(&the(&server, event).await, "ada");
    }
    let added = of(&server, Event::AccountAdded).await;
    let added = added.iter().find(|entry| entry.subject == "ada").expect("exists");
    assert_command(added, "ada");
    assert_eq!(added.detail["role"], "member");
    assert_no_secrets(&server, &[&token, NEW, PASSWORD, &app.secret]).await;
}

#[tokio::test]
async fn a_temporary_token_is_recorded_from_its_creation_to_the_new_password() {
    let server = Server::start().await;
    server.sign_in_with_new_password().await;
    let before = of(&server, Event::SignedIn).await.len();
    assert_eq!((before, the(&server, Event::PasswordChanged).await.detail["how"].clone()), (1, json!("first_set_up")));
    server.wait(SignedDuration::from_secs(1));
    let token = server.service.sign_in().make_login_token(None).await.expect("is created").token.reveal();
    let login = |token: &str| {
        let body = json!({ "login_type": "temporary_token", "temporary_token": token });
        post("/api/auth/login").json(&body).from(HERE)
    };
    let wrong = "x".repeat(43);
    server.send(login(&wrong)).await.assert_error(401, "invalid_token");
    assert_eq!(the(&server, Event::SignInFailed).await.detail["with"], "temporary_token");
    let cookie = server.send(login(&token)).await.cookie();
    let body = json!({ "password": NEW, "confirm_password": NEW, "username": "root", "email": "root@example.org" });
    server.send(post("/api/auth/setup-authenticated").cookie(&cookie).json(&body).from(HERE)).await.data();
    let signed_in = of(&server, Event::SignedIn).await;
    assert_eq!(signed_in.len(), 2, "the session continued: {signed_in:?}");
    assert_eq!(signed_in[1].detail["with"], "temporary_token");
    let changed = of(&server, Event::PasswordChanged).await;
    assert_eq!(changed[1].detail["how"], "temporary_session");
    assert_own(&changed[1], "admin");
    assert_eq!(the(&server, Event::UsernameChanged).await.detail["to"], "root");
    assert_eq!(the(&server, Event::EmailChangeRequested).await.detail["to"], "root@example.org");
    assert_no_secrets(&server, &[&token, &wrong, NEW]).await;
}

#[tokio::test]
async fn sign_outs_and_stolen_tokens_of_programs_are_recorded() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let first = server.tokens("ada").await;
    let refresh = |token: &str| send("/auth/refresh", &json!({ "refresh_token": token })).from(HERE);
    server.send(refresh(&first.refresh)).await.tokens_data();
    server.wait(SignedDuration::from_secs(11));
    server.send(refresh(&first.refresh)).await.assert_refused(401, "INVALID_CREDENTIALS");
    let reused = the(&server, Event::RefreshTokenReused).await;
    assert_eq!((reused.actor.name.as_str(), reused.subject.as_str()), ("", "ada"));
    assert_eq!(reused.address.map(|address| address.to_string()).as_deref(), Some(HERE));
    let second = server.tokens("ada").await;
    let out = send("/auth/logout", &json!({ "refresh_token": second.refresh })).from(HERE);
    server.send(out).await.assert_nothing();
    assert_own(&the(&server, Event::SignedOut).await, "ada");
    assert_no_secrets(&server, &[&first.refresh, &first.access, &second.refresh, &second.access]).await;
}

#[tokio::test]
async fn linked_unlinked_and_refused_identities_are_recorded() {
    let idp = Idp::start().await;
    let server = crate::auth::sso::server(&idp).await;
    let cookie = crate::auth::sso::linked(&server, &idp, "okta").await;
    let linked = the(&server, Event::IdentityLinked).await;
    assert_eq!((linked.actor.name.as_str(), &linked.detail["provider"]), ("ada", &json!("okta")));
    crate::auth::sso::through(&server, &idp, "okta", "", "").await;
    let signed_in = of(&server, Event::SignedIn).await;
    let by_identity = signed_in.iter().find(|entry| entry.detail["with"] == "sso").expect("exists");
    assert_eq!(by_identity.detail["identity_id"], linked.detail["identity_id"]);
    let id = linked.detail["identity_id"].as_str().expect("is text");
    server.send(delete(&format!("/api/auth/identities/{id}")).cookie(&cookie).from(HERE)).await.data();
    let removed = the(&server, Event::IdentityRemoved).await;
    assert_own(&removed, "ada");
    assert_eq!(removed.detail["provider"], "okta");
    // The provider still knows her, but the email that it states links nothing.
    crate::auth::sso::through(&server, &idp, "okta", "", "").await;
    let refused = the(&server, Event::SsoRefused).await;
    assert_eq!((refused.subject.as_str(), refused.actor.name.as_str()), ("ada@example.org", ""));
    assert_eq!((&refused.detail["provider"], refused.detail.contains_key("reason")), (&json!("okta"), true));
}
