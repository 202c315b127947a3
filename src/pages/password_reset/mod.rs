//! `/forgot-password` and `/reset-password`: a forgotten password is no drama.
//!
//! ```text
//! email -> forgot.rs -> api::tokens::request_reset -> the same answer for every address
//! link in the mail -> ResetToken takes the token out of the address bar -> reset.rs -> api::tokens::reset -> sign in
//! ```

mod forgot;
mod reset;

pub(crate) use self::{
    forgot::ForgotPage,
    reset::{ResetPage, ResetToken},
};
