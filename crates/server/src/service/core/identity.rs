//! The signed-in user.

use jiff::Timestamp;

use crate::{
    domain::{
        account::Account,
        session::{FRESH, Session, TokenHash},
    },
    error::Error,
};

/// A live session and its account.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The session.
    pub session: Session,
    /// The account, which is active.
    pub account: Account,
    /// The hash of the session token in the request.
    pub opened_with: TokenHash,
}

impl Identity {
    /// Refuses what would outlive a session begun with a temporary token, until a password was set in it.
    ///
    /// # Errors
    /// [`Error::TemporarySession`].
    pub fn require_lasting(&self) -> Result<(), Error> {
        let Self { session, account, .. } = self;
        let lasting = !session.is_temporary() || account.password_changed_at > session.created_at;
        if lasting { Ok(()) } else { Err(Error::TemporarySession) }
    }

    /// Checks for a recent proof of identity. Operations with another limit check it themselves.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`] without one.
    pub fn require_fresh(&self, now: Timestamp) -> Result<(), Error> {
        if self.session.is_proved_within(FRESH, now) { Ok(()) } else { Err(Error::ReauthRequired) }
    }
}
