//! SQL, and nothing but SQL. Every function fails when the database does not answer ([`StoreError`]); what comes of that is
//! said where it is not plain.
//!
//! An embedded SQLite database in WAL mode: one connection writes, several read. A commit is on disk before it is
//! acknowledged (`synchronous = FULL`), so what was acknowledged survives `kill -9` and a power loss.
//!
//! Each connection prepares a statement once. For a bare `LIMIT $1` SQLite looks at the value while it plans, and plans anew each
//! time another is bound, which takes longer than most statements do; so it is `LIMIT $1 + 0`.

mod account_edit;
mod accounts;
mod audit;
mod client_links;
mod clients;
mod demo;
mod device_ends;
mod device_grants;
mod device_nonces;
mod device_tokens;
mod email_changes;
mod email_reverts;
mod endings;
mod identities;
mod limits;
mod login_tokens;
mod mails;
mod password_resets;
mod portal;
mod project_members;
mod project_updates;
mod projects;
mod provider_sessions;
mod quotas;
mod row;
mod second_factors;
mod session_list;
mod sessions;
mod settings;
mod tokens;
mod totp;
mod trusted_devices;

use std::{
    fmt, fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use sqlx::{
    Connection as _, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use crate::{domain::clock, private_files};

pub use account_edit::{Edit, Edited};
pub use accounts::{Login, NewAccount, NewCredentials, Replaceable, Replaced};
pub use client_links::LinkOutcome;
pub use clients::{ClientChange, ClientOutcome};
pub use demo::Sample;
pub use device_ends::EndedToken;
pub use device_grants::{Approval, Decider, Decision, NewGrant};
pub use device_tokens::NewToken;
pub use email_changes::{Confirmation, Confirmed, EmailChange, EmailEdit, NewEmail};
pub use email_reverts::{EmailRevert, NewRevert, Restoring, Reverted};
pub use identities::{FoundIdentity, Identity, Linked, NewIdentity, Removed, SsoChallenge};
pub use limits::Counted;
pub use login_tokens::{LoginToken, NewLoginToken};
pub use mails::{ClaimedMail, SealedMail};
pub use password_resets::{NewReset, PasswordRequest, Reset, Settled};
pub use portal::{LinkInForce, NewPreview, PreviewBegun, PreviewOutcome};
pub use projects::{ProjectChange, ProjectOutcome};
pub use provider_sessions::DueCheck;
pub use quotas::QuotaKey;
pub use second_factors::{CountedFactor, NewChallenge};
pub use sessions::{NewSession, Proof};
pub use tokens::{Rotated, Rotation};
pub use totp::Enrolment;
pub use trusted_devices::{NewTrustedDevice, TrustedDevice};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How many connections read.
const READERS: u32 = 4;
/// How long a statement waits for a lock, or a request for a connection, before it is refused.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often at most the database is written only to find out whether it can be.
const PROBE_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// The setting that is written for that.
const PROBE: &str = "written_at";

/// The database.
#[derive(Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Whether no account has the password of the first start any more.
    has_been_set_up: Arc<AtomicBool>,
    /// How often this process has begun to write.
    writes: Arc<AtomicU64>,
    /// What [`has_login_token`](Self::has_login_token) last found.
    login_token: login_tokens::Known,
    /// When [`check`](Self::check) last wrote.
    written_at: Arc<Mutex<Option<Timestamp>>>,
}

/// The database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It can't now: locked, full, read-only, or out of reach. The same request may work later.
    #[error("the database can't answer now: {0}")]
    Unavailable(sqlx::Error),
    /// It holds something that this program does not understand.
    #[error("the database holds an unknown {what}: {value:?}")]
    Unknown {
        /// What kind of value it is.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// It was used by a newer program.
    #[error("the database was used by a newer version of Doorstep (migration {0}); run that version or a later one")]
    Newer(i64),
    /// Its tables could not be brought up to date.
    #[error("the database's tables could not be brought up to date: {0}")]
    Migration(MigrateError),
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. The low byte of an
        // extended code is the code itself.
        const PASSING: [u32; 6] = [5, 6, 8, 10, 13, 14];
        let passing = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
            sqlx::Error::Database(database) => database
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .is_some_and(|code| PASSING.contains(&(code & 0xff))),
            _ => false,
        };
        if passing { Self::Unavailable(error) } else { Self::Failed(error) }
    }
}

