//! A client of one of the servers.

use serde_json::{Value, json};

use super::servers::{PASSWORD, Servers};

/// A client with a cookie jar.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    server: String,
    cookies: Vec<(String, String)>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The JSON body, or null.
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a successful response.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }
}

impl Client {
    /// A client of this server.
    pub(crate) fn new(server: &str) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, server: server.to_owned(), cookies: Vec::new() }
    }

    /// Uses this server from now on.
    pub(crate) fn goes_to(&mut self, servers: &Servers, number: usize) {
        servers.url(number).clone_into(&mut self.server);
    }

    pub(crate) fn sign_in(&mut self) {
        self.post("/api/auth/login", &json!({ "username": "ada", "password": PASSWORD })).ok();
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.server));
        let answer = request.header("cookie", self.cookie()).header("sec-fetch-site", "same-origin").call();
        self.read(answer).expect("answers")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).expect("answers")
    }

    /// `None` when the server is gone.
    pub(crate) fn try_post(&mut self, path: &str, body: &Value) -> Option<Answer> {
        let request = self.agent.post(format!("{}{path}", self.server)).header("content-type", "application/json");
        let request = request.header("cookie", self.cookie()).header("sec-fetch-site", "same-origin");
        let answer = request.send(body.to_string());
        self.read(answer)
    }

    fn cookie(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn read(&mut self, answer: Result<http::Response<ureq::Body>, ureq::Error>) -> Option<Answer> {
        let mut answer = answer.ok()?;
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().expect("is text").split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("is a cookie");
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let body = answer.body_mut().read_to_string().ok()?;
        Some(Answer { status: answer.status().as_u16(), body: serde_json::from_str(&body).unwrap_or_default() })
    }
}
