//! Generates the API description from the table of routes and the [`Operation`]s of the surfaces.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use axum::http::StatusCode;
use doorstep_contract::device::OAuthErrorCode;
use serde_json::{Map, Value, json};

use super::{
    dialects,
    operation::{Answer, Body, Content, Operation},
};
use crate::{
    error::Error,
    http::{
        body::FORM,
        dashboard, device, portal,
        routes::{Authentication, Endpoint, Surface},
        tokens,
    },
};

const JSON: &str = "application/json";
/// Extension that marks a response which may or may not have a body; `OpenAPI` cannot express that.
const MAY_BE_EMPTY: &str = "x-may-be-empty";

/// Describes the endpoints in `OpenAPI` 3.1.
///
/// # Errors
/// The endpoints without a description, and the descriptions without an endpoint.
pub fn describe(endpoints: &[Endpoint]) -> Result<Value, Vec<String>> {
    let mut described: BTreeMap<(String, String), Operation> = BTreeMap::new();
    let surfaces = [dashboard::operations(), device::operations(), tokens::operations(), portal::operations()];
    let mut wrong = Vec::new();
    let (mut taken, mut answered) = (BTreeMap::new(), BTreeMap::new());
    for operation in surfaces.into_iter().flatten().chain(super::operations()) {
        taken.extend(operation.taken.iter().cloned());
        answered.extend(operation.answered.iter().cloned());
        described.insert((operation.path.clone(), operation.method.to_string()), operation);
    }
    // A name stands for one schema, but requests and responses differ in which fields may be omitted.
    let differs = |(name, schema): &(&String, &Value)| taken.get(*name).is_some_and(|taken| taken != *schema);
    wrong.extend(answered.iter().filter(differs).map(|(name, _)| format!("{name} is both taken and answered")));
    let mut document = Document::default();
    for endpoint in endpoints {
        match described.remove(&(endpoint.path.clone(), endpoint.method.to_string())) {
            Some(operation) => document.add(endpoint, operation),
            // Pages are not part of the API.
            None if endpoint.surface == Surface::Pages => {}
            None => wrong.push(format!("{} {} is not described", endpoint.method, endpoint.path)),
        }
    }
    wrong.extend(described.into_keys().map(|(path, method)| format!("{method} {path} is no endpoint")));
    if wrong.is_empty() { Ok(document.finish()) } else { Err(wrong) }
}

#[derive(Default)]
struct Document {
    paths: BTreeMap<String, Map<String, Value>>,
    schemas: BTreeMap<String, Value>,
    responses: BTreeMap<String, Value>,
}

impl Document {
    fn add(&mut self, endpoint: &Endpoint, operation: Operation) {
        let Endpoint { method, path, surface, needs } = endpoint;
        let mut responses: BTreeMap<String, Value> = BTreeMap::new();
        for answer in &operation.answers {
            let response = responses.entry(answer.status.to_string()).or_insert_with(|| json!({}));
            merge(response, answered(*surface, answer));
        }
        for (status, codes) in refused(endpoint, &operation) {
            let named = dialects::response(*surface, status, &codes);
            let name = [dialects::name(*surface), status.as_str()].into_iter().chain(codes);
            let name = name.collect::<Vec<_>>().join("-");
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            match responses.entry(status.as_str().to_owned()) {
                Entry::Vacant(free) => {
                    self.responses.insert(name, named);
                    free.insert(reference);
                }
                Entry::Occupied(mut other) => merge(other.get_mut(), named),
            }
        }
        for answer in operation.answers.iter().filter(|answer| matches!(answer.content, Content::None)) {
            let response = responses.get_mut(&answer.status.to_string()).and_then(Value::as_object_mut);
            if let Some(response) = response.filter(|response| response.contains_key("content")) {
                response.insert(MAY_BE_EMPTY.to_owned(), true.into());
            }
        }
        let mut parameters: Vec<Value> = in_path(path).map(path_parameter).collect();
        parameters.extend(operation.parameters);
        let mut described = json!({
            "operationId": operation_id(method.as_str(), path),
            "tags": [dialects::name(*surface)],
            "summary": operation.summary,
            "responses": responses,
            "security": security(needs.authentication),
        });
        let described_as = [
            (needs.authentication == Authentication::Operator).then_some("For operators."),
            needs.fresh.then_some("Needs a recent proof of who is asking; `reauth_required` otherwise."),
            needs.allow_temporary.then_some("Also for the session of a temporary token."),
        ];
        let described_as: Vec<&str> = described_as.into_iter().flatten().collect();
        if let Some(fields) = described.as_object_mut() {
            if !described_as.is_empty() {
                fields.insert("description".to_owned(), described_as.join(" ").into());
            }
            if !parameters.is_empty() {
                fields.insert("parameters".to_owned(), parameters.into());
            }
            fields.extend(request_body(&operation.body).map(|body| ("requestBody".to_owned(), body)));
        }
        self.schemas.extend(operation.taken.into_iter().chain(operation.answered));
        self.paths.entry(path.clone()).or_default().insert(method.as_str().to_lowercase(), described);
    }

