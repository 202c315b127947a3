//! `/login`: all ways to sign in.
//!
//! ```text
//! key press -> a stage's form (ui/form/) -> flow.rs signs in by api::auth::login
//!            -> flow.rs and stage.rs choose the next stage: a second step, a new password, or the return URL
//!            -> in another app: its page is loaded, and its shell has the signed-in user
//!            -> in this app: session/ loads the signed-in user
//! ```

mod account;
mod choose_password;
mod flow;
mod recovery;
mod second_step;
mod signed_in_already;
mod sso;
mod stage;
mod temporary_token;
mod totp;

use doorstep_contract::{
    auth::SetupStatus,
    return_url::{PARAMETER, ReturnUrl},
    shell::id,
};
use doorstep_locales::{
    Word,
    words::{choose, continue_as, error, login, recovery as recovery_words, reset, token, totp as totp_words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use web_sys::UrlSearchParams;

use self::{
    account::AccountStage,
    choose_password::ChoosePasswordStage,
    flow::LoginFlow,
    recovery::RecoveryStage,
    signed_in_already::ContinueAsStage,
    stage::{Chooser, Stage},
    temporary_token::TemporaryTokenStage,
    totp::TotpStage,
};
use crate::{
    address::fragment,
    i18n::t,
    pages::account::EmailToken,
    session::{Session, SignedOutReason},
    shell,
    ui::focus::{focus_heading, focus_when_drawn},
};

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = Session::expect();
    // The shell's setup status is valid until a user has signed in.
    let may_set_up = use_context::<SetupStatus>().is_some_and(|status| status.skip_default_password_auth)
        && untrack(|| session.signed_out_reason()) == Some(SignedOutReason::NeverSignedIn);
    let first = Stage::first(untrack(|| session.me()).as_ref(), may_set_up);
    let email = EmailToken::expect();
    let destination = Callback::new(move |()| [email.onward(&return_url()), fragment()].concat());
    let flow = LoginFlow::new(first, session, destination);
    if untrack(|| session.signed_out_reason()) == Some(SignedOutReason::CookieLost) {
        flow.tell(error::COOKIE_LOST);
    }
    sso::tell_reason(flow);
    follow_session(session, flow);
    show_stage(flow);
    let went_back = window_event_listener_untyped("popstate", move |_| flow.went_back());
    on_cleanup(move || went_back.remove());
    view! {
        <Title text=move || t(title(flow.stage())) />
        {move || match flow.stage() {
            Stage::ContinueAs => view! { <ContinueAsStage flow /> }.into_any(),
            Stage::Account => view! { <AccountStage flow /> }.into_any(),
            Stage::Totp => view! { <TotpStage flow /> }.into_any(),
            Stage::Recovery => view! { <RecoveryStage flow /> }.into_any(),
            Stage::TemporaryToken => view! { <TemporaryTokenStage flow /> }.into_any(),
            Stage::ChoosePassword(who) => view! { <ChoosePasswordStage who flow /> }.into_any(),
        }}
    }
}

/// The title of the document for each stage.
const fn title(stage: Stage) -> Word {
    match stage {
        Stage::ContinueAs => continue_as::TITLE,
        Stage::Account => login::TITLE,
        Stage::Totp => totp_words::TITLE,
        Stage::Recovery => recovery_words::TITLE,
        Stage::TemporaryToken => token::TITLE,
        Stage::ChoosePassword(Chooser::Temporary) => reset::TITLE,
        Stage::ChoosePassword(Chooser::SignedIn | Chooser::FirstVisitor) => choose::TITLE_FIRST,
    }
}

/// Returns to the first stage when the user signs out, here or in another tab; leaves when the user signs in in another
/// tab.
fn follow_session(session: Session, flow: LoginFlow) {
    Effect::new(move |earlier: Option<bool>| {
        let is_signed_in = session.is_signed_in();
        match (earlier, is_signed_in) {
            (Some(true), false) => flow.go_to(Stage::Account),
            (Some(false), true) if flow.stage_untracked() == Stage::Account => {
                flow.go_to(Stage::first(untrack(|| session.me()).as_ref(), false));
            }
            _ => {}
        }
        is_signed_in
    });
}

/// Focuses the first field to fill in of a stage, else its heading, on each change of stage, and on arrival from another
/// page of the app. Not on first load, when the user may be typing in the painted form.
fn show_stage(flow: LoginFlow) {
    let is_painted = shell::place(id::LOGIN).is_some();
    Effect::new(move |earlier: Option<Stage>| {
        let now = flow.stage();
        let is_new = earlier.map_or(now == Stage::Account && !is_painted, |earlier| earlier != now);
        if is_new {
            // Keeps the focus if the field is hidden: the form without passwords.
            focus_heading();
            if let Some(field) = now.field() {
                focus_when_drawn(field);
            }
        }
        now
    });
}

/// The return URL from the address bar. Read when needed, so that it survives every stage.
fn return_url() -> ReturnUrl {
    let query = window().location().search().and_then(|query| UrlSearchParams::new_with_str(&query));
    ReturnUrl::parse_or_home(query.ok().and_then(|query| query.get(PARAMETER)).as_deref())
}
