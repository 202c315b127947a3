//! Requests to token endpoints (RFC 6749 §3.2), for both protocols.
//!
//! Responses are reduced to the fields that we use before the library parses them, so that other fields may have
//! any type or be missing.

use std::{future::Future, pin::Pin};

use http::{Request, Response, StatusCode};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, StandardErrorResponse,
    StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
    basic::{
        BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{
    IdpError, Known, Secret, Secrets,
    http::{Http, NoResponse, json_of},
};
use crate::domain::sso::error_word;

/// The longest refresh token accepted, in bytes: it is stored with the session.
const MAX_REFRESH_TOKEN: usize = 16 * 1024;
/// The fields of a response that we use.
const USED: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// The response of a token endpoint.
pub(super) type Answer = StandardTokenResponse<WithIdToken, BasicTokenType>;
/// The client of an endpoint whose response may have an ID token.
pub(super) type TokenClient<HasTokenUrl = EndpointNotSet> = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    HasTokenUrl,
>;

/// The field that `OpenID` Connect adds (Core §3.1.3.3).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WithIdToken {
    id_token: Option<Secret>,
}

impl ExtraTokenFields for WithIdToken {}

/// The tokens in a response.
pub(super) struct Tokens {
    /// The access token; empty when there is none.
    pub(super) access: Secret,
    /// The refresh token.
    pub(super) refresh: Option<Secret>,
    /// The ID token.
    pub(super) id: Option<Secret>,
}

impl From<Answer> for Tokens {
    fn from(answer: Answer) -> Self {
        let refresh = answer.refresh_token().map(|token| Secret::new(token.secret().as_str()));
        Self {
            access: Secret::new(answer.access_token().secret().as_str()),
            refresh: refresh.filter(|token| token.reveal().len() <= MAX_REFRESH_TOKEN),
            id: answer.extra_fields().id_token.clone(),
        }
    }
}

/// A token endpoint, and how clients authenticate there.
#[derive(Debug, Clone)]
pub(super) struct TokenEndpoint {
    url: TokenUrl,
    auth: AuthType,
}

impl TokenEndpoint {
    /// An endpoint that says nothing of authentication: RFC 6749 §2.3.1 has the secret in a header.
    pub(super) fn of(url: &Url) -> Self {
        Self { url: TokenUrl::from_url(url.clone()), auth: AuthType::BasicAuth }
    }

    /// The endpoint of a discovery document (`OpenID` Connect Discovery §3). Some providers accept the secret only
    /// in the body.
    pub(super) fn discovered(url: &Url, document: &Value) -> Self {
        let methods = document.get("token_endpoint_auth_methods_supported");
        let takes = |method: &str| match methods {
            Some(Value::Array(methods)) => methods.iter().any(|one| one == method),
            Some(one) => one == method,
            None => false,
        };
        let in_body = takes("client_secret_post") && !takes("client_secret_basic");
        Self { auth: if in_body { AuthType::RequestBody } else { AuthType::BasicAuth }, ..Self::of(url) }
    }
}

impl Known<'_> {
    /// Redeems a code (RFC 6749 §4.1.3).
    pub(super) async fn exchange(
        &self,
        endpoint: &TokenEndpoint,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
    ) -> Result<Tokens, IdpError> {
        let client = self.client_at(endpoint).set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.to_owned()))
            .request_async(&Tolerant(self.http))
            .await;
        Ok(answer.map_err(refused)?.into())
    }

    pub(super) async fn refresh(&self, endpoint: &TokenEndpoint, token: &Secret) -> Result<Option<Secret>, IdpError> {
        let client = self.client_at(endpoint);
        let token = RefreshToken::new(token.reveal().to_owned());
        let answer = client.exchange_refresh_token(&token).request_async(&Tolerant(self.http)).await;
        Ok(Tokens::from(answer.map_err(refused)?).refresh)
    }

    /// A client for any request to a token endpoint.
    fn client_at(&self, endpoint: &TokenEndpoint) -> TokenClient<EndpointSet> {
        let client = self.client().set_token_uri(endpoint.url.clone());
        match &self.settings().client_secret {
            Some(secret) => {
                let secret = ClientSecret::new(secret.reveal().to_owned());
                client.set_auth_type(endpoint.auth.clone()).set_client_secret(secret)
            }
            None => client.set_auth_type(AuthType::RequestBody),
        }
    }

    /// A client without a secret, for requests by the browser.
    pub(super) fn client(&self) -> TokenClient {
        TokenClient::new(ClientId::new(self.settings().client_id.clone()))
    }
}