    fn finish(mut self) -> Value {
        for (name, schema) in dialects::errors() {
            self.schemas.insert(name, schema);
        }
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Doorstep",
                "version": env!("CARGO_PKG_VERSION"),
                "description": INFO,
                "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            },
            "servers": [{ "url": "/" }],
            "tags": dialects::tags(),
            "paths": self.paths,
            "components": {
                "schemas": self.schemas,
                "responses": self.responses,
                "securitySchemes": dialects::security_schemes(),
            },
        });
        plain_text(&mut document);
        document
    }
}

const INFO: &str = "The sign-in dashboard of self-hosted systems: four surfaces over one origin, each with its own errors.\n\n\
    Requests that a cookie opens and that change something must come from a page of this origin: `Sec-Fetch-Site: \
    same-origin`, or an `Origin` that is the public URL. Every answer 429 has `Retry-After` in seconds; so has \
    503 while the database is out of reach, which any endpoint that asks it may answer. Times are RFC 3339 in UTC, ids UUIDv7. Cookies have the prefix `__Host-` when the public URL is https.";

/// The errors of an endpoint by status: from the table of routes, those common to all endpoints, and its own.
fn refused(endpoint: &Endpoint, operation: &Operation) -> BTreeMap<StatusCode, BTreeSet<&'static str>> {
    let Endpoint { method, path, surface, needs } = endpoint;
    let mut errors = vec![];
    let may_be_misread = !matches!(operation.body, Body::None) || !operation.parameters.is_empty();
    if *surface != Surface::Pages {
        errors.extend([Error::Panicked, Error::Overloaded]);
        if may_be_misread {
            errors.push(Error::InvalidRequest(String::new()));
        }
        if in_path(path).next().is_some() {
            errors.push(Error::NotFound);
        }
        if !method.is_safe() {
            errors.push(Error::CsrfRejected);
        }
        if !matches!(operation.body, Body::None) {
            errors.push(Error::PayloadTooLarge(0));
        }
        if !matches!(operation.body, Body::None | Body::FormOrJson(_)) {
            errors.push(Error::UnsupportedMediaType);
        }
    }
    let signed_in = || {
        let lasting = (!method.is_safe() && !needs.allow_temporary).then_some(Error::TemporarySession);
        [Error::Unauthenticated, Error::PasswordChangeRequired].into_iter().chain(lasting)
    };
    let of_device = || [OAuthErrorCode::InvalidToken, OAuthErrorCode::InsufficientScope].map(Error::Device);
    match needs.authentication {
        Authentication::Anyone | Authentication::ApprovalGrant => {}
        Authentication::AnySession | Authentication::PortalSession => errors.push(Error::Unauthenticated),
        Authentication::Session => errors.extend(signed_in()),
        Authentication::Operator => errors.extend(signed_in().chain([Error::Forbidden])),
        Authentication::AccessToken => {
            errors.extend([Error::Unauthenticated, Error::TokenExpired, Error::PasswordChangeRequired]);
        }
        Authentication::DeviceToken => errors.extend(of_device()),
        Authentication::DeviceTokenOrSession => errors.extend(signed_in().chain(of_device())),
    }
    errors.extend(needs.fresh.then_some(Error::ReauthRequired));
    errors.extend((!needs.limits.is_empty()).then_some(Error::RateLimited(1)));
    let mut by_status: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for error in errors.iter().chain(&operation.refusals) {
        let (status, code) = dialects::status_and_code(*surface, error);
        by_status.entry(status).or_default().insert(code);
    }
    by_status
}

