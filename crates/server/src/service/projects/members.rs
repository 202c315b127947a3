//! The members of a project: accounts that can see it, besides operators.

use doorstep_contract::{account::List, projects};

use super::Projects;
use crate::{
    domain::{
        audit::{Event, Origin},
        id::Id,
        page::Page,
        project::Member,
    },
    error::Error,
    service::accounts::Accounts,
};

impl Projects<'_> {
    /// A page of the members of a project, by username.
    ///
    /// # Errors
    /// [`Error::NotFound`]; database errors.
    pub async fn list_members(self, project: &Id, page: Page) -> Result<List<projects::Member>, Error> {
        self.find(project).await?;
        let total = self.core.store.count_members(project).await?;
        let members = self.core.store.list_members(project, page).await?;
        Ok(page.list(members.iter().map(Member::to_wire).collect(), total))
    }

    /// Adds an account to a project; does nothing when it is a member already.
    ///
    /// # Errors
    /// [`Error::NotFound`] without the project; [`Error::ReferenceInvalid`] without the account; database errors.
    pub async fn add_member(self, origin: &Origin, project: &Id, user: &str) -> Result<projects::Member, Error> {
        let project = self.find(project).await?;
        let account = Accounts::new(self.core).find(user).await.map_err(|error| match error {
            Error::UnknownUser => Error::ReferenceInvalid("account"),
            other => other,
        })?;
        let member = Member {
            account: account.id,
            username: account.username,
            name: account.name,
            created_at: self.core.clock.now(),
        };
        let entry = self
            .project_event(Event::MemberAdded, origin, &project)?
            .with("account_id", member.account.as_str())
            .with("username", member.username.as_str());
        if self.core.store.insert_member(&project.id, &member, &entry).await? {
            entry.log();
            return Ok(member.to_wire());
        }
        let earlier = self.core.store.find_member(&project.id, &member.account).await?;
        Ok(earlier.ok_or(Error::NotFound)?.to_wire())
    }

    /// Removes an account from a project.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such project or the account is not a member; database errors.
    pub async fn remove_member(self, origin: &Origin, project: &Id, account: &Id) -> Result<(), Error> {
        let project = self.find(project).await?;
        let member = self.core.store.find_member(&project.id, account).await?.ok_or(Error::NotFound)?;
        let entry = self
            .project_event(Event::MemberRemoved, origin, &project)?
            .with("account_id", account.as_str())
            .with("username", member.username);
        if !self.core.store.remove_member(&project.id, account, &entry).await? {
            return Err(Error::NotFound);
        }
        entry.log();
        Ok(())
    }
}
