//! Browser sessions.

use doorstep_contract::auth::BeganWith;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    NewTrustedDevice, Store, StoreError, accounts, audit, identities, login_tokens,
    mails::{self, SealedMail},
    provider_sessions,
    row::{self, account_columns, session_columns},
    tokens, trusted_devices,
};
use crate::domain::{
    access::IssuedHashes,
    account::{Account, Status},
    audit::Entry,
    clock,
    id::Id,
    session::{Session, SessionPolicy, TokenHash, Visitor},
};

/// A new session.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// The session.
    pub session: &'a Session,
    /// The hash of its token.
    pub token: TokenHash,
    /// The account.
    pub account: &'a Id,
    /// The client that begins it.
    pub visitor: &'a Visitor,
    /// Earlier sessions of the browser, which end.
    pub replaces: Vec<TokenHash>,
    /// The proof of the account's identity.
    pub proof: Proof<'a>,
    /// A newly trusted browser.
    pub trusts: Option<NewTrustedDevice>,
    /// Access and refresh tokens of the session.
    pub tokens: Option<IssuedHashes>,
    /// The SSO identity, and the sealed refresh token of its provider.
    pub provider: Option<(&'a Id, Option<&'a [u8]>)>,
    /// The audit events.
    pub entries: &'a [Entry],
    /// The notices to the user.
    pub notices: &'a [SealedMail],
    /// The mail about an unknown browser or program: queued unless this is the account's first sign-in, or the
    /// session is for a program that already has one from the same address.
    pub new_browser: Option<&'a SealedMail>,
}

/// How the account's identity was proved. It is checked again when the session begins, because it may have become
/// invalid since.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// The account still has the password with this hash, and two-factor authentication is off.
    Password(&'a str),
    /// The account still has the password with this hash; a second factor was checked as well, or is not required.
    PasswordAndMore(&'a str),
    /// The account still has the password with this hash, and this browser is trusted.
    TrustedDevice(&'a str, &'a Id),
    /// The second step is still pending. It is used up.
    Challenge(TokenHash),
    /// The temporary token is still valid. It is used up.
    LoginToken(TokenHash),
    /// The identity is still linked to the account, and two-factor authentication is off.
    Identity(&'a Id),
    /// The identity is still linked to the account, and the provider has checked a second factor.
    IdentityAndMore(&'a Id),
}

impl Store {
    /// Begins a session in one transaction: the proof is used up, the replaced sessions end, the new one begins,
    /// the browser is trusted. `false` when meanwhile the account was suspended or the proof became invalid.
    pub async fn begin_session(&self, new: NewSession<'_>) -> Result<bool, StoreError> {
        let new = &new;
        self.write(|mut transaction| async move {
            if !counts(&mut transaction, new).await? {
                return Ok(false);
            }
            for replaced in &new.replaces {
                sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
                    .bind(replaced.as_bytes())
                    .execute(&mut *transaction)
                    .await?;
            }
            let session = new.session;
            let result = sqlx::query(
                "INSERT INTO sessions (id, token_hash, account_id, began_with, created_at, proved_at, last_seen_at, \
                 address, user_agent) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 \
                 WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $3 AND status = $10)",
            )
            .bind(session.id.as_str())
            .bind(new.token.as_bytes())
            .bind(new.account.as_str())
            .bind(session.began_with.as_str())
            .bind(session.created_at.as_millisecond())
            .bind(session.proved_at.as_millisecond())
            .bind(session.last_seen_at.as_millisecond())
            .bind(new.visitor.address.to_string())
            .bind(&new.visitor.user_agent)
            .bind(Status::Active.as_str())
            .execute(&mut *transaction)
            .await?;
            if result.rows_affected() == 0 {
                return Ok(false);
            }
            accounts::correct_password_time(&mut transaction, new.account, session.proved_at).await?;
            if let Some(trusts) = &new.trusts {
                trusted_devices::insert(&mut transaction, new.account, trusts, new.visitor, session.created_at).await?;
            }
            if let Some(issued) = &new.tokens {
                tokens::insert(&mut transaction, &session.id, issued).await?;
            }
            if let Some((identity, refresh_token)) = new.provider {
                provider_sessions::insert_provider_session(
                    &mut transaction,
                    &session.id,
                    identity,
                    refresh_token,
                    session.created_at,
                )
                .await?;
            }
            mails::queue(&mut transaction, new.notices).await?;
            if let Some(notice) = new.new_browser
                && is_new_client(&mut transaction, new).await?
            {
                mails::queue(&mut transaction, std::slice::from_ref(notice)).await?;
            }
            sqlx::query("UPDATE accounts SET has_signed_in = 1 WHERE id = $1 AND has_signed_in = 0")
                .bind(new.account.as_str())
                .execute(&mut *transaction)
                .await?;
            audit::record_all(&mut transaction, new.entries).await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    /// The session of a token and its account, if the account is active. The caller checks the expiry.
    pub async fn find_session(&self, token: TokenHash) -> Result<Option<(Session, Account)>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            account_columns!(),
            " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND a.status = $2"
        ))
        .bind(token.as_bytes())
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| Ok((row::session(&row)?, row::account(&row)?))).transpose()
    }

    /// Records that a session was used. If it was begun while the clock was ahead, its beginning is set to now, so
    /// that it lives no longer than others.
    pub async fn touch_session(&self, session: &Id, now: Timestamp) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query(
            "UPDATE sessions SET last_seen_at = $2, created_at = CASE WHEN created_at > $3 THEN $2 ELSE created_at END \
             WHERE id = $1 AND (last_seen_at < $2 OR last_seen_at > $3)",
        )
        .bind(session.as_str())
        .bind(now.as_millisecond())
        .bind(clock::latest(now).as_millisecond())
        })
        .await?;
        Ok(())
    }

    /// Rotates the token of a session after a proof of identity; `false` when it has ended.
    pub async fn renew_session(
        &self,
        session: &Id,
        token: TokenHash,
        entry: &Entry,
        proved_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result =
                sqlx::query("UPDATE sessions SET token_hash = $2, proved_at = $3, last_seen_at = $4 WHERE id = $1")
                    .bind(session.as_str())
                    .bind(token.as_bytes())
                    .bind(proved_at.as_millisecond())
                    .bind(now.as_millisecond())
                    .execute(&mut *transaction)
                    .await?;
            audit::record_if(result.rows_affected() > 0, transaction, entry).await
        })
        .await
    }

    /// Removes expired sessions and returns their number.
    pub async fn prune_sessions(&self, policy: &SessionPolicy, now: Timestamp) -> Result<u64, StoreError> {
        let before = |life| now.checked_sub(life).unwrap_or(Timestamp::MIN).as_millisecond();
        let old = || {
            sqlx::query(
                "DELETE FROM sessions \
                 WHERE last_seen_at <= $1 OR created_at <= $2 OR (began_with = $3 AND created_at <= $4)",
            )
            .bind(before(policy.idle))
            .bind(before(policy.absolute))
            .bind(BeganWith::TemporaryToken.as_str())
            .bind(before(policy.temporary))
        };
        self.remove(old).await
    }
}

