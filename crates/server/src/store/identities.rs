//! SSO identities linked to accounts, and challenges of SSO sign-ins.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    NewAccount, Store, StoreError, accounts, audit,
    mails::{self, SealedMail},
    row::{self, account_columns},
};
use crate::domain::{
    access::Mode,
    account::{Account, Status},
    audit::Entry,
    id::Id,
    token::TokenHash,
};

/// An identity linked to an account.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The id.
    pub id: Id,
    /// The name of the provider.
    pub provider: String,
    /// The email last stated by the provider.
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last used to sign in.
    pub last_used_at: Option<Timestamp>,
}

/// An identity found by its issuer and subject, and its account.
#[derive(Debug, Clone)]
pub struct FoundIdentity {
    /// The id.
    pub id: Id,
    /// When it was linked.
    pub linked_at: Timestamp,
    /// The account.
    pub account: Account,
}

/// A new identity to link.
#[derive(Debug, Clone, Copy)]
pub struct NewIdentity<'a> {
    /// The id.
    pub id: &'a Id,
    /// The account.
    pub account: &'a Id,
    /// The name of the provider.
    pub provider: &'a str,
    /// The issuer.
    pub issuer: &'a str,
    /// The permanent id at the issuer.
    pub subject: &'a str,
    /// The email.
    pub email: Option<&'a str>,
}

/// The outcome of linking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    /// It is linked to the account.
    Done,
    /// Nothing was changed: it is linked to another account, or another account has the name or email.
    Taken,
}

/// The outcome of unlinking an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// It was unlinked, and the sessions that began with it have ended.
    Done,
    /// There is no such identity.
    Unknown,
    /// Nothing was changed: the account would have no way to sign in.
    LastMethod,
}

/// What a session needs once the one-time code of its SSO sign-in is right.
#[derive(Debug, Clone)]
pub struct SsoChallenge {
    /// The identity.
    pub identity: Id,
    /// The sealed refresh token of the provider.
    pub provider_token: Option<Vec<u8>>,
    /// How tokens are delivered, if they were requested.
    pub mode: Option<Mode>,
}

