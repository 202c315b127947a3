//! `/login`: every way of signing in.
//!
//! ```text
//! key press -> [painted form] -> account.rs reads it -> machine.rs decides -> api::auth::login
//!           -> session.rs asks who it is -> on to the return URL
//! ```

mod account;
mod continue_as;
mod machine;

use doorstep_contract::{
    return_url::{PARAMETER, ReturnUrl},
    route::ClientRoute,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::session::Session;

/// Where the person is on the way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Somebody is signed in already.
    ContinueAs,
    /// User name and password.
    Account,
}

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = Session::expect();
    let first = if untrack(|| session.is_signed_in()) { Stage::ContinueAs } else { Stage::Account };
    let stage = RwSignal::new(first);
    let go_on = go_on();
    move || {
        let go_on = go_on.clone();
        match stage.get() {
            Stage::ContinueAs => {
                view! { <continue_as::ContinueAs go_on on_signed_out=move || stage.set(Stage::Account) /> }.into_any()
            }
            Stage::Account => view! { <account::AccountStage go_on /> }.into_any(),
        }
    }
}

/// Leaves for where the person wanted to go, in place of this page. The return URL is read when it is needed, so that
/// it survives every stage.
fn go_on() -> impl Fn() + Clone + 'static {
    let navigate = use_navigate();
    let query = use_query_map();
    move || {
        let target = query.with_untracked(|query| ReturnUrl::parse_or_home(query.get_str(PARAMETER)));
        if ClientRoute::parse(target.path()).is_some() {
            navigate(target.as_str(), NavigateOptions { replace: true, ..NavigateOptions::default() });
        } else {
            // Not a page of the app: the server answers there. A refusal leaves the person here, signed in.
            let _ = window().location().replace(target.as_str());
        }
    }
}
