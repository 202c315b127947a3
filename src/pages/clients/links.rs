//! The magic links of a client. The address of a new one is shown once: it is in no list, no storage and no address of the
//! browser, and goes with the page.

use doorstep_contract::{
    clients::{Client, Link, LinkMade, NewLink},
    envelope::ErrorCode,
    secret::Secret,
    uuid::Uuid,
};
use doorstep_locales::words::{choose, clients, devices, links as words, sessions};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{clients as api, coming},
    i18n::{date_time, t},
    pages::{
        entries::{Entries, Entry, Kind},
        one::One,
    },
    problem::refusal,
    session::proof::Proof,
    ui::{
        copy::copy_button,
        field::{self, field},
        focus::focus_on,
        form::{Form, form_view},
        part::{block, button, dynamic, note, nothing, panel, text},
    },
};

const LABEL: &str = "link-label";
const NEW_HEADING: &str = "new-link-heading";

/// Both panels: the new one, while it is there, and all of them.
pub(super) fn links(id: Uuid, client: One<Client>) -> AnyView {
    let kind = Kind {
        title: words::TITLE,
        text: words::TEXT,
        nothing: devices::NONE,
        end: words::REVOKE,
        end_one: words::REVOKE_ONE,
        end_text: words::REVOKE_TEXT,
        ended: words::REVOKED_NOW,
        end_others: None,
    };
    let load = move |query: String| coming(async move { Ok(api::links(id, &query).await?.map(of_link)) });
    let remove = move |link: Option<String>| {
        coming(async move {
            let revoked = api::revoke_link(id, &link.unwrap_or_default()).await?;
            recount(id, client).await;
            Ok(revoked)
        })
    };
    let entries = Entries::new(kind, load, remove);
    let made = RwSignal::new(None);
    let new = dynamic(move || made.get().map_or_else(nothing, |url| new_link(url, made)));
    vec![new, entries.view(vec![making(id, client, entries, made)])].into_any()
}

/// How many are in force is told with the client.
async fn recount(id: Uuid, client: One<Client>) {
    if let Ok(counted) = api::client(id).await {
        client.set(counted);
    }
}

fn of_link(link: Link) -> Entry {
    let is_revoked = link.revoked_at.is_some();
    let used = link.last_used_at.as_ref().map_or_else(|| t(devices::NEVER).to_owned(), date_time);
    let made_by = [&link.created_by, ", ", &date_time(&link.created_at)].concat();
    let mut facts = vec![(words::MADE_BY, made_by), (sessions::LAST_USED, used)];
    facts.extend(link.revoked_at.as_ref().map(|at| (words::REVOKED, date_time(at))));
    let mark = match (is_revoked, &link.project_id) {
        (true, _) => Some(words::REVOKED),
        (false, Some(_)) => Some(clients::PREVIEW),
        (false, None) => None,
    };
    Entry {
        id: link.id,
        name: if link.label.is_empty() { t(words::UNNAMED).to_owned() } else { link.label },
        mark,
        can_be_ended: !is_revoked,
        facts,
    }
}

/// The form that makes one.
fn making(id: Uuid, client: One<Client>, entries: Entries, made: RwSignal<Option<Secret>>) -> AnyView {
    let proof = Proof::expect();
    let form = Form::new("link");
    let label = RwSignal::new(String::new());
    let send = move || {
        let typed = label.get_untracked().trim().to_owned();
        let send = move || {
            let request = NewLink { label: Some(typed).filter(|typed| !typed.is_empty()) };
            Box::pin(async move {
                let answer = proof.with(async || api::make_link(id, &request).await).await;
                let LinkMade { url, .. } = answer.map_err(|error| {
                    refusal(error, |code| {
                        matches!(code, ErrorCode::TextInvalid | ErrorCode::NameInvalid).then_some(LABEL)
                    })
                })?;
                let _ = made.try_set(Some(url));
                Ok(())
            }) as _
        };
        form.submit(None, send, move || {
            label.set(String::new());
            form.reset();
            // Once it is drawn.
            request_animation_frame(|| focus_on(NEW_HEADING));
            // The form is free: another label may be typed while the list comes.
            spawn_local(async move {
                entries.reload().await;
                recount(id, client).await;
            });
        });
    };
    let fields = vec![field(form, LABEL, words::LABEL, field::Kind::Title, label)];
    form_view(form, words::MAKE, choose::SUBMITTING, fields, send)
}

/// The one that was just made.
fn new_link(url: Secret, made: RwSignal<Option<Secret>>) -> AnyView {
    let shown = block("p", "secret", vec![block("code", "", vec![text(url.reveal())]), copy_button(url)]);
    let kept = move || {
        made.set(None);
        focus_on(LABEL);
    };
    panel(
        NEW_HEADING,
        words::NEW_TITLE,
        vec![note(words::NEW_TEXT), shown, button("button primary", words::KEPT, kept)],
    )
}
