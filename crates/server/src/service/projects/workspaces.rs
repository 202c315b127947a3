//! The workspaces of an account, as its devices see them: its projects.

use doorstep_contract::auth::Role;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Projects, member};
use crate::{
    domain::{account::Account, id::Id},
    error::Error,
};

/// The maximum number of workspaces listed.
const MOST: u32 = 100;

/// The workspaces of an account.
#[derive(Debug, Clone, Default)]
pub struct Workspaces {
    /// By name; for an operator all projects. At most 100.
    pub all: Vec<Workspace>,
    /// The id of the default workspace: the project last opened, else the first.
    pub default: Option<String>,
}

/// A workspace.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Workspace {
    /// The id, a `UUIDv7`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The role of the account in it.
    pub role: &'static str,
}

impl Projects<'_> {
    /// Makes a workspace the default of the account's devices, as if its user had opened the project.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not one of the account's; database errors.
    pub async fn switch_workspace(self, account: &Account, id: &str) -> Result<(), Error> {
        let workspaces = self.workspaces(account).await?;
        let chosen = workspaces.all.into_iter().find(|workspace| workspace.id == id).ok_or(Error::NotFound)?;
        if workspaces.default.as_ref() != Some(&chosen.id) {
            self.core.store.put_last_opened(&account.id, &Id::stored(chosen.id)).await?;
        }
        Ok(())
    }

    /// The workspaces of an account: its projects, except archived ones.
    pub async fn workspaces(self, account: &Account) -> Result<Workspaces, Error> {
        let role = match account.role {
            Role::Operator => "owner",
            Role::Member => "member",
        };
        let projects = self.core.store.workspaces(&account.id, member(account), MOST).await?;
        let opened = projects.iter().find(|(_, _, opened)| *opened).or_else(|| projects.first());
        let default = opened.map(|(id, ..)| id.to_string());
        let all = projects.into_iter().map(|(id, name, _)| Workspace { id: id.to_string(), name, role }).collect();
        Ok(Workspaces { all, default })
    }
}
