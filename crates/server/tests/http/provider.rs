//! An `OpenID` provider on this machine that can be made to misbehave: `let idp = Idp::start(&server).await;`.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::secret::Secret;
use doorstep_server::idp::{Driver, Endpoints, Settings};
use jiff::Timestamp;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

/// The fault in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    Nonce,
    NoNonce,
    Audience,
    Issuer,
    Signature,
    Expired,
    NoEnd,
    Unsigned,
    SharedSecret,
    Party,
    NoSubject,
    UserInfoOfSomebodyElse,
    UserInfoOfNobody,
    NoIdToken,
    NoTime,
    EarlierTime,
    /// The ID token states an authentication in the future.
    LaterTime,
    /// The discovery document lacks this, or names another issuer.
    Discovery(&'static str),
    Down,
    /// It accepts connections and never responds.
    Hangs,
}

/// Its current behaviour.
pub(crate) struct Script {
    pub(crate) fault: Fault,
    /// Additional claims about the user.
    pub(crate) claims: Value,
    /// Whether only the userinfo has the email.
    pub(crate) email_apart: bool,
    pub(crate) now: Timestamp,
    /// How it answers a refresh.
    pub(crate) refresh: StatusCode,
    pub(crate) refreshes: u32,
    /// Whether optional fields are missing, and unused ones have another type.
    pub(crate) odd: bool,
    /// The ways to authenticate at the token endpoint that its document names.
    pub(crate) methods: Value,
    /// What the user info is answered with instead.
    pub(crate) user_info: Option<(StatusCode, String)>,
    discoveries: u32,
    exchanges: u32,
    key: EcdsaKeyPair,
    kid: u32,
    asked: Option<Asked>,
}

/// The parameters of an authorization.
struct Asked {
    nonce: Option<String>,
    challenge: String,
    redirect: String,
}

pub(crate) struct Idp {
    pub(crate) issuer: String,
    script: Arc<Mutex<Script>>,
}

type Shared = State<(String, Arc<Mutex<Script>>)>;

