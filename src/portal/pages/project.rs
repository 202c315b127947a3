//! A project: status, summary and updates.

use doorstep_contract::{
    portal::{PortalProjectDetail, PortalUpdate},
    route::ClientRoute,
};
use doorstep_locales::words::{list, portal as words};
use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{
        link::Link,
        page::{Page, Panel},
        prose::Prose,
        time::{Time, TimeSentence},
    },
    widgets::project_status::StatusBadge,
};

/// The project.
#[component]
pub(super) fn ProjectDetail(
    project: PortalProjectDetail,
    /// Whether it is the client's only project.
    alone: bool,
) -> impl IntoView {
    let PortalProjectDetail { name, summary, status, updated_at, updates, .. } = project;
    let above = move || {
        (!alone).then(|| {
            view! {
                <nav class="above" aria-label=t(list::BREADCRUMB)>
                    <Link href=ClientRoute::Portal.path()>{t(words::PROJECTS)}</Link>
                </nav>
            }
        })
    };
    view! {
        <Page title=name above mark=move || view! { <StatusBadge status /> }>
            <p class="note">
                <TimeSentence word=words::CHANGED at=updated_at />
            </p>
            {(!summary.is_empty()).then(|| view! { <Prose text=summary /> })}
            <Panel heading_id="updates" title=words::UPDATES>
                <Updates updates />
            </Panel>
        </Page>
    }
}

/// The updates, newest first.
#[component]
fn Updates(updates: Vec<PortalUpdate>) -> impl IntoView {
    if updates.is_empty() {
        return view! { <p class="note">{t(words::NO_UPDATES)}</p> }.into_any();
    }
    let items = updates.into_iter().map(|update| view! { <Update update /> }).collect_view();
    view! { <ul class="timeline">{items}</ul> }.into_any()
}

#[component]
fn Update(update: PortalUpdate) -> impl IntoView {
    let PortalUpdate { body, created_at, edited_at, .. } = update;
    let edited = edited_at.map(|at| view! { <TimeSentence word=words::EDITED at /> });
    view! {
        <li>
            <p class="note">
                <Time at=created_at />
                {edited}
            </p>
            <Prose text=body />
        </li>
    }
}