impl Store {
    /// Opens a database by its URL (`sqlite://path`), makes it when it is not there, and brings its
    /// tables up to date.
    ///
    /// # Errors
    /// When it can't be opened, or belongs to a newer version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options: SqliteConnectOptions = url.parse().map_err(StoreError::Failed)?;
        make_private_file(options.get_filename())?;
        Self::connect(options).await
    }

    /// As [`open`](Self::open), but a database that is not there is an error.
    ///
    /// # Errors
    /// When it is not there, can't be opened, or belongs to a newer version.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        Self::connect(url.parse().map_err(StoreError::Failed)?).await
    }

    async fn connect(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let options = options
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        // A connection to a file does not get lost while it is not used: to ask it whether it is there would cost as much as a
        // statement, which is mostly the way to its thread and back.
        let pool = |connections| {
            let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
            pool.test_before_acquire(false)
        };
        let begun = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&begun);
        // Where the disk is full, SQLite ends a transaction by itself, and the connection takes itself to be in it for ever:
        // another one takes its place.
        let writer = pool(1).before_acquire(move |connection, _| {
            count.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(!connection.is_in_transaction()) })
        });
        let writer = writer.connect_with(options.clone()).await?;
        migrate(&writer).await?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self {
            writer,
            readers,
            has_been_set_up: Arc::default(),
            writes: begun,
            login_token: login_tokens::Known::default(),
            written_at: Arc::default(),
        })
    }

    /// Whether the database can be read, and written: a disk may be full, or mounted read-only. It is written for that once
    /// in [`PROBE_EVERY`], however often it is asked, and each time while it fails.
    ///
    /// # Errors
    /// When it can't.
    pub async fn check(&self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM settings LIMIT 1").execute(&self.readers).await?;
        // One at a time: the others then know.
        let mut written_at = self.written_at.lock().await;
        let is_recent = |at: Timestamp| !clock::is_ahead(at, now) && now.duration_since(at) < PROBE_EVERY;
        if written_at.is_none_or(|at| !is_recent(at)) {
            self.put_setting(PROBE, &now.as_millisecond().to_be_bytes()).await?;
            *written_at = Some(now);
        }
        Ok(())
    }

    /// Copies the database as it is at one moment into a new file, which its owner alone can read, and gives its size in
    /// bytes. Others go on reading and writing meanwhile.
    ///
    /// # Errors
    /// When the file is there already or can't be written; then none is left behind.
    pub async fn copy_to(&self, path: &Path) -> Result<u64, StoreError> {
        let failed = |error| StoreError::Unavailable(sqlx::Error::Io(error));
        let file = private_files::options().write(true).create_new(true).open(path).map_err(failed)?;
        let copy = async {
            let name = path.to_str().ok_or_else(|| failed(io::Error::other("its name is not in UTF-8")))?;
            // https://www.sqlite.org/lang_vacuum.html: into an empty file, and not on disk before it is told to be.
            sqlx::query("VACUUM INTO $1").bind(name).execute(&self.writer).await?;
            file.sync_all().and_then(|()| file.metadata()).map_err(failed)
        };
        match copy.await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) => {
                // What is told is why there is no copy.
                let _ = fs::remove_file(path);
                Err(error)
            }
        }
    }

    /// Finishes what is under way and closes the files.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// The database holds hashes of passwords: only its owner may read it. SQLite gives its other files the same mode.
fn make_private_file(path: &Path) -> Result<(), StoreError> {
    let opened = private_files::options().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| StoreError::Unavailable(sqlx::Error::Io(error)))
}

async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    MIGRATIONS.run(writer).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => StoreError::Newer(version),
        MigrateError::Execute(error) => error.into(),
        other => StoreError::Migration(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_can_t_be_written_is_noticed_and_so_is_its_return() {
        let folder = std::env::temp_dir().join(format!("doorstep-probe-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is made");
        let url = format!("sqlite://{}", folder.join("doorstep.sqlite3").display());
        let store = Store::open(&url).await.expect("opens");
        let pragma = async |text: &'static str| sqlx::query(text).execute(&store.writer).await.expect("is set");
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).expect("is a time");
        store.check(at(0)).await.expect("can be written");
        pragma("PRAGMA query_only = 1").await;
        store.check(at(9)).await.expect("was written a moment ago");
        for _ in 0..2 {
            assert!(matches!(store.check(at(10)).await, Err(StoreError::Unavailable(_))));
        }
        // Also when the clock is corrected meanwhile.
        assert!(store.check(at(-3600)).await.is_err());
        pragma("PRAGMA query_only = 0").await;
        store.check(at(10)).await.expect("can be written");
        fs::remove_dir_all(&folder).expect("is removed");
    }

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_by_itself_leaves_others_working() {
        let folder = std::env::temp_dir().join(format!("doorstep-store-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is made");
        let url = format!("sqlite://{}", folder.join("doorstep.sqlite3").display());
        let store = Store::open(&url).await.expect("opens");
        let mut transaction = store.writer.begin_with("BEGIN IMMEDIATE").await.expect("begins");
        // As SQLite does where the disk is full.
        sqlx::query("ROLLBACK").execute(&mut *transaction).await.expect("ends");
        transaction.commit().await.expect_err("there is none");
        store.writer.begin_with("BEGIN IMMEDIATE").await.expect("begins").rollback().await.expect("ends");
        fs::remove_dir_all(&folder).expect("is removed");
    }
}
