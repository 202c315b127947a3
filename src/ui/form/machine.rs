//! A form as a plain value: what it shows, and what follows.

use doorstep_locales::Word;

/// What a form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It can be sent; what was wrong the last time.
    Ready(Option<Problem>),
    /// The server is at work.
    Sending,
    /// Too many attempts: nothing can be sent for so many seconds.
    Waiting(u32),
    /// It worked, and can be sent again after so many seconds.
    Resting(u32),
    /// It worked.
    Done,
}

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    /// In words.
    pub(crate) sentence: Word,
    /// The `id` of the field to blame.
    pub(crate) field: Option<&'static str>,
}

/// Why a form that was sent did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Something was wrong.
    Problem(Problem),
    /// It comes too early, by so many seconds. What was typed was not looked at: it may be right.
    Wait(u32),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl State {
    /// Enter or the button was pressed. Pressed twice or too early, nothing follows.
    pub(crate) const fn submitted(self) -> Self {
        match self {
            Self::Ready(_) => Self::Sending,
            _ => self,
        }
    }

    /// The server answered, or nothing did.
    pub(crate) const fn answered(self, answer: Result<(), Refusal>) -> Self {
        match (self, answer) {
            (Self::Sending, Ok(())) => Self::Done,
            (Self::Sending, Err(Refusal::Problem(problem))) => Self::Ready(Some(problem)),
            (Self::Sending, Err(Refusal::Wait(seconds))) => Self::Waiting(seconds),
            _ => self,
        }
    }

    /// So many seconds are left to wait.
    pub(crate) const fn ticked(self, left: u32) -> Self {
        match (self, left) {
            (Self::Waiting(_) | Self::Resting(_), 0) => Self::Ready(None),
            (Self::Waiting(_), left) => Self::Waiting(left),
            (Self::Resting(_), left) => Self::Resting(left),
            _ => self,
        }
    }

    /// Somebody else is meant now: what was said of the one before does not hold.
    pub(crate) const fn turned(self) -> Self {
        match self {
            Self::Waiting(_) => Self::Ready(None),
            _ => self,
        }
    }

    /// What was wrong.
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
    fn a_form_is_sent_once() {
        assert_eq!(State::Ready(None).submitted(), State::Sending);
        for state in [State::Sending, State::Waiting(3), State::Done] {
            assert_eq!(state.submitted(), state);
        }
    }

    #[test]
    fn a_refusal_can_be_repeated_and_a_success_is_the_end() {
        let refused = State::Sending.answered(Err(REFUSED));
        assert_eq!(refused.submitted(), State::Sending);
        assert_eq!(State::Sending.answered(Ok(())), State::Done);
        // Answered when nothing was asked.
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
    fn what_rests_counts_down_and_is_sent_again_after() {
        let state = State::Resting(2);
        assert_eq!(state.submitted(), state);
        assert_eq!(state.ticked(1), State::Resting(1));
        assert_eq!(state.ticked(0), State::Ready(None));
        assert_eq!(state.turned(), state);
    }

    #[test]
    fn a_limit_of_one_name_does_not_hold_for_another() {
        assert_eq!(State::Waiting(900).turned(), State::Ready(None));
        assert_eq!(State::Sending.turned(), State::Sending);
    }
}
