//! The second step of a sign-in, and checking codes in general.

use doorstep_contract::{auth::BeganWith, secret::Secret, sso::Challenge};
use tracing::{error, info, warn};

use super::SignIn;
use crate::{
    domain::{
        access::Mode,
        account::Account,
        audit::Event,
        id::Id,
        mail::Notice,
        second_factor::{CHALLENGE_LIFE, Code, MAX_WRONG, RecoveryCode},
        secret_key::Purpose,
        token::Token,
        totp::{Step, TotpSecret},
    },
    error::Error,
    service::{
        core::{Attempt, AttemptSubject, ClientContext},
        sessions::{NewSessionSpec, SessionOrigin, Sessions, SignedIn},
    },
    store::{CountedFactor, NewChallenge, Proof, SsoChallenge},
};

/// The kind of a correct code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// A code of the authenticator app.
    Totp,
    /// A recovery code.
    Recovery,
}

impl Factor {
    /// How a session is recorded to have begun.
    #[must_use]
    pub const fn began_with(self) -> BeganWith {
        match self {
            Self::Totp => BeganWith::Totp,
            Self::Recovery => BeganWith::RecoveryCode,
        }
    }
}

impl SignIn<'_> {
    /// The second step of a sign-in whose password was right.
    ///
    /// # Errors
    /// [`Error::ChallengeExpired`], [`Error::InvalidCode`], [`Error::RateLimited`], database errors.
    pub async fn with_code(
        self,
        challenge: &Secret,
        code: &Secret,
        trust: bool,
        context: &ClientContext,
    ) -> Result<SignedIn, Error> {
        let challenge = Token::parse(challenge.reveal()).ok_or(Error::ChallengeExpired)?.hash();
        let now = self.core.clock.now();
        let account = self.core.store.challenged(challenge, now).await?.ok_or(Error::ChallengeExpired)?;
        let browser = self.core.known_browser(&account, context);
        let address = context.visitor.address;
        let attempt = self.core.admit(AttemptSubject::of(&account, browser), address).await?;

        let checked = async {
            // Counted before it is checked, so that concurrent codes can't exceed the limit.
            if !self.core.store.count_challenge(challenge, now).await? {
                return Err(Error::ChallengeExpired);
            }
            self.check_code(&account, code, context).await
        };
        let Some(factor) = self.settle(attempt, checked.await).await? else {
            self.core.sign_in_failed(Some(&account), "code", address).await;
            return Err(Error::InvalidCode);
        };
        // After a recovery code the user is about to replace the authenticator, so the browser is not trusted.
        let trust = trust && factor == Factor::Totp;
        let sso = self.core.store.sso_challenge(challenge).await?;
        let provider_token = sso.as_ref().and_then(|sso| {
            let sealed = sso.provider_token.as_deref()?;
            let plain = self.core.secret_keys.open(Purpose::ProviderTokens, challenge.as_bytes(), sealed)?;
            String::from_utf8(plain).ok().map(Secret::new)
        });
        let began_with = if sso.is_some() { BeganWith::Sso } else { factor.began_with() };
        let new = NewSessionSpec {
            trust: trust && sso.is_none(),
            tokens: sso.as_ref().and_then(|sso| sso.mode),
            provider: sso.as_ref().map(|sso| (&sso.identity, provider_token.as_ref())),
            ..NewSessionSpec::new(SessionOrigin::now(began_with), Proof::Challenge(challenge))
        };
        Sessions::new(self.core).begin(account, new, browser, context).await
    }

    /// Settles an attempt: a right code clears the failures, a wrong one stays counted, an error is given back.
    async fn settle(
        self,
        attempt: Attempt<'_>,
        checked: Result<Option<Factor>, Error>,
    ) -> Result<Option<Factor>, Error> {
        match checked {
            Ok(Some(_)) => attempt.succeeded().await,
            Ok(None) => attempt.failed(),
            Err(_) => attempt.undecided().await,
        }
        checked
    }

    /// Issues the challenge of a second step and returns its token.
    pub(super) async fn issue_challenge(self, account: &Account, password_hash: &str) -> Result<Token, Error> {
        let token = Token::new(&self.core.random)?;
        let now = self.core.clock.now();
        let new = NewChallenge {
            token: token.hash(),
            account: &account.id,
            password_hash,
            expires_at: now.checked_add(CHALLENGE_LIFE).unwrap_or(now),
        };
        if self.core.store.put_challenge(new).await? { Ok(token) } else { Err(Error::InvalidCredentials) }
    }

    /// Checks the code of a signed-in user against the sign-in limits. A right code does not clear failures: an
    /// attacker in an open session could enrol their own authenticator and use it to guess the password without
    /// limit.
    pub(in crate::service) async fn check_code_of(
        self,
        account: &Account,
        code: &Secret,
        context: &ClientContext,
    ) -> Result<Option<Factor>, Error> {
        let browser = self.core.known_browser(account, context);
        let attempt = self.core.admit(AttemptSubject::of(account, browser), context.visitor.address).await?;
        let checked = self.check_code(account, code, context).await;
        match checked {
            Ok(None) => {
                attempt.failed();
                self.core.reauth_failed(account, "code", context.visitor.address).await;
            }
            Ok(Some(_)) | Err(_) => attempt.undecided().await,
        }
        checked
    }

    /// Checks a code and uses it up. The caller has admitted the attempt. `None` when it is wrong or used, or
    /// two-factor authentication is off.
    pub(super) async fn check_code(
        self,
        account: &Account,
        code: &Secret,
        context: &ClientContext,
    ) -> Result<Option<Factor>, Error> {
        let Some(counted) = self.core.store.count_second_factor(&account.id).await? else {
            return Ok(None);
        };
        let found = match Code::parse(code.reveal()) {
            Some(Code::Totp(_)) if counted.wrong > MAX_WRONG => {
                if counted.wrong == MAX_WRONG + 1 {
                    self.codes_blocked(account, context).await;
                }
                Ok(None)
            }
            Some(Code::Totp(code)) => self.use_totp(account, &counted, &code).await,
            Some(Code::Recovery(code)) => self.use_recovery_code(account, &code, context).await,
            None => Ok(None),
        };
        if found.is_err()
            && let Err(error) = self.core.store.take_back_second_factor(&account.id).await
        {
            warn!(%error, "an undecided code was counted as wrong");
        }
        found
    }

    /// Blocks the account's one-time codes after too many failures, and notifies the user. A failure of that is
    /// only logged: the attempt is refused anyway.
    async fn codes_blocked(self, account: &Account, context: &ClientContext) {
        let told = async {
            let entry = self.core.event_of(Event::SecondFactorLocked, account, Some(context.visitor.address))?;
            let notice = self.core.write_notice(account, Notice::CodesBlocked, context)?;
            self.core.store.record_and_notify(&entry, &notice).await?;
            entry.log();
            self.core.mail_bell.ring();
            Ok::<_, Error>(())
        };
        if let Err(error) = told.await {
            warn!(%error, account = %account.id, "the blocking of one-time codes was not recorded");
        }
    }

    async fn use_recovery_code(
        self,
        account: &Account,
        code: &RecoveryCode,
        context: &ClientContext,
    ) -> Result<Option<Factor>, Error> {
        let entry = self.core.own_event(Event::RecoveryCodeUsed, account, context.visitor.address)?;
        let notice = self.core.write_notice(account, Notice::RecoveryCodeUsed, context)?;
        let hashes = code.hashes(&account.id, &self.core.secret_keys);
        if !self.core.store.use_recovery_code(&account.id, &hashes, &entry, &notice).await? {
            return Ok(None);
        }
        entry.log();
        self.core.mail_bell.ring();
        Ok(Some(Factor::Recovery))
    }

    async fn use_totp(self, account: &Account, counted: &CountedFactor, code: &str) -> Result<Option<Factor>, Error> {
        let Some(secret) = self.open_totp(account, &counted.sealed) else {
            return Ok(None);
        };
        let now = self.core.clock.now();
        let Some(step) = secret.check(code, now) else {
            return Ok(None);
        };
        let used = self.core.store.use_totp_step(&account.id, &counted.sealed, step, Step::latest(now)).await?;
        Ok(used.then_some(Factor::Totp))
    }

    /// The secret of an account's one-time codes.
    pub(in crate::service) fn open_totp(self, account: &Account, sealed: &[u8]) -> Option<TotpSecret> {
        let opened = self.core.secret_keys.open(Purpose::TotpSecrets, account.id.as_str().as_bytes(), sealed);
        let secret = opened.and_then(|bytes| TotpSecret::from_bytes(&bytes));
        if secret.is_none() {
            error!(account = %account.id, "the secret of one-time codes can't be opened: was a secret key removed?");
        }
        secret
    }

    /// Removes expired rows, which have no effect any more, to keep the tables small.
    pub async fn prune_second_factors(self) {
        match self.core.store.prune_second_factors(self.core.clock.now()).await {
            Ok(0) => {}
            Ok(count) => info!(count, "expired challenges, enrolments and trusted browsers removed"),
            Err(error) => warn!(%error, "expired challenges, enrolments and trusted browsers were not removed"),
        }
    }

    /// Issues the challenge of an SSO sign-in that needs a one-time code; `false` when the sign-in is not valid any
    /// more.
    pub(in crate::service) async fn issue_sso_challenge(
        self,
        token: &Token,
        account: &Account,
        identity: Id,
        refresh_token: Option<&Secret>,
        mode: Option<Mode>,
    ) -> Result<bool, Error> {
        let hash = token.hash();
        let seal = |token: &Secret| {
            self.core.secret_keys.seal(
                Purpose::ProviderTokens,
                hash.as_bytes(),
                token.reveal().as_bytes(),
                &self.core.random,
            )
        };
        let provider_token = refresh_token.map(seal).transpose()?;
        let now = self.core.clock.now();
        let expires_at = now.checked_add(CHALLENGE_LIFE).unwrap_or(now);
        let sso = SsoChallenge { identity, provider_token, mode };
        Ok(self.core.store.put_sso_challenge(hash, &account.id, expires_at, &sso).await?)
    }

    /// The pending SSO sign-in of this browser that waits for its one-time code.
    ///
    /// # Errors
    /// [`Error::NotFound`]; database errors.
    pub async fn waiting_challenge(self, tokens: &[Token]) -> Result<Challenge, Error> {
        for token in tokens {
            if self.core.store.challenged(token.hash(), self.core.clock.now()).await?.is_some() {
                return Ok(Challenge { challenge: token.to_wire() });
            }
        }
        Err(Error::NotFound)
    }
}