impl Store {
    /// The identity with this issuer and subject, and its account, active or not.
    pub async fn find_identity(&self, issuer: &str, subject: &str) -> Result<Option<FoundIdentity>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT i.id AS identity_id, i.created_at AS linked_at, ",
            account_columns!(),
            " FROM identities i JOIN accounts a ON a.id = i.account_id WHERE i.issuer = $1 AND i.subject = $2"
        ))
        .bind(issuer)
        .bind(subject)
        .fetch_optional(&self.readers)
        .await?;
        let found = |row: AnyRow| {
            Ok(FoundIdentity {
                id: Id::stored(row.try_get("identity_id")?),
                linked_at: row::time(&row, "linked_at")?,
                account: row::account(&row)?,
            })
        };
        row.map(found).transpose()
    }

    /// Links an identity to an account.
    pub async fn link_identity(
        &self,
        new: NewIdentity<'_>,
        entry: &Entry,
        notice: &SealedMail,
        now: Timestamp,
    ) -> Result<Linked, StoreError> {
        self.write(|mut transaction| async move {
            let linked = insert(&mut transaction, new, now).await?;
            mails::notify_if(linked == Linked::Done, transaction, entry, notice).await?;
            Ok(linked)
        })
        .await
    }

    /// Creates an account with an identity, in one transaction.
    pub async fn register(
        &self,
        account: &NewAccount,
        new: NewIdentity<'_>,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Linked, StoreError> {
        self.write(|mut transaction| async move {
            if !accounts::insert(&mut transaction, account).await? {
                return Ok(Linked::Taken);
            }
            let linked = insert(&mut transaction, new, now).await?;
            if linked == Linked::Done {
                audit::record_if(true, transaction, entry).await?;
            }
            Ok(linked)
        })
        .await
    }

    /// The identities of an account, in the order in which they were linked.
    pub async fn identities_of(&self, account: &Id) -> Result<Vec<Identity>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, provider, email, created_at, last_used_at FROM identities WHERE account_id = $1 ORDER BY id",
        )
        .bind(account.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(identity).collect()
    }

    /// Unlinks an identity and ends the sessions that began with it, except the one of the request.
    /// `password_counts`: whether passwords can be used to sign in.
    pub async fn remove_identity(
        &self,
        account: &Id,
        identity: &Id,
        password_counts: bool,
        but_for: &Id,
        (entry, notice): (&Entry, &SealedMail),
    ) -> Result<Removed, StoreError> {
        self.write(|mut transaction| async move {
            let others = sqlx::query(
                "SELECT 1 FROM accounts a WHERE a.id = $1 AND ((a.password_hash IS NOT NULL AND $3 = 1) \
                 OR EXISTS (SELECT 1 FROM identities i WHERE i.account_id = a.id AND i.id <> $2))",
            )
            .bind(account.as_str())
            .bind(identity.as_str())
            .bind(i64::from(password_counts))
            .fetch_optional(&mut *transaction)
            .await?;
            sqlx::query(
                "DELETE FROM sessions WHERE account_id = $1 AND id <> $3 \
                 AND id IN (SELECT session_id FROM provider_sessions WHERE identity_id = $2)",
            )
            .bind(account.as_str())
            .bind(identity.as_str())
            .bind(but_for.as_str())
            .execute(&mut *transaction)
            .await?;
            let removed = sqlx::query("DELETE FROM identities WHERE account_id = $1 AND id = $2")
                .bind(account.as_str())
                .bind(identity.as_str())
                .execute(&mut *transaction)
                .await?;
            if removed.rows_affected() == 0 {
                return Ok(Removed::Unknown);
            }
            if others.is_none() {
                return Ok(Removed::LastMethod);
            }
            mails::notify_if(true, transaction, entry, notice).await?;
            Ok(Removed::Done)
        })
        .await
    }

    /// Stores the challenge of an SSO sign-in; `false` when meanwhile the account was suspended, the identity
    /// unlinked, or two-factor authentication disabled.
    pub async fn put_sso_challenge(
        &self,
        token: TokenHash,
        account: &Id,
        expires_at: Timestamp,
        sso: &SsoChallenge,
    ) -> Result<bool, StoreError> {
        let result = self
            .execute(|| {
                sqlx::query(
            "INSERT INTO challenges (token_hash, account_id, expires_at, identity_id, provider_token, token_mode) \
             SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM accounts a JOIN identities i \
             ON i.account_id = a.id WHERE a.id = $2 AND i.id = $4 AND a.totp_secret IS NOT NULL AND a.status = $7)",
        )
        .bind(token.as_bytes())
        .bind(account.as_str())
        .bind(expires_at.as_millisecond())
        .bind(sso.identity.as_str())
        .bind(sso.provider_token.as_deref())
        .bind(sso.mode.map(Mode::as_str))
        .bind(Status::Active.as_str())
            })
            .await?;
        Ok(result.rows_affected() > 0)
    }

    /// The SSO data of a challenge; `None` for one that began with a password.
    pub async fn sso_challenge(&self, token: TokenHash) -> Result<Option<SsoChallenge>, StoreError> {
        let row = sqlx::query(
            "SELECT identity_id, provider_token, token_mode FROM challenges \
             WHERE token_hash = $1 AND identity_id IS NOT NULL",
        )
        .bind(token.as_bytes())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(SsoChallenge {
                identity: Id::stored(row.try_get("identity_id")?),
                provider_token: row.try_get("provider_token")?,
                mode: row.try_get::<Option<&str>, _>("token_mode")?.and_then(Mode::parse),
            })
        })
        .transpose()
    }
}

/// Whether the identity is linked to the account and, if it is the only factor (`alone`), no one-time code is
/// required.
pub(super) async fn use_one(
    connection: &mut AnyConnection,
    identity: &Id,
    account: &Id,
    alone: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let used = sqlx::query(
        "UPDATE identities SET last_used_at = $3 WHERE id = $1 AND account_id = $2 AND EXISTS \
         (SELECT 1 FROM accounts WHERE id = $2 AND (totp_secret IS NULL OR $4 = 0))",
    )
    .bind(identity.as_str())
    .bind(account.as_str())
    .bind(now.as_millisecond())
    .bind(i64::from(alone))
    .execute(connection)
    .await?;
    Ok(used.rows_affected() > 0)
}

async fn insert(connection: &mut AnyConnection, new: NewIdentity<'_>, now: Timestamp) -> Result<Linked, StoreError> {
    let result = sqlx::query(
        "INSERT INTO identities (id, account_id, provider, issuer, subject, email, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(new.id.as_str())
    .bind(new.account.as_str())
    .bind(new.provider)
    .bind(new.issuer)
    .bind(new.subject)
    .bind(new.email)
    .bind(now.as_millisecond())
    .execute(connection)
    .await?;
    Ok(if result.rows_affected() == 1 { Linked::Done } else { Linked::Taken })
}

fn identity(row: &AnyRow) -> Result<Identity, StoreError> {
    let used: Option<i64> = row.try_get("last_used_at")?;
    Ok(Identity {
        id: Id::stored(row.try_get("id")?),
        provider: row.try_get("provider")?,
        email: row.try_get("email")?,
        created_at: row::time(row, "created_at")?,
        last_used_at: used.map(|_| row::time(row, "last_used_at")).transpose()?,
    })
}
