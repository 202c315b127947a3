//! Checks requests against the table of routes.
//!
//! Every test takes part: the limits that a request uses, and whether it is refused without a recent proof, must
//! match the table. So the table cannot become outdated.

use axum::http::Method;
use doorstep_server::http::routes::{Endpoint, Limit};

use super::{Answer, Server};

impl Server {
    /// The endpoint of a request, if there is one; GET includes HEAD.
    pub(crate) fn endpoint(&self, method: &Method, path: &str) -> Option<&Endpoint> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let there = self.endpoints().iter().filter(|endpoint| endpoint.method == *method && is_at(endpoint, path));
        // Literal segments take precedence over parameters.
        there.min_by_key(|endpoint| endpoint.path.matches('{').count())
    }
}

fn is_at(endpoint: &Endpoint, path: &str) -> bool {
    let (parts, given): (Vec<_>, Vec<_>) = (endpoint.path.split('/').collect(), path.split('/').collect());
    let fits = |(part, given): (&&str, &&str)| part == given || (part.starts_with('{') && !given.is_empty());
    parts.len() == given.len() && parts.iter().zip(&given).all(fits)
}

/// Panics if a request did something that the table does not state.
#[track_caller]
pub(super) fn compare(endpoint: &Endpoint, answer: &Answer, asked: &[String]) {
    let limits = endpoint.needs.limits;
    let asks_of = |table: &str| asked.iter().any(|statement| statement.split_whitespace().any(|word| word == table));
    assert!(!asks_of("limits") || limits.contains(&Limit::SignIn), "{endpoint:?} checks a password or code: {asked:?}");
    // The mail about a new session has a limit without an effect on the session itself.
    let begins = answer.set_cookies().any(|cookie| cookie.contains("session="));
    assert!(!asks_of("quotas") || begins || !limits.is_empty(), "{endpoint:?} is limited: {asked:?}");
    let wants_proof = answer.status == 403 && answer.text.contains("\"reauth_required\"");
    assert!(!wants_proof || endpoint.needs.fresh, "{endpoint:?} wants a recent proof");
}
