//! The portal's surface, `/portal/api/*`: plain bodies, and errors with a code only.

use doorstep_contract::{
    account::List,
    envelope::ErrorCode,
    paths,
    portal::{Left, PortalError, PortalErrorCode, PortalMe, PortalProject, PortalProjectDetail},
};
use serde::de::DeserializeOwned;

use super::{Answer, ApiError, Method, exchange, exchange_keepalive, json};

/// The client of this visit, and whether it is a preview.
pub(crate) async fn me() -> Result<PortalMe, ApiError> {
    ask(paths::PORTAL_ME).await
}

/// A page of the client's projects; the first is 1.
pub(crate) async fn projects(page: u32) -> Result<List<PortalProject>, ApiError> {
    ask(&[paths::PORTAL_PROJECTS, "?page=", &page.to_string()].concat()).await
}

/// A project.
pub(crate) async fn project(id: &str) -> Result<PortalProjectDetail, ApiError> {
    ask(&[paths::PORTAL_PROJECTS, "/", id].concat()).await
}

/// Ends the visit.
pub(crate) async fn leave() -> Result<Left, ApiError> {
    read(exchange_keepalive(paths::PORTAL_LEAVE).await?)
}

async fn ask<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    read(exchange(Method::Get, path, None).await?)
}

fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, ApiError> {
    json::from_str(&text(answer)?).ok_or(ApiError::Unintelligible)
}

/// Not generic, so that it is in the bundle once.
fn text(answer: Answer) -> Result<String, ApiError> {
    if answer.is_success() { Ok(answer.text) } else { Err(refusal(&answer)) }
}

/// The equivalent error of the dashboard surface.
fn refusal(answer: &Answer) -> ApiError {
    let Some(PortalError { error }) = json::from_str(&answer.text) else {
        return answer.foreign_error();
    };
    ApiError::Refused(match error {
        PortalErrorCode::AccessRequired => ErrorCode::Unauthenticated,
        PortalErrorCode::NotFound => ErrorCode::NotFound,
        PortalErrorCode::CsrfRejected => ErrorCode::CsrfRejected,
        PortalErrorCode::ServiceUnavailable => ErrorCode::ServiceUnavailable,
        PortalErrorCode::RateLimited => {
            return answer.seconds().map_or(ApiError::Refused(ErrorCode::RateLimited), ApiError::Limited);
        }
        _ => ErrorCode::InternalError,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal_of(status: u16, text: &str) -> ApiError {
        refusal(&Answer { status, text: text.to_owned(), retry_after: Some("7".to_owned()) })
    }

    #[test]
    fn missing_access_and_unknown_projects_differ() {
        let required = r#"{"error":"portal_access_required"}"#;
        assert_eq!(refusal_of(401, required), ApiError::Refused(ErrorCode::Unauthenticated));
        assert_eq!(refusal_of(404, r#"{"error":"not_found"}"#), ApiError::Refused(ErrorCode::NotFound));
        assert_eq!(refusal_of(500, r#"{"error":"of_the_future"}"#), ApiError::Refused(ErrorCode::InternalError));
        assert_eq!(refusal_of(429, r#"{"error":"rate_limited"}"#), ApiError::Limited(7));
    }

    #[test]
    fn an_error_of_a_proxy_does_not_end_access() {
        assert_eq!(refusal_of(502, "<html>Bad Gateway</html>"), ApiError::Unreachable);
        assert_eq!(refusal_of(401, "<html>Who are you?</html>"), ApiError::Unintelligible);
    }
}
