//! `/login`: every way of signing in.
//!
//! ```text
//! key press -> a stage's form (ui/form/) -> way.rs signs in by api::auth::login
//!           -> way.rs and stage.rs say what comes next: a second step, a new password, or the return URL
//!           -> in another app: its page is loaded, and knows from its shell who the user is
//!           -> in this app: session/ asks who the user is
//! ```

mod account;
mod choose_password;
mod recovery;
mod second_step;
mod signed_in_already;
mod sso;
mod stage;
mod temporary_token;
mod totp;
mod way;

use doorstep_contract::{
    auth::SetupStatus,
    return_url::{PARAMETER, ReturnUrl},
    shell::id,
};
use doorstep_locales::{
    Word,
    words::{choose, continue_as, error, login, recovery as recovery_words, token, totp as totp_words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use web_sys::UrlSearchParams;

use self::{
    account::AccountStage,
    choose_password::ChoosePasswordStage,
    recovery::RecoveryStage,
    signed_in_already::ContinueAsStage,
    stage::{Chooser, Stage},
    temporary_token::TemporaryTokenStage,
    totp::TotpStage,
    way::Way,
};
use crate::{
    address::fragment,
    i18n::t,
    pages::account::EmailToken,
    session::{Departure, Session},
    ui::focus::{focus_heading, focus_when_drawn},
};

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = Session::expect();
    // What the shell said holds until a user has been signed in.
    let may_set_up = use_context::<SetupStatus>().is_some_and(|status| status.skip_default_password_auth)
        && untrack(|| session.departure()) == Some(Departure::NeverArrived);
    let first = Stage::first(untrack(|| session.me()).as_ref(), may_set_up);
    let email = EmailToken::expect();
    let destination = Callback::new(move |()| [email.onward(&return_url()), fragment()].concat());
    let way = Way::new(first, session, destination);
    if untrack(|| session.departure()) == Some(Departure::CookieLost) {
        way.tell(error::COOKIE_LOST);
    }
    sso::tell_reason(way);
    follow_session(session, way);
    show_stage(session, way);
    view! {
        <Title text=move || t(title(way.stage())) />
        {move || match way.stage() {
            Stage::ContinueAs => view! { <ContinueAsStage way /> }.into_any(),
            Stage::Account => view! { <AccountStage way /> }.into_any(),
            Stage::Totp => view! { <TotpStage way /> }.into_any(),
            Stage::Recovery => view! { <RecoveryStage way /> }.into_any(),
            Stage::TemporaryToken => view! { <TemporaryTokenStage way /> }.into_any(),
            Stage::ChoosePassword(who) => view! { <ChoosePasswordStage who way /> }.into_any(),
        }}
    }
}

/// The window's title, which follows the stage.
const fn title(stage: Stage) -> Word {
    match stage {
        Stage::ContinueAs => continue_as::TITLE,
        Stage::Account => login::TITLE,
        Stage::Totp => totp_words::TITLE,
        Stage::Recovery => recovery_words::TITLE,
        Stage::TemporaryToken => token::TITLE,
        Stage::ChoosePassword(Chooser::Temporary) => choose::TITLE,
        Stage::ChoosePassword(Chooser::SignedIn | Chooser::Anybody) => choose::TITLE_FIRST,
    }
}

/// A user who logs out, here or in another tab, is back at the beginning; one who signed in in another tab need not do so
/// here.
fn follow_session(session: Session, way: Way) {
    Effect::new(move |earlier: Option<bool>| {
        let is_signed_in = session.is_signed_in();
        match (earlier, is_signed_in) {
            (Some(true), false) => way.go_to(Stage::Account),
            (Some(false), true) if way.stage_untracked() == Stage::Account => {
                way.go_to(Stage::first(untrack(|| session.me()).as_ref(), false));
            }
            _ => {}
        }
        is_signed_in
    });
}

/// The focus follows the stage: to its only field, so that the code can be typed at once, else to its heading. Not at first:
/// the user may be typing; unless they come from another page of the app, where their session has ended.
fn show_stage(session: Session, way: Way) {
    Effect::new(move |earlier: Option<Stage>| {
        let now = way.stage();
        let has_left = || session.departure().is_some_and(Departure::is_from_here);
        if earlier.is_none() && now == Stage::Account && untrack(has_left) {
            focus_when_drawn(id::USERNAME);
        }
        if earlier.is_some_and(|earlier| earlier != now) {
            now.only_field().map_or_else(focus_heading, focus_when_drawn);
        }
        now
    });
}

/// Where the user wanted to go, from the address bar: read when it is needed, so that it survives every stage.
fn return_url() -> ReturnUrl {
    let query = window().location().search().and_then(|query| UrlSearchParams::new_with_str(&query));
    ReturnUrl::parse_or_home(query.ok().and_then(|query| query.get(PARAMETER)).as_deref())
}