impl Idp {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let issuer = format!("http://{}", listener.local_addr().expect("exists"));
        let script = Arc::new(Mutex::new(Script {
            fault: Fault::Nothing,
            claims: json!({ "sub": "248289761001", "email": "ada@example.org", "email_verified": true }),
            email_apart: false,
            now: "2026-01-01T12:00:00Z".parse().expect("is a time"),
            refresh: StatusCode::OK,
            refreshes: 0,
            odd: false,
            methods: Value::Null,
            user_info: None,
            discoveries: 0,
            exchanges: 0,
            key: key(),
            kid: 0,
            asked: None,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state((issuer.clone(), Arc::clone(&script)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { issuer, script }
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().expect("no panic"));
    }

    /// The number of requests for its discovery document.
    pub(crate) fn discoveries(&self) -> u32 {
        self.script.lock().expect("no panic").discoveries
    }

    /// The number of code exchanges.
    pub(crate) fn exchanges(&self) -> u32 {
        self.script.lock().expect("no panic").exchanges
    }

    pub(crate) fn refreshes(&self) -> u32 {
        self.script.lock().expect("no panic").refreshes
    }

    /// Uses another signing key from now on.
    pub(crate) fn rotate(&self) {
        self.set(|script| {
            script.key = key();
            script.kid += 1;
        });
    }

    /// Acts as the user's browser there: signs in and agrees. Returns the query of the callback.
    pub(crate) fn agree(&self, location: &str) -> String {
        let url = Url::parse(location).expect("is a URL");
        assert!(location.starts_with(&self.issuer), "{location}");
        let query = |key: &str| url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned());
        assert_eq!(query("response_type").as_deref(), Some("code"));
        assert_eq!(query("code_challenge_method").as_deref(), Some("S256"));
        self.set(|script| {
            script.asked = Some(Asked {
                nonce: query("nonce"),
                challenge: query("code_challenge").expect("exists"),
                redirect: query("redirect_uri").expect("exists"),
            });
        });
        format!("code=abc&state={}", query("state").expect("exists"))
    }

    pub(crate) fn openid(&self) -> Settings {
        Settings {
            name: "okta".to_owned(),
            driver: Driver::OpenId { issuer: self.issuer.clone() },
            label: Some("Okta".to_owned()),
            icon: None,
            client_id: "doorstep".to_owned(),
            client_secret: Some(Secret::new("s3cret")),
            scope: vec!["openid".to_owned(), "email".to_owned()],
            identifier_key: "sub".to_owned(),
            email_key: "email".to_owned(),
            allow_registration: false,
            assume_email_verified: false,
            redirect_allow_list: vec!["https://app.example.org/in".parse().expect("is a URL")],
            mode: None,
            device_external: false,
        }
    }

    pub(crate) fn oauth2(&self) -> Settings {
        let url = |path: &str| format!("{}{path}", self.issuer).parse().expect("is a URL");
        Settings {
            name: "forge".to_owned(),
            label: Some("Forge".to_owned()),
            driver: Driver::OAuth2(Box::new(Endpoints {
                authorize_url: url("/authorize"),
                access_url: url("/token"),
                profile_url: url("/userinfo"),
            })),
            identifier_key: "id".to_owned(),
            ..self.openid()
        }
    }
}

fn key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("is created");
    EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).expect("is a key")
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn discovery(State((issuer, script)): Shared) -> Response {
    let (fault, odd, methods) = {
        let mut script = script.lock().expect("no panic");
        script.discoveries += 1;
        (script.fault, script.odd, script.methods.clone())
    };
    match fault {
        Fault::Down => return StatusCode::BAD_GATEWAY.into_response(),
        Fault::Hangs => std::future::pending().await,
        _ => {}
    }
    let at = |path: &str| format!("{issuer}{path}");
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "userinfo_endpoint": at("/userinfo"),
        "end_session_endpoint": at("/end"),
    });
    if let Fault::Discovery(key) = fault {
        let value = if key == "issuer" { "https://evil.example".into() } else { Value::Null };
        document[key] = value;
    }
    let rest = if odd {
        json!({
            "response_types_supported": null,
            "scopes_supported": "openid",
            "claims_supported": 7,
            "grant_types_supported": {},
            "response_modes_supported": [1, null],
            "request_parameter_supported": "yes",
            "ui_locales_supported": "x x",
            "service_documentation": [],
            "op_tos_uri": 5,
            "end_session_endpoint": false,
            "token_endpoint_auth_methods_supported": "client_secret_basic",
        })
    } else {
        json!({
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": methods,
        })
    };
    let rest = rest.as_object().expect("is valid").clone();
    document.as_object_mut().expect("is valid").extend(rest);
    Json(document).into_response()
}

async fn jwks(State((_, script)): Shared) -> Response {
    let script = script.lock().expect("no panic");
    let point = script.key.public_key().as_ref();
    let (x, y) = (encode(&point[1..33]), encode(&point[33..65]));
    let kid = script.kid.to_string();
    let odd = json!([{ "kty": 5 }, null, { "kty": "EC", "use": [], "crv": "P-256", "x": 1 }]);
    let odd = if script.odd { odd.as_array().expect("is valid").clone() } else { Vec::new() };
    let mut key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": x, "y": y, "x5c": 5, "key_ops": "verify" });
    if script.odd {
        // A single key need not have a name, and an empty algorithm is no other one.
        key.as_object_mut().expect("is valid").remove("kid");
        key["alg"] = json!("");
    }
    let keys = json!({ "keys": odd.into_iter().chain([key]).collect::<Vec<_>>() }).to_string();
    let mark = if script.odd { "\u{feff}" } else { "" };
    ([(header::CONTENT_TYPE, "application/json")], mark.to_owned() + &keys).into_response()
}

