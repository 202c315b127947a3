//! Temporary sign-in tokens: an operator with access to the server signs in for an hour, without password or code.

use doorstep_contract::{
    auth::{BeganWith, Role},
    secret::Secret,
    typed,
};
use jiff::{SignedDuration, Timestamp};
use tracing::warn;

use super::SignIn;
use crate::{
    domain::{
        account::{Account, Status},
        audit::Event,
        limits::Whose,
        quota::Quota,
        token::Token,
    },
    error::Error,
    service::{
        accounts::Accounts,
        core::ClientContext,
        sessions::{NewSessionSpec, SessionOrigin, Sessions, SignedIn},
    },
    store::{LoginToken, NewLoginToken, Proof},
};

/// How long a used token is still recognized as used.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// A new token, to be shown once.
#[derive(Debug)]
pub struct Made {
    /// The token.
    pub token: Token,
    /// Its account.
    pub account: Account,
    /// Its expiry.
    pub expires_at: Timestamp,
}

impl SignIn<'_> {
    /// Creates a token for this user, by default the first active operator. Earlier tokens end.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; [`Error::InvalidRequest`] when the account is suspended, or there is no operator;
    /// database errors.
    pub async fn make_login_token(self, user: Option<&str>) -> Result<Made, Error> {
        let account = match user {
            Some(user) => Accounts::new(self.core).find(user).await?,
            None => self.core.store.first_operator().await?.ok_or_else(no_operator)?,
        };
        if account.status == Status::Suspended {
            return Err(Error::InvalidRequest("this account is suspended; activate it first".to_owned()));
        }
        let token = Token::new(&self.core.random)?;
        let now = self.core.clock.now();
        let expires_at = now.checked_add(self.core.policy.login_token_life).unwrap_or(now);
        let entry =
            self.core.command_event(Event::LoginTokenMade, &account)?.with("expires_at", expires_at.to_string());
        let new = NewLoginToken { token: token.hash(), account: &account.id, expires_at, entry: &entry };
        self.core.store.put_login_token(new).await?;
        entry.log();
        Ok(Made { token, account, expires_at })
    }

    /// Signs in with a token. No one-time code is required: a user with the token controls the server.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::TokenExpired`], [`Error::TokenUsed`], or [`Error::TemporaryLoginDisabled`]
    /// when the token is wrong and no token is valid; [`Error::RateLimited`]; database errors.
    pub async fn with_login_token(self, token: &Secret, context: &ClientContext) -> Result<SignedIn, Error> {
        let address = context.visitor.address;
        let spent = self.core.spend(Quota::TemporaryToken, Whose::Address(address)).await?;
        let token = Token::parse(&typed::token(token.reveal()));
        let found = match self.judge_login_token(token.as_ref()).await {
            Ok(found) => {
                spent.give_back().await;
                found
            }
            Err(error @ (Error::InvalidToken | Error::TokenExpired | Error::TokenUsed)) => {
                spent.keep();
                self.core.sign_in_failed(None, BeganWith::TemporaryToken.as_str(), address).await;
                return Err(error);
            }
            // Without a valid token there is nothing to guess, so the attempt does not count.
            Err(error) => {
                spent.give_back().await;
                return Err(error);
            }
        };
        let hash = token.ok_or(Error::InvalidToken)?.hash();
        let new = NewSessionSpec::new(SessionOrigin::now(BeganWith::TemporaryToken), Proof::LoginToken(hash));
        let browser = self.core.known_browser(&found.account, context);
        Sessions::new(self.core).begin(found.account, new, browser, context).await
    }

    /// The token, if it is valid now.
    async fn judge_login_token(self, token: Option<&Token>) -> Result<LoginToken, Error> {
        let now = self.core.clock.now();
        let found = match token {
            Some(token) => self.core.store.find_login_token(token.hash()).await?,
            None => None,
        };
        match found {
            Some(LoginToken { used_at: Some(used_at), .. }) if now.duration_since(used_at) < MEMORY => {
                Err(Error::TokenUsed)
            }
            Some(LoginToken { used_at: None, expires_at, .. }) if expires_at <= now => Err(Error::TokenExpired),
            Some(found @ LoginToken { used_at: None, .. }) => Ok(found),
            _ if self.core.store.has_login_token(now).await? => Err(Error::InvalidToken),
            _ => Err(Error::TemporaryLoginDisabled),
        }
    }

    /// Ends the tokens of earlier runs of the server.
    pub async fn end_login_tokens(self) -> Result<(), Error> {
        Ok(self.core.store.end_login_tokens().await?)
    }

    /// Removes tokens that need not be recognized any more.
    pub async fn prune_login_tokens(self) {
        if let Err(error) = self.core.store.prune_login_tokens(MEMORY, self.core.clock.now()).await {
            warn!(%error, "old login tokens were not removed");
        }
    }
}

fn no_operator() -> Error {
    Error::InvalidRequest(format!(
        "there is no active account with the role {}; name an account with --user",
        Role::Operator.as_str()
    ))
}
