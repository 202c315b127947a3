//! What a user decides about: what the device is, where the request came from, what it would open.

use std::time::Duration;

use doorstep_contract::{
    account::Agent,
    device::{ApprovalContext, DeviceRequest, Resolution, Resolved, Scope},
};
use doorstep_locales::{
    Word, fill,
    words::{device as words, login, sessions},
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Flow,
    outcome::OtherCode,
    view::{Ending, View},
};
use crate::{
    api::{ApiError, Coming, coming, device as api},
    i18n::{ago, minutes, t, t_with},
    ui::{
        button::{Button, Look},
        clock::Deadline,
        facts::{Fact, Facts},
        form::{FormAlert, FormState, State},
        page::Card,
    },
};

/// For a user who is signed in.
#[component]
pub(super) fn Authorize(flow: Flow, request: DeviceRequest) -> impl IntoView {
    let account = untrack(|| flow.session.me()).map(|me| me.account);
    let name = account.map(|account| [&account.username, " (", &account.email, ")"].concat()).unwrap_or_default();
    let decide = move |decision: Resolution| {
        coming(async move {
            let code = flow.whole_code().ok_or(ApiError::Unintelligible)?;
            api::resolve(&code, decision).await
        })
    };
    view! {
        <Decision flow code=flow.code.get_untracked() request decide>
            <p>
                {t_with(words::SIGNED_IN_AS, "name", &name)} " "
                <Button look=Look::Quiet on_press=move || spawn_local(flow.session.log_out())>
                    {t(words::NOT_YOU)}
                </Button>
            </p>
        </Decision>
    }
}

/// For a user who came back from another identity system. The address is not asked.
#[component]
pub(super) fn AuthorizeExternal(flow: Flow, context: ApprovalContext) -> impl IntoView {
    let who = t_with(words::EXTERNAL_AS, "email", &context.subject_email);
    let who = fill(&who, "issuer", &context.subject_issuer);
    let (code, request) = (context.user_code.reveal().to_owned(), context.request.clone());
    let decide = move |decision: Resolution| {
        let context = context.clone();
        coming(async move { api::resolve_external(&context, decision).await })
    };
    view! {
        <Decision flow code request decide>
            <p>{who}</p>
        </Decision>
    }
}

/// The view.
#[component]
fn Decision(
    flow: Flow,
    /// As the device shows it.
    code: String,
    request: DeviceRequest,
    #[prop(into)] decide: UnsyncCallback<(Resolution,), Coming<Resolved>>,
    /// Who decides.
    children: Children,
) -> impl IntoView {
    let form = FormState::new("decision");
    let press = move |decision: Resolution| {
        let deciding = decide.run((decision,));
        let submit = async move {
            match deciding.await {
                Ok(resolved) => {
                    flow.finish(resolved.status);
                    Ok(())
                }
                Err(error) => flow.end(error).map_or(Ok(()), |error| Err(error.into())),
            }
        };
        form.submit(submit, || {});
    };
    let held = Signal::derive(move || form.is_held());
    let left = count_down(flow, request.expires_in);
    view! {
        <Card title=words::AUTHORIZE_TITLE>
            <p class="user-code">{code}</p>
            {children()}
            {(!request.same_network).then(|| view! { <p class="notice">{t(words::OTHER_NETWORK)}</p> })}
            <Facts class="facts" facts=facts_of(&request) />
            <p class="note">{move || t_with(words::TIME_LEFT, "time", &minutes(left.get()))}</p>
            <p>
                <strong>{t(words::ONLY_IF_YOU)}</strong>
            </p>
            <FormAlert state=form />
            <Wait form />
            // Denying is as easy, and comes first; nothing has the focus, and there is no form that Enter could send.
            <div class="buttons equal">
                <Button busy=held on_press=move || press(Resolution::Denied)>
                    {t(words::DENY)}
                </Button>
                <Button busy=held on_press=move || press(Resolution::Approved)>
                    {t(words::ALLOW)}
                </Button>
            </div>
            <OtherCode flow look=Look::Quiet />
        </Card>
    }
}

/// How long to wait after too many attempts.
#[component]
fn Wait(form: FormState) -> impl IntoView {
    let seconds = move || match form.state() {
        State::Waiting(seconds) => Some(seconds),
        State::Ready(_) | State::Sending | State::Done => None,
    };
    view! { {move || seconds().map(|seconds| view! { <p>{t_with(login::WAIT, "time", &minutes(seconds))}</p> })} }
}

/// What is known of the request, and whose word it is.
fn facts_of(request: &DeviceRequest) -> Vec<Fact> {
    let Agent { browser, system, ip } = &request.requester;
    let known = t(if request.client_known { words::CLIENT_KNOWN } else { words::CLIENT_UNKNOWN });
    let system = [browser.as_deref(), system.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let scopes = request.scopes.iter().map(|scope| t(scope_word(*scope))).collect::<Vec<_>>().join("; ");
    let mut facts = vec![(words::CLIENT, [&request.client_name, " (", known, ")"].concat())];
    if let Some(label) = &request.device_label {
        facts.push((words::LABEL, ["“", label, "”"].concat()));
    }
    facts.push((sessions::ADDRESS, ip.clone()));
    facts.push((words::SYSTEM, if system.is_empty() { t(words::SYSTEM_UNKNOWN).to_owned() } else { system }));
    facts.push((words::ASKED, ago(&request.requested_at)));
    facts.push((words::SCOPES, scopes));
    facts
}

/// What a token opens, in plain words.
pub(crate) const fn scope_word(scope: Scope) -> Word {
    match scope {
        Scope::Full => words::SCOPE_FULL,
        Scope::AppsRun => words::SCOPE_APPS,
    }
}

/// The seconds that are left. At the end it is too late.
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
