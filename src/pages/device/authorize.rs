//! What a person decides about: what the device is, where the request came from, what it would open.

use std::{future::Future, pin::Pin, time::Duration};

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
    view::{Ending, View},
};
use crate::{
    api::{ApiError, device as api},
    i18n::{ago, minutes, t, t_with},
    problem::refusal,
    ui::{
        busy::busy_button,
        clock::Deadline,
        form::{Form, State, form_alert},
        part::{block, button, card, dynamic, facts, nothing, paragraph, text},
    },
};

/// Decides.
type Decide = Box<dyn Fn(Resolution) -> Pin<Box<dyn Future<Output = Result<Resolved, ApiError>>>>>;

/// For somebody who is signed in.
pub(super) fn authorize(flow: Flow, request: &DeviceRequest) -> AnyView {
    let account = untrack(|| flow.session.me()).map(|me| me.account);
    let name = account.map(|account| [&account.username, " (", &account.email, ")"].concat()).unwrap_or_default();
    let not_you = button("link", words::NOT_YOU, move || spawn_local(flow.session.log_out()));
    let who = block("p", "", vec![text(t_with(words::SIGNED_IN_AS, "name", &name)), text(" "), not_you]);
    let decide: Decide = Box::new(move |decision| {
        Box::pin(async move {
            let code = flow.whole_code().ok_or(ApiError::Unintelligible)?;
            flow.proof.with(async || api::resolve(&code, decision).await).await
        })
    });
    let code = flow.code.get_untracked();
    decision(flow, code, who, request, decide)
}

/// For somebody who came back from another identity system. The address is not asked.
pub(super) fn authorize_external(flow: Flow, context: &ApprovalContext) -> AnyView {
    let told = t_with(words::EXTERNAL_AS, "email", &context.subject_email);
    let who = paragraph(fill(&told, "issuer", &context.subject_issuer));
    let (code, request) = (context.user_code.reveal().to_owned(), context.request.clone());
    let context = context.clone();
    let decide: Decide = Box::new(move |decision| {
        let context = context.clone();
        Box::pin(async move { api::resolve_external(&context, decision).await })
    });
    decision(flow, code, who, &request, decide)
}

fn decision(flow: Flow, code: String, who: AnyView, request: &DeviceRequest, decide: Decide) -> AnyView {
    let form = Form::new("decision");
    let decide = StoredValue::new_local(decide);
    let press = move |decision: Resolution| {
        let Some(deciding) = decide.try_with_value(|decide| decide(decision)) else {
            return;
        };
        let send = move || {
            Box::pin(async move {
                match deciding.await {
                    Ok(resolved) => {
                        flow.finish(resolved.status);
                        Ok(())
                    }
                    Err(error) => flow.end(error).map_or(Ok(()), |error| Err(refusal(error, |_| None))),
                }
            }) as _
        };
        form.submit(None, send, || {});
    };
    let held = Signal::derive(move || form.is_held());
    let wait = dynamic(move || match form.state() {
        State::Waiting(seconds) => paragraph(t_with(login::WAIT, "time", &minutes(seconds))),
        _ => nothing(),
    });
    let warning =
        if request.same_network { nothing() } else { block("p", "notice", vec![text(t(words::OTHER_NETWORK))]) };
    let left = count_down(flow, request.expires_in);
    card(
        words::AUTHORIZE_TITLE,
        vec![
            block("p", "user-code", vec![text(code)]),
            who,
            warning,
            facts("facts", told_of(request)),
            dynamic(move || block("p", "note", vec![text(t_with(words::TIME_LEFT, "time", &minutes(left.get())))])),
            block("p", "", vec![block("strong", "", vec![text(t(words::ONLY_IF_YOU))])]),
            form_alert(form),
            wait,
            // Denying is as easy, and comes first; nothing has the focus, and there is no form that Enter could send.
            block(
                "div",
                "buttons equal",
                vec![
                    busy_button(words::DENY, held, move || press(Resolution::Denied)),
                    busy_button(words::ALLOW, held, move || press(Resolution::Approved)),
                ],
            ),
            button("link", words::OTHER_CODE, move || flow.start_again()),
        ],
    )
}

/// What is known of the request, and whose word it is.
fn told_of(request: &DeviceRequest) -> Vec<(Word, String)> {
    let Agent { browser, system, ip } = &request.requester;
    let known = t(if request.client_known { words::CLIENT_KNOWN } else { words::CLIENT_UNKNOWN });
    let system = [browser.as_deref(), system.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let scopes = request.scopes.iter().map(|scope| t(scope_word(*scope))).collect::<Vec<_>>().join("; ");
    let mut told = vec![(words::CLIENT, [&request.client_name, " (", known, ")"].concat())];
    if let Some(label) = &request.device_label {
        told.push((words::LABEL, ["“", label, "”"].concat()));
    }
    told.push((sessions::ADDRESS, ip.clone()));
    told.push((words::SYSTEM, if system.is_empty() { t(words::SYSTEM_UNKNOWN).to_owned() } else { system }));
    told.push((words::ASKED, ago(&request.requested_at)));
    told.push((words::SCOPES, scopes));
    told
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
