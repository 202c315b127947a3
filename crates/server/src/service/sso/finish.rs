//! The callback of SSO: identifying the user, and completing the flow.

use std::net::IpAddr;

use doorstep_contract::{auth::BeganWith, secret::Secret, sso::SsoReason};
use jiff::Timestamp;
use tracing::{info, warn};

use super::{
    Failed, Sso,
    outcome::{SsoFailure, SsoOutcome},
};
use crate::{
    domain::{
        access::Mode,
        account::{Account, Status},
        audit::{Actor, Event},
        clock, email,
        id::Id,
        limits::Whose,
        quota::Quota,
        secret_key::Purpose,
        sso::{
            Begun, Destination, FOR_DEVICE, Intent, MAX_AGE, MAX_CODE, Person, STATE_LIFE, TRUSTED_AFTER, error_word,
        },
        token::Token,
    },
    error::Error,
    idp::{Authenticated, Known, Secrets},
    service::{
        core::{ClientContext, Identity},
        devices::{Devices, nonce_hash},
        provider::{ProviderLogin, reason_of},
        sessions::{NewSessionSpec, SessionOrigin, Sessions},
        sign_in::SignIn,
    },
    store::{FoundIdentity, Proof},
};

/// The parameters of a callback, unvalidated.
#[derive(Debug, Default, Clone, Copy)]
pub struct ProviderCallback<'a> {
    /// The state, which identifies the flow.
    pub state: &'a str,
    /// The sealed cookies of the browser.
    pub sealed: &'a [Vec<u8>],
    /// Whether the browser sent any cookie.
    pub has_cookies: bool,
    /// The authorization code.
    pub code: Option<&'a str>,
    /// The provider's error, when there is no code.
    pub error: Option<&'a str>,
    /// The issuer (RFC 9207).
    pub iss: Option<&'a str>,
}

impl ProviderCallback<'_> {
    /// Why a flow is not known. A browser without any cookie blocks them, or keeps them for the address that the flow
    /// was begun at.
    fn why_unknown(&self) -> SsoReason {
        let is_state = Token::parse(self.state.strip_prefix(FOR_DEVICE).unwrap_or(self.state)).is_some();
        if is_state && !self.has_cookies { SsoReason::CookieLost } else { SsoReason::StateExpired }
    }
}

impl<'a> Sso<'a> {
    /// Completes a flow: the URL to go to, and the outcome.
    ///
    /// The inner `Err` has the reason of a failure and the URL to return to.
    ///
    /// # Errors
    /// [`Error::RateLimited`]; database errors.
    pub async fn finish(
        self,
        provider: &str,
        back: ProviderCallback<'_>,
        identity: Option<&Identity>,
        context: &ClientContext,
    ) -> Result<Result<(Destination, SsoOutcome), Failed>, Error> {
        let now = self.core.clock.now();
        let opened = back.sealed.iter().find_map(|sealed| {
            let plain = self.core.secret_keys.open(Purpose::SsoStates, back.state.as_bytes(), sealed)?;
            serde_json::from_slice::<Begun>(&plain).ok()
        });
        let opened = opened.filter(|begun| begun.provider == provider);
        let Some((begun, started)) = opened.and_then(|begun| begun.started(now).map(|started| (begun, started))) else {
            let home = Destination::Here("/".to_owned());
            return Ok(Err(Failed::new(&home, &Intent::of_state(back.state), back.why_unknown())));
        };
        let address = context.visitor.address;
        self.core.spend(Quota::SsoCallback, Whose::Address(address)).await?.keep();
        let failed = |reason| Failed::new(&begun.destination, &begun.intent, reason);
        let asked = match self.use_state(back.state, started).await {
            Ok(()) => self.redeem_code(&begun, back).await,
            Err(reason) => Err(reason),
        };
        let (known, told) = match asked {
            Ok(told) => told,
            Err(reason) => {
                warn!(event = "sso_failed", %address, provider, reason = reason.as_str());
                self.count_failed(&begun.intent);
                return Ok(Err(failed(reason)));
            }
        };
        let who = told.person.email.clone().unwrap_or_else(|| told.person.subject.clone());
        match self.take_in(&known, told, &begun, started, identity, context).await {
            Ok(arrived) => Ok(Ok((begun.destination, arrived))),
            Err(reason) => {
                self.count_failed(&begun.intent);
                let actor = identity.map_or_else(Actor::anonymous, |identity| Actor::account(&identity.account));
                let (event, subject) = match (&begun.intent, identity) {
                    // As with a wrong password: the account is known, but not the person that the provider named.
                    (Intent::Reauth(_), Some(identity)) => (Event::ReauthFailed, identity.account.username.clone()),
                    (Intent::Reauth(_), None) => (Event::ReauthFailed, String::new()),
                    (Intent::SignIn | Intent::Link(_) | Intent::Device(_), _) => (Event::SsoRefused, who),
                };
                let entry = self.core.event(event, actor, Some(address), subject);
                let entry = entry.map(|entry| entry.with("provider", provider).with("reason", reason.as_str()));
                // A provider's users can cause this event any number of times.
                self.core.record_repeated_event(entry.map(|entry| self.core.repeated(entry, identity.is_none()))).await;
                Ok(Err(failed(reason)))
            }
        }
    }

