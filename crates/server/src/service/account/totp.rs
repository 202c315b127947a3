//! Two-factor authentication of the signed-in user: enabling, disabling, and recovery codes.

use doorstep_contract::{
    account::{RecoveryCodes, TotpPending},
    secret::Secret,
    typed,
};

use super::OwnAccount;
use crate::{
    domain::{
        audit::Event,
        id::Id,
        mail::{EndedSessions, Notice},
        second_factor::{ENROLMENT_LIFE, RecoveryCode},
        secret_key::Purpose,
        totp::{Step, TotpSecret},
    },
    error::Error,
    service::{
        core::{AttemptSubject, ClientContext, Identity},
        heavy::heavy,
        sign_in::SignIn,
    },
    store::Enrolment,
};

impl OwnAccount<'_> {
    /// Checks whether this session may enable two-factor authentication, regardless of a recent proof.
    ///
    /// # Errors
    /// [`Error::TemporarySession`], because an authenticator outlives the session; [`Error::AlreadyEnabled`].
    pub fn may_enrol(self, identity: &Identity) -> Result<(), Error> {
        identity.require_lasting()?;
        if identity.account.totp_enabled { Err(Error::AlreadyEnabled) } else { Ok(()) }
    }

    /// Returns a new secret, which this session can confirm by a code. The caller has checked for a recent proof.
    ///
    /// # Errors
    /// As [`may_enrol`](Self::may_enrol); database errors.
    pub async fn start_enrolment(self, identity: &Identity) -> Result<TotpPending, Error> {
        self.may_enrol(identity)?;
        let account = &identity.account;
        let secret = TotpSecret::new(&self.core.random)?;
        let place = account.id.as_str().as_bytes();
        let sealed = self.core.secret_keys.seal(Purpose::TotpSecrets, place, secret.as_bytes(), &self.core.random)?;
        let now = self.core.clock.now();
        let expires_at = now.checked_add(ENROLMENT_LIFE).unwrap_or(now);
        self.core.store.put_enrolment(&identity.session.id, &sealed, expires_at).await?;
        // Drawing the QR code takes time that grows with the names in it.
        let (installation, username) = (self.core.branding.name.clone(), account.username.clone());
        heavy(move || secret.to_wire(&installation, &username)).await
    }

    /// Enables two-factor authentication by the first code, which is used up. All other sessions end.
    ///
    /// No further proof is required: the secret was returned to the same session after a recent one.
    ///
    /// # Errors
    /// As [`may_enrol`](Self::may_enrol); [`Error::InvalidCode`]; [`Error::RateLimited`], sharing the sign-in
    /// limits; database errors.
    pub async fn confirm_enrolment(
        self,
        identity: &Identity,
        secret: &Secret,
        code: &Secret,
        context: &ClientContext,
    ) -> Result<RecoveryCodes, Error> {
        let (codes, hashes) = self.recovery_codes(&identity.account.id)?;
        self.enrol(identity, secret, code, &hashes, context).await?;
        Ok(codes)
    }

    /// The same without recovery codes, for callers that cannot display them. The user can generate them later.
    ///
    /// # Errors
    /// As [`confirm_enrolment`](Self::confirm_enrolment).
    pub async fn confirm_enrolment_alone(
        self,
        identity: &Identity,
        secret: &Secret,
        code: &Secret,
        context: &ClientContext,
    ) -> Result<(), Error> {
        self.enrol(identity, secret, code, &[], context).await
    }

    /// Returns a new secret to a caller who gives the password, as [`start_enrolment`](Self::start_enrolment) does
    /// after a recent proof.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::RateLimited`]; as [`may_enrol`](Self::may_enrol); database errors.
    pub async fn start_enrolment_with_password(
        self,
        identity: &Identity,
        password: &Secret,
        context: &ClientContext,
    ) -> Result<TotpPending, Error> {
        self.may_enrol(identity)?;
        SignIn::new(self.core).check_password(identity, password, context).await?;
        self.start_enrolment(identity).await
    }

    async fn enrol(
        self,
        identity: &Identity,
        secret: &Secret,
        code: &Secret,
        recovery_codes: &[Vec<u8>],
        context: &ClientContext,
    ) -> Result<(), Error> {
        self.may_enrol(identity)?;
        let account = &identity.account;
        let address = context.visitor.address;
        let attempt =
            self.core.admit(AttemptSubject::of(account, self.core.known_browser(account, context)), address).await?;
        let confirmed = match self.first_code(identity, secret, code).await {
            Ok(Some(confirmed)) => confirmed,
            Ok(None) => {
                attempt.failed();
                return Err(Error::InvalidCode);
            }
            Err(error) => {
                attempt.undecided().await;
                return Err(error);
            }
        };
        // A correct code, but no proof of identity: the server itself has just returned the secret. So earlier
        // failures stay counted.
        attempt.undecided().await;
        let (sealed, step) = confirmed;
        let entry = self.core.own_event(Event::TotpEnabled, account, address)?;
        let enrolment = Enrolment {
            account: &account.id,
            session: &identity.session.id,
            sealed: &sealed,
            step,
            recovery_codes,
            entry: &entry,
            notice: &self.core.write_notice(account, Notice::TotpEnabled, context)?,
        };
        if !self.core.store.enable_totp(enrolment, self.core.clock.now()).await? {
            return Err(Error::AlreadyEnabled);
        }
        entry.log();
        self.core.mail_bell.ring();
        Ok(())
    }

    /// The session's pending secret, sealed, and the time step of the code, if the code is right.
    async fn first_code(
        self,
        identity: &Identity,
        secret: &Secret,
        code: &Secret,
    ) -> Result<Option<(Vec<u8>, Step)>, Error> {
        let now = self.core.clock.now();
        let Some(sealed) = self.core.store.enrolment(&identity.session.id, now).await? else {
            return Ok(None);
        };
        let pending = SignIn::new(self.core).open_totp(&identity.account, &sealed);
        let pending = pending.filter(|pending| TotpSecret::parse(secret.reveal()).as_ref() == Some(pending));
        let digits = typed::one_time_code(code.reveal());
        let step = pending.zip(digits).and_then(|(pending, digits)| pending.check(&digits, now));
        Ok(step.map(|step| (sealed, step)))
    }

    /// Disables two-factor authentication. A temporary session needs no further proof: its user controls the server
    /// and may have lost the authenticator.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`]; [`Error::InvalidCode`]; [`Error::RateLimited`]; database errors.
    pub async fn disable_totp(
        self,
        identity: &Identity,
        code: Option<&Secret>,
        context: &ClientContext,
    ) -> Result<(), Error> {
        let account = &identity.account;
        let temporary = identity.session.is_temporary();
        if !temporary {
            identity.require_fresh(self.core.clock.now())?;
        }
        if !account.totp_enabled {
            return Ok(());
        }
        match code {
            Some(code) => return self.disable_totp_with_code(identity, code, context).await,
            None if temporary => {}
            None => return Err(Error::InvalidRequest("`code` is missing".to_owned())),
        }
        self.turn_totp_off(identity, context).await
    }

    /// Disables two-factor authentication by a code.
    ///
    /// # Errors
    /// [`Error::InvalidCode`]; [`Error::RateLimited`]; database errors.
    pub async fn disable_totp_with_code(
        self,
        identity: &Identity,
        code: &Secret,
        context: &ClientContext,
    ) -> Result<(), Error> {
        if !identity.account.totp_enabled {
            return Ok(());
        }
        SignIn::new(self.core).check_code_of(&identity.account, code, context).await?.ok_or(Error::InvalidCode)?;
        self.turn_totp_off(identity, context).await
    }

    async fn turn_totp_off(self, identity: &Identity, context: &ClientContext) -> Result<(), Error> {
        let account = &identity.account;
        let entry = self.core.own_event(Event::TotpDisabled, account, context.visitor.address)?;
        let how = if identity.session.is_temporary() { "temporary_session" } else { "own" };
        let entry = entry.with("how", how);
        let notice = self.core.write_notice(account, Notice::TotpDisabled(EndedSessions::Others), context)?;
        if self.core.store.disable_totp(&account.id, Some(&identity.session.id), &entry, &notice).await? {
            entry.log();
            self.core.mail_bell.ring();
        }
        Ok(())
    }

    /// Generates new recovery codes and invalidates the old ones.
    ///
    /// # Errors
    /// [`Error::TemporarySession`]; [`Error::ReauthRequired`]; [`Error::InvalidRequest`] while two-factor
    /// authentication is off; database errors.
    pub async fn renew_recovery_codes(
        self,
        identity: &Identity,
        context: &ClientContext,
    ) -> Result<RecoveryCodes, Error> {
        identity.require_lasting()?;
        identity.require_fresh(self.core.clock.now())?;
        let account = &identity.account.id;
        let (codes, hashes) = self.recovery_codes(account)?;
        let entry = self.core.own_event(Event::RecoveryCodesReplaced, &identity.account, context.visitor.address)?;
        let notice = self.core.write_notice(&identity.account, Notice::RecoveryCodesReplaced, context)?;
        if !self.core.store.replace_recovery_codes(account, &hashes, &entry, &notice).await? {
            return Err(Error::InvalidRequest("one-time codes are off: there is nothing to recover".to_owned()));
        }
        entry.log();
        self.core.mail_bell.ring();
        Ok(codes)
    }

    /// New recovery codes, and their hashes.
    fn recovery_codes(self, account: &Id) -> Result<(RecoveryCodes, Vec<Vec<u8>>), Error> {
        let codes = RecoveryCode::new_set(&self.core.random)?;
        let hashes = codes.iter().map(|code| code.hash(account, &self.core.secret_keys)).collect();
        let recovery_codes = codes.iter().map(|code| Secret::new(code.reveal())).collect();
        Ok((RecoveryCodes { recovery_codes }, hashes))
    }
}
