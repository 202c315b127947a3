//! `OpenID` Connect: discovery by the issuer, and ID tokens.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreJsonWebKey;
use serde_json::{Map, Value};
use tracing::warn;
use url::Url;

use super::{
    Authenticated, IdpError, Known, Secret, Secrets,
    id_token::{Expected, VerifyError, verify},
    oauth2::text,
    token_endpoint::TokenEndpoint,
};
use crate::domain::{
    email,
    sso::{MAX_AGE, Person, is_second_factor},
};

/// How long a provider that did not respond in time is not contacted again.
const LATE_FOR: SignedDuration = SignedDuration::from_secs(5);
/// The members of a key that we use (RFC 7517 §4, RFC 7518 §6).
const OF_A_KEY: [&str; 9] = ["kty", "use", "kid", "alg", "n", "e", "crv", "x", "y"];

/// The parts of a discovery document that we use, and the keys. Other parts may have any type or be missing.
#[derive(Debug)]
pub(super) struct Discovered {
    authorization: Url,
    token: Option<TokenEndpoint>,
    userinfo: Option<Url>,
    end_session: Option<Url>,
    keys: Vec<CoreJsonWebKey>,
}

impl Known<'_> {
    pub(super) async fn authorize_openid(
        &self,
        issuer: &str,
        redirect: &Url,
        secrets: Secrets<'_>,
        again: bool,
        now: Timestamp,
    ) -> Result<Url, IdpError> {
        let discovered = self.discovered(issuer, now, None).await?;
        let more = self.settings().scope.iter().map(String::as_str).filter(|scope| *scope != "openid");
        let scopes = std::iter::once("openid").chain(more);
        let max_age = MAX_AGE.as_secs().to_string();
        let asked = [("nonce", secrets.nonce), ("prompt", "login"), ("max_age", &max_age)];
        let asked = asked.get(..if again { 3 } else { 1 }).unwrap_or_default();
        Ok(self.authorize_at(&discovered.authorization, redirect, secrets, scopes, asked))
    }

    pub(super) async fn ask_openid(
        &self,
        issuer: &str,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
        now: Timestamp,
    ) -> Result<Authenticated, IdpError> {
        let discovered = self.discovered(issuer, now, None).await?;
        let endpoint = token_endpoint(&discovered)?;
        let tokens = self.exchange(&endpoint, redirect, code, secrets).await?;
        let id_token =
            tokens.id.ok_or_else(|| IdpError::Misconfigured("no `id_token` in the token answer".to_owned()))?;
        let claims = self.verify(issuer, &discovered, &id_token, secrets.nonce, now).await?;
        let mut person = self.person(issuer.to_owned(), &claims)?;
        let mut user_info_error = None;
        if person.email.is_none() || person.email_verified.is_none() {
            match self.user_info(&discovered, &claims, &tokens.access).await? {
                Ok(Some(info)) => self.add_user_info(&mut person, &claims, &info)?,
                Ok(None) => {}
                // The ID token identifies the user. The other claims are only needed for a new account.
                Err(error) => {
                    warn!(event = "provider_unavailable", provider = self.settings().name, error = %error);
                    user_info_error = Some(error);
                }
            }
        }
        let methods: Vec<&str> =
            claims.get("amr").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        person.second_factor = is_second_factor(&methods);
        person.proved_at = claims.get("auth_time").and_then(time);
        Ok(Authenticated { person, refresh_token: tokens.refresh, user_info_error })
    }

    /// Verifies an ID token. If the key is unknown, it may be new, so the keys are loaded again.
    async fn verify(
        &self,
        issuer: &str,
        discovered: &Arc<Discovered>,
        token: &Secret,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Value, IdpError> {
        let expected = Expected { issuer, client_id: &self.settings().client_id, nonce, now };
        match verify(token.reveal(), &discovered.keys, &expected) {
            Err(VerifyError::Signature) => {
                let newer = self.discovered(issuer, now, Some(discovered)).await?;
                verify(token.reveal(), &newer.keys, &expected)
            }
            believed => believed,
        }
        .map_err(|doubt| {
            IdpError::Implausible(match doubt {
                VerifyError::Signature => "the signature of the ID token".to_owned(),
                VerifyError::In(claim) => format!("`{claim}` of the ID token"),
            })
        })
    }

    /// The userinfo claims, if there is such an endpoint. The inner error: there are none that may be used.
    ///
    /// # Errors
    /// When they are of another user than the ID token, so the tokens do not belong together.
    async fn user_info(
        &self,
        discovered: &Discovered,
        claims: &Value,
        access: &Secret,
    ) -> Result<Result<Option<Value>, IdpError>, IdpError> {
        let Some(endpoint) = discovered.userinfo.as_ref().filter(|_| !access.reveal().is_empty()) else {
            return Ok(Ok(None));
        };
        let info = match self.http.get(endpoint, Some(access.reveal())).await {
            Ok(info) if info.is_object() => info,
            Ok(_) => return Ok(Err(IdpError::Misconfigured(format!("{} gives no JSON object", endpoint.path())))),
            Err(error) => return Ok(Err(error)),
        };
        // OpenID Connect Core §5.3.2: claims with another `sub`, or without one, must not be used.
        match text(&info, "sub") {
            None => Ok(Err(IdpError::Implausible("no `sub` in the user info".to_owned()))),
            sub if sub != text(claims, "sub") => {
                Err(IdpError::Implausible("`sub` of the user info is of another user".to_owned()))
            }
            Some(_) => Ok(Ok(Some(info))),
        }
    }

    /// Adds what the ID token does not say. Whether an email is verified counts for the same mailbox only.
    fn add_user_info(&self, person: &mut Person, claims: &Value, info: &Value) -> Result<(), IdpError> {
        let email = self.email(info);
        let key = |email: &Option<String>| email.as_deref().map(email::key);
        if person.email.is_none() || key(&email) == key(&person.email) {
            person.email = email;
            person.email_verified = self.email_verified(info);
        }
        let more = self.person(person.issuer.clone(), &merged(claims, info))?;
        person.name = person.name.take().or(more.name);
        person.username = person.username.take().or(more.username);
        Ok(())
    }

    /// The discovery document and the keys, cached. Of concurrent requests only one loads them; a provider that
    /// does not respond is not contacted for a moment. `instead_of`: the outdated version to replace.
    async fn discovered(
        &self,
        issuer: &str,
        now: Timestamp,
        instead_of: Option<&Arc<Discovered>>,
    ) -> Result<Arc<Discovered>, IdpError> {
        let known = async || {
            let found = self.provider.discovered.read().await.clone();
            found.filter(|found| instead_of.is_none_or(|old| !Arc::ptr_eq(old, found)))
        };
        if let Some(found) = known().await {
            return Ok(found);
        }
        let mut late_at = self.provider.late_at.lock().await;
        if let Some(found) = known().await {
            return Ok(found);
        }
        // A time in the future was recorded by a wrong clock.
        if late_at.is_some_and(|at| at <= now && now.duration_since(at) < LATE_FOR) {
            return Err(IdpError::Late);
        }
        let discovered = self.discover(issuer).await;
        *late_at = matches!(discovered, Err(IdpError::Late)).then_some(now);
        let found = Arc::new(discovered?);
        *self.provider.discovered.write().await = Some(Arc::clone(&found));
        Ok(found)
    }

    /// `OpenID` Connect Discovery §4: the document must name this issuer.
    async fn discover(&self, issuer: &str) -> Result<Discovered, IdpError> {
        let wrong = |what: &str| IdpError::Misconfigured(format!("`{what}` of the discovery document"));
        let place = [issuer.trim_end_matches('/'), "/.well-known/openid-configuration"].concat();
        let document = self.http.get(&place.parse().map_err(|_| wrong("issuer"))?, None).await?;
        if document.get("issuer").and_then(Value::as_str) != Some(issuer) {
            return Err(wrong("issuer"));
        }
        let url = |key: &str| {
            let url: Url = document.get(key)?.as_str()?.parse().ok()?;
            matches!(url.scheme(), "https" | "http").then_some(url)
        };
        let authorization = url("authorization_endpoint").ok_or_else(|| wrong("authorization_endpoint"))?;
        let keys = self.http.get(&url("jwks_uri").ok_or_else(|| wrong("jwks_uri"))?, None).await?;
        let keys = keys.get("keys").and_then(Value::as_array).ok_or_else(|| wrong("jwks_uri"))?;
        Ok(Discovered {
            authorization,
            token: url("token_endpoint").map(|url| TokenEndpoint::discovered(&url, &document)),
            userinfo: url("userinfo_endpoint"),
            end_session: url("end_session_endpoint"),
            keys: keys.iter().filter_map(key).collect(),
        })
    }

    pub(super) async fn token_endpoint(&self, issuer: &str, now: Timestamp) -> Result<TokenEndpoint, IdpError> {
        token_endpoint(&*self.discovered(issuer, now, None).await?)
    }

    pub(super) async fn end_session_openid(&self, issuer: &str, back: &Url, now: Timestamp) -> Option<Url> {
        let discovered = self.discovered(issuer, now, None).await.ok()?;
        let mut url = discovered.end_session.clone()?;
        // Without an ID token hint, which would appear in logs: the provider asks the user to confirm instead.
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings().client_id)
            .append_pair("post_logout_redirect_uri", back.as_str());
        Some(url)
    }
}

fn token_endpoint(discovered: &Discovered) -> Result<TokenEndpoint, IdpError> {
    discovered
        .token
        .clone()
        .ok_or_else(|| IdpError::Misconfigured("`token_endpoint` of the discovery document".to_owned()))
}

/// A key, from the members that we use; `None` if it is not supported. An empty member says nothing.
fn key(said: &Value) -> Option<CoreJsonWebKey> {
    let text = |key: &str| said.get(key)?.as_str().filter(|text| !text.is_empty());
    let member = |key: &&str| Some(((*key).to_owned(), text(key)?.into()));
    let used: Map<String, Value> = OF_A_KEY.iter().filter_map(member).collect();
    serde_json::from_value(used.into()).ok()
}

/// The claims of the ID token, and those that only the userinfo has.
fn merged(claims: &Value, info: &Value) -> Value {
    let mut all = info.as_object().cloned().unwrap_or_default();
    all.extend(claims.as_object().cloned().unwrap_or_default());
    all.into()
}

/// A time in a claim: a number of seconds (RFC 7519 §2).
fn time(claim: &Value) -> Option<Timestamp> {
    let since = SignedDuration::try_from_secs_f64(claim.as_f64()?).ok()?;
    Timestamp::from_duration(since).ok()
}
