//! Approval grants: a user who authenticated by SSO, without an account here, gets a signed grant in a cookie, for
//! one device and one decision.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::{
    device::{ApprovalContext, OAuthErrorCode, Resolution, SsoError},
    secret::Secret,
    user_code::UserCode,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Devices;
use crate::{
    domain::{
        account::NameKey,
        audit::Actor,
        device_token::{External, Holder, Kind},
        email,
        jws::{self, Use},
        limits::Whose,
        quota::Quota,
        secret_key::Purpose,
        session::{Visitor, wire_time},
    },
    error::Error,
    store::{Decider, Decision},
};

/// The key that only this server has.
const OURS: &str = "doorstep-v1";
const GRANT: Use = Use { kid: OURS, audience: "api.device_flow.approval_grant", life: GRANT_LIFE };

/// How long an approval grant is valid.
pub const GRANT_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// The longest accepted issuer and subject of an identity, in bytes.
const LONGEST_NAME: usize = 500;
/// How many grants of a request are tried.
const GRANTS_TRIED: usize = 4;

#[derive(Serialize, Deserialize)]
struct GrantClaims {
    iss: String,
    subject_email: String,
    subject_issuer: String,
    subject: String,
    user_code: String,
    nonce: String,
    csrf_token: String,
}

/// A user who authenticated by SSO and may decide about one device.
#[derive(Debug)]
pub struct ApprovalGrant {
    subject: External,
    user_code: UserCode,
    nonce: Vec<u8>,
    csrf_token: Secret,
    expires_at: Timestamp,
}

