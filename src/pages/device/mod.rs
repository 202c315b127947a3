//! `/device`: a user approves or denies a device (RFC 8628 §3.3).
//!
//! ```text
//! code (typed, or from before the sign-in) -> entry.rs, in the form that the server painted -> not signed in: look-up -> chooser.rs -> /login and back
//!   -> context -> authorize.rs: which application, its permissions, request.rs: who asks from where -> Deny | Approve -> outcome.rs
//! ```
//!
//! Of a code in a link the first half is filled in, and the user types the second (`arrival.rs`). It leaves the address bar
//! at once. What was looked up is kept by the server in a cookie that no script can read, so that it survives signing in, another identity
//! system and a second tab (`crates/server/src/http/device/`).

mod arrival;
mod authorize;
mod card;
mod chooser;
mod entry;
mod outcome;
mod request;
mod view;

pub(crate) use self::{arrival::Brought, authorize::scope_word};

use doorstep_contract::{
    device::{DeviceRequest, OAuthErrorCode, Resolution},
    shell::id,
    user_code::UserCode,
};
use doorstep_locales::words::device as words;
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

use self::{
    authorize::{Authorize, AuthorizeExternal},
    chooser::Chooser,
    entry::Entry,
    outcome::{Approved, Denied, Ended},
    view::{Ending, View, ways},
};
use crate::{
    address::mark_address,
    api::{ApiError, device as api},
    i18n::t,
    session::Session,
    shell,
    ui::focus::{focus_heading, focus_when_drawn},
};

/// What the views share.
#[derive(Clone, Copy)]
struct Flow {
    view: RwSignal<View>,
    /// The code, as users see it.
    code: RwSignal<String>,
    brought: Brought,
    session: Session,
}

impl Flow {
    /// The code, once it is whole.
    fn whole_code(self) -> Option<UserCode> {
        UserCode::parse(&self.code.try_get_untracked()?)
    }

    /// Goes on with a code that has been looked up; `false` when it is none that waits.
    async fn go_on(self) -> Result<bool, ApiError> {
        let Some(code) = self.whole_code() else {
            return Ok(false);
        };
        if untrack(|| self.session.is_ready()) {
            return match api::request(&code).await {
                Ok(request) => {
                    self.show(View::Authorize(Box::new(request)));
                    Ok(true)
                }
                Err(ApiError::Device(OAuthErrorCode::ExpiredOrUnknown)) => Ok(false),
                Err(error) => Err(error),
            };
        }
        let lookup = api::lookup(&code).await?;
        let is_waiting = lookup.valid;
        if is_waiting {
            self.show(View::Chooser(ways(lookup)));
        }
        Ok(is_waiting)
    }

    fn show(self, view: View) {
        let _ = self.view.try_set(view);
    }

    /// It is decided. The address remembers it, so that a reload says so again.
    fn finish(self, resolution: Resolution, request: Option<DeviceRequest>) {
        mark_address(resolution.as_str());
        self.brought.forget();
        let _ = self.code.try_set(String::new());
        self.show(View::finished(resolution, request));
    }

    /// Asks again who decides about the code, or what that user sees of it.
    fn ask_again(self) {
        spawn_local(async move {
            if self.go_on().await != Ok(true) {
                self.show(View::Entry);
            }
        });
    }

    /// Back to an empty field.
    fn start_again(self) {
        mark_address("");
        self.brought.forget();
        self.code.set(String::new());
        self.show(View::Entry);
    }

    /// Shows the end that an error means; otherwise gives it back.
    fn end(self, error: ApiError) -> Option<ApiError> {
        match Ending::of(error) {
            Some(ending) => {
                self.show(View::Ended(ending));
                None
            }
            None => Some(error),
        }
    }
}

/// The page.
#[component]
pub(crate) fn DevicePage() -> impl IntoView {
    let brought = Brought::expect();
    let first = brought.first_view();
    let painted = shell::place(id::DEVICE);
    let is_painted = painted.is_some() && first == View::Entry;
    // The boot script may have painted an outcome.
    for painted in [painted.filter(|_| !is_painted), shell::place(id::DEVICE_OUTCOME)].into_iter().flatten() {
        painted.remove();
    }
    let flow = Flow { view: RwSignal::new(first), code: brought.code(), brought, session: Session::expect() };
    brought.go_on(flow);
    follow_session(flow);
    show_view(flow, is_painted);
    view! {
        <Title text=move || flow.view.with(title) />
        {move || match flow.view.get() {
            View::Entry => view! { <Entry flow /> }.into_any(),
            View::Chooser(ways) => view! { <Chooser flow ways /> }.into_any(),
            View::Authorize(request) => view! { <Authorize flow request=*request /> }.into_any(),
            View::External(context) => view! { <AuthorizeExternal flow context=*context /> }.into_any(),
            View::Approved(request) => {
                view! { <Approved flow request=request.map(|request| *request) /> }.into_any()
            }
            View::Denied => view! { <Denied flow /> }.into_any(),
            View::Ended(ending) => view! { <Ended flow ending /> }.into_any(),
        }}
    }
}

/// The window's title, which follows the view.
fn title(view: &View) -> String {
    let word = match view {
        View::Entry => words::TITLE,
        View::Chooser(_) => words::CHOOSER_TITLE,
        View::Authorize(request) => return authorize::title(request),
        View::External(context) => return authorize::title(&context.request),
        View::Approved(_) => words::DONE_TITLE,
        View::Denied => words::DENIED_TITLE,
        View::Ended(Ending::Expired) => words::EXPIRED_TITLE,
        View::Ended(Ending::Used) => words::USED_TITLE,
        View::Ended(Ending::Lost) => words::LOST_TITLE,
        View::Ended(Ending::Sso(_)) => words::SSO_FAILED_TITLE,
    };
    t(word).to_owned()
}

/// A user who signs in, here or in another tab, goes on; one who signs out is asked again who they are.
fn follow_session(flow: Flow) {
    let ready = Memo::new(move |_| flow.session.is_ready());
    Effect::new(move |earlier: Option<bool>| {
        let ready = ready.get();
        let view = flow.view.get_untracked();
        let turned = earlier.is_some_and(|earlier| earlier != ready);
        if turned && matches!(view, View::Chooser(_) | View::Authorize(_)) {
            flow.ask_again();
        }
        ready
    });
}

/// The focus follows the view: to the field while its code is to be typed, else to the heading, though not at first. In the
/// painted form it is where the user has put it.
fn show_view(flow: Flow, is_painted: bool) {
    Effect::new(move |earlier: Option<()>| {
        if flow.view.with(|view| *view == View::Entry) && flow.brought.is_without_code() {
            if earlier.is_some() || !is_painted {
                focus_when_drawn(id::USER_CODE);
            }
        } else if earlier.is_some() {
            focus_heading();
        }
    });
}
