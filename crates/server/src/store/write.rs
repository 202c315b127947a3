//! Writing: all writes go through this module.
//!
//! Every write is a serializable transaction. SQLite has one writer at a time; PostgreSQL runs transactions
//! concurrently (`SERIALIZABLE`) and aborts all but one of those that conflict, which are then run again. So no
//! decision relies on there being a single server.

use std::{sync::atomic::Ordering, time::Duration};

use sqlx::{Any, AssertSqlSafe, Transaction, any::AnyArguments, any::AnyQueryResult, query::Query};
use tokio::time::{self, Instant};

use super::{
    PATIENCE, Store, StoreError,
    connections::within,
    dialect::{self, Dialect, Loss},
    times::Timer,
};

/// The longest pause before a conflicting transaction is run again; it is random, and its maximum doubles each
/// time.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// The largest maximum.
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

/// The limit for a transaction over a table that may have grown for years. Without a limit, a host that is lost
/// meanwhile would block all later ones until a restart.
const LONG: Duration = Duration::from_hours(1);

impl Store {
    /// Runs a transaction, which `run` commits; if it is dropped, it is rolled back. After a conflict it is run
    /// again, until [`PATIENCE`] has passed: so `run` must base its decisions on what it reads each time, and have
    /// no other effects.
    pub(super) async fn write<T, F>(&self, run: impl Fn(Transaction<'static, Any>) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.run(None, self.writer.deadline(), run).await
    }

    /// The same for a transaction that decides by all rows of a table, and writes only to it: it locks the table
    /// first, because concurrent ones would keep conflicting.
    pub(super) async fn write_alone<T, F>(
        &self,
        table: &'static str,
        run: impl Fn(Transaction<'static, Any>) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.run(self.dialect.lock(table).as_deref(), self.writer.deadline(), run).await
    }

    /// The same for a transaction over a table that may have grown for years, limited by [`LONG`].
    pub(super) async fn write_for_long<T, F>(
        &self,
        run: impl Fn(Transaction<'static, Any>) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.run(None, self.writer.deadline().map(|_| LONG), run).await
    }

    /// Deletes any number of rows by one statement and returns their number.
    pub(super) async fn remove<'q>(
        &self,
        statement: impl Fn() -> Query<'q, Any, AnyArguments>,
    ) -> Result<u64, StoreError> {
        let statement = &statement;
        let removed = self.write_for_long(|mut transaction| async move {
            let removed = statement().execute(&mut *transaction).await?.rows_affected();
            transaction.commit().await?;
            Ok(removed)
        });
        removed.await
    }

    async fn run<T, F>(
        &self,
        lock: Option<&str>,
        deadline: Option<Duration>,
        run: impl Fn(Transaction<'static, Any>) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let _timer = Timer::start(&self.times.writes);
        let began = Instant::now();
        let mut longest = FIRST_PAUSE;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let result = within(deadline, async {
                let mut transaction = self.writer.begin(self.dialect.begin()).await?;
                if let Some(lock) = lock {
                    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *transaction).await?;
                }
                run(transaction).await
            });
            let result = result.await;
            self.count_write();
            let Err(StoreError::Unavailable(error) | StoreError::Failed(error)) = &result else { return result };
            let again = match dialect::loss(error) {
                Loss::Certain => began.elapsed() < PATIENCE,
                Loss::Possible => attempt < 3,
                Loss::None => false,
            };
            if !again {
                return result;
            }
            // A random pause, so that conflicting transactions do not meet again.
            let [chance] = self.random.bytes().unwrap_or([u8::MAX / 2]);
            time::sleep(longest.mul_f64(f64::from(chance) / f64::from(u8::MAX))).await;
            longest = (longest * 2).min(LONGEST_PAUSE);
        }
    }

    /// Runs a transaction of one statement.
    pub(super) async fn execute<'q>(
        &self,
        statement: impl Fn() -> Query<'q, Any, AnyArguments>,
    ) -> Result<AnyQueryResult, StoreError> {
        // In SQLite, a single statement is a transaction.
        if self.dialect == Dialect::Sqlite {
            let _timer = Timer::start(&self.times.writes);
            let result = statement().execute(&mut *self.writer.acquire().await?).await;
            self.count_write();
            return Ok(result?);
        }
        let statement = &statement;
        self.write(|mut transaction| async move {
            let result = statement().execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(result)
        })
        .await
    }

    /// Counts a write, whether or not it succeeded. It is counted after it ended, so that answers cached with an
    /// earlier count become invalid. A write that is dropped is not counted, so such caches must also expire.
    fn count_write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }
}
