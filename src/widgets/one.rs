//! Detail pages: the thing is loaded when the page is opened, and drawn when it is there.

use doorstep_contract::{envelope::ErrorCode, route::ClientRoute};
use doorstep_locales::{
    Word,
    words::{list as list_words, not_found},
};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{ApiError, Coming},
    i18n::t,
    ui::{callout::Callout, link::Link, page::Page, skeleton::Skeleton},
    widgets::list::{can_be_tried_again, not_loaded, retry_when_reachable},
};

/// The thing, once it is loaded.
pub(crate) struct One<T: 'static>(LocalResource<Result<T, ApiError>>);

impl<T> Copy for One<T> {}

impl<T> Clone for One<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync> One<T> {
    /// Starts loading it.
    pub(crate) fn load(load: impl Fn() -> Coming<T> + 'static) -> Self {
        Self(LocalResource::new(load))
    }

    /// The thing; tracked.
    pub(crate) fn get(self) -> Option<T> {
        self.0.get().and_then(Result::ok)
    }

    /// The thing; untracked.
    pub(crate) fn get_untracked(self) -> Option<T> {
        self.0.get_untracked().and_then(Result::ok)
    }

    /// Replaces it with a newer value from the server.
    pub(crate) fn set(self, value: T) {
        self.0.try_set(Some(Ok(value)));
    }

    /// Why it could not be loaded; tracked.
    fn error(self) -> Option<ApiError> {
        self.0.get().and_then(Result::err)
    }
}

/// The state of the loading.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Awaited,
    There,
    Failed(ApiError),
}

/// Its children once the thing is loaded, which follow its changes. Before, a skeleton; on failure an error with a
/// button to try again.
#[component]
pub(crate) fn Loaded<T: Clone + Send + Sync + 'static>(one: One<T>, children: ChildrenFn) -> impl IntoView {
    let phase = Memo::new(move |_| match (one.get(), one.error()) {
        (Some(_), _) => Phase::There,
        (None, Some(error)) => Phase::Failed(error),
        (None, None) => Phase::Awaited,
    });
    let shown = move || {
        // This read makes the transition wait; the children are redrawn only for another phase. Inside a transition,
        // untracked reads are tracked all the same.
        untrack(|| one.get_untracked());
        match phase.get() {
            Phase::Awaited => None,
            Phase::There => Some(untrack(|| children()).into_any()),
            Phase::Failed(error) => Some(view! { <Failed one error /> }.into_any()),
        }
    };
    view! { <Transition fallback=Skeleton>{shown}</Transition> }
}

/// The error. Without a button to try again, if the thing does not exist or the user may not see it.
#[component]
fn Failed<T: Clone + Send + Sync + 'static>(one: One<T>, error: ApiError) -> impl IntoView {
    if error == ApiError::Refused(ErrorCode::NotFound) {
        return view! { <p>{t(not_found::TEXT)}</p> }.into_any();
    }
    retry_when_reachable(move || Some(error), move || one.0.refetch());
    view! {
        <Callout
            error=Signal::stored(Some(not_loaded(error)))
            may_help=Signal::stored(can_be_tried_again(error))
            on_again=move || one.0.refetch()
        />
    }
    .into_any()
}

/// The button to the list, from a missing thing.
#[component]
fn WayOn(is_missing: Memo<bool>, list: ClientRoute, all: Word) -> impl IntoView {
    move || {
        is_missing.get().then(|| {
            view! {
                <div class="buttons">
                    <Link href=list.path() class="button">
                        {t(all)}
                    </Link>
                </div>
            }
        })
    }
}

/// The page: a link to the list, the thing's name as heading, and its children.
#[component]
pub(crate) fn OnePage<T: Clone + Send + Sync + 'static>(
    one: One<T>,
    /// The page of the list.
    list: ClientRoute,
    of_list: Word,
    /// The label of the button that leads to it from a missing thing.
    all: Word,
    /// The name of the thing.
    name: fn(T) -> String,
    /// A badge beside the heading.
    mark: fn(T) -> AnyView,
    /// Actions beside the heading.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// Drawn once the thing is loaded; they follow its changes.
    children: ChildrenFn,
) -> impl IntoView {
    let title = Memo::new(move |_| one.get().map(name));
    let is_missing = Memo::new(move |_| one.error() == Some(ApiError::Refused(ErrorCode::NotFound)));
    let heading =
        move || title.get().unwrap_or_else(|| t(if is_missing.get() { not_found::TITLE } else { of_list }).to_owned());
    view! {
        <Title text=heading />
        <Page
            title=heading
            wide=true
            above=move || {
                view! {
                    <nav class="above" aria-label=t(list_words::BREADCRUMB)>
                        <Link href=list.path()>{t(of_list)}</Link>
                    </nav>
                }
            }
            mark=move || move || one.get().map(mark)
            actions
        >
            <Loaded one>{children()}</Loaded>
            <WayOn is_missing list all />
        </Page>
    }
}
