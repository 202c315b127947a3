//! `/login`: every way of signing in.
//!
//! ```text
//! key press -> [painted form] -> account.rs reads it -> machine.rs decides -> api::auth::login
//!           -> session.rs asks who it is -> stage.rs says what comes next: a new password, or the return URL
//! ```

mod account;
mod choose;
mod continue_as;
mod machine;
mod stage;

use doorstep_contract::{
    auth::SetupStatus,
    return_url::{PARAMETER, ReturnUrl},
    route::ClientRoute,
};
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use self::stage::Stage;
use crate::{router::Router, session::Session, ui::focus::focus_heading};

/// What to do next. One type for every stage: a type of its own for each would be compiled anew.
type Next = Callback<()>;

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = Session::expect();
    let router = Router::expect();
    let may_set_up = use_context::<SetupStatus>().is_some_and(|status| status.skip_default_password_auth);
    let stage = RwSignal::new(Stage::first(untrack(|| session.me()).as_ref(), may_set_up));
    let go_on = Next::new(move |()| go_on(router));
    let signed_in = Next::new(move |()| match Stage::after_sign_in(untrack(|| session.me()).as_ref()) {
        Some(next) => stage.set(next),
        None => self::go_on(router),
    });
    // A change of stage moves the focus to its heading. Not the first one: somebody may be typing. And somebody who
    // logs out, here or in another tab, is back at the beginning.
    Effect::new(move |earlier: Option<(Stage, bool)>| {
        let now = (stage.get(), session.is_signed_in());
        if earlier.is_some_and(|(_, was_signed_in)| was_signed_in && !now.1) {
            stage.set(Stage::Account);
        }
        if earlier.is_some_and(|(stage, _)| stage != now.0) {
            focus_heading();
        }
        now
    });
    move || match stage.get() {
        Stage::ContinueAs => view! { <continue_as::ContinueAs go_on /> }.into_any(),
        Stage::Account => view! { <account::AccountStage on_signed_in=signed_in /> }.into_any(),
        Stage::ChoosePassword(who) => view! { <choose::ChoosePassword who on_signed_in=go_on /> }.into_any(),
    }
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