    /// Counts a failed sign-in in the metrics, if the flow was one.
    fn count_failed(self, intent: &Intent) {
        if matches!(intent, Intent::SignIn) {
            self.core.metrics.sign_in_failed(BeganWith::Sso.as_str());
        }
    }

    /// Uses up a state, so that it works once on all servers: each callback causes a request to the provider with
    /// the client secret.
    async fn use_state(self, state: &str, started: Timestamp) -> Result<(), SsoReason> {
        let until = started.checked_add(STATE_LIFE).unwrap_or(Timestamp::MAX);
        match self.core.store.use_nonce(&nonce_hash("state", state), until).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SsoReason::StateExpired),
            Err(error) => Err(SsoFailure::from(error).reason()),
        }
    }

    /// Redeems the code at the provider and returns the user's identity.
    async fn redeem_code(
        self,
        begun: &Begun,
        back: ProviderCallback<'_>,
    ) -> Result<(Known<'a>, Authenticated), SsoReason> {
        let known = self.core.providers.find(&begun.provider).ok_or(SsoReason::InvalidProvider)?;
        if back.iss.is_some_and(|iss| !known.is_issuer(iss)) {
            log_implausible(&begun.provider, "`iss` of the answer");
            return Err(SsoReason::InvalidCredentials);
        }
        if let Some(error) = back.error {
            let error = error_word(error);
            warn!(event = "sso_refused_by_provider", provider = begun.provider, error);
        }
        let code = match (back.error, back.code) {
            (Some("access_denied" | "consent_required" | "interaction_required"), _) => {
                return Err(SsoReason::AccessDenied);
            }
            (Some("temporarily_unavailable" | "server_error"), _) => return Err(SsoReason::ServiceUnavailable),
            (None, Some(code)) if code.len() <= MAX_CODE => code,
            (Some(_) | None, _) => return Err(SsoReason::UnknownException),
        };
        let secrets = Secrets { state: back.state, nonce: &begun.nonce, verifier: &begun.verifier };
        let told = known
            .ask(&ProviderLogin::new(self.core).callback(&begun.provider), code, secrets, self.core.clock.now())
            .await;
        match told {
            Ok(told) => Ok((known, told)),
            Err(error) => {
                log_implausible(&begun.provider, &error.to_string());
                Err(reason_of(&error))
            }
        }
    }

    async fn take_in(
        self,
        known: &Known<'_>,
        told: Authenticated,
        begun: &Begun,
        started: Timestamp,
        identity: Option<&Identity>,
        context: &ClientContext,
    ) -> Result<SsoOutcome, SsoReason> {
        let done = match &begun.intent {
            Intent::SignIn => self.sign_in_as(known, told, begun.mode(), context).await,
            Intent::Reauth(session) => {
                let identity = own(identity, session)?;
                self.reauthenticate_by(known, identity, &told.person, context).await
            }
            Intent::Link(session) => {
                let identity = own(identity, session)?;
                self.link(known, identity, &told.person, context).await
            }
            Intent::Device(code) => {
                let granted = Devices::new(self.core).finish_for_device(told, code, begun, started).await;
                granted.map(SsoOutcome::ForDevice).map_err(SsoFailure::Error)
            }
        };
        done.map_err(SsoFailure::reason)
    }

    async fn sign_in_as(
        self,
        known: &Known<'_>,
        told: Authenticated,
        mode: Option<Mode>,
        context: &ClientContext,
    ) -> Result<SsoOutcome, SsoFailure> {
        let FoundIdentity { id: identity, linked_at, account } =
            self.account_of(known, &told, context.visitor.address).await?;
        let Authenticated { person, refresh_token, .. } = told;
        if account.status == Status::Suspended {
            return Err(SsoFailure::Reason(SsoReason::UserSuspended));
        }
        let address = context.visitor.address;
        // A recently linked identity does not replace the one-time code yet: if an attacker had linked theirs, it
        // would bypass two-factor authentication.
        let spared = person.second_factor && self.core.clock.now().duration_since(linked_at) >= TRUSTED_AFTER;
        if account.totp_enabled && !spared {
            let challenge = self.sso_challenge(&account, identity, refresh_token.as_ref(), mode).await?;
            info!(event = "sso_code_wanted", %address, account = %account.id);
            return Ok(SsoOutcome::CodeWanted(challenge));
        }
        let proof = if spared { Proof::IdentityAndMore(&identity) } else { Proof::Identity(&identity) };
        let browser = self.core.known_browser(&account, context);
        let new = NewSessionSpec {
            tokens: mode,
            provider: Some((&identity, refresh_token.as_ref())),
            ..NewSessionSpec::new(SessionOrigin::now(BeganWith::Sso), proof)
        };
        let signed_in = Sessions::new(self.core).begin(account, new, browser, context).await?;
        Ok(SsoOutcome::SignedIn(Box::new(signed_in)))
    }

    /// The account of an identity, created if that is allowed. An email alone links nothing: an attacker who can
    /// choose an email at some provider would otherwise get the account of the user who has it here.
    async fn account_of(
        self,
        known: &Known<'_>,
        told: &Authenticated,
        address: IpAddr,
    ) -> Result<FoundIdentity, SsoFailure> {
        let person = &told.person;
        if let Some(found) = self.core.store.find_identity(&person.issuer, &person.subject).await? {
            return Ok(found);
        }
        let settings = known.settings();
        let refused = |why: &str| {
            warn!(event = "sso_not_registered", provider = settings.name, why);
            SsoFailure::Reason(SsoReason::UserNotRegistered)
        };
        // The client must not learn whether the unverified email belongs to another user.
        let email = match (person.verified_email(&settings.email_key), &told.user_info_error) {
            (Ok(email), _) => email,
            (Err(_), Some(error)) => {
                log_implausible(&settings.name, &error.to_string());
                return Err(SsoFailure::Reason(reason_of(error)));
            }
            (Err(why), None) => return Err(refused(&why)),
        };
        let no_address = || refused(&format!("`{}` is no email address", settings.email_key));
        let email = &email::read(email).ok_or_else(no_address)?;
        if self.has_account(email).await? {
            return Err(SsoFailure::Reason(SsoReason::EmailTaken));
        }
        if !settings.allow_registration {
            return Err(refused("no `allow_registration`"));
        }
        self.register(known, person, email, address).await?.ok_or_else(|| refused("no free user name"))
    }

    /// Reauthenticates the signed-in user by SSO (ASVS 7.5.1).
    async fn reauthenticate_by(
        self,
        known: &Known<'_>,
        identity: &Identity,
        person: &Person,
        context: &ClientContext,
    ) -> Result<SsoOutcome, SsoFailure> {
        let refused = |why| {
            log_implausible(&known.settings().name, why);
            SsoFailure::Reason(SsoReason::InvalidCredentials)
        };
        let found = self.core.store.find_identity(&person.issuer, &person.subject).await?;
        if found.is_none_or(|found| found.account.id != identity.account.id) {
            return Err(refused("`sub` of the ID token is of another user"));
        }
        let now = self.core.clock.now();
        let proved_at = person.proved_at.ok_or_else(|| refused("no `auth_time` in the ID token"))?;
        if clock::is_ahead(proved_at, now) {
            return Err(refused("`auth_time` of the ID token is in the future"));
        }
        // If the provider's clock is slightly ahead, the time counts as now.
        let proved_at = proved_at.min(now);
        if now.duration_since(proved_at) >= MAX_AGE {
            return Err(refused("`auth_time` of the ID token is too long ago"));
        }
        let token = Sessions::new(self.core).renew(identity, BeganWith::Sso.as_str(), proved_at, context).await?;
        Ok(SsoOutcome::Proved(token.ok_or(SsoFailure::Reason(SsoReason::StateExpired))?))
    }

    /// Issues the challenge of an SSO sign-in that needs a one-time code.
    async fn sso_challenge(
        self,
        account: &Account,
        identity: Id,
        refresh_token: Option<&Secret>,
        mode: Option<Mode>,
    ) -> Result<Token, SsoFailure> {
        let token = Token::new(&self.core.random)?;
        if SignIn::new(self.core).issue_sso_challenge(&token, account, identity, refresh_token, mode).await? {
            Ok(token)
        } else {
            Err(SsoFailure::Reason(SsoReason::InvalidCredentials))
        }
    }
}

/// The log names the claim or field that was refused, but not its value.
fn log_implausible(provider: &str, what: &str) {
    warn!(event = "sso_not_believed", provider, error = ?what);
}

/// The signed-in user, if the session is still the one that began the flow.
fn own<'a>(identity: Option<&'a Identity>, session: &str) -> Result<&'a Identity, SsoReason> {
    identity.filter(|identity| identity.session.id.as_str() == session).ok_or(SsoReason::StateExpired)
}