/// Sends requests, and reduces responses to the fields that we use.
struct Tolerant<'a>(&'a Http);

impl<'c> AsyncHttpClient<'c> for Tolerant<'_> {
    type Error = NoResponse;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, NoResponse>> + Send + 'c>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(async { Ok(used_of(self.0.send(request).await?)) })
    }
}

/// Reduces a response to the fields that we use; one that is not a JSON object is unchanged. Some endpoints return
/// errors with a status of success.
fn used_of(response: Response<Vec<u8>>) -> Response<Vec<u8>> {
    let Ok(said) = serde_json::from_slice::<Map<String, Value>>(json_of(response.body())) else { return response };
    let used = |key: &str| said.get(key).filter(|value| value.as_str().is_some_and(|text| !text.is_empty()));
    let has_tokens = used("access_token").is_some() || used("id_token").is_some();
    let (status, body) = match used("error").and_then(Value::as_str) {
        Some(error) if !(response.status().is_success() && has_tokens) => {
            (StatusCode::BAD_REQUEST, Map::from_iter([("error".to_owned(), Value::from(error_word(error)))]))
        }
        _ if !response.status().is_success() => return response,
        _ => {
            let mut kept = Map::new();
            kept.extend(USED.iter().filter_map(|key| Some(((*key).to_owned(), used(key)?.clone()))));
            kept.insert("token_type".to_owned(), "bearer".into());
            if has_tokens {
                kept.entry("access_token").or_insert_with(|| "".into());
            }
            (StatusCode::OK, kept)
        }
    };
    let mut kept = Response::new(serde_json::to_vec(&body).unwrap_or_default());
    *kept.status_mut() = status;
    kept
}

/// The errors of an endpoint.
type Refused = RequestTokenError<NoResponse, StandardErrorResponse<BasicErrorResponseType>>;

/// Classifies an error. Only its code is logged, and none of its text is shown.
fn refused(error: Refused) -> IdpError {
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            BasicErrorResponseType::InvalidGrant => IdpError::Revoked,
            other => match error_word(other.as_ref()) {
                word if matches!(word.as_str(), "temporarily_unavailable" | "server_error") => {
                    IdpError::Unavailable(word)
                }
                word => IdpError::Misconfigured(format!("the token endpoint refuses: {word}")),
            },
        },
        RequestTokenError::Request(error) => error.into(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            IdpError::Unavailable("an answer that is none of a token endpoint".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_response_is_reduced_to_the_fields_in_use() {
        let used = |status: u16, body: Value| {
            let mut response = Response::new(body.to_string().into_bytes());
            *response.status_mut() = StatusCode::from_u16(status).expect("is valid");
            let response = used_of(response);
            let body: Value = serde_json::from_slice(response.body()).expect("is JSON");
            (response.status().as_u16(), body)
        };
        let odd = json!({ "access_token": "a", "id_token": "i", "token_type": 1, "expires_in": "x", "scope": [1], "refresh_token": {} });
        assert_eq!(used(201, odd), (200, json!({ "access_token": "a", "id_token": "i", "token_type": "bearer" })));
        let bare = used(200, json!({ "id_token": "i" }));
        assert_eq!(bare, (200, json!({ "access_token": "", "id_token": "i", "token_type": "bearer" })));
        let said_no = json!({ "error": "invalid_grant", "error_description": 7, "error_uri": [] });
        for status in [200, 400, 401] {
            assert_eq!(used(status, said_no.clone()), (400, json!({ "error": "invalid_grant" })));
        }
    }
}
