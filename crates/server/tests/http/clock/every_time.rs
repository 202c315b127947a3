//! Any time in the database may be in the future, and still no user is locked out.
//!
//! The schema determines which times there are: every numeric column that is not listed here is taken for a time,
//! and must be in the future after what this test does while the clock is ahead.

use axum::http::StatusCode;
use doorstep_server::idp::Providers;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    auth::sso::{linked, location, through},
    device::{ask, poll, token},
    portal::{self, Office},
    provider::Idp,
    support::{
        Answer, Authenticator, PASSWORD, RequestBuilder, Server, credentials, delete, get, patch, post, schema::time,
        second_step,
    },
    tokens::{Tokens, me, send},
};

/// How far the clock was ahead: a wrong time zone, or a wrong year.
const AHEAD: [SignedDuration; 2] = [SignedDuration::from_hours(8), SignedDuration::from_hours(365 * 24)];

/// Numeric columns that are not times.
const NO_TIMES: [&str; 14] = [
    "accounts.has_signed_in",
    "accounts.password_is_initial",
    "accounts.wrong_second_factors",
    "audit.of_stranger",
    "audit.times",
    "challenges.attempts",
    "clients.active",
    "device_grants.cross_ip_told",
    "device_grants.poll_interval",
    "device_tokens.end_told",
    "email_reverts.in_doubt",
    "limits.failures",
    "mails.attempts",
    "quotas.times",
];
/// The column that counts steps of half a minute rather than milliseconds.
const STEPS: &str = "totp_steps.step";

/// What was created while the clock was ahead.
struct Opened {
    /// How far the clock was ahead.
    ahead: SignedDuration,
    office: Office,
    idp: Idp,
    /// Ada's browser and program.
    ada: String,
    program: Tokens,
    /// The session that began by SSO.
    through_provider: String,
    /// Bob's authenticator, and a browser that he trusts.
    bob: Authenticator,
    trusted: String,
    /// A device's token, and a pending device.
    device: String,
    waits: crate::device::Codes,
    /// A magic link, and the portal's cookie.
    link: String,
    portal: String,
    /// A temporary token.
    login_token: String,
}

fn login(name: &str, password: &str) -> RequestBuilder {
    post("/api/auth/login").json(&credentials(name, password))
}

fn email(name: &str) -> Value {
    json!({ "email": format!("{name}@example.org") })
}

/// The token in a queued mail, after this part of its link.
async fn mailed(server: &Server, to: &str, link: &str) -> String {
    let mails = server.mails().await;
    let found = mails.iter().filter(|mail| mail.to == to).find_map(|mail| {
        let rest = mail.text.split(link).nth(1)?;
        rest.split(|end: char| end == '#' || end.is_whitespace()).next()
    });
    found.unwrap_or_else(|| panic!("no {link} for {to}: {mails:?}")).to_owned()
}

async fn reset(server: &Server, name: &str) -> Answer {
    server.send(send("/auth/password/request", &email(name))).await.assert_nothing();
    let token = mailed(server, &format!("{name}@example.org"), "token=").await;
    server.send(send("/auth/password/reset", &json!({ "token": token, "password": PASSWORD }))).await
}

async fn temporary(server: &Server, token: &str) -> Answer {
    let body = json!({ "login_type": "temporary_token", "temporary_token": token });
    server.send(post("/api/auth/login").json(&body)).await
}

