//! Plain OAuth 2.0 (RFC 6749): a code, a token, and an endpoint that tells who it belongs to.

use http::{Request, header};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardErrorResponse, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponseType},
};
use serde_json::Value;
use url::Url;

use super::{Endpoints, IdpError, Known, Secret, Secrets, Told, http::NoAnswer};
use crate::domain::sso::Person;

/// How a token endpoint refuses, for either driver.
pub(super) type Refused = RequestTokenError<NoAnswer, StandardErrorResponse<BasicErrorResponseType>>;

impl Known<'_> {
    pub(super) fn authorize_oauth2(&self, authorize_url: &Url, redirect: &Url, secrets: Secrets<'_>) -> Url {
        let settings = self.settings();
        let verifier = PkceCodeVerifier::new(secrets.verifier.to_owned());
        let client = BasicClient::new(ClientId::new(settings.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(authorize_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(secrets.state.to_owned()))
            .add_scopes(settings.scope.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        url
    }

    pub(super) async fn ask_oauth2(
        &self,
        endpoints: &Endpoints,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
    ) -> Result<Told, IdpError> {
        let client = self
            .client()
            .set_token_uri(TokenUrl::from_url(endpoints.access_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.to_owned()))
            .request_async(self.http)
            .await
            .map_err(refused)?;
        let profile = self.profile(&endpoints.profile_url, tokens.access_token().secret()).await?;
        let subject = text(&profile, &self.settings().identifier_key);
        let subject = subject.ok_or_else(|| IdpError::Misconfigured("no identifier in the profile".to_owned()))?;
        let person = self.person(self.settings().name.clone(), subject, &profile);
        let refresh_token = tokens.refresh_token().map(|token| Secret::new(token.secret().as_str()));
        Ok(Told { person, refresh_token })
    }

    pub(super) async fn refresh(&self, access_url: &Url, token: &Secret) -> Result<Option<Secret>, IdpError> {
        let client = self.client().set_token_uri(TokenUrl::from_url(access_url.clone()));
        let token = RefreshToken::new(token.reveal().to_owned());
        let tokens = client.exchange_refresh_token(&token).request_async(self.http).await.map_err(refused)?;
        Ok(tokens.refresh_token().map(|token| Secret::new(token.secret().as_str())))
    }

    /// What a resource of the provider says to whoever bears this token.
    pub(super) async fn profile(&self, url: &Url, access_token: &str) -> Result<Value, IdpError> {
        let request = Request::get(url.as_str())
            .header(header::AUTHORIZATION, format!("Bearer {access_token}"))
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "doorstep")
            .body(Vec::new())
            .map_err(|error| IdpError::Misconfigured(error.to_string()))?;
        let response = self.http.send(request).await.map_err(|error| IdpError::Unavailable(error.to_string()))?;
        if !response.status().is_success() {
            return Err(IdpError::Unavailable(format!("{} instead of a profile", response.status())));
        }
        serde_json::from_slice(response.body()).map_err(|_| IdpError::Misconfigured("a profile that is no JSON".into()))
    }

    /// What claims say of somebody.
    pub(super) fn person(&self, issuer: String, subject: String, claims: &Value) -> Person {
        let email_verified = claims.get("email_verified").and_then(|verified| match verified {
            Value::Bool(verified) => Some(*verified),
            Value::String(verified) => Some(verified == "true"),
            _ => None,
        });
        Person {
            issuer,
            subject,
            email: text(claims, &self.settings().email_key),
            email_verified,
            name: text(claims, "name"),
            username: text(claims, "preferred_username").or_else(|| text(claims, "login")),
            second_factor: false,
            proved_at: None,
        }
    }

    fn client(&self) -> BasicClient {
        let settings = self.settings();
        let client = BasicClient::new(ClientId::new(settings.client_id.clone())).set_auth_type(AuthType::BasicAuth);
        match &settings.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.reveal().to_owned())),
            None => client.set_auth_type(AuthType::RequestBody),
        }
    }
}

/// A claim as text: a number names somebody as well as a word does. `a.b` is `b` in `a`.
pub(super) fn text(claims: &Value, key: &str) -> Option<String> {
    let found = key.split('.').try_fold(claims, |value, key| value.get(key))?;
    match found {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What the endpoint's refusal means. Nothing of its text goes further than the log.
pub(super) fn refused(error: Refused) -> IdpError {
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            BasicErrorResponseType::InvalidGrant => IdpError::Revoked,
            other => match other.as_ref() {
                "temporarily_unavailable" | "server_error" => IdpError::Unavailable(other.as_ref().to_owned()),
                other => IdpError::Misconfigured(format!("{other:?}")),
            },
        },
        RequestTokenError::Request(error) => IdpError::Unavailable(error.to_string()),
        // It answered as it should, with an ID token that lacks what every one has, such as an end.
        RequestTokenError::Parse(_, body) if has_id_token(&body) => {
            IdpError::Unbelievable("an ID token that is none".to_owned())
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            IdpError::Unavailable("an answer that is none of a token endpoint".to_owned())
        }
    }
}

fn has_id_token(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|answer| answer.get("id_token").is_some())
}