/// Whether the account does not know the browser or program of a new session. A program keeps no cookie, so it is
/// recognized by address and name while it has a session.
async fn is_new_client(connection: &mut AnyConnection, new: &NewSession<'_>) -> Result<bool, StoreError> {
    let is_program = new.tokens.is_some();
    let row = sqlx::query(
        "SELECT 1 FROM accounts WHERE id = $1 AND has_signed_in = 1 AND NOT ($2 = 1 AND EXISTS \
         (SELECT 1 FROM sessions WHERE account_id = $1 AND id <> $3 AND address = $4 AND user_agent = $5))",
    )
    .bind(new.account.as_str())
    .bind(i64::from(is_program))
    .bind(new.session.id.as_str())
    .bind(new.visitor.address.to_string())
    .bind(&new.visitor.user_agent)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Whether the proof is still valid; uses it up if it is for one use.
async fn counts(connection: &mut AnyConnection, new: &NewSession<'_>) -> Result<bool, StoreError> {
    let (account, now) = (new.account, new.session.created_at);
    match new.proof {
        Proof::Password(hash) => has_password(connection, account, hash, true).await,
        Proof::PasswordAndMore(hash) => has_password(connection, account, hash, false).await,
        Proof::TrustedDevice(hash, device) => Ok(trusted_devices::use_one(connection, device, new.visitor, now)
            .await?
            && has_password(connection, account, hash, false).await?),
        Proof::Challenge(token) => {
            let result =
                sqlx::query("DELETE FROM challenges WHERE token_hash = $1 AND account_id = $2 AND expires_at > $3")
                    .bind(token.as_bytes())
                    .bind(account.as_str())
                    .bind(now.as_millisecond())
                    .execute(connection)
                    .await?;
            Ok(result.rows_affected() > 0)
        }
        Proof::LoginToken(token) => login_tokens::use_one(connection, token, account, now).await,
        Proof::Identity(identity) => identities::use_one(connection, identity, account, true, now).await,
        Proof::IdentityAndMore(identity) => identities::use_one(connection, identity, account, false, now).await,
    }
}

/// Whether the account still has this password and, if it is the only factor (`alone`), no one-time code is
/// required.
async fn has_password(
    connection: &mut AnyConnection,
    account: &Id,
    hash: &str,
    alone: bool,
) -> Result<bool, StoreError> {
    let row =
        sqlx::query("SELECT 1 FROM accounts WHERE id = $1 AND password_hash = $2 AND (totp_secret IS NULL OR $3 = 0)")
            .bind(account.as_str())
            .bind(hash)
            .bind(i64::from(alone))
            .fetch_optional(connection)
            .await?;
    Ok(row.is_some())
}
