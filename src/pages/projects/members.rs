//! The members of a project: the accounts that may see it.

use doorstep_contract::{
    auth::Timestamp,
    envelope::ErrorCode,
    projects::{Member, NewMember},
    uuid::Uuid,
};
use doorstep_locales::{
    fill,
    words::{choose, credentials, identities, projects as words},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{ApiError, coming, projects as api},
    i18n::{t, t_with},
    ui::{
        button::Look,
        field::{Field, Kind},
        focus::focus_on,
        form::{Form, FormState, Problem, Refusal, required},
    },
    widgets::{
        announcement::Announcement,
        entries::{self, Entries, EntriesPanel, Entry},
    },
};

const USERNAME: &str = "member-username";

const MEMBERS: entries::Kind = entries::Kind {
    title: words::MEMBERS,
    text: words::MEMBERS_TEXT,
    nothing: words::MEMBERS_NONE,
    end: words::REMOVE,
    end_one: words::REMOVE_MEMBER,
    end_now: words::REMOVE_MEMBER_NOW,
    end_text: words::REMOVE_MEMBER_TEXT,
    destroys: false,
    ended: words::MEMBER_REMOVED,
    end_others: None,
    columns: &[],
};

/// The panel.
#[component]
pub(super) fn MembersPanel(id: Uuid) -> impl IntoView {
    let load = move |query: String| coming(async move { Ok(api::members(id, &query).await?.map(entry)) });
    let remove = move |account: Option<String>| {
        coming(async move { api::remove_member(id, &account.unwrap_or_default()).await })
    };
    let entries = Entries::new(MEMBERS, load, remove);
    view! {
        <EntriesPanel entries>
            <AddForm id entries />
        </EntriesPanel>
    }
}

/// The form that adds a member.
#[component]
fn AddForm(id: Uuid, entries: Entries) -> impl IntoView {
    let announcement = Announcement::expect();
    let form = FormState::new("member");
    let username = RwSignal::new(String::new());
    let add = async move || {
        let typed = required(username, USERNAME, words::MEMBER_MISSING)?;
        let added = api::add_member(id, &NewMember { username: typed }).await;
        added.map(|_| ()).map_err(|error| match error {
            ApiError::Refused(ErrorCode::ReferenceInvalid) => {
                Problem { sentence: words::MEMBER_UNKNOWN, field: Some(USERNAME) }.into()
            }
            error => Refusal::from(error),
        })
    };
    let added = move || {
        username.set(String::new());
        form.reset();
        announcement.tell(t(words::MEMBER_ADDED).to_owned());
        focus_on(USERNAME);
        spawn_local(entries.reload());
    };
    view! {
        <Form
            state=form
            submit=words::ADD
            submitting=choose::SUBMITTING
            look=Look::Secondary
            on_submit=add
            on_done=added
        >
            <Field form id=USERNAME label=credentials::USERNAME kind=Kind::Exact value=username />
        </Form>
    }
}

fn entry(member: Member) -> Entry<Timestamp> {
    let name = if member.name.is_empty() {
        member.username.clone()
    } else {
        fill(&t_with(words::MEMBER_NAME, "name", &member.name), "username", &member.username)
    };
    Entry {
        id: member.account_id,
        name,
        mark: None,
        can_be_ended: true,
        facts: vec![(identities::LINKED, member.created_at)],
    }
}
