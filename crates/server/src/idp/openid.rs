//! `OpenID` Connect: found by its issuer, and believed when its ID token is right.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use jiff::Timestamp;
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    ProviderMetadataWithLogout, RedirectUrl, Scope, SignatureVerificationError, TokenResponse as _,
    core::{
        CoreAuthPrompt, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
        CoreResponseType,
    },
};
use serde_json::Value;
use url::Url;

use super::{
    IdpError, Known, Secret, Secrets, Told,
    http::NoAnswer,
    oauth2::{refused, text},
};
use crate::domain::sso::is_second_factor;

/// What a discovery document and its keys say.
pub(super) type Discovered = ProviderMetadataWithLogout;

/// Those of a key pair: what we keep secret signs nothing (RFC 8725 §3.1).
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl Known<'_> {
    pub(super) async fn authorize_openid(
        &self,
        issuer: &str,
        redirect: &Url,
        secrets: Secrets<'_>,
        again: bool,
    ) -> Result<Url, IdpError> {
        let discovered = self.discovered(issuer).await?;
        let settings = self.settings();
        let verifier = PkceCodeVerifier::new(secrets.verifier.to_owned());
        let client =
            CoreClient::from_provider_metadata((*discovered).clone(), ClientId::new(settings.client_id.clone()), None)
                .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let (state, nonce) = (secrets.state.to_owned(), secrets.nonce.to_owned());
        let request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            // The library asks for `openid` itself.
            .add_scopes(settings.scope.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let request = if again {
            request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO)
        } else {
            request
        };
        Ok(request.url().0)
    }

    pub(super) async fn ask_openid(
        &self,
        issuer: &str,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
        now: Timestamp,
    ) -> Result<Told, IdpError> {
        let discovered = self.discovered(issuer).await?;
        let settings = self.settings();
        let secret = settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let auth = if wants_secret_in_body(&discovered) { AuthType::RequestBody } else { AuthType::BasicAuth };
        let client = CoreClient::from_provider_metadata(
            (*discovered).clone(),
            ClientId::new(settings.client_id.clone()),
            secret,
        )
        .set_auth_type(auth)
        .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| IdpError::Misconfigured("it has no token endpoint".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.to_owned()))
            .request_async(self.http)
            .await
            .map_err(refused)?;
        let id_token = tokens.id_token().ok_or_else(|| IdpError::Misconfigured("it gives no ID token".to_owned()))?;
        self.verify(issuer, id_token, secrets.nonce, now).await?;
        let claims = payload(id_token).ok_or_else(|| IdpError::Unbelievable("an unreadable ID token".to_owned()))?;
        // OpenID Connect Core §3.1.3.7: who may present it, when it says so, is us.
        if text(&claims, "azp").is_some_and(|party| party != settings.client_id) {
            return Err(IdpError::Unbelievable("a token for another party to present".to_owned()));
        }
        let sub = text(&claims, "sub").unwrap_or_default();
        let subject = text(&claims, &settings.identifier_key);
        let subject = subject.ok_or_else(|| IdpError::Misconfigured("no identifier in the ID token".to_owned()))?;
        let mut person = self.person(issuer.to_owned(), subject, &claims);
        let methods: Vec<&str> =
            claims.get("amr").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let proved_at = claims.get("auth_time").and_then(Value::as_i64);
        if person.email.is_none()
            && let Some(endpoint) = discovered.userinfo_endpoint()
        {
            let info = self.profile(endpoint.url(), tokens.access_token().secret()).await?;
            // OpenID Connect Core §5.3.2: somebody else's must not be used.
            if text(&info, "sub").as_deref() != Some(sub.as_str()) {
                return Err(IdpError::Unbelievable("the user info is of somebody else".to_owned()));
            }
            person = self.person(person.issuer, person.subject, &info);
        }
        person.second_factor = is_second_factor(&methods);
        person.proved_at = proved_at.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let refresh_token = tokens.refresh_token().map(|token| Secret::new(token.secret().as_str()));
        Ok(Told { person, refresh_token })
    }

    /// Signature, issuer, audience, time and nonce (`OpenID` Connect Core §3.1.3.7). A key that is not known may be a
    /// new one: the provider is asked for its keys once more.
    async fn verify(&self, issuer: &str, token: &CoreIdToken, nonce: &str, now: Timestamp) -> Result<(), IdpError> {
        let nonce = Nonce::new(nonce.to_owned());
        let discovered = self.discovered(issuer).await?;
        match token.claims(&self.verifier(&discovered, now), &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
            )) => {
                *self.provider.discovered.write().await = None;
                let discovered = self.discovered(issuer).await?;
                token.claims(&self.verifier(&discovered, now), &nonce).map(drop)
            }
            verified => verified.map(drop),
        }
        .map_err(|error| IdpError::Unbelievable(error.to_string()))
    }

    fn verifier(&self, discovered: &Discovered, now: Timestamp) -> CoreIdTokenVerifier<'static> {
        let client = ClientId::new(self.settings().client_id.clone());
        let seconds = now.as_second();
        CoreIdTokenVerifier::new_public_client(client, discovered.issuer().clone(), discovered.jwks().clone())
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || DateTime::from_timestamp(seconds, 0).unwrap_or_default())
    }

    /// The discovery document, which must name this issuer (`OpenID` Connect Discovery §4.3), and its keys.
    async fn discovered(&self, issuer: &str) -> Result<Arc<Discovered>, IdpError> {
        if let Some(discovered) = &*self.provider.discovered.read().await {
            return Ok(Arc::clone(discovered));
        }
        let url = IssuerUrl::new(issuer.to_owned()).map_err(|error| IdpError::Misconfigured(error.to_string()))?;
        let found =
            Discovered::discover_async(url, self.http).await.map_err(
                |error: DiscoveryError<NoAnswer>| match error {
                    DiscoveryError::Request(error) => IdpError::Unavailable(error.to_string()),
                    DiscoveryError::Response(status, ..) => {
                        IdpError::Unavailable(format!("discovery answers {status}"))
                    }
                    error => IdpError::Misconfigured(error.to_string()),
                },
            )?;
        let found = Arc::new(found);
        *self.provider.discovered.write().await = Some(Arc::clone(&found));
        Ok(found)
    }

    pub(super) async fn token_endpoint(&self, issuer: &str) -> Result<Url, IdpError> {
        let discovered = self.discovered(issuer).await?;
        let endpoint = discovered.token_endpoint().map(|endpoint| endpoint.url().clone());
        endpoint.ok_or_else(|| IdpError::Misconfigured("it has no token endpoint".to_owned()))
    }

    pub(super) async fn end_session_openid(&self, issuer: &str, back: &Url) -> Option<Url> {
        let discovered = self.discovered(issuer).await.ok()?;
        let mut url = discovered.additional_metadata().end_session_endpoint.as_ref()?.url().clone();
        // Without the ID token, which would stand in logs: the provider asks the person instead.
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings().client_id)
            .append_pair("post_logout_redirect_uri", back.as_str());
        Some(url)
    }
}

/// RFC 6749 §2.3.1 wants the header; some take the body alone.
fn wants_secret_in_body(discovered: &Discovered) -> bool {
    discovered.token_endpoint_auth_methods_supported().is_some_and(|methods| {
        methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
    })
}

/// The claims of a token that was verified.
fn payload(token: &CoreIdToken) -> Option<Value> {
    let text = token.to_string();
    let payload = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}
