//! The stages of a sign-in, and their order.

use doorstep_contract::{auth::Me, shell::id};

use crate::widgets::new_password::NEW_PASSWORD;

/// The `id` of the field of the second step, for verification and recovery codes.
pub(super) const CODE: &str = "code";
/// The `id` of the field for a temporary token.
pub(super) const TOKEN: &str = "temporary-token";
/// The `id` of the text about the only field of a stage.
pub(super) const STAGE_TEXT: &str = "stage-text";
/// Describes the only field of a stage, which gets the focus and so skips heading and text.
pub(super) const STAGE_DESCRIPTION: &str = "card-heading stage-text";

/// A stage of the sign-in page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// A user is signed in already.
    ContinueAs,
    /// Username and password.
    Account,
    /// A verification code of the authenticator app.
    Totp,
    /// A recovery code in its place.
    Recovery,
    /// A temporary token, created on the server.
    TemporaryToken,
    /// A password that must be replaced first.
    ChoosePassword(Chooser),
}

/// Who chooses a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chooser {
    /// A user who signed in with the initial password.
    SignedIn,
    /// A user who signed in with a temporary token. This one may skip it.
    Temporary,
    /// The first visitor, where the server allows it.
    FirstVisitor,
}

impl Stage {
    /// The first stage.
    pub(super) fn first(me: Option<&Me>, may_set_up: bool) -> Self {
        match me {
            Some(me) if me.change_pwd_hint => Self::ChoosePassword(Chooser::SignedIn),
            Some(_) => Self::ContinueAs,
            None if may_set_up => Self::ChoosePassword(Chooser::FirstVisitor),
            None => Self::Account,
        }
    }

    /// Whether Back returns to the first stage.
    pub(super) const fn is_later(self) -> bool {
        matches!(self, Self::Totp | Self::Recovery | Self::TemporaryToken)
    }

    /// The `id` of the field that gets the focus; `None` if the stage has none, or a text that is to be read first.
    pub(super) const fn field(self) -> Option<&'static str> {
        match self {
            Self::Account => Some(id::USERNAME),
            Self::Totp | Self::Recovery => Some(CODE),
            Self::TemporaryToken => Some(TOKEN),
            Self::ChoosePassword(Chooser::Temporary) => Some(NEW_PASSWORD),
            Self::ContinueAs | Self::ChoosePassword(Chooser::SignedIn | Chooser::FirstVisitor) => None,
        }
    }

    /// The stage after a sign-in; `None` if there is none and the user may continue.
    pub(super) const fn after_sign_in(change_pwd_hint: bool, temporary: bool) -> Option<Self> {
        match (change_pwd_hint, temporary) {
            (true, _) => Some(Self::ChoosePassword(Chooser::SignedIn)),
            (false, true) => Some(Self::ChoosePassword(Chooser::Temporary)),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_contract::auth::{Account, BeganWith, Role, Session, Timestamp};

    use super::*;
    use crate::ui::page::CARD_HEADING;

    fn me(change_pwd_hint: bool) -> Me {
        let time = Timestamp::new("2026-01-01T00:00:00Z");
        Me {
            account: Account {
                id: String::new(),
                username: "ada".to_owned(),
                email: "ada@example.org".to_owned(),
                name: String::new(),
                role: Role::Member,
                totp_enabled: false,
                recovery_codes_left: 0,
                has_password: true,
                pending_email: None,
                password_changed_at: None,
            },
            session: Session {
                id: String::new(),
                began_with: BeganWith::Password,
                temporary: false,
                created_at: time.clone(),
                expires_at: time,
            },
            memberships: Vec::new(),
            change_pwd_hint,
        }
    }

    #[test]
    fn the_initial_password_must_be_replaced_first() {
        let choose = Stage::ChoosePassword(Chooser::SignedIn);
        assert_eq!(Stage::first(Some(&me(true)), false), choose);
        assert_eq!(Stage::after_sign_in(true, false), Some(choose));
    }

    #[test]
    fn the_description_of_a_field_is_heading_and_text() {
        assert_eq!(STAGE_DESCRIPTION, [CARD_HEADING, STAGE_TEXT].join(" "));
    }

    #[test]
    fn other_users_continue() {
        assert_eq!(Stage::first(Some(&me(false)), true), Stage::ContinueAs);
        assert_eq!(Stage::after_sign_in(false, false), None);
        assert_eq!(Stage::first(None, false), Stage::Account);
    }

    #[test]
    fn a_temporary_token_leads_to_an_optional_new_password() {
        assert_eq!(Stage::after_sign_in(false, true), Some(Stage::ChoosePassword(Chooser::Temporary)));
        assert_eq!(Stage::first(Some(&me(false)), false), Stage::ContinueAs);
    }

    #[test]
    fn where_allowed_the_first_visitor_sets_up() {
        assert_eq!(Stage::first(None, true), Stage::ChoosePassword(Chooser::FirstVisitor));
    }
}
