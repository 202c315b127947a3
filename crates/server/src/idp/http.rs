//! Asking another identity system over HTTP.

use std::{fmt, future::Future, io, pin::Pin, time::Duration};

use axum::body::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use oauth2::AsyncHttpClient;
use tokio::time;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an answer may be, in bytes.
const LIMIT: usize = 1024 * 1024;

/// Sends requests: https, or http to this machine. It follows no redirect, so that an answer can't lead it elsewhere.
#[derive(Clone)]
pub(super) struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// There is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoAnswer(String);

impl Http {
    /// With the certificates of the system: those of a company's own authority are among them.
    pub(super) fn new() -> io::Result<Self> {
        let provider = rustls::crypto::ring::default_provider();
        let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider)?;
        Ok(Self(Client::builder(TokioExecutor::new()).build(tls.https_or_http().enable_http1().build())))
    }

    /// Sends a request and reads the whole answer.
    pub(super) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        if !is_safe(request.uri()) {
            return Err(NoAnswer("only https, or http to this machine".to_owned()));
        }
        let exchange = async {
            let response = self.0.request(request.map(|body| Full::new(body.into()))).await;
            let (parts, body) = response.map_err(|error| NoAnswer(error.to_string()))?.into_parts();
            let body = Limited::new(body, LIMIT).collect().await.map_err(|error| NoAnswer(error.to_string()))?;
            Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
        };
        time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(NoAnswer("no answer in time".to_owned())))
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

fn is_safe(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_crosses_the_network_in_the_clear() {
        for uri in ["https://id.example.org/x", "http://127.0.0.1:1/", "http://localhost/", "http://[::1]:80/x"] {
            assert!(is_safe(&uri.parse().expect("is a URI")), "{uri}");
        }
        for uri in ["http://id.example.org/x", "http://127.0.0.1.evil.example/", "ftp://localhost/", "/x"] {
            assert!(!is_safe(&uri.parse().expect("is a URI")), "{uri}");
        }
    }
}
