//! Reading request bodies, for all surfaces.

use std::iter;

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    error::Error,
    listen::{BODY_LIMIT, MemoryExhausted},
};

/// Reads the whole body, up to [`BODY_LIMIT`]. [`listen`](crate::listen) has already buffered it.
pub(super) async fn read(request: Request) -> Result<Bytes, Error> {
    match Limited::new(request.into_body(), BODY_LIMIT).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::PayloadTooLarge(BODY_LIMIT)),
        Err(error) if is_out_of_memory(&*error) => Err(Error::Overloaded),
        Err(_) => Err(Error::InvalidRequest("the body broke off".to_owned())),
    }
}

/// Whether the body was refused because the server's memory for bodies is used up.
fn is_out_of_memory(error: &(dyn std::error::Error + 'static)) -> bool {
    iter::successors(Some(error), |error| error.source()).any(<dyn std::error::Error>::is::<MemoryExhausted>)
}

/// Reads a body whose `Content-Type` is JSON; `None` when it is empty.
pub(super) async fn read_json(request: Request) -> Result<Option<Bytes>, Error> {
    let is_json = is_json(request.headers());
    let body = read(request).await?;
    match (body.is_empty(), is_json) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(body)),
        (false, false) => Err(Error::UnsupportedMediaType),
    }
}

/// Accepts an empty body or any JSON object, and ignores the content.
pub(super) async fn read_nothing(request: Request) -> Result<(), Error> {
    if let Some(body) = read_json(request).await? {
        parse_object::<Map<String, Value>>(&body)?;
    }
    Ok(())
}

/// The response to a form that no page of this server would send.
pub(super) fn refused(error: &Error) -> Response {
    let status = match error {
        Error::PayloadTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, "the button of this page sends something else\n").into_response()
}

/// Parses a JSON object. Unknown keys are ignored.
pub(super) fn parse_object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    // serde would also accept an array for a struct.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::InvalidRequest("the body is not a JSON object".to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| Error::InvalidRequest(format!("the body does not fit: {error}")))
}

/// Whether the body is `application/json`, with or without parameters. A cross-origin page can send forms and plain
/// text without a CORS preflight, but not JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    is_type(headers, "application/json")
}

/// The media type of a form without files.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Whether the body is such a form, by its `Content-Type`.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    is_type(headers, FORM)
}

/// Whether `Content-Type` is this media type, with or without parameters.
fn is_type(headers: &HeaderMap, essence: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|found| found.trim().eq_ignore_ascii_case(essence))
}
