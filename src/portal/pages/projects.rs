//! The list of the client's projects.

use doorstep_contract::{account::List, portal::PortalProject, route::ClientRoute, uuid::Uuid};
use doorstep_locales::{
    Word, fill,
    words::{list as list_words, portal as words},
};
use leptos::prelude::*;

use crate::{
    i18n::{number, t, t_with},
    ui::{
        button::Button,
        icon::{Icon, Shape},
        link::Link,
        page::Page,
        time::TimeSentence,
    },
    widgets::project_status::StatusBadge,
};

/// A page of the list.
#[component]
pub(super) fn ProjectList(
    list: List<PortalProject>,
    /// The page of the list to show.
    page: RwSignal<u32>,
) -> impl IntoView {
    let place = Place::of(&list);
    view! {
        <Page title=t(words::PROJECTS)>
            <Cards projects=list.items />
            {place.map(|place| view! { <Pager place page /> })}
        </Page>
    }
}

#[component]
fn Cards(projects: Vec<PortalProject>) -> impl IntoView {
    if projects.is_empty() {
        return view! {
            <div class="none">
                <Icon shape=Shape::Empty />
                <p>{t(words::NONE)}</p>
            </div>
        }
        .into_any();
    }
    let cards = projects.into_iter().map(|project| view! { <ProjectCard project /> }).collect_view();
    view! { <ul class="cards">{cards}</ul> }.into_any()
}

/// A project in the list. Its name is the link; the whole card can be clicked.
#[component]
fn ProjectCard(project: PortalProject) -> impl IntoView {
    let PortalProject { id, name, summary, latest, status, updated_at } = project;
    let excerpt = latest.unwrap_or(summary);
    let address = Uuid::parse(&id).map(|id| ClientRoute::PortalProject(id).address()).unwrap_or_default();
    view! {
        <li class="panel">
            <h2>
                <Link href=address>{name}</Link>
            </h2>
            <p class="note status-line">
                <StatusBadge status />
                <TimeSentence word=words::CHANGED at=updated_at />
            </p>
            {(!excerpt.is_empty())
                .then(|| {
                    view! {
                        <p class="prose short" dir="auto">
                            {excerpt}
                        </p>
                    }
                })}
        </li>
    }
}

/// The part of the list that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The page; the first is 1.
    page: u32,
    /// The number of projects on the previous pages.
    before: u32,
    /// The number of the last project on this page.
    until: u32,
    total: u32,
}

impl Place {
    /// `None` if the list has one page only.
    fn of<T>(list: &List<T>) -> Option<Self> {
        let &List { ref items, total, page, limit } = list;
        let before = page.saturating_sub(1).saturating_mul(limit);
        let until = u32::try_from(items.len()).map_or(total, |count| before.saturating_add(count));
        (before > 0 || until < total).then_some(Self { page, before, until, total })
    }

    /// As text.
    fn text(self) -> String {
        let text = t_with(list_words::SHOWN, "from", &number(self.before.saturating_add(1)));
        fill(&fill(&text, "to", &number(self.until)), "total", &number(self.total))
    }
}

/// The part of the list that is shown, and buttons to the other pages.
#[component]
fn Pager(place: Place, page: RwSignal<u32>) -> impl IntoView {
    let turn = move |label: Word, to: u32| view! { <Button on_press=move || page.set(to)>{t(label)}</Button> };
    view! {
        <div class="buttons">
            {(place.before > 0).then(|| turn(list_words::BEFORE, place.page.saturating_sub(1)))}
            {(place.until < place.total).then(|| turn(list_words::AFTER, place.page.saturating_add(1)))}
            <span class="note">{place.text()}</span>
        </div>
    }
}
