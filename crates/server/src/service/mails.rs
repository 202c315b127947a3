//! Delivering queued mails.
//!
//! A mail is removed from the queue after it was sent. If the server crashes in between, it is sent again: a
//! duplicate is better than a loss. Before each attempt the time of the next one is stored, so that two servers on
//! one database do not make the same attempt.

use tracing::{info, warn};

use crate::{
    domain::mail::GIVE_UP_AFTER,
    error::Error,
    post::{Post, PostError, Sent},
    service::core::{Core, Opened},
    store::ClaimedMail,
};

/// The mail queue.
#[derive(Debug, Clone, Copy)]
pub struct MailQueue<'a> {
    core: &'a Core,
}

impl<'a> MailQueue<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl MailQueue<'_> {
    /// Attempts to deliver the mail that has been due for longest; `false` when none is due or the database fails.
    /// A failed mail is retried at growing intervals.
    pub async fn deliver_next(self, post: &Post) -> bool {
        self.try_next_mail(post).await.unwrap_or_else(|error| {
            warn!(%error, "mails were not delivered");
            false
        })
    }

    async fn try_next_mail(self, post: &Post) -> Result<bool, Error> {
        let Some(claimed) = self.core.store.claim_mail(self.core.clock.now()).await? else {
            return Ok(false);
        };
        let ClaimedMail { mail, attempts, due_at } = claimed;
        let id = &mail.id;
        let Some(content) = self.core.open_mail(&mail) else {
            warn!(event = "mail_given_up", mail = %id, "the secret key that sealed it is missing");
            self.core.store.remove_mail(id).await?;
            return Ok(true);
        };
        let Opened::Mail(content) = content else {
            self.core.store.remove_mail(id).await?;
            return Ok(true);
        };
        match post.send(id, &content, mail.created_at).await {
            Ok(sent) => {
                match &sent {
                    Sent::Mailed => info!(event = "mail_sent", mail = %id, attempts),
                    Sent::Filed(file) => info!(event = "mail_sent", mail = %id, file = %file.display()),
                }
                self.core.store.remove_mail(id).await?;
            }
            // The mail server's response may contain anything, so it is escaped.
            Err(error) if is_hopeless(&error) || due_at.duration_since(mail.created_at) > GIVE_UP_AFTER => {
                warn!(event = "mail_given_up", mail = %id, attempts, error = ?error.to_string());
                self.core.store.remove_mail(id).await?;
            }
            Err(error) => {
                warn!(event = "mail_delayed", mail = %id, attempts, until = %due_at, error = ?error.to_string());
            }
        }
        Ok(true)
    }
}

/// Whether a retry is pointless. A rejection by the mail server is not: its operator may fix it within the day.
const fn is_hopeless(error: &PostError) -> bool {
    matches!(error, PostError::Unsendable(_))
}
