//! What an account works on, as its devices are told.

use serde::Serialize;

use super::Service;
use crate::{domain::account::Account, error::Error};

/// What an account works on.
#[derive(Debug, Clone, Default)]
pub struct Workspaces {
    /// All of it: an operator's is everything, by name, at most 100.
    pub all: Vec<Workspace>,
    /// The one last opened, else the first.
    pub default: Option<String>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
pub struct Workspace {
    /// A `UUIDv7`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What the account may do there.
    pub role: &'static str,
}

impl Service {
    /// What an account works on. There are no projects yet, so nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    #[expect(clippy::unused_async, reason = "it will ask the database")]
    pub async fn workspaces(&self, _account: &Account) -> Result<Workspaces, Error> {
        Ok(Workspaces::default())
    }
}
