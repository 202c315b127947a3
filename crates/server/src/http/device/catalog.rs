//! GET `/openapi/v1/_catalog`: the operations that difyctl calls by name. Current versions request it before each
//! authenticated request, and build requests from it.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// The SHA-256 of the catalog, in hexadecimal. Some clients refuse a catalog without it.
const FINGERPRINT: HeaderName = HeaderName::from_static("x-dify-catalog");

/// The operations by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Catalog {
    #[schema(value_type = Object)]
    ops: BTreeMap<&'static str, Described>,
}

/// An operation.
#[derive(Serialize)]
struct Described {
    summary: &'static str,
    method: &'static str,
    path: &'static str,
    /// The kind of response: `object` or `list`.
    kind: &'static str,
    /// The JSON schema of all parameters.
    input: Value,
    /// Where each parameter belongs: in the `path` or the `query`.
    bind: BTreeMap<&'static str, &'static str>,
    tags: [&'static str; 1],
    internal: bool,
    deprecated: bool,
}

/// The parameters of an operation.
enum Input {
    Nothing,
    InPath(&'static str),
    /// `page` and `limit`.
    Page,
}

impl Input {
    fn bind(&self) -> BTreeMap<&'static str, &'static str> {
        match self {
            Self::Nothing => BTreeMap::new(),
            Self::InPath(name) => BTreeMap::from([(*name, "path")]),
            Self::Page => BTreeMap::from([("page", "query"), ("limit", "query")]),
        }
    }

    fn schema(&self) -> Value {
        let (properties, required) = match self {
            Self::Nothing => (json!({}), json!([])),
            Self::InPath(name) => (json!({ *name: { "type": "string" } }), json!([name])),
            Self::Page => {
                let number = json!({ "type": "integer", "minimum": 1 });
                (json!({ "page": number, "limit": number }), json!([]))
            }
        };
        json!({ "type": "object", "properties": properties, "required": required })
    }
}

/// Names in the versions of difyctl, summary, method and path, parameters.
type Operation = (&'static [&'static str], &'static str, (&'static str, &'static str), Input);

const OPERATIONS: [Operation; 7] = [
    (&["get.account", "account.get"], "Current account", ("GET", "/openapi/v1/account"), Input::Nothing),
    (
        &["list.account.session", "account.sessions.list"],
        "List devices of the account",
        ("GET", "/openapi/v1/account/sessions"),
        Input::Page,
    ),
    (
        &["revoke.account.session", "account.sessions.revoke"],
        "Revoke a device by id",
        ("DELETE", "/openapi/v1/account/sessions/{session_id}"),
        Input::InPath("session_id"),
    ),
    (
        &["revoke.account.current_session", "account.sessions.revoke_current"],
        "Revoke the token of this request",
        ("DELETE", "/openapi/v1/account/sessions/self"),
        Input::Nothing,
    ),
    (
        &["get.workspace", "workspace.list"],
        "List workspaces of the account",
        ("GET", "/openapi/v1/workspaces"),
        Input::Page,
    ),
    (
        &["describe.workspace", "workspace.get"],
        "Show a workspace",
        ("GET", "/openapi/v1/workspaces/{workspace_id}"),
        Input::InPath("workspace_id"),
    ),
    (
        &["switch.workspace", "workspace.switch"],
        "Make a workspace the default",
        ("POST", "/openapi/v1/workspaces/{workspace_id}:switch"),
        Input::InPath("workspace_id"),
    ),
];

/// The document, which never changes, and its fingerprint.
static DOCUMENT: LazyLock<(Bytes, HeaderValue)> = LazyLock::new(|| {
    let document = serde_json::to_vec(&catalog()).unwrap_or_default();
    let fingerprint = HeaderValue::try_from(hex::encode(Sha256::digest(&document)));
    (document.into(), fingerprint.unwrap_or_else(|_| HeaderValue::from_static("")))
});

pub(super) async fn read() -> Response {
    let (document, fingerprint) = &*DOCUMENT;
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json), (FINGERPRINT, fingerprint.clone())], document.clone()).into_response()
}

fn catalog() -> Catalog {
    let mut ops = BTreeMap::new();
    for (names, summary, (method, path), input) in OPERATIONS {
        for &name in names {
            let described = Described {
                summary,
                method,
                path,
                kind: if matches!(input, Input::Page) { "list" } else { "object" },
                input: input.schema(),
                bind: input.bind(),
                tags: [name.split('.').next().unwrap_or_default()],
                internal: path.ends_with(":switch"),
                deprecated: false,
            };
            ops.insert(name, described);
        }
    }
    Catalog { ops }
}
