//! The SQL of the server. Every function fails when the database does ([`StoreError`]); the consequences are
//! documented where they are not obvious.
//!
//! The store uses one of two databases: SQLite, embedded, for a single server; or PostgreSQL, which any number of
//! servers share. [`DatabaseUrl`] selects it, and `open.rs` connects. From there on both are used by `sqlx::Any`:
//! each statement is written once, with `$1` placeholders, and the differences are in `dialect.rs` only.
//!
//! Reads are single statements on read-only connections (`self.readers`). All writes use `self.write`, in a
//! serializable transaction (`write.rs`): on SQLite it is the only writer, on PostgreSQL it may be run more than
//! once. A commit is on disk before it is acknowledged, so acknowledged changes survive `kill -9` and a power loss.
//!
//! Each connection prepares a statement once. With a bare `LIMIT $1`, SQLite uses the value for planning and plans
//! again whenever it changes, which takes longer than most statements; so we write `LIMIT $1 + 0`.

mod account_edit;
mod accounts;
mod audit;
mod backup;
mod client_links;
mod clients;
mod connections;
mod copy;
mod copy_row;
mod credentials;
mod database_url;
mod demo;
mod device_ends;
mod device_grants;
mod device_nonces;
mod device_tokens;
mod dialect;
mod email_changes;
mod email_reverts;
mod endings;
mod identities;
mod inspect;
mod limits;
mod login_tokens;
mod mails;
mod open;
mod password_resets;
mod portal;
mod project_members;
mod project_updates;
mod projects;
mod provider_sessions;
mod quotas;
mod row;
mod second_factors;
mod selection;
mod session_list;
mod sessions;
mod settings;
mod times;
mod tls_files;
mod tokens;
mod totp;
mod trusted_devices;
mod usage;
mod write;

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use sqlx::migrate::MigrateError;
use tokio::sync::Mutex;

use self::{connections::Connections, dialect::Dialect, times::Readers};
use crate::{
    domain::{
        clock::{self, Clock},
        random::Random,
    },
    metrics::DatabaseTimes,
};

pub use account_edit::{Edit, Edited};
pub use accounts::{Login, NewAccount, NewCredentials, Replaceable, Replaced};
pub use backup::BackupError;
pub use client_links::LinkOutcome;
pub use clients::{ClientChange, ClientOutcome};
pub use connections::bounded;
pub use copy::{CopyError, Source};
pub use database_url::{BadDatabaseUrl, DatabaseUrl};
pub use demo::Sample;
pub use device_ends::EndedToken;
pub use device_grants::{Approval, Decider, Decision, NewGrant, PickUp};
pub use device_tokens::NewToken;
pub use email_changes::{Confirmation, Confirmed, EmailChange, EmailEdit, NewEmail};
pub use email_reverts::{NewRevert, Restoring, Reverted};
pub use identities::{FoundIdentity, Identity, Linked, NewIdentity, Removed, SsoChallenge};
pub use limits::Counted;
pub use login_tokens::{LoginToken, NewLoginToken};
pub use mails::{ClaimedMail, SealedMail};
pub use password_resets::{NewReset, PasswordRequest, Processed, Reset};
pub use portal::{NewPreview, PreviewBegun, PreviewOutcome, ValidLink};
pub use projects::{ProjectChange, ProjectOutcome};
pub use provider_sessions::DueCheck;
pub use quotas::QuotaKey;
pub use second_factors::{CountedFactor, NewChallenge};
pub use sessions::{NewSession, Proof};
pub use tokens::{Rotated, Rotation};
pub use totp::Enrolment;
pub use trusted_devices::{NewTrustedDevice, TrustedDevice};

/// The longest wait of a statement for a lock, of a request for a connection, and of a transaction for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest one-way latency of the database at which its clock can be compared.
const LONGEST_WAY: SignedDuration = SignedDuration::from_millis(100);

/// How often at most the database is written only to test whether it can be.
const PROBE_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// The setting that is written for this test.
const PROBE: &str = "written_at";

/// The database.
#[derive(Clone)]
pub struct Store {
    dialect: Dialect,
    writer: Connections,
    readers: Readers,
    /// How long statements and writes take.
    times: DatabaseTimes,
    random: Random,
    /// Whether no account has an initial password any more.
    has_been_set_up: Arc<AtomicBool>,
    /// The number of writes of this process (`write.rs`).
    writes: Arc<AtomicU64>,
    /// The cached answer of [`has_login_token`](Self::has_login_token).
    login_token: login_tokens::Known,
    /// When [`check`](Self::check) last wrote.
    written_at: Arc<Mutex<Option<Timestamp>>>,
}

