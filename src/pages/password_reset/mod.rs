//! `/forgot-password` and `/reset-password`: resetting a forgotten password.
//!
//! ```text
//! email -> forgot.rs -> api::tokens::request_reset -> the same answer for every address
//! link in the mail -> ResetToken removes the token from the address bar -> reset.rs -> api::tokens::reset -> sign in
//! ```

mod forgot;
mod reset;

pub(crate) use self::{
    forgot::ForgotPage,
    reset::{ResetPage, ResetToken},
};
