//! The decision: which application asks, with which permissions, from where.
//!
//! ```text
//! request -> who, code, warning, permissions, [another network: a box to check], facts -> Deny | Approve
//! ```

use std::time::Duration;

use doorstep_contract::{
    auth::Branding,
    device::{ApprovalContext, DeviceRequest, Resolution, Resolved, Scope},
};
use doorstep_locales::{
    Word, fill,
    words::{device as words, login},
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Flow,
    card::{DeviceCard, Picture},
    outcome::OtherCode,
    request::RequestFacts,
    view::{Ending, View},
};
use crate::{
    api::{ApiError, Coming, coming, device as api},
    i18n::{days_until, minutes, short_date, t, t_count, t_with},
    ui::{
        badge::{Badge, Tone},
        button::{Button, Look},
        clock::Deadline,
        focus::focus_on,
        form::{FormAlert, FormState, State},
    },
};

/// The seconds in which a code can be approved after it was issued (the contract's `expires_in`).
const CODE_LIFE: &str = "900";
/// The `id` of the checkbox for a request from another network.
const OWN_DEVICE: &str = "own-device";

/// The decision of a signed-in user.
#[component]
pub(super) fn Authorize(flow: Flow, request: DeviceRequest) -> impl IntoView {
    let who = untrack(|| flow.session.me()).map(|me| {
        let who = t_with(words::SIGNED_IN_AS, "name", &me.account.username);
        fill(&who, "email", &me.account.email)
    });
    let decide = move |decision: Resolution| {
        coming(async move {
            let code = flow.whole_code().ok_or(ApiError::Unintelligible)?;
            api::resolve(&code, decision).await
        })
    };
    view! {
        <Decision flow code=flow.code.get_untracked() request decide>
            <Who who=who.unwrap_or_default() switch=move || spawn_local(flow.session.log_out()) />
        </Decision>
    }
}

/// The decision of a user who came back from single sign-on. Their network is not compared.
#[component]
pub(super) fn AuthorizeExternal(flow: Flow, context: ApprovalContext) -> impl IntoView {
    let who = t_with(words::EXTERNAL_AS, "email", &context.subject_email);
    let provider = context.subject_provider.as_ref().unwrap_or(&context.subject_issuer);
    let who = fill(&who, "provider", provider);
    let (code, request) = (context.user_code.reveal().to_owned(), context.request.clone());
    // There is no session to end: the user chooses again how to sign in.
    let switch = {
        let code = code.clone();
        move || {
            flow.code.set(code.clone());
            flow.ask_again();
        }
    };
    let decide = move |decision: Resolution| {
        let context = context.clone();
        coming(async move { api::resolve_external(&context, decision).await })
    };
    view! {
        <Decision flow code request decide>
            <Who who switch />
        </Decision>
    }
}

/// The deciding identity, and the link to use another one.
#[component]
fn Who(who: String, #[prop(into)] switch: UnsyncCallback<()>) -> impl IntoView {
    view! {
        <p class="who">
            {who}
            <Button look=Look::Quiet on_press=switch>
                {t(words::NOT_YOU)}
            </Button>
        </p>
    }
}

/// The view.
#[component]
fn Decision(
    flow: Flow,
    /// The code as displayed on the device.
    code: String,
    request: DeviceRequest,
    #[prop(into)] decide: UnsyncCallback<(Resolution,), Coming<Resolved>>,
    /// The deciding identity.
    children: Children,
) -> impl IntoView {
    let form = FormState::new("decision");
    let own = OwnDevice::new(request.same_network);
    let decided = StoredValue::new(request.clone());
    let press = move |decision: Resolution| {
        if decision == Resolution::Approved && !own.is_confirmed() {
            return;
        }
        let deciding = decide.run((decision,));
        let submit = async move {
            match deciding.await {
                Ok(resolved) => {
                    flow.finish(resolved.status, decided.try_get_value());
                    Ok(())
                }
                Err(error) => flow.end(error).map_or(Ok(()), |error| Err(error.into())),
            }
        };
        form.submit(submit, || {});
    };
    let held = Signal::derive(move || form.is_held());
    let left = count_down(flow, request.expires_in);
    let installation = use_context::<Branding>().unwrap_or_default().name;
    view! {
        <DeviceCard picture=Picture::Terminal title=title(&request)>
            {(!request.client_known)
                .then(|| {
                    view! {
                        <p>
                            <Badge word=words::CLIENT_UNKNOWN tone=Tone::Caution />
                        </p>
                    }
                })}
            {children()}
            <div class="to-compare">
                <CodeBoxes code />
                <p class="note">{t(words::CHECK_CODE)}</p>
            </div>
            <p class="notice">{t_with(words::ONLY_IF_YOU, "name", &installation)}</p>
            <Permissions request=request.clone() />
            {(!request.same_network).then(|| view! { <OwnDeviceBox own /> })}
            <RequestFacts request />
            <div class="decision">
                <label class="time-left">
                    <span>{move || t_with(words::TIME_LEFT, "time", &minutes(left.get()))}</span>
                    <progress max=CODE_LIFE value=move || left.get()></progress>
                </label>
                <FormAlert state=form />
                <Wait form />
                // Deny is as easy and comes first; nothing has the focus, and no form could be submitted with Enter.
                <div class="equal">
                    <Button busy=held on_press=move || press(Resolution::Denied)>
                        {t(words::DENY)}
                    </Button>
                    <Button busy=held on_press=move || press(Resolution::Approved)>
                        {t(words::ALLOW)}
                    </Button>
                </div>
            </div>
            <OtherCode flow />
        </DeviceCard>
    }
}

