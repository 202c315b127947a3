//! The second factor: on, off, and the recovery codes for when the phone is gone.

use doorstep_contract::{
    account::{RecoveryCodes, TotpDisable, TotpPending},
    envelope::ErrorCode,
    secret::Secret,
};
use doorstep_locales::{
    Word,
    words::{recovery_codes, two_factor as words},
};
use leptos::prelude::*;

use super::{
    codes::RecoveryCodeList,
    enrolment::{Enrolment, Step},
    setting::Setting,
};
use crate::{
    api::{ApiError, account},
    i18n::{t, t_count},
    problem::blame,
    session::Session,
    ui::{
        badge::{Badge, Tone},
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
        field::{Field, Kind},
        focus::focus_when_drawn,
        form::{Form, FormState, Problem},
        live::Alert,
    },
    widgets::{announcement::Announcement, confirm::question, press::Press},
};

const HEADING: &str = "two-factor-heading";
const CODES_HEADING: &str = "recovery-codes-heading";
const CODE: &str = "disable-code";

/// What is going on.
#[derive(Clone)]
enum View {
    /// On or off, as the server says.
    Resting,
    /// A secret has been issued, and waits for the first code.
    Enrolling(TotpPending),
    /// New recovery codes, for this once; the first ones end the enrolment.
    Codes(Vec<Secret>, IsFirst),
}

/// Whether recovery codes are the first ones.
type IsFirst = bool;

/// What the two settings share.
#[derive(Clone, Copy)]
pub(super) struct TwoFactor {
    view: RwSignal<View>,
    session: Session,
    announcement: Announcement,
    press: Press,
    renewing: Press,
}

impl TwoFactor {
    /// At rest. Made within a page.
    pub(super) fn new() -> Self {
        Self {
            view: RwSignal::new(View::Resting),
            session: Session::expect(),
            announcement: Announcement::expect(),
            press: Press::new(),
            renewing: Press::new(),
        }
    }

    /// Ends the enrolment with the first recovery codes.
    pub(super) async fn enrolled(self, codes: RecoveryCodes) -> Result<(), ApiError> {
        self.show_codes(codes, true).await
    }

    /// Shows new recovery codes, once the page knows how many there are.
    async fn show_codes(self, codes: RecoveryCodes, are_first: IsFirst) -> Result<(), ApiError> {
        let _ = self.view.try_set(View::Codes(codes.recovery_codes, are_first));
        self.session.refresh().await
    }

    /// Whether it is being turned on, which has the page for itself; to be watched.
    pub(super) fn is_enrolling(self) -> bool {
        self.view.with(|view| matches!(view, View::Enrolling(_) | View::Codes(_, true)))
    }

    /// Back to on or off.
    pub(super) fn rest(self) {
        let _ = self.view.try_set(View::Resting);
    }

    /// Whether nothing is going on; to be watched.
    fn is_resting(self) -> bool {
        self.view.with(|view| matches!(view, View::Resting))
    }

    /// Begins to turn it on.
    fn begin(self) {
        self.press.run(async move || {
            let pending = account::begin_totp().await?;
            let _ = self.view.try_set(View::Enrolling(pending));
            Ok(())
        });
    }

    /// Announces how it went, and goes back to on or off.
    fn finish(self, outcome: Word) {
        self.announcement.tell(t(outcome).to_owned());
        self.rest();
    }

    /// Replaces the recovery codes.
    fn renew(self) {
        self.renewing.run(async move || self.show_codes(account::renew_recovery_codes().await?, false).await);
    }

    /// Turns it off.
    async fn disable(self, request: TotpDisable) -> Result<(), ApiError> {
        account::disable_totp(&request).await?;
        self.session.refresh().await
    }
}

/// The second factor, and the recovery codes that go with it.
#[component]
pub(super) fn TwoFactorSettings(two_factor: TwoFactor) -> impl IntoView {
    let session = two_factor.session;
    // What had the focus goes with its view.
    Effect::new(move |earlier: Option<bool>| {
        let has_codes = two_factor.view.with(|view| matches!(view, View::Codes(..)));
        if let Some(had_codes) = earlier {
            focus_when_drawn(if has_codes || had_codes { CODES_HEADING } else { HEADING });
        }
        has_codes
    });
    let is_on = Memo::new(move |_| session.me().is_some_and(|me| me.account.totp_enabled));
    let has_codes = Memo::new(move |_| is_on.get() || two_factor.view.with(|view| matches!(view, View::Codes(..))));
    // The last step of the enrolment is the codes.
    let has_factor = Memo::new(move |_| !two_factor.view.with(|view| matches!(view, View::Codes(_, true))));
    view! {
        {move || has_factor.get().then(|| view! { <FactorSetting two_factor is_on /> })}
        {move || has_codes.get().then(|| view! { <CodesSetting two_factor /> })}
    }
}

