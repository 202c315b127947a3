//! Who is behind a request.

use jiff::Timestamp;

use crate::{
    domain::{
        account::Account,
        session::{FRESH, Session, TokenHash},
    },
    error::Error,
};

/// A live session and whose it is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The session.
    pub session: Session,
    /// The account, which is active.
    pub account: Account,
    /// The hash of the token that opened it.
    pub opened_with: TokenHash,
}

impl Identity {
    /// What outlives its session is not made in that of a temporary token, before a password has been set there.
    ///
    /// # Errors
    /// [`Error::TemporarySession`].
    pub fn require_lasting(&self) -> Result<(), Error> {
        let Self { session, account, .. } = self;
        let lasting = !session.is_temporary() || account.password_changed_at > session.created_at;
        if lasting { Ok(()) } else { Err(Error::TemporarySession) }
    }

    /// Whether the session's user proved who they are a moment ago. What asks for less or more time has its own word.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`] when they did not.
    pub fn require_fresh(&self, now: Timestamp) -> Result<(), Error> {
        if self.session.is_proved_within(FRESH, now) { Ok(()) } else { Err(Error::ReauthRequired) }
    }
}
