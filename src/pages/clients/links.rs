//! The magic links of a client. The URL of a new one is shown once: it is in no list, and not stored in the browser.

use doorstep_contract::{
    clients::{Client, Link, LinkMade, NewLink},
    envelope::ErrorCode,
    secret::Secret,
    uuid::Uuid,
};
use doorstep_locales::words::{choose, clients, devices, links as words, list as list_words, projects, sessions};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{clients as api, coming},
    i18n::t,
    problem::blame,
    ui::{
        badge::Tone,
        button::{Button, Look},
        copy::CopyButton,
        facts::Value,
        field::{Field, Kind},
        focus::focus_on,
        form::{Form, FormState},
        page::Panel,
    },
    widgets::{
        actor::by,
        entries::{self, Entries, EntriesPanel, Entry},
        one::One,
    },
};

const LABEL: &str = "link-label";
const NEW_HEADING: &str = "new-link-heading";

const LINKS: entries::Kind = entries::Kind {
    title: words::TITLE,
    text: words::TEXT,
    nothing: words::NONE,
    end: words::REVOKE,
    end_one: words::REVOKE_ONE,
    end_now: words::REVOKE,
    end_text: words::REVOKE_TEXT,
    destroys: true,
    ended: words::REVOKED_NOW,
    end_others: None,
    columns: &[words::LABEL, words::MADE_BY, sessions::LAST_USED, projects::STATUS, list_words::ACTIONS],
};

/// Both panels: the new link, while it is shown, and the list.
#[component]
pub(super) fn Links(id: Uuid, client: One<Client>) -> impl IntoView {
    let load = move |query: String| coming(async move { Ok(api::links(id, &query).await?.map(entry)) });
    let revoke = move |link: Option<String>| {
        coming(async move {
            let revoked = api::revoke_link(id, &link.unwrap_or_default()).await?;
            recount(id, client).await;
            Ok(revoked)
        })
    };
    let entries = Entries::new(LINKS, load, revoke);
    let made = RwSignal::new(None);
    let is_active = Memo::new(move |_| client.get().is_some_and(|client| client.active));
    view! {
        {move || made.get().map(|url| view! { <NewLinkPanel url made /> })}
        <EntriesPanel entries is_open=is_active>
            {move || is_active.get().then(|| view! { <MakeForm id client entries made /> })}
        </EntriesPanel>
    }
}

/// The new link.
#[component]
fn NewLinkPanel(url: Secret, made: RwSignal<Option<Secret>>) -> impl IntoView {
    let kept = move || {
        made.set(None);
        focus_on(LABEL);
    };
    view! {
        <Panel heading_id=NEW_HEADING title=words::NEW_TITLE>
            <p class="notice">{t(words::NEW_TEXT)}</p>
            <p class="new-link">
                <code>{url.reveal().to_owned()}</code>
            </p>
            <div class="buttons">
                <CopyButton text=url label=words::COPY look=Look::Primary />
                <Button on_press=kept>{t(words::KEPT)}</Button>
            </div>
        </Panel>
    }
}

/// The form that creates a link.
#[component]
fn MakeForm(id: Uuid, client: One<Client>, entries: Entries, made: RwSignal<Option<Secret>>) -> impl IntoView {
    let form = FormState::new("link");
    let label = RwSignal::new(String::new());
    let make = async move || {
        let typed = label.get_untracked().trim().to_owned();
        let link = NewLink { label: Some(typed).filter(|typed| !typed.is_empty()) };
        let LinkMade { url, .. } = api::make_link(id, &link).await.map_err(blame(field_to_blame))?;
        let _ = made.try_set(Some(url));
        Ok(())
    };
    let shown = move || {
        label.set(String::new());
        form.reset();
        // After it is drawn.
        request_animation_frame(|| focus_on(NEW_HEADING));
        // The form stays usable: another label may be typed while the list is reloaded.
        spawn_local(async move {
            entries.reload().await;
            recount(id, client).await;
        });
    };
    view! {
        <Form
            state=form
            submit=words::MAKE
            submitting=choose::SUBMITTING
            on_submit=make
            on_done=shown
        >
            <Field form id=LABEL label=words::LABEL_OPTIONAL kind=Kind::Title value=label />
        </Form>
    }
}

fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    matches!(code, ErrorCode::TextInvalid | ErrorCode::NameInvalid).then_some(LABEL)
}

/// Reloads the client, which has the number of its active links.
async fn recount(id: Uuid, client: One<Client>) {
    if let Ok(counted) = api::client(id).await {
        client.set(counted);
    }
}

fn entry(link: Link) -> Entry<Value> {
    let is_revoked = link.revoked_at.is_some();
    let used = link.last_used_at.map_or_else(|| t(devices::NEVER).to_owned().into(), Value::from);
    let status = if is_revoked { (words::REVOKED, Tone::Away) } else { (words::ACTIVE, Tone::Ok) };
    let facts = vec![
        (words::MADE_BY, Value::By(by(link.created_by), link.created_at)),
        (sessions::LAST_USED, used),
        (projects::STATUS, Value::Badge(status.0, status.1)),
    ];
    let mark = link.project_id.is_some().then_some(clients::PREVIEW);
    Entry {
        id: link.id,
        name: if link.label.is_empty() { t(words::UNNAMED).to_owned() } else { link.label },
        mark,
        can_be_ended: !is_revoked,
        facts,
    }
}