/// Whether the second factor is on, and what can be done about it.
#[component]
fn FactorSetting(two_factor: TwoFactor, is_on: Memo<bool>) -> impl IntoView {
    let disabling = DialogState::new("disable");
    let busy = two_factor.press.busy();
    let badge = move || {
        if is_on.get() {
            view! { <Badge word=words::ON tone=Tone::Ok /> }
        } else {
            view! { <Badge word=words::OFF tone=Tone::Idle /> }
        }
    };
    let action = move || {
        let press = move || if is_on.get_untracked() { disabling.open() } else { two_factor.begin() };
        let label = move || t(if is_on.get() { words::TURN_OFF } else { words::TURN_ON });
        two_factor.is_resting().then(|| {
            view! {
                <Button small=true busy on_press=press>
                    {label}
                </Button>
            }
        })
    };
    let enrolment = move || match two_factor.view.get() {
        View::Enrolling(pending) => Some(view! { <Enrolment two_factor pending /> }),
        View::Resting | View::Codes(..) => None,
    };
    view! {
        <Setting
            heading_id=HEADING
            title=words::TITLE
            badge=move || badge
            state=move || t(if is_on.get() { words::IS_ON } else { words::IS_OFF })
            action=move || action
        >
            <Alert error=two_factor.press.error() />
            {enrolment}
            <Dialog state=disabling title=t(words::TURN_OFF_QUESTION)>
                <DisableForm two_factor dialog=disabling />
            </Dialog>
        </Setting>
    }
}

/// How many recovery codes are left, and the new ones, for this once.
#[component]
fn CodesSetting(two_factor: TwoFactor) -> impl IntoView {
    let renewing = DialogState::new("renew");
    let busy = two_factor.renewing.busy();
    let left = move || {
        let left = two_factor.session.me().map_or(0, |me| me.account.recovery_codes_left);
        t_count(recovery_codes::COUNT, left)
    };
    let action = move || {
        two_factor.is_resting().then(|| {
            view! {
                <Button small=true busy on_press=move || renewing.open()>
                    {t(recovery_codes::RENEW)}
                </Button>
            }
        })
    };
    let is_titled = Signal::derive(move || two_factor.view.with(|view| matches!(view, View::Codes(_, true))));
    let codes = move || match two_factor.view.get() {
        View::Codes(codes, are_first) => {
            let kept = move || two_factor.finish(recovery_codes::KEPT);
            Some(view! {
                {are_first.then(|| view! { <Step number=3 title=words::STEP_SAVE /> })}
                <RecoveryCodeList codes on_kept=kept />
            })
        }
        View::Resting | View::Enrolling(_) => None,
    };
    view! {
        <Setting heading_id=CODES_HEADING title=recovery_codes::TITLE is_titled state=left action=move || action>
            <Alert error=two_factor.renewing.error() />
            {codes}
            <Dialog state=renewing title=question(t(recovery_codes::RENEW))>
                <RenewQuestion two_factor dialog=renewing />
            </Dialog>
        </Setting>
    }
}

/// Asks before the recovery codes are replaced.
#[component]
fn RenewQuestion(two_factor: TwoFactor, dialog: DialogState) -> impl IntoView {
    let renew = move || {
        dialog.close();
        two_factor.renew();
    };
    view! {
        <p>{t(recovery_codes::RENEW_TEXT)}</p>
        <div class="buttons">
            <Cancel on_press=move || dialog.close() />
            <Button look=Look::Primary on_press=renew>
                {t(recovery_codes::RENEW)}
            </Button>
        </div>
    }
}

/// Asks for a code, so that an unlocked computer is not enough. A temporary session exists because there is none.
#[component]
fn DisableForm(two_factor: TwoFactor, dialog: DialogState) -> impl IntoView {
    let needs_code = untrack(|| two_factor.session.me()).is_some_and(|me| !me.session.temporary);
    let form = FormState::new("disable");
    let code = RwSignal::new(String::new());
    let disable = async move || {
        let typed = code.get_untracked().trim().to_owned();
        if needs_code && typed.is_empty() {
            return Err(Problem { sentence: words::CODE_MISSING, field: Some(CODE) }.into());
        }
        let disabled = two_factor.disable(TotpDisable { code: needs_code.then(|| Secret::new(typed)) }).await;
        if disabled == Err(ApiError::Refused(ErrorCode::InvalidCode)) {
            let _ = code.try_set(String::new());
        }
        disabled.map_err(blame(|code| (code == ErrorCode::InvalidCode).then_some(CODE)))
    };
    let disabled = move || {
        dialog.close();
        two_factor.finish(words::TURNED_OFF);
    };
    let code_field = move || view! { <Field form id=CODE label=words::ANY_CODE kind=Kind::Code value=code /> };
    view! {
        <p>{t(words::TURN_OFF_TEXT)}</p>
        <Form
            state=form
            submit=words::TURN_OFF
            submitting=words::TURNING_OFF
            look=Look::Danger
            on_submit=disable
            on_done=disabled
            cancel=move || view! { <Cancel on_press=move || dialog.close() /> }
        >
            {needs_code.then(code_field)}
        </Form>
    }
}
