//! The one way to write.
//!
//! Whatever is written, is written in a transaction that is as if it ran alone: what it has read holds until it ends. SQLite
//! has one writer at a time; PostgreSQL runs them side by side (`SERIALIZABLE`) and ends all but one of those that get in each
//! other's way, which then run again. So no decision rests on there being one server.

use std::{sync::atomic::Ordering, time::Duration};

use sqlx::{Any, AssertSqlSafe, Transaction, any::AnyArguments, any::AnyQueryResult, query::Query};
use tokio::time::{self, Instant};

use super::{
    PATIENCE, Store, StoreError,
    connections::within,
    dialect::{self, Dialect, Loss},
    times::Timer,
};

/// The pause before a transaction that lost to another runs again: at random, up to this, which doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// The longest of them.
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

/// How long a transaction takes at most that goes through a table which may have grown for years. Were it without end, a host
/// that is lost meanwhile would end all sweeps until a restart.
const LONG: Duration = Duration::from_hours(1);

impl Store {
    /// Runs a transaction, which commits itself when something is to stay of it; dropped, it leaves nothing behind. When it lost
    /// to others it runs again, but begins no later than [`PATIENCE`] after the first: so it makes its decisions anew from what
    /// it reads each time, and does nothing but write.
    pub(super) async fn write<T, F>(&self, run: impl Fn(Transaction<'static, Any>) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.run(None, self.writer.deadline(), run).await
    }

    /// The same for one that decides by all rows of a table, and writes to no other: it waits for its turn there. Of many at
    /// once, each would lose to each otherwise.
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

    /// The same for one that goes through a table which may have grown for years: it has [`LONG`].
    pub(super) async fn write_for_long<T, F>(
        &self,
        run: impl Fn(Transaction<'static, Any>) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.run(None, self.writer.deadline().map(|_| LONG), run).await
    }

    /// Removes what is over by one statement, however much it is; how many rows there were.
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
            // At random, so that two that got in each other's way don't again.
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
        // To SQLite, a statement by itself is a transaction.
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

    /// Counts what was written, or may have been. It is counted once it is over: what was read before that, and is kept with the
    /// count of then, is not believed after it. A write that is dropped on its way is not counted; so what is kept by the count
    /// is kept for a while only.
    fn count_write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }
}
