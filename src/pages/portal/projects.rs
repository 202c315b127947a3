//! The projects of a client.

use doorstep_contract::{
    account::List, portal::PortalProject, projects::ProjectStatus, route::ClientRoute, uuid::Uuid,
};
use doorstep_locales::{
    Word, fill,
    words::{list as list_words, portal as words, project_status as status_words, projects as project_words},
};
use leptos::prelude::*;

use crate::{
    i18n::{date_time, t, t_with},
    ui::part::{block, button, buttons, link_to, note, nothing, text},
};

/// A page of the list.
pub(super) fn projects(list: &List<PortalProject>, page: RwSignal<u32>) -> AnyView {
    let entries = match list.items.as_slice() {
        [] => note(words::NONE),
        items => block("ul", "cards", items.iter().map(entry).collect()),
    };
    view! {
        <section class="page">
            <h1 tabindex="-1">{t(project_words::TITLE)}</h1>
            {entries}
            {pager(list, page)}
        </section>
    }
    .into_any()
}

/// A project in the list. Its name is the link, and the whole of it can be pressed.
fn entry(project: &PortalProject) -> AnyView {
    let address = Uuid::parse(&project.id).map(|id| ClientRoute::PortalProject(id).address()).unwrap_or_default();
    let heading = block("h2", "", vec![link_to("", address, project.name.clone())]);
    let summary = if project.summary.is_empty() { nothing() } else { prose("prose short", &project.summary) };
    block("li", "panel", vec![heading, facts(project.status, &date_time(&project.updated_at)), summary])
}

/// How far a project is, and when it was changed.
pub(super) fn facts(status: ProjectStatus, changed: &str) -> AnyView {
    let badge = block("span", "badge", vec![text(t(said(status)))]);
    block("p", "note", vec![badge, text(" "), text(t_with(words::CHANGED, "time", changed))])
}

/// What somebody wrote, as they wrote it: plain text, with its lines.
pub(super) fn prose(class: &'static str, written: &str) -> AnyView {
    block("p", class, vec![text(written)])
}

/// Which part of the list this is, and the way to the others; nothing when it is whole.
fn pager(list: &List<PortalProject>, page: RwSignal<u32>) -> AnyView {
    let List { items, total, page: now, limit } = list;
    let before = now.saturating_sub(1).saturating_mul(*limit);
    let until = u32::try_from(items.len()).map_or(*total, |count| before.saturating_add(count));
    if before == 0 && until >= *total {
        return nothing();
    }
    let turn = |label, to| button("button", label, move || page.set(to));
    let place =
        fill(&t_with(list_words::SHOWN, "from", &before.saturating_add(1).to_string()), "to", &until.to_string());
    buttons(vec![
        if before > 0 { turn(list_words::BEFORE, now.saturating_sub(1)) } else { nothing() },
        if until < *total { turn(list_words::AFTER, now.saturating_add(1)) } else { nothing() },
        block("span", "note", vec![text(fill(&place, "total", &total.to_string()))]),
    ])
}

const fn said(status: ProjectStatus) -> Word {
    match status {
        ProjectStatus::Planned => status_words::PLANNED,
        ProjectStatus::Active => status_words::ACTIVE,
        ProjectStatus::Paused => status_words::PAUSED,
        ProjectStatus::Done => status_words::DONE,
        ProjectStatus::Archived => status_words::ARCHIVED,
    }
}