/// The title of the view.
pub(super) fn title(request: &DeviceRequest) -> String {
    t_with(words::AUTHORIZE_TITLE, "client", &request.client_name)
}

/// The code, to be compared with the device's.
#[component]
fn CodeBoxes(code: String) -> impl IntoView {
    let (first, second) = code.split_once('-').unwrap_or((&code, ""));
    view! {
        <p class="user-code" dir="ltr">
            <span>{first.to_owned()}</span>
            "-"
            <span>{second.to_owned()}</span>
        </p>
    }
}

/// The permissions, their duration, and those of the token that is replaced.
#[component]
fn Permissions(request: DeviceRequest) -> impl IntoView {
    let permission = |scope: Scope| view! { <li>{t(scope_word(scope))}</li> };
    let end = &request.access_expires_at;
    let lasts = fill(&t_count(words::LASTS, days_until(end)), "date", &short_date(end));
    view! {
        <div class="permissions">
            <h2>{t(words::ALLOWS)}</h2>
            <ul>
                {request.scopes.into_iter().map(permission).collect_view()}
            </ul>
            <p>{lasts}</p>
            {request.replaces.then(|| view! { <p>{t(words::REPLACES)}</p> })}
        </div>
    }
}

/// A scope, as a sentence.
pub(crate) const fn scope_word(scope: Scope) -> Word {
    match scope {
        Scope::Full => words::SCOPE_FULL,
        Scope::AppsRun => words::SCOPE_APPS,
    }
}

/// Whether the user has confirmed that the device is their own, which is required for a request from another network.
#[derive(Clone, Copy)]
struct OwnDevice {
    said: RwSignal<bool>,
    missing: RwSignal<bool>,
}

impl OwnDevice {
    fn new(same_network: bool) -> Self {
        Self { said: RwSignal::new(same_network), missing: RwSignal::new(false) }
    }

    /// Whether it is confirmed or not required; otherwise shows the error and focuses the checkbox.
    fn is_confirmed(self) -> bool {
        let said = self.said.get_untracked();
        self.missing.set(!said);
        if !said {
            focus_on(OWN_DEVICE);
        }
        said
    }

    fn say(self, said: bool) {
        self.said.set(said);
        self.missing.set(false);
    }
}

/// The warning about another network, with the checkbox.
#[component]
fn OwnDeviceBox(own: OwnDevice) -> impl IntoView {
    let missing = own.missing;
    view! {
        <div class="notice elsewhere">
            <p>{t(words::OTHER_NETWORK)}</p>
            <label class="check">
                <input
                    id=OWN_DEVICE
                    type="checkbox"
                    required
                    aria-describedby="own-device-alert"
                    aria-invalid=move || missing.get().then_some("true")
                    on:change=move |event| own.say(event_target_checked(&event))
                />
                {t(words::OWN_DEVICE)}
            </label>
            <div id="own-device-alert" class="alert" role="alert">
                {move || missing.get().then(|| t(words::OWN_DEVICE_MISSING))}
            </div>
        </div>
    }
}

/// The seconds to wait after too many attempts.
#[component]
fn Wait(form: FormState) -> impl IntoView {
    let seconds = move || match form.state() {
        State::Waiting(seconds) => Some(seconds),
        State::Ready(_) | State::Resting(_) | State::Sending | State::Done => None,
    };
    view! { {move || seconds().map(|seconds| view! { <p>{t_with(login::WAIT, "time", &minutes(seconds))}</p> })} }
}

/// The remaining seconds. At zero the request has expired.
fn count_down(flow: Flow, seconds: u32) -> RwSignal<u32> {
    let left = RwSignal::new(seconds);
    let deadline = Deadline::after(seconds);
    let tick = move || {
        let now_left = deadline.seconds_left();
        let gone = left.try_set(now_left).is_some();
        if !gone && now_left == 0 {
            flow.show(View::Ended(Ending::Expired));
        }
    };
    if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || interval.clear());
    }
    left
}
