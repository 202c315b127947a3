//! `/login`: every way of signing in.
//!
//! ```text
//! key press -> [painted form] -> account.rs reads it -> machine.rs decides -> api::auth::login
//!           -> session.rs asks who it is -> stage.rs says what comes next: a new password, or the return URL
//! ```

mod account;
mod choose_password;
mod machine;
mod signed_in_already;
mod stage;

use doorstep_contract::{
    auth::SetupStatus,
    return_url::{PARAMETER, ReturnUrl},
    route::ClientRoute,
};
use doorstep_locales::words::{choose, continue_as, login};
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use self::stage::{Chooser, Stage};
use crate::{
    router::Router,
    session::{Departure, Session},
    title,
    ui::focus::focus_heading,
};

/// What to do next. One type for every stage: a type of its own for each would be compiled anew.
type Next = Callback<()>;

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = Session::expect();
    let router = Router::expect();
    // What the shell said holds until somebody has been signed in.
    let may_set_up = use_context::<SetupStatus>().is_some_and(|status| status.skip_default_password_auth)
        && untrack(|| session.departure()) == Some(Departure::NeverArrived);
    let stage = RwSignal::new(Stage::first(untrack(|| session.me()).as_ref(), may_set_up));
    let go_on = Next::new(move |()| go_on(router));
    let signed_in = Next::new(move |()| match Stage::after_sign_in(untrack(|| session.me()).as_ref()) {
        Some(next) => stage.set(next),
        None => self::go_on(router),
    });
    follow_session(session, stage);
    show_stage(stage);
    move || match stage.get() {
        Stage::ContinueAs => view! { <signed_in_already::ContinueAs go_on /> }.into_any(),
        Stage::Account => view! { <account::AccountStage on_signed_in=signed_in /> }.into_any(),
        Stage::ChoosePassword(who) => view! { <choose_password::ChoosePassword who on_signed_in=go_on /> }.into_any(),
    }
}

/// Somebody who logs out, here or in another tab, is back at the beginning; somebody who signed in in another tab need
/// not do so here.
fn follow_session(session: Session, stage: RwSignal<Stage>) {
    Effect::new(move |earlier: Option<bool>| {
        let is_signed_in = session.is_signed_in();
        match (earlier, is_signed_in) {
            (Some(true), false) => stage.set(Stage::Account),
            (Some(false), true) if stage.get_untracked() == Stage::Account => {
                stage.set(Stage::first(untrack(|| session.me()).as_ref(), false));
            }
            _ => {}
        }
        is_signed_in
    });
}

/// The window's title follows the stage, and so does the focus, to its heading. Not at first: somebody may be typing.
fn show_stage(stage: RwSignal<Stage>) {
    Effect::new(move |earlier: Option<Stage>| {
        let now = stage.get();
        title::show(match now {
            Stage::ContinueAs => continue_as::TITLE,
            Stage::Account => login::TITLE,
            Stage::ChoosePassword(Chooser::SignedIn) => choose::TITLE,
            Stage::ChoosePassword(Chooser::Anybody) => choose::TITLE_FIRST,
        });
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_heading();
        }
        now
    });
}

/// Leaves for where the person wanted to go, in place of this page. The return URL is read when it is needed, so that
/// it survives every stage.
fn go_on(router: Router) {
    let target = return_url();
    if ClientRoute::parse(target.path()).is_some() {
        router.replace(target.as_str());
    } else {
        // Not a page of the app: the server answers there. A refusal leaves the person here, signed in.
        let _ = window().location().replace(target.as_str());
    }
}

/// Where the person wanted to go, from the address bar.
fn return_url() -> ReturnUrl {
    let query = window().location().search().and_then(|query| UrlSearchParams::new_with_str(&query));
    ReturnUrl::parse_or_home(query.ok().and_then(|query| query.get(PARAMETER)).as_deref())
}
