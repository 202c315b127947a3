//! The scenes: requests to the server and the baseline.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};

use super::{
    client::{Connection, Work, get, post},
    installation::{Installation, PASSWORD, device_code},
};

/// The path for device requests.
const MOUNT: &str = "/v1/oauth/device";

/// The work of a scene.
#[derive(Clone)]
pub enum Scene {
    /// The same request each time, with the expected status.
    Same(Arc<[u8]>, u32, u16),
    /// A poll within the interval, of one device after another.
    Poll(Arc<Count>),
    /// A device request, its approval by the user, and fetching the token.
    Device(String),
    /// Exchanging a refresh token for the next.
    Refresh(Arc<Count>),
    /// A sign-in with a password.
    SignIn(Arc<Count>),
}

/// A counter that wraps around.
#[derive(Default)]
pub struct Count {
    next: AtomicU64,
    of: u64,
}

impl Count {
    pub fn of(of: u32) -> Arc<Self> {
        Arc::new(Self { next: AtomicU64::new(0), of: of.into() })
    }

    fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed) % self.of.max(1)
    }
}

/// A header line with a distinct client address.
fn from(number: u64) -> String {
    let [.., a, b, c] = number.to_be_bytes();
    format!("x-forwarded-for: 10.{a}.{b}.{c}\r\n")
}

impl Scene {
    pub fn get(path: &str, headers: &str) -> Self {
        Self::Same(get(path, headers).into(), 1, 200)
    }

    /// A poll of the first device, too soon after the last.
    pub fn poll_too_soon() -> Self {
        Self::Same(poll(&device_code(0)).into(), 1, 400)
    }

    pub fn me(here: &Installation) -> Self {
        Self::get("/api/auth/me", &here.cookie())
    }
}

fn poll(code: &str) -> Vec<u8> {
    post(&format!("{MOUNT}/token"), "", &json!({ "client_id": "difyctl", "device_code": code }).to_string())
}

/// A connection with the state of its scene.
pub struct Worker {
    scene: Scene,
    connection: Connection,
    token: String,
}

impl Work for Scene {
    type Worker = Worker;

    async fn worker(&self, mut connection: Connection) -> Worker {
        let token = match self {
            Self::Refresh(count) => {
                let body = json!({ "email": "admin@localhost", "password": PASSWORD, "mode": "json" });
                let answer = connection.answer(&post("/auth/login", &from(count.next()), &body.to_string())).await;
                refresh_token(&json(&answer.body))
            }
            _ => String::new(),
        };
        Worker { scene: self.clone(), connection, token }
    }

    async fn once(worker: &mut Worker) {
        let Worker { scene, connection, token } = worker;
        match scene {
            Self::Same(request, times, status) => {
                for _ in 0..*times {
                    assert_eq!(connection.status(request).await, *status);
                }
            }
            Self::Poll(count) => assert_eq!(connection.status(&poll(&device_code(count.next()))).await, 400),
            Self::Device(cookie) => {
                let asked = post(&format!("{MOUNT}/code"), "", r#"{"client_id":"difyctl"}"#);
                let codes = json(&connection.answer(&asked).await.body);
                let approval = json!({ "user_code": codes["user_code"] }).to_string();
                let approved = post("/console/api/oauth/device/approve", cookie, &approval);
                assert_eq!(connection.status(&approved).await, 200);
                let code = codes["device_code"].as_str().unwrap_or_default();
                assert_eq!(connection.status(&poll(code)).await, 200);
            }
            Self::Refresh(count) => {
                let body = json!({ "refresh_token": token }).to_string();
                let answer = connection.answer(&post("/auth/refresh", &from(count.next()), &body)).await;
                *token = refresh_token(&json(&answer.body));
            }
            Self::SignIn(count) => {
                let body = json!({ "username": "admin", "password": PASSWORD }).to_string();
                let signed_in = post("/api/auth/login", &from(count.next()), &body);
                // More sign-ins than the queue admits: a refusal is a valid response.
                assert!([200, 503].contains(&connection.status(&signed_in).await));
            }
        }
    }
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("is JSON")
}

fn refresh_token(answer: &Value) -> String {
    let token = answer["data"]["refresh_token"].as_str();
    token.unwrap_or_else(|| panic!("no token in {answer}")).to_owned()
}
