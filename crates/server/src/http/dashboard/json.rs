//! Reading a JSON body.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::answer::Refusal;
use crate::{error::Error, http::body};

/// A body that is a JSON object of this shape. Unknown keys are ignored.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let body = read_json(request).await?;
        let body = body.ok_or_else(|| Error::InvalidRequest("the body is empty; send a JSON object".to_owned()))?;
        Ok(Self(body::parse_object(&body)?))
    }
}

/// No body, or a JSON object of whatever content.
pub(super) struct NoBody;

impl<S: Sync> FromRequest<S> for NoBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if let Some(body) = read_json(request).await? {
            // An object's keys are ignored, whatever they are.
            body::parse_object::<std::collections::HashMap<String, IgnoredAny>>(&body)?;
        }
        Ok(Self)
    }
}

/// The bytes of a body that is JSON by its own word; `None` when it is empty.
async fn read_json(request: Request) -> Result<Option<Bytes>, Error> {
    let is_json = body::is_json(request.headers());
    let body = body::read(request).await?;
    match (body.is_empty(), is_json) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(body)),
        (false, false) => Err(Error::UnsupportedMediaType),
    }
}
