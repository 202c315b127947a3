//! Two server processes over one PostgreSQL: one of them is killed, and PostgreSQL is restarted under both.
//!
//! `DOORSTEP_TEST_POSTGRES` is the URL of PostgreSQL, and `DOORSTEP_TEST_POSTGRES_CONTROL` its `pg_ctl` with
//! options, one word per line: `cargo xtask test --only postgres`. Without them the tests do nothing. PostgreSQL is
//! restarted, so nothing else may use it meanwhile.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "cluster/client.rs"]
mod client;
#[path = "cluster/servers.rs"]
mod servers;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use client::Client;
use serde_json::{Value, json};
use servers::{PASSWORD, Servers};

/// One test at a time: one of them restarts PostgreSQL.
static TURN: Mutex<()> = Mutex::new(());

fn in_turn(test: impl FnOnce(Servers)) {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(servers) = Servers::start() {
        test(servers);
    }
}

fn ask_for_codes(client: &mut Client) -> Option<Value> {
    client
        .try_post("/v1/oauth/device/code", &json!({ "client_id": "difyctl" }))
        .filter(|answer| answer.status == 200)
        .map(|answer| answer.body)
}

fn poll(client: &mut Client, codes: &Value) -> (u16, Value) {
    let answer =
        client.post("/v1/oauth/device/token", &json!({ "client_id": "difyctl", "device_code": codes["device_code"] }));
    (answer.status, answer.body)
}

#[test]
fn a_device_flow_continues_on_the_other_server_when_one_is_killed() {
    in_turn(|mut servers| {
        let mut device = servers.client(0);
        let codes = ask_for_codes(&mut device).expect("is answered");
        let mut browser = servers.client(0);
        browser.sign_in();
        browser.post("/console/api/oauth/device/approve", &json!({ "user_code": codes["user_code"] })).ok();
        servers.kill(0);
        device.goes_to(&servers, 1);
        let (status, token) = poll(&mut device, &codes);
        assert!(status == 200 && token["access_token"].is_string(), "{token}");
        assert_eq!(poll(&mut device, &codes).0, 400, "it is returned once");
    });
}

#[test]
fn an_acknowledged_refresh_is_known_to_the_other_server_when_one_is_killed() {
    in_turn(|mut servers| {
        let mut client = servers.client(0);
        let refresh = |client: &mut Client, token: &Value| {
            client.post("/auth/refresh", &json!({ "refresh_token": token, "mode": "json" }))
        };
        let credentials = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "json" });
        let first = client.post("/auth/login", &credentials).ok()["data"].clone();
        let second = refresh(&mut client, &first["refresh_token"]).ok()["data"].clone();
        servers.kill(0);
        client.goes_to(&servers, 1);
        assert_eq!(refresh(&mut client, &first["refresh_token"]).status, 401, "it was used");
        let third = refresh(&mut client, &second["refresh_token"]).ok()["data"].clone();
        assert!(third["access_token"].is_string(), "{third}");
    });
}

#[test]
fn a_second_step_continues_on_the_other_server_when_one_is_killed() {
    in_turn(|mut servers| {
        let mut browser = servers.client(0);
        browser.sign_in();
        let secret = browser.post("/api/auth/totp/setup", &json!({})).ok()["data"]["secret"].clone();
        let code = code(secret.as_str().expect("is text"));
        let set_up = browser.post("/api/auth/totp/setup", &json!({ "secret": secret, "code": code })).ok();
        let recovery = &set_up["data"]["recovery_codes"][0];

        let mut other = servers.client(0);
        let asked = other.post("/api/auth/login", &json!({ "username": "ada", "password": PASSWORD }));
        assert_eq!(asked.status, 401, "{asked:?}");
        servers.kill(0);
        other.goes_to(&servers, 1);
        let answer = |code: &Value| json!({ "challenge": asked.body["data"]["challenge"], "code": code });
        // The code was used on the killed server.
        assert_eq!(other.post("/api/auth/login", &answer(&code.into())).status, 401);
        other.post("/api/auth/login", &answer(recovery)).ok();
        other.get("/api/auth/me").ok();
    });
}

/// The current code.
fn code(secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("is base32");
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().expect("fits");
    #[expect(clippy::disallowed_methods, reason = "the server's clock is the system's")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("is after 1970");
    totp.generate(now.as_secs()).to_string()
}

#[test]
fn acknowledged_writes_survive_a_kill() {
    in_turn(|mut servers| {
        let acknowledged = Mutex::new(Vec::new());
        let count = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                let mut device = servers.client(0);
                let (acknowledged, count) = (&acknowledged, &count);
                scope.spawn(move || {
                    while let Some(codes) = ask_for_codes(&mut device) {
                        acknowledged.lock().expect("is whole").push(codes);
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            while count.load(Ordering::Relaxed) < 20 {
                thread::sleep(Duration::from_millis(1));
            }
            servers.kill(0);
        });
        let acknowledged = acknowledged.into_inner().expect("is whole");
        assert!(acknowledged.len() >= 20);
        let mut device = servers.client(1);
        for codes in &acknowledged {
            assert_eq!(poll(&mut device, codes).1["error"], "authorization_pending", "{codes}");
        }
    });
}

#[test]
fn while_postgres_restarts_requests_get_503_and_recover_afterwards() {
    in_turn(|servers| {
        let mut clients = [servers.client(0), servers.client(1)];
        let codes = ask_for_codes(&mut clients[0]).expect("is answered");
        for client in &mut clients {
            client.sign_in();
        }
        let asks: [fn(&mut Client) -> u16; 3] = [
            |client| client.get("/readyz").status,
            |client| client.get("/api/auth/me").status,
            |client| client.post("/v1/oauth/device/code", &json!({ "client_id": "difyctl" })).status,
        ];
        for how in ["fast", "immediate"] {
            servers::control(&["stop", "-w", "-m", how]);
            thread::scope(|scope| {
                let mut asked = Vec::new();
                for client in &mut clients {
                    assert_eq!(client.get("/healthz").status, 200);
                    for ask in asks {
                        let mut client = client.clone();
                        asked.push(scope.spawn(move || ask(&mut client)));
                    }
                }
                for status in asked {
                    assert_eq!(status.join().expect("is answered"), 503);
                }
            });
            servers::control(&["start", "-w"]);
            for client in &mut clients {
                client.get("/api/auth/me").ok();
                assert_eq!(client.get("/readyz").status, 200);
                assert!(ask_for_codes(client).is_some());
            }
            assert_ne!(poll(&mut clients[1], &codes).1["error"], "expired_token", "{codes}");
        }
    });
}
