//! `/account/security/two-factor`: turns two-factor authentication on in three steps: the secret as QR code and text, a
//! first code of the app, and the recovery codes.

use doorstep_contract::{
    account::{TotpPending, TotpSetup},
    envelope::ErrorCode,
    route::ClientRoute,
    secret::Secret,
    typed,
};
use doorstep_locales::{
    Word, fill,
    words::{account as account_words, error, list, recovery_codes, totp, two_factor as words},
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{codes::RecoveryCodeList, profile::PendingEmailEnds};
use crate::{
    api::{ApiError, account, coming},
    i18n::{self, t, t_with},
    problem::blame,
    session::Session,
    ui::{
        cancel::Cancel,
        copy::CopyButton,
        field::{Field, Kind},
        focus::focus_when_drawn,
        form::{Form, FormState, Problem},
        link::Link,
        page::Page,
        qr::QrPicture,
    },
    widgets::{
        announcement::Announcement,
        one::{Loaded, One},
    },
};

const CODE: &str = "first-code";
/// The `id` of the message that it is on already.
const ON_ALREADY: &str = "on-already";

/// The state of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Steps one and two.
    Begun,
    /// Step three.
    Confirmed,
    /// Nothing to do: it was on before, or was turned on in another tab.
    OnAlready,
}

/// The page.
#[component]
pub(crate) fn EnrolmentPage() -> impl IntoView {
    let session = Session::expect();
    // The recovery codes, after this page has turned it on.
    let codes = RwSignal::new(None);
    let phase = Memo::new(move |_| {
        let is_on = session.me().is_some_and(|me| me.account.totp_enabled);
        match (codes.with(Option::is_some), is_on) {
            (true, _) => Phase::Confirmed,
            (false, true) => Phase::OnAlready,
            (false, false) => Phase::Begun,
        }
    });
    look_again(session, phase);
    Effect::new(move |earlier: Option<Phase>| {
        let now = phase.get();
        match now {
            Phase::Confirmed => focus_when_drawn(heading(3)),
            // The focused element is gone.
            Phase::OnAlready if earlier.is_some() => focus_when_drawn(ON_ALREADY),
            Phase::OnAlready | Phase::Begun => {}
        }
        now
    });
    let (announcement, navigate) = (Announcement::expect(), StoredValue::new_local(use_navigate()));
    let to_security = move |replace: bool| {
        let options = NavigateOptions { replace, ..NavigateOptions::default() };
        navigate.with_value(|go| go(ClientRoute::AccountSecurity.path(), options));
    };
    let kept = move || {
        announcement.tell_there(t(recovery_codes::KEPT).to_owned());
        // Replaces the history entry that the leave guard has added.
        to_security(true);
    };
    let on_cancel = UnsyncCallback::from(move || to_security(false));
    let above = || {
        view! {
            <nav class="above" aria-label=t(list::BREADCRUMB)>
                <Link href=ClientRoute::AccountSecurity.path()>{t(account_words::SECURITY)}</Link>
            </nav>
        }
    };
    view! {
        <Page title=t(words::SET_UP) above>
            {move || match phase.get() {
                Phase::Begun => view! { <FirstSteps codes on_cancel /> }.into_any(),
                Phase::Confirmed => {
                    let codes = codes.get_untracked().unwrap_or_default();
                    view! {
                        <Step number=3 title=words::STEP_SAVE>
                            <RecoveryCodeList codes on_kept=kept />
                        </Step>
                    }
                        .into_any()
                }
                Phase::OnAlready => {
                    view! {
                        <p id=ON_ALREADY tabindex="-1">
                            {t(error::ALREADY_ENABLED)}
                        </p>
                    }
                        .into_any()
                }
            }}
        </Page>
    }
}

/// Refreshes the session when the tab gets the focus: another tab may have turned it on.
fn look_again(session: Session, phase: Memo<Phase>) {
    let returned = window_event_listener(ev::focus, move |_| {
        // If the session has ended, the refresh would remove the recovery codes.
        if phase.get_untracked() != Phase::Begun {
            return;
        }
        spawn_local(async move {
            // On failure the next request will find out.
            let _ = session.refresh().await;
        });
    });
    on_cleanup(move || returned.remove());
}