fn answered(surface: Surface, answer: &Answer) -> Value {
    let content = match &answer.content {
        Content::None => return json!({ "description": answer.description }),
        Content::Location => {
            let location = json!({ "schema": { "type": "string" }, "required": true });
            return json!({ "description": answer.description, "headers": { "Location": location } });
        }
        Content::Data(data) => json!({ JSON: { "schema": dialects::around(surface, data) } }),
        Content::Bare(schema) => json!({ JSON: { "schema": schema } }),
        Content::Text(media_type) => json!({ *media_type: { "schema": { "type": "string" } } }),
    };
    json!({ "description": answer.description, "content": content })
}

/// Adds another response with the same status: its media types, and its schema as an alternative.
fn merge(response: &mut Value, other: Value) {
    match (response, other) {
        (Value::Object(there), Value::Object(other)) => {
            if let (Some(one), Some(another)) = (there.get("schema"), other.get("schema")) {
                let either = json!({ "anyOf": [one, another] });
                there.insert("schema".to_owned(), either);
                return;
            }
            for (key, value) in other {
                match there.get_mut(&key) {
                    Some(known) => merge(known, value),
                    None => {
                        there.insert(key, value);
                    }
                }
            }
        }
        (Value::String(there), Value::String(other)) if *there != other => *there = format!("{there} Or: {other}"),
        _ => {}
    }
}

fn request_body(body: &Body) -> Option<Value> {
    let json =
        |schema: &Value, required: bool| json!({ "required": required, "content": { JSON: { "schema": schema } } });
    match body {
        Body::None => None,
        Body::Ignored => Some(json(&json!({ "type": "object" }), false)),
        Body::Json(schema) => Some(json(schema, true)),
        Body::JsonOrNone(schema) => Some(json(schema, false)),
        Body::FormOrJson(schema) => {
            let content = json!({ "schema": schema });
            Some(json!({ "required": true, "content": { JSON: content.clone(), FORM: content } }))
        }
    }
}

/// The parameter names in a path.
fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str) -> Value {
    json!({ "in": "path", "name": name, "required": true, "schema": { "type": "string" } })
}

fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_lowercase();
    for word in path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        id.push('_');
        id.push_str(word);
    }
    id
}

fn security(authentication: Authentication) -> Value {
    let names: &[&str] = match authentication {
        Authentication::Anyone => &[],
        Authentication::AnySession | Authentication::Session | Authentication::Operator => &["session"],
        Authentication::AccessToken => &["accessToken", "accessCookie"],
        Authentication::DeviceToken => &["deviceToken"],
        Authentication::DeviceTokenOrSession => &["deviceToken", "session"],
        Authentication::ApprovalGrant => &["approvalGrant"],
        Authentication::PortalSession => &["portalSession"],
    };
    names.iter().map(|name| json!({ *name: [] })).collect()
}

/// Removes links from descriptions: they come from doc comments, whose links lead to Rust items.
fn plain_text(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "description" => *text = without_links(text),
                    value => plain_text(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(plain_text),
        _ => {}
    }
}

fn without_links(text: &str) -> String {
    let text = text.replace("[`", "`").replace("`]", "`");
    // Skip the target in parentheses.
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, target)) = rest.split_once("`(") {
        let (_, after) = target.split_once(')').unwrap_or_default();
        plain.extend([before, "`"]);
        rest = after;
    }
    plain.push_str(rest);
    plain.replace("crate::", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_items_become_names() {
        assert_eq!(without_links("By [`Secret`], see [`x`](crate::y)."), "By `Secret`, see `x`.");
        assert_eq!(without_links("As `a` (b)."), "As `a` (b).");
    }

    #[test]
    fn an_operation_is_named_by_method_and_path() {
        assert_eq!(operation_id("GET", "/api/projects/{id}/updates"), "get_api_projects_id_updates");
    }
}
