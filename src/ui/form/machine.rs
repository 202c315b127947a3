//! The state machine of a form, as plain values.

use doorstep_locales::Word;

/// The state of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It can be submitted; the problem of the last attempt.
    Ready(Option<Problem>),
    /// A request is in progress.
    Sending,
    /// Too many attempts: it can't be submitted for this many seconds.
    Waiting(u32),
    /// It succeeded, and can be submitted again after this many seconds.
    Resting(u32),
    /// It succeeded.
    Done,
}

/// What is wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The message.
    pub(crate) sentence: Word,
    /// The `id` of the field at fault.
    pub(crate) field: Option<&'static str>,
}

/// Why a submit failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Something was wrong.
    Problem(Problem),
    /// Too many attempts; the seconds to wait. The input was not checked: it may be right.
    Wait(u32),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl State {
    /// The form was submitted. Ignored unless it is ready.
    pub(crate) const fn submitted(self) -> Self {
        match self {
            Self::Ready(_) => Self::Sending,
            _ => self,
        }
    }

    /// The request was answered or failed.
    pub(crate) const fn answered(self, answer: Result<(), Refusal>) -> Self {
        match (self, answer) {
            (Self::Sending, Ok(())) => Self::Done,
            (Self::Sending, Err(Refusal::Problem(problem))) => Self::Ready(Some(problem)),
            (Self::Sending, Err(Refusal::Wait(seconds))) => Self::Waiting(seconds),
            _ => self,
        }
    }

    /// This many seconds are left to wait.
    pub(crate) const fn ticked(self, left: u32) -> Self {
        match (self, left) {
            (Self::Waiting(_) | Self::Resting(_), 0) => Self::Ready(None),
            (Self::Waiting(_), left) => Self::Waiting(left),
            (Self::Resting(_), left) => Self::Resting(left),
            _ => self,
        }
    }

    /// Another account is meant now: a limit of the former one does not hold.
    pub(crate) const fn turned(self) -> Self {
        match self {
            Self::Waiting(_) => Self::Ready(None),
            _ => self,
        }
    }

    /// The problem of the last attempt.
    pub(crate) const fn problem(self) -> Option<Problem> {
        match self {
            Self::Ready(problem) => problem,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_locales::words::error;

    use super::*;

    const REFUSED: Refusal = Refusal::Problem(Problem { sentence: error::GENERAL, field: None });

    #[test]
    fn a_form_is_submitted_once() {
        assert_eq!(State::Ready(None).submitted(), State::Sending);
        for state in [State::Sending, State::Waiting(3), State::Done] {
            assert_eq!(state.submitted(), state);
        }
    }

    #[test]
    fn a_refused_form_can_be_submitted_again_and_a_successful_one_not() {
        let refused = State::Sending.answered(Err(REFUSED));
        assert_eq!(refused.submitted(), State::Sending);
        assert_eq!(State::Sending.answered(Ok(())), State::Done);
        // Ignored when no request is in progress.
        for state in [State::Ready(None), State::Waiting(3), State::Done] {
            assert_eq!(state.answered(Err(REFUSED)), state);
        }
    }

    #[test]
    fn a_limit_counts_down() {
        let state = State::Sending.answered(Err(Refusal::Wait(2)));
        assert_eq!(state, State::Waiting(2));
        assert_eq!(state.ticked(1), State::Waiting(1));
        assert_eq!(state.ticked(0), State::Ready(None));
        assert_eq!(State::Ready(None).ticked(5), State::Ready(None));
    }

    #[test]
    fn a_resting_form_counts_down_and_can_be_submitted_again() {
        let state = State::Resting(2);
        assert_eq!(state.submitted(), state);
        assert_eq!(state.ticked(1), State::Resting(1));
        assert_eq!(state.ticked(0), State::Ready(None));
        assert_eq!(state.turned(), state);
    }

    #[test]
    fn a_limit_of_one_account_does_not_hold_for_another() {
        assert_eq!(State::Waiting(900).turned(), State::Ready(None));
        assert_eq!(State::Sending.turned(), State::Sending);
    }
}
