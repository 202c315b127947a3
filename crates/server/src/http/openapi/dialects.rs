//! The surfaces in the API description: their names, envelopes and errors.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use doorstep_contract::{
    auth::ErrorData, device::OAuthError, envelope::ErrorCode, portal::PortalError, tokens::TokenErrors,
};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::operation::answered;
use crate::{
    error::Error,
    http::{
        cookies::{SESSION, SESSION_TOKEN},
        dashboard,
        device::{self, APPROVAL_GRANT},
        portal::{self, PORTAL_SESSION},
        routes::Surface,
        tokens,
    },
};

/// The display name of a surface.
pub(super) const fn name(surface: Surface) -> &'static str {
    match surface {
        Surface::Dashboard => "dashboard",
        Surface::Tokens => "tokens",
        Surface::Device => "device",
        Surface::Portal => "portal",
        Surface::Pages => "server",
    }
}

pub(super) fn tags() -> Value {
    let tag = |surface, description: &str| json!({ "name": name(surface), "description": description });
    json!([
        tag(
            Surface::Dashboard,
            "What the browser app speaks: every answer in an envelope, `DashboardError` when it fails."
        ),
        tag(Surface::Tokens, "The dialect of Directus: `data`, or `TokenErrors`."),
        tag(Surface::Device, "Device authorization (RFC 8628), mounted twice: plain JSON, or `OAuthError`."),
        tag(Surface::Portal, "What clients read: plain JSON, or `PortalError`."),
        tag(Surface::Pages, "For operation: health and this description."),
    ])
}

/// Wraps a schema as the surface wraps its data.
pub(super) fn around(surface: Surface, data: &Value) -> Value {
    match surface {
        Surface::Dashboard => json!({
            "type": "object",
            "required": ["status", "message", "code", "data"],
            "properties": {
                "status": { "type": "string", "const": "ok" },
                "message": { "type": "null" },
                "code": { "type": "null" },
                "data": data,
            },
        }),
        Surface::Tokens => json!({ "type": "object", "required": ["data"], "properties": { "data": data } }),
        Surface::Device | Surface::Portal | Surface::Pages => data.clone(),
    }
}

/// The status and the code of an error on a surface.
pub(super) fn status_and_code(surface: Surface, error: &Error) -> (StatusCode, &'static str) {
    match surface {
        Surface::Dashboard => dashboard::status_and_code(error),
        Surface::Tokens => tokens::status_and_code(error),
        Surface::Device => device::status_and_code(error),
        Surface::Portal | Surface::Pages => portal::status_and_code(error),
    }
}

/// The response schema of an error with one of these codes.
pub(super) fn response(surface: Surface, status: StatusCode, codes: &BTreeSet<&str>) -> Value {
    let codes_alone = json!({ "enum": codes });
    let (error, narrowed) = match surface {
        Surface::Dashboard => ("DashboardError", json!({ "properties": { "code": codes_alone } })),
        Surface::Tokens => {
            let code = json!({ "properties": { "code": codes_alone } });
            let item = json!({ "properties": { "extensions": code } });
            ("TokenErrors", json!({ "properties": { "errors": { "items": item } } }))
        }
        Surface::Device => ("OAuthError", json!({ "properties": { "error": codes_alone } })),
        Surface::Portal | Surface::Pages => ("PortalError", json!({ "properties": { "error": codes_alone } })),
    };
    let schema = json!({ "allOf": [{ "$ref": format!("#/components/schemas/{error}") }, narrowed] });
    let quoted: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let description = format!("Refused: {}.", quoted.join(", "));
    let content = json!({ "application/json": { "schema": schema } });
    let headers = match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds = json!({ "type": "integer", "minimum": 0 });
            json!({ "Retry-After": { "schema": seconds, "required": true, "description": "Seconds to wait." } })
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if surface == Surface::Device => {
            let about = "What is wrong with the bearer token (RFC 6750 §3), when that is it.";
            json!({ "WWW-Authenticate": { "schema": { "type": "string" }, "description": about } })
        }
        _ => return json!({ "description": description, "content": content }),
    };
    json!({ "description": description, "content": content, "headers": headers })
}

/// The error schemas of all surfaces, by name.
pub(super) fn errors() -> impl Iterator<Item = (String, Value)> {
    let schemas = answered::<OAuthError>().chain(answered::<TokenErrors>()).chain(answered::<PortalError>());
    let schemas = schemas.chain(answered::<ErrorData>()).chain(answered::<ErrorCode>());
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let of_dashboard = json!({
        "type": "object",
        "description": "An error of the dashboard surface. Clients decide by `code`.",
        "required": ["status", "message", "code", "data"],
        "properties": {
            "status": { "type": "string", "const": "error" },
            "message": { "type": "string", "description": "English prose for people who read raw answers." },
            "code": reference(&ErrorCode::name()),
            "data": { "anyOf": [reference(&ErrorData::name()), { "type": "null" }] },
        },
    });
    schemas.chain([("DashboardError".to_owned(), of_dashboard)])
}

/// The security schemes: what authenticates a request.
pub(super) fn security_schemes() -> Value {
    let cookie = |name: &str, description: &str| json!({ "type": "apiKey", "in": "cookie", "name": name, "description": description });
    let bearer = |description: &str| json!({ "type": "http", "scheme": "bearer", "description": description });
    let of_session = format!(
        "The browser session. When the public URL is plain http, `{SESSION}_PORT` with the port of that URL, or `{SESSION}`."
    );
    json!({
        "session": cookie(&format!("__Host-{SESSION}"), &of_session),
        "portalSession": cookie(PORTAL_SESSION, "What a magic link or a preview brings, beside its `__Host-` companion."),
        "approvalGrant": cookie(APPROVAL_GRANT, "What a sign-in at another identity system brings, for 5 minutes."),
        "accessCookie": cookie(SESSION_TOKEN, "The access token, after a sign-in with the mode `session`."),
        "accessToken": bearer("The access token of a sign-in at `/auth/login`."),
        "deviceToken": bearer("The token of a device, `dfoa_…` or `dfoe_…`."),
    })
}
