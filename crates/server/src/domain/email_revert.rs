//! Changed emails that can be restored.

use jiff::Timestamp;

use super::account::Account;

/// A changed email that can be restored.
#[derive(Debug, Clone)]
pub struct EmailRevert {
    /// The account in its current state.
    pub account: Account,
    /// The previous email.
    pub email: String,
    /// When the link expires.
    pub expires_at: Timestamp,
    /// Whether it was restored already.
    pub is_used: bool,
}