/// A database call failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A temporary failure: the database is locked, full, read-only, or unreachable. A retry may work.
    #[error("the database is unavailable: {0}")]
    Unavailable(sqlx::Error),
    /// It contains a value that this program does not know.
    #[error("the database holds an unknown {what}: {value:?}")]
    Unknown {
        /// The kind of the value.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// Another program has the database open.
    #[error("a server or another program uses this database; stop it first")]
    InUse,
    /// A TLS file named in its URL is unusable.
    #[error("{parameter}: {} {problem}", file.display())]
    TlsFile {
        /// The parameter that names it.
        parameter: &'static str,
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A PostgreSQL database whose encoding is not UTF-8.
    #[error(
        "its encoding is {0}, and must be UTF8; create one with createdb --template template0 --encoding UTF8 --locale C NAME"
    )]
    Encoding(String),
    /// It is empty, or contains another program's tables.
    #[error("this database has no Doorstep installation; choose another, or start a server on it first")]
    Foreign,
    /// It belongs to an older version, and the caller must not upgrade it.
    #[error(
        "the database was used by an older version of Doorstep: start a server of this version on it once, and stop it"
    )]
    Older,
    /// It must be empty, but is not.
    #[error("this database is not empty")]
    Taken,
    /// It belongs to a newer version.
    #[error("the database was used by a newer version of Doorstep (migration {0}); run that version or a later one")]
    Newer(i64),
    /// A migration failed.
    #[error("the database's tables could not be brought up to date: {0}")]
    Migration(MigrateError),
    /// A text contains NUL, which PostgreSQL does not accept.
    #[error("a text has a character that is not allowed")]
    Text,
    /// Any other failure.
    #[error("the database failed: {0}")]
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if dialect::is_transient(&error) {
            Self::Unavailable(error)
        } else if dialect::refuses_text(&error) {
            Self::Text
        } else {
            Self::Failed(error)
        }
    }
}

impl Store {
    /// Checks that the database can be read and written: the disk may be full or mounted read-only. Writes at most
    /// once in [`PROBE_EVERY`], and on each call while it fails.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check(&self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM settings LIMIT 1").execute(&self.readers).await?;
        // One at a time: the others then use its result.
        let mut written_at = self.written_at.lock().await;
        let is_recent = |at: Timestamp| !clock::is_ahead(at, now) && now.duration_since(at) < PROBE_EVERY;
        if written_at.is_none_or(|at| !is_recent(at)) {
            self.put_setting(PROBE, &now.as_millisecond().to_be_bytes()).await?;
            *written_at = Some(now);
        }
        Ok(())
    }

    /// By how much the database's clock is ahead of this machine's; `None` if it is the same clock, or the latency
    /// was too high to measure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clock_ahead(&self, clock: &Clock) -> Result<Option<SignedDuration>, StoreError> {
        let Some(ask) = self.dialect.clock() else { return Ok(None) };
        self.readers
            .read(async |connection| {
                // Excludes the wait for a connection.
                let asked = clock.machine();
                let says = row::time(&sqlx::query(ask).fetch_one(connection).await?, "now")?;
                // If the latency is low, the clock was read half-way through the round trip.
                let way = clock.machine().duration_since(asked) / 2;
                Ok((way < LONGEST_WAY).then(|| says.duration_since(asked).saturating_sub(way)))
            })
            .await
    }

    /// Waits for pending calls and closes the connections.
    pub async fn close(&self) {
        tokio::join!(self.readers.close(), self.writer.close());
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[tokio::test]
    async fn a_read_only_database_and_its_recovery_are_detected() {
        let folder = std::env::temp_dir().join(format!("doorstep-probe-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        let url = DatabaseUrl::parse(&format!("sqlite://{}/doorstep.sqlite3", folder.display())).expect("is valid");
        let store = Store::open(&url).await.expect("opens");
        let pragma = async |text: &'static str| {
            let mut connection = store.writer.acquire().await.expect("exists");
            sqlx::query(text).execute(&mut *connection).await.expect("is set")
        };
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).expect("is a time");
        store.check(at(0)).await.expect("can be written");
        pragma("PRAGMA query_only = 1").await;
        store.check(at(9)).await.expect("was written a moment ago");
        for _ in 0..2 {
            assert!(matches!(store.check(at(10)).await, Err(StoreError::Unavailable(_))));
        }
        // Also when the clock was corrected meanwhile.
        assert!(store.check(at(-3600)).await.is_err());
        pragma("PRAGMA query_only = 0").await;
        store.check(at(10)).await.expect("can be written");
        fs::remove_dir_all(&folder).expect("is removed");
    }

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_by_itself_leaves_others_working() {
        let folder = std::env::temp_dir().join(format!("doorstep-store-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        let url = DatabaseUrl::parse(&format!("sqlite://{}/doorstep.sqlite3", folder.display())).expect("is valid");
        let store = Store::open(&url).await.expect("opens");
        let mut transaction = store.writer.begin("BEGIN IMMEDIATE").await.expect("begins");
        // As SQLite does when the disk is full.
        sqlx::query("ROLLBACK").execute(&mut *transaction).await.expect("ends");
        transaction.commit().await.expect_err("there is none");
        store.writer.begin("BEGIN IMMEDIATE").await.expect("begins").rollback().await.expect("ends");
        fs::remove_dir_all(&folder).expect("is removed");
    }
}
