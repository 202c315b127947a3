//! Sending mails: by SMTP, or into a folder for another program.

mod message;
mod outbox;
mod smtp;

use std::{io, path::PathBuf};

use jiff::Timestamp;
use lettre::message::Mailbox;

use crate::domain::{id::Id, mail::Mail};

pub use outbox::Outbox;
pub use smtp::{Smtp, SmtpUrl};

/// Sends mails.
#[derive(Debug)]
pub struct Post {
    /// The sender.
    from: Mailbox,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Smtp(Smtp),
    Outbox(Outbox),
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The mail itself is invalid: a retry is pointless.
    #[error("the message can't be composed: {0}")]
    Unsendable(String),
    /// SMTP failed; a retry may work.
    #[error("the mail server rejected it: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The attempt took too long.
    #[error("the mail server did not respond in time")]
    TooSlow,
    /// The folder can't be written.
    #[error("{}: {error}", path.display())]
    Outbox {
        /// The folder or file.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
}

impl Post {
    /// Sends through a mail server.
    #[must_use]
    pub const fn smtp(from: Mailbox, smtp: Smtp) -> Self {
        Self { from, way: Way::Smtp(smtp) }
    }

    /// Writes into a folder.
    #[must_use]
    pub const fn outbox(from: Mailbox, outbox: Outbox) -> Self {
        Self { from, way: Way::Outbox(outbox) }
    }

    /// Sends a mail that was written at this time. Each attempt uses the same message id, so that duplicates can be
    /// recognized.
    ///
    /// # Errors
    /// When it was not sent.
    pub async fn send(&self, id: &Id, mail: &Mail, written_at: Timestamp) -> Result<Sent, PostError> {
        let message = message::compose(&self.from, id, mail, written_at)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await.map(|()| Sent::Mailed),
            Way::Outbox(outbox) => outbox.put(id, message.formatted(), written_at).await.map(Sent::Filed),
        }
    }
}

/// Where a mail was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// To a mail server.
    Mailed,
    /// Into this file.
    Filed(PathBuf),
}
