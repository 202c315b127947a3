//! `/`: notices, recent projects, recent activity, and common actions.

mod activity;

use doorstep_contract::{
    account::List,
    auth::{Me, Role},
    projects::Project,
    route::ClientRoute,
};
use doorstep_locales::words::{device, home as words, projects};
use leptos::prelude::*;

use self::activity::ActivityPanel;
use crate::{
    api::{self, coming},
    i18n::{t, t_with},
    pages::projects::{FirstProject, NewProject},
    session::Session,
    ui::{
        dialog::DialogState,
        link::Link,
        page::{Page, Panel},
        time::TimeSentence,
    },
    widgets::{
        account_notices::NeedsAttention,
        list::{self, Found, List as ListView, PagedList},
        project_status::StatusBadge,
    },
};

/// The number of recent projects.
const RECENT: u32 = 5;

/// The page; empty while no user is signed in.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let session = Session::expect();
    // Redrawn for another user, not for changes of this one.
    let who = Memo::new(move |_| session.me().map(|Me { account, .. }| (account.id, account.role)));
    move || {
        who.get()?;
        untrack(|| session.me()).map(|me| view! { <Welcome me /> })
    }
}

#[component]
fn Welcome(me: Me) -> impl IntoView {
    let is_operator = me.account.role == Role::Operator;
    let new_project = DialogState::new("new-project");
    view! {
        <Page
            wide=true
            title=t_with(words::WELCOME, "name", me.account.display_name())
            actions=move || {
                view! {
                    <div class="buttons">
                        <Link href=ClientRoute::Device.path() class="button">
                            {t(device::TITLE)}
                        </Link>
                        {is_operator.then(|| view! { <NewProject dialog=new_project /> })}
                    </div>
                }
            }
        >
            <NeedsAttention />
            <RecentProjects is_operator new_project />
            {is_operator.then(|| view! { <ActivityPanel /> })}
        </Page>
    }
}

/// The recently changed projects, and the link to all of them.
#[component]
fn RecentProjects(is_operator: bool, new_project: DialogState) -> impl IntoView {
    let kind = list::Kind {
        name: "recent".to_owned(),
        class: "recent",
        filters: Vec::new(),
        none: if is_operator { projects::NONE } else { projects::NONE_OF_MEMBER },
        limit: RECENT,
        in_address: false,
    };
    let list = PagedList::new(kind, |_, query| {
        coming(async move {
            let found = api::projects::projects(&query.for_server()).await?;
            // The projects page lists the others.
            let total = found.total.min(RECENT);
            Ok(Found::new(List { total, ..found }, |project: &Project| view! { <Row project=project.clone() /> }))
        })
    });
    view! {
        <Panel heading_id="recent-heading" title=words::RECENT>
            <ListView list first=move || is_operator.then(|| view! { <FirstProject dialog=new_project /> }) />
            <Link href=ClientRoute::Projects.path()>{t(words::ALL_PROJECTS)}</Link>
        </Panel>
    }
}

#[component]
fn Row(project: Project) -> impl IntoView {
    let Project { id, name, status, client_name, updated_at, .. } = project;
    view! {
        <li>
            <Link href=[ClientRoute::Projects.path(), "/", &id].concat()>
                <bdi>{name}</bdi>
            </Link>
            <StatusBadge status />
            {client_name
                .map(|name| {
                    view! {
                        <span class="note">
                            <bdi>{name}</bdi>
                        </span>
                    }
                })}
            <span class="note">
                <TimeSentence word=projects::CHANGED_AT at=updated_at />
            </span>
        </li>
    }
}
