//! Reading the server's metrics.

use std::collections::BTreeMap;

use doorstep_server::http;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::{Answer, RequestBuilder, Server, get};

/// The samples of `/metrics`, by their names with labels.
pub(crate) struct Samples(BTreeMap<String, f64>);

impl Server {
    /// Sends a request to the metrics listener.
    pub(crate) async fn send_to_metrics(&self, request: RequestBuilder) -> Answer {
        let response = http::metrics::router(self.state.clone()).oneshot(request.0).await.expect("never fails");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the body is whole").to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    /// The samples of `/metrics`.
    pub(crate) async fn samples(&self) -> Samples {
        let answer = self.send_to_metrics(get("/metrics")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let lines = answer.text.lines().filter(|line| !line.starts_with('#'));
        let samples = lines.map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("is a sample");
            (name.to_owned(), value.parse().expect("is a number"))
        });
        Samples(samples.collect())
    }
}

impl Samples {
    /// The value of a sample, which must exist.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("there is no {name}: {:#?}", self.names()))
    }

    /// The value as an integer.
    #[track_caller]
    pub(crate) fn count(&self, name: &str) -> u64 {
        let value = self.value(name);
        let whole = format!("{value:.0}");
        assert_eq!(whole.parse(), Ok(value), "{name}");
        whole.parse().expect("is a whole number")
    }

    /// The names of all samples, with labels.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}
