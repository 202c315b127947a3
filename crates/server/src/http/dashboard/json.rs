//! Reading a JSON body.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::answer::Refusal;
use crate::error::Error;

/// The largest accepted body, in bytes.
const LIMIT: usize = 64 * 1024;

/// A body that is a JSON object of this shape. Unknown keys are ignored.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let body = read_object(request).await?;
        let body = body.ok_or_else(|| Error::InvalidRequest("the body is empty; send a JSON object".to_owned()))?;
        Ok(Self(parse(&body)?))
    }
}

/// No body, or a JSON object of whatever content.
pub(super) struct NoBody;

impl<S: Sync> FromRequest<S> for NoBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if let Some(body) = read_object(request).await? {
            parse::<serde::de::IgnoredAny>(&body)?;
        }
        Ok(Self)
    }
}

/// The bytes of a body that begins like a JSON object; `None` when it is empty.
async fn read_object(request: Request) -> Result<Option<Bytes>, Error> {
    let is_json = is_json(request.headers());
    let body = read(request).await?;
    if body.is_empty() {
        return Ok(None);
    }
    if !is_json {
        return Err(Error::UnsupportedMediaType);
    }
    // serde would take an array for a struct.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::InvalidRequest("the body is not a JSON object".to_owned()));
    }
    Ok(Some(body))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::InvalidRequest(format!("the body does not fit: {error}")))
}

async fn read(request: Request) -> Result<Bytes, Error> {
    match Limited::new(request.into_body(), LIMIT).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::PayloadTooLarge(LIMIT)),
        Err(_) => Err(Error::InvalidRequest("the body broke off".to_owned())),
    }
}

/// `application/json`, with or without parameters. A form or plain text can be sent by any page in the world without
/// asking first; JSON can't.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
