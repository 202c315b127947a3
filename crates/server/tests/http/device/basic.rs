//! A client that names itself by HTTP Basic with an empty secret, as OAuth libraries do (RFC 6749 §2.3.1).

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::MOUNT;
use crate::support::{RequestBuilder, Server, request};

fn named(credentials: &str, path: &str, form: &str) -> RequestBuilder {
    request(Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", &format!("Basic {}", STANDARD.encode(credentials)))
        .body(form.to_owned())
}

#[tokio::test]
async fn a_public_client_may_name_itself_by_http_basic_with_an_empty_secret() {
    let server = Server::start().await;
    let code = format!("{MOUNT}/code");
    let asked = server.send(named("difyctl:", &code, "")).await.ok();
    let device_code = asked["device_code"].as_str().expect("is text");
    let form = format!("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={device_code}");
    server.send(named("difyctl:", "/oauth/token", &form)).await.refused(400, "authorization_pending");
    // Characters are escaped as in forms.
    server.send(named("dify%63tl:", &code, "")).await.ok();
    // What the form says counts, and a secret is none that this server gave.
    server.send(named("stranger:", &code, "client_id=difyctl")).await.ok();
    server.send(named("stranger:", &code, "")).await.refused(400, "invalid_client");
    for credentials in ["difyctl:secret", "difyctl", ":", ""] {
        server.send(named(credentials, &code, "")).await.refused(400, "invalid_request");
    }
}
