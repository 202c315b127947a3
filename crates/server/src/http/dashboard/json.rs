//! Extractors for JSON bodies.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::answer::Refusal;
use crate::{error::Error, http::body};

/// A body that is a JSON object. Unknown keys are ignored.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let body = body::read_json(request).await?;
        let body = body.ok_or_else(|| Error::InvalidRequest("the body is empty; send a JSON object".to_owned()))?;
        Ok(Self(body::parse_object(&body)?))
    }
}

/// An empty body, or any JSON object, whose content is ignored.
pub(super) struct EmptyBody;

impl<S: Sync> FromRequest<S> for EmptyBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        body::read_nothing(request).await?;
        Ok(Self)
    }
}
