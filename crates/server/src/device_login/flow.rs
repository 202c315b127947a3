//! What a device does next, without doing it (RFC 8628 §3.5).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// How much longer to wait after `slow_down`.
const SLOWER: Duration = Duration::from_secs(5);
/// How long to wait at most when the server does not answer.
const LONGEST: Duration = Duration::from_mins(1);
/// For a server that does not say.
const DEFAULT_INTERVAL: u64 = 5;

/// The answer to the first request (RFC 8628 §3.2).
#[derive(Debug, Deserialize)]
pub struct Codes {
    /// What is polled with.
    pub device_code: String,
    /// What the person compares.
    pub user_code: String,
    /// Where they go.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: Option<String>,
    /// How many seconds they have.
    pub expires_in: u64,
    /// How many seconds to wait between polls.
    #[serde(default = "default_interval")]
    pub interval: u64,
}

const fn default_interval() -> u64 {
    DEFAULT_INTERVAL
}

/// What came of a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status and JSON, or nothing where none was.
    Answer(u16, Value),
    /// None came.
    Silence(String),
}

/// What to do now.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Wait so long, and ask again.
    Wait(Duration),
    /// Here it is.
    Done(Value),
    /// The person said no.
    Denied,
    /// They took too long.
    Expired,
    /// The server does not want to: what it says.
    Refused(String),
}

/// How often to ask.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    interval: Duration,
    /// Longer than the interval while the server does not answer.
    wait: Duration,
}

impl Pace {
    /// As the server wants it.
    #[must_use]
    pub const fn new(codes: &Codes) -> Self {
        let interval = Duration::from_secs(if codes.interval == 0 { 1 } else { codes.interval });
        Self { interval, wait: interval }
    }

    /// How long to wait before the first poll.
    #[must_use]
    pub const fn first(&self) -> Duration {
        self.interval
    }

    /// What follows from a reply.
    pub fn after(&mut self, reply: Reply) -> Step {
        match reply {
            Reply::Answer(200, token) if text(&token, "access_token").is_some() => Step::Done(token),
            Reply::Answer(status, body) => match text(&body, "error") {
                Some("authorization_pending") => self.again(),
                Some("slow_down") => {
                    self.interval = self.interval.saturating_add(SLOWER);
                    self.again()
                }
                Some("access_denied") => Step::Denied,
                Some("expired_token") => Step::Expired,
                _ if status >= 500 || status == 429 => self.back_off(),
                _ => Step::Refused(explain(status, &body)),
            },
            Reply::Silence(_) => self.back_off(),
        }
    }

    fn again(&mut self) -> Step {
        self.wait = self.interval;
        Step::Wait(self.wait)
    }

    /// A server that does not answer is asked less and less often.
    fn back_off(&mut self) -> Step {
        self.wait = self.wait.saturating_mul(2).min(LONGEST.max(self.interval));
        Step::Wait(self.wait)
    }
}

/// What a server says is wrong.
#[must_use]
pub fn explain(status: u16, body: &Value) -> String {
    match (text(body, "error"), text(body, "error_description")) {
        (Some(error), Some(description)) => format!("{error}: {description}"),
        (Some(error), None) => error.to_owned(),
        _ => format!("an answer with status {status} that is none of this protocol"),
    }
}

fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pace(interval: u64) -> Pace {
        let codes = json!({ "device_code": "d", "user_code": "u", "verification_uri": "v", "expires_in": 900 });
        let mut codes: Codes = serde_json::from_value(codes).expect("is read");
        assert_eq!(codes.interval, 5);
        codes.interval = interval;
        Pace::new(&codes)
    }

    fn wait(seconds: u64) -> Step {
        Step::Wait(Duration::from_secs(seconds))
    }

    fn error(word: &str) -> Reply {
        Reply::Answer(400, json!({ "error": word }))
    }

    #[test]
    fn slow_down_is_for_good() {
        let mut pace = pace(5);
        assert_eq!(pace.first(), Duration::from_secs(5));
        assert_eq!(pace.after(error("authorization_pending")), wait(5));
        assert_eq!(pace.after(error("slow_down")), wait(10));
        assert_eq!(pace.after(error("authorization_pending")), wait(10));
        assert_eq!(pace.after(error("slow_down")), wait(15));
    }

    #[test]
    fn a_server_that_does_not_answer_is_asked_less_often_until_it_does() {
        let mut pace = pace(5);
        for seconds in [10, 20, 40, 60, 60] {
            assert_eq!(pace.after(Reply::Silence("refused".to_owned())), wait(seconds));
        }
        assert_eq!(pace.after(Reply::Answer(503, Value::Null)), wait(60));
        assert_eq!(pace.after(error("authorization_pending")), wait(5));
    }

    #[test]
    fn the_end_is_a_token_or_a_reason() {
        let token = json!({ "access_token": "t" });
        assert_eq!(pace(5).after(Reply::Answer(200, token.clone())), Step::Done(token));
        assert_eq!(pace(5).after(error("access_denied")), Step::Denied);
        assert_eq!(pace(5).after(error("expired_token")), Step::Expired);
        let refused = json!({ "error": "invalid_client", "error_description": "unknown" });
        assert_eq!(pace(5).after(Reply::Answer(400, refused)), Step::Refused("invalid_client: unknown".to_owned()));
        assert!(matches!(pace(5).after(Reply::Answer(200, Value::Null)), Step::Refused(_)));
        assert!(matches!(pace(5).after(Reply::Answer(404, Value::Null)), Step::Refused(_)));
    }
}
