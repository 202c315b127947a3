//! Detecting whether other programs have a database open.

use std::time::Duration;

use sqlx::{AnyConnection, Connection as _, Executor as _, any::install_default_drivers};
use tokio::time;

use super::{
    DatabaseUrl, StoreError,
    connections::{DEADLINE, within},
    dialect,
};

/// How often to check again, and the pause in between: connections of a program that has just ended may linger.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);

impl DatabaseUrl {
    /// Checks that no other program, such as a server, has the database open. A missing database is unused.
    ///
    /// # Errors
    /// [`StoreError::InUse`]; when it can't be opened.
    pub async fn check_unused(&self) -> Result<(), StoreError> {
        install_default_drivers();
        self.check_tls_files()?;
        if self.file()?.is_some_and(|file| !file.exists()) {
            return Ok(());
        }
        for look in 1.. {
            let options = self.options(true)?;
            let alone = within(Some(DEADLINE), async {
                let mut connection = AnyConnection::connect_with(&options).await?;
                let alone = connection.execute(self.dialect.refuse_others()).await;
                // The result of the check matters, not that of closing.
                let _ = connection.close().await;
                Ok::<_, StoreError>(alone)
            });
            match alone.await? {
                Err(error) if !dialect::is_in_use(&error) => return Err(error.into()),
                Err(_) if look < LOOKS => time::sleep(PAUSE).await,
                Err(_) => return Err(StoreError::InUse),
                Ok(_) => break,
            }
        }
        Ok(())
    }
}