impl Opened {
    /// Uses a server in every way that stores a time.
    async fn ahead(ahead: SignedDuration) -> Self {
        let idp = Idp::start().await;
        let providers = Providers::new(vec![idp.openid()]).expect("the system has certificates");
        let server = Server::start_with(|builder| builder.providers = providers).await;
        server.wait(ahead);
        let now = server.now();
        idp.set(|script| script.now = now);
        let office = Office::of(server).await;
        let Office { server, operator, client, project } = &office;

        let updates = format!("/api/projects/{project}/updates");
        let update = office.make(&updates, &json!({ "body": "first" })).await;
        office.change(&format!("{updates}/{update}"), &json!({ "body": "second" })).await;
        let (ended, _) = office.link(client).await;
        office.revoke(client, &ended).await;
        let (_, link) = office.link(client).await;
        let portal = portal::portal_cookie(&server.send(get(&link)).await);
        office.preview(project).await.data();

        let ada = linked(server, &idp, "okta").await;
        let through_provider = through(server, &idp, "okta", "", "").await.cookie();
        let members = format!("/api/projects/{project}/members");
        server.send(post(&members).cookie(operator).json(&json!({ "username": "ada" }))).await.data();
        let program = server.tokens("ada").await;
        let body = json!({ "refresh_token": program.refresh });
        let program = Tokens::of(&server.send(send("/auth/refresh", &body)).await);

        let bob = server.add_with_totp("bob").await;
        let body =
            json!({ "username": "bob", "password": PASSWORD, "code": bob.code(server), "trust_device_flag": true });
        let answer = server.send(post("/api/auth/login").json(&body)).await;
        answer.data();
        let trusted = answer.cookie();
        server.challenge("bob").await;
        let carol = server.sign_in_member("carol").await;
        server.send(post("/api/auth/totp/setup").cookie(&carol).json(&json!({}))).await.data();
        let new_email = async |email: &str| {
            let edit = post("/api/auth/account/edit").cookie(&carol).json(&json!({ "new_email": email }));
            server.send(edit).await.data();
            mailed(server, email, "confirm-email=").await
        };
        let confirm = json!({ "token": new_email("carol@new.example").await });
        server.send(post("/api/auth/account/confirm-email").cookie(&carol).json(&confirm)).await.data();
        let edit = post("/api/auth/account/edit").cookie(&bob.cookie).json(&json!({ "new_email": "bob@new.example" }));
        server.send(edit).await.data();
        let frank = server.sign_in_member("frank").await;
        let edit = post("/api/auth/account/edit").cookie(&frank).json(&json!({ "new_email": "frank@new.example" }));
        server.send(edit).await.data();
        let confirm = json!({ "token": mailed(server, "frank@new.example", "confirm-email=").await });
        server.send(post("/api/auth/account/confirm-email").cookie(&frank).json(&confirm)).await.data();
        let revert = mailed(server, "frank@example.org", "revert-email?token=").await;
        let press = post("/revert-email").header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(server.send(press.body(format!("token={revert}"))).await.status, StatusCode::OK);
        server.add_member("dan").await;
        server.add_member("erin").await;
        reset(server, "erin").await.assert_nothing();
        server.send(send("/auth/password/request", &email("dan"))).await.assert_nothing();
        server.service.account().process_password_requests().await;

        let make =
            async || server.service.sign_in().make_login_token(Some("admin")).await.expect("is created").token.reveal();
        temporary(server, &make().await).await.data();
        let login_token = make().await;
        let revoked = token(server, operator).await;
        let own = delete("/v1/oauth/authorizations/self").header("authorization", &format!("Bearer {revoked}"));
        assert_eq!(server.send(own).await.status, StatusCode::OK);
        let device = token(server, operator).await;
        assert_eq!(server.send(crate::device::me(&device)).await.status, StatusCode::OK);
        let waits = ask(server).await;
        assert_eq!(server.send(poll(&waits)).await.json()["error"], "authorization_pending");

        for _ in 0..6 {
            server.send(login("ada", "wrong")).await;
            server.send(login("ada", "wrong").cookie(&ada)).await;
        }
        server.send(send("/auth/password/request", &email("ada"))).await.assert_nothing();
        server.store.claim_mail(server.now()).await.expect("answers").expect("exists");
        server.wait(-ahead);
        let now = server.now();
        idp.set(|script| script.now = now);
        Self {
            ahead,
            office,
            idp,
            ada,
            program,
            through_provider,
            bob,
            trusted,
            device,
            waits,
            link,
            portal,
            login_token,
        }
    }

    /// Asserts that every column of times has one in the future.
    async fn assert_all_ahead(&self) {
        let server = &self.office.server;
        let now = server.now();
        let numbers = server.numbers().await;
        for name in NO_TIMES {
            assert!(numbers.iter().any(|(column, _)| column == name), "there is no {name}");
        }
        for (column, greatest) in numbers.iter().filter(|(column, _)| !NO_TIMES.contains(&column.as_str())) {
            let greatest = greatest.map(|number| if column == STEPS { number * 30_000 } else { number });
            let latest = greatest.map(time);
            assert!(
                latest.is_some_and(|latest| latest.duration_since(now) > SignedDuration::from_hours(7)),
                "{column} is a number: say that it is no time, or have it written while the clock is ahead: {latest:?}"
            );
        }
    }

