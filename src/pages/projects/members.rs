//! The accounts that see a project.

use doorstep_contract::{
    envelope::ErrorCode,
    projects::{Member, NewMember},
    uuid::Uuid,
};
use doorstep_locales::words::{choose, devices, identities, login, profile, projects as words};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    announcement::Announcement,
    api::{coming, projects as api},
    i18n::{date_time, t},
    pages::entries::{Entries, Entry, Kind},
    problem::refusal,
    session::proof::Proof,
    ui::{
        field::{self, field},
        focus::focus_on,
        form::{Form, Problem, form_view},
    },
};

const USERNAME: &str = "member-username";

/// The panel.
pub(super) fn members(id: Uuid) -> AnyView {
    let kind = Kind {
        title: words::MEMBERS,
        text: words::MEMBERS_TEXT,
        nothing: devices::NONE,
        end: identities::REMOVE,
        end_one: identities::REMOVE_ONE,
        end_text: words::REMOVE_MEMBER_TEXT,
        ended: identities::REMOVED,
        end_others: None,
    };
    let load = move |query: String| coming(async move { Ok(api::members(id, &query).await?.map(of_member)) });
    let remove = move |account: Option<String>| {
        coming(async move { api::remove_member(id, &account.unwrap_or_default()).await })
    };
    let entries = Entries::new(kind, load, remove);
    entries.view(vec![adding(id, entries)])
}

fn of_member(member: Member) -> Entry {
    let name = if member.name.is_empty() {
        member.username.clone()
    } else {
        [&member.name, " (", &member.username, ")"].concat()
    };
    Entry {
        id: member.account_id,
        name,
        mark: None,
        can_be_ended: true,
        facts: vec![(identities::LINKED, date_time(&member.created_at))],
    }
}

/// The form that adds one.
fn adding(id: Uuid, entries: Entries) -> AnyView {
    let (proof, announcement) = (Proof::expect(), Announcement::expect());
    let form = Form::new("member");
    let username = RwSignal::new(String::new());
    let send = move || {
        let typed = username.get_untracked().trim().to_owned();
        let found = typed.is_empty().then_some(Problem { sentence: login::USERNAME_MISSING, field: Some(USERNAME) });
        let send = move || {
            let request = NewMember { username: typed };
            Box::pin(async move {
                let added = proof.with(async || api::add_member(id, &request).await).await;
                added.map_err(|error| {
                    refusal(error, |code| (code == ErrorCode::ReferenceInvalid).then_some(USERNAME))
                })?;
                Ok(())
            }) as _
        };
        form.submit(found, send, move || {
            username.set(String::new());
            form.reset();
            announcement.tell(t(profile::SAVED).to_owned());
            focus_on(USERNAME);
            spawn_local(entries.reload());
        });
    };
    let fields = vec![field(form, USERNAME, login::USERNAME, field::Kind::Exact, username)];
    form_view(form, words::ADD, choose::SUBMITTING, fields, send)
}
