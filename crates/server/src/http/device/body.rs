//! Extractors for the bodies that programs and browsers send.

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, Uri, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use super::answer::Refusal;
use crate::{
    error::Error,
    http::{
        body::{self, FORM},
        query::{self, parameter},
    },
};

/// A form (RFC 6749 §3.2) or a JSON object, as programs send them.
pub(super) struct Fields<T> {
    /// The parsed fields.
    pub(super) fields: T,
    /// Whether it is a form.
    pub(super) is_form: bool,
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Fields<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (is_json, is_form) = (body::is_json(request.headers()), body::is_form(request.headers()));
        let client = public_client(request.headers());
        let body = body::read(request).await?;
        if is_form {
            let mut fields = query::fields(&body)?;
            if let Some(client) = client {
                fields.entry("client_id").or_insert(client.into());
            }
            let fields = serde_json::from_value(Value::Object(fields))
                .map_err(|error| Error::InvalidRequest(format!("the form does not fit: {error}")))?;
            Ok(Self { fields, is_form })
        } else if is_json {
            Ok(Self { fields: body::parse_object(&body)?, is_form })
        } else {
            Err(Error::InvalidRequest(format!("the body must be sent as application/json or {FORM}")).into())
        }
    }
}

/// The client that HTTP Basic names, with an empty secret: the way in which OAuth libraries name a public client
/// (RFC 6749 §2.3.1).
fn public_client(headers: &HeaderMap) -> Option<String> {
    let (scheme, credentials) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let credentials = STANDARD.decode(credentials.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let name = [b"=", credentials.strip_suffix(b":")?].concat();
    form_urlencoded::parse(&name).next().map(|(_, name)| name.into_owned())
}

/// A JSON object, as pages send it along with their cookie.
pub(super) struct PageJson<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for PageJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let is_json = body::is_json(request.headers());
        let body = body::read(request).await?;
        if body.is_empty() {
            return Err(Error::InvalidRequest("the body is empty; send a JSON object".to_owned()).into());
        }
        if !is_json {
            return Err(Error::UnsupportedMediaType.into());
        }
        Ok(Self(body::parse_object(&body)?))
    }
}

/// A required query parameter.
pub(super) fn required_parameter(uri: &Uri, name: &str) -> Result<String, Error> {
    required(parameter(uri, name)?, name)
}

/// A required field, which must not be empty.
pub(super) fn required(value: Option<String>, name: &str) -> Result<String, Error> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| Error::InvalidRequest(format!("`{name}` is missing")))
}
