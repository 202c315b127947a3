//! A user with an authenticator app.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{PASSWORD, Server, credentials, post};

/// An authenticator app, the recovery codes, and the session in which they were set up.
pub(crate) struct Authenticator {
    pub(crate) secret: String,
    pub(crate) recovery_codes: Vec<String>,
    pub(crate) cookie: String,
}

impl Authenticator {
    /// The current code.
    pub(crate) fn code(&self, server: &Server) -> String {
        self.code_after(server, 0)
    }

    /// The code this many steps later.
    pub(crate) fn code_after(&self, server: &Server, steps: i64) -> String {
        let secret = totp_rs::Secret::try_from_base32(&self.secret).expect("is base32");
        let seconds = server.now().as_second() + 30 * steps;
        let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().expect("fits");
        totp.generate(u64::try_from(seconds).expect("is after 1970")).to_string()
    }

    /// Six digits that are not a current code.
    pub(crate) fn wrong_code(&self, server: &Server) -> String {
        let near: Vec<String> = (-1..=1).map(|steps| self.code_after(server, steps)).collect();
        let wrong = ["000000", "111111", "222222", "333333"].into_iter().find(|code| !near.iter().any(|n| n == code));
        wrong.expect("three can't be four").to_owned()
    }
}

/// The body of a second step.
pub(crate) fn second_step(challenge: &str, code: &str) -> Value {
    json!({ "challenge": challenge, "code": code })
}

impl Server {
    /// Creates a member with [`PASSWORD`] and an authenticator, whose next code is unused.
    pub(crate) async fn add_with_totp(&self, username: &str) -> Authenticator {
        self.add_member(username).await;
        let cookie = self.send(post("/api/auth/login").json(&credentials(username, PASSWORD))).await.cookie();
        let authenticator = self.enrol(&cookie).await;
        self.wait(SignedDuration::from_secs(30));
        authenticator
    }

    /// Enables two-factor authentication in a session with a recent proof.
    pub(crate) async fn enrol(&self, cookie: &str) -> Authenticator {
        let started = self.send(post("/api/auth/totp/setup").cookie(cookie).json(&json!({}))).await.data();
        let secret = started["secret"].as_str().expect("is text").to_owned();
        let mut authenticator = Authenticator { secret, recovery_codes: Vec::new(), cookie: cookie.to_owned() };
        let body = json!({ "secret": authenticator.secret, "code": authenticator.code(self) });
        let confirmed = self.send(post("/api/auth/totp/setup").cookie(cookie).json(&body)).await.data();
        let codes = confirmed["recovery_codes"].as_array().expect("is a list");
        authenticator.recovery_codes = codes.iter().map(|code| code.as_str().expect("is text").to_owned()).collect();
        authenticator
    }

    /// Signs in with the right password and returns the challenge of the second step.
    pub(crate) async fn challenge(&self, username: &str) -> String {
        let answer = self.send(post("/api/auth/login").json(&credentials(username, PASSWORD))).await;
        answer.assert_error(401, "totp_required");
        answer.json()["data"]["challenge"].as_str().expect("is text").to_owned()
    }
}
