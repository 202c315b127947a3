//! The account stage as a plain value: what is shown, and what happens next. No view, no request: those carry out the
//! [`Effect`]s.

use doorstep_contract::envelope::ErrorCode;

use crate::api::ApiError;

/// What the stage shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The form can be sent; what was wrong the last time.
    Ready(Option<Problem>),
    /// The server is checking.
    Sending,
    /// Too many attempts: nothing can be sent for so many seconds.
    Waiting(u32),
    /// Signed in; the page is about to go.
    Done,
}

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// There was no user name.
    UsernameMissing,
    /// There was no password.
    PasswordMissing,
    /// The server, or the way to it.
    Api(ApiError),
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// Somebody pressed Enter or the button.
    Submitted {
        /// Whether there is a user name.
        has_username: bool,
        /// Whether there is a password.
        has_password: bool,
    },
    /// The server answered, or nothing did.
    Answered(Result<(), ApiError>),
    /// So many seconds are left to wait.
    Ticked(u32),
    /// The user name has changed: what was said of another one does not hold.
    NameChanged,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Send the form.
    Send,
    /// Show the password as dots again.
    HidePassword,
    /// Tick every second from now on, as long as the state is [`State::Waiting`].
    StartClock,
    /// Empty the password.
    EmptyPassword,
    /// Put the focus there.
    Focus(Field),
    /// Leave for where the person wanted to go.
    GoOn,
}

/// A place for the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// The user name.
    Username,
    /// The password.
    Password,
    /// The button.
    Submit,
}

impl State {
    /// What follows from an event.
    pub(crate) const fn step(self, event: Event) -> (Self, &'static [Effect]) {
        use Effect::{EmptyPassword, Focus, GoOn, HidePassword, Send, StartClock};
        match (self, event) {
            (Self::Waiting(_), Event::Ticked(0) | Event::NameChanged) => (Self::Ready(None), &[]),
            (Self::Waiting(_), Event::Ticked(seconds)) => (Self::Waiting(seconds), &[]),
            // Pressed twice or too early, or answered when nothing was asked.
            (Self::Sending | Self::Waiting(_) | Self::Done, Event::Submitted { .. })
            | (Self::Ready(_) | Self::Waiting(_) | Self::Done, Event::Answered(_))
            | (_, Event::Ticked(_) | Event::NameChanged) => (self, &[]),
            (Self::Ready(_), Event::Submitted { has_username: false, .. }) => {
                (Self::Ready(Some(Problem::UsernameMissing)), &[Focus(Field::Username)])
            }
            (Self::Ready(_), Event::Submitted { has_password: false, .. }) => {
                (Self::Ready(Some(Problem::PasswordMissing)), &[Focus(Field::Password)])
            }
            (Self::Ready(_), Event::Submitted { .. }) => (Self::Sending, &[HidePassword, Send]),
            (Self::Sending, Event::Answered(Ok(()))) => (Self::Done, &[EmptyPassword, GoOn]),
            (Self::Sending, Event::Answered(Err(ApiError::Limited(seconds)))) => {
                // The password was not looked at: it may be right.
                (Self::Waiting(seconds), &[StartClock])
            }
            (Self::Sending, Event::Answered(Err(error))) => (
                Self::Ready(Some(Problem::Api(error))),
                match error {
                    ApiError::Refused(ErrorCode::InvalidCredentials) => &[EmptyPassword, Focus(Field::Password)],
                    // The password was not judged: nothing that was typed is lost.
                    _ => &[Focus(Field::Submit)],
                },
            ),
        }
    }

    /// Whether the field is to blame.
    pub(crate) const fn is_invalid(self, field: Field) -> bool {
        match self {
            Self::Ready(Some(Problem::UsernameMissing)) => matches!(field, Field::Username),
            Self::Ready(Some(Problem::PasswordMissing)) => matches!(field, Field::Password),
            Self::Ready(Some(Problem::Api(ApiError::Refused(ErrorCode::InvalidCredentials)))) => {
                !matches!(field, Field::Submit)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: Event = Event::Submitted { has_username: true, has_password: true };

    #[test]
    fn a_complete_form_is_sent_once() {
        let (state, effects) = State::Ready(None).step(COMPLETE);
        assert_eq!(state, State::Sending);
        assert_eq!(effects, [Effect::HidePassword, Effect::Send]);
        assert_eq!(state.step(COMPLETE), (State::Sending, &[][..]));
    }

    #[test]
    fn an_incomplete_form_is_not_sent_and_the_focus_goes_to_the_gap() {
        for (has_username, has_password, field) in
            [(false, false, Field::Username), (false, true, Field::Username), (true, false, Field::Password)]
        {
            let (state, effects) = State::Ready(None).step(Event::Submitted { has_username, has_password });
            assert_eq!(effects, [Effect::Focus(field)]);
            assert!(state.is_invalid(field));
        }
    }

    #[test]
    fn a_refusal_empties_the_password_and_can_be_repeated() {
        let refused = ApiError::Refused(ErrorCode::InvalidCredentials);
        let (state, effects) = State::Sending.step(Event::Answered(Err(refused)));
        assert_eq!(effects, [Effect::EmptyPassword, Effect::Focus(Field::Password)]);
        assert!(state.is_invalid(Field::Username) && state.is_invalid(Field::Password));
        assert_eq!(state.step(COMPLETE).0, State::Sending);
    }

    #[test]
    fn a_limit_counts_down_and_sends_nothing_meanwhile() {
        let (state, effects) = State::Sending.step(Event::Answered(Err(ApiError::Limited(2))));
        assert_eq!((state, effects), (State::Waiting(2), &[Effect::StartClock][..]));
        assert_eq!(state.step(COMPLETE), (state, &[][..]));
        let (state, _) = state.step(Event::Ticked(1));
        assert_eq!(state, State::Waiting(1));
        let (state, _) = state.step(Event::Ticked(0));
        assert_eq!(state, State::Ready(None));
        assert_eq!(state.step(Event::Ticked(5)), (state, &[][..]));
    }

    #[test]
    fn a_limit_of_one_name_does_not_hold_for_another() {
        assert_eq!(State::Waiting(900).step(Event::NameChanged), (State::Ready(None), &[][..]));
        assert_eq!(State::Sending.step(Event::NameChanged), (State::Sending, &[][..]));
    }

    #[test]
    fn a_password_that_was_not_judged_stays() {
        for error in [ApiError::Unreachable, ApiError::Unintelligible, ApiError::Refused(ErrorCode::ServiceUnavailable)]
        {
            let (state, effects) = State::Sending.step(Event::Answered(Err(error)));
            assert_eq!(effects, [Effect::Focus(Field::Submit)]);
            assert!(!state.is_invalid(Field::Username) && !state.is_invalid(Field::Password));
        }
    }

    #[test]
    fn success_empties_the_password_and_goes_on_once() {
        let (state, effects) = State::Sending.step(Event::Answered(Ok(())));
        assert_eq!(effects, [Effect::EmptyPassword, Effect::GoOn]);
        assert_eq!(state.step(COMPLETE), (State::Done, &[][..]));
        assert_eq!(state.step(Event::Answered(Ok(()))), (State::Done, &[][..]));
    }
}
