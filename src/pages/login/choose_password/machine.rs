//! The stage as a plain value: what is shown, and what follows.

use doorstep_contract::{
    account_name::{is_email, is_username},
    envelope::ErrorCode,
    password::Weakness,
};
use leptos::prelude::document;
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

use crate::api::ApiError;

/// What has been typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) confirmation: String,
}

/// What the stage shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The form can be sent; what was wrong the last time.
    Ready(Option<Problem>),
    /// The server is checking.
    Sending,
    /// The new password is in force.
    Done,
}

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// The two passwords differ.
    Mismatch,
    /// The password is not good enough.
    Weak(Weakness),
    /// The server, or the way to it, or what the server would say.
    Api(ApiError),
}

/// A place to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The user name.
    Username,
    /// The email.
    Email,
    /// The new password.
    Password,
    /// The same again.
    Confirmation,
}

impl Field {
    /// Its `id` and `name`, which password managers learn.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Password => "new-password",
            Self::Confirmation => "confirm-password",
        }
    }
}

impl State {
    /// Somebody pressed Enter or the button.
    pub(super) fn submitted(self, draft: &Draft, min_chars: u32) -> Self {
        match self {
            Self::Sending | Self::Done => self,
            Self::Ready(_) => match draft.problem(min_chars) {
                Some(problem) => Self::Ready(Some(problem)),
                None => Self::Sending,
            },
        }
    }

    /// The server answered, or nothing did.
    pub(super) fn answered(self, answer: Result<(), ApiError>) -> Self {
        match (self, answer) {
            (Self::Sending, Ok(())) => Self::Done,
            (Self::Sending, Err(ApiError::Weak(weakness))) => Self::Ready(Some(Problem::Weak(weakness))),
            (Self::Sending, Err(error)) => Self::Ready(Some(Problem::Api(error))),
            _ => self,
        }
    }

    /// The field to blame.
    pub(super) const fn field(self) -> Option<Field> {
        match self {
            Self::Ready(Some(Problem::Mismatch)) => Some(Field::Confirmation),
            Self::Ready(Some(Problem::Weak(_))) => Some(Field::Password),
            Self::Ready(Some(Problem::Api(ApiError::Refused(code)))) => match code {
                ErrorCode::UsernameInvalid | ErrorCode::UsernameTaken => Some(Field::Username),
                ErrorCode::EmailInvalid => Some(Field::Email),
                ErrorCode::Mismatch => Some(Field::Confirmation),
                _ => None,
            },
            _ => None,
        }
    }

    /// Moves the focus to the field to blame.
    pub(super) fn focus(self) {
        let field = self.field().and_then(|field| document().get_element_by_id(field.id()));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    }
}

impl Draft {
    fn problem(&self, min_chars: u32) -> Option<Problem> {
        let refused = |code| Some(Problem::Api(ApiError::Refused(code)));
        if !is_username(self.username.trim()) {
            refused(ErrorCode::UsernameInvalid)
        } else if !self.email.trim().is_empty() && !is_email(self.email.trim()) {
            refused(ErrorCode::EmailInvalid)
        } else if let Some(weakness) = self.weakness(min_chars) {
            Some(Problem::Weak(weakness))
        } else if self.password != self.confirmation {
            Some(Problem::Mismatch)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(username: &str, email: &str, password: &str, confirmation: &str) -> Draft {
        Draft {
            username: username.to_owned(),
            email: email.to_owned(),
            password: password.to_owned(),
            confirmation: confirmation.to_owned(),
        }
    }

    const GOOD: &str = "seven clouds over lisbon";

    #[test]
    fn the_first_fault_is_told_and_its_field_blamed() {
        for (draft, field) in [
            (draft("", "", GOOD, GOOD), Field::Username),
            (draft("ada", "nowhere", GOOD, GOOD), Field::Email),
            (draft("ada", "", "short", "short"), Field::Password),
            (draft("adalovelace", "", "adalovelace!", "adalovelace!"), Field::Password),
            (draft("ada", "", GOOD, "something else"), Field::Confirmation),
        ] {
            let state = State::Ready(None).submitted(&draft, 12);
            assert_eq!(state.field(), Some(field));
        }
    }

    #[test]
    fn a_good_draft_is_sent_once() {
        let draft = draft(" ada ", "ada@example.org", GOOD, GOOD);
        assert_eq!(State::Ready(Some(Problem::Mismatch)).submitted(&draft, 12), State::Sending);
        assert_eq!(State::Done.submitted(&draft, 12), State::Done);
    }

    #[test]
    fn what_the_server_finds_is_told_like_what_the_page_finds() {
        let refused = State::Sending.answered(Err(ApiError::Weak(Weakness::Common)));
        assert_eq!(
            (refused, refused.field()),
            (State::Ready(Some(Problem::Weak(Weakness::Common))), Some(Field::Password))
        );
        let taken = State::Sending.answered(Err(ApiError::Refused(ErrorCode::UsernameTaken)));
        assert_eq!(taken.field(), Some(Field::Username));
        assert_eq!(State::Sending.answered(Err(ApiError::Unreachable)).field(), None);
        assert_eq!(State::Sending.answered(Ok(())), State::Done);
    }
}
