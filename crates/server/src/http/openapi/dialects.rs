//! The surfaces as the description tells them apart: their names, what stands around data, and their errors.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use doorstep_contract::{
    auth::ErrorData, device::OAuthError, envelope::ErrorCode, portal::PortalError, tokens::TokenErrors,
};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::operation::Schemas;
use crate::{
    error::Error,
    http::{dashboard, device, portal, routes::Surface, tokens},
};

/// The name of a surface.
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
        tag(Surface::Pages, "For whoever runs the server."),
    ])
}

/// Data as a surface answers with it.
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

/// How a surface says an error.
pub(super) fn status_and_code(surface: Surface, error: &Error) -> (StatusCode, &'static str) {
    match surface {
        Surface::Dashboard => dashboard::status_and_code(error),
        Surface::Tokens => tokens::status_and_code(error),
        Surface::Device => device::status_and_code(error),
        Surface::Portal | Surface::Pages => portal::status_and_code(error),
    }
}

/// The answer that says so, with one of these codes.
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
    if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = json!({ "type": "integer", "minimum": 0 });
        let header = json!({ "schema": seconds, "required": true, "description": "Seconds to wait." });
        json!({ "description": description, "content": content, "headers": { "Retry-After": header } })
    } else {
        json!({ "description": description, "content": content })
    }
}

/// The errors of all surfaces, by name.
pub(super) fn errors() -> impl Iterator<Item = (String, Value)> {
    let mut schemas = Schemas::new();
    add::<OAuthError>(&mut schemas);
    add::<TokenErrors>(&mut schemas);
    add::<PortalError>(&mut schemas);
    add::<ErrorData>(&mut schemas);
    add::<ErrorCode>(&mut schemas);
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
    let written = schemas.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()));
    written.chain([("DashboardError".to_owned(), of_dashboard)])
}

fn add<T: ToSchema>(schemas: &mut Schemas) {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
}

/// What opens endpoints.
pub(super) fn security_schemes() -> Value {
    let cookie = |name: &str, description: &str| json!({ "type": "apiKey", "in": "cookie", "name": name, "description": description });
    let bearer = |description: &str| json!({ "type": "http", "scheme": "bearer", "description": description });
    json!({
        "session": cookie(
            "__Host-doorstep_session",
            "The browser session; `doorstep_session` when the public URL is plain http.",
        ),
        "portalSession": cookie("portal_session", "What a magic link or a preview brings, beside its `__Host-` companion."),
        "approvalGrant": cookie("device_approval_grant", "What a sign-in at another identity system brings, for 5 minutes."),
        "accessCookie": cookie("directus_session_token", "The access token, after a sign-in with the mode `session`."),
        "accessToken": bearer("The access token of a sign-in at `/auth/login`."),
        "deviceToken": bearer("The token of a device, `dfoa_…` or `dfoe_…`."),
    })
}
