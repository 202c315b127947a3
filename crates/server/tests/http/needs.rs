//! The requirements in the table of routes are enforced: one request for each endpoint of all surfaces.

use axum::http::Method;
use doorstep_server::{
    http::routes::{Authentication, Endpoint, Surface},
    idp::{Providers, Settings},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    device::{came_back_from_provider, token},
    portal::Office,
    provider::Idp,
    support::{Answer, RequestBuilder, Server, post, request},
};

/// An id and a user code that do not exist.
const ID: &str = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
const CODE: &str = "BCDF-GHJK";

/// A valid request to an endpoint without any authentication, about objects that do not exist.
fn bare(endpoint: &Endpoint) -> RequestBuilder {
    let mut path = String::new();
    for part in endpoint.path.split('/').skip(1) {
        path.push('/');
        path.push_str(match part {
            "{id}" | "{part_id}" | "{link_id}" => ID,
            "{provider}" => "okta",
            "{token}" | "{name}" => "x",
            part if part.starts_with('{') => panic!("add a value for {part}"),
            part => part,
        });
    }
    let body = match (endpoint.surface, path.as_str()) {
        (_, "/api/auth/account/edit") => json!({ "new_password": "one", "confirm_password": "other" }),
        (_, "/api/auth/totp/disable") => json!({ "code": "123456" }),
        (_, "/api/auth/identities") => json!({ "provider": "okta" }),
        (Surface::Device, _) => json!({ "user_code": CODE }),
        _ => json!({}),
    };
    let query = if endpoint.method == Method::GET { format!("?user_code={CODE}") } else { String::new() };
    let sent = request(endpoint.method.clone(), &[path, query].concat()).header("sec-fetch-site", "same-origin");
    let bodies = [Method::POST, Method::PATCH].contains(&endpoint.method) && reads_body(endpoint);
    if bodies { sent.json(&body) } else { sent }
}

fn reads_body(endpoint: &Endpoint) -> bool {
    !["/api/auth/totp/recovery", "/api/projects/{id}/portal-preview", "/projects/{id}/portal-preview"]
        .contains(&endpoint.path.as_str())
}

