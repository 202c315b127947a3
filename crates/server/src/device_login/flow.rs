//! The client side of the device flow as a state machine without I/O (RFC 8628 §3.5).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// By how much `slow_down` increases the interval.
const SLOWER: Duration = Duration::from_secs(5);
/// The longest wait while the server does not respond.
const LONGEST: Duration = Duration::from_mins(1);
/// The interval in seconds if the server does not specify one.
const DEFAULT_INTERVAL: u64 = 5;

/// The response to a device request (RFC 8628 §3.2).
#[derive(Debug, Deserialize)]
pub struct Codes {
    /// The code for polling.
    pub device_code: String,
    /// The code that the user compares.
    pub user_code: String,
    /// The page where the user decides.
    pub verification_uri: String,
    /// The same with the code in the URL.
    pub verification_uri_complete: Option<String>,
    /// The lifetime in seconds.
    pub expires_in: u64,
    /// The interval between polls in seconds.
    #[serde(default = "default_interval")]
    pub interval: u64,
}

const fn default_interval() -> u64 {
    DEFAULT_INTERVAL
}

/// The result of a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status and JSON, or null if the body is not JSON.
    Answer(u16, Value),
    /// No response, with the reason.
    NoResponse(String),
}

/// The next step.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Wait this long and poll again.
    Wait(Duration),
    /// The token response.
    Done(Value),
    /// The user denied the device.
    Denied,
    /// The request has expired.
    Expired,
    /// The server refused, with its message.
    Refused(String),
}

/// When to poll.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    interval: Duration,
    /// Longer than the interval while the server does not respond.
    wait: Duration,
}

impl Pace {
    /// With the server's interval.
    #[must_use]
    pub const fn new(codes: &Codes) -> Self {
        let interval = Duration::from_secs(if codes.interval == 0 { 1 } else { codes.interval });
        Self { interval, wait: interval }
    }

    /// The wait before the first poll.
    #[must_use]
    pub const fn first(&self) -> Duration {
        self.interval
    }

    /// The next step after a reply.
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
            Reply::NoResponse(_) => self.back_off(),
        }
    }

    fn again(&mut self) -> Step {
        self.wait = self.interval;
        Step::Wait(self.wait)
    }

    /// Doubles the wait while the server does not respond.
    fn back_off(&mut self) -> Step {
        self.wait = self.wait.saturating_mul(2).min(LONGEST.max(self.interval));
        Step::Wait(self.wait)
    }
}

/// The error message in a response.
#[must_use]
pub fn explain(status: u16, body: &Value) -> String {
    match (text(body, "error"), text(body, "error_description")) {
        (Some(error), Some(description)) => format!("{error}: {description}"),
        (Some(error), None) => error.to_owned(),
        _ => format!("unexpected response (status {status})"),
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
    fn slow_down_is_permanent() {
        let mut pace = pace(5);
        assert_eq!(pace.first(), Duration::from_secs(5));
        assert_eq!(pace.after(error("authorization_pending")), wait(5));
        assert_eq!(pace.after(error("slow_down")), wait(10));
        assert_eq!(pace.after(error("authorization_pending")), wait(10));
        assert_eq!(pace.after(error("slow_down")), wait(15));
    }

    #[test]
    fn an_unresponsive_server_is_polled_less_often() {
        let mut pace = pace(5);
        for seconds in [10, 20, 40, 60, 60] {
            assert_eq!(pace.after(Reply::NoResponse("refused".to_owned())), wait(seconds));
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