/// The secret, once it is loaded, and the form for the first code.
#[component]
fn FirstSteps(codes: RwSignal<Option<Vec<Secret>>>, on_cancel: UnsyncCallback<()>) -> impl IntoView {
    let pending = One::load(|| coming(account::begin_totp()));
    view! {
        <Loaded one=pending>
            {move || pending.get_untracked().map(|pending| view! { <Enrolment pending codes on_cancel /> })}
        </Loaded>
    }
}

/// The secret and the form for the first code.
#[component]
fn Enrolment(
    pending: TotpPending,
    /// Set once it is on.
    codes: RwSignal<Option<Vec<Secret>>>,
    on_cancel: UnsyncCallback<()>,
) -> impl IntoView {
    let TotpPending { secret, qr: picture, .. } = pending;
    let session = Session::expect();
    let form = FormState::new("enrolment");
    let code = RwSignal::new(String::new());
    let own_secret = secret.clone();
    let confirm = async move || {
        let typed = typed::code(&code.get_untracked());
        if typed.is_empty() {
            return Err(Problem { sentence: totp::CODE_MISSING, field: Some(CODE) }.into());
        }
        let setup = TotpSetup { password: None, secret: Some(own_secret.clone()), code: Some(Secret::new(typed)) };
        let confirmed = match account::confirm_totp(&setup).await {
            Ok(made) => {
                let _ = codes.try_set(Some(made.recovery_codes));
                session.refresh().await
            }
            // Turned on in another tab: refresh, and the page shows it.
            Err(ApiError::Refused(ErrorCode::AlreadyEnabled)) => session.refresh().await,
            Err(error) => Err(error),
        };
        if confirmed == Err(ApiError::Refused(ErrorCode::InvalidCode)) {
            let _ = code.try_set(String::new());
        }
        confirmed.map_err(blame(|code| (code == ErrorCode::InvalidCode).then_some(CODE)))
    };
    view! {
        <Step number=1 title=words::STEP_SCAN>
            <p>{t(words::SCAN)}</p>
            <QrPicture code=picture label=t(words::QR) />
            <p>{t(words::TYPE)}</p>
            <p class="secret">
                <code>{grouped(secret.reveal())}</code>
                <CopyButton text=secret />
            </p>
        </Step>
        <Step number=2 title=words::STEP_VERIFY>
            <p>{t(totp::TEXT)}</p>
            <PendingEmailEnds />
            <p class="note">{t(words::VERIFY_TEXT)}</p>
            <Form
                state=form
                submit=words::CONFIRM
                submitting=words::CONFIRMING
                on_submit=confirm
                cancel=move || view! { <Cancel on_press=on_cancel /> }
                cancel_last=true
            >
                <Field form id=CODE label=totp::CODE kind=Kind::OneTimeCode value=code />
            </Form>
        </Step>
    }
}

/// The number of steps. The last one is saving the recovery codes.
const STEPS: u32 = 3;

/// A step with its heading.
#[component]
fn Step(number: u32, title: Word, children: Children) -> impl IntoView {
    let place = fill(&t_with(words::STEP, "step", &i18n::number(number)), "count", &i18n::number(STEPS));
    view! {
        <section class="panel step" aria-labelledby=heading(number)>
            <h2 id=heading(number) tabindex="-1">
                <span class="note">{place}</span>
                {t(title)}
            </h2>
            {children()}
        </section>
    }
}

/// The `id` of a step's heading.
const fn heading(number: u32) -> &'static str {
    match number {
        1 => "step-scan",
        2 => "step-verify",
        _ => "step-save",
    }
}

/// The secret in groups of four characters, which are easier to type.
fn grouped(secret: &str) -> String {
    let mut grouped = String::with_capacity(secret.len() * 5 / 4);
    for (index, character) in secret.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(character);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(grouped("ABCD"), "ABCD");
    }
}