    /// Asserts that everything still works.
    async fn assert_nobody_is_locked_out(&self) {
        let Office { server, operator, client, project } = &self.office;
        for browser in [operator, &self.ada, &self.through_provider, &self.bob.cookie] {
            server.send(get("/api/auth/me").cookie(browser)).await.data();
        }
        server.send(login("ada", PASSWORD)).await.data();
        server.send(login("ada", PASSWORD).cookie(&self.ada)).await.data();
        assert_eq!(location(&through(server, &self.idp, "okta", "", "").await), "/");

        server.send(login("bob", PASSWORD).cookie(&self.trusted)).await.data();
        let step = second_step(&server.challenge("bob").await, &self.bob.code(server));
        server.send(post("/api/auth/login").json(&step)).await.data();
        let recovery = second_step(&server.challenge("bob").await, &self.bob.recovery_codes[0]);
        server.send(post("/api/auth/login").json(&recovery)).await.data();
        let carol = server.send(login("carol", PASSWORD)).await.cookie();
        server.enrol(&carol).await;

        server.send(me(&self.program.access)).await.tokens_data();
        let body = json!({ "refresh_token": self.program.refresh });
        let program = Tokens::of(&server.send(send("/auth/refresh", &body)).await);
        server.send(me(&program.access)).await.tokens_data();

        // Queued mails are sent; a newly requested one is sent too.
        assert!(!server.mails().await.is_empty());
        for name in ["ada", "dan"] {
            reset(server, name).await.assert_nothing();
            server.send(login(name, PASSWORD)).await.data();
        }
        let carol = server.send(login("ada", PASSWORD)).await.cookie();
        let edit = post("/api/auth/account/edit").cookie(&carol).json(&json!({ "new_email": "ada@new.example" }));
        server.send(edit).await.data();
        let confirm = json!({ "token": mailed(server, "ada@new.example", "confirm-email=").await });
        server.send(post("/api/auth/account/confirm-email").cookie(&carol).json(&confirm)).await.data();

        assert_eq!(server.send(crate::device::me(&self.device)).await.status, StatusCode::OK);
        let waiting = server.send(poll(&self.waits)).await.json();
        assert!(["authorization_pending", "expired_token"].iter().any(|code| waiting["error"] == *code), "{waiting}");
        let admin = temporary(server, &self.login_token).await;
        admin.data();
        let proof = json!({ "password": "seven clouds over lisbon" });
        let proved = server.send(post("/api/auth/reauth").cookie(operator).json(&proof)).await;
        proved.data();
        let operator = proved.cookie();
        let new = token(server, &operator).await;
        assert_eq!(server.send(crate::device::me(&new)).await.status, StatusCode::OK);

        // A portal cookie from further in the future than its lifetime is invalid. The link stays valid.
        let goes_on = self.ahead < SignedDuration::from_hours(30 * 24);
        assert_eq!(server.send(portal::me(&self.portal)).await.status == StatusCode::OK, goes_on);
        let again = portal::portal_cookie(&server.send(get(&self.link)).await);
        assert_eq!(server.send(portal::me(&again)).await.status, StatusCode::OK);
        let preview = post(&format!("/api/projects/{project}/portal-preview")).cookie(&operator);
        server.send(preview).await.data();
        let renamed = patch(&format!("/api/clients/{client}")).cookie(&operator).json(&json!({ "name": "Harbour" }));
        server.send(renamed).await.data();
        let update = post(&format!("/api/projects/{project}/updates")).cookie(&operator);
        server.send(update.json(&json!({ "body": "third" }))).await.data();
        server.send(get("/api/audit").cookie(&operator)).await.data();
    }
}

#[tokio::test]
async fn a_future_time_in_any_column_locks_nobody_out() {
    for ahead in AHEAD {
        let opened = Opened::ahead(ahead).await;
        opened.assert_all_ahead().await;
        opened.assert_nobody_is_locked_out().await;
    }
}
