//! How mails leave: by SMTP, or into a folder where another program picks them up.

mod message;
mod outbox;
mod smtp;

use std::{io, path::PathBuf};

use jiff::Timestamp;
use lettre::message::Mailbox;

use crate::domain::{id::Id, mail::Mail};

pub use outbox::Outbox;
pub use smtp::{Smtp, SmtpUrl};

/// A way for mails to leave.
#[derive(Debug)]
pub struct Post {
    /// Whom they are from.
    from: Mailbox,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Smtp(Smtp),
    Outbox(Outbox),
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// It never will.
    #[error("it can't be made into a message: {0}")]
    Unsendable(String),
    /// It may, later.
    #[error("the mail server did not take it: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// It took longer than an attempt may.
    #[error("the mail server took too long")]
    TooSlow,
    /// The folder can't be written.
    #[error("{}: {error}", path.display())]
    Outbox {
        /// Which folder or file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl Post {
    /// Through a mail server.
    #[must_use]
    pub const fn smtp(from: Mailbox, smtp: Smtp) -> Self {
        Self { from, way: Way::Smtp(smtp) }
    }

    /// Into a folder.
    #[must_use]
    pub const fn outbox(from: Mailbox, outbox: Outbox) -> Self {
        Self { from, way: Way::Outbox(outbox) }
    }

    /// Sends a mail that was written at this time. The same mail has the same message id each time, so that one which
    /// comes twice can be known as one.
    ///
    /// # Errors
    /// When it did not leave.
    pub async fn send(&self, id: &Id, mail: &Mail, written_at: Timestamp) -> Result<Sent, PostError> {
        let message = message::compose(&self.from, id, mail, written_at)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await.map(|()| Sent::Mailed),
            Way::Outbox(outbox) => outbox.put(id, message.formatted(), written_at).await.map(Sent::Filed),
        }
    }
}

/// Where a mail went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// A mail server took it.
    Mailed,
    /// It lies in this file.
    Filed(PathBuf),
}
