//! The second factor: on, off, and the recovery codes for when the phone is gone.

use doorstep_contract::{
    account::{RecoveryCodes, TotpDisable, TotpPending},
    auth::Account,
    envelope::ErrorCode,
    secret::Secret,
};
use doorstep_locales::{
    Word,
    words::{dialog as dialog_words, recovery_codes, two_factor as words},
};
use leptos::prelude::*;

use super::{codes::RecoveryCodeList, enrolment::Enrolment};
use crate::{
    api::{ApiError, account},
    i18n::{t, t_count},
    problem::blame,
    session::Session,
    ui::{
        button::{Button, Look},
        dialog::{Dialog, DialogState},
        field::{Field, Kind},
        focus::focus_on,
        form::{Form, FormState, Problem},
        live::Alert,
        page::Panel,
    },
    widgets::{announcement::Announcement, press::Press},
};

const HEADING: &str = "two-factor-heading";
const CODE: &str = "disable-code";

/// What the panel shows.
#[derive(Clone)]
enum View {
    /// On or off, as the server says.
    Resting,
    /// A secret has been issued, and waits for the first code.
    Enrolling(TotpPending),
    /// New recovery codes, for this once.
    Codes(Vec<Secret>),
}

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub(super) struct TwoFactor {
    view: RwSignal<View>,
    session: Session,
    announcement: Announcement,
    press: Press,
}

impl TwoFactor {
    /// Shows new recovery codes, once the page knows how many there are.
    pub(super) async fn show_codes(self, codes: RecoveryCodes) -> Result<(), ApiError> {
        let _ = self.view.try_set(View::Codes(codes.recovery_codes));
        self.session.refresh().await
    }

    /// Back to on or off.
    pub(super) fn rest(self) {
        let _ = self.view.try_set(View::Resting);
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
        self.press.run(async move || self.show_codes(account::renew_recovery_codes().await?).await);
    }

    /// Turns it off.
    async fn disable(self, request: TotpDisable) -> Result<(), ApiError> {
        account::disable_totp(&request).await?;
        self.session.refresh().await
    }
}

/// The panel.
#[component]
pub(super) fn TwoFactorPanel() -> impl IntoView {
    let two_factor = TwoFactor {
        view: RwSignal::new(View::Resting),
        session: Session::expect(),
        announcement: Announcement::expect(),
        press: Press::new(),
    };
    // What had the focus goes with its view.
    Effect::new(move |earlier: Option<()>| {
        two_factor.view.track();
        if earlier.is_some() {
            request_animation_frame(|| focus_on(HEADING));
        }
    });
    let shown = move || match two_factor.view.get() {
        View::Resting => view! { <Resting two_factor /> }.into_any(),
        View::Enrolling(pending) => view! { <Enrolment two_factor pending /> }.into_any(),
        View::Codes(codes) => {
            let kept = move || two_factor.finish(recovery_codes::KEPT);
            view! { <RecoveryCodeList codes on_kept=kept /> }.into_any()
        }
    };
    view! {
        <Panel heading_id=HEADING title=words::TITLE>
            <Alert error=two_factor.press.error() />
            {shown}
        </Panel>
    }
}

/// Whether it is on, and what can be done about it.
#[component]
fn Resting(two_factor: TwoFactor) -> impl IntoView {
    let (disabling, renewing) = (DialogState::new("disable"), DialogState::new("renew"));
    let state = move || {
        two_factor.session.me().map(|me| {
            if me.account.totp_enabled {
                view! { <IsOn two_factor account=me.account disabling renewing /> }.into_any()
            } else {
                view! { <IsOff two_factor /> }.into_any()
            }
        })
    };
    view! {
        <div>
            {state}
            <Dialog state=disabling title=t(words::TURN_OFF)>
                <DisableForm two_factor dialog=disabling />
            </Dialog>
            <Dialog state=renewing title=t(recovery_codes::RENEW)>
                <RenewQuestion two_factor dialog=renewing />
            </Dialog>
        </div>
    }
}

#[component]
fn IsOn(two_factor: TwoFactor, account: Account, disabling: DialogState, renewing: DialogState) -> impl IntoView {
    let busy = two_factor.press.busy();
    view! {
        <div class="stack">
            <p>{t(words::IS_ON)}</p>
            <p>{t_count(recovery_codes::LEFT, account.recovery_codes_left)}</p>
            <div class="buttons">
                <Button busy on_press=move || renewing.open()>
                    {t(recovery_codes::RENEW)}
                </Button>
                <Button busy on_press=move || disabling.open()>
                    {t(words::TURN_OFF)}
                </Button>
            </div>
        </div>
    }
}

#[component]
fn IsOff(two_factor: TwoFactor) -> impl IntoView {
    view! {
        <div class="stack">
            <p>{t(words::IS_OFF)}</p>
            <div class="buttons">
                <Button busy=two_factor.press.busy() on_press=move || two_factor.begin()>
                    {t(words::TURN_ON)}
                </Button>
            </div>
        </div>
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
            <Button on_press=move || dialog.close()>{t(dialog_words::CANCEL)}</Button>
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
            on_submit=disable
            on_done=disabled
        >
            {needs_code.then(code_field)}
        </Form>
        <Button on_press=move || dialog.close()>{t(dialog_words::CANCEL)}</Button>
    }
}
