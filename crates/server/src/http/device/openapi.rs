//! The API descriptions of this surface's endpoints; the table of routes adds authentication and limits.

use doorstep_contract::{
    device::{ApprovalContext, CSRF_HEADER, DeviceRequest, Lookup, OAuthErrorCode, PROVIDER, Resolve, Resolved},
    paths::{self, DEVICE_MOUNTS},
    user_code::PARAMETER,
};
use serde_json::json;

use super::{TOKEN_ENDPOINT, about, authorizations, catalog, code, subject, token, workspaces};
use crate::{error::Error, http::openapi::Operation, service::devices::CALLBACK};

/// All endpoints of the surface.
pub(in crate::http) fn operations() -> Vec<Operation> {
    let mut operations: Vec<_> = [about(), account(), decisions()].into_iter().flatten().collect();
    operations.extend(DEVICE_MOUNTS.iter().flat_map(|mount| mounted(mount)));
    operations.extend([token(TOKEN_ENDPOINT), sso_complete(CALLBACK)]);
    operations
}

fn refused<const N: usize>(codes: [OAuthErrorCode; N]) -> [Error; N] {
    codes.map(Error::Device)
}

/// The error while device sign-in is disabled.
fn turned_off() -> [Error; 1] {
    refused([OAuthErrorCode::BearerAuthDisabled])
}

fn about() -> Vec<Operation> {
    vec![
        Operation::get("/.well-known/oauth-authorization-server", "Read the metadata of the server (RFC 8414)")
            .answers::<about::Metadata>()
            .refuses(turned_off()),
        Operation::get("/openapi/v1/_version", "Read the version of the server").answers::<about::Server>(),
        Operation::get("/openapi/v1/_catalog", "Read the operations that difyctl calls by name")
            .answers::<catalog::Catalog>(),
    ]
}

fn account() -> Vec<Operation> {
    const WORKSPACE: &str = "/openapi/v1/workspaces/{id}";
    const ONE: &str = "/openapi/v1/account/sessions/{id}";
    let switched = |path: &str, summary| {
        Operation::post(path, summary).reads_no_body().answers::<workspaces::Listed>().refuses(turned_off())
    };
    let returned = |path: &str| {
        Operation::delete(path, "Revoke the token of the request")
            .reads_no_body()
            .answers::<authorizations::Revoked>()
            .refuses([Error::InvalidRequest(String::new())])
    };
    let me = |path: &str| {
        Operation::get(path, "Read whom the token speaks for").answers::<subject::Me>().refuses(turned_off())
    };
    vec![
        me("/v1/me"),
        me("/openapi/v1/account"),
        Operation::get("/openapi/v1/workspaces", "List the workspaces of the account")
            .query("page", &json!({ "type": "integer", "minimum": 1, "default": 1 }), "Which page, from 1.")
            .query("limit", &json!({ "type": "integer", "minimum": 1 }), "How many a page has; without it, all.")
            .answers::<workspaces::List>()
            .refuses(turned_off()),
        Operation::get(WORKSPACE, "Read a workspace").answers::<workspaces::Listed>().refuses(turned_off()),
        switched("/openapi/v1/workspaces/{id}/switch", "Make a workspace the default"),
        switched(WORKSPACE, "The same, with `:switch` behind the id").refuses([Error::MethodNotAllowed]),
        returned("/v1/oauth/authorizations/self"),
        returned("/openapi/v1/account/sessions/self"),
        Operation::get("/openapi/v1/account/sessions", "List the devices of the account")
            .paged_by(authorizations::DEFAULT_LIMIT, authorizations::LARGEST_LIMIT)
            .answers::<authorizations::Listed>()
            .refuses(turned_off()),
        Operation::get(ONE, "Read a device").answers::<authorizations::ShownEntry>().refuses(turned_off()),
        Operation::delete(ONE, "Revoke a device")
            .reads_no_body()
            .answers::<authorizations::Revoked>()
            .refuses(turned_off()),
    ]
}

