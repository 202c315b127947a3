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
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::UrlSearchParams;

use self::stage::Stage;
use crate::{session::Session, ui::focus::focus_heading};

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = Session::expect();
    let may_set_up = use_context::<SetupStatus>().is_some_and(|status| status.skip_default_password_auth);
    let stage = RwSignal::new(Stage::first(untrack(|| session.me()).as_ref(), may_set_up));
    let go_on = go_on();
    let signed_in = {
        let go_on = go_on.clone();
        move || match Stage::after_sign_in(untrack(|| session.me()).as_ref()) {
            Some(next) => stage.set(next),
            None => go_on(),
        }
    };
    // A change of stage moves the focus to its heading. Not the first one: somebody may be typing.
    Effect::new(move |earlier: Option<Stage>| {
        let now = stage.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_heading();
        }
        now
    });
    // Somebody who logs out, here or in another tab, is back at the beginning.
    Effect::new(move |was_signed_in: Option<bool>| {
        let is_signed_in = session.is_signed_in();
        if was_signed_in == Some(true) && !is_signed_in {
            stage.set(Stage::Account);
        }
        is_signed_in
    });
    move || {
        let (go_on, on_signed_in) = (go_on.clone(), signed_in.clone());
        match stage.get() {
            Stage::ContinueAs => view! { <continue_as::ContinueAs go_on /> }.into_any(),
            Stage::Account => view! { <account::AccountStage on_signed_in /> }.into_any(),
            Stage::ChoosePassword(who) => view! { <choose::ChoosePassword who on_signed_in=go_on /> }.into_any(),
        }
    }
}

/// Leaves for where the person wanted to go, in place of this page. The return URL is read when it is needed, so that
/// it survives every stage.
fn go_on() -> impl Fn() + Clone + 'static {
    let navigate = use_navigate();
    move || {
        let target = return_url();
        if ClientRoute::parse(target.path()).is_some() {
            navigate(target.as_str(), NavigateOptions { replace: true, ..NavigateOptions::default() });
        } else {
            // Not a page of the app: the server answers there. A refusal leaves the person here, signed in.
            let _ = window().location().replace(target.as_str());
        }
    }
}

/// Where the person wanted to go, from the address bar: decoded once, by the browser. (The router's query map decodes
/// twice.)
fn return_url() -> ReturnUrl {
    let query = window().location().search().and_then(|query| UrlSearchParams::new_with_str(&query));
    ReturnUrl::parse_or_home(query.ok().and_then(|query| query.get(PARAMETER)).as_deref())
}
