//! The server's table of routes, as tests look at it.
//!
//! Every test takes part: what a request asks of the limits, and whether it is refused for its proof, is compared with what
//! the table says of its endpoint. So the table can't lag behind.

use axum::http::Method;
use doorstep_server::http::routes::{Endpoint, Limit};

use super::{Answer, Server};

impl Server {
    /// The endpoint of a request, if there is one; HEAD goes with GET.
    pub(crate) fn endpoint(&self, method: &Method, path: &str) -> Option<&Endpoint> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let there = self.endpoints().iter().filter(|endpoint| endpoint.method == *method && is_at(endpoint, path));
        // What is spelled out comes before what stands for anything.
        there.min_by_key(|endpoint| endpoint.path.matches('{').count())
    }
}

fn is_at(endpoint: &Endpoint, path: &str) -> bool {
    let (parts, given): (Vec<_>, Vec<_>) = (endpoint.path.split('/').collect(), path.split('/').collect());
    let fits = |(part, given): (&&str, &&str)| part == given || (part.starts_with('{') && !given.is_empty());
    parts.len() == given.len() && parts.iter().zip(&given).all(fits)
}

/// Fails when a request did what the table does not say of its endpoint.
#[track_caller]
pub(super) fn compare(endpoint: &Endpoint, answer: &Answer, asked: &[String]) {
    let limits = endpoint.needs.limits;
    let asks_of = |table: &str| asked.iter().any(|statement| statement.split_whitespace().any(|word| word == table));
    assert!(!asks_of("limits") || limits.contains(&Limit::SignIn), "{endpoint:?} checks a password or code: {asked:?}");
    // The mail about a session that begins has a limit without a word: the session begins either way.
    let begins = answer.set_cookies().any(|cookie| cookie.contains("session="));
    assert!(!asks_of("quotas") || begins || !limits.is_empty(), "{endpoint:?} is limited: {asked:?}");
    let wants_proof = answer.status == 403 && answer.text.contains("\"reauth_required\"");
    assert!(!wants_proof || endpoint.needs.fresh, "{endpoint:?} wants a recent proof");
}