impl Devices<'_> {
    /// A grant for a user who authenticated by SSO, unless they have an account. `once` is the hash of the
    /// assertion or state that they returned with, and its expiry: it can be used once.
    pub(super) async fn grant_approval(
        self,
        subject: External,
        code: &UserCode,
        once: (&[u8], Timestamp),
        origin: &str,
    ) -> Result<Result<String, SsoError>, Error> {
        let now = self.core.clock.now();
        let refused = Ok(Err(SsoError::InvalidSsoAssertion));
        let are_sane = [&subject.issuer, &subject.subject].iter().all(|name| (1..=LONGEST_NAME).contains(&name.len()));
        if !are_sane || email::read(&subject.email).is_none() {
            return refused;
        }
        if !self.find_by_code(code).await?.is_some_and(|grant| grant.is_pending(now)) {
            return Ok(Err(SsoError::UserCodeNotPending));
        }
        // A user with an account must sign in with its password and second factor; SSO does not replace them.
        if self.core.store.find_login(&NameKey::new(&subject.email)).await?.is_some() {
            return Ok(Err(SsoError::EmailBelongsToAccount));
        }
        if !self.core.store.use_nonce(once.0, once.1).await? {
            return refused;
        }
        let claims = GrantClaims {
            iss: origin.to_owned(),
            subject_email: subject.email,
            subject_issuer: subject.issuer,
            subject: subject.subject,
            user_code: code.shown(),
            nonce: self.random_text()?,
            csrf_token: self.random_text()?,
        };
        let signed = jws::sign(GRANT, &self.core.secret_keys.subkey(Purpose::ApprovalGrants), claims, now);
        Ok(signed.map_err(|_| SsoError::SsoFailed))
    }

    /// The first unused grant among the cookies; `None` when none is valid.
    ///
    /// # Errors
    /// [`Error::NotFound`] when SSO users may not decide about devices; database errors.
    pub async fn approval_grant(self, cookies: &[&str], origin: &str) -> Result<Option<ApprovalGrant>, Error> {
        if !self.sso_users_may_decide() {
            return Err(Error::NotFound);
        }
        let now = self.core.clock.now();
        let read = |text: &&str| {
            let keys = self.core.secret_keys.subkeys(Purpose::ApprovalGrants);
            let (claims, expires_at) = jws::verify::<GrantClaims, _>(text, GRANT, keys, now)?;
            let user_code = UserCode::parse(&claims.user_code).filter(|_| claims.iss == origin)?;
            Some(ApprovalGrant {
                subject: External {
                    email: claims.subject_email,
                    issuer: claims.subject_issuer,
                    subject: claims.subject,
                },
                user_code,
                nonce: nonce_hash("grant", &claims.nonce),
                csrf_token: Secret::new(claims.csrf_token),
                expires_at,
            })
        };
        let mut grants: Vec<_> = cookies.iter().filter_map(read).take(GRANTS_TRIED).collect();
        while let [first, _, ..] = grants.as_slice() {
            if !self.core.store.is_used(&first.nonce).await? {
                break;
            }
            grants.remove(0);
        }
        Ok(grants.into_iter().next())
    }

    /// The response of `approval-context`.
    ///
    /// # Errors
    /// `no_session` when the grant was used; `user_code_not_pending`; database errors.
    pub async fn approval_context(self, grant: &ApprovalGrant, visitor: &Visitor) -> Result<ApprovalContext, Error> {
        if self.core.store.is_used(&grant.nonce).await? {
            return Err(Error::Device(OAuthErrorCode::NoSession));
        }
        let request = self.find_by_code(&grant.user_code).await?;
        let request = request.filter(|request| request.is_pending(self.core.clock.now()));
        let request = request.ok_or(Error::Device(OAuthErrorCode::UserCodeNotPending))?;
        let subject = Holder::External(grant.subject.clone()).subject();
        Ok(ApprovalContext {
            subject_email: grant.subject.email.clone(),
            subject_issuer: grant.subject.issuer.clone(),
            subject_provider: self.provider_name(&grant.subject.issuer),
            user_code: Secret::new(grant.user_code.shown()),
            csrf_token: grant.csrf_token.clone(),
            expires_at: wire_time(grant.expires_at),
            request: self.describe_request(&request, (Kind::ExternalSso, &subject), visitor).await?,
        })
    }

    /// Decides about a device as an SSO user, once per grant.
    ///
    /// # Errors
    /// `csrf_mismatch`, `user_code_mismatch`, `session_already_consumed`, `user_code_not_pending`, `state_lost`;
    /// [`Error::RateLimited`]; database errors.
    pub async fn decide_external(
        self,
        grant: &ApprovalGrant,
        csrf_token: Option<&str>,
        user_code: &str,
        resolution: Resolution,
        visitor: &Visitor,
    ) -> Result<(), Error> {
        let refused = |code| Err(Error::Device(code));
        if !csrf_token.is_some_and(|token| is_same(token, grant.csrf_token.reveal())) {
            return refused(OAuthErrorCode::CsrfMismatch);
        }
        if UserCode::parse(user_code).as_ref() != Some(&grant.user_code) {
            return refused(OAuthErrorCode::UserCodeMismatch);
        }
        let External { email, issuer, subject } = &grant.subject;
        let person = format!("{issuer}\n{subject}");
        self.core.spend(Quota::DeviceApproveExternal, Whose::Name(&person)).await?.keep();
        if self.core.store.is_used(&grant.nonce).await? {
            return refused(OAuthErrorCode::SessionAlreadyConsumed);
        }
        let Some(request) = self.find_by_code(&grant.user_code).await? else {
            return refused(OAuthErrorCode::StateLost);
        };
        let decider = Decider::Nonce(&grant.nonce, grant.expires_at);
        let (actor, address) = (Actor::named(email), visitor.address);
        let decision = match resolution {
            Resolution::Approved => {
                let holder = Holder::External(grant.subject.clone());
                self.approve_as(&request, holder, decider, actor, visitor).await?
            }
            Resolution::Denied => self.deny_as(&request, decider, actor, address).await?,
        };
        match decision {
            Decision::Made(_) => Ok(()),
            Decision::NotPending => refused(OAuthErrorCode::UserCodeNotPending),
            Decision::DeciderGone => refused(OAuthErrorCode::SessionAlreadyConsumed),
        }
    }

    pub(super) fn random_text(self) -> Result<String, Error> {
        Ok(URL_SAFE_NO_PAD.encode(self.core.random.bytes::<32>()?))
    }
}

/// The hash of a nonce, separated by purpose.
pub(in crate::service) fn nonce_hash(what_for: &str, nonce: &str) -> Vec<u8> {
    Sha256::digest([what_for.as_bytes(), b":", nonce.as_bytes()].concat()).to_vec()
}

/// Compares two texts in constant time.
fn is_same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}