async fn token(State((issuer, script)): Shared, headers: HeaderMap, form: String) -> Response {
    let mut script = script.lock().expect("no panic");
    let field = |key: &str| {
        let found = url::form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == key);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let refused = |status| (status, Json(json!({ "error": "invalid_grant", "error_description": "<b>no</b>" })));
    if script.fault == Fault::Down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    if script.methods.to_string().contains("client_secret_post") {
        assert!(!headers.contains_key("authorization"));
        assert_eq!((field("client_id"), field("client_secret")), ("doorstep".to_owned(), "s3cret".to_owned()));
    } else {
        assert!(headers["authorization"].to_str().is_ok_and(|value| value.starts_with("Basic ")));
    }
    let mut answer = json!({ "access_token": "at", "token_type": "Bearer", "refresh_token": "rt", "expires_in": 60 });
    if field("grant_type") == "refresh_token" {
        script.refreshes += 1;
        return match script.refresh {
            StatusCode::OK => Json(answer).into_response(),
            StatusCode::BAD_REQUEST => refused(StatusCode::BAD_REQUEST).into_response(),
            status => status.into_response(),
        };
    }
    script.exchanges += 1;
    let Some(asked) = script.asked.take() else { return refused(StatusCode::BAD_REQUEST).into_response() };
    assert_eq!(encode(Sha256::digest(field("code_verifier"))), asked.challenge);
    assert_eq!(field("redirect_uri"), asked.redirect);
    if script.odd {
        answer = json!({ "expires_in": "soon", "scope": ["openid"], "refresh_token": 7, "access_token": null });
    }
    if script.fault == Fault::NoIdToken {
        return Json(answer).into_response();
    }
    answer["id_token"] = script.id_token(&issuer, asked.nonce.as_deref()).into();
    Json(answer).into_response()
}

async fn userinfo(State((_, script)): Shared) -> Response {
    let script = script.lock().expect("no panic");
    if let Some(answer) = &script.user_info {
        return answer.clone().into_response();
    }
    let mut info = script.claims.clone();
    if script.fault == Fault::UserInfoOfSomebodyElse {
        info["sub"] = "somebody else".into();
    }
    if script.fault == Fault::UserInfoOfNobody {
        info["sub"] = Value::Null;
    }
    Json(info).into_response()
}

impl Script {
    fn id_token(&self, issuer: &str, nonce: Option<&str>) -> String {
        let now = self.now.as_second();
        let mut claims = self.claims.clone();
        claims["iss"] = if self.fault == Fault::Issuer { "https://evil.example".into() } else { issuer.into() };
        if self.fault == Fault::Audience {
            claims["aud"] = "somebody-else".into();
        } else if claims.get("aud").is_none() {
            claims["aud"] = "doorstep".into();
        }
        claims["iat"] = now.into();
        // Its clock may be a minute behind.
        claims["exp"] = if self.fault == Fault::Expired { (now - 61).into() } else { (now - 59).into() };
        match self.fault {
            Fault::Party => claims["azp"] = "somebody-else".into(),
            Fault::NoSubject => claims["sub"] = Value::Null,
            Fault::NoTime => claims["auth_time"] = Value::Null,
            Fault::EarlierTime => claims["auth_time"] = (now - 3600).into(),
            Fault::LaterTime => claims["auth_time"] = (now + 61).into(),
            _ => {}
        }
        if self.fault == Fault::NoEnd {
            claims.as_object_mut().expect("is valid").remove("exp");
        }
        match self.fault {
            Fault::NoNonce => {}
            Fault::Nonce => claims["nonce"] = "wrong".into(),
            _ => claims["nonce"] = nonce.into(),
        }
        if self.email_apart {
            let claims = claims.as_object_mut().expect("is valid");
            claims.remove("email");
            claims.remove("email_verified");
        }
        let alg = match self.fault {
            Fault::Unsigned => "none",
            Fault::SharedSecret => "HS256",
            _ => "ES256",
        };
        let head = json!({ "alg": alg, "kid": self.kid.to_string() });
        let message = format!("{}.{}", encode(head.to_string()), encode(claims.to_string()));
        let signature = match self.fault {
            Fault::Unsigned => Vec::new(),
            Fault::SharedSecret => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"s3cret");
                ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            Fault::Signature => sign(&key(), &message),
            _ => sign(&self.key, &message),
        };
        format!("{message}.{}", encode(signature))
    }
}

fn sign(key: &EcdsaKeyPair, message: &str) -> Vec<u8> {
    key.sign(&SystemRandom::new(), message.as_bytes()).expect("signs").as_ref().to_vec()
}