/// A credential: the requirements that it satisfies, and how a request includes it.
struct Key {
    opens: &'static [Authentication],
    header: (&'static str, String),
}

/// A server with a provider whose users may decide about devices.
async fn server(idp: &Idp) -> Server {
    let settings = Settings { device_external: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("the system has certificates");
    Server::start_with(|builder| builder.providers = providers).await
}

/// One credential of each kind.
async fn keys(office: &Office, idp: &Idp) -> Vec<Key> {
    let server = &office.server;
    let grant = ("cookie", came_back_from_provider(server, idp).await.0);
    let member = server.sign_in_member("ada").await;
    let bearer = |token: String| ("authorization", format!("Bearer {token}"));
    let sessions = &[Authentication::AnySession, Authentication::Session, Authentication::DeviceTokenOrSession];
    vec![
        Key { opens: sessions, header: ("cookie", member) },
        Key { opens: &[Authentication::AccessToken], header: bearer(server.tokens("ada").await.access) },
        Key {
            opens: &[Authentication::DeviceToken, Authentication::DeviceTokenOrSession],
            header: bearer(token(server, &office.operator).await),
        },
        Key { opens: &[Authentication::ApprovalGrant], header: grant },
        Key { opens: &[Authentication::PortalSession], header: ("cookie", office.enter().await) },
    ]
}

/// Signing out would end the session that later requests use.
fn signs_out(endpoint: &Endpoint) -> bool {
    endpoint.path == "/api/auth/logout"
}

/// Whether a response refuses the request's authentication. Pages redirect to the sign-in page instead.
fn is_shut(endpoint: &Endpoint, answer: &Answer) -> bool {
    let to_sign_in = |answer: &Answer| {
        let location = answer.headers.get("location").and_then(|location| location.to_str().ok());
        location.is_some_and(|location| location.starts_with("/login"))
    };
    answer.status == 401 || (endpoint.surface == Surface::Pages && to_sign_in(answer))
}

#[tokio::test]
async fn an_endpoint_accepts_exactly_the_credentials_in_the_table() {
    let idp = Idp::start().await;
    let office = Office::of(server(&idp).await).await;
    let server = &office.server;
    let keys = keys(&office, &idp).await;
    for endpoint in server.endpoints() {
        let authentication = endpoint.needs.authentication;
        if authentication == Authentication::Anyone {
            continue;
        }
        let answer = server.send(bare(endpoint)).await;
        assert!(is_shut(endpoint, &answer), "{endpoint:?} with nothing: {} {}", answer.status, answer.text);
        for Key { opens, header: (name, value) } in &keys {
            if opens.contains(&authentication) {
                continue;
            }
            let answer = server.send(bare(endpoint).header(name, value)).await;
            let member = authentication == Authentication::Operator && opens.contains(&Authentication::Session);
            let refused = if member { answer.status == 403 } else { is_shut(endpoint, &answer) };
            assert!(refused, "{endpoint:?} with {opens:?}: {} {}", answer.status, answer.text);
        }
    }
}

#[tokio::test]
async fn the_initial_password_grants_no_access_that_needs_a_session() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let first = server.sign_in().await;
    let asked = |endpoint: &&Endpoint| endpoint.surface != Surface::Pages && !signs_out(endpoint);
    for endpoint in server.endpoints().iter().filter(asked) {
        let answer = server.send(bare(endpoint).cookie(&first)).await;
        let required = answer.text.contains("\"password_change_required\"");
        let session = [Authentication::Session, Authentication::Operator, Authentication::DeviceTokenOrSession]
            .contains(&endpoint.needs.authentication);
        assert_eq!(required, session, "{endpoint:?}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn a_recent_proof_is_required_exactly_where_the_table_says_so() {
    let idp = Idp::start().await;
    let office = Office::of(server(&idp).await).await;
    let server = &office.server;
    server.wait(SignedDuration::from_hours(13));
    for endpoint in server.endpoints().iter().filter(|endpoint| !signs_out(endpoint)) {
        let answer = server.send(bare(endpoint).cookie(&office.operator)).await;
        let wanted = serde_json::from_str(&answer.text)
            .is_ok_and(|json: Value| [&json["code"], &json["error"]].iter().any(|code| **code == "reauth_required"));
        assert_eq!(wanted, endpoint.needs.fresh, "{endpoint:?}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn a_temporary_session_can_only_read_until_a_password_is_set() {
    let idp = Idp::start().await;
    let office = Office::of(server(&idp).await).await;
    let server = &office.server;
    let token = server.service.sign_in().make_login_token(Some("admin")).await.expect("is created").token.reveal();
    let login = json!({ "login_type": "temporary_token", "temporary_token": token });
    let temporary = server.send(post("/api/auth/login").json(&login)).await.cookie();
    let refused = async |endpoint: &Endpoint, cookie: &str| {
        let answer = server.send(bare(endpoint).cookie(cookie)).await;
        let to_password = answer.headers.get("location").is_some_and(|location| location == "/account/security");
        let page = endpoint.surface == Surface::Pages && endpoint.needs.authentication == Authentication::Operator;
        answer.status == 403 && answer.text.contains("\"temporary_session\"") || page && to_password
    };
    for endpoint in server.endpoints().iter().filter(|endpoint| !signs_out(endpoint)) {
        let Endpoint { method, needs, .. } = endpoint;
        let session = [Authentication::Session, Authentication::Operator, Authentication::DeviceTokenOrSession]
            .contains(&needs.authentication);
        // The preview link writes, although it is a GET.
        let writes = !method.is_safe() || endpoint.surface == Surface::Pages;
        assert_eq!(refused(endpoint, &temporary).await, session && writes && !needs.allow_temporary, "{endpoint:?}");
    }
    server.wait(SignedDuration::from_secs(1));
    let password = "another long passphrase";
    let set = json!({ "new_password": password, "confirm_password": password });
    let lasting = server.send(post("/api/auth/account/edit").cookie(&temporary).json(&set)).await.cookie();
    for endpoint in server.endpoints().iter().filter(|endpoint| !signs_out(endpoint)) {
        assert!(!refused(endpoint, &lasting).await, "{endpoint:?}");
    }
}
