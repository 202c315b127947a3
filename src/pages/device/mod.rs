//! `/device`: a user approves or denies a device (RFC 8628 §3.3).
//!
//! ```text
//! code (typed, or from before the sign-in) -> entry.rs, the adopted form
//!   signed out -> look-up -> chooser.rs -> /login and back
//!   -> context -> authorize.rs: application, permissions; request.rs: device, place, time
//!   -> Deny | Approve -> outcome.rs
//! ```
//!
//! A link fills in the first half of its code, and the user types the second (`arrival.rs`). The code is removed from
//! the address bar at once. The server keeps a looked-up code in a cookie that scripts can't read, so that it survives
//! signing in, single sign-on and a second tab (`crates/server/src/http/device/`).

mod arrival;
mod authorize;
mod card;
mod chooser;
mod entry;
mod outcome;
mod request;
mod view;

pub(crate) use self::{arrival::Arrival, authorize::scope_word};

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
    address::set_mark,
    api::{ApiError, device as api},
    i18n::t,
    session::Session,
    shell,
    ui::focus::{focus_heading, focus_when_drawn},
};

/// The state that the views share.
#[derive(Clone, Copy)]
struct Flow {
    view: RwSignal<View>,
    /// The code as displayed: `ABCD-EFGH`.
    code: RwSignal<String>,
    arrival: Arrival,
    session: Session,
}

impl Flow {
    /// The code, if it is complete.
    fn whole_code(self) -> Option<UserCode> {
        UserCode::parse(&self.code.try_get_untracked()?)
    }

    /// Continues with a looked-up code; `false` if it is not pending.
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

    /// Shows the outcome. It is stored in the history entry, so that a reload shows it again.
    fn finish(self, resolution: Resolution, request: Option<DeviceRequest>) {
        set_mark(resolution.as_str());
        self.arrival.forget();
        let _ = self.code.try_set(String::new());
        self.show(View::finished(resolution, request));
    }

    /// Loads the request again, for another user or after a change of the session.
    fn ask_again(self) {
        spawn_local(async move {
            if self.go_on().await != Ok(true) {
                self.show(View::Entry);
            }
        });
    }

    /// Back to an empty field.
    fn start_again(self) {
        set_mark("");
        self.arrival.forget();
        self.code.set(String::new());
        self.show(View::Entry);
    }

    /// Shows the final view for an error; otherwise returns the error.
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
    let arrival = Arrival::expect();
    let first = arrival.first_view();
    let painted = shell::place(id::DEVICE);
    let is_painted = painted.is_some() && first == View::Entry;
    // The boot script may have painted an outcome.
    for painted in [painted.filter(|_| !is_painted), shell::place(id::DEVICE_OUTCOME)].into_iter().flatten() {
        painted.remove();
    }
    let flow = Flow { view: RwSignal::new(first), code: arrival.code(), arrival, session: Session::expect() };
    arrival.go_on(flow);
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

/// The title of the document for each view.
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

/// Continues when the user signs in, here or in another tab; starts with the choice again when the user signs out.
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

/// Focuses the field if a code is to be typed, otherwise the heading, on each change of view. Not on first load, where
/// the painted form may have the focus.
fn show_view(flow: Flow, is_painted: bool) {
    Effect::new(move |earlier: Option<()>| {
        if flow.view.with(|view| *view == View::Entry) && flow.arrival.is_without_code() {
            if earlier.is_some() || !is_painted {
                focus_when_drawn(id::USER_CODE);
            }
        } else if earlier.is_some() {
            focus_heading();
        }
    });
}
