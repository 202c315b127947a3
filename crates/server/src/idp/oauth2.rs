//! Plain OAuth 2.0 (RFC 6749): a code, a token, and an endpoint with the profile of its user.

use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use serde_json::Value;
use url::Url;

use super::{Authenticated, Endpoints, IdpError, Known, Secrets, token_endpoint::TokenEndpoint};
use crate::domain::sso::{MAX_EMAIL, MAX_SUBJECT, MAX_TEXT, Person};

impl Known<'_> {
    pub(super) fn authorize_oauth2(&self, authorize_url: &Url, redirect: &Url, secrets: Secrets<'_>) -> Url {
        let scopes = self.settings().scope.iter().map(String::as_str);
        self.authorize_at(authorize_url, redirect, secrets, scopes, &[])
    }

    /// The authorization URL, for both protocols.
    pub(super) fn authorize_at<'s>(
        &self,
        authorize_url: &Url,
        redirect: &Url,
        secrets: Secrets<'_>,
        scopes: impl Iterator<Item = &'s str>,
        more: &[(&'s str, &'s str)],
    ) -> Url {
        let verifier = PkceCodeVerifier::new(secrets.verifier.to_owned());
        let client = self
            .client()
            .set_auth_uri(AuthUrl::from_url(authorize_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let mut request = client
            .authorize_url(|| CsrfToken::new(secrets.state.to_owned()))
            .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for (name, value) in more {
            request = request.add_extra_param(*name, *value);
        }
        request.url().0
    }

    pub(super) async fn ask_oauth2(
        &self,
        endpoints: &Endpoints,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
    ) -> Result<Authenticated, IdpError> {
        let tokens = self.exchange(&TokenEndpoint::of(&endpoints.access_url), redirect, code, secrets).await?;
        let profile = self.http.get(&endpoints.profile_url, Some(tokens.access.reveal())).await?;
        let person = self.person(self.settings().issuer().to_owned(), &profile)?;
        Ok(Authenticated { person, refresh_token: tokens.refresh, user_info_error: None })
    }

    /// The identity in the claims. The user's id must be present and short; other claims are ignored when they are
    /// too long or of another type.
    pub(super) fn person(&self, issuer: String, claims: &Value) -> Result<Person, IdpError> {
        let key = &self.settings().identifier_key;
        let subject = text(claims, key);
        let subject =
            subject.ok_or_else(|| IdpError::Misconfigured(format!("no `{key}` in what describes the user")))?;
        if subject.len() > MAX_SUBJECT {
            return Err(IdpError::Implausible(format!("`{key}` is over {MAX_SUBJECT} bytes")));
        }
        let short = |key: &str| text(claims, key).filter(|text| text.len() <= MAX_TEXT);
        Ok(Person {
            issuer,
            subject,
            email: self.email(claims),
            email_verified: self.email_verified(claims),
            name: short("name"),
            username: short("preferred_username").or_else(|| short("login")),
            second_factor: false,
            proved_at: None,
        })
    }

    pub(super) fn email(&self, claims: &Value) -> Option<String> {
        text(claims, &self.settings().email_key).filter(|email| email.len() <= MAX_EMAIL)
    }

    /// Whether the provider verified the email; the configured assumption if it does not say.
    pub(super) fn email_verified(&self, claims: &Value) -> Option<bool> {
        let said = claims.get("email_verified").and_then(|verified| match verified {
            Value::Bool(verified) => Some(*verified),
            Value::String(verified) => verified.to_ascii_lowercase().parse().ok(),
            _ => None,
        });
        said.or(self.settings().assume_email_verified.then_some(true))
    }
}

/// A claim as text; numbers are accepted as ids. `a.b` is `b` in the object `a`.
pub(super) fn text(claims: &Value, key: &str) -> Option<String> {
    let found = key.split('.').try_fold(claims, |value, key| value.get(key))?;
    match found {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
