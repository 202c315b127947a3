//! A project: how far it is, what it is about, and what was written for the client.

use doorstep_contract::{
    portal::{PortalProjectDetail, PortalUpdate},
    route::ClientRoute,
};
use doorstep_locales::words::{portal as words, projects as project_words};
use leptos::prelude::*;

use super::projects::{facts, prose};
use crate::{
    i18n::{date_time, t_with},
    ui::part::{block, link, note, nothing, panel, text},
};

/// The project; `alone` when there are no others to go to.
pub(super) fn project(project: &PortalProjectDetail, alone: bool) -> AnyView {
    let back = if alone { nothing() } else { link("", ClientRoute::Portal.path(), project_words::TITLE) };
    let name = project.name.clone();
    let summary = if project.summary.is_empty() { nothing() } else { prose("prose", &project.summary) };
    let updates = match project.updates.as_slice() {
        [] => note(words::NONE),
        updates => block("ul", "entries", updates.iter().map(update).collect()),
    };
    view! {
        <section class="page">
            {back}
            <h1 tabindex="-1">{name}</h1>
            {facts(project.status, &date_time(&project.updated_at))}
            {summary}
            {panel("updates", project_words::UPDATES, vec![updates])}
        </section>
    }
    .into_any()
}

fn update(update: &PortalUpdate) -> AnyView {
    let mut times = vec![text(date_time(&update.created_at))];
    if let Some(edited_at) = &update.edited_at {
        times.extend([text(" · "), text(t_with(project_words::EDITED, "time", &date_time(edited_at)))]);
    }
    block("li", "", vec![block("p", "note", times), prose("prose", &update.body)])
}