/// The decisions of a signed-in user.
fn decisions() -> Vec<Operation> {
    vec![
        decision(paths::DEVICE_APPROVE, "Approve a device"),
        decision(paths::DEVICE_DENY, "Deny a device"),
        Operation::get(paths::DEVICE_CONTEXT, "Read what a device asks for, before deciding")
            .required_text(PARAMETER, "The user code.")
            .answers::<DeviceRequest>()
            .only_navigation()
            .refuses(turned_off())
            .refuses(refused([OAuthErrorCode::ExpiredOrUnknown])),
    ]
}

fn decision(path: &str, summary: &'static str) -> Operation {
    Operation::post(path, summary)
        .takes::<Resolve>()
        .answers::<Resolved>()
        .refuses(turned_off())
        .refuses(refused([OAuthErrorCode::ExpiredOrUnknown, OAuthErrorCode::AlreadyResolved]))
        .refuses(refused([OAuthErrorCode::ApproveInProgress, OAuthErrorCode::StateLost]))
}

fn mounted(mount: &str) -> Vec<Operation> {
    let at = |name: &str| format!("{mount}/{name}");
    vec![
        Operation::post(at("code"), "Ask for a device code and a user code")
            .takes_form::<code::Request>()
            .answers::<code::Codes>()
            .refuses(turned_off())
            .refuses(refused([
                OAuthErrorCode::InvalidScope,
                OAuthErrorCode::UnsupportedClient,
                OAuthErrorCode::InvalidClient,
            ])),
        token(&at("token")),
        Operation::get(at("lookup"), "Check whether a user code waits for an answer")
            .required_text(PARAMETER, "The user code.")
            .answers::<Lookup>()
            .only_navigation()
            .refuses(turned_off()),
        Operation::get(at("sso-initiate"), "Go to another identity system, as a navigation")
            .required_text(PARAMETER, "The user code.")
            .text(PROVIDER, "Which one, when there are several.")
            .leads(302, "To that system, or back to the page with a reason.")
            .only_navigation()
            .refuses(turned_off())
            .refuses([Error::NotFound])
            .refuses(refused([OAuthErrorCode::InvalidUserCode, OAuthErrorCode::SsoInitiateFailed])),
        sso_complete(&at("sso-complete")),
        decision(&at("approve"), "Approve a device"),
        decision(&at("deny"), "Deny a device"),
        Operation::get(at("approval-context"), "Read who came back from another identity system, and for which device")
            .answers::<ApprovalContext>()
            .refuses(turned_off())
            .refuses([Error::NotFound])
            .refuses(refused([OAuthErrorCode::NoSession, OAuthErrorCode::UserCodeNotPending])),
        external(&at("approve-external"), "Approve a device as a user of another identity system"),
        external(&at("deny-external"), "Deny a device as a user of another identity system"),
    ]
}

fn external(path: &str, summary: &'static str) -> Operation {
    Operation::post(path, summary)
        .header(CSRF_HEADER, "The `csrf_token` of `approval-context`.")
        .takes::<Resolve>()
        .answers::<Resolved>()
        .refuses(turned_off())
        .refuses(refused([OAuthErrorCode::InvalidSession, OAuthErrorCode::SessionAlreadyConsumed]))
        .refuses(refused([OAuthErrorCode::CsrfMismatch, OAuthErrorCode::UserCodeMismatch]))
        .refuses(refused([OAuthErrorCode::UserCodeNotPending, OAuthErrorCode::StateLost]))
        .refuses(refused([OAuthErrorCode::ApproveInProgress]))
        .refuses([Error::NotFound])
}

fn sso_complete(path: &str) -> Operation {
    Operation::get(path, "Return from another identity system, as a navigation")
        .text("sso_assertion", "What that system says, signed.")
        .leads(302, "To the page of the device flow, with a grant or a reason.")
        .only_navigation()
        .refuses(turned_off())
        .refuses([Error::NotFound])
}

fn token(path: &str) -> Operation {
    Operation::post(path, "Ask for the token of a device code (RFC 8628)")
        .takes_form::<token::Request>()
        .answers::<token::Issued>()
        .refuses(turned_off())
        .refuses(refused([OAuthErrorCode::AuthorizationPending, OAuthErrorCode::SlowDown]))
        .refuses(refused([OAuthErrorCode::ExpiredToken, OAuthErrorCode::AccessDenied]))
        .refuses(refused([OAuthErrorCode::InvalidGrant, OAuthErrorCode::UnsupportedGrantType]))
}
