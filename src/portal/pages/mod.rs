//! `/portal` and `/portal/projects/{id}`: the projects of a client.
//!
//! ```text
//! address, page of the list, client -> Wanted -> api::portal -> Shown -> drawn
//! ```
//!
//! The screen is kept until its successor is loaded, so nothing flickers. It is reloaded when the tab gets the focus
//! and when the server is reachable again. The shell has the project of its page, which is not requested at first.

pub(crate) mod no_access;
mod project;
mod projects;

use doorstep_contract::{
    account::List,
    envelope::ErrorCode,
    portal::{PortalMe, PortalProject, PortalProjectDetail},
    route::ClientRoute,
};
use doorstep_locales::words::{list as list_words, not_found, portal};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

use self::{project::ProjectDetail, projects::ProjectList};
use crate::{
    address::use_route,
    api::{ApiError, portal as api},
    i18n::t,
    pages::not_found::NotFoundPage,
    problem::sentence,
    ui::{button::Button, focus::focus_heading, page::Card},
    visit::Visit,
};

/// The content to show.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// A page of the list; the first is 1. A list with one project shows that project.
    Page(u32),
    /// A project, by its id.
    Project(String),
    /// There is no such page.
    Nothing,
}

impl Wanted {
    fn new(route: Option<ClientRoute>, me: &PortalMe, page: u32) -> Self {
        match (route, &me.preview) {
            (Some(ClientRoute::PortalProject(id)), _) => Self::Project(id.as_str().to_owned()),
            (Some(ClientRoute::Portal), Some(preview)) => Self::Project(preview.project_id.clone()),
            (Some(ClientRoute::Portal), None) => Self::Page(page),
            _ => Self::Nothing,
        }
    }

    async fn get(&self) -> Result<Content, ApiError> {
        let list = match self {
            Self::Page(page) => api::projects(*page).await?,
            Self::Project(id) => return api::project(id).await.map(|project| Content::Project(Box::new(project))),
            Self::Nothing => return Err(ApiError::Refused(ErrorCode::NotFound)),
        };
        match list.items.as_slice() {
            [only] if list.total == 1 => {
                api::project(&only.id).await.map(|project| Content::Project(Box::new(project)))
            }
            _ => Ok(Content::Projects(list)),
        }
    }
}

/// The answer of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Projects(List<PortalProject>),
    Project(Box<PortalProjectDetail>),
}

/// The content of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    wanted: Wanted,
    content: Result<Content, ApiError>,
}

impl Shown {
    /// Whether this content is kept although the next answer is an error: the same content is shown, and only reloading
    /// it failed.
    fn outlives(&self, next: &Self) -> bool {
        let gone = ApiError::Refused(ErrorCode::NotFound);
        self.wanted == next.wanted && self.content.is_ok() && next.content.as_ref().is_err_and(|error| *error != gone)
    }
}

/// The state of the page.
#[derive(Clone, Copy)]
struct Screen {
    visit: Visit,
    /// The page of the list; kept while one of its projects is shown.
    page: RwSignal<u32>,
    shown: RwSignal<Option<Shown>>,
    busy: RwSignal<bool>,
    /// The number of requests so far: answers to earlier ones are dropped.
    questions: StoredValue<u32>,
}

/// Follows the address, from above the routes: the screen is kept when another page is opened.
pub(crate) fn provide_screen(visit: Visit, project: Option<PortalProjectDetail>) {
    let arrived = project.map(|project| Shown {
        wanted: Wanted::Project(project.id.clone()),
        content: Ok(Content::Project(Box::new(project))),
    });
    let screen = Screen {
        visit,
        page: RwSignal::new(1),
        shown: RwSignal::new(arrived),
        busy: RwSignal::new(false),
        questions: StoredValue::new(0),
    };
    let route = use_route();
    Effect::new(move |earlier: Option<()>| {
        visit.track_stale();
        match visit.me() {
            Some(me) => {
                let wanted = Wanted::new(route.get(), &me, screen.page.get());
                if earlier.is_some() || !screen.shows(&wanted) {
                    screen.ask(wanted);
                }
            }
            None => screen.shown.set(None),
        }
    });
    screen.move_focus();
    provide_context(screen);
}

/// Every page of the portal.
#[component]
pub(crate) fn PortalPage() -> impl IntoView {
    use_context::<Screen>().map(|screen| {
        view! {
            <Title text=move || screen.title() />
            <div class="arriving" aria-busy=move || screen.busy.get().then_some("true")>
                {move || screen.shown.get().map(|shown| view! { <Arrived screen shown /> })}
            </div>
        }
    })
}

/// The answer to a request.
#[component]
fn Arrived(screen: Screen, shown: Shown) -> impl IntoView {
    let Shown { wanted, content } = shown;
    match content {
        Ok(Content::Projects(list)) => view! { <ProjectList list page=screen.page /> }.into_any(),
        Ok(Content::Project(project)) => {
            let alone = matches!(wanted, Wanted::Page(_)) || untrack(|| screen.is_preview());
            view! { <ProjectDetail project=*project alone /> }.into_any()
        }
        Err(ApiError::Refused(ErrorCode::NotFound)) => view! { <NotFoundPage home=ClientRoute::Portal /> }.into_any(),
        Err(error) => view! { <Failure screen wanted error /> }.into_any(),
    }
}

