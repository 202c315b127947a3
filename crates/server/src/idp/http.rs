//! HTTP requests to identity providers.

use std::{fmt, io, time::Duration};

use axum::body::Bytes;
use http::{Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tokio::time;
use url::Url;

use super::IdpError;
use crate::domain::network::is_loopback_host;

/// The timeout of a request.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest response, in bytes.
const LIMIT: usize = 1024 * 1024;

/// Sends requests over https, or http to this machine. Redirects are not followed, so that a response can't
/// redirect the request elsewhere.
#[derive(Clone)]
pub(super) struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoResponse {
    /// The timeout expired.
    #[error("no response in time")]
    Late,
    /// The request failed, for this reason.
    #[error("{0}")]
    Failed(String),
}

impl NoResponse {
    fn failed(error: &impl fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<NoResponse> for IdpError {
    fn from(error: NoResponse) -> Self {
        match error {
            NoResponse::Late => Self::Late,
            NoResponse::Failed(why) => Self::Unavailable(why),
        }
    }
}

impl Http {
    /// Uses the system's certificates, which may include a company's own authority.
    pub(super) fn new() -> io::Result<Self> {
        let provider = rustls::crypto::ring::default_provider();
        let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider)?;
        Ok(Self(Client::builder(TokioExecutor::new()).build(tls.https_or_http().enable_http1().build())))
    }

    /// Sends a request and reads the whole response.
    pub(super) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoResponse> {
        if !is_safe(request.uri()) {
            return Err(NoResponse::Failed("only https, or http to this machine".to_owned()));
        }
        let exchange = async {
            let response = self.0.request(request.map(|body| Full::new(body.into()))).await;
            let (parts, body) = response.map_err(|error| NoResponse::failed(&error))?.into_parts();
            let body = Limited::new(body, LIMIT).collect().await.map_err(|error| NoResponse::failed(&error))?;
            Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
        };
        time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(NoResponse::Late))
    }
}

impl Http {
    /// Gets JSON from a URL.
    pub(super) async fn get(&self, url: &Url, bearer: Option<&str>) -> Result<Value, IdpError> {
        let mut request = Request::get(url.as_str())
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "doorstep");
        if let Some(bearer) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let request = request.body(Vec::new()).map_err(|error| IdpError::Misconfigured(error.to_string()))?;
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(IdpError::Unavailable(format!("{} answers {}", url.path(), response.status().as_u16())));
        }
        let read = serde_json::from_slice(json_of(response.body()));
        read.map_err(|_| IdpError::Misconfigured(format!("{} gives no JSON", url.path())))
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

/// Removes a byte order mark, which parsers may ignore (RFC 8259 §8.1).
pub(super) fn json_of(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

fn is_safe(uri: &Uri) -> bool {
    let is_here = uri.host().is_some_and(is_loopback_host);
    uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_never_sent_unencrypted() {
        for uri in ["https://id.example.org/x", "http://127.0.0.1:1/", "http://localhost/", "http://[::1]:80/x"] {
            assert!(is_safe(&uri.parse().expect("is a URI")), "{uri}");
        }
        for uri in ["http://id.example.org/x", "http://127.0.0.1.evil.example/", "ftp://localhost/", "/x"] {
            assert!(!is_safe(&uri.parse().expect("is a URI")), "{uri}");
        }
    }
}
