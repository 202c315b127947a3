//! Emails that were changed, and can be restored.

use jiff::Timestamp;

use super::account::Account;

/// An email that was changed.
#[derive(Debug, Clone)]
pub struct EmailRevert {
    /// The account, as it is now.
    pub account: Account,
    /// The email until then.
    pub email: String,
    /// Until when it can be restored.
    pub expires_at: Timestamp,
    /// Whether it was.
    pub is_used: bool,
}