/// An error with a button to try again.
#[component]
fn Failure(screen: Screen, wanted: Wanted, error: ApiError) -> impl IntoView {
    view! {
        <Card title=portal::ERROR_TITLE>
            <p>{t(sentence(error))}</p>
            <Button busy=screen.busy on_press=move || screen.ask(wanted.clone())>
                {t(list_words::AGAIN)}
            </Button>
        </Card>
    }
}

impl Screen {
    fn ask(self, wanted: Wanted) {
        let question = self.questions.get_value().wrapping_add(1);
        self.questions.set_value(question);
        self.busy.set(true);
        spawn_local(async move {
            let content = self.visit.check_answer(wanted.get().await);
            if self.questions.try_get_value() == Some(question) {
                self.busy.set(false);
                self.show(Shown { wanted, content });
            }
        });
    }

    fn show(self, next: Shown) {
        let keep = |now: &Option<Shown>| now.as_ref().is_some_and(|now| *now == next || now.outlives(&next));
        // Without access the screen is empty, and stays so.
        if untrack(|| self.visit.has_access()) && !self.shown.with_untracked(keep) {
            self.shown.set(Some(next));
        }
    }

    fn shows(self, wanted: &Wanted) -> bool {
        self.shown.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.wanted == *wanted))
    }

    fn is_preview(self) -> bool {
        self.visit.me().is_some_and(|me| me.preview.is_some())
    }

    /// The title of the document.
    fn title(self) -> String {
        self.shown.with(|shown| match shown.as_ref().map(|shown| &shown.content) {
            Some(Ok(Content::Project(project))) => project.name.clone(),
            Some(Err(ApiError::Refused(ErrorCode::NotFound))) => t(not_found::TITLE).to_owned(),
            Some(Err(_)) => t(portal::ERROR_TITLE).to_owned(),
            Some(Ok(Content::Projects(_))) | None => t(portal::PROJECTS).to_owned(),
        })
    }

    /// Moves the focus to the heading on each change of the content, not on first load.
    fn move_focus(self) {
        Effect::new(move |earlier: Option<(bool, Option<Wanted>)>| {
            let has_access = self.visit.has_access();
            let wanted = self.shown.with(|shown| shown.as_ref().map(|shown| shown.wanted.clone()));
            if earlier.is_some_and(|(had, before)| (had && !has_access) || (before.is_some() && before != wanted)) {
                focus_heading();
            }
            (has_access, wanted)
        });
    }
}

#[cfg(test)]
mod tests {
    use doorstep_contract::{
        auth::Timestamp,
        portal::{PortalClient, Preview},
    };

    use super::*;

    const ID: &str = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";

    fn me(preview: bool) -> PortalMe {
        PortalMe {
            client: PortalClient { id: "c".to_owned(), name: "Acme".to_owned() },
            preview: preview.then(|| Preview {
                by: "Ada".to_owned(),
                project_id: "p".to_owned(),
                expires_at: Timestamp::new("2026-01-31T12:00:00Z"),
            }),
        }
    }

    #[test]
    fn the_address_selects_the_content_and_a_preview_its_project() {
        let of_one = ClientRoute::parse(&["/portal/projects/", ID].concat());
        for (route, preview, wanted) in [
            (Some(ClientRoute::Portal), false, Wanted::Page(3)),
            (Some(ClientRoute::Portal), true, Wanted::Project("p".to_owned())),
            (of_one, false, Wanted::Project(ID.to_owned())),
            (of_one, true, Wanted::Project(ID.to_owned())),
            (None, false, Wanted::Nothing),
            (Some(ClientRoute::Home), true, Wanted::Nothing),
        ] {
            assert_eq!(Wanted::new(route, &me(preview), 3), wanted, "{route:?}");
        }
    }

    #[test]
    fn content_is_kept_only_when_reloading_it_fails() {
        let shown = |wanted, content| Shown { wanted, content };
        let list = || Ok(Content::Projects(List::whole(Vec::new())));
        let now = shown(Wanted::Page(1), list());
        assert!(now.outlives(&shown(Wanted::Page(1), Err(ApiError::Unreachable))));
        assert!(now.outlives(&shown(Wanted::Page(1), Err(ApiError::Limited(9)))));
        assert!(!now.outlives(&shown(Wanted::Page(2), Err(ApiError::Unreachable))), "it is not what was wanted");
        assert!(!now.outlives(&shown(Wanted::Page(1), Err(ApiError::Refused(ErrorCode::NotFound)))), "it is gone");
        assert!(!now.outlives(&shown(Wanted::Page(1), list())));
        let failed = shown(Wanted::Page(1), Err(ApiError::Unreachable));
        assert!(!failed.outlives(&failed.clone()), "nothing is shown");
    }
}
