//! Two-factor authentication and recovery codes.

use doorstep_contract::{account::TotpDisable, envelope::ErrorCode, route::ClientRoute, secret::Secret};
use doorstep_locales::{
    Word,
    words::{recovery_codes, two_factor as words},
};
use leptos::prelude::*;

use super::{codes::RecoveryCodeList, profile::PendingEmailEnds, setting::Setting};
use crate::{
    api::{ApiError, account},
    i18n::{t, t_count},
    problem::blame_code,
    session::Session,
    ui::{
        badge::{Badge, Tone},
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
        field::{Field, Kind},
        focus::focus_when_drawn,
        form::{Form, FormState, Problem},
        link::Link,
        live::Alert,
    },
    widgets::{account_notices::has_few_codes, announcement::Announcement, discard_guard::lift, press::Press},
};

const HEADING: &str = "two-factor-heading";
const CODES_HEADING: &str = "recovery-codes-heading";
const CODE: &str = "disable-code";

/// The state that both settings share.
#[derive(Clone, Copy)]
struct TwoFactor {
    /// The new recovery codes, while they are shown.
    codes: RwSignal<Option<Vec<Secret>>>,
    session: Session,
    announcement: Announcement,
    renewing: Press,
}

impl TwoFactor {
    /// Announces the outcome, and hides the codes.
    fn finish(self, outcome: Word) {
        self.announcement.tell(t(outcome).to_owned());
        if self.codes.try_update(Option::take).flatten().is_some() {
            lift();
        }
    }

    /// Replaces the recovery codes, and shows the new ones once the session is refreshed.
    fn renew(self) {
        self.renewing.run(async move || {
            let made = account::renew_recovery_codes().await?;
            let _ = self.codes.try_set(Some(made.recovery_codes));
            self.session.refresh().await
        });
    }

    /// Turns two-factor authentication off.
    async fn disable(self, request: TotpDisable) -> Result<(), ApiError> {
        account::disable_totp(&request).await?;
        self.session.refresh().await
    }
}

/// Both settings: two-factor authentication, and the recovery codes.
#[component]
pub(super) fn TwoFactorSettings() -> impl IntoView {
    let session = Session::expect();
    let two_factor =
        TwoFactor { codes: RwSignal::new(None), session, announcement: Announcement::expect(), renewing: Press::new() };
    let is_on = Memo::new(move |_| session.me().is_some_and(|me| me.account.totp_enabled));
    let has_codes = Memo::new(move |_| two_factor.codes.with(Option::is_some));
    // The focused element is removed with its view.
    Effect::new(move |earlier: Option<(bool, bool)>| {
        let now = (is_on.get(), has_codes.get());
        if let Some((was_on, had_codes)) = earlier {
            if had_codes != now.1 {
                focus_when_drawn(CODES_HEADING);
            } else if was_on != now.0 {
                focus_when_drawn(HEADING);
            }
        }
        now
    });
    view! {
        <FactorSetting two_factor is_on />
        {move || is_on.get().then(|| view! { <CodesSetting two_factor has_codes /> })}
    }
}

/// Whether two-factor authentication is on, and the button to turn it on or off.
#[component]
fn FactorSetting(two_factor: TwoFactor, is_on: Memo<bool>) -> impl IntoView {
    let disabling = DialogState::new("disable");
    let badge = move || {
        if is_on.get() {
            view! { <Badge word=words::ON tone=Tone::Ok /> }
        } else {
            view! { <Badge word=words::OFF tone=Tone::Idle /> }
        }
    };
    let action = move || {
        if is_on.get() {
            let turn_off = move || disabling.open();
            view! {
                <Button small=true on_press=turn_off>
                    {t(words::TURN_OFF)}
                </Button>
            }
            .into_any()
        } else {
            view! {
                <Link href=ClientRoute::AccountTwoFactor.path() class="button small">
                    {t(words::TURN_ON)}
                </Link>
            }
            .into_any()
        }
    };
    view! {
        <Setting
            heading_id=HEADING
            title=words::TITLE
            badge=move || badge
            state=move || t(if is_on.get() { words::IS_ON } else { words::IS_OFF })
            action=move || action
        >
            <Dialog state=disabling title=t(words::TURN_OFF_QUESTION)>
                <DisableForm two_factor dialog=disabling />
            </Dialog>
        </Setting>
    }
}

/// The number of remaining recovery codes, and the new ones while they are shown.
#[component]
fn CodesSetting(two_factor: TwoFactor, has_codes: Memo<bool>) -> impl IntoView {
    let renewing = DialogState::new("renew");
    let busy = two_factor.renewing.busy();
    let left = move || {
        let left = two_factor.session.me().map_or(0, |me| me.account.recovery_codes_left);
        t_count(recovery_codes::COUNT, left)
    };
    let few = move || {
        let are_few = two_factor.session.me().is_some_and(|me| has_few_codes(&me));
        are_few.then(|| view! { <Badge word=recovery_codes::FEW tone=Tone::Caution /> })
    };
    let action = move || {
        (!has_codes.get()).then(|| {
            view! {
                <Button small=true busy on_press=move || renewing.open()>
                    {t(recovery_codes::RENEW)}
                </Button>
            }
        })
    };
    let codes = move || {
        let kept = move || two_factor.finish(recovery_codes::KEPT);
        two_factor.codes.get().map(|codes| view! { <RecoveryCodeList codes on_kept=kept /> })
    };
    view! {
        <Setting
            heading_id=CODES_HEADING
            title=recovery_codes::TITLE
            badge=move || few
            state=left
            action=move || action
        >
            <Alert error=two_factor.renewing.error() />
            {codes}
            <Dialog state=renewing title=t(recovery_codes::RENEW_QUESTION)>
                <RenewQuestion two_factor dialog=renewing />
            </Dialog>
        </Setting>
    }
}

/// Asks for confirmation before the recovery codes are replaced.
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

/// Requires a code, so that an unlocked computer is not enough; but not in a temporary session, which is for users who
/// have none.
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
        // A recovery code has no "next one" to wait for.
        disabled.map_err(blame_code(words::CODE_INVALID, CODE))
    };
    let disabled = move || {
        dialog.close();
        two_factor.finish(words::TURNED_OFF);
    };
    let code_field = move || view! { <Field form id=CODE label=words::ANY_CODE kind=Kind::Code value=code /> };
    view! {
        <p>{t(words::TURN_OFF_TEXT)}</p>
        <PendingEmailEnds />
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
